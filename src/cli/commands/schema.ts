import { userError } from '../../model/errors.ts';
import type { Streams } from '../streams.ts';

/** JSON Schemas: of the report, or of the rule files (all of them, or one by its kind). */
export async function schemaCommand(
  args: { readonly which: string; readonly kind: string | undefined },
  streams: Streams,
): Promise<number> {
  const schema =
    args.which === 'report' ? (await import('../../model/report.ts')).reportJsonSchema() : await rules(args.kind);
  streams.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}

async function rules(kind: string | undefined): Promise<unknown> {
  const { ruleSchemas } = await import('../../rules/json-schema.ts');
  if (kind === undefined) return Object.fromEntries(Object.entries(ruleSchemas).map(([name, make]) => [name, make()]));
  const make = Object.hasOwn(ruleSchemas, kind) ? ruleSchemas[kind] : undefined;
  if (!make)
    throw userError('OPTION_INVALID', `schema rules knows ${Object.keys(ruleSchemas).join(', ')}, not ${kind}`);
  return make();
}
