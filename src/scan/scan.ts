/**
 * One pass over the bytes of a log: counts, times, writers, and the records that hold one of the literals.
 *
 * The bytes go through one buffer that is used again for every log. A region of whole lines is searched for literals
 * first, then walked line by line. A record is finished where the next one begins; only then is it decided whether
 * its lines become strings: because a literal stands in it, because a signature wants to see what follows, or because
 * it is one of the first or last. Neighbouring records that were kept make one window.
 *
 * A line above 1 MiB is cut there. The rest is still searched, and a literal found in it yields the text around it.
 */

import type { LogVolume, Source, Stamp } from '../model/index.ts';
import { MAX_JOINED_CHARS, MAX_JOINED_LINES, MAX_PARTIAL_CHARS, MAX_PARTIAL_LINES } from '../text/record-limits.ts';
import { findInBytes, type LiteralSet } from './literals.ts';
import { type Budget, type Fold, watchStorms } from './storm.ts';
import { timeline } from './timeline.ts';
import { countWriters, type WriterName } from './writers.ts';

const LINE_FEED = 10;
const RETURN = 13;
const MAX_LINE = 1 << 20;
const REGION = 1 << 19;
const CAPACITY = 4 << 20;
/** A record above this is cut off from its first line. */
const MAX_RECORD = 3 << 19;
/** So far back the last records are kept for the end of the log. */
const MAX_TAIL = 1 << 19;
/** Bytes that must have come in before an unfinished line is looked at again. */
const REWALK = 1 << 16;
const EXCERPT = 4096;
const ENDS_KEPT = 3;
const MAX_JUDGED = 1 << 16;
/** A literal that few records hold costs less to parse than to judge. */
const JUDGED_FROM = 64;
const DEFAULT_BUDGET: Budget = { free: 2000, perMinute: 16 };

type LineKind = 'header' | 'banner' | 'blank' | 'joined' | 'beyond' | 'unknown';

/** Judges lines one after the other, as the record reader will. */
interface LineReader {
  next(line: string): LineKind;
}

/** What the scan has to know of a log's format. */
export interface LineClassifier {
  /** Time of a line that begins a record of the log's own format; -2 when it says none; -1 for any other line. */
  timeAt(bytes: Uint8Array, start: number, end: number): number;
  stampOf(value: number): Stamp | undefined;
  reader(): LineReader;
  writerOf(line: string): WriterName | undefined;
  /** Unless every line stands for itself: do indented lines belong to the line above? */
  readonly joins: boolean;
  /**
   * Of formats that cut long output into pieces: number of the line's stream (0..15) times 2, plus 1 when the
   * piece is not the last one. Asked for lines of the own format only.
   */
  pieceAt?(bytes: Uint8Array, start: number, end: number): number;
}

export interface ScanOptions {
  /** Number of the first line; 1 unless the bytes are a part of a file. */
  readonly firstLine?: number;
  /** Every record is kept. */
  readonly keepAll?: boolean;
  /** By literal id: so many lines below one with this literal are kept, too. */
  readonly followed?: ReadonlyMap<number, number>;
  /** By literal id: when records with it are only counted. */
  readonly budgets?: ReadonlyMap<number, Budget>;
  /**
   * Of the literals in a record those on whose account it can matter. `textOf` gives the record undecoded, one
   * character for each byte. Asked for records of one line only, from the 65th record with a literal on.
   */
  readonly relevant?: (ids: readonly number[], textOf: () => string) => readonly number[];
  /** Kept lines of one log. */
  readonly maxLines?: number;
  readonly maxBytes?: number;
}

/** Records that were only counted, by the first line of the one that was kept for them. */
export interface Folded {
  readonly count: number;
  readonly lastStamp?: Stamp;
}

/** Neighbouring lines that were kept. They begin with the first line of a record. */
interface Window {
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** The lines come from the inside of an overlong record or line: each stands for itself. */
  readonly headless: boolean;
}

export interface Scan {
  readonly bytes: number;
  readonly lines: number;
  readonly recognised: number;
  readonly continuation: number;
  readonly unknown: number;
  readonly volume: LogVolume;
  /** In order of their lines. */
  readonly windows: readonly Window[];
  /** First lines of the first and last records, which are kept whatever they hold. */
  readonly ends: ReadonlySet<number>;
  readonly folded: ReadonlyMap<number, Folded>;
  /** Records that were counted with one that may name other things. */
  readonly blurred: number;
  /** Records that should have been kept, but were too many. */
  readonly dropped: number;
  /** Byte at which a line begins: of the first and last line of each writer, and of those around the longest gaps. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Line numbers that were cut at 1 MiB, at most 100. */
  readonly cutLines: readonly number[];
}

let shared: { readonly buffer: Buffer; readonly words: Int32Array } | undefined;

function workBuffer(): { readonly buffer: Buffer; readonly words: Int32Array } {
  if (shared === undefined) {
    const memory = new ArrayBuffer(CAPACITY);
    shared = { buffer: Buffer.from(memory), words: new Int32Array(memory) };
  }
  return shared;
}

interface Span {
  start: number;
  end: number;
  line: number;
  kept: boolean;
}

export function scanLog(
  source: Pick<Source, 'read'>,
  literals: LiteralSet,
  classify: LineClassifier,
  options: ScanOptions = {},
): Scan {
  const { buffer, words } = workBuffer();
  const keepAll = options.keepAll === true;
  const maxLines = options.maxLines ?? 200_000;
  const maxBytes = options.maxBytes ?? 48 << 20;
  // Tables by literal; what is kept as a whole needs none of them.
  const known = keepAll ? 0 : literals.literals.length;
  const follow = new Int32Array(known);
  for (const [id, lines] of options.followed ?? []) {
    follow[id] = lines;
  }
  const { budgets, relevant } = options;
  const storm = watchStorms(known, (id) => budgets?.get(id) ?? DEFAULT_BUDGET);
  const hitsOf = new Int32Array(known);
  const times = timeline(classify.stampOf);
  const writers = countWriters(classify.writerOf, classify.stampOf);
  const { pieceAt } = classify;

  let windows: Window[] = [];
  let open: { firstLine: number; lines: string[]; headless: boolean } | undefined;
  let keptLines = 0;
  let keptBytes = 0;
  let dropped = 0;
  const cutLines: number[] = [];

  let bytes = 0;
  let line = (options.firstLine ?? 1) - 1;
  let recognised = 0;
  let continuation = 0;
  let unknown = 0;
  let headers = 0;

  // The record that is being walked; offsets are in `buffer`.
  let recordStart = -1;
  let recordLine = 0;
  let recordLines = 0;
  let recordIsHeader = false;
  /** False for lines that stand between records. */
  let recordJoins = false;
  let headless = false;
  let wanted = false;
  let recordValue = -1;
  /** Literals in the record, each once, and the line up to which they want to see more. */
  let recordIds: number[] = [];
  let recordFollow = 0;
  /** No line of the record was judged by a reader yet; they are fed to it when one must be. */
  let reader: LineReader | undefined;
  let openStreams = 0;
  let followUntil = 0;
  const lastRecords: Span[] = [];
  const ends: number[] = [];

  // What is in the buffer: walked up to `at`, filled up to `filled`.
  let at = 0;
  let filled = 0;
  let inLongLine = false;
  let hits: number[] = [];
  let hit = 0;

  function text(start: number, end: number): string {
    return buffer.toString('utf8', start, end);
  }

  function keep(start: number, end: number, firstLine: number, isHeadless: boolean): void {
    const stop = end > start && buffer[end - 1] === LINE_FEED ? end - 1 : end;
    if (keptLines >= maxLines || keptBytes >= maxBytes) {
      dropped++;
      return;
    }
    const whole = text(start, stop);
    const lines = buffer.subarray(start, stop).includes(LINE_FEED) ? whole.split('\n') : [whole];
    keptLines += lines.length;
    keptBytes += stop - start;
    if (open !== undefined && open.headless === isHeadless && open.firstLine + open.lines.length === firstLine) {
      for (const each of lines) {
        open.lines.push(each);
      }
      return;
    }
    open = { firstLine, lines, headless: isHeadless };
    windows.push(open);
  }

  function finishRecord(end: number): void {
    if (recordStart < 0) {
      return;
    }
    const isWanted = keepAll || (recordIds.length > 0 && matters(end)) || wanted || recordLine <= followUntil;
    if (isWanted) {
      keep(recordStart, end, recordLine, headless);
    }
    if (recordIsHeader && !keepAll) {
      lastRecords.push({ start: recordStart, end, line: recordLine, kept: isWanted });
      if (lastRecords.length > ENDS_KEPT) {
        lastRecords.shift();
      }
    }
    recordStart = -1;
    wanted = false;
    headless = false;
  }

  /** Judges the record by its literals. */
  function matters(end: number): boolean {
    let ids: readonly number[] = recordIds;
    recordIds = [];
    if (relevant !== undefined && recordLines <= 1 && ids.some((id) => (hitsOf[id] as number) > JUDGED_FROM)) {
      ids = relevant(ids, () => buffer.toString('latin1', recordStart, Math.min(end, recordStart + MAX_JUDGED)));
      if (ids.length === 0) {
        return false;
      }
    }
    const kept = storm.keeps(ids, buffer, recordStart, end, recordValue, recordLine);
    if (kept) {
      followUntil = Math.max(followUntil, recordFollow);
    }
    return kept;
  }

  function startRecord(start: number, isHeader: boolean): void {
    finishRecord(start);
    recordStart = start;
    recordLine = line;
    recordLines = 0;
    recordIsHeader = isHeader;
    recordValue = -1;
    forgetHits();
    reader = undefined;
    openStreams = 0;
    recordJoins = true;
    headers += isHeader ? 1 : 0;
    wanted = isHeader && headers <= ENDS_KEPT;
    if (wanted) {
      ends.push(line);
    }
  }

  /** Marks the record for the literals up to `end`. */
  function takeHits(end: number): void {
    while (hit < hits.length && (hits[hit] as number) < end) {
      const id = hits[hit + 1] as number;
      hit += 2;
      if (!recordIds.includes(id)) {
        recordIds.push(id);
        hitsOf[id] = (hitsOf[id] as number) + 1;
      }
      const until = follow[id] as number;
      if (until > 0) {
        recordFollow = Math.max(recordFollow, line + until);
      }
    }
  }

  /** Judges a line that is no header of the log's own format by its text. */
  function judge(start: number, end: number): LineKind {
    if (reader === undefined) {
      reader = classify.reader();
      if (recordStart >= 0) {
        for (const above of text(recordStart, start).split('\n').slice(0, -1)) {
          reader.next(above);
        }
      }
    }
    return reader.next(text(start, end));
  }

  function walkHeader(start: number, end: number, value: number): void {
    recognised++;
    const before = openStreams;
    const piece = pieceAt === undefined ? 0 : pieceAt.call(classify, buffer, start, end);
    const inGroup =
      before !== 0 &&
      recordStart >= 0 &&
      line - recordLine <= MAX_PARTIAL_LINES &&
      end - recordStart <= MAX_PARTIAL_CHARS;
    if (!inGroup) {
      startRecord(start, true);
      recordValue = value;
    } else {
      reader = undefined;
    }
    recordJoins = !inGroup && (piece & 1) === 0;
    const stream = 1 << (piece >> 1);
    openStreams = (piece & 1) === 1 ? openStreams | stream : openStreams & ~stream;
    const offset = bytes - filled + start;
    if (value >= 0) {
      times.add(value, line, offset);
    }
    writers.add(buffer, start, end, value, line, offset);
  }

  function walkOther(start: number, end: number): void {
    const blank = isBlankLine(start, end);
    if (!classify.joins) {
      if (blank) {
        continuation++;
        finishRecord(start);
        return;
      }
      recognised++;
      startRecord(start, true);
      return;
    }
    const first = buffer[start];
    if (
      reader === undefined &&
      recordStart >= 0 &&
      recordJoins &&
      !headless &&
      (blank || first === 32 || first === 9) &&
      recordLines <= MAX_JOINED_LINES - 2 &&
      end - recordStart < MAX_JOINED_CHARS
    ) {
      continuation++;
      return;
    }
    const kind = judge(start, end);
    openStreams = 0;
    switch (kind) {
      case 'joined':
      case 'blank':
        continuation++;
        if (recordStart < 0 && keepAll) {
          startKept(start);
        }
        return;
      case 'beyond': {
        continuation++;
        const keptReader = reader;
        startRecord(start, false);
        headless = true;
        reader = keptReader;
        return;
      }
      case 'banner':
        recognised++;
        finishRecord(start);
        if (keepAll) {
          startKept(start);
        }
        reader = undefined;
        return;
      default: {
        const keptReader = reader;
        startRecord(start, kind === 'header');
        reader = keptReader;
        if (kind === 'header') {
          recognised++;
        } else {
          unknown++;
        }
      }
    }
  }

  /** Lines outside of any record are handed on when everything is. */
  function startKept(start: number): void {
    recordStart = start;
    recordLine = line;
    recordLines = 0;
    recordIsHeader = false;
    recordJoins = false;
    forgetHits();
    wanted = false;
  }

  /** Literals of lines outside of any record belong to none. */
  function forgetHits(): void {
    if (recordIds.length > 0) {
      recordIds = [];
    }
    recordFollow = 0;
  }

  function isBlankLine(start: number, end: number): boolean {
    for (let each = start; each < end; each++) {
      const byte = buffer[each];
      if (byte !== 32 && byte !== 9) {
        return false;
      }
    }
    return true;
  }

  function walkLine(start: number, next: number): void {
    line++;
    let end = next > start && buffer[next - 1] === LINE_FEED ? next - 1 : next;
    if (end > start && buffer[end - 1] === RETURN) {
      end--;
    }
    const value = classify.timeAt(buffer, start, end);
    if (value !== -1) {
      walkHeader(start, end, value);
    } else {
      walkOther(start, end);
    }
    recordLines++;
    if (buffer[start] === 0 && end > start) {
      wanted = true;
    }
    if (hit < hits.length) {
      takeHits(next);
    }
  }

  /** Keeps the text around literals in the rest of a line that was cut. */
  function walkRest(start: number, end: number): void {
    let keptUntil = -1;
    while (hit < hits.length && (hits[hit] as number) < end) {
      const position = hits[hit] as number;
      hit += 2;
      if (position >= start && position >= keptUntil) {
        const from = Math.max(start, position - EXCERPT / 2);
        keptUntil = Math.min(end, position + EXCERPT / 2);
        open = undefined;
        keep(from, keptUntil, line, true);
        open = undefined;
      }
    }
  }

  /** Walks what is whole in the buffer; at the end of the log also the last line. */
  function walk(isLast: boolean): void {
    const lastFeed = buffer.subarray(at, filled).lastIndexOf(LINE_FEED);
    let regionEnd = lastFeed < 0 ? at : at + lastFeed + 1;
    if (isLast) {
      regionEnd = filled;
    } else if (inLongLine || filled - regionEnd > MAX_LINE + literals.longest) {
      // What is left of a long line is not a region of whole lines: a literal may go on behind it.
      regionEnd = Math.max(regionEnd, filled - literals.longest);
    }
    if (regionEnd === at) {
      return;
    }
    hits = [];
    hit = 0;
    if (!keepAll || inLongLine || regionEnd - at > MAX_LINE) {
      findInBytes(literals, buffer, words, at, filled, hits);
    }
    while (at < regionEnd) {
      const feed = buffer.indexOf(LINE_FEED, at);
      const isWhole = feed >= 0 && feed < regionEnd;
      const next = isWhole ? feed + 1 : regionEnd;
      if (inLongLine) {
        walkRest(at, next);
        inLongLine = !isWhole;
      } else if (next - at > MAX_LINE) {
        const cut = at + MAX_LINE;
        walkLine(at, cut);
        finishRecord(cut);
        if (cutLines.length < 100) {
          cutLines.push(line);
        }
        walkRest(cut, next);
        inLongLine = !isWhole;
      } else if (isWhole || isLast) {
        walkLine(at, next);
      } else {
        break;
      }
      at = next;
    }
  }

  /** Moves what is still needed to the front of the buffer. */
  function makeRoom(): void {
    if (recordStart >= 0 && at - recordStart > MAX_RECORD) {
      finishRecord(at);
      reader = undefined;
    }
    let from = recordStart >= 0 ? recordStart : at;
    while (lastRecords[0] !== undefined && at - lastRecords[0].start > MAX_TAIL) {
      lastRecords.shift();
    }
    from = Math.min(from, lastRecords[0]?.start ?? from);
    if (from === 0) {
      return;
    }
    buffer.copyWithin(0, from, filled);
    at -= from;
    filled -= from;
    recordStart = recordStart >= 0 ? recordStart - from : -1;
    for (const record of lastRecords) {
      record.start -= from;
      record.end -= from;
    }
  }

  function foldedOf({ count, lastValue }: Fold): Folded {
    const lastStamp = lastValue < 0 ? undefined : classify.stampOf(lastValue);
    return { count, ...(lastStamp === undefined ? {} : { lastStamp }) };
  }

  let fresh = 0;
  for (const chunk of source.read()) {
    let taken = 0;
    while (taken < chunk.length) {
      const size = Math.min(chunk.length - taken, CAPACITY - filled);
      buffer.set(chunk.subarray(taken, taken + size), filled);
      taken += size;
      filled += size;
      bytes += size;
      fresh += size;
      if (filled - at >= REGION && (fresh >= REWALK || filled === CAPACITY)) {
        walk(false);
        makeRoom();
        fresh = 0;
      }
    }
  }
  walk(true);
  finishRecord(filled);
  for (const record of lastRecords) {
    if (!record.kept) {
      open = undefined;
      keep(record.start, record.end, record.line, false);
    }
  }
  windows = merged(windows.toSorted((a, b) => a.firstLine - b.firstLine));
  const { offsets: timeOffsets, ...volume } = times.result();
  const { offsets: writerOffsets, writers: names } = writers.result();
  return {
    bytes,
    lines: line - (options.firstLine ?? 1) + 1,
    recognised,
    continuation,
    unknown,
    volume: { ...volume, writers: names },
    windows,
    ends: new Set([...ends, ...lastRecords.map((record) => record.line)]),
    folded: new Map([...storm.folds].map(([at, fold]) => [at, foldedOf(fold)])),
    blurred: storm.blurred(),
    offsets: new Map([...timeOffsets, ...writerOffsets]),
    dropped,
    cutLines,
  };
}

/** Windows that touch become one. */
function merged(windows: readonly Window[]): Window[] {
  const result: { firstLine: number; lines: string[]; headless: boolean }[] = [];
  for (const window of windows) {
    const above = result.at(-1);
    if (
      above !== undefined &&
      above.headless === window.headless &&
      above.firstLine + above.lines.length === window.firstLine
    ) {
      for (const line of window.lines) {
        above.lines.push(line);
      }
    } else {
      result.push({ ...window, lines: [...window.lines] });
    }
  }
  return result;
}
