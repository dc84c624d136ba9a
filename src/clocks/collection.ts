/**
 * When the bundle was collected, which ages and years are counted from.
 *
 * In this order: the flag; the file's own rows (an age beside the exact time); dates that the collector wrote, nearest
 * folder first; rows of other files; the name of the bundle; the newest time inside, which is a lower bound and mostly
 * close; times of archive members, which copying may have changed.
 */
import type { CollectionHint, EpochMs, LogRecord, ReadSource, Span, Stamp } from '../model/index.ts';
import { hull, overlap } from '../time/span.ts';
import { instantsOf, parseZone, UTC } from '../time/zones.ts';
import { ownAnchors } from './monotonic.ts';
import type { CollectedAt } from './result.ts';
import { instantField, isPlausible, wallMs } from './wall.ts';

export interface CollectionTimes {
  /** For one file. Undefined when nothing in the bundle tells. */
  of(path: string): CollectedAt | undefined;
  readonly whole: CollectedAt | undefined;
  /** Newest full date in the bundle. */
  readonly newest: EpochMs | undefined;
}

/** Bases of collection times that are assumptions. */
export const FILE_TIMES = 'file times';
export const NEWEST_TIME = 'newest time in the bundle';
/** Formats whose output is a moment of the collection itself. */
const DATING_OUTPUTS: ReadonlySet<string> = new Set(['date', 'timedatectl', 'systemctl-status']);
/** Its reader finds the moment by the exact times in the names of Events. */
const EVENT_TABLE = 'kubectl-table';
const MINUTE_MS = 60_000;
/** Collectors run for a while before and after the moment they note. */
export const COLLECTING_MS = MINUTE_MS;
const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;
const CLOCK_SLACK_MS = 2 * MINUTE_MS;
const MAX_OFFSET_MS = 14 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

export function collectionTimes(
  sources: readonly ReadSource[],
  hints: readonly CollectionHint[],
  flag: EpochMs | undefined,
): CollectionTimes {
  const newest = newestTime(sources);
  if (flag !== undefined) {
    const given = { at: { earliest: flag, latest: flag }, basis: '--collected-at' };
    return { of: () => given, whole: given, newest };
  }
  const own = captures(sources);
  const dated = [...hints, ...hintsOfOutputs(sources)].flatMap((hint) => {
    const at = spanOfHint(hint, newest);
    return at === undefined ? [] : [{ at, basis: hint.basis, under: hint.under ?? '', exact: hint.exact === true }];
  });
  // A date that lies more than a day before the newest time inside is not the collection's.
  const strong = dated.filter(
    ({ at, basis }) => !isWeak(basis) && (newest === undefined || at.latest > newest - DAY_MS),
  );
  const named = strong.filter(({ basis }) => isName(basis));
  const noted = strong.filter(({ basis }) => !isName(basis));
  const exact = new Map(noted.flatMap((hint) => (hint.exact ? [[hint.under, hint] as const] : [])));
  const byRows = agreeing([...own.values()]);
  const fromRows =
    byRows === undefined ? undefined : { at: widened(byRows), basis: 'rows that show both an age and a time' };
  const fromNewest =
    newest === undefined ? undefined : { at: { earliest: newest, latest: newest + COLLECTING_MS }, basis: NEWEST_TIME };
  const weak = dated.filter(({ basis }) => isWeak(basis));

  function of(path: string): CollectedAt | undefined {
    const rows = own.get(path);
    const run = exact.get(path);
    // Rows may be good to a minute or a day only; where they contradict the collector, its clock was another one.
    if (run !== undefined && (rows === undefined || overlap(rows, run.at))) {
      return { at: run.at, basis: run.basis };
    }
    if (rows !== undefined) {
      return { at: rows, basis: 'rows that show both an age and a time' };
    }
    return (
      nearest(noted, path) ??
      inFolder(own, path) ??
      common(noted) ??
      fromRows ??
      atLeast(nearest(named, path), newest) ??
      fromNewest ??
      nearest(weak, path)
    );
  }
  const whole =
    nearest(noted, '') ??
    common(noted) ??
    fromRows ??
    atLeast(nearest(named, '') ?? common(named), newest) ??
    fromNewest ??
    nearest(weak, '');
  return { of, whole: whole ?? named[0] ?? weak[0], newest };
}

function isWeak(basis: string): boolean {
  return basis === FILE_TIMES;
}

function isName(basis: string): boolean {
  return basis.startsWith('name of');
}

interface DatedHint extends CollectedAt {
  readonly under: string;
  readonly exact: boolean;
}

/** The hint of the nearest folder above the path; of several there the last. */
function nearest(hints: readonly DatedHint[], path: string): CollectedAt | undefined {
  let best: DatedHint | undefined;
  for (const hint of hints) {
    const holds =
      hint.under === '' ||
      path === hint.under ||
      path.startsWith(hint.under.endsWith('/') ? hint.under : `${hint.under}/`);
    if (holds && (best === undefined || isNearer(hint, best))) {
      best = hint;
    }
  }
  return best === undefined ? undefined : { at: best.at, basis: best.basis };
}

function isNearer(hint: DatedHint, other: DatedHint): boolean {
  const lengths = hint.under.length - other.under.length;
  return lengths > 0 || (lengths === 0 && hint.at.latest > other.at.latest);
}

/** Hints of parts of the bundle, taken together when they are within an hour. */
function common(hints: readonly DatedHint[]): CollectedAt | undefined {
  const [first, ...rest] = hints;
  if (first === undefined) {
    return undefined;
  }
  const at = rest.reduce<Span>((span, hint) => hull(span, hint.at), first.at);
  return at.latest - at.earliest <= HOUR_MS ? { at, basis: first.basis } : undefined;
}

/** A name is mostly written when the collection begins: what is inside may be a little newer. */
function atLeast(named: CollectedAt | undefined, newest: EpochMs | undefined): CollectedAt | undefined {
  if (named === undefined || newest === undefined || named.at.latest >= newest) {
    return named;
  }
  return { at: { earliest: newest, latest: newest + COLLECTING_MS }, basis: NEWEST_TIME };
}

function inFolder(own: ReadonlyMap<string, Span>, path: string): CollectedAt | undefined {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const beside = agreeing(
    [...own].filter(([other]) => other.slice(0, other.lastIndexOf('/') + 1) === folder).map(([, at]) => at),
  );
  return beside === undefined ? undefined : { at: widened(beside), basis: 'rows that show both an age and a time' };
}

function widened(at: Span): Span {
  return { earliest: at.earliest - COLLECTING_MS, latest: at.latest + COLLECTING_MS };
}

/** Hull of the spans, when all lie within an hour: files of one run of the collector. */
function agreeing(spans: readonly Span[]): Span | undefined {
  const [first, ...rest] = spans;
  if (first === undefined) {
    return undefined;
  }
  const all = rest.reduce<Span>((span, next) => hull(span, next), first);
  return all.latest - all.earliest <= HOUR_MS ? all : undefined;
}

function spanOfHint(hint: CollectionHint, newest: EpochMs | undefined): Span | undefined {
  const { stamp } = hint;
  if (stamp.kind === 'instant') {
    return hint.exact === true
      ? { earliest: stamp.epochMs, latest: stamp.epochMs + stamp.precisionMs }
      : around(stamp.epochMs, stamp.precisionMs);
  }
  if (stamp.kind !== 'wall' || stamp.year === undefined) {
    return undefined;
  }
  const local = wallMs(stamp, stamp.year);
  const zone = stamp.utc === true ? UTC : stamp.zone === undefined ? undefined : parseZone(stamp.zone);
  if (zone !== undefined || newest === undefined) {
    return around(instantsOf(local, zone ?? UTC)[0] ?? local, stamp.precisionMs);
  }
  return around(inZoneOf(local, stamp.precisionMs, newest), stamp.precisionMs);
}

/**
 * A local time of an unknown zone: of the instants that it may mean, the one right after the newest time inside, as
 * collecting ends soon after the last line. Read as UTC where none of them lies there.
 */
function inZoneOf(local: EpochMs, precisionMs: number, newest: EpochMs): EpochMs {
  if (precisionMs > HALF_HOUR_MS || Math.abs(local - newest) > MAX_OFFSET_MS) {
    return local;
  }
  const steps = Math.floor((local + CLOCK_SLACK_MS - newest) / HALF_HOUR_MS);
  return local - steps * HALF_HOUR_MS;
}

function around(ms: EpochMs, precisionMs: number): Span {
  return { earliest: ms - COLLECTING_MS, latest: ms + Math.max(precisionMs, 0) + COLLECTING_MS };
}

/** Newest full date of any line or row; dates of clocks that cannot be right are passed over. */
function newestTime(sources: readonly ReadSource[]): EpochMs | undefined {
  let newest: number | undefined;
  const see = (stamp: Stamp | undefined) => {
    const ms =
      stamp?.kind === 'instant'
        ? stamp.epochMs
        : stamp?.kind === 'wall' && stamp.year !== undefined
          ? wallMs(stamp, stamp.year)
          : undefined;
    if (ms !== undefined && isPlausible(ms) && (newest === undefined || ms > newest)) {
      newest = ms;
    }
  };
  for (const source of sources) {
    for (const stamp of source.collected ?? []) {
      see(stamp);
    }
    for (const { seconds, boot } of ownAnchors(source.records)) {
      see({ kind: 'instant', epochMs: boot.earliest + seconds * 1000, precisionMs: 1000 });
    }
    see(source.volume?.firstStamp);
    see(source.volume?.lastStamp);
    for (const record of source.records) {
      see(record.stamp);
      see(record.lastStamp);
      const inner = instantField(record.fields['time.inner']);
      if (inner !== undefined) {
        see({ kind: 'instant', epochMs: inner, precisionMs: 1000 });
      }
    }
  }
  return newest;
}

/** Moments at which tables were printed, by their rows: exact creation or first time plus the age shown. */
function captures(sources: readonly ReadSource[]): ReadonlyMap<string, Span> {
  const created = creationTimes(sources);
  const result = new Map<string, Span>();
  for (const source of sources) {
    const moments = source.records.flatMap((record) => captureOf(record, created) ?? []);
    for (const stamp of source.coverage.format === EVENT_TABLE ? (source.collected ?? []) : []) {
      if (stamp.kind === 'instant') {
        moments.push({ earliest: stamp.epochMs, latest: stamp.epochMs + stamp.precisionMs });
      }
    }
    const best = mostCovered(moments);
    if (best !== undefined) {
      result.set(source.path, best);
    }
  }
  return result;
}

/** `date`, `timedatectl` and `systemctl status` date the run of the collector in their folder. */
function hintsOfOutputs(sources: readonly ReadSource[]): readonly CollectionHint[] {
  return sources.flatMap(({ path, coverage, collected = [] }) =>
    DATING_OUTPUTS.has(coverage.format)
      ? collected.map((stamp) => ({ stamp, basis: path, under: path.slice(0, Math.max(0, path.lastIndexOf('/'))) }))
      : [],
  );
}

function captureOf(record: LogRecord, created: ReadonlyMap<string, number>): Span | undefined {
  const { stamp, lastStamp } = record;
  if (stamp?.kind === 'instant' && lastStamp?.kind === 'age' && (record.count ?? 1) === 1) {
    return counted(stamp.epochMs, stamp.precisionMs, lastStamp);
  }
  const key = objectKey(record);
  const born = key === undefined ? undefined : created.get(key);
  return stamp?.kind === 'age' && record.kind === 'row' && born !== undefined ? counted(born, 1000, stamp) : undefined;
}

function counted(since: EpochMs, precisionMs: number, age: { readonly ageMs: number; readonly unitMs: number }): Span {
  return { earliest: since + age.ageMs, latest: since + precisionMs + age.ageMs + age.unitMs };
}

function creationTimes(sources: readonly ReadSource[]): ReadonlyMap<string, number> {
  const created = new Map<string, number>();
  for (const source of sources) {
    for (const record of source.records) {
      const key = objectKey(record);
      const written = record.row?.values['created'];
      const ms = typeof written === 'string' ? instantField(written) : undefined;
      if (key !== undefined && ms !== undefined && isPlausible(ms)) {
        created.set(key, ms);
      }
    }
  }
  return created;
}

function objectKey(record: LogRecord): string | undefined {
  const name = record.row?.values['name'];
  return record.row === undefined || typeof name !== 'string'
    ? undefined
    : `${record.row.kind}/${String(record.row.values['namespace'] ?? record.namespace ?? '')}/${name}`;
}

/** The stretch that most of the spans share: rows of objects that were made anew do not fit and are outvoted. */
function mostCovered(spans: readonly Span[]): Span | undefined {
  const edges = spans.flatMap((span) => [
    { ms: span.earliest, step: 1 },
    { ms: span.latest, step: -1 },
  ]);
  edges.sort((a, b) => a.ms - b.ms || b.step - a.step);
  let depth = 0;
  let deepest = 0;
  let best: { earliest: number; latest: number } | undefined;
  for (const { ms, step } of edges) {
    if (step < 0 && depth === deepest && best !== undefined && best.latest === Number.POSITIVE_INFINITY) {
      best.latest = ms;
    }
    depth += step;
    if (depth > deepest) {
      deepest = depth;
      best = { earliest: ms, latest: Number.POSITIVE_INFINITY };
    }
  }
  // A single row proves little when many contradict it.
  return best !== undefined && deepest * 2 >= spans.length ? best : undefined;
}
