/**
 * Cuts YAML into slices of whole documents, and of whole items of lists, while it is read: by `---` and by the
 * indentation of the items, as kubectl writes them. Each slice is then read by the parser of objects; items of a list
 * get an `items:` of their own in front.
 *
 *     apiVersion: v1
 *     items:
 *     - apiVersion: v1          an item begins with a dash at this column
 *       kind: Pod
 *     kind: List                the list is over
 */

import type { DocumentSlice, SplitSummary } from '../format.ts';

const SLICE_BYTES = 1 << 20;
const MOST_ITEM_BYTES = 16 << 20;
const LINE_FEED = 10;
/** Enough of a line to tell what it begins. */
const HEAD = 200;

type Place = 'head' | 'items' | 'tail';

/** @param sliceBytes - a slice ends with the item that passes this size */
export function splitYaml(
  chunks: Iterable<Uint8Array>,
  take: (slice: DocumentSlice) => void,
  { sliceBytes = SLICE_BYTES, mostItemBytes = MOST_ITEM_BYTES } = {},
): SplitSummary {
  let parts: Buffer[] = [];
  let size = 0;
  let sliceLine = 1;
  /** Size of the slice at which its last item or document begins. */
  let itemFrom = 0;
  let isTooLarge = false;
  let tooLarge = 0;
  let line = 0;

  /** Where the lines stand: before the items of a document, among them, or behind them. */
  let place: Place = 'head';
  let hasContent = false;
  let indent = -1;
  let listKind: string | undefined;

  function hand(bytes: Buffer, isList: boolean): void {
    const text = bytes.toString('utf8');
    const added = isList ? 1 : 0;
    if (bytes.length > 0) {
      take({ text: isList ? `items:\n${text}` : text, firstLine: sliceLine - added, added, listKind, isList });
    }
  }

  function flush(): void {
    if (!isTooLarge) hand(Buffer.concat(parts, size), place === 'items');
    clear(line);
  }

  function clear(nextLine: number): void {
    parts = [];
    size = 0;
    itemFrom = 0;
    isTooLarge = false;
    sliceLine = nextLine;
  }

  function keep(bytes: Buffer): void {
    if (isTooLarge) return;
    parts.push(bytes);
    size += bytes.length;
    if (size - itemFrom > mostItemBytes) leaveOut();
  }

  /** The item at hand is too large: those before it are handed out, the rest of it is not kept. */
  function leaveOut(): void {
    if (isTooLarge) return;
    hand(Buffer.concat(parts, size).subarray(0, itemFrom), place === 'items');
    clear(line);
    isTooLarge = true;
    tooLarge++;
  }

  /** Where a line stands: it may begin an item, end the list or begin a document. `text` is its begin. */
  function judge(text: string): Place {
    if (/^---(?:\s|$)/u.test(text)) {
      if (place === 'tail') clear(line);
      else if (place === 'items' || size >= sliceBytes) flush();
      itemFrom = size;
      place = 'head';
      hasContent = false;
      indent = -1;
      listKind = undefined;
      return place;
    }
    const trimmed = text.trimEnd();
    if (place === 'head' && (/^[iI]tems:$/u.test(trimmed) || (!hasContent && text.startsWith('- ')))) {
      beginList(text.startsWith('- '));
    } else if (place === 'items' && trimmed !== '') {
      const column = text.length - text.trimStart().length;
      if (indent < 0 && text.startsWith('- ', column)) indent = column;
      const isItem = column === indent && text.startsWith('-', column) && /^-(?:\s|$)/u.test(text.slice(column));
      if (isItem) {
        if (size >= sliceBytes || isTooLarge) flush();
        itemFrom = size;
      } else if (indent >= 0 && column <= indent && !trimmed.startsWith('#') && (column < indent || indent === 0)) {
        flush();
        place = 'tail';
      }
    }
    hasContent ||= trimmed !== '' && !trimmed.startsWith('#');
    return place;
  }

  /** Documents before the list are handed out; what stands before its items is not an item. */
  function beginList(isBare: boolean): void {
    const head = Buffer.concat(parts, size);
    hand(head.subarray(0, itemFrom), false);
    listKind = /^[kK]ind: *(\w{1,100})/mu.exec(head.toString('utf8', itemFrom, itemFrom + 65_536))?.[1];
    place = 'items';
    clear(isBare ? line : line + 1);
    indent = isBare ? 0 : -1;
  }

  function takeLine(bytes: Buffer): void {
    line++;
    const before: Place = place;
    const after = judge(bytes.toString('utf8', 0, HEAD));
    const isListHead = before === 'head' && after === 'items' && bytes[0] !== 45;
    if (after !== 'tail' && !isListHead) keep(bytes);
  }

  function finish(): void {
    if (place !== 'tail') flush();
  }

  let rest = Buffer.alloc(0);
  let isLongLine = false;
  for (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let feed = rest.indexOf(LINE_FEED); feed >= 0; feed = rest.indexOf(LINE_FEED, from)) {
      takeLine(rest.subarray(from, feed + 1));
      if (isLongLine) leaveOut();
      isLongLine = false;
      from = feed + 1;
    }
    rest = Buffer.from(rest.subarray(from));
    if (rest.length > mostItemBytes) {
      isLongLine = true;
      rest = rest.subarray(0, HEAD);
    }
  }
  if (rest.length > 0) takeLine(rest);
  const lines = line;
  finish();
  return { lines, strange: 0, isCut: false, tooLarge };
}
