/**
 * Lines of a log to records: headers, envelopes peeled, continuations joined.
 *
 * A line that nothing recognises is a record too, with its text as message: signatures are matched against it, but
 * its writer, level and time stay unknown. Output that was cut by a program into pieces (CRI `P` lines, docker lines
 * without a line feed) is put together per stream before its payload is read; a record that was broken by pasting
 * (an open quote, a logfmt record over several lines) is read again as one line.
 */

import type { LogRecord, PhysicalLine, SourceContext } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { MAX_JOINED_CHARS, MAX_PARTIAL_CHARS, MAX_PARTIAL_LINES } from '../text/record-limits.ts';
import { cleanLine, flat, leadingNuls } from './clean.ts';
import type { Header, LineFormat } from './format.ts';
import { anyHeader, type FoundHeader, isBlank, isOwnFormat, type LineReading } from './header.ts';
import { isUnfinished, MAX_UNFINISHED_LINES } from './joiner.ts';
import { matchText } from './match-text.ts';
import { peel } from './peel.ts';
import { placeLines } from './place.ts';

const MAX_RAW = 4096;
const MAX_MESSAGE = 64 * 1024;
const CALLER = /\/kernel\/([TC]\d{1,10})$/u;
const NO_FIELDS: Readonly<Record<string, string>> = Object.freeze({});

export interface LinesContext {
  /** Path of the source in the bundle. */
  readonly path: string;
  readonly context: SourceContext;
  /** Writer with a clock of its own; the path when absent. */
  readonly stream?: string;
  /** Every format of logs, most specific first. */
  readonly all: readonly LineFormat[];
  /** See LineReading. */
  readonly wrapWidth?: number | undefined;
  /** The lines come from the middle of an overlong record: each stands for itself. */
  readonly headless?: boolean;
}

export interface ReadLines {
  /** In order of their first lines. */
  readonly records: readonly LogRecord[];
  /** The three counts add up to the number of lines. */
  readonly recognised: number;
  readonly continuation: number;
  readonly unknown: number;
}

/** A record being read. */
interface Draft {
  readonly line: number;
  endLine: number;
  readonly raw: string;
  /** The further physical lines, as far as they may be quoted. */
  readonly below: PhysicalLine[];
  /** Characters of `below`. */
  belowChars: number;
  readonly first: string;
  readonly found: FoundHeader | undefined;
  /** Further lines of the message. */
  readonly texts: string[];
  /** The line that was broken into this one and the next ones, as far as it was read. */
  whole: string | undefined;
}

interface Pieces {
  readonly draft: Draft;
  header: Header;
}

/** Does the quote or brace that is open at the end of `above` close within the next lines? */
function closesSoon(above: string, lines: readonly string[], from: number, reading: LineReading): boolean {
  let text = above;
  for (let at = from; at < Math.min(lines.length, from + MAX_UNFINISHED_LINES); at++) {
    const raw = lines[at] as string;
    const line = cleanLine(raw);
    // No record goes on behind a hole of NUL bytes.
    if (leadingNuls(raw) > 0 || anyHeader(line, reading) !== undefined) {
      return false;
    }
    text += ` ${line}`;
    if (!isUnfinished(text)) {
      return true;
    }
  }
  return false;
}

/** Without `.service`, which some outputs print and others do not. */
function unitName(unit: string | undefined): string | undefined {
  return unit?.endsWith('.service') === true ? unit.slice(0, -8) : unit;
}

/** A prefix of kubectl or stern names the pod without its namespace, which the path may tell. */
function podOf(header: Header, namespace: string | undefined): string | undefined {
  const name = header.hints?.['pod.name'];
  return header.pod ?? (name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`);
}

/** With what the header hints at; kernel lines with the thread or processor that wrote them, as traces may interleave. */
function fieldsOf({ fields, hints, unit, stream }: Header): LogRecord['fields'] {
  const caller = unit === 'kernel' ? CALLER.exec(stream ?? '')?.[1] : undefined;
  if (caller !== undefined) {
    return { ...fields, ...hints, caller };
  }
  return fields === undefined && hints === undefined ? NO_FIELDS : { ...fields, ...hints };
}

/**
 * @param nth - which record of its physical line this is, from 1
 */
function recordOf(draft: Draft, header: Header, reading: LinesContext, nth: number): LogRecord {
  const { path, context } = reading;
  const stream = reading.stream ?? path;
  const said = matchText(header);
  const message = draft.texts.length === 0 ? said : `${said}\n${draft.texts.join('\n')}`;
  const node = header.node ?? context.node;
  const unit = unitName(header.unit ?? context.unit) ?? header.container ?? context.container;
  const namespace = header.namespace ?? context.namespace;
  const pod = podOf(header, namespace) ?? context.pod;
  const container = header.container ?? context.container;
  const { stamp, level, pid, count } = header;
  return {
    id: nth === 1 ? `${path}:${draft.line}` : `${path}:${draft.line}#${nth}`,
    ref:
      draft.endLine > draft.line
        ? { source: path, line: draft.line, endLine: draft.endLine }
        : { source: path, line: draft.line },
    kind: 'log',
    stream: pod === undefined || pod === context.pod ? stream : `${stream}#${pod}`,
    seq: draft.line,
    ...(stamp === undefined ? {} : { stamp }),
    ...(node === undefined ? {} : { node }),
    ...(unit === undefined ? {} : { unit }),
    ...(pid === undefined || unit === undefined ? {} : { process: { name: unit, pid } }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
    ...(level === undefined ? {} : { level }),
    message: message.length > MAX_MESSAGE ? flat(message.slice(0, MAX_MESSAGE)) : message,
    fields: fieldsOf(header),
    ...(count === undefined ? {} : { count }),
    raw: draft.raw,
    ...(draft.below.length === 0 ? {} : { below: draft.below }),
  };
}

/** Cut so that a hostile line cannot fill the memory. */
function kept(raw: string): string {
  return raw.length > MAX_RAW ? flat(raw.slice(0, MAX_RAW)) : raw;
}

/** A further physical line of the record. */
function extend(draft: Draft, source: string, line: number, raw: string): void {
  draft.endLine = line;
  if (draft.belowChars >= MAX_JOINED_CHARS || isBlank(raw)) {
    return;
  }
  const text = kept(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
  draft.belowChars += text.length;
  draft.below.push({ source, line, text });
}

/**
 * @param lines - physical lines without line feeds
 * @param firstLine - line number of the first one in its file, 1-based
 */
export function readLines(
  lines: readonly string[],
  firstLine: number,
  format: LineFormat | 'mixed' | 'text',
  context: LinesContext,
): ReadLines {
  const reading: LineReading = { format, all: context.all, wrapWidth: context.wrapWidth };
  const placer = placeLines(reading);
  const records: LogRecord[] = [];
  const partial = new Map<string, Pieces>();
  let groupLine = 0;
  let groupChars = 0;
  let current: Draft | undefined;
  let recognised = 0;
  let continuation = 0;
  let unknown = 0;
  const holes = new Set<number>();

  function keep(draft: Draft, header: Header): void {
    records.push(recordOf(draft, header, context, holes.has(draft.line) ? 2 : 1));
  }

  function finish(): void {
    if (current === undefined) {
      return;
    }
    const draft = current;
    current = undefined;
    while (draft.texts.at(-1) === '') {
      draft.texts.pop();
      draft.endLine -= 1;
    }
    const { whole } = draft;
    if (whole === undefined) {
      keep(draft, draft.found === undefined ? { message: draft.first } : peel(draft.found.header));
      return;
    }
    const header = draft.found === undefined ? anyHeader(whole, reading)?.header : draft.found.format.parse(whole);
    keep(draft, header === undefined ? { message: whole } : peel(header));
  }

  /** In a text nothing more is expected of a line than to be there. */
  function countUnread(): void {
    if (format === 'text') {
      recognised += 1;
    } else {
      unknown += 1;
    }
  }

  function begin(raw: string, first: string, line: number, found: FoundHeader | undefined): Draft {
    const none = { below: [], belowChars: 0, texts: [], whole: undefined };
    return { line, endLine: line, raw: kept(raw), first, found, ...none };
  }

  function flush(key: string): void {
    const pieces = partial.get(key);
    if (pieces !== undefined) {
      partial.delete(key);
      keep(pieces.draft, peel(pieces.header));
    }
  }

  function flushAll(): void {
    for (const key of [...partial.keys()]) {
      flush(key);
    }
  }

  /** A header that is or completes a piece of an output line; true when it was dealt with. */
  function takePiece(draft: Draft, header: Header, size: number): boolean {
    if (partial.size > 0) {
      groupChars += size;
      if (draft.line - groupLine > MAX_PARTIAL_LINES || groupChars > MAX_PARTIAL_CHARS) {
        flushAll();
      }
    }
    const key = header.stream ?? '';
    const pieces = partial.get(key);
    if (pieces !== undefined) {
      pieces.header = { ...pieces.header, message: pieces.header.message + header.message };
      extend(pieces.draft, context.path, draft.line, draft.raw);
      if (header.partial !== true) {
        flush(key);
      }
      return true;
    }
    if (header.partial !== true) {
      return false;
    }
    if (partial.size === 0) {
      groupLine = draft.line;
      groupChars = size;
    }
    const { partial: _, ...rest } = header;
    partial.set(key, { draft, header: rest });
    return true;
  }

  function read(raw: string, line: number, at: number): void {
    const text = cleanLine(raw);
    if (context.headless === true) {
      current = isBlank(text) ? undefined : begin(raw, text, line, undefined);
      finish();
      continuation += 1;
      return;
    }
    const place = placer.next(text, () => closesSoon(current?.whole ?? current?.first ?? '', lines, at, reading));
    const isOwn = place.kind === 'header' && isOwnFormat(place.found.format, reading);
    if (!isOwn) {
      flushAll();
    }
    switch (place.kind) {
      case 'header': {
        finish();
        recognised += 1;
        const draft = begin(raw, text, line, place.found);
        if (isOwn && takePiece(draft, place.found.header, raw.length)) {
          placer.end();
        } else {
          current = draft;
        }
        return;
      }
      case 'banner':
        finish();
        recognised += 1;
        return;
      case 'blank':
        continuation += 1;
        return;
      case 'joined': {
        continuation += 1;
        const { joined } = place;
        if (joined.kind === 'beyond') {
          finish();
          current = isBlank(text) ? undefined : begin(raw, text, line, undefined);
          finish();
        } else if (current !== undefined) {
          if (joined.kind === 'piece') {
            current.whole = joined.whole;
          } else {
            current.texts.push(joined.text);
          }
          extend(current, context.path, line, raw);
        }
        return;
      }
      case 'unknown':
        finish();
        countUnread();
        current = begin(raw, text, line, undefined);
    }
  }

  lines.forEach((raw, at) => {
    const line = firstLine + at;
    const nuls = leadingNuls(raw);
    if (nuls === 0) {
      read(raw, line, at);
      return;
    }
    // A hole of NUL bytes is evidence of its own, and no record goes on behind it.
    finish();
    placer.end();
    const rest = raw.slice(nuls);
    keep(begin(raw, '', line, undefined), { message: `${nuls} NUL bytes` });
    flushAll();
    if (isBlank(cleanLine(rest))) {
      countUnread();
    } else {
      holes.add(line);
      read(rest, line, at);
    }
  });
  finish();
  flushAll();
  records.sort((a, b) => a.ref.line - b.ref.line || byText(a.id, b.id));
  return { records, recognised, continuation, unknown };
}
