/**
 * Collects what is read from one document: records with their physical lines, listings, remarks, and for each
 * line whether it was understood. Lines are counted from 0 here and from `input.firstLine` in records.
 */

import type { Diagnostic, Level, Listing, LogRecord, PhysicalLine, Row, RowPlaces, Stamp } from '../../model/index.ts';
import type { DocumentInput, DocumentResult } from '../format.ts';

export interface Draft {
  /** Index of the line, and of the last one where the record has several. */
  readonly at: number;
  readonly last?: number | undefined;
  readonly kind: LogRecord['kind'];
  readonly message: string;
  /** Where the record begins within its line: long lines are cut around it. */
  readonly column?: number | undefined;
  readonly stamp?: Stamp | undefined;
  readonly lastStamp?: Stamp | undefined;
  readonly node?: string | undefined;
  readonly unit?: string | undefined;
  readonly process?: LogRecord['process'] | undefined;
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly level?: Level | undefined;
  readonly count?: number | undefined;
  readonly fields?: Readonly<Record<string, string | undefined>> | undefined;
  readonly row?: Row | undefined;
  /** Where attributes of the row are written, of those that may stand on another line than the record. */
  readonly places?: Readonly<Record<string, readonly DraftPlace[]>> | undefined;
}

export interface DraftPlace {
  /** Index of the line. */
  readonly at: number;
  /** Where it begins within its line: long lines are cut around it. */
  readonly column?: number | undefined;
}

export interface DocumentBuilder {
  readonly input: DocumentInput;
  readonly lineCount: number;
  /** Text of a line; empty outside of the document. */
  line(at: number): string;
  /** Index of the line that holds a character of the text. */
  lineOf(offset: number): number;
  startOf(at: number): number;
  add(draft: Draft): void;
  /** A header, banner or other line that was understood but is no record. */
  understood(at: number): void;
  /** Lines from `at` to `last` that belong to what was read before them. */
  belongs(at: number, last?: number): void;
  isTaken(at: number): boolean;
  listing(listing: Omit<Listing, 'source' | 'line'> & { readonly at: number }): void;
  remark(severity: Diagnostic['severity'], code: string, message: string, at?: number): void;
  collectedAt(stamp: Stamp | undefined): void;
  /** Lines that are a log of their own: left to the parsers of logs. */
  leaveAsLog(at: number, last: number): void;
  readonly recordCount: number;
  /** @param unknown - `keep` turns lines that nothing took into records without a time */
  result(unknown: 'keep' | 'drop'): DocumentResult;
}

const MOST_RAW = 4096;
/** Physical lines of a record that may be quoted. */
const MOST_BELOW = 100;
const MOST_MESSAGE = 65_536;
const MOST_UNKNOWN = 20_000;
/** Above this size slices are copied, so that a kept line does not keep the whole text alive. */
const BIG_TEXT = 1 << 20;

export function createDocument(input: DocumentInput): DocumentBuilder {
  const { text } = input;
  const starts = lineStarts(text);
  const lineCount = starts.length;
  /** 0 nothing, 1 understood, 2 belongs to the line before. */
  const marks = new Uint8Array(lineCount);
  const perLine = new Map<number, number>();
  const records: LogRecord[] = [];
  const listings: Listing[] = [];
  const diagnostics: Diagnostic[] = [];
  const collected: Stamp[] = [];
  const logs: { firstLine: number; lastLine: number }[] = [];
  const isBig = text.length > BIG_TEXT;

  function line(at: number): string {
    if (at < 0 || at >= lineCount) {
      return '';
    }
    const start = starts[at] ?? 0;
    let end = at + 1 < lineCount ? (starts[at + 1] ?? 0) - 1 : text.length;
    if (at + 1 === lineCount && end > start && text.charCodeAt(end - 1) === 10) {
      end -= 1;
    }
    if (end > start && text.charCodeAt(end - 1) === 13) {
      end -= 1;
    }
    return text.slice(start, end);
  }

  function lineOf(offset: number): number {
    let low = 0;
    let high = lineCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  function flat(part: string): string {
    return isBig && part.length > 12 ? Buffer.from(part, 'utf8').toString('utf8') : part;
  }

  function add(draft: Draft): void {
    const at = Math.min(Math.max(0, draft.at), Math.max(0, lineCount - 1));
    const last = Math.max(at, draft.last ?? at);
    if (marks.length > 0) {
      marks[at] = 1;
    }
    belongs(at + 1, last);
    const number = input.firstLine + at;
    const nth = (perLine.get(number) ?? 0) + 1;
    perLine.set(number, nth);
    const fields: Record<string, string> = {};
    for (const [key, value] of Object.entries(draft.fields ?? {})) {
      if (value !== undefined && value !== '') {
        fields[key] = flat(value.slice(0, MOST_MESSAGE));
      }
    }
    records.push({
      id: nth === 1 ? `${input.path}:${number}` : `${input.path}:${number}#${nth}`,
      ref: {
        source: input.path,
        line: number,
        ...(last > at ? { endLine: input.firstLine + last } : {}),
      },
      kind: draft.kind,
      stream: input.path,
      seq: records.length,
      ...(draft.stamp === undefined ? {} : { stamp: draft.stamp }),
      ...(draft.lastStamp === undefined ? {} : { lastStamp: draft.lastStamp }),
      ...optional('node', draft.node ?? input.context.node),
      ...optional('unit', draft.unit),
      ...(draft.process === undefined ? {} : { process: draft.process }),
      ...optional('namespace', draft.namespace),
      ...optional('pod', draft.pod),
      ...optional('container', draft.container),
      ...(draft.level === undefined ? {} : { level: draft.level }),
      message: flat(draft.message.slice(0, MOST_MESSAGE)),
      fields,
      ...(draft.count === undefined ? {} : { count: draft.count }),
      raw: flat(rawOf(line(at), draft.column ?? 0)),
      ...(last > at ? { below: belowOf(at, last) } : {}),
      ...(draft.row === undefined ? {} : { row: draft.row, ...placesOf(draft.row, draft.places, at) }),
    });
  }

  function physical({ at, column }: DraftPlace): PhysicalLine {
    return { source: input.path, line: input.firstLine + at, text: flat(rawOf(line(at), column ?? 0)) };
  }

  function belowOf(at: number, last: number): readonly PhysicalLine[] {
    const count = Math.min(last - at, MOST_BELOW);
    return Array.from({ length: count }, (_, nth) => physical({ at: at + 1 + nth })).filter(
      ({ text }) => text.trim() !== '',
    );
  }

  function placesOf(row: Row, written: Draft['places'], at: number): { readonly places?: RowPlaces } {
    const places = Object.entries(written ?? {}).flatMap(([name, found]) =>
      found.length === 0 || row.values[name] === undefined || found.every((place) => place.at === at && isShort(at))
        ? []
        : [[name, found.map(physical)] as const],
    );
    return places.length === 0 ? {} : { places: Object.fromEntries(places) };
  }

  /** The record's own text holds the whole line. */
  function isShort(at: number): boolean {
    return line(at).length <= MOST_RAW;
  }

  function understood(at: number): void {
    if (at >= 0 && at < lineCount) {
      marks[at] = 1;
    }
  }

  function belongs(at: number, last = at): void {
    for (let i = Math.max(0, at); i <= last && i < lineCount; i += 1) {
      if (marks[i] === 0) {
        marks[i] = 2;
      }
    }
  }

  function result(unknown: 'keep' | 'drop'): DocumentResult {
    let recognised = 0;
    let continuation = 0;
    let kept = 0;
    for (const { firstLine, lastLine } of logs) {
      marks.fill(3, Math.max(0, firstLine - input.firstLine), lastLine - input.firstLine + 1);
    }
    for (let at = 0; at < lineCount; at += 1) {
      const mark = marks[at];
      if (mark === 1) {
        recognised += 1;
      } else if (mark === 2) {
        continuation += 1;
      } else if (mark === 0) {
        const content = line(at);
        if (content.trim() === '') {
          continuation += 1;
        } else if (unknown === 'keep' && kept < MOST_UNKNOWN) {
          kept += 1;
          add({ at, kind: 'log', message: content.trim(), namespace: input.context.namespace, pod: input.context.pod });
        }
      }
    }
    return {
      records,
      listings,
      diagnostics,
      recognised,
      continuation,
      ...(collected.length > 0 ? { collected } : {}),
      ...(logs.length > 0 ? { logs } : {}),
    };
  }

  return {
    input,
    lineCount,
    line,
    lineOf,
    startOf: (at) => starts[at] ?? text.length,
    add,
    understood,
    belongs,
    isTaken: (at) => (marks[at] ?? 0) !== 0,
    listing({ at, ...listing }) {
      listings.push({ ...listing, source: input.path, line: input.firstLine + at });
    },
    remark(severity, code, message, at) {
      if (diagnostics.length < 100) {
        diagnostics.push({
          severity,
          code,
          message,
          source: input.path,
          ...(at === undefined ? {} : { line: input.firstLine + at }),
        });
      }
    },
    collectedAt(stamp) {
      if (stamp !== undefined) {
        collected.push(stamp);
      }
    },
    leaveAsLog(at, last) {
      if (last >= at) {
        logs.push({ firstLine: input.firstLine + at, lastLine: input.firstLine + last });
      }
    },
    get recordCount() {
      return records.length;
    },
    result,
  };
}

/** A property only where there is something to say: empty texts count as unknown. */
function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: string });
}

function rawOf(line: string, column: number): string {
  if (line.length <= MOST_RAW) {
    return line;
  }
  let start = Math.min(column, Math.max(0, line.length - 1));
  if (isLowSurrogate(line.charCodeAt(start))) {
    start += 1;
  }
  let end = start + MOST_RAW;
  if (isLowSurrogate(line.charCodeAt(end))) {
    end -= 1;
  }
  return line.slice(start, end);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function lineStarts(text: string): Uint32Array {
  let count = 0;
  for (let at = 0; at >= 0 && at < text.length; count += 1) {
    const next = text.indexOf('\n', at);
    at = next < 0 ? -1 : next + 1;
  }
  const starts = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    starts[i] = at;
    at = text.indexOf('\n', at) + 1;
  }
  return starts;
}
