import type { Edge, Fact } from '../model/index.ts';
import type { Link } from '../rules/schema.ts';
import { byText, firstOf } from '../text/order.ts';
import { cycles } from './components.ts';
import { basisOf, DROPPED_BELOW, raise } from './weights.ts';

/** An edge with the link that made it. */
export interface Weighed extends Edge {
  readonly link: Link;
}

/** Called for every edge that is not kept, with the reason. */
export type Drop = (edge: Edge, why: string) => void;

const LESSER = 0.6;
const OPEN = 0.8;
const ALONE = 0.4;

/** Several links may join the same two facts: the heaviest stands for them. Of two directions the heavier stays. */
export function strongest(edges: readonly Weighed[], drop: Drop): Weighed[] {
  const best = new Map<string, Weighed>();
  for (const edge of [...edges].sort((a, b) => firstOf(b.weight - a.weight, byText(a.id, b.id)))) {
    const key = `${edge.graph} ${edge.type} ${edge.from} ${edge.to}`;
    const known = best.get(key);
    if (!known) best.set(key, edge);
    else if (known.rule !== edge.rule)
      drop(edge, `${known.rule} joins the same two and weighs ${known.weight.toFixed(2)}`);
  }
  return [...best.values()].filter((edge) => {
    if (edge.graph === 'hold') return true;
    const reverse = best.get(`${edge.graph} ${edge.type} ${edge.to} ${edge.from}`);
    if (!reverse || firstOf(edge.weight - reverse.weight, byText(reverse.id, edge.id)) > 0) return true;
    drop(edge, `the other direction, ${reverse.rule}, weighs ${reverse.weight.toFixed(2)}`);
    return false;
  });
}

export interface RivalContext {
  readonly links: readonly Link[];
  /** Signature ids behind a name that is an id or a tag. */
  readonly signaturesOf: (name: string) => readonly string[];
  /** Would a fact of this name have been seen beside the effect, and was none? */
  readonly isExcluded: (name: string, effect: Fact) => boolean;
}

/**
 * Links of one `oneOf` group into the same effect compete: the heaviest keeps its weight, the others yield. One that is
 * left alone because all others were looked for and are absent gains; a weak one yields a little while others are open.
 */
export function settleRivals(
  edges: readonly Weighed[],
  effects: ReadonlyMap<string, Fact>,
  context: RivalContext,
  drop: Drop,
): Edge[] {
  const groups = new Map<string, Weighed[]>();
  for (const edge of edges) {
    if (edge.link.oneOf === undefined) continue;
    const key = `${edge.graph} ${edge.link.oneOf} ${edge.to}`;
    const known = groups.get(key);
    if (known) known.push(edge);
    else groups.set(key, [edge]);
  }
  const settled: Edge[] = [];
  for (const edge of edges) {
    const { link, ...plain } = edge;
    const group = groups.get(`${edge.graph} ${link.oneOf} ${edge.to}`) ?? [edge];
    const rivals = group.filter((one) => one.rule !== edge.rule);
    const heaviest = group.reduce((best, one) =>
      firstOf(best.weight - one.weight, byText(one.id, best.id)) >= 0 ? best : one,
    );
    let { weight } = edge;
    const contributions = [...edge.contributions];
    if (heaviest.rule !== edge.rule) {
      weight *= LESSER;
      contributions.push({ what: 'rivals', factor: LESSER, why: `${heaviest.rule} explains the same effect better` });
    } else if (link.oneOf !== undefined && rivals.length === 0 && isAlone(link, effects.get(edge.to), context)) {
      weight = raise(weight, ALONE);
      contributions.push({
        what: 'alone',
        factor: ALONE,
        why: `every other explanation of the group ${link.oneOf} was looked for and is absent`,
      });
    } else if (link.oneOf !== undefined && link.confidence === 'weak') {
      weight *= OPEN;
      contributions.push({
        what: 'rivals',
        factor: OPEN,
        why: `other explanations of the group ${link.oneOf} are open`,
      });
    }
    if (weight < DROPPED_BELOW) {
      drop(edge, `weight ${weight.toFixed(2)} is below ${DROPPED_BELOW}: ${contributions.at(-1)?.why}`);
      continue;
    }
    settled.push({ ...plain, weight, basis: basisOf(weight), contributions, rivals: rivals.map((one) => one.id) });
  }
  return settled.sort((a, b) => firstOf(byText(a.from, b.from), byText(a.to, b.to), byText(a.id, b.id)));
}

function isAlone(link: Link, effect: Fact | undefined, { links, signaturesOf, isExcluded }: RivalContext): boolean {
  if (!effect) return false;
  const others = links.filter(
    (one) => one.oneOf === link.oneOf && one.id !== link.id && signaturesOf(one.effect).includes(effect.signature),
  );
  return others.length > 0 && others.every((one) => isExcluded(one.cause, effect));
}

/**
 * Nothing causes itself: while causes run in a circle, its weakest edge goes that is not definite in time. A circle of
 * holding is a deadlock and stays.
 */
export function withoutCircles(edges: readonly Edge[], drop: Drop): Edge[] {
  const gone = new Set<Edge>();
  const starts = edges.filter((edge) => edge.graph === 'start' && edge.type === 'causes');
  const open: (readonly Edge[])[] = [starts];
  for (let own = open.pop(); own; own = open.pop()) {
    const next = new Map<string, string[]>();
    for (const { from, to } of own) {
      const known = next.get(from);
      if (known) known.push(to);
      else next.set(from, [to]);
    }
    for (const circle of cycles([...next.keys()], (id) => next.get(id) ?? [])) {
      const inside = new Set(circle);
      const closing = own.filter((edge) => inside.has(edge.from) && inside.has(edge.to));
      const loose = closing.filter((edge) => edge.order !== 'definite');
      const weakest = (loose.length > 0 ? loose : closing).reduce((worst, edge) =>
        firstOf(edge.weight - worst.weight, byText(edge.id, worst.id)) < 0 ? edge : worst,
      );
      gone.add(weakest);
      drop(weakest, `it closes a circle of ${circle.length} causes and is the weakest of it`);
      open.push(closing.filter((edge) => edge !== weakest));
    }
  }
  return gone.size === 0 ? [...edges] : edges.filter((edge) => !gone.has(edge));
}
