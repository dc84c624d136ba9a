/**
 * Sources to records: recognise each file, scan logs, parse documents, split composite files.
 *
 * Logs go through the scan as bytes and only candidate records become strings; small ones are kept whole. Documents,
 * composite files and small files are decoded and read as a whole. Whatever the way, borders of records, their ids
 * and their texts are the same.
 */

import type {
  Bundle,
  Diagnostic,
  FileCoverage,
  Listing,
  LogRecord,
  LogVolume,
  ReadSource,
  Source,
  SourceContext,
  Stamp,
} from './model/index.ts';
import { classifierOf } from './parsers/classify.ts';
import { cleanLine, flat } from './parsers/clean.ts';
import type { DocumentFormat, DocumentPart, DocumentSlice, LineFormat } from './parsers/format.ts';
import type { LineReading } from './parsers/header.ts';
import { formats, logFormats } from './parsers/index.ts';
import { commonIndent, undented, wrapWidthOf } from './parsers/layout.ts';
import { readLines } from './parsers/lines.ts';
import { isComposite, opensSection, splitSections } from './parsers/sections.ts';
import { type Recognition, recognise, SNIFFED_BYTES, sniffOf } from './parsers/sniff.ts';
import { scaleOf } from './parsers/stamp-scale.ts';
import { chooser, counted, MARKERS } from './reading/choose-records.ts';
import { withEarlyClock } from './reading/early-clock.ts';
import { eventTableHeader, keepEvents, tableSlices } from './reading/events.ts';
import { withNamespaces } from './reading/namespaces.ts';
import { volumeOfRecords } from './reading/record-volume.ts';
import { joinListings, lastRowsOnly, renumber } from './reading/slices.ts';
import { addToldLines } from './reading/told-lines.ts';
import { compileLiterals, type LiteralSet } from './scan/literals.ts';
import { type Scan, type ScanOptions, scanLog } from './scan/scan.ts';
import type { Budget } from './scan/storm.ts';
import type { RecordSelection } from './select-records.ts';
import { isReversed } from './time/reversed.ts';

/** Audit lines can be most of a log; the clocks need a few of them. */
const MARKER_BUDGETS: ReadonlyMap<string, Budget> = new Map([[' audit(1', { free: 64, perMinute: 0 }]]);
/** Documents above this keep only the Events that a signature matches, and the first and last ones. */
const LARGE_DOCUMENT = 4 << 20;
const EVENT_TABLE = 'kubectl-table';
/** Records that must be in order with those of other clocks: some of each kind show how far apart the clocks are. */
const ORDER_BUDGET: Budget = { free: 512, perMinute: 0 };
const UNLIMITED: Budget = { free: Number.POSITIVE_INFINITY, perMinute: 0 };
const MAX_WHOLE_LOG = 256 * 1024;
const MAX_WHOLE_TEXT = 64 << 20;
/** Documents above this are read slice by slice where their format can be cut. */
const STREAM_ABOVE = 32 << 20;
const MOST_REMARKS = 100;
/** Documents that are the journal of a machine. */
const JOURNALS: ReadonlySet<string> = new Set(['journal-export', 'journal-verbose', 'journal-json-pretty']);
const JOURNAL_MAGIC = 'LPKSHHRH';
/** A log whose lines are so surely of one format is not searched for sections. */
const ONE_FORMAT = 0.9;
/** Nobody writes more sections into one file: further ones are read without looking for their formats. */
const MAX_SECTIONS = 2000;
/** Why a file has no format. */
const UNKNOWN_TEXT =
  'no line begins like a known log, table, object or command output: only searched for known messages';
const UNSEEN: Recognition = { format: 'mixed', score: 0 };
const LEARN_ABOVE = 4 << 20;
/** Nobody copies more lines by hand: larger logs are neither indented nor wrapped. */
const MAX_COPIED_LINES = 2000;

export interface ReadOptions {
  /** Logs up to this size are kept whole, in bytes. */
  readonly wholeLogBytes?: number;
  /** What of larger ones is kept; every record with a literal when absent. */
  readonly selection?: RecordSelection;
  /** Lines with one of these are kept too, some of each: `SyncLoop ADD`. */
  readonly markers?: readonly string[];
  /** Called before each source, and once at the end: bytes read so far, bytes in all. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

interface Reading {
  readonly literals: LiteralSet;
  /** Literal id to lines wanted below it. */
  readonly followed: ReadonlyMap<number, number>;
  readonly budgets: ReadonlyMap<number, Budget>;
  readonly relevant: NonNullable<ScanOptions['relevant']>;
  readonly selection: RecordSelection | undefined;
  readonly markers: readonly string[];
  readonly wholeLogBytes: number;
}

/** What one file or one section yielded; the three counts add up to the number of its lines. */
interface Part {
  readonly format: string;
  readonly records: readonly LogRecord[];
  readonly listings: readonly Listing[];
  readonly diagnostics: readonly Diagnostic[];
  readonly collected: readonly Stamp[];
  readonly notes: readonly string[];
  readonly recognised: number;
  readonly continuation: number;
  readonly unknown: number;
  readonly volume?: LogVolume;
}

/** Lines of a file or of a section of it. */
interface Text {
  readonly path: string;
  readonly context: SourceContext;
  readonly lines: readonly string[];
  readonly firstLine: number;
  readonly stream: string;
  /** What the lines were decoded from, where a format wants it. */
  readonly bytes?: Buffer;
}

/**
 * Reads every source of a bundle, in its order.
 *
 * @param literals - the anchors of the signatures; records of large logs without one are not kept
 * @param followed - anchors whose signatures look at the lines below, and at how many
 */
export async function readSources(
  bundle: Bundle,
  literals: LiteralSet,
  followed: ReadonlyMap<string, number>,
  options: ReadOptions = {},
): Promise<ReadSource[]> {
  const reading = readingOf(literals, followed, options);
  const total = bundle.sources.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const read = bundle.sources.map((source) => {
    options.onProgress?.(done, total);
    done += source.bytes;
    return readSource(source, reading);
  });
  options.onProgress?.(total, total);
  return withNamespaces(read);
}

function readingOf(literals: LiteralSet, followed: ReadonlyMap<string, number>, options: ReadOptions): Reading {
  const markers = [...MARKERS, ...(options.markers ?? [])];
  const all = compileLiterals([...literals.literals, ...markers]);
  const { selection } = options;
  const signed = literals.literals.length;
  const markerBudgets = markers.map((marker, at) =>
    at < MARKERS.length ? (MARKER_BUDGETS.get(marker) ?? UNLIMITED) : ORDER_BUDGET,
  );
  return {
    literals: all,
    followed: new Map(
      all.literals.flatMap((literal, id): [number, number][] => {
        const amount = followed.get(literal);
        return amount === undefined ? [] : [[id, amount]];
      }),
    ),
    budgets: new Map([
      ...(selection?.budgets ?? []).entries(),
      ...markerBudgets.map((budget, at) => [signed + at, budget] as const),
    ]),
    relevant: (ids, textOf) => {
      if (selection === undefined) {
        return ids;
      }
      const told = ids.every((id) => id < signed) ? ids : ids.filter((id) => id < signed);
      const relevant = told.length === 0 ? told : selection.relevant(told, textOf);
      return told === ids ? relevant : [...relevant, ...ids.filter((id) => id >= signed)];
    },
    selection,
    markers,
    wholeLogBytes: options.wholeLogBytes ?? MAX_WHOLE_LOG,
  };
}

function readSource(source: Source, reading: Reading): ReadSource {
  try {
    return readOpened(source, reading);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      path: source.path,
      context: source.context,
      coverage: coverageOf(source, 0, {
        ...emptyPart('unreadable'),
        notes: ['could not be read'],
      }),
      records: [],
      listings: [],
      diagnostics: [
        { severity: 'error', code: 'source-unreadable', message: `could not be read: ${message}`, source: source.path },
      ],
    };
  }
}

function emptyPart(format: string): Part {
  return {
    format,
    records: [],
    listings: [],
    diagnostics: [],
    collected: [],
    notes: [],
    recognised: 0,
    continuation: 0,
    unknown: 0,
  };
}

function coverageOf(source: Source, bytes: number, part: Part): FileCoverage {
  const { format, recognised, continuation, unknown } = part;
  return {
    path: source.path,
    format,
    bytes,
    lines: recognised + continuation + unknown,
    recognised,
    continuation,
    unknown,
    notes: [...source.notes, ...part.notes, ...(format === 'text' && unknown > 0 ? [UNKNOWN_TEXT] : [])],
  };
}

function readOpened(source: Source, reading: Reading): ReadSource {
  const head = firstBytes(source, SNIFFED_BYTES);
  const binary = binaryKind(head);
  if (binary !== undefined) {
    return finished(source, source.bytes, binaryPart(source, binary));
  }
  const { path, context } = source;
  const headText = head.toString('utf8');
  const first = recognise(sniffOf(path, context, headText), formats);
  const recognition =
    typeof first.format === 'object' && first.score >= ONE_FORMAT
      ? first
      : recognise(sniffOf(path, context, headText, middleOf(source)), formats);
  const { format } = recognition;
  const isLog = typeof format === 'string' || format.kind === 'lines';
  const isSections = looksComposite(headText, recognition);
  if (!isLog && !isSections && source.bytes > STREAM_ABOVE && format.split !== undefined) {
    return finished(source, source.bytes, readSlices(source, format, format.split, reading));
  }
  const isWhole = !isLog || isSections || source.bytes <= reading.wholeLogBytes;
  if (isWhole && source.bytes <= MAX_WHOLE_TEXT) {
    const whole = head.length < SNIFFED_BYTES ? head : firstBytes(source, MAX_WHOLE_TEXT + 1);
    if (whole.length <= MAX_WHOLE_TEXT) {
      return finished(source, whole.length, readWhole(source, whole, reading, isSections, recognition));
    }
  }
  return readLargeLog(source, recognition, reading);
}

function finished(source: Source, bytes: number, part: Part): ReadSource {
  const { records, listings, diagnostics, volume, collected } = part;
  return {
    path: source.path,
    context: source.context,
    coverage: coverageOf(source, bytes, part),
    records,
    ...(volume === undefined ? {} : { volume }),
    listings,
    diagnostics,
    ...(collected.length === 0 ? {} : { collected }),
  };
}

/** At most `limit` bytes from the beginning. */
function firstBytes(source: Source, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  for (const chunk of source.read()) {
    const part = chunk.subarray(0, limit - size);
    chunks.push(Buffer.from(part));
    size += part.length;
    if (size >= limit) {
      break;
    }
  }
  return Buffer.concat(chunks, size);
}

/** 64 KiB from the middle of a file that is larger than what was seen, and not so large that skipping costs. */
function middleOf(source: Source): string {
  if (source.bytes <= 2 * SNIFFED_BYTES || source.bytes > MAX_WHOLE_TEXT) {
    return '';
  }
  const from = Math.floor(source.bytes / 2);
  const kept: Buffer[] = [];
  let at = 0;
  for (const chunk of source.read()) {
    const begin = Math.max(0, from - at);
    const end = Math.min(chunk.length, from + SNIFFED_BYTES - at);
    if (end > begin) {
      kept.push(Buffer.from(chunk.subarray(begin, end)));
    }
    at += chunk.length;
    if (at >= from + SNIFFED_BYTES) {
      break;
    }
  }
  return Buffer.concat(kept).toString('utf8');
}

/** What kind of binary file this is; undefined for text, even for text with a hole of NUL bytes. */
function binaryKind(head: Buffer): 'journal' | 'binary' | undefined {
  if (head.toString('latin1', 0, 8) === JOURNAL_MAGIC) {
    return 'journal';
  }
  const size = Math.min(head.length, 4096);
  let strange = 0;
  for (let at = 0; at < size; at++) {
    const byte = head[at] as number;
    if (
      (byte > 0 && byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 30) ||
      byte === 127
    ) {
      strange++;
    }
  }
  return strange * 10 > size ? 'binary' : undefined;
}

function binaryPart(source: Source, kind: 'journal' | 'binary'): Part {
  const message =
    kind === 'journal'
      ? 'binary journal: not supported; export it with `journalctl --file FILE -o json`'
      : 'binary file: not read';
  return {
    ...emptyPart(kind === 'journal' ? 'journal-binary' : 'binary'),
    diagnostics: [
      { severity: kind === 'journal' ? 'warning' : 'info', code: `${kind}-not-read`, message, source: source.path },
    ],
  };
}

function looksComposite(head: string, { format, score }: Recognition): boolean {
  const lines = head.split('\n');
  const first = lines.find((line) => line.trim() !== '');
  const isSure = typeof format === 'object' && format.kind === 'lines' && score >= ONE_FORMAT;
  return first !== undefined && (opensSection(cleanLine(first)) || (!isSure && isComposite(lines.map(cleanLine))));
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}

function readWhole(
  source: Source,
  whole: Buffer,
  reading: Reading,
  isSections: boolean,
  recognition: Recognition,
): Part {
  const { path, context } = source;
  const { selection } = reading;
  const { format } = recognition;
  if (selection !== undefined && whole.length > LARGE_DOCUMENT && typeof format === 'object') {
    const header = format.id === EVENT_TABLE ? eventTableHeader(whole.toString('utf8', 0, SNIFFED_BYTES)) : undefined;
    if (format.kind === 'document' && header !== undefined) {
      return readEventTable(source, whole, header, format, { ...reading, selection });
    }
  }
  const wantsBytes = typeof format === 'object' && format.kind === 'document' && format.countsBytes === true;
  const text: Text = {
    path,
    context,
    lines: linesOf(whole.toString('utf8')),
    firstLine: 1,
    stream: path,
    ...(wantsBytes ? { bytes: whole } : {}),
  };
  const part = isSections ? readSections(text, reading) : readText(text, recognition, reading);
  if (whole.length <= 1 << 20) {
    return part;
  }
  if (selection === undefined || whole.length <= LARGE_DOCUMENT) {
    return { ...part, records: part.records.map(detached) };
  }
  const keeper = keepEvents(selection);
  keeper.add(part.records);
  return { ...part, records: keeper.kept() };
}

/** A large table of Events slice by slice, so that never all of its rows are in memory. */
function readEventTable(
  { path, context }: Source,
  whole: Buffer,
  header: string,
  format: DocumentFormat,
  reading: Reading & { readonly selection: RecordSelection },
): Part {
  const keeper = keepEvents(reading.selection);
  const parts: Part[] = [];
  for (const { text, firstLine } of tableSlices(whole, header)) {
    const lines = linesOf(text);
    const part = readText({ path, context, lines, firstLine, stream: path }, { format, score: 1 }, reading);
    keeper.add(part.records);
    const repeated = parts.length > 0 && header !== '' ? 1 : 0;
    parts.push({ ...part, records: [], recognised: part.recognised - repeated });
  }
  const all = joined(parts);
  const [listing] = all.listings;
  return {
    ...all,
    format: format.id,
    records: keeper.kept(),
    listings: listing ? [{ ...listing, rows: all.listings.reduce((sum, { rows }) => sum + rows, 0) }] : [],
  };
}

/** Strings of its own, so that a record does not keep the text of its file alive. */
function detached(record: LogRecord): LogRecord {
  const { message, raw, below } = record;
  const lines = below?.map((line) => ({ ...line, text: flat(line.text) }));
  return { ...record, message: flat(message), raw: flat(raw), ...(lines && { below: lines }) };
}

function readSections(text: Text, reading: Reading): Part {
  const { sections, markers } = splitSections(text.lines, text.context);
  const parts = sections.map((section, at) => {
    const { lines, firstLine, context, ownStream } = section;
    const stream = ownStream ? `${text.path}#${firstLine}` : text.path;
    const body: Text = { path: text.path, context, lines, firstLine, stream };
    return { section, part: readText(body, at < MAX_SECTIONS ? recogniseText(body) : UNSEEN, reading) };
  });
  const only = parts.length === 1 ? parts[0] : undefined;
  const kinds = new Set(parts.map(({ part }) => part.format));
  return {
    ...joined(parts.map(({ part }) => part)),
    format: only?.part.format ?? (kinds.size === 1 ? ([...kinds][0] as string) : 'sections'),
    notes: parts.flatMap(({ section, part }) => [
      ...(section.title === undefined ? [] : [`line ${section.firstLine}: ${section.title} (${part.format})`]),
      ...part.notes,
    ]),
    recognised: parts.reduce((sum, { part }) => sum + part.recognised, markers),
  };
}

function recogniseText(text: Text): Recognition {
  let size = 0;
  const end = text.lines.findIndex((line) => {
    size += line.length + 1;
    return size > SNIFFED_BYTES;
  });
  const headLines = end < 0 ? text.lines : text.lines.slice(0, Math.max(1, end));
  return recognise(sniffOf(text.path, text.context, headLines.join('\n')), formats);
}

function joined(parts: readonly Part[]): Part {
  const volumes = parts.flatMap((part) => part.volume ?? []);
  const volume = volumes.length < 2 ? volumes[0] : joinedVolume(volumes);
  return {
    format: 'sections',
    records: parts.flatMap((part) => part.records),
    listings: parts.flatMap((part) => part.listings),
    diagnostics: parts.flatMap((part) => part.diagnostics),
    collected: parts.flatMap((part) => part.collected),
    notes: parts.flatMap((part) => part.notes),
    recognised: parts.reduce((sum, part) => sum + part.recognised, 0),
    continuation: parts.reduce((sum, part) => sum + part.continuation, 0),
    unknown: parts.reduce((sum, part) => sum + part.unknown, 0),
    ...(volume === undefined ? {} : { volume }),
  };
}

/**
 * Several logs in one file: their times say nothing about the file, and lines of one do not end the silence of another.
 * What each says of itself is kept; the rarest of them sets what is usual.
 */
function joinedVolume(volumes: readonly LogVolume[]): LogVolume {
  const medians = volumes.flatMap(({ medianGapMs }) => medianGapMs ?? []);
  return {
    writers: volumes.flatMap((volume) => volume.writers),
    gaps: volumes.flatMap((volume) => volume.gaps),
    ...(medians.length === 0 ? {} : { medianGapMs: Math.max(...medians) }),
    monthSteps: [],
  };
}

function readText(copied: Text, found: Recognition, reading: Reading): Part {
  const { text, format } = asWritten(copied, found);
  if (typeof format === 'string' || format.kind === 'lines') {
    return readLog(text, format, reading);
  }
  try {
    return readDocument(text, format, reading);
  } catch (error) {
    const message = `${format.id} could not be parsed: ${error instanceof Error ? error.message : String(error)}`;
    const part = readLog(text, 'mixed', reading);
    const diagnostic: Diagnostic = {
      severity: 'warning',
      code: 'parser-failed',
      message,
      source: text.path,
      line: text.firstLine,
    };
    return { ...part, diagnostics: [diagnostic, ...part.diagnostics] };
  }
}

/** Text that was indented as a whole by copying, without that indentation, if it is recognised then. */
function asWritten(
  text: Text,
  { format }: Recognition,
): { readonly text: Text; readonly format: Recognition['format'] } {
  const indent = typeof format === 'string' && text.lines.length <= MAX_COPIED_LINES ? commonIndent(text.lines) : '';
  if (indent === '') {
    return { text, format };
  }
  const { bytes: _asCopied, ...copied } = text;
  const plain = { ...copied, lines: undented(text.lines, indent) };
  const again = recogniseText(plain);
  return typeof again.format === 'string' ? { text, format } : { text: plain, format: again.format };
}

/** A list that is too large to be in memory: whole items of it at a time. */
function readSlices(
  source: Source,
  format: DocumentFormat,
  split: NonNullable<DocumentFormat['split']>,
  reading: Reading,
): Part {
  const { path, context } = source;
  const keeper = reading.selection === undefined ? undefined : keepEvents(reading.selection);
  const numbers = renumber(path);
  const records: LogRecord[] = [];
  const parts: Omit<Part, 'records'>[] = [];
  let lastLine = 0;
  const take = (slice: DocumentSlice): void => {
    const text: Text = {
      path,
      context,
      lines: linesOf(slice.text),
      firstLine: slice.firstLine,
      stream: path,
      ...(slice.bytes === undefined ? {} : { bytes: slice.bytes }),
    };
    const part = readDocument(text, format, reading, slice);
    const own = numbers.next(part.records);
    if (keeper === undefined) records.push(...own.map(detached));
    else keeper.add(own);
    // Lines that are not the file's, and the line in which the slice before has ended.
    const twice = slice.added + (slice.firstLine + slice.added === lastLine ? 1 : 0);
    lastLine = slice.firstLine + text.lines.length - 1;
    const { records: _kept, ...rest } = part;
    parts.push({ ...rest, recognised: Math.max(0, part.recognised - twice) });
  };
  const { lines, strange, isCut, tooLarge } = split(source.read(), take);
  const all = joined(parts.map((part) => ({ ...part, records: [] })));
  const unknown = Math.min(lines, all.unknown + strange);
  const recognised = Math.min(lines - unknown, all.recognised);
  const remark = (code: string, message: string): Diagnostic => ({ severity: 'warning', code, message, source: path });
  return {
    ...all,
    format: format.id,
    records: lastRowsOnly(keeper?.kept() ?? records),
    listings: joinListings(all.listings, !isCut && tooLarge === 0),
    diagnostics: [
      ...(isCut
        ? [remark('document-truncated', 'The text ends inside of an object; the objects before it were read.')]
        : []),
      ...(tooLarge > 0 ? [remark('object-too-large', `${tooLarge} objects are too large and were not read.`)] : []),
      ...all.diagnostics.slice(0, MOST_REMARKS),
    ],
    recognised,
    continuation: lines - unknown - recognised,
    unknown,
  };
}

function readDocument(text: Text, format: DocumentFormat, reading: Reading, slice?: DocumentPart): Part {
  const { path, context, lines, firstLine } = text;
  const written = format.countsBytes ? lines : lines.map(cleanLine);
  const part = slice === undefined ? {} : { part: { listKind: slice.listKind, isList: slice.isList } };
  const bytes = text.bytes === undefined ? {} : { bytes: text.bytes };
  // A blank line at the end is a line of its own only where a line feed ends it.
  const body = written.join('\n') + (written.at(-1) === '' ? '\n' : '');
  const result = format.parse({ path, context, text: body, firstLine, ...part, ...bytes });
  const logs = (result.logs ?? []).map((range) => {
    const from = Math.max(firstLine, range.firstLine);
    const body = { ...text, lines: lines.slice(from - firstLine, range.lastLine - firstLine + 1), firstLine: from };
    const { format: found } = recogniseText(body);
    return readLog(body, typeof found === 'string' || found.kind === 'lines' ? found : 'mixed', reading);
  });
  const all = joined(logs);
  const volume = JOURNALS.has(format.id) ? volumeOfRecords(result.records) : undefined;
  const rest = lines.length - all.recognised - all.continuation - all.unknown;
  const recognised = Math.max(0, Math.min(result.recognised, rest));
  const continuation = Math.max(0, Math.min(result.continuation, rest - recognised));
  return {
    ...all,
    format: format.id,
    records: [...result.records, ...all.records],
    listings: result.listings,
    diagnostics: [...result.diagnostics, ...all.diagnostics],
    collected: result.collected ?? [],
    ...(volume === undefined ? {} : { volume }),
    recognised: recognised + all.recognised,
    continuation: continuation + all.continuation,
    unknown: rest - recognised - continuation + all.unknown,
  };
}

/** A log that is in memory: every line becomes part of a record. */
function readLog(text: Text, format: LineFormat | 'mixed' | 'text', reading: Reading): Part {
  const wrapWidth = typeof format === 'string' ? undefined : wrappedAt(text.lines, format);
  const bytes = Buffer.from(text.lines.map((line) => `${line}\n`).join(''));
  const options = { keepAll: true, firstLine: text.firstLine, maxLines: Number.POSITIVE_INFINITY };
  return scanned(text, { read: () => [bytes] }, { format, all: logFormats, wrapWidth }, reading, options);
}

/** Wrapped copies are small. */
function wrappedAt(lines: readonly string[], format: LineFormat): number | undefined {
  return lines.length > MAX_COPIED_LINES
    ? undefined
    : wrapWidthOf(lines.map(cleanLine), (line) => format.parse(line) !== undefined);
}

function readLargeLog(source: Source, { format }: Recognition, reading: Reading): ReadSource {
  const { path, context } = source;
  const log = typeof format === 'string' || format.kind === 'lines' ? format : undefined;
  const learned =
    source.bytes > LEARN_ABOVE
      ? compileLiterals(reading.literals.literals, firstBytes(source, 4 * SNIFFED_BYTES))
      : reading.literals;
  const text = { path, context, lines: [], firstLine: 1, stream: path };
  const lines: LineReading = { format: log ?? 'mixed', all: logFormats };
  const part = scanned(text, source, lines, { ...reading, literals: learned }, {});
  const tooLarge: Diagnostic = {
    severity: 'warning',
    code: 'document-too-large',
    message: `larger than ${MAX_WHOLE_TEXT >> 20} MiB: read line by line, not as a whole`,
    source: path,
  };
  return finished(
    source,
    part.bytes,
    log !== undefined ? part : { ...part, diagnostics: [tooLarge, ...part.diagnostics] },
  );
}

function scanned(
  { path, context, stream }: Text,
  source: Pick<Source, 'read'>,
  lineReading: LineReading,
  reading: Reading,
  options: ScanOptions,
): Part & { readonly bytes: number } {
  const { format, wrapWidth } = lineReading;
  const { literals, followed, budgets, relevant } = reading;
  const scan = scanLog(source, literals, classifierOf(lineReading), { ...options, followed, budgets, relevant });
  const reader = { path, context, stream, all: logFormats, wrapWidth };
  const isPart = options.keepAll !== true;
  const choose = isPart && reading.selection ? chooser(reading.selection, scan, reading.markers) : undefined;
  const records: LogRecord[] = [];
  for (const { lines, firstLine, headless } of scan.windows) {
    for (const record of readLines(lines, firstLine, format, { ...reader, headless }).records) {
      const known = counted(record, scan);
      if (choose === undefined || choose(known)) {
        records.push(known);
      }
    }
  }
  if (isPart) {
    addToldLines(records, scan, source, (line, text) => readLines([text], line, format, reader).records);
  }
  const inOrder = isNewestFirst(records) ? records.map((record) => ({ ...record, seq: -record.seq })) : records;
  const lineOf = (line: number) => lineAt(source, line - (options.firstLine ?? 1));
  return {
    ...emptyPart(typeof format === 'string' ? format : format.id),
    records: withEarlyClock(inOrder, scan.volume, path, lineOf),
    volume: volumeOf(scan, context),
    diagnostics: scanDiagnostics(scan, path),
    // Of plain text no line is understood, though every one is kept.
    recognised: format === 'text' ? 0 : scan.recognised,
    continuation: scan.continuation,
    unknown: format === 'text' ? scan.unknown + scan.recognised : scan.unknown,
    bytes: scan.bytes,
  };
}

/** One of the first lines; undefined further down. */
function lineAt(source: Pick<Source, 'read'>, index: number): string | undefined {
  for (const chunk of source.read()) {
    return Buffer.from(chunk.subarray(0, SNIFFED_BYTES))
      .toString('utf8')
      .split('\n', index + 1)[index];
  }
  return undefined;
}

/** `journalctl -r`: the order of the writer is the reverse of the order of the lines. */
function isNewestFirst(records: readonly LogRecord[]): boolean {
  return isReversed(records.map(({ stamp }) => (stamp === undefined ? -1 : (scaleOf(stamp) ?? -1))));
}

/** A log whose lines name no writer is written by the one program that path or collector name. */
function volumeOf(scan: Scan, context: SourceContext): LogVolume {
  const { volume } = scan;
  const name = context.unit ?? context.container;
  if (volume.writers.length > 0 || name === undefined || volume.firstLine === undefined) {
    return volume;
  }
  const { firstStamp, lastStamp, firstLine, lastLine } = volume;
  return {
    ...volume,
    writers: [
      {
        name,
        ...(context.node === undefined ? {} : { node: context.node }),
        lines: scan.recognised,
        firstLine,
        lastLine: lastLine ?? firstLine,
        ...(firstStamp === undefined ? {} : { first: firstStamp }),
        ...(lastStamp === undefined ? {} : { last: lastStamp }),
      },
    ],
  };
}

function scanDiagnostics(scan: Scan, source: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = scan.cutLines.slice(0, 3).map((line) => ({
    severity: 'warning',
    code: 'line-cut',
    message: 'longer than 1 MiB: only its beginning was parsed',
    source,
    line,
  }));
  if (scan.blurred > 0) {
    diagnostics.push({
      severity: 'info',
      code: 'records-counted-only',
      message: `${scan.blurred} records with known messages were only counted: too many in one file; what they name may be missing`,
      source,
    });
  }
  if (scan.dropped > 0) {
    diagnostics.push({
      severity: 'warning',
      code: 'candidates-dropped',
      message: `${scan.dropped} records with known messages were not kept: too many in one file; counts are lower bounds`,
      source,
    });
  }
  return diagnostics;
}
