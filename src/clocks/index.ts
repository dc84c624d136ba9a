/**
 * Puts every record of a bundle on one time axis, and says what that rests on.
 *
 * Nothing is rewritten: a stamp becomes an interval in UTC with the name of the clock that wrote it. The random part of
 * the uncertainty is in the interval, the systematic part (how far two clocks are apart) is left to those who compare: `offset` tells it to them.
 */
import type {
  CollectionHint,
  Diagnostic,
  EpochMs,
  Gap,
  LogRecord,
  LogVolume,
  MustOrder,
  ReadSource,
  TimedVolume,
  TimeRef,
} from '../model/index.ts';
import { anchorBoots } from './anchoring.ts';
import { type FileBoots, fileBoots } from './boots.ts';
import { COLLECTING_MS, type CollectionTimes, collectionTimes, FILE_TIMES, NEWEST_TIME } from './collection.ts';
import { type FileClock, isConverted, timeOf } from './file-clock.ts';
import { hostOf, mainNode } from './hosts.ts';
import { orderedPairs } from './must-orders.ts';
import { reportClocks } from './report-clocks.ts';
import type { ClockResult, CollectedAt } from './result.ts';
import { yearsOfSources } from './rotations.ts';
import { sharedClocks, skewOf } from './skew.ts';
import { wallMs } from './wall.ts';
import { assumedReference, type Reference, yearlessDates } from './years.ts';
import { type HostZones, hostZones, isTwinText, type LocalRecord, zonesFromTwins } from './zones.ts';

export type { ClockResult } from './result.ts';

export interface ClockOptions {
  /** IANA name, offset or abbreviation for logs that tell no zone. */
  readonly timezone?: string;
  readonly collectedAt?: EpochMs;
  /** Pairs of records that must be in order: they tell how far clocks are apart. */
  readonly mustOrders?: readonly MustOrder[];
}

/** The year of these rules: taken where a bundle holds no year at all, as a recorded assumption. */
export const REFERENCE_YEAR = 2026;

/** After a boot the first lines may come from programs other than the kernel. */
const BOOT_LINES = 12;

export function resolveClocks(
  sources: readonly ReadSource[],
  hints: readonly CollectionHint[],
  options: ClockOptions = {},
): ClockResult {
  const zones = hostZones(sources, options.timezone);
  const collection = collectionTimes(sources, hints, options.collectedAt);
  const assumed = assumedReference(sources.flatMap(yearlessDates), REFERENCE_YEAR);
  const years = yearsOfSources(sources, (source) => referenceOf(source, collection, assumed));
  const plain = sources.map((source): FileClock => {
    const collected = collection.of(source.path);
    return {
      source,
      boots: fileBoots(source),
      zones,
      years: years.get(source.path),
      collected,
      collectedIsAssumed: collected?.basis === NEWEST_TIME || collected?.basis === FILE_TIMES,
      anchored: new Map(),
      suspended: isConverted(source) && wasSuspended(source, sources),
    };
  });
  learnZones(plain, zones);
  const newest = collection.whole === undefined ? newestLine(plain) : undefined;
  const dated =
    newest === undefined ? plain : plain.map((clock) => ({ ...clock, collected: newest, collectedIsAssumed: true }));
  const anchors = anchorBoots(dated);
  const clocks = dated.map((clock) => ({ ...clock, anchored: anchors.get(clock.source.path) ?? new Map() }));
  const timed = clocks.map(timedSource);
  const collectedAt = collection.whole ?? newest;
  const skew = skewOf(orderedPairs(timed, options.mustOrders ?? []), sharedClocks(timed));
  return {
    sources: timed,
    volumes: clocks.flatMap(timedVolume),
    ...(collectedAt === undefined ? {} : { collectedAt }),
    clocks: reportClocks(clocks, timed, skew.known),
    offset: skew.offset,
    diagnostics: [...diagnose(clocks), ...skew.diagnostics],
  };
}

/**
 * Where no full date is in the bundle, ages are counted from the newest line of its logs, whatever year that was given:
 * tables and logs of one incident then stand on one axis.
 */
function newestLine(clocks: readonly FileClock[]): CollectedAt | undefined {
  const newest = clocks.reduce<EpochMs | undefined>((best, clock) => {
    const { volume } = clock.source;
    const latest = timeOf(clock, volume?.lastStamp, { line: volume?.lastLine ?? 0 })?.at.latest;
    return latest !== undefined && (best === undefined || latest > best) ? latest : best;
  }, undefined);
  const basis = clocks.some(({ years }) => years?.assumed === true) ? `${NEWEST_TIME}, year assumed` : NEWEST_TIME;
  return newest === undefined ? undefined : { at: { earliest: newest, latest: newest + COLLECTING_MS }, basis };
}

/** Nothing in a file is later than its collection, and the collection is no earlier than the newest time inside. */
function referenceOf(source: ReadSource, collection: CollectionTimes, assumed: Reference): Reference {
  const collected = collection.of(source.path);
  if (collected === undefined) {
    return assumed;
  }
  const latestMs = Math.max(collected.at.latest, collection.newest ?? collected.at.latest);
  const basis = collected.basis.startsWith('rows') ? 'collection time' : collected.basis;
  return { latestMs, basis, assumed: false };
}

function wasSuspended(source: ReadSource, sources: readonly ReadSource[]): boolean {
  const node = mainNode(source);
  return sources.some(
    (other) =>
      (other === source || (node !== undefined && mainNode(other) === node)) &&
      other.records.some((record) => record.message.startsWith('PM: suspend entry')),
  );
}

/** The same messages in logs with and without a zone. */
function learnZones(clocks: readonly FileClock[], zones: HostZones): void {
  const local = clocks.flatMap((clock) =>
    clock.source.records.flatMap((record) => localRecord(clock, record, zones) ?? []),
  );
  if (local.length === 0) {
    return;
  }
  const zoned = clocks.flatMap(({ source }) =>
    source.records.flatMap(({ kind, stamp, unit, message }) =>
      kind === 'log' && stamp?.kind === 'instant' && isTwinText(message)
        ? [{ text: twinText(unit, message), epochMs: stamp.epochMs }]
        : [],
    ),
  );
  zones.learn(zonesFromTwins(zoned, local));
}

function localRecord(clock: FileClock, record: LogRecord, zones: HostZones): LocalRecord | undefined {
  const { kind, stamp, message } = record;
  if (
    kind !== 'log' ||
    stamp?.kind !== 'wall' ||
    stamp.zone !== undefined ||
    stamp.utc === true ||
    !isTwinText(message)
  ) {
    return undefined;
  }
  const host = hostOf(clock.source, record);
  const year = stamp.year ?? clock.years?.yearAt(record.ref.line);
  return year === undefined || !zones.zoneOf(host).assumed
    ? undefined
    : { host, text: twinText(record.unit, message), wallMs: wallMs(stamp, year) };
}

function twinText(unit: string | undefined, message: string): string {
  return `${unit ?? ''} ${message}`;
}

function timedSource(clock: FileClock): ReadSource {
  return { ...clock.source, records: clock.source.records.map((record) => timedRecord(clock, record)) };
}

function timedRecord(clock: FileClock, record: LogRecord): LogRecord {
  const asker = { line: record.ref.line, record };
  const time = record.time ?? timeOf(clock, record.stamp, asker);
  const lastTime = record.lastTime ?? timeOf(clock, record.lastStamp, asker);
  const boot = record.boot ?? (record.kind === 'log' ? clock.boots.bootAt(record.ref.line) : undefined);
  const timed: { -readonly [K in keyof LogRecord]: LogRecord[K] } = { ...record };
  if (time !== undefined) {
    timed.time = time;
  }
  if (lastTime !== undefined) {
    timed.lastTime = lastTime;
  }
  if (boot !== undefined) {
    timed.boot = boot;
  }
  return timed;
}

function timedVolume(clock: FileClock): readonly TimedVolume[] {
  const { volume, path } = clock.source;
  if (volume === undefined) {
    return [];
  }
  const at = (stamp: LogVolume['firstStamp'], line: number | undefined): TimeRef | undefined =>
    timeOf(clock, stamp, { line: line ?? 0 });
  const top = at(volume.firstStamp, volume.firstLine);
  const bottom = at(volume.lastStamp, volume.lastLine);
  // A file that was printed newest first begins with its last line.
  const isBackwards =
    volume.newestFirst ?? (top !== undefined && bottom !== undefined && bottom.at.latest < top.at.earliest);
  const inTime = <T>(from: T, to: T): readonly [T, T] => (isBackwards ? [to, from] : [from, to]);
  const [first, last] = inTime(top, bottom);
  const [firstLine, lastLine] = inTime(volume.firstLine, volume.lastLine);
  const node = mainNode(clock.source);
  const ended = gapsBeforeBoots(clock.boots, volume.gaps);
  return [
    {
      path,
      ...(isBackwards ? { newestFirst: true } : {}),
      ...(node === undefined ? {} : { node }),
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      ...(firstLine === undefined ? {} : { firstLine }),
      ...(lastLine === undefined ? {} : { lastLine }),
      ...(volume.medianGapMs === undefined ? {} : { medianGapMs: volume.medianGapMs }),
      writers: volume.writers.map(({ first: firstStamp, last: lastStamp, ...writer }) => {
        const [from, to] = inTime(at(firstStamp, writer.firstLine), at(lastStamp, writer.lastLine));
        const [begin, end] = inTime(writer.firstLine, writer.lastLine);
        const boot = clock.boots.bootAt(begin);
        return {
          ...writer,
          firstLine: begin,
          lastLine: end,
          ...(from === undefined ? {} : { first: from }),
          ...(to === undefined ? {} : { last: to }),
          ...(boot === undefined ? {} : { boot }),
        };
      }),
      gaps: volume.gaps.flatMap((gap) => {
        const from = at(gap.from.stamp, gap.from.line);
        const to = at(gap.to.stamp, gap.to.line);
        return from === undefined || to === undefined || from.basis === 'neighbour'
          ? []
          : [
              {
                from: { line: gap.from.line, time: from },
                to: { line: gap.to.line, time: to },
                bootFollows: ended.has(gap),
              },
            ];
      }),
    },
  ];
}

/** One gap for each boot: the one that holds its first line, else the longest of those that end a few lines before. */
function gapsBeforeBoots(boots: FileBoots, gaps: readonly Gap[]): ReadonlySet<Gap> {
  const found = new Set<Gap>();
  const { place } = boots;
  for (const start of boots.starts) {
    const at = place(start);
    const gap =
      gaps.find(({ from, to }) => place(from.line) < at && at <= place(to.line)) ??
      gaps.find(({ from, to }) => place(from.line) < at && at <= place(to.line) + BOOT_LINES);
    if (gap) {
      found.add(gap);
    }
  }
  return found;
}

function diagnose(clocks: readonly FileClock[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const aged = clocks.filter(({ source }) => source.records.some((record) => record.stamp?.kind === 'age'));
  if (clocks.every(({ collected }) => collected === undefined) && aged.length > 0) {
    diagnostics.push({
      severity: 'warning',
      code: 'collection-time-unknown',
      message:
        `Ages in ${aged.length === 1 ? 'one file' : `${aged.length} files`} have no time: nothing in the bundle tells ` +
        'when it was collected. Give it with --collected-at.',
    });
  }
  for (const clock of clocks) {
    const { source, years, suspended } = clock;
    if (years?.assumed === true) {
      diagnostics.push({
        severity: 'warning',
        code: 'year-assumed',
        message: `No year in the bundle: ${REFERENCE_YEAR} assumed. Give the time of collection with --collected-at.`,
        source: source.path,
      });
    }
    for (const stretch of years?.unset ?? []) {
      diagnostics.push({
        severity: 'info',
        code: 'clock-not-set',
        message: `Lines ${stretch.fromLine} to ${stretch.toLine - 1} were written before the clock was set.`,
        source: source.path,
        line: stretch.fromLine,
      });
    }
    if (suspended) {
      diagnostics.push({
        severity: 'warning',
        code: 'dmesg-times-doubtful',
        message: 'Times of dmesg -T are wrong for lines before a suspend.',
        source: source.path,
      });
    }
    if (isUnanchored(clock)) {
      diagnostics.push({
        severity: 'info',
        code: 'boot-time-unknown',
        message: 'Seconds since boot have no time: nothing in the bundle tells when the machine was booted.',
        source: source.path,
      });
    }
  }
  return diagnostics;
}

function isUnanchored({ source, anchored }: FileClock): boolean {
  return anchored.size === 0 && source.records.some((record) => record.stamp?.kind === 'boot');
}
