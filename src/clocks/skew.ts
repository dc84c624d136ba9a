/**
 * How far the clocks of a bundle are apart, from records that must be in order.
 *
 * A record that must come first but shows the later time proves that its clock runs ahead by at least the difference.
 * Each pair of records gives such a bound, an order the other way round the bound from above; bounds add up along chains
 * of clocks. A bound counts only with several pairs behind it: a single pair may be of two different occurrences.
 *
 * Bounds that contradict each other mean that a clock was set in between: then either may hold, and the report says so.
 */
import type { Diagnostic, ReadSource } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { ASSUMED_OFFSET, ASSUMED_OFFSET_MS, type ClockOffset, isDecided, NO_OFFSET } from '../time/clock-offset.ts';
import type { Distance } from '../time/span.ts';
import type { OrderedPair } from './must-orders.ts';

/** What is known of two clocks. */
export interface KnownOffset {
  readonly clock: string;
  readonly against: string;
  /** How much `clock` shows more than `against`; a side without enough pairs is infinite. */
  readonly bounds: Distance;
  /** Pairs of records behind it. */
  readonly pairs: number;
  /** `decided`: certainly apart; `wide`: may be further apart than is assumed; `contradicted`: set in between. */
  readonly verdict: 'decided' | 'wide' | 'contradicted' | 'agree';
}

export interface Skew {
  readonly offset: ClockOffset;
  /** Sorted; without those that say no more than the assumption. */
  readonly known: readonly KnownOffset[];
  readonly diagnostics: readonly Diagnostic[];
}

/** So many pairs must agree on a bound. */
const MIN_PAIRS = 3;
/** Fewer milliseconds apart are rounding and reading late. */
const MIN_DECIDED_MS = 500;
const MAX_CLOCKS = 200;
const INFINITE = Number.POSITIVE_INFINITY;

/**
 * @param nodeOf clocks that are one: a container reads the clock of its node
 */
export function skewOf(found: readonly OrderedPair[], nodeOf: (clock: string) => string): Skew {
  const pairs = found
    .map((pair) => ({ ...pair, ahead: nodeOf(pair.ahead), behind: nodeOf(pair.behind) }))
    .filter(({ ahead, behind }) => ahead !== behind);
  const direct = directBounds(pairs);
  const clocks = [...new Set(pairs.flatMap(({ ahead, behind }) => [ahead, behind]))].sort(byText).slice(0, MAX_CLOCKS);
  const least = chained(direct, clocks);
  const known: KnownOffset[] = [];
  for (const [at, clock] of clocks.entries()) {
    for (const against of clocks.slice(at + 1)) {
      const offset = knownOffset(clock, against, direct, least);
      if (offset !== undefined) {
        known.push(offset);
      }
    }
  }
  const telling = known.filter(({ verdict }) => verdict !== 'agree');
  const allowed = new Map(telling.map((each) => [`${each.clock}\n${each.against}`, allowedOffset(each)]));
  return {
    known: telling,
    offset: (a, b) => {
      const [one, other] = [nodeOf(a), nodeOf(b)];
      if (one === other) {
        return NO_OFFSET;
      }
      const forward = allowed.get(`${one}\n${other}`);
      const backward = allowed.get(`${other}\n${one}`);
      return forward ?? (backward === undefined ? ASSUMED_OFFSET : negated(backward));
    },
    diagnostics: telling.flatMap((each) => (each.verdict === 'contradicted' ? [contradiction(each)] : [])),
  };
}

/** Bound and number of pairs, by `ahead\nbehind`. */
type Bounds = ReadonlyMap<string, { readonly leastMs: number; readonly pairs: number }>;

function directBounds(pairs: readonly OrderedPair[]): Bounds {
  const byClocks = new Map<string, number[]>();
  for (const { ahead, behind, leastMs } of pairs) {
    const key = `${ahead}\n${behind}`;
    const list = byClocks.get(key);
    if (list === undefined) {
      byClocks.set(key, [leastMs]);
    } else {
      list.push(leastMs);
    }
  }
  return new Map(
    [...byClocks].map(([key, list]) => {
      const sorted = list.sort((a, b) => b - a);
      // What the third pair still says is borne out by three.
      return [key, { leastMs: sorted[MIN_PAIRS - 1] ?? -INFINITE, pairs: sorted.length }];
    }),
  );
}

/** The greatest lower bound along any chain of clocks; direct bounds only where a chain contradicts itself. */
function chained(direct: Bounds, clocks: readonly string[]): (ahead: string, behind: string) => number {
  const at = new Map(clocks.map((clock, index) => [clock, index]));
  const least = clocks.map((one) =>
    clocks.map((other) => (one === other ? 0 : (direct.get(`${one}\n${other}`)?.leastMs ?? -INFINITE))),
  );
  const own = (a: string, b: string) => direct.get(`${a}\n${b}`)?.leastMs ?? -INFINITE;
  for (let via = 0; via < clocks.length; via += 1) {
    for (let from = 0; from < clocks.length; from += 1) {
      const first = least[from]?.[via] ?? -INFINITE;
      for (let to = 0; to < clocks.length && first > -INFINITE; to += 1) {
        const sum = first + (least[via]?.[to] ?? -INFINITE);
        const row = least[from];
        if (row !== undefined && sum > (row[to] ?? -INFINITE)) {
          row[to] = sum;
        }
      }
    }
  }
  const isConsistent = clocks.every((_, index) => (least[index]?.[index] ?? 0) <= 0);
  return isConsistent ? (a, b) => least[at.get(a) ?? -1]?.[at.get(b) ?? -1] ?? -INFINITE : own;
}

function knownOffset(
  clock: string,
  against: string,
  direct: Bounds,
  least: (ahead: string, behind: string) => number,
): KnownOffset | undefined {
  const lower = least(clock, against);
  const upper = -least(against, clock);
  if (lower === -INFINITE && upper === INFINITE) {
    return undefined;
  }
  const pairs = (direct.get(`${clock}\n${against}`)?.pairs ?? 0) + (direct.get(`${against}\n${clock}`)?.pairs ?? 0);
  const bounds = { least: Math.min(lower, upper), greatest: Math.max(lower, upper) };
  if (lower > upper) {
    return { clock, against, bounds, pairs, verdict: lower - upper > MIN_DECIDED_MS ? 'contradicted' : 'agree' };
  }
  const isApart = Math.max(lower, -upper) >= MIN_DECIDED_MS;
  const isBounded = lower > -INFINITE && upper < INFINITE;
  if (isApart && isBounded && isDecided(bounds)) {
    return { clock, against, bounds, pairs, verdict: 'decided' };
  }
  const isWide = lower > ASSUMED_OFFSET_MS || upper < -ASSUMED_OFFSET_MS;
  return { clock, against, bounds, pairs, verdict: isWide ? 'wide' : 'agree' };
}

/** What comparisons allow for: the bounds where they decide, else they and the assumption around them. */
function allowedOffset({ bounds, verdict }: KnownOffset): Distance {
  if (verdict === 'decided') {
    return bounds;
  }
  const ends = [bounds.least, bounds.greatest].filter((ms) => Number.isFinite(ms));
  return {
    least: Math.min(0, ...ends) - ASSUMED_OFFSET_MS,
    greatest: Math.max(0, ...ends) + ASSUMED_OFFSET_MS,
  };
}

function negated({ least, greatest }: Distance): Distance {
  return { least: -greatest, greatest: -least };
}

function contradiction({ clock, against, bounds, pairs }: KnownOffset): Diagnostic {
  return {
    severity: 'warning',
    code: 'clock-offset-contradicted',
    message:
      `The clocks ${clock} and ${against} were apart by ${Math.round(bounds.least)} ms and by ` +
      `${Math.round(bounds.greatest)} ms (${pairs} pairs of records that must be in order): one of them was set in ` +
      'between. Comparisons allow for both.',
  };
}

/** Clocks that are one: containers whose node a listing tells, and long and short names of a node. */
export function sharedClocks(sources: readonly ReadSource[]): (clock: string) => string {
  const nodes = new Map<string, string | undefined>();
  for (const { records } of sources) {
    for (const { row, namespace } of records) {
      const { name, node } = row?.kind === 'Pod' ? row.values : {};
      const own = row?.values['namespace'] ?? namespace;
      if (typeof name === 'string' && typeof node === 'string' && typeof own === 'string') {
        const clock = `pod/${own}/${name}`;
        // A pod of that name was on several nodes: nobody knows which clock its log has.
        nodes.set(clock, nodes.has(clock) && nodes.get(clock) !== node ? undefined : node);
      }
    }
  }
  return (clock) => {
    const node = nodes.get(clock);
    return shortName(node === undefined ? clock : `node/${node}`);
  };
}

/** `node/worker-1.example.org` and `node/worker-1` are one machine; an address stays whole. */
function shortName(clock: string): string {
  const found = /^(node\/[a-z][a-z0-9-]{0,62})\./iu.exec(clock);
  return found?.[1] ?? clock;
}
