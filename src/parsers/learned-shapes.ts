/**
 * Times of lines that begin alike, without parsing each of them.
 *
 *     {"level":"info","ts":"2026-09-27T16:05:37.985Z","msg":…
 *     time="2026-09-27T16:05:37.985Z" level=info msg=…
 *     └ shape ───────────┘
 *
 * When a line was parsed and its stamp is the first RFC 3339 time in it, the bytes before that time are remembered.
 * A line with the same bytes and a time behind them is taken for a header of the same format. Of JSON the last byte
 * must be the closing brace, too. Formats that begin with the time itself are not learned: a time alone proves little.
 */

import { byteCursor, readRfc3339 } from '../time/rfc3339.ts';

const MAX_SHAPES = 8;
const SHORTEST = 4;
const LONGEST = 160;
const BRACE = 123;
const CLOSING_BRACE = 125;

interface Shape {
  readonly prefix: Uint8Array;
  /** Set of lines that end with a brace only. */
  readonly isObject: boolean;
}

export interface LearnedShapes {
  /** Epoch ms of a line of a known shape, else -1. */
  timeAt(bytes: Uint8Array, start: number, end: number): number;
  /** @param epochMs - what parsing the line gave */
  learn(bytes: Uint8Array, start: number, end: number, epochMs: number): void;
}

export function learnShapes(): LearnedShapes {
  const shapes: Shape[] = [];
  const cursor = byteCursor();
  let latest = 0;

  function timeBy(shape: Shape, bytes: Uint8Array, start: number, end: number): number {
    const { prefix, isObject } = shape;
    const at = start + prefix.length;
    if (at >= end || (isObject && bytes[end - 1] !== CLOSING_BRACE)) {
      return -1;
    }
    for (let each = prefix.length - 1; each >= 0; each--) {
      if (prefix[each] !== bytes[start + each]) {
        return -1;
      }
    }
    return readRfc3339(bytes, at, end, cursor);
  }

  return {
    timeAt(bytes, start, end) {
      const first = shapes[latest];
      if (first === undefined) {
        return -1;
      }
      const value = timeBy(first, bytes, start, end);
      if (value >= 0) {
        return value;
      }
      for (let each = 0; each < shapes.length; each++) {
        const found = each === latest ? -1 : timeBy(shapes[each] as Shape, bytes, start, end);
        if (found >= 0) {
          latest = each;
          return found;
        }
      }
      return -1;
    },
    learn(bytes, start, end, epochMs) {
      if (shapes.length >= MAX_SHAPES) {
        return;
      }
      const limit = Math.min(end, start + LONGEST);
      for (let at = start + SHORTEST; at < limit; at++) {
        const byte = bytes[at] as number;
        // `2` of a year behind anything but a digit
        if (byte !== 50 || isDigit(bytes[at - 1] as number)) {
          continue;
        }
        const value = readRfc3339(bytes, at, end, cursor);
        if (value >= 0) {
          if (value === epochMs) {
            shapes.push({ prefix: Uint8Array.from(bytes.subarray(start, at)), isObject: bytes[start] === BRACE });
          }
          return;
        }
      }
    },
  };
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
