/**
 * Cuts JSON into slices of whole objects while it is read: the items of lists, of bare arrays, of documents in a row
 * and of NDJSON, pretty-printed or all on one line. Only brackets and quotes are looked at; each slice is then read by
 * the parser of objects, which takes objects that follow each other with or without a comma.
 */

import type { DocumentSlice, SplitSummary } from '../format.ts';
import { slidingBytes } from '../sliding-bytes.ts';

const SLICE_BYTES = 1 << 20;
const MOST_ITEM_BYTES = 16 << 20;
const LINE_FEED = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** All offsets count from the begin of the file. @param sliceBytes - a slice ends with the item that passes this size */
export function splitJson(
  chunks: Iterable<Uint8Array>,
  take: (slice: DocumentSlice) => void,
  { sliceBytes = SLICE_BYTES, mostItemBytes = MOST_ITEM_BYTES } = {},
): SplitSummary {
  /** Bytes from `base` on that may still be needed. */
  const sliding = slidingBytes();
  let kept = sliding.bytes();
  let base = 0;
  let pos = 0;
  let line = 1;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let stringFrom = -1;
  /** The last string of the object at the top: a key, when a value follows. */
  let key = '';
  /** Brackets around the items; 0 for documents in a row. */
  let listDepth = 0;
  let listKind: string | undefined;
  /** Behind the items of a list, up to the end of the object around them. */
  let isTail = false;
  /** Begin of the item that is open, -1 between items. */
  let itemFrom = -1;
  /** Begin of what will be handed out, and the end of the last whole item; -1 while there is none. */
  let sliceFrom = 0;
  let sliceLine = 1;
  let itemsEnd = -1;
  let endLine = 1;
  let tooLarge = 0;
  let strange = 0;
  let strangeLine = 0;

  const textOf = (from: number, to: number): string => kept.toString('utf8', from - base, to - base);

  function flush(): void {
    if (itemsEnd >= 0) {
      take({ text: textOf(sliceFrom, itemsEnd), firstLine: sliceLine, added: 0, listKind, isList: listDepth > 0 });
      sliceFrom = itemsEnd;
      sliceLine = endLine;
      itemsEnd = -1;
    }
  }

  function startSlice(at: number): void {
    sliceFrom = at;
    sliceLine = line;
  }

  function open(code: number): void {
    if (depth === listDepth && code === OPEN_BRACE && !isTail) {
      if (itemsEnd - sliceFrom >= sliceBytes) flush();
      if (itemsEnd < 0) startSlice(pos);
      itemFrom = pos;
    } else if (depth === 0) {
      flush();
      listDepth = 1;
      listKind = undefined;
    } else if (depth === 1 && listDepth === 0 && !isTail && code === OPEN_BRACKET && /^[iI]tems$/u.test(key)) {
      // The object at the top is a list: what stands before its items is none of them.
      const head = itemFrom < 0 ? '' : textOf(itemFrom, Math.min(pos, itemFrom + 65_536));
      flush();
      listDepth = 2;
      listKind = /"[kK]ind"\s*:\s*"(\w{1,100})"/u.exec(head)?.[1];
      itemFrom = -1;
    }
    key = '';
    depth++;
  }

  function close(code: number): void {
    depth = Math.max(0, depth - 1);
    if (depth === listDepth && code === CLOSE_BRACE && itemFrom >= 0) {
      itemsEnd = pos + 1;
      endLine = line;
      itemFrom = -1;
    } else if (listDepth > 0 && depth === listDepth - 1 && code === CLOSE_BRACKET) {
      flush();
      isTail = listDepth === 2;
      listDepth = 0;
      listKind = undefined;
    }
    if (depth === 0) isTail = false;
  }

  /** What follows an item up to the next one belongs to it. */
  function extend(nextLine: number): void {
    if (itemsEnd >= 0 && itemFrom < 0 && depth === listDepth) {
      itemsEnd = pos + 1;
      endLine = nextLine;
    }
  }

  function noteStrange(): void {
    if (depth === 0 && strangeLine !== line) {
      strange++;
      strangeLine = line;
    }
  }

  function readString(code: number): void {
    if (code === LINE_FEED) line++;
    if (isEscaped) isEscaped = false;
    else if (code === BACKSLASH) isEscaped = true;
    else if (code === QUOTE) {
      isInString = false;
      key = depth === 1 && listDepth === 0 && pos - stringFrom < 40 ? textOf(stringFrom, pos) : '';
    }
  }

  function readCode(code: number): void {
    if (code === QUOTE && depth > 0) {
      isInString = true;
      stringFrom = pos + 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) open(code);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) close(code);
    else if (code === COMMA) extend(line);
    else if (code === LINE_FEED) {
      extend(line + 1);
      line++;
    } else if (code > 32 && code !== COLON) {
      noteStrange();
      key = '';
    }
  }

  let last = LINE_FEED;
  for (const chunk of chunks) {
    if (chunk.length === 0) continue;
    sliding.append(chunk);
    kept = sliding.bytes();
    const end = base + kept.length;
    for (; pos < end; pos++) {
      const code = kept[pos - base] as number;
      if (isInString) readString(code);
      else readCode(code);
    }
    last = chunk[chunk.length - 1] as number;
    if (itemFrom >= 0 && pos - itemFrom > mostItemBytes) {
      flush();
      itemFrom = -1;
      tooLarge++;
    }
    const from = itemsEnd >= 0 ? sliceFrom : itemFrom >= 0 ? itemFrom : pos;
    const keepFrom = isInString && depth === 1 ? Math.min(from, stringFrom) : from;
    sliding.drop(keepFrom - base);
    kept = sliding.bytes();
    base = keepFrom;
  }
  flush();
  return { lines: last === LINE_FEED ? line - 1 : line, strange, isCut: depth > 0, tooLarge };
}
