/**
 * Local times without a year on one scale: milliseconds since 1 January of a leap year, so that 29 February has a
 * place. Distances across the end of February are a day too long in other years: good for gaps, not for durations.
 */
import { DAY_MS } from './calendar.ts';

const DAYS_BEFORE = Int16Array.of(0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366);

/** Month 1..12. */
export function yearlessMs(month: number, day: number, msOfDay: number): number {
  return ((DAYS_BEFORE[month] ?? 0) + day - 1) * DAY_MS + msOfDay;
}

/** Inverse of {@link yearlessMs}; values outside of the year are clamped into it. */
export function fromYearlessMs(value: number): {
  readonly month: number;
  readonly day: number;
  readonly msOfDay: number;
} {
  const ms = Math.min(Math.max(value, 0), 366 * DAY_MS - 1);
  const dayOfYear = Math.floor(ms / DAY_MS);
  let month = 12;
  while (month > 1 && (DAYS_BEFORE[month] ?? 0) > dayOfYear) {
    month -= 1;
  }
  return { month, day: dayOfYear - (DAYS_BEFORE[month] ?? 0) + 1, msOfDay: ms - dayOfYear * DAY_MS };
}

/** Is there such a day in a leap year? */
export function isYearlessDate(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (DAYS_BEFORE[month + 1] ?? 0) - (DAYS_BEFORE[month] ?? 0);
}
