/**
 * Times as programs write them in their own log lines: ISO 8601 and RFC 3339 in all their spellings, epoch numbers of
 * any unit, and month-day stamps without a year. Nothing is guessed: without an offset the result is a wall clock.
 */

import type { Stamp } from '../model/index.ts';
import { DAY_MS, isDate, utcMs } from '../time/calendar.ts';

export interface ReadTime {
  readonly stamp: Stamp;
  /** Index behind the text of the time. */
  readonly end: number;
}

const ISO =
  /(\d{4})[-/](\d\d)[-/](\d\d)[Tt _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:(?<zone>[Zz]|[+-]\d\d(?::?\d\d)?)(?!\d)| (?<apart>[+-]\d\d:?\d\d)(?!\d))?/uy;
const CLOCK = /(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/uy;

/** A full date and time that stands at `start`, or undefined. */
export function readIso(text: string, start = 0): ReadTime | undefined {
  ISO.lastIndex = start;
  const match = ISO.exec(text);
  if (match === null) {
    return undefined;
  }
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const msOfDay = toMsOfDay(match[4], match[5], match[6], match[7]);
  if (msOfDay === undefined || !isDate(year, month, day)) {
    return undefined;
  }
  const precisionMs = precisionOf(match[7]);
  const zone = match.groups?.['zone'] ?? match.groups?.['apart'];
  const end = start + match[0].length;
  const offset = zone === undefined ? undefined : offsetMinutes(zone);
  return offset === undefined
    ? { stamp: { kind: 'wall', year, month, day, msOfDay, precisionMs }, end }
    : {
        stamp: { kind: 'instant', epochMs: utcMs(year, month, day, msOfDay) - offset * 60_000, precisionMs },
        end,
      };
}

/** The stamp of a text that is nothing but a time: ISO, or a number of seconds, ms, µs or ns since 1970. */
export function stampOfText(text: string): Stamp | undefined {
  const bare = text.trim();
  if (bare.length > 48) {
    return undefined;
  }
  const iso = readIso(bare);
  if (iso !== undefined) {
    const rest = bare.slice(iso.end);
    if (rest === '') {
      return iso.stamp;
    }
    // Go prints `2019-08-23 14:32:28.9 +0800 CST m=+4038.6`; a zone name behind the offset adds nothing.
    const zone = /^ ?(?<name>[A-Z]{1,5})(?: m=[+-][\d.]+)?$/u.exec(rest)?.groups?.['name'];
    return zone === undefined ? undefined : withZoneName(iso.stamp, zone);
  }
  return /^\d{9,19}(?:\.\d{1,9})?$/u.test(bare) ? stampOfEpoch(Number(bare)) : undefined;
}

/** A wall clock whose zone is printed by name; UTC and GMT make it an instant. */
export function withZoneName(stamp: Stamp, name: string): Stamp {
  if (stamp.kind !== 'wall') {
    return stamp;
  }
  if (name === 'UTC' || name === 'GMT' || name === 'Z') {
    return stamp.year === undefined
      ? { ...stamp, utc: true }
      : {
          kind: 'instant',
          epochMs: utcMs(stamp.year, stamp.month, stamp.day, stamp.msOfDay),
          precisionMs: stamp.precisionMs,
        };
  }
  return { ...stamp, zone: name };
}

/** An epoch number; its size tells the unit: below 1e11 seconds, below 1e14 ms, below 1e17 µs, else ns. */
export function stampOfEpoch(value: number): Stamp | undefined {
  if (!Number.isFinite(value) || value <= 0) {
    return undefined;
  }
  const seconds = value < 1e11;
  const epochMs = Math.floor(seconds ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6);
  return { kind: 'instant', epochMs, precisionMs: seconds && Number.isInteger(value) ? 1000 : 1 };
}

/** A wall clock without a year; 29 February passes. `clock` is `hh:mm:ss` with an optional fraction. */
export function yearlessStamp(month: number, day: number, clock: string): Stamp | undefined {
  CLOCK.lastIndex = 0;
  const match = CLOCK.exec(clock);
  if (match === null || match[0].length !== clock.length || !isDate(2024, month, day)) {
    return undefined;
  }
  const msOfDay = toMsOfDay(match[1], match[2], match[3], match[4]);
  return msOfDay === undefined ? undefined : { kind: 'wall', month, day, msOfDay, precisionMs: precisionOf(match[4]) };
}

/**
 * A stamp on one line of milliseconds: an instant as it is, a wall clock as if it were UTC. Without a year, `year` is
 * taken; undefined for boot-relative stamps and ages.
 */
export function millisOf(stamp: Stamp, year = 1972): number | undefined {
  if (stamp.kind === 'instant') {
    return stamp.epochMs;
  }
  return stamp.kind === 'wall' ? utcMs(stamp.year ?? year, stamp.month, stamp.day, stamp.msOfDay) : undefined;
}

/** The wall clock (read as UTC) of an instant in ms, split as a stamp wants it. */
export function wallOf(ms: number): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly msOfDay: number;
} {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    msOfDay: ((ms % DAY_MS) + DAY_MS) % DAY_MS,
  };
}

/** Whole milliseconds are kept of a finer fraction. */
function precisionOf(fraction: string | undefined): number {
  return fraction === undefined ? 1000 : fraction.length >= 3 ? 1 : fraction.length === 2 ? 10 : 100;
}

function toMsOfDay(
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): number | undefined {
  const h = Number(hour);
  const m = Number(minute);
  const s = Number(second);
  // 60 is a leap second; it reads as the first moment of the next minute.
  if (h > 23 || m > 59 || s > 60) {
    return undefined;
  }
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  return Math.min(((h * 60 + m) * 60 + s) * 1000 + ms, DAY_MS - 1);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') {
    return 0;
  }
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 15 || minutes > 59) {
    return undefined;
  }
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
