import type { Span } from '../../model/index.ts';
import { asShownBy } from '../../time/clock-offset.ts';
import { describeDuration } from '../../time/durations.ts';
import {
  type Distance,
  gapBetween,
  gapMayLieIn,
  gapMustLieIn,
  isBefore,
  isDefinitelyBefore,
  isPossiblyBefore,
  probabilityBefore,
} from '../../time/span.ts';
import type { Modality, TimeRelation } from './ast.ts';
import type { TimeValue } from './value.ts';

/** A window in ms; `greatest` may be Infinity. */
export interface WindowMs {
  readonly least: number;
  readonly greatest: number;
}

export interface TimeVerdict {
  readonly value: boolean;
  readonly why: () => string;
}

/**
 * Compares two instants, or an instant with an episode, each only known to lie in a span.
 *
 * A window is tested on the distance from a to b: `possibly` when it may lie inside, `definitely` when it must, plain when
 * it may and the order is at least as likely as not.
 *
 * @param offset - what the clock of `a` shows more than that of `b`: moves and widens the comparison
 */
export function compareTimes(
  relation: TimeRelation,
  modality: Modality,
  window: WindowMs | undefined,
  a: TimeValue,
  b: TimeValue,
  offset: Distance,
): TimeVerdict {
  switch (relation) {
    case 'before':
      return before(modality, window, a, b, offset);
    case 'after':
      return before(modality, window, b, a, { least: -offset.greatest, greatest: -offset.least });
    case 'near':
      return near(modality, window ?? { least: 0, greatest: 0 }, a, b, offset);
    case 'during':
      return during(modality, window, a, b, offset);
    case 'overlaps':
      return overlaps(modality, window, a, b, offset);
  }
}

function before(
  modality: Modality,
  window: WindowMs | undefined,
  a: TimeValue,
  b: TimeValue,
  offset: Distance,
): TimeVerdict {
  const later = asShownBy(b.at, offset);
  const gap = gapBetween(a.at, later);
  if (!window) {
    const value = orderOf(modality, a.at, later);
    return { value, why: () => `${a.label} began ${gapWords(gap)} ${b.label}` };
  }
  const { least, greatest } = window;
  const value =
    modality === 'definitely'
      ? gapMustLieIn(a.at, later, least, greatest)
      : gapMayLieIn(a.at, later, least, greatest) &&
        (modality === 'possibly' || least < 0 || probabilityBefore(a.at, later) >= 0.5);
  return {
    value,
    why: () => `${a.label} began ${gapWords(gap)} ${b.label}; ${allowed(window)}${value ? '' : missed(gap, window)}`,
  };
}

function orderOf(modality: Modality, a: Span, b: Span): boolean {
  if (modality === 'definitely') return isDefinitelyBefore(a, b);
  return modality === 'possibly' ? isPossiblyBefore(a, b) : isBefore(a, b);
}

function near(modality: Modality, window: WindowMs, a: TimeValue, b: TimeValue, offset: Distance): TimeVerdict {
  const other = asShownBy(b.at, offset);
  const gap = gapBetween(a.at, other);
  const inside = overlapShare(gap, -window.greatest, window.greatest) - holeShare(gap, window.least);
  const value = modality === 'definitely' ? inside >= 1 : modality === 'possibly' ? inside > 0 : inside >= 0.5;
  return {
    value,
    why: () => `${a.label} began ${gapWords(gap)} ${b.label}; ${allowed(window)} either way`,
  };
}

/** Share of the distance's interval that lies in [least, greatest]; a single point is in or out. */
function overlapShare(gap: Distance, least: number, greatest: number): number {
  const width = gap.greatest - gap.least;
  const common = Math.min(gap.greatest, greatest) - Math.max(gap.least, least);
  if (width <= 0) return common >= 0 ? 1 : 0;
  // Touching at a point is possible, though it has no width.
  return common < 0 ? 0 : Math.max(common / width, Number.MIN_VALUE);
}

function holeShare(gap: Distance, least: number): number {
  return least <= 0 ? 0 : overlapShare(gap, -least, least);
}

function during(
  modality: Modality,
  window: WindowMs | undefined,
  a: TimeValue,
  b: TimeValue,
  offset: Distance,
): TimeVerdict {
  const start = earlier(asShownBy(b.at, offset), window?.least ?? 0);
  const end = later(asShownBy(b.end ?? b.at, offset), window?.greatest ?? 0);
  const value = orderOf(modality, start, a.at) && orderTo(modality, a.at, end);
  return { value, why: () => `${a.label} began ${value ? 'while' : 'outside the time that'} ${b.label} lasted` };
}

function overlaps(
  modality: Modality,
  window: WindowMs | undefined,
  a: TimeValue,
  b: TimeValue,
  offset: Distance,
): TimeVerdict {
  const margin = Math.max(0, window?.greatest ?? 0);
  const endOfA = later(a.end ?? a.at, margin);
  const endOfB = later(asShownBy(b.end ?? b.at, offset), margin);
  const value = orderTo(modality, a.at, endOfB) && orderTo(modality, asShownBy(b.at, offset), endOfA);
  return {
    value,
    why: () => `${a.label} and ${b.label} ${value ? 'lasted at the same time' : 'did not last at the same time'}`,
  };
}

/** Order against an end that may be open. */
function orderTo(modality: Modality, a: Span, end: Span): boolean {
  if (end.latest !== Number.POSITIVE_INFINITY) return orderOf(modality, a, end);
  // Open at collection: it may have ended right after it was last seen, or never.
  return modality === 'definitely' ? a.latest <= end.earliest : true;
}

function earlier(span: Span, ms: number): Span {
  return { earliest: span.earliest - ms, latest: span.latest - ms };
}

function later(span: Span, ms: number): Span {
  return { earliest: span.earliest + ms, latest: span.latest + ms };
}

/** `3 min to 5 min before`, `12 s after`, `between 5 s after and 3 min before`. */
function gapWords(gap: Distance): string {
  const { least, greatest } = gap;
  if (least >= 0) return `${between(least, greatest)} before`;
  if (greatest <= 0) return `${between(-greatest, -least)} after`;
  return `between ${describeDuration(-least)} after and ${describeDuration(greatest)} before`;
}

function between(least: number, greatest: number): string {
  const low = describeDuration(least);
  const high = describeDuration(greatest);
  return low === high ? low : `${low} to ${high}`;
}

function allowed(window: WindowMs): string {
  return window.greatest === Number.POSITIVE_INFINITY
    ? `${describeDuration(window.least)} or more is allowed`
    : `${between(window.least, window.greatest)} is allowed`;
}

function missed(gap: Distance, window: WindowMs): string {
  if (gap.least > window.greatest) return `, missed by ${describeDuration(gap.least - window.greatest)}`;
  if (gap.greatest < window.least) return `, missed by ${describeDuration(window.least - gap.greatest)}`;
  return ', the other order is likelier';
}
