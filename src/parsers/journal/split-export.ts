/** Cuts a journal export into slices of whole entries while it is read: at an empty line before an entry's first field. */

import type { DocumentSlice, SplitSummary } from '../format.ts';
import { slidingBytes } from '../sliding-bytes.ts';

const SLICE_BYTES = 1 << 20;
const MOST_ENTRY_BYTES = 32 << 20;
const BORDER = Buffer.from('\n\n__');
const FEED = 10;

export function splitExport(
  chunks: Iterable<Uint8Array>,
  take: (slice: DocumentSlice) => void,
  { sliceBytes = SLICE_BYTES, mostItemBytes = MOST_ENTRY_BYTES } = {},
): SplitSummary {
  const sliding = slidingBytes();
  let line = 1;
  let tooLarge = 0;
  let last = FEED;

  /** The first `end` bytes leave; nobody reads them when `isLeftOut`. */
  function pass(end: number, isLeftOut = false): void {
    const bytes = Buffer.from(sliding.bytes().subarray(0, end));
    if (!isLeftOut) {
      take({ text: bytes.toString('utf8'), bytes, firstLine: line, added: 0, listKind: undefined, isList: false });
    }
    for (let at = bytes.indexOf(FEED); at >= 0; at = bytes.indexOf(FEED, at + 1)) {
      line += 1;
    }
    sliding.drop(end);
  }

  for (const chunk of chunks) {
    if (chunk.length === 0) continue;
    sliding.append(chunk);
    last = chunk[chunk.length - 1] as number;
    const held = sliding.bytes();
    const border = held.length < sliceBytes ? -1 : held.lastIndexOf(BORDER);
    if (border >= 0) {
      pass(border + 2);
    } else if (held.length > mostItemBytes) {
      tooLarge += 1;
      pass(held.length, true);
    }
  }
  const rest = sliding.bytes().length;
  if (rest > 0) pass(rest);
  return { lines: last === FEED ? line - 1 : line, strange: 0, isCut: false, tooLarge };
}
