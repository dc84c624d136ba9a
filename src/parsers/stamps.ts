/** Stamps of the scales that the fast paths use: epoch ms, and ms since 1 January of a leap year. */
import type { Stamp } from '../model/index.ts';
import { safePrecisionMs } from '../time/rfc3339.ts';
import { fromYearlessMs } from '../time/yearless.ts';

/** Precision is guessed from the digits, never finer than the line may have had. */
export function instantOf(epochMs: number): Stamp {
  return { kind: 'instant', epochMs, precisionMs: safePrecisionMs(epochMs) };
}

export function yearlessOf(value: number, precisionMs: number): Stamp {
  return { kind: 'wall', ...fromYearlessMs(value), precisionMs };
}
