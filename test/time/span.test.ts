import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gapBetween,
  gapMayLieIn,
  gapMustLieIn,
  hull,
  type Interval,
  intersect,
  isBefore,
  isDefinitelyBefore,
  isPossiblyBefore,
  overlap,
  probabilityBefore,
  shift,
  widen,
} from '../../src/time/span.ts';

const span = (earliest: number, latest: number): Interval => ({ earliest, latest });

describe('probabilityBefore', () => {
  it.each([
    [span(0, 10), span(0, 10), 0.5],
    [span(0, 10), span(10, 20), 1],
    [span(10, 20), span(0, 9), 0],
    [span(0, 10), span(5, 15), 0.875],
    [span(5, 15), span(0, 10), 0.125],
    [span(0, 100), span(40, 60), 0.5],
    [span(5, 5), span(0, 10), 0.5],
    [span(0, 10), span(2, 2), 0.2],
    [span(3, 3), span(3, 3), 1],
  ])('%j before %j is %d', (a, b, expected) => {
    expect(probabilityBefore(a, b)).toBeCloseTo(expected, 9);
  });

  it('agrees with counting points of a fine grid', () => {
    const bounds = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 }))
      .map(([from, width]) => span(from, from + width));
    fc.assert(
      fc.property(bounds, bounds, (a, b) => {
        const steps = 200;
        const at = (s: Interval, i: number) => s.earliest + ((i + 0.5) / steps) * (s.latest - s.earliest);
        let hits = 0;
        for (let i = 0; i < steps; i += 1) {
          for (let j = 0; j < steps; j += 1) {
            hits += at(a, i) <= at(b, j) ? 1 : 0;
          }
        }
        expect(Math.abs(probabilityBefore(a, b) - hits / (steps * steps))).toBeLessThan(0.01);
      }),
      { numRuns: 40 },
    );
  });

  it('stays exact at the size of epoch milliseconds', () => {
    const t = 1_738_292_095_123;
    expect(probabilityBefore(span(t, t + 1000), span(t + 500, t + 1500))).toBeCloseTo(0.875, 9);
  });
});

describe('operators', () => {
  const early = span(0, 10);
  const middle = span(5, 15);
  const late = span(20, 30);

  it('tell definite from possible order', () => {
    expect(isDefinitelyBefore(early, late)).toBe(true);
    expect(isDefinitelyBefore(early, middle)).toBe(false);
    expect(isPossiblyBefore(middle, early)).toBe(true);
    expect(isPossiblyBefore(late, early)).toBe(false);
    expect(isBefore(middle, early)).toBe(false);
    expect(isBefore(early, middle)).toBe(true);
  });

  it('measure gaps with both ends of both spans', () => {
    expect(gapBetween(early, late)).toEqual({ least: 10, greatest: 30 });
    expect(gapMayLieIn(early, late, 0, 12)).toBe(true);
    expect(gapMustLieIn(early, late, 0, 12)).toBe(false);
    expect(gapMustLieIn(early, late, 10, 30)).toBe(true);
    expect(gapMayLieIn(late, early, 0, Number.POSITIVE_INFINITY)).toBe(false);
  });

  it('combine spans', () => {
    expect(overlap(early, middle)).toBe(true);
    expect(overlap(early, late)).toBe(false);
    expect(widen(early, 2)).toEqual(span(-2, 12));
    expect(shift(early, -5, 5)).toEqual(span(-5, 15));
    expect(hull(early, late)).toEqual(span(0, 30));
    expect(intersect(early, middle)).toEqual(span(5, 10));
    expect(intersect(early, late)).toBeUndefined();
  });
});
