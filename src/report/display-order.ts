import type { Edge, Fact, Role } from '../model/index.ts';
import { LAYERS } from '../model/layer.ts';
import { byText, firstOf } from '../text/order.ts';
import { isTelling } from './context.ts';

/** Place in the story of facts whose times say nothing about it. */
const PLACE: Readonly<Record<Role, number>> = {
  'pre-existing': 0,
  contributing: 1,
  trigger: 2,
  'root-cause': 3,
  symptom: 4,
  impact: 4,
  collateral: 4,
  unexplained: 5,
  response: 6,
};

/**
 * Display order: a cause before its effect, otherwise by (earliest, latest, place in the story, layer, id).
 *
 * The order is topological over the `causes` edges. A cause whose own time is not known, or is known badly, moves up to
 * where its first effect stands, so that it is not found at the end of the list and holds back nothing that has a time.
 * Hold edges may form cycles; they, and what only makes a thing possible, order what the start edges leave open, and a
 * cycle is entered at its earliest member, without times at the root.
 *
 * @param roleOf - the part of each fact; without it the layers alone order what has no time
 */
export function displayOrder(
  facts: readonly Fact[],
  edges: readonly Edge[],
  roleOf: (fact: Fact) => Role = () => 'unexplained',
): Fact[] {
  const here = new Map(facts.map((fact) => [fact.id, fact]));
  const inside = edges.filter((edge) => here.has(edge.from) && here.has(edge.to));
  const isStart = (edge: Edge) => edge.type === 'causes' && edge.graph === 'start';
  const starts = adjacency(inside.filter(isStart));
  const loose = adjacency(inside.filter((edge) => !isStart(edge) && edge.type !== 'aggravates'));
  const isUndated = (id: string) => here.get(id)?.onset === undefined;
  const leading = inside.filter((edge) => isStart(edge) || (edge.type !== 'aggravates' && isUndated(edge.from)));
  const due = dueTimes(facts, adjacency(leading));
  const place = new Map(facts.map((fact) => [fact.id, PLACE[roleOf(fact)]]));
  const compare = (a: Fact, b: Fact) =>
    firstOf(
      (due.get(a.id) ?? 0) - (due.get(b.id) ?? 0) || 0,
      difference(a.onset?.at.earliest, b.onset?.at.earliest),
      difference(a.onset?.at.latest, b.onset?.at.latest),
      (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0),
      LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer),
      byText(a.id, b.id),
    );

  const waitingForStart = new Map(facts.map((fact) => [fact.id, starts.causes.get(fact.id)?.size ?? 0]));
  const waitingLoosely = new Map(facts.map((fact) => [fact.id, loose.causes.get(fact.id)?.size ?? 0]));
  const rest = [...facts].sort(compare);
  const ordered: Fact[] = [];
  while (rest.length > 0) {
    const isFree = (fact: Fact) => waitingForStart.get(fact.id) === 0;
    let at = rest.findIndex((fact) => isFree(fact) && waitingLoosely.get(fact.id) === 0);
    if (at < 0) at = rest.findIndex(isFree);
    const [next] = rest.splice(Math.max(at, 0), 1) as [Fact];
    ordered.push(next);
    release(next.id, starts.effects, waitingForStart);
    release(next.id, loose.effects, waitingLoosely);
  }
  return ordered;
}

/** Facts of unknown onset last. */
function difference(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a - b;
}

interface Adjacency {
  readonly effects: ReadonlyMap<string, ReadonlySet<string>>;
  readonly causes: ReadonlyMap<string, ReadonlySet<string>>;
}

function adjacency(edges: readonly Edge[]): Adjacency {
  const effects = new Map<string, Set<string>>();
  const causes = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (from === to) continue;
    effects.set(from, (effects.get(from) ?? new Set()).add(to));
    causes.set(to, (causes.get(to) ?? new Set()).add(from));
  }
  return { effects, causes };
}

/**
 * The earliest time at which a fact or anything it brought about began; unknown times count as never. The age of an
 * object moves no cause that has a time of its own: its state may have begun at any moment since.
 */
function dueTimes(facts: readonly Fact[], { causes }: Adjacency): Map<string, number> {
  const due = new Map(facts.map((fact) => [fact.id, fact.onset?.at.earliest ?? Number.MAX_VALUE]));
  const byDue = [...facts].sort((a, b) => firstOf((due.get(a.id) ?? 0) - (due.get(b.id) ?? 0), byText(a.id, b.id)));
  const telling = new Set(facts.filter((fact) => fact.onset && isTelling(fact.onset.at)).map((fact) => fact.id));
  const seen = new Set<string>();
  for (const { id } of byDue) {
    const time = due.get(id) ?? Number.MAX_VALUE;
    const open = [id];
    for (let current = open.pop(); current !== undefined; current = open.pop()) {
      if (seen.has(current) || (telling.has(current) && !telling.has(id))) continue;
      seen.add(current);
      due.set(current, Math.min(time, due.get(current) ?? time));
      open.push(...(causes.get(current) ?? []));
    }
  }
  return due;
}

function release(id: string, effects: ReadonlyMap<string, ReadonlySet<string>>, waiting: Map<string, number>): void {
  for (const effect of effects.get(id) ?? []) waiting.set(effect, (waiting.get(effect) ?? 1) - 1);
}
