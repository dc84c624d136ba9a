import type { Stamp, Writer } from '../model/index.ts';

/** The key of a writer, `node-1 kubelet[1501]:`, is looked for in so many bytes. */
const MAX_KEY = 160;
const MAX_WRITERS = 10_000;
/** Bytes of a line in which its writer is named; objects name it anywhere. */
const MAX_HEAD = 512;
const MAX_OBJECT = 8192;
const OBJECT_BYTE = 0x7b;
/** So many lines whose writer was not known yet, and more than half of all: the cache does not fit this log. */
const MAX_MISSES = 20_000;
/** A log whose first lines name no writer names none. */
const TRIAL_LINES = 64;

/** Who wrote a line, and at which byte of the line that is said. */
export interface WriterName {
  readonly name: string;
  readonly pid?: number;
  readonly node?: string;
  readonly column: number;
}

/** The program instances of one log: lines, first and last time of each. */
export interface Writers {
  /**
   * @param value - time on the format's own scale, negative when the line has none
   * @param offset - byte of the log at which the line begins
   */
  add(bytes: Uint8Array, start: number, end: number, value: number, line: number, offset: number): void;
  result(): {
    readonly writers: readonly Writer[];
    /** Pairs of line and byte at which it begins: first and last line of each writer. */
    readonly offsets: readonly (readonly [line: number, offset: number])[];
  };
}

interface Tally {
  readonly who: WriterName;
  lines: number;
  readonly firstLine: number;
  readonly firstOffset: number;
  lastLine: number;
  lastOffset: number;
  first: number;
  last: number;
}

interface Key {
  readonly bytes: Uint8Array;
  readonly tally: Tally;
}

function sameBytes(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < key.length; at++) {
    if (key[at] !== bytes[start + at]) {
      return false;
    }
  }
  return true;
}

/**
 * The line is parsed only when the bytes between the time and `: ` were not met before; else one hash of these
 * bytes finds the writer.
 */
export function countWriters(
  nameOf: (line: string) => WriterName | undefined,
  stampOf: (value: number) => Stamp | undefined,
): Writers {
  const tallies = new Map<string, Tally>();
  const keys = new Map<number, Key[]>();
  let column = -1;
  let lines = 0;
  let misses = 0;
  let nameless = 0;
  let off = false;

  function add(bytes: Uint8Array, start: number, end: number, value: number, line: number, offset: number): void {
    if (off) {
      return;
    }
    lines++;
    const from = start + column;
    const limit = Math.min(end, from + MAX_KEY);
    let hash = 0x811c9dc5 | 0;
    let at = column < 0 ? limit : from;
    let previous = 0;
    while (at < limit) {
      const byte = bytes[at] as number;
      if (byte === 32 && previous === 58) {
        break;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
      previous = byte;
      at++;
    }
    if (at < limit) {
      const slot = keys.get(hash);
      if (slot !== undefined) {
        for (const key of slot) {
          if (key.bytes.length === at - from && sameBytes(key.bytes, bytes, from)) {
            count(key.tally, value, line, offset);
            return;
          }
        }
      }
    }
    miss(bytes, start, end, value, line, offset, at < limit ? hash : undefined, at);
  }

  function miss(
    bytes: Uint8Array,
    start: number,
    end: number,
    value: number,
    line: number,
    offset: number,
    hash: number | undefined,
    keyEnd: number,
  ): void {
    misses++;
    const most = bytes[start] === OBJECT_BYTE ? MAX_OBJECT : MAX_HEAD;
    const who = nameOf(Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, most)).toString());
    if (who === undefined) {
      nameless++;
    }
    if ((nameless >= TRIAL_LINES && tallies.size === 0) || (misses > MAX_MISSES && misses * 2 > lines)) {
      off = true;
      return;
    }
    if (who === undefined) {
      return;
    }
    const identity = `${who.node ?? ''}\n${who.name}\n${who.pid ?? ''}`;
    let tally = tallies.get(identity);
    if (tally === undefined) {
      if (tallies.size >= MAX_WRITERS) {
        return;
      }
      tally = {
        who,
        lines: 0,
        firstLine: line,
        firstOffset: offset,
        lastLine: line,
        lastOffset: offset,
        first: -1,
        last: -1,
      };
      tallies.set(identity, tally);
    }
    count(tally, value, line, offset);
    if (hash !== undefined && who.column === column) {
      const key = { bytes: Uint8Array.from(bytes.subarray(start + column, keyEnd)), tally };
      const slot = keys.get(hash);
      if (slot === undefined) {
        keys.set(hash, [key]);
      } else {
        slot.push(key);
      }
    }
    column = who.column;
  }

  function count(tally: Tally, value: number, line: number, offset: number): void {
    tally.lines++;
    tally.lastLine = line;
    tally.lastOffset = offset;
    if (value >= 0) {
      if (tally.first < 0) {
        tally.first = value;
      }
      tally.last = value;
    }
  }

  function result(): ReturnType<Writers['result']> {
    if (off) {
      return { writers: [], offsets: [] };
    }
    const offsets = [...tallies.values()].flatMap(({ firstLine, firstOffset, lastLine, lastOffset }) => [
      [firstLine, firstOffset] as const,
      [lastLine, lastOffset] as const,
    ]);
    const writers = [...tallies.values()].map(({ who, first, last, ...tally }) => {
      const firstStamp = first < 0 ? undefined : stampOf(first);
      const lastStamp = last < 0 ? undefined : stampOf(last);
      return {
        name: who.name,
        ...(who.pid === undefined ? {} : { pid: who.pid }),
        ...(who.node === undefined ? {} : { node: who.node }),
        lines: tally.lines,
        firstLine: tally.firstLine,
        lastLine: tally.lastLine,
        ...(firstStamp === undefined ? {} : { first: firstStamp }),
        ...(lastStamp === undefined ? {} : { last: lastStamp }),
      };
    });
    return { writers, offsets };
  }

  return { add, result };
}
