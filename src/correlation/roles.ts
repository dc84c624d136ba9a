import type { Edge, Fact, Hypothesis, Role } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { isDefinitelyBefore } from '../time/span.ts';
import { pathsOf, reachFrom } from './reach.ts';

const HOUR_MS = 3_600_000;
const IMPACT_LAYERS = new Set(['service-access', 'apps', 'gitops', 'webhooks']);

/** The part that each fact of an incident plays, seen from its best hypothesis. */
export function assignRoles(
  facts: readonly Fact[],
  edges: readonly Edge[],
  best: Hypothesis | undefined,
): Record<string, Role> {
  const roles: Record<string, Role> = {};
  const root = best && best.confidence !== 'undetermined' ? facts.find((fact) => fact.id === best.root) : undefined;
  const ids = facts.map((fact) => fact.id).sort(byText);
  const reachedBy = (own: readonly Edge[]): ReadonlySet<string> => {
    if (!root) return new Set();
    const paths = pathsOf(ids, own);
    const { strength } = reachFrom(paths.at.get(root.id) as number, paths);
    return new Set(ids.filter((_, at) => (strength[at] as number) > 0));
  };
  const reachedFirmly = reachedBy(edges.filter((edge) => edge.basis !== 'assumed'));
  const reached = reachedBy(edges);
  const leadingTo = new Map(
    edges
      .filter((edge) => root && edge.to === root.id && edge.graph === 'start' && edge.type === 'causes')
      .map((edge) => [edge.from, edge]),
  );
  const helping = new Set(
    edges
      .filter((edge) => edge.type !== 'causes' && (edge.to === root?.id || reached.has(edge.to)))
      .map(({ from }) => from),
  );
  const onward = new Set(edges.filter((edge) => edge.type === 'causes').map((edge) => edge.from));
  for (const fact of facts) roles[fact.id] = roleOf(fact);

  function roleOf(fact: Fact): Role {
    if (!root) return 'unexplained';
    if (fact.id === root.id) return 'root-cause';
    const intoRoot = leadingTo.get(fact.id);
    if (intoRoot && (fact.polarity === 'change' || intoRoot.weight >= 0.25)) return 'trigger';
    const helps = helping.has(fact.id);
    if (helps && !reachedFirmly.has(fact.id)) return 'contributing';
    if (helps && fact.nature === 'configuration') return 'contributing';
    if (reachedFirmly.has(fact.id)) return !onward.has(fact.id) && IMPACT_LAYERS.has(fact.layer) ? 'impact' : 'symptom';
    // An assumed edge fits and shows nothing: what it alone leads to is told beside the story, not as part of it.
    if (reached.has(fact.id)) return 'collateral';
    if (fact.polarity === 'change' || fact.polarity === 'recovery') return 'response';
    if (isOlder(fact, root)) return 'pre-existing';
    return sharesPlace(fact, root) ? 'collateral' : 'unexplained';
  }
  return roles;
}

/** Did it begin definitely more than an hour before the root? */
function isOlder(fact: Fact, root: Fact): boolean {
  if (fact.onset && root.onset) {
    const hourBefore = root.onset.at.earliest - HOUR_MS;
    if (isDefinitelyBefore(fact.onset.at, { earliest: hourBefore, latest: hourBefore })) return true;
  }
  const since = Math.min(...everyNumber(fact, 'sinceMs'));
  if (!Number.isFinite(since)) return false;
  if (root.onset) {
    return fact.lastSeen !== undefined && fact.lastSeen.at.latest - since < root.onset.at.earliest - HOUR_MS;
  }
  // Without a time of collection the ages of one listing still compare: the root is not older than its object, whose
  // printed age stands for less than twice as much.
  const age = Math.max(...everyNumber(root, 'ageMs'));
  return Number.isFinite(age) && since > 2 * age + HOUR_MS;
}

/** The attribute of a fact and of all that were folded into it; not a number where one of them lacks it. */
function everyNumber(fact: Fact, name: string): number[] {
  return [fact, ...fact.members].map(({ attributes }) => {
    const value = attributes[name];
    return typeof value === 'number' ? value : Number.NaN;
  });
}

function sharesPlace(a: Fact, b: Fact): boolean {
  const places = new Set<string>(Object.values(a.entities));
  return Object.values(b.entities).some((entity) => places.has(entity));
}
