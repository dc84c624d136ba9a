import type { Edge, Fact } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { connectedComponents } from './components.ts';
import { importance, makesIncident, mayBelongToIncident } from './importance.ts';

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

/**
 * Sets of facts that belong together: joined by an edge, or about the same thing. Nearness in time joins nothing.
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
  const pairs: [string, string][] = edges.map((edge) => [edge.from, edge.to]);
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
  const sets = connectedComponents(
    members.map((fact) => fact.id),
    pairs,
  ).map((set) => set.map((id) => byId.get(id) as Fact));
  const incidents = sets
    .filter((set) => set.some(makesIncident))
    .map((set) => ({
      set,
      weight: set.filter(makesIncident).reduce((sum, fact) => sum + importance(fact), 0),
      worst: Math.max(
        ...set
          .filter(makesIncident)
          .map((fact) => (fact.severity === 'critical' ? 3 : fact.severity === 'high' ? 2 : 1)),
      ),
    }))
    .sort((a, b) =>
      firstOf(
        b.worst - a.worst,
        b.weight - a.weight,
        earliestOf(a.set) - earliestOf(b.set) || 0,
        byText(a.set[0]?.id ?? '', b.set[0]?.id ?? ''),
      ),
    )
    .map(({ set }) => set);
  const inside = new Set(incidents.flat().map((fact) => fact.id));
  return { incidents, rest: facts.filter((fact) => !inside.has(fact.id)) };
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
  return Math.min(...set.map((fact) => fact.onset?.at.earliest ?? Number.MAX_SAFE_INTEGER));
}
