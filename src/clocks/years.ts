/**
 * The years of a log that writes none.
 *
 * The last line gets the latest year that keeps it before the reference (collection) plus a day; going back, the year
 * goes down wherever the month jumps up, as at New Year. A line whose year is known otherwise (a payload with a full
 * date, a heading) decides for its file, and 29 February and weekdays must fit.
 *
 * A clock that was not set yet writes 1 January for some lines after a boot: such a stretch is no New Year. Its lines
 * are reported apart, as their dates mean nothing. A file that was printed newest first is read from its end.
 */
import type { LogRecord, LogVolume, ReadSource, Stamp } from '../model/index.ts';
import { DAY_MS, isDate, weekdayNumber, weekdayOf, yearOf } from '../time/calendar.ts';
import { isReversed } from '../time/reversed.ts';
import { yearlessMs } from '../time/yearless.ts';
import { instantField, isPlausible, nearestYear, type WallStamp, wallMs } from './wall.ts';

export interface Reference {
  /** Nothing in the file is later than this plus a day. */
  readonly latestMs: number;
  readonly basis: string;
  readonly assumed: boolean;
}

export interface FileYears {
  yearAt(line: number): number;
  readonly basis: string;
  readonly assumed: boolean;
  /** Lines of the stretches in which the clock was not set. */
  readonly unset: readonly UnsetClock[];
}

export interface UnsetClock {
  readonly fromLine: number;
  /** First line after the clock was set, and its stamp. */
  readonly toLine: number;
  readonly lastBefore: WallStamp;
  readonly firstAfter: WallStamp;
}

interface Point {
  readonly line: number;
  readonly stamp: WallStamp;
}

const JUMP_MS = 30 * DAY_MS;
const UNSET_STRETCH_MS = DAY_MS;
const MAX_YEARS_BACK = 12;
const YEAR_MS = 366 * DAY_MS;
/** Zones reach 14 hours from UTC. */
const MAX_ZONE_MS = 15 * 3_600_000;
const MAX_DATED_TEXT = 4_096;

/** Undefined when the file has no local time without a year. */
export function fileYears(source: ReadSource, reference: Reference): FileYears | undefined {
  const inFile = yearlessPoints(source);
  const backwards = isNewestFirst(inFile);
  /** Ascends with time, as line numbers do in other files. */
  const place = (line: number) => (backwards ? -line : line);
  const points = backwards ? inFile.map(({ line, stamp }) => ({ line: place(line), stamp })).reverse() : inFile;
  const last = points.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const volume = backwards ? undefined : source.volume;
  const unset = unsetClocks(volume, points);
  const settled = points.filter((point) => !unset.some((stretch) => isIn(stretch, point.line)));
  const steps = yearSteps(volume, settled, unset);
  const stepsAfter = (line: number) => steps.length - countUpTo(steps, place(line));
  const end = settled.at(-1) ?? last;
  const anchored = yearFromAnchors(source, stepsAfter);
  const fits = (year: number) =>
    settled.every((point) => fitsCalendar(point, year - stepsAfter(place(point.line)))) &&
    fitsWeekdays(source, year, stepsAfter);
  const first = anchored?.year ?? latestYear(end.stamp, anchorReference(source) ?? reference);
  let year = first;
  while (!fits(year) && year > first - MAX_YEARS_BACK) {
    year -= 1;
  }
  const proven = fits(year) ? year : first;
  const basis = anchored?.basis ?? anchorReference(source)?.basis ?? reference.basis;
  const assumed = anchored === undefined && anchorReference(source) === undefined && reference.assumed;
  return { yearAt: (line) => proven - stepsAfter(line), basis, assumed, unset };
}

/** `journalctl -r`. A turn of the year on the way is one step like the others, not a leap of a year. */
function isNewestFirst(points: readonly Point[]): boolean {
  let turns = 0;
  let before: number | undefined;
  return isReversed(
    points.map(({ stamp }) => {
      const value = yearlessMs(stamp.month, stamp.day, stamp.msOfDay);
      const step = before === undefined ? 0 : value - before;
      turns += step > YEAR_MS / 2 ? -1 : step < -YEAR_MS / 2 ? 1 : 0;
      before = value;
      // Never below 0, which stands for lines without a time.
      return value + (turns + MAX_YEARS_BACK) * YEAR_MS;
    }),
  );
}

/** Dates without a year in the whole bundle, as ms on the scale of a leap year, for {@link assumedReference}. */
export function yearlessDates(source: ReadSource): readonly number[] {
  return yearlessPoints(source).map(({ stamp }) => yearlessMs(stamp.month, stamp.day, stamp.msOfDay));
}

/**
 * Where the bundle holds no year at all: the given one, with the turn of the year put into the longest stretch of the
 * calendar that no date falls into, so that December and January of one incident stay together.
 */
export function assumedReference(dates: readonly number[], year: number): Reference {
  const sorted = [...new Set(dates)].sort((a, b) => a - b);
  let end = sorted.at(-1) ?? 0;
  let longest = (sorted[0] ?? 0) + YEAR_MS - end;
  for (let i = 1; i < sorted.length; i += 1) {
    const gap = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0);
    if (gap > longest) {
      longest = gap;
      end = sorted[i - 1] ?? 0;
    }
  }
  return { latestMs: Date.UTC(year, 0, 1) + end, basis: 'assumption', assumed: true };
}

function yearlessPoints(source: ReadSource): readonly Point[] {
  const points: Point[] = [];
  const add = (line: number | undefined, stamp: Stamp | undefined) => {
    if (line !== undefined && stamp?.kind === 'wall' && stamp.year === undefined) {
      points.push({ line, stamp });
    }
  };
  for (const record of source.records) {
    add(record.ref.line, record.stamp);
  }
  const { volume } = source;
  add(volume?.firstLine, volume?.firstStamp);
  add(volume?.lastLine, volume?.lastStamp);
  for (const gap of volume?.gaps ?? []) {
    add(gap.from.line, gap.from.stamp);
    add(gap.to.line, gap.to.stamp);
  }
  return points.sort((a, b) => a.line - b.line);
}

/** Lines at which a new year begins, ascending. */
function yearSteps(
  volume: LogVolume | undefined,
  points: readonly Point[],
  unset: readonly UnsetClock[],
): readonly number[] {
  const steps: number[] = [];
  let counted = volume?.monthSteps ?? [];
  if (volume === undefined) {
    counted = points.flatMap((point, i) => ((points[i - 1]?.stamp.month ?? 0) > point.stamp.month ? [point.line] : []));
  }
  for (const line of counted) {
    const before =
      points[
        countUpTo(
          points.map((point) => point.line),
          line - 1,
        ) - 1
      ];
    const after = points.find((point) => point.line >= line);
    // One month back is a line that came late, not a new year; more is.
    const small = before !== undefined && after !== undefined && before.stamp.month - after.stamp.month === 1;
    if (!small && !unset.some((stretch) => line >= stretch.fromLine && line <= stretch.toLine)) {
      steps.push(line);
    }
  }
  return steps;
}

/** Stretches on or after 1 January, at most a day long, that end with a jump of more than 30 days ahead. */
function unsetClocks(volume: LogVolume | undefined, points: readonly Point[]): readonly UnsetClock[] {
  if (volume?.firstLine === undefined) {
    return [];
  }
  const starts = [volume.firstLine, ...volume.monthSteps];
  return volume.gaps.flatMap((gap) => {
    const { from, to } = gap;
    if (from.stamp.kind !== 'wall' || to.stamp.kind !== 'wall' || from.stamp.year !== undefined) {
      return [];
    }
    const lastBefore = from.stamp;
    const start = starts.filter((line) => line <= from.line).at(-1);
    const first = points.find((point) => start !== undefined && point.line >= start);
    const isNewYear = lastBefore.month === 1 && lastBefore.day <= 2;
    if (start === undefined || first === undefined || !isNewYear || distance(lastBefore, to.stamp) < JUMP_MS) {
      return [];
    }
    return distance(first.stamp, lastBefore) <= UNSET_STRETCH_MS && distance(first.stamp, lastBefore) >= 0
      ? [{ fromLine: start, toLine: to.line, lastBefore, firstAfter: to.stamp }]
      : [];
  });
}

function distance(a: WallStamp, b: WallStamp): number {
  return yearlessMs(b.month, b.day, b.msOfDay) - yearlessMs(a.month, a.day, a.msOfDay);
}

function isIn(stretch: UnsetClock, line: number): boolean {
  return line >= stretch.fromLine && line < stretch.toLine;
}

function latestYear(stamp: WallStamp, reference: Reference): number {
  const year = yearOf(reference.latestMs + DAY_MS);
  return wallMs(stamp, year) <= reference.latestMs + DAY_MS ? year : year - 1;
}

/** The year of the last line by lines whose year is written: the one that most of them say. */
function yearFromAnchors(
  source: ReadSource,
  stepsAfter: (line: number) => number,
): { readonly year: number; readonly basis: string } | undefined {
  const votes = new Map<number, number>();
  for (const record of source.records) {
    const year = writtenYear(record);
    if (year !== undefined) {
      const end = year + stepsAfter(record.ref.line);
      votes.set(end, (votes.get(end) ?? 0) + 1);
    }
  }
  const [best] = [...votes].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return best === undefined ? undefined : { year: best[0], basis: 'full dates inside of its lines' };
}

/** The year of a line's local date, where the line has a full date too. */
function writtenYear(record: LogRecord): number | undefined {
  const { stamp, fields } = record;
  const inner = instantField(fields['time.inner']);
  if (stamp?.kind === 'wall' && stamp.year === undefined) {
    const anchor = /^\d{4}/u.exec(fields['year.anchor'] ?? '');
    if (inner !== undefined) {
      return nearestYear(stamp, inner);
    }
    return anchor === null ? yearTakenNow(stamp, record.message) : Number(anchor[0]);
  }
  const outer = instantField(fields['time.outer']);
  const local = fields['time.zoneless'] === 'outer' ? outer : stamp?.kind === 'instant' ? stamp.epochMs : undefined;
  return local === undefined || !isPlausible(local) ? undefined : yearOf(local);
}

/**
 * A time that the program took from its own clock: "current time 2025-11-14T03:01:15Z is after …" of a certificate, and
 * Go's times with a monotonic reading ("No retries permitted until 2025-11-14 03:01:15.8 +0000 UTC m=+1021.1"). Other
 * dates prove nothing: a certificate often ends a year to the hour after it was made.
 */
const TAKEN_NOW =
  /current time (20\d\d-[01]\d-[0-3]\d)T([0-2]\d:[0-5]\d:[0-5]\d)|\b(20\d\d-[01]\d-[0-3]\d) ([0-2]\d:[0-5]\d:[0-5]\d)\.\d{1,9} [+-]\d{4} \S{1,6} m=[+-]/u;

function yearTakenNow(stamp: WallStamp, message: string): number | undefined {
  const [, date = '', time = '', goDate = '', goTime = ''] = TAKEN_NOW.exec(message.slice(0, MAX_DATED_TEXT)) ?? [];
  const epochMs = instantField(`${date || goDate}T${time || goTime}Z`);
  if (epochMs === undefined) {
    return undefined;
  }
  const year = nearestYear(stamp, epochMs);
  return Math.abs(wallMs(stamp, year) - epochMs) <= MAX_ZONE_MS ? year : undefined;
}

/** A heading such as "Logs begin at …, end at …": nothing in the file is later. */
function anchorReference(source: ReadSource): Reference | undefined {
  for (const record of source.records) {
    const anchor = record.stamp === undefined ? record.fields['year.anchor'] : undefined;
    const latestMs =
      anchor === undefined || !anchor.includes('T') ? undefined : (instantField(`${anchor}Z`) ?? instantField(anchor));
    if (latestMs !== undefined) {
      return { latestMs, basis: 'heading of the file', assumed: false };
    }
  }
  return undefined;
}

function fitsCalendar({ stamp }: Point, year: number): boolean {
  return stamp.month !== 2 || stamp.day !== 29 || isDate(year, 2, 29);
}

function fitsWeekdays(source: ReadSource, year: number, stepsAfter: (line: number) => number): boolean {
  return source.records.every((record) => {
    const { stamp } = record;
    const weekday = weekdayNumber(record.fields['weekday'] ?? '');
    return (
      weekday === undefined ||
      stamp?.kind !== 'wall' ||
      stamp.year !== undefined ||
      weekdayOf(year - stepsAfter(record.ref.line), stamp.month, stamp.day) === weekday
    );
  });
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
