/** Small helpers for local dates and times. */
import type { Stamp } from '../model/index.ts';
import { utcMs } from '../time/calendar.ts';
import { parseRfc3339 } from '../time/rfc3339.ts';

export type WallStamp = Extract<Stamp, { kind: 'wall' }>;

/** The date and time read as if it were UTC. */
export function wallMs(stamp: WallStamp, year: number): number {
  return utcMs(year, stamp.month, stamp.day, stamp.msOfDay);
}

/** The year in which the date lies closest to an instant. */
export function nearestYear(stamp: WallStamp, epochMs: number): number {
  const middle = new Date(epochMs).getUTCFullYear();
  const distance = (year: number) => Math.abs(wallMs(stamp, year) - epochMs);
  return [middle, middle - 1, middle + 1].reduce((best, year) => (distance(year) < distance(best) ? year : best));
}

/** An instant that a parser left in a field: epoch milliseconds or RFC 3339. */
export function instantField(text: string | undefined): number | undefined {
  if (text === undefined || text === '') {
    return undefined;
  }
  const ms = /^-?\d{1,16}(?:\.\d+)?$/u.test(text) ? Number(text) : parseRfc3339(text)?.epochMs;
  return ms !== undefined && Number.isFinite(ms) ? ms : undefined;
}

/** Before this no machine that runs Kubernetes had a right clock: 2010. */
const FIRST_PLAUSIBLE_MS = 1_262_304_000_000;
const LAST_PLAUSIBLE_MS = 4_102_444_800_000;

export function isPlausible(epochMs: number): boolean {
  return epochMs >= FIRST_PLAUSIBLE_MS && epochMs < LAST_PLAUSIBLE_MS;
}
