import type { Diagnostic, Level, Listing, LogRecord, SourceContext, Stamp } from '../model/index.ts';

/** What one physical line says as the first line of a record. Everything absent is unknown. */
export interface Header {
  readonly stamp?: Stamp;
  readonly node?: string;
  readonly unit?: string;
  readonly pid?: number;
  readonly level?: Level;
  readonly namespace?: string;
  /** `namespace/name` */
  readonly pod?: string;
  readonly container?: string;
  /** Rest of the line: the payload of an envelope, or the message itself. */
  readonly message: string;
  /** Key/value pairs in written order, unescaped; they are appended to the match text as ` key=value`. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly count?: number;
  /** Unfinished line of a stream (CRI `P`, docker line without newline): joined with the next of `stream`. */
  readonly partial?: boolean;
  /** Distinguishes interleaved writers: `stderr`, a pid, a pod prefix. */
  readonly stream?: string;
  /** Facts such as the zone or year anchor that clocks want: `time.outer`, `boot.seconds`, `boot.id`, `year.anchor`. */
  readonly hints?: Readonly<Record<string, string>>;
}

export interface FormatSample {
  /** One record, one or more lines. */
  readonly text: string;
  /** Expected of the first record. */
  readonly expect: Partial<Omit<Header, 'hints' | 'fields'>> & { readonly fields?: Readonly<Record<string, string>> };
}

/** A log whose records begin with a recognisable line. */
export interface LineFormat {
  readonly kind: 'lines';
  /** As in the table of formats: `journal-short`, `klog`. */
  readonly id: string;
  readonly samples: readonly FormatSample[];
  /** Envelope: `message` may begin with the header of another format. Payload: may stand inside an envelope. */
  readonly role: 'envelope' | 'payload' | 'both';
  /** Undefined when the line does not begin a record of this format. Linear in the length of the line. */
  parse(line: string): Header | undefined;
  /**
   * The text that `line` adds to the record begun by `first`, or undefined when it does not belong to it.
   * General continuations (blank, indented, stack traces) are known to the reader; this is for format-specific ones.
   */
  continues?(line: string, first: Header, firstLine: string): string | undefined;
  /** Lines that belong to the format but are no records: `-- Logs begin at …`, banners, catalog text. */
  skips?(line: string): boolean;
  /**
   * Fast path of the scan, on bytes: milliseconds of the header's time on a scale of the format's own (epoch ms,
   * ms since 1 January of a leap year, ms since boot), or -1 when the line is no header. Must agree with `parse`.
   */
  timeAt?(bytes: Uint8Array, start: number, end: number): number;
  /** Inverse of `timeAt`; the precision is never finer than that of `parse`, but may be coarser. */
  stampOf?(value: number): Stamp;
  /**
   * Judges a file where single lines cannot tell (dmesg or `short-monotonic`, journal or syslog): false when the
   * sampled lines, though `parse` takes them, are another format's.
   */
  suits?(lines: readonly string[]): boolean;
}

/** The beginning and middle of a file, for recognition. */
export interface Sniff {
  readonly path: string;
  readonly context: SourceContext;
  /** First 64 KiB, decoded, ANSI sequences removed. */
  readonly head: string;
  /** At most 400 lines of head and middle, without blank ones. */
  readonly lines: readonly string[];
}

export interface DocumentInput {
  readonly path: string;
  readonly context: SourceContext;
  /** Whole text, decoded; ANSI sequences and trailing CR removed, line numbers unchanged. */
  readonly text: string;
  /** Line number of the first line of `text` in the file; 1 unless it is a section of a composite file. */
  readonly firstLine: number;
  /** What the text was decoded from, for formats with `countsBytes`: its lines are the lines of the text. */
  readonly bytes?: Buffer;
  /** Set where the text holds some items of a list that is too large to be read at once. */
  readonly part?: DocumentPart;
}

export interface DocumentPart {
  /** `PodList`, `List`: what the list says of itself before its items; undefined where nothing tells. */
  readonly listKind: string | undefined;
  /** Items of one list, not documents that merely follow each other. */
  readonly isList: boolean;
}

/** Whole items of a large document, readable like a document of their own. */
export interface DocumentSlice extends DocumentPart {
  readonly text: string;
  /** Line of the file on which the text begins. */
  readonly firstLine: number;
  readonly bytes?: Buffer;
  /** Lines in front that are not the file's. */
  readonly added: number;
}

/** What was seen of a large document around its slices. */
export interface SplitSummary {
  /** Lines of the file. */
  readonly lines: number;
  /** Lines that hold something else than the document's items and what stands around them. */
  readonly strange: number;
  /** The file ends inside of an item or list. */
  readonly isCut: boolean;
  /** Items that were left out because no single one may be so large. */
  readonly tooLarge: number;
}

export interface DocumentResult {
  readonly records: readonly LogRecord[];
  readonly listings: readonly Listing[];
  readonly diagnostics: readonly Diagnostic[];
  /** Lines that were understood (records, headers, known banners) and lines that belong to a record before them. */
  readonly recognised: number;
  readonly continuation: number;
  /** Moments the document itself proves the collection to be at or after: `date`, newest event name. */
  readonly collected?: readonly Stamp[];
  /**
   * Lines (numbers of the file, both inclusive) that are a log inside the document: the journal below
   * `systemctl status`, a log file shown in a terminal capture. The reader parses them as lines; they are
   * counted neither as recognised nor as continuation here.
   */
  readonly logs?: readonly { readonly firstLine: number; readonly lastLine: number }[];
}

/** A file that is understood as a whole: table, describe, YAML or JSON list, command output. */
export interface DocumentFormat {
  readonly kind: 'document';
  readonly id: string;
  readonly samples: readonly { readonly path: string; readonly text: string }[];
  /** Lengths are written in it: the text must come with its NUL bytes and terminal sequences. */
  readonly countsBytes?: true;
  /** 0 = certainly not, 1 = certainly. Must be cheap. */
  sniff(sniff: Sniff): number;
  parse(input: DocumentInput): DocumentResult;
  /**
   * Cuts a document into slices of whole items while it is read, in bounded memory. A document without it is read
   * line by line when it is too large.
   */
  split?(chunks: Iterable<Uint8Array>, take: (slice: DocumentSlice) => void): SplitSummary;
}

export type Format = LineFormat | DocumentFormat;
