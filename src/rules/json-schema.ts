import { z } from 'zod';
import { incidentSchema, linkSchema, playbookSchema, signatureSchema } from './schema.ts';

/**
 * JSON Schemas of the rule files, for editors: `# yaml-language-server: $schema=…/schema/signature.json`.
 * Draft 7, which every YAML language server knows. Properties with a default may be left out.
 */
export const ruleSchemas: Readonly<Record<string, () => unknown>> = {
  signature: () => schemaOf(signatureSchema, 'A signature: recognises one kind of message, state or absence'),
  link: () => schemaOf(linkSchema, 'A link: this cause can bring about that effect'),
  incident: () => schemaOf(incidentSchema, 'An incident rule: names and scores a pattern of facts'),
  playbook: () => schemaOf(playbookSchema, 'A playbook: repair, prevention and questions for a root cause'),
};

function schemaOf(schema: z.ZodType, title: string): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return { $schema, title, ...rest };
}
