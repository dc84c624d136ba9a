import type { Stamp } from '../model/index.ts';
import { utcMs } from '../time/calendar.ts';

/** A leap year: every day of a yearless log exists in it. */
const SCALE_YEAR = 1972;

/**
 * A stamp as milliseconds on the scale of its own kind: epoch, the wall clock read as UTC (of 1972 without a year),
 * since boot. Only stamps that are `alike` compare. Undefined for ages.
 */
export function scaleOf(stamp: Stamp): number | undefined {
  switch (stamp.kind) {
    case 'instant':
      return stamp.epochMs;
    case 'wall':
      return utcMs(stamp.year ?? SCALE_YEAR, stamp.month, stamp.day, stamp.msOfDay);
    case 'boot':
      return Math.round(stamp.seconds * 1000);
    case 'age':
      return undefined;
  }
}

/** Are both on one scale? */
export function isAlike(a: Stamp, b: Stamp): boolean {
  return (
    a.kind === b.kind && (a.kind !== 'wall' || b.kind !== 'wall' || (a.year === undefined) === (b.year === undefined))
  );
}

/** Inverse of `scaleOf`, with kind, precision and zone of `like`. */
export function stampFrom(value: number, like: Stamp): Stamp {
  switch (like.kind) {
    case 'instant':
      return { ...like, epochMs: value };
    case 'boot':
      return { ...like, seconds: value / 1000 };
    case 'age':
      return like;
    case 'wall': {
      const date = new Date(value);
      const day = {
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        msOfDay: value - utcMs(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()),
      };
      return like.year === undefined ? { ...like, ...day } : { ...like, ...day, year: date.getUTCFullYear() };
    }
  }
}
