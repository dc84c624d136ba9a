import { importance } from '../model/importance.ts';
import type { Edge, Fact } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { connectedComponents } from './components.ts';
import { makesIncident, mayBelongToIncident } from './membership.ts';

/** Entities of the outside or of one thing only: two facts about one of them belong together. */
const JOINING = new Set([
  'pod',
  'volume',
  'claim',
  'device',
  'nfs-server',
  'registry',
  'webhook',
  'service',
  'certificate',
  'helm-release',
  'kustomization',
  'git-source',
]);
/** Entities that more facts than this share say nothing about belonging together. */
const MOST_SHARING = 50;
/** Edges from this weight on join incidents; weaker ones only attach what has no beginning of its own. */
const JOINS_FROM = 0.5;

/**
 * Sets of facts that belong together: joined by an edge, or about the same thing. Nearness in time joins nothing, and
 * an assumed edge does not make one incident out of two that may each have begun by themselves.
 *
 * @returns sets with at least one finding that makes an incident, the gravest first; and all other facts
 */
export function groupIncidents(
  facts: readonly Fact[],
  edges: readonly Edge[],
): { readonly incidents: readonly (readonly Fact[])[]; readonly rest: readonly Fact[] } {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const linkedIds = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const members = facts.filter((fact) => mayBelongToIncident(fact) || linkedIds.has(fact.id));
  const pairs: [string, string][] = edges
    .filter(({ weight }) => weight >= JOINS_FROM)
    .map((edge) => [edge.from, edge.to]);
  const byEntity = new Map<string, string[]>();
  for (const fact of members) {
    if (!makesIncident(fact) && !linkedIds.has(fact.id)) continue;
    for (const entity of entitiesOf(fact)) {
      const known = byEntity.get(entity);
      if (known) known.push(fact.id);
      else byEntity.set(entity, [fact.id]);
    }
  }
  for (const ids of byEntity.values()) {
    if (ids.length > MOST_SHARING) continue;
    for (const id of ids.slice(1)) pairs.push([ids[0] as string, id]);
  }
  const ids = members.map((fact) => fact.id);
  const attached = attach(connectedComponents(ids, pairs), edges, byId);
  const sets = connectedComponents(ids, [...pairs, ...attached]).map((set) => set.map((id) => byId.get(id) as Fact));
  const incidents = sets
    .filter((set) => set.some(makesIncident))
    .map((set) => ({
      set,
      earliest: earliestOf(set),
      weight: set.filter(makesIncident).reduce((sum, fact) => sum + importance(fact), 0),
      worst: set
        .filter(makesIncident)
        .reduce((most, { severity }) => Math.max(most, severity === 'critical' ? 3 : severity === 'high' ? 2 : 1), 0),
    }))
    .sort((a, b) =>
      firstOf(
        b.worst - a.worst,
        b.weight - a.weight,
        a.earliest - b.earliest || 0,
        byText(a.set[0]?.id ?? '', b.set[0]?.id ?? ''),
      ),
    )
    .map(({ set }) => set);
  const inside = new Set(incidents.flat().map((fact) => fact.id));
  return { incidents, rest: facts.filter((fact) => !inside.has(fact.id)) };
}

/**
 * Pairs that bring sets without a beginning of their own to the set that reaches them best, though only by assumed
 * edges, and causes that only assumed edges lead away from to what they may have brought about.
 */
function attach(
  sets: readonly (readonly string[])[],
  edges: readonly Edge[],
  byId: ReadonlyMap<string, Fact>,
): [string, string][] {
  const setOf = new Map(sets.flatMap((set, index) => set.map((id) => [id, index] as const)));
  const beginsItself = sets.map((set) => set.some((id) => begins(byId.get(id))));
  const assumed = edges
    .filter(({ from, to, weight }) => weight < JOINS_FROM && setOf.get(from) !== setOf.get(to))
    .sort((a, b) => firstOf(b.weight - a.weight, byText(a.id, b.id)));
  const placed = new Set<number>();
  const pairs: [string, string][] = [];
  for (const { from, to } of assumed) {
    const [cause, effect] = [setOf.get(from), setOf.get(to)];
    if (cause === undefined || effect === undefined) continue;
    if (!beginsItself[effect] && !placed.has(effect)) {
      placed.add(effect);
      pairs.push([from, to]);
    } else if (!beginsItself[cause] && !placed.has(cause)) {
      placed.add(cause);
      pairs.push([from, to]);
    }
  }
  return pairs;
}

/** May it have started an incident, by what its rule says? */
function begins(fact: Fact | undefined): boolean {
  if (!fact || !makesIncident(fact)) return false;
  return fact.initiates === 'external' || fact.initiates === 'likely';
}

function entitiesOf(fact: Fact): ReadonlySet<string> {
  const found = new Set<string>();
  for (const entities of [fact.entities, ...fact.members.slice(0, 20).map((member) => member.entities)]) {
    for (const entity of Object.values(entities))
      if (JOINING.has(entity.slice(0, entity.indexOf('/')))) found.add(entity);
  }
  return found;
}

function earliestOf(set: readonly Fact[]): number {
  return set.reduce((least, { onset }) => Math.min(least, onset?.at.earliest ?? least), Number.MAX_SAFE_INTEGER);
}
