import type { LogRecord } from './record.ts';
import type { Stamp, TimeRef } from './time.ts';

/** What a path or a collector's layout says about a file, before it is opened. Hints never decide alone. */
export interface SourceContext {
  readonly node?: string;
  readonly namespace?: string;
  /** `namespace/name` */
  readonly pod?: string;
  readonly container?: string;
  readonly unit?: string;
  /** The log of the instance before the last restart. */
  readonly previous?: boolean;
  /** The command that wrote the file, where path or first line tells it: `kubectl get pods -A -o wide`. */
  readonly command?: string;
  /** Part of a rotated log. */
  readonly rotation?: Rotation;
  /** Format ids that the path suggests, best first. */
  readonly formats?: readonly string[];
}

/** A part of a log that was cut into files: `messages-20250131`, `kubelet.log.1.gz`. */
export interface Rotation {
  /** Path of the live file, whether it is in the bundle or not. */
  readonly series: string;
  /** Place among the parts in the bundle, oldest first. */
  readonly index: number;
  /** Day of the rotation, where the name tells it: nothing in the file is later. Epoch ms of its end in UTC. */
  readonly endedBefore?: number;
}

/** One readable member of a bundle, already decompressed and decoded to UTF-8 without BOM. */
export interface Source {
  /** Relative to the bundle's root, `/`-separated; members of nested archives read `a.zip/b.log`. */
  readonly path: string;
  readonly bytes: number;
  readonly context: SourceContext;
  /** Remarks for the report's file table, for example `decoded from UTF-16LE`. */
  readonly notes: readonly string[];
  /** The bytes in chunks of any size, in order, again on each call. Chunks may be reused: copy what you keep. */
  read(): Iterable<Uint8Array>;
}

export interface CollectionHint {
  readonly stamp: Stamp;
  /** Where it comes from, for the report: `name of the bundle`, `version.yaml`, `newest file`. */
  readonly basis: string;
  /** Only files below this path; the whole bundle when absent. */
  readonly under?: string;
  /** The stamp and its precision hold the run of the collector itself; else it is a moment near it. */
  readonly exact?: true;
}

/** An opened bundle. `sources` are sorted by path (code units). */
export interface Bundle {
  readonly name: string;
  /** Collector whose layout was recognised: `troubleshoot`, `must-gather`, …, or `files`. */
  readonly layout: string;
  readonly sources: readonly Source[];
  readonly collectionHints: readonly CollectionHint[];
  readonly diagnostics: readonly Diagnostic[];
  /** Removes temporary files. */
  close(): void;
}

/** A remark on the analysis itself: unread file, unknown year, clock skew. */
export interface Diagnostic {
  readonly severity: 'info' | 'warning' | 'error';
  /** Stable kebab-case code: `archive-truncated`. */
  readonly code: string;
  readonly message: string;
  readonly source?: string;
  readonly line?: number;
}

/** What was understood of one file; the three line counts add up to `lines`. */
export interface FileCoverage {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly lines: number;
  readonly recognised: number;
  readonly continuation: number;
  readonly unknown: number;
  readonly notes: readonly string[];
}

/** Lines of one program instance in one log, for restarts, silence and "quiet" claims. */
export interface Writer {
  /** Syslog identifier or unit. */
  readonly name: string;
  readonly pid?: number;
  readonly node?: string;
  readonly lines: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly first?: Stamp;
  readonly last?: Stamp;
}

/** A stretch of a log without any line: in time `from` is the last line before it, `to` the first after it. */
export interface Gap {
  readonly from: { readonly line: number; readonly stamp: Stamp };
  readonly to: { readonly line: number; readonly stamp: Stamp };
}

/** What a pass over a log's bytes yields besides its records. */
export interface LogVolume {
  readonly firstStamp?: Stamp;
  readonly lastStamp?: Stamp;
  readonly firstLine?: number;
  readonly lastLine?: number;
  readonly writers: readonly Writer[];
  /** The longest stretches of silence, at most 16, by length. */
  readonly gaps: readonly Gap[];
  /** Median distance of neighbouring lines. */
  readonly medianGapMs?: number;
  /** Line numbers at which a yearless log steps back to an earlier month: year or clock changes. */
  readonly monthSteps: readonly number[];
  /** The log was printed newest line first. `from` of a gap is its earlier line all the same. */
  readonly newestFirst?: true;
}

/** A source after reading: how it was understood, and the records that can matter. */
export interface ReadSource {
  readonly path: string;
  readonly context: SourceContext;
  readonly coverage: FileCoverage;
  readonly records: readonly LogRecord[];
  /** Logs only. */
  readonly volume?: LogVolume;
  /** Structured listings: what was listed, so that absence can be judged. */
  readonly listings: readonly Listing[];
  readonly diagnostics: readonly Diagnostic[];
  /** Moments that the file itself proves the collection to be at or after. */
  readonly collected?: readonly Stamp[];
}

/** A listing that was read: it proves the absence of what it would have shown. */
export interface Listing {
  /** `Pod`, `DaemonSet`, … */
  readonly kind: string;
  /** One namespace, or every one. */
  readonly namespace: string | 'all' | 'unknown';
  /** No error, at least one row, not cut, not filtered by name or label as far as can be seen. */
  readonly complete: boolean;
  readonly rows: number;
  readonly source: string;
  readonly line: number;
}

/** {@link LogVolume} after the clocks: spans instead of stamps. First and last are so in time, whatever the file's order. */
export interface TimedVolume {
  readonly path: string;
  /** Line numbers fall with time. */
  readonly newestFirst?: true;
  readonly node?: string;
  readonly first?: TimeRef;
  readonly last?: TimeRef;
  readonly firstLine?: number;
  readonly lastLine?: number;
  readonly medianGapMs?: number;
  readonly writers: readonly (Omit<Writer, 'first' | 'last'> & {
    readonly first?: TimeRef;
    readonly last?: TimeRef;
    readonly boot?: number;
  })[];
  readonly gaps: readonly {
    readonly from: { readonly line: number; readonly time: TimeRef };
    readonly to: { readonly line: number; readonly time: TimeRef };
    /** Another boot begins after the gap. */
    readonly bootFollows: boolean;
  }[];
}
