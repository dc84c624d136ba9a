/**
 * One line in two files is one occurrence: a journal and the kubelet's part of it, dmesg and the journal's kernel lines,
 * Events in a list and below a description.
 *
 * Copies have the same text on the same clock, and times that may be one; each line of a file stands for one of the
 * other. The file with its own and finest times counts, so that a copy never blurs what is known.
 */
import type { Span } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { hull, overlap } from '../time/span.ts';
import type { Match } from './match.ts';

interface Told {
  readonly match: Match;
  readonly at: Span;
  /** Index among all matches. */
  readonly index: number;
}

/** Without the copies, in their order. */
export function withoutCopies(matches: readonly Match[]): Match[] {
  const groups = new Map<string, Told[]>();
  for (const [index, match] of matches.entries()) {
    const key = keyOf(match);
    const at = spanOf(match);
    if (key === undefined || at === undefined) continue;
    const known = groups.get(key);
    if (known) known.push({ match, at, index });
    else groups.set(key, [{ match, at, index }]);
  }
  const copies = new Set<number>();
  for (const group of groups.values()) for (const index of copiesIn(group)) copies.add(index);
  return copies.size === 0 ? [...matches] : matches.filter((_, index) => !copies.has(index));
}

function keyOf({ signature, record }: Match): string | undefined {
  const { kind, message, fields, namespace, time } = record;
  if (kind === 'log') return time && [signature.id, time.clock, message].join('\0');
  return kind === 'kube-event'
    ? [signature.id, namespace ?? '', fields['object'] ?? '', message].join('\0')
    : undefined;
}

/** Of an Event all its occurrences. */
function spanOf({ record: { kind, time, lastTime } }: Match): Span | undefined {
  return kind === 'kube-event' && time && lastTime ? hull(time.at, lastTime.at) : time?.at;
}

function copiesIn(group: readonly Told[]): readonly number[] {
  const bySource = new Map<string, Told[]>();
  for (const told of group) {
    const { source } = told.match.record.ref;
    const known = bySource.get(source);
    if (known) known.push(told);
    else bySource.set(source, [told]);
  }
  if (bySource.size < 2) return [];
  const [first = [], ...others] = [...bySource]
    .map(([source, list]) => ({ source, list: list.sort(inTime), width: narrowest(list), counted: countedTimes(list) }))
    .sort((a, b) =>
      firstOf(a.counted - b.counted, a.width - b.width, b.list.length - a.list.length, byText(a.source, b.source)),
    )
    .map(({ list }) => list);
  let kept = first;
  const copies: number[] = [];
  for (const list of others) {
    const copied = copiesOf(kept, list);
    copies.push(...[...copied].map(({ index }) => index));
    kept = [...kept, ...list.filter((told) => !copied.has(told))].sort(inTime);
  }
  return copies;
}

/** Lines of a list that are also in the other one, each of which stands for one; both in order of time. */
function copiesOf(kept: readonly Told[], list: readonly Told[]): ReadonlySet<Told> {
  const used = new Set<Told>();
  const copied = new Set<Told>();
  let from = 0;
  for (const told of list) {
    let next = kept[from];
    while (next && (used.has(next) || next.at.latest < told.at.earliest)) {
      from++;
      next = kept[from];
    }
    for (let at = from; at < kept.length; at++) {
      const other = kept[at] as Told;
      if (other.at.earliest > told.at.latest) break;
      if (!used.has(other) && overlap(other.at, told.at)) {
        used.add(other);
        copied.add(told);
        break;
      }
    }
  }
  return copied;
}

function inTime(a: Told, b: Told): number {
  return firstOf(a.at.earliest - b.at.earliest, a.at.latest - b.at.latest, a.index - b.index);
}

/** Seconds since boot were turned into times, often by the very lines of the other file. */
function countedTimes(list: readonly Told[]): number {
  return list.filter(({ match }) => match.record.time?.basis === 'monotonic').length;
}

function narrowest(list: readonly Told[]): number {
  return Math.min(...list.map(({ at }) => at.latest - at.earliest));
}
