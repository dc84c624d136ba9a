import type { Diagnostic, ReadSource, Span, TimedVolume } from '../model/index.ts';
import type { ClockOffset } from '../time/clock-offset.ts';
import type { Distance } from '../time/span.ts';

/** What is known about one clock of the bundle, for the report. */
export interface ClockReport {
  /** `node/worker-1`, `pod/kube-system/coredns-x`, `file/kubelet.log`, `apiserver`, `collector` */
  readonly clock: string;
  /** How its times were resolved, in words. */
  readonly basis: string;
  readonly zone?: string;
  /** How far it may be off against other clocks, where nothing in the bundle tells. */
  readonly uncertaintyMs?: number;
  /** Evidence: `zone +02:00 from 12 payloads that write their offset`. */
  readonly anchors: readonly string[];
  readonly assumptions: readonly string[];
  /** How it differs from others, where records that must be in order tell. */
  readonly offsets?: readonly ClockDifference[];
}

export interface ClockDifference {
  readonly against: string;
  /** How much it shows more than the other one, in ms; negative: less; a side that nothing bounds is infinite. */
  readonly bounds: Distance;
  /** Pairs of records behind it. */
  readonly pairs: number;
  /** `decided`: certainly apart; `wide`: at least so far apart; `contradicted`: one of them was set in between. */
  readonly verdict: 'decided' | 'wide' | 'contradicted';
}

export interface CollectedAt {
  readonly at: Span;
  /** Where it comes from: `--collected-at`, `name of the bundle`, `newest time in the bundle` … */
  readonly basis: string;
}

export interface ClockResult {
  /** The same sources; their records have `time`, `lastTime` and `boot` where these could be found. */
  readonly sources: readonly ReadSource[];
  /** One per source that has a volume, in the order of the sources. */
  readonly volumes: readonly TimedVolume[];
  readonly collectedAt?: CollectedAt;
  /** Sorted by clock. */
  readonly clocks: readonly ClockReport[];
  /** How far any two clocks may be apart. */
  readonly offset: ClockOffset;
  readonly diagnostics: readonly Diagnostic[];
}
