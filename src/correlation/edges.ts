import type { Contribution, Edge, Fact, RejectedEdge } from '../model/index.ts';
import type { Link } from '../rules/schema.ts';
import { shorten } from '../text/grammar.ts';
import { byText, firstOf } from '../text/order.ts';
import { fillTemplate } from '../text/template.ts';
import type { ClockOffset } from '../time/clock-offset.ts';
import type { Judge } from './judge.ts';
import type { AskedQuestion } from './questions.ts';
import { settleRivals, strongest, type Weighed, withoutCircles } from './rivals.ts';
import { judgeScope, type LinkedFn, placesOf } from './scope.ts';
import { judgeTime } from './time-order.ts';
import { basisOf, DROPPED_BELOW, raise } from './weights.ts';

const BASE: Readonly<Record<Link['confidence'], number>> = { definite: 0.95, strong: 0.85, probable: 0.7, weak: 0.5 };
const NAMED = 0.5;
const SUPPORT = 0.2;
const MOST_SUPPORTS = 2;
const REFUTE = 0.3;
/** Of the causes that one link offers for one effect, only the nearest are weighed. */
const MOST_CAUSES = 12;
const MOST_REJECTED = 2000;
const COEXIST_MS = 10 * 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface EdgeContext {
  readonly judge: Judge;
  readonly linked: LinkedFn;
  /** Signature ids behind a name that is an id or a tag. */
  readonly signaturesOf: (name: string) => readonly string[];
  /** Was it found by a signature of last resort, which only says that something failed? */
  readonly isUnknown?: (fact: Fact) => boolean;
  /** Would a fact of this name have been seen beside another, and was none? */
  readonly isExcluded?: (name: string, beside: Fact) => boolean;
  /** How far two clocks may be apart. */
  readonly offset?: ClockOffset;
}

export interface BuiltEdges {
  readonly edges: readonly Edge[];
  readonly rejected: readonly RejectedEdge[];
  readonly questions: readonly AskedQuestion[];
}

export function durationMs(text: string | undefined): number | undefined {
  const parts = text === undefined ? undefined : /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/u.exec(text);
  return parts ? Number(parts[1]) * (UNIT_MS[parts[2] as string] as number) : undefined;
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
  for (const own of bySignature.values()) own.sort(byOnset);
  const byName = new Map<string, readonly Fact[]>();
  const of = (name: string): readonly Fact[] => {
    let found = byName.get(name);
    if (!found) {
      const lists = context.signaturesOf(name).flatMap((id) => [bySignature.get(id) ?? []]);
      found = lists.length === 1 ? (lists[0] as Fact[]) : lists.flat().sort(byOnset);
      byName.set(name, found);
    }
    return found;
  };
  const edges: Weighed[] = [];
  const rejected: RejectedEdge[] = [];
  const questions: AskedQuestion[] = [];
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
  const drop = ({ from, to, rule }: Edge, why: string): void => {
    if (rejected.length < MOST_REJECTED) rejected.push({ from, to, rule, reason: 'too-weak', why });
  };
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const { signaturesOf, isExcluded = () => false } = context;
  const settled = settleRivals(strongest(edges, drop), byId, { links, signaturesOf, isExcluded }, drop);
  return { edges: withoutCircles(settled, drop), rejected, questions };
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

/** The causes that an effect may have by its place, of many in one place those that began last before its end. */
function nearest(buckets: ReadonlyMap<string, readonly Fact[]>, link: Link, effect: Fact): readonly Fact[] {
  const anywhere = buckets.get('');
  if (!isPlace(link.scope)) return anywhere ? lastBefore(anywhere, effect) : [];
  const places = placesOf(effect, link.scope);
  // An effect whose place is unknown may belong to any cause.
  const keys = places.size > 0 ? places : buckets.keys();
  const lists: (readonly Fact[])[] = anywhere ? [anywhere] : [];
  for (const key of keys) {
    const causes = key === '' ? undefined : buckets.get(key);
    if (causes) lists.push(causes);
  }
  if (lists.length <= 1) return lists[0] ? lastBefore(lists[0], effect) : [];
  return [...new Set(lists.flatMap((causes) => lastBefore(causes, effect)))];
}

/** @param causes - by onset */
function lastBefore(causes: readonly Fact[], effect: Fact): readonly Fact[] {
  if (causes.length <= MOST_CAUSES) return causes;
  const limit = effect.onset?.at.latest ?? Number.POSITIVE_INFINITY;
  let low = 0;
  let high = causes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((causes[middle]?.onset?.at.earliest ?? Number.NEGATIVE_INFINITY) <= limit) low = middle + 1;
    else high = middle;
  }
  return causes.slice(Math.max(0, low - MOST_CAUSES), low);
}

function weigh(
  link: Link,
  cause: Fact,
  effect: Fact,
  context: EdgeContext,
  edges: Weighed[],
  rejected: RejectedEdge[],
  questions: AskedQuestion[],
): void {
  const reject = (reason: RejectedEdge['reason'], why: () => string): void => {
    if (rejected.length >= MOST_REJECTED) return;
    rejected.push({ from: cause.id, to: effect.id, rule: link.id, reason, why: why() });
  };
  const join = judgeScope(link.scope, cause, effect, context.linked);
  if (join.factor === undefined) return void reject('other-scope', () => join.why);
  if (join.factor < 1 && context.isUnknown?.(cause))
    return void reject('other-scope', () => `an unknown error explains what is at its own place: ${join.why}`);
  // What no rule knows is no state of anything: it may only follow.
  const isUnknown = context.isUnknown?.(effect) === true;
  const timed = isUnknown && link.order === 'any' ? { ...link, order: 'loose' as const } : link;
  const time = judgeTime(timed, durationMs(link.within), cause, effect, context.offset);
  const holds = link.mode !== 'starts' && !isUnknown;
  if (isUnknown && (cause.onset?.basis === 'age' || (time.order !== 'definite' && time.order !== 'probable')))
    return void reject('excluded-by-time', () => 'no time shows that the cause began before this unknown error');
  if (time.factor === undefined && !holds) return void reject('excluded-by-time', time.why);
  const vars = { c: cause, e: effect };
  const ask = (kind: AskedQuestion['kind'], weight = 0) => {
    for (const one of link.ask)
      questions.push({
        need: one.need,
        why: whyAsked(kind, one.tells, cause, effect),
        run: one.run,
        separates: [cause.id, effect.id],
        edge: `${cause.id} -> ${effect.id}`,
        rule: link.id,
        kind,
        from: cause.id,
        to: effect.id,
        weight,
      });
  };
  if (link.when !== undefined) {
    const when = context.judge(link.id, 'when', vars);
    if (when.value === false) return void reject('other-scope', () => `its condition does not hold: ${when.why}`);
    if (when.value === 'unknown') {
      ask('holds', BASE[link.confidence] * join.factor * (holds ? 1 : (time.factor ?? 0)));
      return void reject('unknown-condition', () => when.why);
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
    } else if (verdict.value === 'unknown') ask('supports');
  }
  let refuted: string | undefined;
  for (const property of link.refutes.keys()) {
    const verdict = context.judge(link.id, `refutes.${property}`, vars);
    if (verdict.value === true) {
      refuted = verdict.why;
      contributions.push({ what: 'refutes', factor: REFUTE, why: verdict.why });
      common *= REFUTE;
    } else if (verdict.value === 'unknown') ask('refutes');
  }
  const mechanism = mechanismOf(link, cause, effect);
  const add = (graph: Edge['graph'], factor: number, order: Edge['order'], why: string) => {
    const weight = common * factor;
    if (weight < DROPPED_BELOW)
      return void reject(
        refuted === undefined ? 'too-weak' : 'refuted',
        () => `weight ${weight.toFixed(2)} is below ${DROPPED_BELOW}${refuted === undefined ? '' : `: ${refuted}`}`,
      );
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
    else add('start', time.factor, time.order, time.why());
  }
  if (holds) {
    if (coexist(cause, effect)) add('hold', 1, 'unknown', 'what holds needs no order in time');
    else reject('excluded-by-time', () => 'the cause began after the effect was over');
  }
  if (BASE[link.confidence] < BASE.strong) ask('proves');
}

const TITLE_SHOWN = 70;

/** What the answer tells, and what for: the sentences stand beside the command. */
function whyAsked(kind: AskedQuestion['kind'], tells: string, cause: Fact, effect: Fact): string {
  const step = `“${nameOf(cause)}” led to “${nameOf(effect)}”`;
  const state = {
    holds: `The bundle does not show whether ${step}`,
    proves: `That ${step} is plausible, not proven`,
    supports: `It could support that ${step}`,
    refutes: `It could speak against that ${step}`,
  }[kind];
  return `It tells: ${tells}. ${state}`;
}

function nameOf({ title }: Fact): string {
  return shorten(title.replace(/ \(and \d+ more like it\)$/u, ''), TITLE_SHOWN);
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
