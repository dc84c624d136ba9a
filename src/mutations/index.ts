import { namesFound } from '../rules/condition/ast.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { readExamples } from './examples.ts';
import { mutateIncident } from './incidents.ts';
import { mutateLink } from './links.ts';
import { representatives } from './representatives.ts';
import type { MutationResult } from './result.ts';
import { mutateExample } from './signatures.ts';

export type { MutationResult } from './result.ts';

/**
 * Tests rules by changing what they rest on: examples run through the whole pipeline, links on pairs of facts whose
 * time, order, place or cause is changed, incident rules with points and coverage taken away.
 *
 * @param isWanted - ids of the rules to test; all when absent
 */
export async function mutateRules(
  rules: RuleSet,
  isWanted: (rule: string) => boolean = () => true,
): Promise<MutationResult[]> {
  const links = rules.links.filter(({ id }) => isWanted(id));
  const incidents = rules.incidents.filter(({ id }) => isWanted(id));
  const asked = [...links, ...incidents].flatMap(({ id }) => conditionNames(rules, id));
  const named = rules.resolve([...links.flatMap(({ cause, effect }) => [cause, effect]), ...asked]);
  const needed = new Set(named);
  const signatures = rules.signatures.filter(({ id }) => isWanted(id) || needed.has(id));
  const examples = await readExamples(rules, signatures);
  const facts = representatives(rules, examples);
  return [
    ...examples.filter(({ signature }) => isWanted(signature.id)).map(mutateExample),
    ...links.flatMap((link) => mutateLink(link, rules, facts)),
    ...incidents.flatMap((rule) => mutateIncident(rule, rules, facts)),
  ];
}

/** Names that the conditions of a link or an incident rule look for. */
function conditionNames(rules: RuleSet, id: string): string[] {
  const link = rules.links.find((one) => one.id === id);
  const incident = rules.incidents.find((one) => one.id === id);
  const properties = [
    ...(link
      ? [
          'when',
          'named',
          ...link.supports.map((_, at) => `supports.${at}`),
          ...link.refutes.map((_, at) => `refutes.${at}`),
        ]
      : []),
    ...(incident?.points.map((_, at) => `points.${at}.when`) ?? []),
  ];
  return properties.flatMap((property) => {
    const condition = rules.condition(id, property);
    return condition ? namesFound(condition.expr) : [];
  });
}
