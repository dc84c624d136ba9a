/** Turns the stamps of one file into times, with what was found out about its host, years, boots and collection. */
import type { EpochMs, LogRecord, ReadSource, Span, Stamp, TimeBasis, TimeRef } from '../model/index.ts';
import { instantsOf } from '../time/zones.ts';
import type { FileBoots } from './boots.ts';
import { clockOf, hostOf } from './hosts.ts';
import { type BootMoment, momentAt } from './monotonic.ts';
import type { CollectedAt } from './result.ts';
import { isPlausible, type WallStamp, wallMs } from './wall.ts';
import { withArticle } from './words.ts';
import type { FileYears, UnsetClock } from './years.ts';
import { type HostZones, zoneOfStamp } from './zones.ts';

/** The clock that a boot's times were anchored to. */
export interface Anchored {
  readonly moments: readonly BootMoment[];
  /** Clock of the log that held the anchors, where the kernel log itself names no node. */
  readonly clock: string | undefined;
}

export interface FileClock {
  readonly source: ReadSource;
  readonly boots: FileBoots;
  readonly zones: HostZones;
  readonly years: FileYears | undefined;
  readonly collected: CollectedAt | undefined;
  readonly collectedIsAssumed: boolean;
  /** By number of the boot. */
  readonly anchored: ReadonlyMap<number, Anchored>;
  /** The machine was suspended during the boot that `dmesg -T` shows. */
  readonly suspended: boolean;
}

/** Who asks: a record, or only a line of the file. */
export interface Asker {
  readonly line: number;
  readonly record?: LogRecord;
}

/** Times before the clock was set lie at most this long before the moment at which it was. */
const UNSET_STRETCH_MS = 600_000;
/** `dmesg -T` adds the boot time as it is now: good for this much. */
const CONVERTED_MS = 2000;

/** Undefined where the bundle does not tell. */
export function timeOf(clock: FileClock, stamp: Stamp | undefined, { line, record }: Asker): TimeRef | undefined {
  if (stamp === undefined) {
    return undefined;
  }
  const host = hostOf(clock.source, record);
  const name = record === undefined ? host : clockOf(clock.source, record, stamp.kind === 'age');
  switch (stamp.kind) {
    case 'instant':
      return isConverted(clock.source)
        ? convertedTime(clock, stamp.epochMs, instantTime(stamp, name))
        : instantTime(stamp, name);
    case 'wall':
      return wallTime(clock, stamp, line, host, name);
    case 'boot':
      return bootTime(clock, stamp, line, name);
    case 'age':
      return ageTime(clock, stamp);
  }
}

function instantTime(stamp: Extract<Stamp, { kind: 'instant' }>, clock: string): TimeRef {
  return {
    at: spanFrom(stamp.epochMs, stamp.precisionMs),
    precisionMs: stamp.precisionMs,
    clock,
    basis: 'absolute',
    assumptions: isPlausible(stamp.epochMs) ? [] : ['the clock of the machine was not set'],
  };
}

function wallTime(clock: FileClock, stamp: WallStamp, line: number, host: string, name: string): TimeRef | undefined {
  const stretch = clock.years?.unset.find((unset) => line >= unset.fromLine && line < unset.toLine);
  if (stretch !== undefined && stamp.year === undefined) {
    return unsetTime(clock, stretch, stamp, host, name);
  }
  const year = stamp.year ?? clock.years?.yearAt(line);
  if (year === undefined) {
    return undefined;
  }
  const choice = clock.zones.zoneOf(host);
  const own = zoneOfStamp(stamp, choice);
  const instants = instantsOf(wallMs(stamp, year), own ?? choice.zone);
  const [first = 0] = instants;
  const assumptions: string[] = [];
  if (stamp.year === undefined && clock.years !== undefined) {
    assumptions.push(clock.years.assumed ? `year assumed ${year}` : `year from ${withArticle(clock.years.basis)}`);
  }
  if (own === undefined && choice.assumed) {
    assumptions.push(
      stamp.zone === undefined ? choice.why : `zone ${stamp.zone} is ambiguous, ${choice.why.slice('zone '.length)}`,
    );
  }
  const basis: TimeBasis =
    stamp.year === undefined ? 'yearless' : own === undefined && choice.assumed ? 'zoneless' : 'absolute';
  const exact = spanFrom(first, stamp.precisionMs);
  const at = { earliest: exact.earliest, latest: exact.latest + ((instants.at(-1) ?? first) - first) };
  const time: TimeRef = { at, precisionMs: stamp.precisionMs, clock: name, basis, assumptions };
  return isConverted(clock.source) ? convertedTime(clock, first, time) : time;
}

/** The seconds since boot were added to the boot time as it was when dmesg ran: good for two seconds at best. */
function convertedTime(clock: FileClock, epochMs: EpochMs, time: TimeRef): TimeRef {
  return {
    ...time,
    at: { earliest: epochMs - CONVERTED_MS, latest: epochMs + CONVERTED_MS },
    precisionMs: CONVERTED_MS,
    assumptions: clock.suspended
      ? [...time.assumptions, 'dmesg -T is wrong for lines before a suspend']
      : time.assumptions,
  };
}

/** `dmesg -T` and `--time-format iso`: readable times that dmesg computed. */
export function isConverted(source: ReadSource): boolean {
  return /^dmesg-(?:ctime|iso)/u.test(source.coverage.format);
}

/** Lines from before the clock was set: they came shortly before the first line with a set clock. */
function unsetTime(
  clock: FileClock,
  stretch: UnsetClock,
  stamp: WallStamp,
  host: string,
  name: string,
): TimeRef | undefined {
  const year = clock.years?.yearAt(stretch.toLine);
  if (year === undefined) {
    return undefined;
  }
  const zone = clock.zones.zoneOf(host).zone;
  const setAt = instantsOf(wallMs(stretch.firstAfter, year), zone)[0] ?? 0;
  const before = wallMs(stretch.lastBefore, year) - wallMs(stamp, year);
  const latest = setAt - Math.max(0, before);
  return {
    at: { earliest: latest - UNSET_STRETCH_MS, latest },
    precisionMs: UNSET_STRETCH_MS,
    clock: name,
    basis: 'neighbour',
    assumptions: ['the clock was not set yet: placed before the first line with a set clock'],
  };
}

function bootTime(
  clock: FileClock,
  stamp: Extract<Stamp, { kind: 'boot' }>,
  line: number,
  name: string,
): TimeRef | undefined {
  const anchored = clock.anchored.get(clock.boots.bootAt(line) ?? 0);
  const moment = anchored === undefined ? undefined : momentAt(anchored.moments, stamp.seconds);
  if (anchored === undefined || moment === undefined) {
    return undefined;
  }
  const offset = stamp.seconds * 1000;
  return {
    at: {
      earliest: moment.boot.earliest + offset,
      latest: moment.boot.latest + offset + Math.max(0, stamp.precisionMs - 1),
    },
    precisionMs: moment.boot.latest - moment.boot.earliest + stamp.precisionMs,
    clock: name.startsWith('file/') ? (anchored.clock ?? name) : name,
    basis: 'monotonic',
    assumptions: moment.weak ? [`time of the boot rests on ${moment.why}`] : [],
  };
}

function ageTime(
  { collected, collectedIsAssumed }: FileClock,
  stamp: Extract<Stamp, { kind: 'age' }>,
): TimeRef | undefined {
  if (collected === undefined) {
    return undefined;
  }
  const { at, basis } = collected;
  return {
    at: { earliest: at.earliest - stamp.ageMs - stamp.unitMs, latest: at.latest - stamp.ageMs },
    precisionMs: stamp.unitMs,
    clock: 'collector',
    basis: 'age',
    assumptions: collectedIsAssumed ? [`collected at the ${basis}`] : [],
  };
}

function spanFrom(epochMs: EpochMs, precisionMs: number): Span {
  return { earliest: epochMs, latest: epochMs + Math.max(0, precisionMs - 1) };
}
