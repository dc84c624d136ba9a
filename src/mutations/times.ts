import type { EpochMs, TimeRef } from '../model/index.ts';

/** When the cause of every pair begins. */
export const T0: EpochMs = Date.UTC(2025, 0, 15, 12);

/** An exact time; all facts of a pair are told by one clock, so that only the mutation decides. */
export function timed(at: EpochMs): TimeRef {
  return { at: { earliest: at, latest: at }, precisionMs: 1, clock: 'node/n1', basis: 'absolute', assumptions: [] };
}
