import { describeDuration } from './durations.ts';
import { toIso } from './iso.ts';
import type { Interval } from './span.ts';

/** Instants and spans as a reader at night wants them: UTC, the date only where it is needed. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

/** `2025-11-14` */
export function dayOf(epochMs: number): string {
  return toIso(epochMs)?.slice(0, -14) ?? 'unknown day';
}

/** `14 November 2025` */
export function readableDay(day: string): string {
  const [year, month, date] = day.split('-');
  const name = MONTHS[Number(month) - 1];
  return name === undefined || date === undefined ? day : `${Number(date)} ${name} ${year}`;
}

/** `02:57:18` on the given day, `2025-11-13 02:57:18` on another one. */
export function clockTime(epochMs: number, day?: string): string {
  const iso = toIso(Math.floor(epochMs));
  if (iso === undefined) return 'unknown time';
  const time = iso.slice(-13, -5);
  const own = iso.slice(0, -14);
  return own === day ? time : `${own} ${time}`;
}

/**
 * `02:57:18`, `02:50:49–02:52:52`, `2025-11-13 23:58:00–2025-11-14 00:02:00`.
 *
 * Spans of two days and more show days only: their seconds say nothing. Bounds within the same second are one time.
 *
 * @param day - the date that the reader knows already, as `2025-11-14`
 */
export function spanText(span: Interval, day?: string): string {
  if (span.latest - span.earliest >= 2 * DAY_MS) return `${dayOf(span.earliest)}–${dayOf(span.latest)}`;
  const first = clockTime(span.earliest, day);
  const last = clockTime(span.latest, day);
  if (first === last) return first;
  const sameDay = dayOf(span.earliest) === dayOf(span.latest);
  return `${first}–${sameDay ? clockTime(span.latest, dayOf(span.latest)) : last}`;
}

/** `at 02:57:18`, `between 02:50:49 and 02:52:52`. */
export function spanPhrase(span: Interval, day?: string): string {
  const parts = spanText(span, day).split('–');
  return parts.length === 1 ? `at ${parts[0]}` : `between ${parts[0]} and ${parts[1]}`;
}

/** An instant known no better than this is told by its latest bound: the earliest says little. */
const WIDE_MS = DAY_MS / 4;

export function isWide(span: Interval): boolean {
  return span.latest - span.earliest >= WIDE_MS;
}

/** `14 November 2025, 02:50:49–02:52:52 UTC`, `no later than 9 May 2025, 05:57:44 UTC`. */
export function momentText(span: Interval): string {
  const day = dayOf(isWide(span) ? span.latest : span.earliest);
  if (isWide(span)) return `no later than ${readableDay(day)}, ${clockTime(span.latest, day)} UTC`;
  return `${readableDay(day)}, ${spanText(span, day)} UTC`;
}

/** `between 02:50:49 and 02:52:52 UTC on 14 November 2025`, `no later than 05:57:44 UTC on 9 May 2025`. */
export function momentPhrase(span: Interval): string {
  const day = dayOf(isWide(span) ? span.latest : span.earliest);
  const when = isWide(span) ? `no later than ${clockTime(span.latest, day)}` : spanPhrase(span, day);
  return `${when} UTC on ${readableDay(day)}`;
}

/**
 * How long after another instant: `12 s later`, `between 4 min and 6 min later`, `up to 3 min later`,
 * `between 2 min earlier and 5 min later`.
 */
export function lagText(leastMs: number, greatestMs: number): string {
  if (!Number.isFinite(leastMs) || !Number.isFinite(greatestMs)) return 'at an unknown distance';
  if (greatestMs < leastMs) return lagText(greatestMs, leastMs);
  if (leastMs < 0 && greatestMs > 0) {
    return `between ${rough(-leastMs)} earlier and ${rough(greatestMs)} later`;
  }
  if (greatestMs <= 0 && leastMs < 0) {
    const near = rough(-greatestMs);
    const far = rough(-leastMs);
    if (near === far) return `${far} earlier`;
    return greatestMs === 0 ? `up to ${far} earlier` : `between ${near} and ${far} earlier`;
  }
  if (greatestMs - leastMs <= 2000 && leastMs >= 1000) return `${rough((leastMs + greatestMs) / 2)} later`;
  const least = rough(leastMs);
  const greatest = rough(greatestMs);
  if (greatestMs < 1000) return 'within a second';
  if (least === greatest) return `${greatest} later`;
  return leastMs < 1000 ? `up to ${greatest} later` : `between ${least} and ${greatest} later`;
}

/** Past ten minutes seconds are noise. */
function rough(ms: number): string {
  return describeDuration(ms >= 600_000 ? Math.round(ms / 60_000) * 60_000 : Math.round(ms / 1000) * 1000);
}

/** Epoch milliseconds of a report's time; NaN where it is none. */
export function fromIso(text: string): number {
  return Date.parse(text);
}
