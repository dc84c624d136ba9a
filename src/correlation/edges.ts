import type { Contribution, Edge, EdgeBasis, Fact, Question, RejectedEdge } from '../model/index.ts';
import type { Link } from '../rules/schema.ts';
import { byText, firstOf } from '../text/order.ts';
import { fillTemplate } from '../text/template.ts';
import type { Judge } from './judge.ts';
import { judgeScope, type LinkedFn, placesOf } from './scope.ts';
import { judgeTime } from './time-order.ts';

const BASE: Readonly<Record<Link['confidence'], number>> = { definite: 0.95, strong: 0.85, probable: 0.7, weak: 0.5 };
const NAMED = 0.5;
const SUPPORT = 0.2;
const MOST_SUPPORTS = 2;
const REFUTE = 0.3;
const DROPPED_BELOW = 0.25;
const OBSERVED_FROM = 0.75;
const INFERRED_FROM = 0.5;
/** Of the causes that one link offers for one effect, only the nearest are weighed. */
const MOST_CAUSES = 12;
const COEXIST_MS = 10 * 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface EdgeContext {
  readonly judge: Judge;
  readonly linked: LinkedFn;
  /** Signature ids behind a name that is an id or a tag. */
  readonly signaturesOf: (name: string) => readonly string[];
}

export interface BuiltEdges {
  readonly edges: readonly Edge[];
  readonly rejected: readonly RejectedEdge[];
  readonly questions: readonly (Question & { readonly edge: string })[];
}

export function basisOf(weight: number): EdgeBasis {
  return weight >= OBSERVED_FROM ? 'observed' : weight >= INFERRED_FROM ? 'inferred' : 'assumed';
}

export function durationMs(text: string | undefined): number | undefined {
  const parts = text === undefined ? undefined : /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/u.exec(text);
  return parts ? Number(parts[1]) * (UNIT_MS[parts[2] as string] as number) : undefined;
}

function raise(weight: number, by: number): number {
  return weight + (1 - weight) * by;
}

/** Weighs every pair of facts that a link may join. Pairs are looked up by signature, never all against all. */
export function buildEdges(links: readonly Link[], facts: readonly Fact[], context: EdgeContext): BuiltEdges {
  const bySignature = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (fact.polarity === 'healthy' || fact.polarity === 'recovery') continue;
    const known = bySignature.get(fact.signature);
    if (known) known.push(fact);
    else bySignature.set(fact.signature, [fact]);
  }
  const of = (name: string): Fact[] =>
    context
      .signaturesOf(name)
      .flatMap((id) => bySignature.get(id) ?? [])
      .sort(byOnset);
  const edges: Weighed[] = [];
  const rejected: RejectedEdge[] = [];
  const questions: (Question & { edge: string })[] = [];
  for (const link of links) {
    const causes = of(link.cause);
    if (causes.length === 0) continue;
    const effects = of(link.effect);
    if (effects.length === 0) continue;
    const buckets = bucketCauses(link, causes);
    for (const effect of effects) {
      for (const cause of nearest(buckets, link, effect)) {
        if (cause.id === effect.id || cause.signature === effect.signature) continue;
        weigh(link, cause, effect, context, edges, rejected, questions);
      }
    }
  }
  return { edges: settleRivals(strongest(edges)), rejected: rejected.slice(0, 2000), questions };
}

interface Weighed extends Edge {
  readonly link: Link;
}

function byOnset(a: Fact, b: Fact): number {
  return firstOf(
    (a.onset?.at.latest ?? Number.NEGATIVE_INFINITY) - (b.onset?.at.latest ?? Number.NEGATIVE_INFINITY) || 0,
    byText(a.id, b.id),
  );
}

/** Scopes that facts are looked up by. */
function isPlace(scope: Link['scope']): boolean {
  return scope === 'node' || scope === 'pod' || scope === 'namespace';
}

/** Causes by the value of the link's scope role; those without one go with every effect. */
function bucketCauses(link: Link, causes: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  const buckets = new Map<string, Fact[]>();
  for (const cause of causes) {
    const places = isPlace(link.scope) ? placesOf(cause, link.scope) : new Set<string>();
    for (const key of places.size > 0 ? places : ['']) {
      const known = buckets.get(key);
      if (known) known.push(cause);
      else buckets.set(key, [cause]);
    }
  }
  return buckets;
}

function nearest(buckets: ReadonlyMap<string, readonly Fact[]>, link: Link, effect: Fact): readonly Fact[] {
  const keys = new Set<string>(['']);
  if (isPlace(link.scope)) {
    const places = placesOf(effect, link.scope);
    // An effect whose place is unknown may belong to any cause.
    for (const key of places.size > 0 ? places : buckets.keys()) keys.add(key);
  }
  const found = new Set<Fact>();
  for (const key of keys) {
    const causes = buckets.get(key) ?? [];
    if (causes.length <= MOST_CAUSES) {
      for (const cause of causes) found.add(cause);
      continue;
    }
    const limit = effect.onset?.at.latest ?? Number.POSITIVE_INFINITY;
    let low = 0;
    let high = causes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((causes[middle]?.onset?.at.earliest ?? Number.NEGATIVE_INFINITY) <= limit) low = middle + 1;
      else high = middle;
    }
    for (const cause of causes.slice(Math.max(0, low - MOST_CAUSES), low)) found.add(cause);
  }
  return [...found];
}

function weigh(
  link: Link,
  cause: Fact,
  effect: Fact,
  context: EdgeContext,
  edges: Weighed[],
  rejected: RejectedEdge[],
  questions: (Question & { edge: string })[],
): void {
  const reject = (reason: RejectedEdge['reason'], why: string) =>
    rejected.push({ from: cause.id, to: effect.id, rule: link.id, reason, why });
  const join = judgeScope(link.scope, cause, effect, context.linked);
  if (join.factor === undefined) return void reject('other-scope', join.why);
  const time = judgeTime(link, durationMs(link.within), cause, effect);
  const holds = link.mode !== 'starts';
  if (time.factor === undefined && !holds) return void reject('excluded-by-time', time.why);
  const vars = { c: cause, e: effect };
  const ask = (edge: string, why: string) => {
    for (const one of link.ask)
      questions.push({
        need: one.need,
        why: `${why}: ${one.tells}`,
        run: one.run,
        separates: [cause.id, effect.id],
        edge,
      });
  };
  const pair = `${cause.id} -> ${effect.id}`;
  if (link.when !== undefined) {
    const when = context.judge(link.id, 'when', vars);
    if (when.value === false) return void reject('other-scope', when.why);
    if (when.value === 'unknown') {
      ask(pair, 'the bundle does not tell whether the link holds');
      return void reject('unknown-condition', when.why);
    }
  }
  const contributions: Contribution[] = [
    { what: 'base', factor: BASE[link.confidence], why: `the link is ${link.confidence}` },
  ];
  contributions.push({ what: 'join', factor: join.factor, why: join.why });
  let common = BASE[link.confidence] * join.factor;
  if (link.named !== undefined) {
    const named = context.judge(link.id, 'named', vars);
    if (named.value === true) {
      contributions.push({ what: 'named', factor: NAMED, why: `the effect's own text names the cause: ${named.why}` });
      common = raise(common, NAMED);
    }
  }
  let supports = 0;
  for (const property of link.supports.keys()) {
    const verdict = context.judge(link.id, `supports.${property}`, vars);
    if (verdict.value === true && supports < MOST_SUPPORTS) {
      supports++;
      contributions.push({ what: 'supports', factor: SUPPORT, why: verdict.why });
      common = raise(common, SUPPORT);
    } else if (verdict.value === 'unknown') ask(pair, 'would support the link');
  }
  let refuted = false;
  for (const property of link.refutes.keys()) {
    const verdict = context.judge(link.id, `refutes.${property}`, vars);
    if (verdict.value === true) {
      refuted = true;
      contributions.push({ what: 'refutes', factor: REFUTE, why: verdict.why });
      common *= REFUTE;
    } else if (verdict.value === 'unknown') ask(pair, 'would refute the link');
  }
  const mechanism = mechanismOf(link, cause, effect);
  const add = (graph: Edge['graph'], factor: number, order: Edge['order'], why: string) => {
    const weight = common * factor;
    if (weight < DROPPED_BELOW)
      return void reject(refuted ? 'refuted' : 'too-weak', `weight ${weight.toFixed(2)} is below ${DROPPED_BELOW}`);
    edges.push({
      id: `${link.id}@${cause.id}>${effect.id}@${graph}`,
      from: cause.id,
      to: effect.id,
      rule: link.id,
      graph,
      type: link.type,
      weight,
      basis: basisOf(weight),
      order,
      mechanism,
      ...(time.lagMs && { lagMs: time.lagMs }),
      contributions: [...contributions, { what: 'time', factor, why }],
      rivals: [],
      link,
    });
  };
  if (link.mode !== 'holds') {
    if (time.factor === undefined) reject('excluded-by-time', time.why);
    else add('start', time.factor, time.order, time.why);
  }
  if (holds) {
    if (coexist(cause, effect)) add('hold', 1, 'unknown', 'what holds needs no order in time');
    else reject('excluded-by-time', 'the cause began after the effect was over');
  }
  if (BASE[link.confidence] < BASE.strong) ask(pair, 'the link is plausible, not proven');
}

/** What keeps something down must be there while it is down; within ten minutes counts, reports come late. */
export function coexist(cause: Fact, effect: Fact): boolean {
  const end = effect.ended === 'open' ? undefined : (effect.ended ?? effect.lastSeen);
  return !cause.onset || !end || cause.onset.at.earliest <= end.at.latest + COEXIST_MS;
}

function mechanismOf(link: Link, cause: Fact, effect: Fact): string {
  return fillTemplate(link.mechanism, (name) => {
    const [side, member] = name.split('.');
    const fact = side === 'c' ? cause : side === 'e' ? effect : undefined;
    if (!fact || member === undefined) return undefined;
    const value = fact.attributes[member];
    if (value !== undefined) return String(value);
    const entity = fact.entities[member];
    return entity?.slice(entity.indexOf('/') + 1);
  });
}

/** Several links may join the same two facts: the heaviest stands for them. Of two directions the heavier stays. */
function strongest(edges: readonly Weighed[]): Weighed[] {
  const best = new Map<string, Weighed>();
  for (const edge of [...edges].sort((a, b) => firstOf(b.weight - a.weight, byText(a.id, b.id)))) {
    const key = `${edge.graph} ${edge.type} ${edge.from} ${edge.to}`;
    if (!best.has(key)) best.set(key, edge);
  }
  return [...best.values()].filter((edge) => {
    if (edge.graph === 'hold') return true;
    const reverse = best.get(`${edge.graph} ${edge.type} ${edge.to} ${edge.from}`);
    return !reverse || firstOf(edge.weight - reverse.weight, byText(reverse.id, edge.id)) > 0;
  });
}

/** Links of one `oneOf` group into the same effect compete: the heaviest keeps its weight, the others yield. */
function settleRivals(edges: readonly Weighed[]): Edge[] {
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
    const group = link.oneOf === undefined ? [edge] : (groups.get(`${edge.graph} ${link.oneOf} ${edge.to}`) ?? [edge]);
    const heaviest = group.reduce((best, one) =>
      firstOf(best.weight - one.weight, byText(one.id, best.id)) >= 0 ? best : one,
    );
    let { weight } = edge;
    const contributions = [...edge.contributions];
    if (group.length > 1 && heaviest !== edge) {
      weight *= 0.6;
      contributions.push({ what: 'rivals', factor: 0.6, why: `${heaviest.rule} explains the same effect better` });
    } else if (link.oneOf !== undefined && link.confidence === 'weak') {
      weight *= 0.8;
      contributions.push({
        what: 'rivals',
        factor: 0.8,
        why: `other explanations of the group ${link.oneOf} are open`,
      });
    }
    if (weight < DROPPED_BELOW) continue;
    settled.push({
      ...plain,
      weight,
      basis: basisOf(weight),
      contributions,
      rivals: group.filter((one) => one !== edge).map((one) => one.id),
    });
  }
  return settled.sort((a, b) => firstOf(byText(a.from, b.from), byText(a.to, b.to), byText(a.id, b.id)));
}
