/**
 * How far two clocks may differ, for those who compare their times.
 *
 * Times are never rewritten: whoever compares moves one of the two spans onto the clock of the other, and widens it by
 * what is not known.
 */
import { type Distance, type Interval, shift } from './span.ts';

/** What clock `a` shows minus what clock `b` shows at the same instant, least and greatest, in ms. */
export type ClockOffset = (a: string, b: string) => Distance;

/** Two clocks without evidence about their difference may differ by this much, either way. */
export const ASSUMED_OFFSET_MS = 2000;

export const NO_OFFSET: Distance = { least: 0, greatest: 0 };
export const ASSUMED_OFFSET: Distance = { least: -ASSUMED_OFFSET_MS, greatest: ASSUMED_OFFSET_MS };

/** Where nothing is known. */
export const assumedOffset: ClockOffset = (a, b) => (a === b ? NO_OFFSET : ASSUMED_OFFSET);

/** A span of clock `b` as clock `a` would have shown it; `offset` is that of `a` over `b`. */
export function asShownBy(span: Interval, offset: Distance): Interval {
  return shift(span, offset.least, offset.greatest);
}

/** One of the clocks certainly runs ahead of the other. */
export function isDecided({ least, greatest }: Distance): boolean {
  return least > 0 || greatest < 0;
}
