import type { EdgeOrder, Fact, Span, TimeRef } from '../model/index.ts';
import type { Link } from '../rules/schema.ts';
import { asShownBy, assumedOffset, type ClockOffset, isDecided } from '../time/clock-offset.ts';
import { describeDuration } from '../time/durations.ts';
import { type Distance, gapBetween, isDefinitelyBefore, overlap, probabilityBefore } from '../time/span.ts';

export interface TimeVerdict {
  /** undefined: the times exclude the link. */
  readonly factor: number | undefined;
  readonly order: EdgeOrder;
  /** In words: most pairs of a large bundle are apart in time, and few of them are told. */
  readonly why: () => string;
  readonly lagMs?: { readonly least: number; readonly greatest: number };
}

/** Onsets made comparable: that of the cause as the clock of the effect would have shown it. */
function comparable(cause: TimeRef, effect: TimeRef, offset: Distance): [Span, Span] {
  return [asShownBy(cause.at, offset), effect.at];
}

/**
 * May the cause have begun before the effect, and soon enough?
 *
 * The window runs from the cause's whole activity, not only from its onset: what still goes on still causes.
 */
export function judgeTime(
  link: Pick<Link, 'order' | 'mode'>,
  withinMs: number | undefined,
  cause: Fact,
  effect: Fact,
  offsetOf: ClockOffset = assumedOffset,
): TimeVerdict {
  if (!cause.onset || !effect.onset) {
    return { factor: 0.85, order: 'unknown', why: () => 'no time is known for one of the two' };
  }
  const offset = offsetOf(effect.onset.clock, cause.onset.clock);
  const [from, to] = comparable(cause.onset, effect.onset, offset);
  // Two clocks that are certainly apart show no true distance.
  const lag = isDecided(offset) ? gapBetween(from, to) : gapBetween(cause.onset.at, effect.onset.at);
  const lagMs = { least: lag.least, greatest: lag.greatest };
  const chance = probabilityBefore(from, to);
  if (link.order === 'any') {
    if (isDefinitelyBefore(from, to))
      return { factor: 1, order: 'definite', why: () => 'the cause began before the effect', lagMs };
    return {
      factor: 0.85,
      order: chance > 0 ? 'possible' : 'unknown',
      why: () => 'states: their order says little',
      lagMs,
    };
  }
  if (chance === 0) {
    return {
      factor: undefined,
      order: 'unknown',
      why: () => `the effect began ${describeDuration(-lag.greatest)} before the cause`,
      lagMs,
    };
  }
  if (withinMs !== undefined) {
    const end = cause.lastSeen?.at.latest ?? cause.onset.at.latest;
    const moved = isDecided(offset) ? offset.greatest : 0;
    const distance = effect.onset.at.earliest - Math.max(end, cause.onset.at.latest) - moved;
    if (distance > withinMs) {
      return {
        factor: undefined,
        order: 'unknown',
        why: () =>
          `the effect came ${describeDuration(distance)} after the cause was last seen; the window is ${describeDuration(withinMs)}`,
        lagMs,
      };
    }
  }
  if (isDefinitelyBefore(from, to)) {
    return { factor: 1, order: 'definite', why: () => 'the cause began before the effect', lagMs };
  }
  if (chance >= 0.75)
    return {
      factor: 0.92,
      order: 'probable',
      why: () => `the cause began first with a chance of ${chance.toFixed(2)}`,
      lagMs,
    };
  if (link.order === 'loose' && overlap(from, to)) {
    return { factor: 0.92, order: 'possible', why: () => 'their onsets are intervals that overlap', lagMs };
  }
  if (link.order === 'strict' && chance < 0.5) {
    return { factor: undefined, order: 'unknown', why: () => 'the effect more likely began before the cause', lagMs };
  }
  return {
    factor: 0.75,
    order: 'possible',
    why: () => `the cause may have begun first (chance ${chance.toFixed(2)})`,
    lagMs,
  };
}
