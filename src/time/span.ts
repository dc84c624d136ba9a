/**
 * Comparing instants that are only known to lie in an interval.
 *
 * A span is one instant, not a period: `a` is *definitely* before `b` when every choice agrees, *possibly* before it
 * when some choice does. Both bounds are inclusive, in epoch milliseconds.
 */

/** Same shape as the model's `Span`. */
export interface Interval {
  readonly earliest: number;
  readonly latest: number;
}

/** Distance in ms, least and greatest; negative where the order may be the other one. */
export interface Distance {
  readonly least: number;
  readonly greatest: number;
}

export function isDefinitelyBefore(a: Interval, b: Interval): boolean {
  return a.latest <= b.earliest;
}

export function isPossiblyBefore(a: Interval, b: Interval): boolean {
  return a.earliest <= b.latest;
}

/** Possible, and at least as likely as not. */
export function isBefore(a: Interval, b: Interval): boolean {
  return isPossiblyBefore(a, b) && probabilityBefore(a, b) >= 0.5;
}

/**
 * P(a <= b) for two independent times, each uniform over its span; 0..1.
 *
 * The area of the rectangle `a x b` that lies above the diagonal, as a sum of four half squares.
 */
export function probabilityBefore(a: Interval, b: Interval): number {
  const widthA = a.latest - a.earliest;
  const widthB = b.latest - b.earliest;
  if (isDefinitelyBefore(a, b)) {
    return 1;
  }
  if (!isPossiblyBefore(a, b)) {
    return 0;
  }
  if (widthA <= 0) {
    return clamp01((b.latest - a.earliest) / widthB);
  }
  if (widthB <= 0) {
    return clamp01((b.earliest - a.earliest) / widthA);
  }
  const area =
    halfSquare(b.latest - a.earliest) -
    halfSquare(b.latest - a.latest) -
    halfSquare(b.earliest - a.earliest) +
    halfSquare(b.earliest - a.latest);
  return clamp01(area / (widthA * widthB));
}

/** How far `b` lies after `a`. */
export function gapBetween(a: Interval, b: Interval): Distance {
  return { least: b.earliest - a.latest, greatest: b.latest - a.earliest };
}

/** May the distance from `a` to `b` lie in `[loMs, hiMs]`? `hiMs` may be Infinity. */
export function gapMayLieIn(a: Interval, b: Interval, loMs: number, hiMs: number): boolean {
  const gap = gapBetween(a, b);
  return gap.greatest >= loMs && gap.least <= hiMs;
}

/** Must the distance from `a` to `b` lie in `[loMs, hiMs]`? */
export function gapMustLieIn(a: Interval, b: Interval, loMs: number, hiMs: number): boolean {
  const gap = gapBetween(a, b);
  return gap.least >= loMs && gap.greatest <= hiMs;
}

export function overlap(a: Interval, b: Interval): boolean {
  return a.earliest <= b.latest && b.earliest <= a.latest;
}

/** Adds `ms` on both sides: the uncertainty of comparing two clocks. */
export function widen(span: Interval, ms: number): Interval {
  return { earliest: span.earliest - ms, latest: span.latest + ms };
}

/** Moves the span; an earlier time has a negative distance. */
export function shift(span: Interval, least: number, greatest: number = least): Interval {
  return { earliest: span.earliest + least, latest: span.latest + greatest };
}

/** Smallest span that holds both. */
export function hull(a: Interval, b: Interval): Interval {
  return { earliest: Math.min(a.earliest, b.earliest), latest: Math.max(a.latest, b.latest) };
}

/** What both allow, or undefined when they contradict each other. */
export function intersect(a: Interval, b: Interval): Interval | undefined {
  const earliest = Math.max(a.earliest, b.earliest);
  const latest = Math.min(a.latest, b.latest);
  return earliest <= latest ? { earliest, latest } : undefined;
}

function halfSquare(value: number): number {
  return value > 0 ? (value * value) / 2 : 0;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
