/**
 * When a boot began: what turns "seconds since boot" into wall-clock time.
 *
 * Each anchor gives an interval for the moment of the boot: a line that has both times (rsyslog's kernel lines, journal
 * JSON), an audit line, "setting system clock", or a kernel text that dmesg and a journal of the node both have. The
 * anchors that agree to within seconds decide; the monotonic clock stands still in a suspend and the wall clock may be
 * set, so a boot may have several stretches, each with its own moment.
 */
import type { LogRecord, ReadSource, Span } from '../model/index.ts';

type AnchorKind = 'audit' | 'both-times' | 'same-text' | 'boot-time' | 'rtc' | 'uptime';

export interface Anchor {
  readonly kind: AnchorKind;
  readonly seconds: number;
  /** The boot began in here. */
  readonly boot: Span;
  /** Anchors of one key count once. */
  readonly key: string;
}

export interface BootMoment {
  readonly fromSeconds: number;
  readonly boot: Span;
  /** For the report: `3 kernel lines that the journal has too`. */
  readonly why: string;
  /** Fewer than three witnesses, and none of the exact kind. */
  readonly weak: boolean;
}

const AGREE_MS = 3000;
/** A late reader shifts many lines by the same: an earlier moment with support is better, if it is this close. */
const LATE_MS = 120_000;
const MIN_WITNESSES = 3;
const MAX_STRETCHES = 4;
const MAX_ANCHORS = 600;
const MAX_PAIRED = 5000;
const MAX_REPEATS = 20;
const MAX_CANDIDATES = 500;
const MIN_TEXT = 12;
const AUDIT = /\baudit\((\d{9,10})\.(\d{3}):\d{1,12}\)/u;
const RTC = /setting system clock to \S{8,12}[T ]\S{5,9} UTC \((\d{9,10})\)/u;
const WORDS: Readonly<Record<AnchorKind, (count: number) => string>> = {
  audit: (count) => `${count} audit ${count === 1 ? 'line' : 'lines'} with the time of the system clock`,
  'both-times': (count) => `${count} ${count === 1 ? 'line that has' : 'lines that have'} both times`,
  'same-text': (count) => `${count} kernel ${count === 1 ? 'line' : 'lines'} that a journal has too`,
  'boot-time': () => 'the time of the boot, as the kernel states it',
  rtc: () => 'the hardware clock, read at the boot',
  uptime: () => 'the uptime at the collection',
};

/** Anchors that stand in the kernel log itself. */
export function ownAnchors(records: readonly LogRecord[]): readonly Anchor[] {
  return records.flatMap((record): readonly Anchor[] => {
    const seconds = secondsOf(record);
    if (seconds === undefined) {
      return [];
    }
    const text = record.message.slice(0, 400);
    const audit = AUDIT.exec(text);
    if (audit !== null) {
      const ms = Number(audit[1]) * 1000 + Number(audit[2]);
      // The kernel takes the time, then prints: a little earlier than the line's own seconds say.
      const boot = ms - seconds * 1000;
      return [{ kind: 'audit', seconds, boot: { earliest: boot - 20, latest: boot + 20 }, key: `${record.id}` }];
    }
    const rtc = RTC.exec(text);
    if (rtc !== null) {
      const boot = Number(rtc[1]) * 1000 - seconds * 1000;
      return [{ kind: 'rtc', seconds, boot: { earliest: boot, latest: boot + 1000 }, key: record.id }];
    }
    return [];
  });
}

function secondsOf(record: LogRecord): number | undefined {
  const seconds =
    record.stamp?.kind === 'boot' ? record.stamp.seconds : Number(record.fields['boot.seconds'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** A kernel line with its wall-clock time, from a journal or syslog file. */
export interface TimedKernelLine {
  readonly source: ReadSource;
  readonly record: LogRecord;
  readonly at: Span;
}

export function anchorsOfBothTimes(lines: readonly TimedKernelLine[]): readonly Anchor[] {
  return lines.flatMap(({ record, at }) => {
    const seconds = secondsOf(record);
    return seconds === undefined || record.stamp?.kind === 'boot'
      ? []
      : [{ kind: 'both-times' as const, seconds, boot: bootOf(at, seconds), key: record.id }];
  });
}

/** Kernel lines by their text, each list in the order of its file. */
export type KernelTexts = ReadonlyMap<string, readonly TimedKernelLine[]>;

export function byText(lines: readonly TimedKernelLine[]): KernelTexts {
  const texts = new Map<string, TimedKernelLine[]>();
  for (const line of lines) {
    const list = texts.get(line.record.message);
    if (list === undefined) {
      texts.set(line.record.message, [line]);
    } else {
      list.push(line);
    }
  }
  return texts;
}

/**
 * Equal kernel texts of a kernel log and the journals, by journal. Paired from the end: the ring buffer of the kernel
 * has lost its beginning first.
 *
 * @param mayBe whether a journal can be of the same machine
 */
export function anchorsOfSameText(
  kernel: readonly LogRecord[],
  texts: KernelTexts,
  mayBe: (line: TimedKernelLine) => boolean,
): ReadonlyMap<ReadSource, readonly Anchor[]> {
  const anchors = new Map<ReadSource, Anchor[]>();
  const nth = new Map<string, number>();
  for (const record of kernel.slice(-MAX_PAIRED).reverse()) {
    const seconds = secondsOf(record);
    const text = record.message;
    const before = nth.get(text) ?? 0;
    if (seconds === undefined || text.length < MIN_TEXT || before >= MAX_REPEATS) {
      continue;
    }
    nth.set(text, before + 1);
    for (const line of nthFromEnd(texts.get(text) ?? [], before, mayBe)) {
      const own = anchors.get(line.source) ?? [];
      anchors.set(line.source, own);
      own.push({ kind: 'same-text', seconds, boot: bootOf(line.at, seconds), key: text });
    }
  }
  return anchors;
}

/** Of each source its line of that number, counted from the end. */
function nthFromEnd(
  lines: readonly TimedKernelLine[],
  nth: number,
  mayBe: (line: TimedKernelLine) => boolean,
): readonly TimedKernelLine[] {
  const seen = new Map<ReadSource, number>();
  const found: TimedKernelLine[] = [];
  for (const line of lines.slice(-MAX_CANDIDATES).reverse()) {
    const count = seen.get(line.source) ?? 0;
    seen.set(line.source, count + 1);
    if (count === nth && mayBe(line)) {
      found.push(line);
    }
  }
  return found;
}

function bootOf(at: Span, seconds: number): Span {
  return { earliest: at.earliest - seconds * 1000, latest: at.latest - seconds * 1000 };
}

/**
 * The moments of a boot by its anchors, by rising seconds; empty when there are none.
 *
 * @param anchors of one boot of one node
 */
export function bootMoments(anchors: readonly Anchor[]): readonly BootMoment[] {
  // The latest lines are the ones that were read in time.
  let rest = anchors.toSorted((a, b) => a.seconds - b.seconds).slice(-MAX_ANCHORS);
  const stretches: { readonly from: number; readonly to: number; readonly moment: BootMoment }[] = [];
  while (rest.length > 0 && stretches.length < MAX_STRETCHES) {
    const group = largestAgreeing(rest);
    const witnesses = countWitnesses(group);
    const exact = group.some((anchor) => anchor.kind !== 'same-text' && anchor.kind !== 'rtc');
    if (stretches.length > 0 && witnesses < MIN_WITNESSES) {
      break;
    }
    const from = Math.min(...group.map((anchor) => anchor.seconds));
    const to = Math.max(...group.map((anchor) => anchor.seconds));
    const isApart = stretches.every((other) => to < other.from || from > other.to);
    if (isApart) {
      stretches.push({
        from,
        to,
        moment: {
          fromSeconds: from,
          boot: agreedSpan(group),
          why: wordsOf(group),
          weak: witnesses < MIN_WITNESSES && !exact,
        },
      });
    }
    const used = new Set(group);
    rest = rest.filter((anchor) => !used.has(anchor));
  }
  const sorted = stretches.sort((a, b) => a.from - b.from);
  return sorted.map(({ moment }, i) => (i === 0 ? { ...moment, fromSeconds: 0 } : moment));
}

/** The moment that holds for a time since boot. */
export function momentAt(moments: readonly BootMoment[], seconds: number): BootMoment | undefined {
  return moments.filter((moment) => moment.fromSeconds <= seconds).at(-1) ?? moments[0];
}

function largestAgreeing(anchors: readonly Anchor[]): readonly Anchor[] {
  const sorted = [...anchors].sort((a, b) => a.boot.earliest - b.boot.earliest || a.seconds - b.seconds);
  let best: readonly Anchor[] = [];
  let bestWeight = 0;
  let from = 0;
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[to]?.boot.earliest ?? 0) - (sorted[from]?.boot.earliest ?? 0) > AGREE_MS) {
      from += 1;
    }
    const group = sorted.slice(from, to + 1);
    const weight = countWitnesses(group);
    const start = group[0]?.boot.earliest ?? 0;
    const isLate =
      bestWeight >= MIN_WITNESSES &&
      start - (best[0]?.boot.earliest ?? 0) <= LATE_MS &&
      start !== best[0]?.boot.earliest;
    if (weight > bestWeight && (!isLate || overlaps(group, best))) {
      best = group;
      bestWeight = weight;
    }
  }
  return best;
}

function overlaps(a: readonly Anchor[], b: readonly Anchor[]): boolean {
  const known = new Set(b);
  return a.some((anchor) => known.has(anchor));
}

/** Different texts; the exact kinds count like several. */
function countWitnesses(group: readonly Anchor[]): number {
  const keys = new Set(group.map((anchor) => anchor.key));
  const exact = group.filter((anchor) => anchor.kind === 'audit' || anchor.kind === 'boot-time').length;
  return keys.size + exact;
}

/** The intersection, or, where delays have left none, the span up to the earliest end. */
function agreedSpan(group: readonly Anchor[]): Span {
  const latest = Math.min(...group.map((anchor) => anchor.boot.latest));
  const earliest = Math.max(...group.map((anchor) => anchor.boot.earliest));
  if (earliest <= latest) {
    return { earliest, latest };
  }
  const least = Math.min(...group.map((anchor) => anchor.boot.earliest));
  return { earliest: Math.min(least, latest), latest };
}

function wordsOf(group: readonly Anchor[]): string {
  const kinds: readonly AnchorKind[] = ['audit', 'both-times', 'same-text', 'boot-time', 'rtc', 'uptime'];
  return kinds
    .flatMap((kind) => {
      const count = new Set(group.filter((anchor) => anchor.kind === kind).map((anchor) => anchor.key)).size;
      return count === 0 ? [] : [WORDS[kind](count)];
    })
    .join(', ');
}
