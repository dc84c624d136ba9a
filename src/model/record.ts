import type { Stamp, TimeRef } from './time.ts';

/** A place in the bundle: path relative to its root with `/`, 1-based physical lines. */
export interface SourceRef {
  readonly source: string;
  readonly line: number;
  readonly endLine?: number;
}

/** One physical line as it stands in the bundle, cut where it is long: what may be quoted. */
export interface PhysicalLine {
  readonly source: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

export type Level = 'emerg' | 'alert' | 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug';

/** A cell of a state row. Absent means "this form of the object does not tell", which is not `false`. */
export type RowValue = string | number | boolean | readonly string[];

/**
 * The state of one object at collection, whichever form it came in (table, describe, YAML, JSON).
 * Attribute names are canonical: see docs/rows.md.
 */
export interface Row {
  /** `Pod`, `Node`, `Service`, `HelmRelease`, … or a pseudo-kind such as `Mount`, `Filesystem`, `Process`. */
  readonly kind: string;
  readonly values: Readonly<Record<string, RowValue>>;
}

/**
 * Where attributes of a row are written, of those that do not stand on the record's own line; one place for each item
 * of a list where items have lines of their own.
 */
export type RowPlaces = Readonly<Record<string, readonly PhysicalLine[]>>;

/** One parsed message, table row, Kubernetes Event or object. */
export interface LogRecord {
  /** Unique and stable in the bundle: `source:line`, with `#n` for the n-th record of one line. */
  readonly id: string;
  readonly ref: SourceRef;
  readonly kind: 'log' | 'row' | 'kube-event' | 'describe' | 'object';
  /** One writer with one clock; `seq` is its order there. */
  readonly stream: string;
  readonly seq: number;
  /** As read; resolved into `time` by src/clocks. */
  readonly stamp?: Stamp;
  /** Last time, of records that stand for several occurrences (`stamp` is the first one). */
  readonly lastStamp?: Stamp;
  readonly time?: TimeRef;
  readonly lastTime?: TimeRef;
  readonly node?: string;
  /** Number of the boot within its stream, counted from 0, where boots can be told apart. */
  readonly boot?: number;
  /** Program or unit: syslog identifier (`kubelet`, `kernel`), systemd unit without `.service`, or container name. */
  readonly unit?: string;
  readonly process?: { readonly name: string; readonly pid: number };
  readonly namespace?: string;
  /** `namespace/name` */
  readonly pod?: string;
  readonly container?: string;
  readonly level?: Level;
  /**
   * What the program said, unescaped and without envelopes. Structured payloads read
   * `message key=value key=value` with unquoted values, in the order in which they were written.
   */
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Occurrences that this record stands for; 1 when absent. */
  readonly count?: number;
  /** Physical text of the first line, cut at 4 KiB: quotes are cut out of it. */
  readonly raw: string;
  /** The further physical lines of the record, for quotes; absent where it has one line. */
  readonly below?: readonly PhysicalLine[];
  readonly row?: Row;
  readonly places?: RowPlaces;
}
