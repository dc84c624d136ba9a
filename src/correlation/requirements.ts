import type { Edge, Fact } from '../model/index.ts';
import type { DependencyModel } from '../rules/schema.ts';
import { byText } from '../text/order.ts';
import { coexist } from './edges.ts';
import { refsOf } from './scope.ts';
import { basisOf } from './weights.ts';

const GENERIC = 0.4;

/**
 * What the dependency model says and no link does: when X is down and Y needs X and fails, X holds Y.
 *
 * @param isDown - does the fact say that its component does not work at all
 */
export function genericHoldEdges(
  model: DependencyModel,
  facts: readonly Fact[],
  known: readonly Edge[],
  isDown: (fact: Fact) => boolean,
  titleOf: (role: string) => string,
): Edge[] {
  const byComponent = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (!fact.component || (fact.polarity !== 'symptom' && fact.polarity !== 'condition') || fact.severity === 'low')
      continue;
    const list = byComponent.get(fact.component);
    if (list) list.push(fact);
    else byComponent.set(fact.component, [fact]);
  }
  const told = new Set(known.filter((edge) => edge.graph === 'hold').map((edge) => `${edge.from} ${edge.to}`));
  const edges: Edge[] = [];
  for (const requirement of model.requires) {
    if (!requirement.hard) continue;
    for (const cause of (byComponent.get(requirement.needs) ?? []).filter(isDown)) {
      for (const effect of byComponent.get(requirement.who) ?? []) {
        if (cause.id === effect.id || told.has(`${cause.id} ${effect.id}`) || !coexist(cause, effect)) continue;
        if (requirement.scope === 'node' && !sameNode(cause, effect)) continue;
        told.add(`${cause.id} ${effect.id}`);
        edges.push({
          id: `requires:${requirement.who}->${requirement.needs}@${cause.id}>${effect.id}@hold`,
          from: cause.id,
          to: effect.id,
          rule: `requires:${requirement.who}->${requirement.needs}`,
          graph: 'hold',
          type: 'causes',
          weight: GENERIC,
          basis: basisOf(GENERIC),
          order: 'unknown',
          mechanism: `${titleOf(requirement.who)} needs ${titleOf(requirement.needs)}: ${requirement.via}.`,
          contributions: [{ what: 'base', factor: GENERIC, why: 'the dependency model says so and no link says more' }],
          rivals: [],
        });
      }
    }
  }
  return edges.sort((a, b) => byText(a.id, b.id));
}

function sameNode(a: Fact, b: Fact): boolean {
  const left = refsOf(a, ['node']);
  const right = refsOf(b, ['node']);
  if (left.size === 0 || right.size === 0) return true;
  return [...left].some((node) => right.has(node));
}
