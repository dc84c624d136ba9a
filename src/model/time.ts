/** Epoch milliseconds, UTC. Unknown is `undefined`, never 0. */
export type EpochMs = number;

/** One instant, known to lie between two others (both inclusive). */
export interface Span {
  readonly earliest: EpochMs;
  readonly latest: EpochMs;
}

/**
 * What a parser read, before anything is known about year, zone, boot or collection time.
 * `src/clocks` turns it into a {@link TimeRef}; parsers never guess.
 */
export type Stamp =
  /** Date, time and zone are all in the text. */
  | { readonly kind: 'instant'; readonly epochMs: EpochMs; readonly precisionMs: number }
  /** A local date and time. `zone` is a zone *name* as printed (`CET`), never an offset. Month 1..12. */
  | {
      readonly kind: 'wall';
      readonly year?: number;
      readonly month: number;
      readonly day: number;
      readonly msOfDay: number;
      readonly precisionMs: number;
      readonly zone?: string;
      /** The writer is known to print UTC (hubble compact, vlog). */
      readonly utc?: boolean;
    }
  /** Seconds since boot (dmesg). */
  | { readonly kind: 'boot'; readonly seconds: number; readonly precisionMs: number }
  /** An age as kubectl prints it; the instant lies in (collection - age - unit, collection - age]. */
  | { readonly kind: 'age'; readonly ageMs: number; readonly unitMs: number };

export type TimeBasis = 'absolute' | 'yearless' | 'zoneless' | 'monotonic' | 'age' | 'derived' | 'neighbour' | 'none';

/** A resolved instant with both its uncertainties: `at` holds the random one, `clock` names the systematic one. */
export interface TimeRef {
  readonly at: Span;
  readonly precisionMs: number;
  /** `node/worker-1`, `apiserver`, `collector`: times of one clock may be compared without skew. */
  readonly clock: string;
  readonly basis: TimeBasis;
  readonly assumptions: readonly string[];
}
