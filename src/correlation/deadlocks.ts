import type { BreakPoint, Deadlock, Edge, Fact, TimeRef } from '../model/index.ts';
import { LAYERS } from '../model/index.ts';
import type { DependencyModel } from '../rules/schema.ts';
import { byText, firstOf } from '../text/order.ts';
import { asShownBy, assumedOffset, type ClockOffset } from '../time/clock-offset.ts';
import { isDefinitelyBefore } from '../time/span.ts';
import { cycles } from './components.ts';

/** Sets of members are tried up to this size of deadlock; larger ones are broken member by member. */
const MOST_ENUMERATED = 12;
const NO_BYPASS = 100;
const MOST_POINTS = 5;
/** Edges below this weight are assumed: they may close a loop but do not tell how it was entered. */
const INFERRED_FROM = 0.5;

export interface DeadlockContext {
  readonly model: DependencyModel;
  /** Does the `if` of the model's n-th bypass hold? */
  readonly applies: (bypass: number, fact: Fact) => boolean;
  /** Role that brings objects of an entity kind about, such as releases. */
  readonly reconcilerOf?: (kind: string) => string | undefined;
  /** How far two clocks may be apart; as assumed when absent. */
  readonly offset?: ClockOffset;
}

/** Components that wait for each other: strongly connected sets of the hold graph. */
export function findDeadlocks(
  facts: ReadonlyMap<string, Fact>,
  edges: readonly Edge[],
  starts: readonly Edge[],
  context: DeadlockContext,
): Deadlock[] {
  const hold = edges.filter((edge) => edge.graph === 'hold' && edge.type !== 'aggravates');
  const after = new Map<string, Edge[]>();
  for (const edge of hold) {
    const known = after.get(edge.from);
    if (known) known.push(edge);
    else after.set(edge.from, [edge]);
  }
  const ids = [...new Set(hold.flatMap((edge) => [edge.from, edge.to]))];
  const found: Deadlock[] = [];
  for (const set of cycles(ids, (id) => (after.get(id) ?? []).map((edge) => edge.to))) {
    const members = set.map((id) => facts.get(id) as Fact);
    // One component that waits for itself under two names is not a loop of components.
    if (new Set(members.map((fact) => fact.component ?? fact.signature)).size < 2) continue;
    const inside = new Set(set);
    const own = hold.filter((edge) => inside.has(edge.from) && inside.has(edge.to));
    // What rules say tells more than what the dependency model only makes possible.
    const told = longestRing(
      members,
      own.filter((edge) => edge.weight >= INFERRED_FROM),
    );
    const ring = told.length > 0 ? told : longestRing(members, own);
    if (ring.length === 0) continue;
    const ringEdges = ring.map((fact, index) => heaviest(own, fact.id, (ring[(index + 1) % ring.length] as Fact).id));
    found.push({
      members: waitOrder(ring),
      edges: ringEdges.flatMap((edge) => (edge ? [edge.id] : [])),
      entry: entryOf(members, starts, inside, context.offset ?? assumedOffset),
      breakAt: breakPoints(members, ring, own, context),
    });
  }
  return found;
}

function heaviest(edges: readonly Edge[], from: string, to: string): Edge | undefined {
  return edges
    .filter((edge) => edge.from === from && edge.to === to)
    .sort((a, b) => firstOf(b.weight - a.weight, byText(a.id, b.id)))[0];
}

/**
 * A closed walk through as many different components as a bounded search finds, from the lowest layer. It passes a
 * component once, but may do so over several of its facts: its pods are down, so it answers no lookup.
 */
function longestRing(members: readonly Fact[], edges: readonly Edge[]): Fact[] {
  const byId = new Map(members.map((fact) => [fact.id, fact]));
  const next = new Map<string, string[]>();
  for (const edge of [...edges].sort((a, b) => firstOf(b.weight - a.weight, byText(a.to, b.to)))) {
    const known = next.get(edge.from);
    if (!known) next.set(edge.from, [edge.to]);
    else if (!known.includes(edge.to)) known.push(edge.to);
  }
  const starts = [...members].sort((a, b) =>
    firstOf(LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer), byText(a.id, b.id)),
  );
  let best: string[] = [];
  let most = 1;
  let steps = 0;
  for (const start of starts.slice(0, 4)) {
    const path = [start.id];
    const on = new Set([label(start)]);
    const walk = (id: string): void => {
      const here = label(byId.get(id) as Fact);
      for (const to of next.get(id) ?? []) {
        if (steps++ > 20_000) return;
        if (to === start.id) {
          if (on.size > most || (on.size === most && most > 1 && path.length < best.length)) {
            best = [...path];
            most = on.size;
          }
        } else if (!path.includes(to)) {
          const name = label(byId.get(to) as Fact);
          const isNew = !on.has(name);
          if (!isNew && name !== here) continue;
          path.push(to);
          on.add(name);
          walk(to);
          path.pop();
          if (isNew) on.delete(name);
        }
      }
    };
    walk(start.id);
  }
  return best.map((id) => byId.get(id) as Fact);
}

function entryOf(
  members: readonly Fact[],
  starts: readonly Edge[],
  inside: ReadonlySet<string>,
  offset: ClockOffset,
): string {
  const outside = starts
    .filter(
      (edge) =>
        edge.graph === 'start' &&
        edge.type === 'causes' &&
        edge.weight >= INFERRED_FROM &&
        inside.has(edge.to) &&
        !inside.has(edge.from),
    )
    .sort((a, b) => firstOf(b.weight - a.weight, byText(a.id, b.id)))[0];
  if (outside)
    return `entered at ${label(members.find((fact) => fact.id === outside.to) as Fact)}: it has a cause outside the loop`;
  const first = members.find((fact) =>
    members.every(
      (other) => other === fact || (fact.onset && other.onset && isSurelyBefore(fact.onset, other.onset, offset)),
    ),
  );
  return first
    ? `entered at ${label(first)}: it is definitely the earliest member`
    : 'not determinable from the bundle: no member is definitely the first';
}

function isSurelyBefore(a: TimeRef, b: TimeRef, offset: ClockOffset): boolean {
  return isDefinitelyBefore(asShownBy(a.at, offset(b.clock, a.clock)), b.at);
}

const NAMED_BY = ['helm-release', 'kustomization', 'git-source', 'workload', 'service', 'webhook'];

/** What a person would call the member: its part in the cluster, else the object that it is about. */
function label(fact: Fact): string {
  if (fact.component) return fact.component;
  const named = Object.values(fact.entities).find((entity) => NAMED_BY.includes(entity.slice(0, entity.indexOf('/'))));
  return named === undefined ? fact.signature : named.replace('/', ' ');
}

/** A release that waits concerns no component of its own: its controller is the one whose work can be done by hand. */
function reconcilerOf(fact: Fact, { reconcilerOf: of }: DeadlockContext): string | undefined {
  for (const entity of Object.values(fact.entities)) {
    const role = of?.(entity.slice(0, entity.indexOf('/')));
    if (role !== undefined) return role;
  }
  return undefined;
}

/** The ring in wait order: the effect waits for its cause, so it is read backwards. */
function waitOrder(ring: readonly Fact[]): Deadlock['members'] {
  // Of several facts of one component the first in the order of causes tells its state.
  const members = ring.filter((fact, index) => label(fact) !== label(ring.at(index - 1) as Fact)).reverse();
  return members.map((fact, index) => ({
    component: label(fact),
    fact: fact.id,
    waitsFor: label(members[(index + 1) % members.length] as Fact),
  }));
}

/**
 * Ways around the members of the told ring, each of which breaks it, cheapest first; then the cheapest set that leaves
 * no loop at all, and what else is known.
 */
function breakPoints(
  members: readonly Fact[],
  ring: readonly Fact[],
  edges: readonly Edge[],
  context: DeadlockContext,
): BreakPoint[] {
  const points = members.map((fact): BreakPoint & { readonly fact: string } => {
    const role = fact.component ?? reconcilerOf(fact, context);
    const bypass = context.model.bypass
      .filter((one, index) => one.of === role && (one.if === undefined || context.applies(index, fact)))
      .sort((a, b) => firstOf(a.cost - b.cost, byText(a.how, b.how)))[0];
    return {
      component: label(fact),
      fact: fact.id,
      how: bypass?.how ?? 'no way around it is known',
      cost: bypass?.cost ?? NO_BYPASS,
      safety: bypass?.safety ?? 'unknown',
    };
  });
  const layer = (point: BreakPoint) => LAYERS.indexOf((members.find((fact) => fact.id === point.fact) as Fact).layer);
  const cheap = points
    .filter((point) => point.cost < NO_BYPASS)
    .sort((a, b) => firstOf(a.cost - b.cost, layer(a) - layer(b), byText(a.fact, b.fact)));
  if (cheap.length === 0) return [];
  const opens = (removed: ReadonlySet<string>): boolean => {
    const left = members.map((fact) => fact.id).filter((id) => !removed.has(id));
    return (
      cycles(left, (id) => edges.filter((edge) => edge.from === id && !removed.has(edge.to)).map((edge) => edge.to))
        .length === 0
    );
  };
  const considered = cheap.slice(0, MOST_ENUMERATED);
  let best: readonly BreakPoint[] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let mask = 1; mask < 1 << considered.length; mask++) {
    const set = considered.filter((_, index) => mask & (1 << index));
    const cost = set.reduce((sum, point) => sum + point.cost, 0);
    if (cost < bestCost && opens(new Set(set.map((point) => point.fact)))) {
      best = set;
      bestCost = cost;
    }
  }
  const told = new Set(ring.map((fact) => fact.id));
  const seen = new Set<string>();
  return [...cheap.filter((point) => told.has(point.fact)), ...(best ?? []), ...cheap]
    .filter((point) => !seen.has(point.component) && seen.add(point.component))
    .slice(0, MOST_POINTS);
}
