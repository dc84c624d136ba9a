/**
 * Finds the members of a zip archive whose directory is missing, from the headers in front of each member.
 *
 * Where such a header does not know the size yet (written as a stream), the member ends where a data descriptor states
 * exactly the distance; without one it reaches to the end of the file.
 *
 * Format: PKWARE APPNOTE.TXT 4.3.7 (local file header), 4.3.9 (data descriptor).
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface LocalMember {
  readonly name: Buffer;
  readonly utf8: boolean;
  readonly encrypted: boolean;
  readonly method: number;
  /** Offsets of the packed data in the file; `end` is behind its last byte. */
  readonly start: number;
  readonly end: number;
}

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1');
const HEADER_BYTES = 30;
const WINDOW_BYTES = 1024 * 1024;

export function* localMembers(file: string): Generator<LocalMember> {
  const fd = openSync(file, 'r');
  try {
    const size = fstatSync(fd).size;
    let at = 0;
    for (;;) {
      const header = readAt(fd, at, HEADER_BYTES);
      if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER) {
        return;
      }
      const flags = header.readUInt16LE(6);
      const nameLength = header.readUInt16LE(26);
      const extraLength = header.readUInt16LE(28);
      const name = readAt(fd, at + HEADER_BYTES, nameLength);
      const extra = readAt(fd, at + HEADER_BYTES + nameLength, extraLength);
      const start = at + HEADER_BYTES + nameLength + extraLength;
      const streamed = (flags & 8) !== 0;
      const packed = streamed ? undefined : packedSize(header.readUInt32LE(18), extra);
      const descriptor = streamed ? findDescriptor(fd, start, size) : undefined;
      const end = Math.min(size, packed === undefined ? (descriptor?.end ?? size) : start + packed);
      yield {
        name,
        utf8: (flags & 0x800) !== 0,
        encrypted: (flags & 1) !== 0,
        method: header.readUInt16LE(8),
        start: Math.min(start, size),
        end,
      };
      at = descriptor?.next ?? end;
    }
  } finally {
    closeSync(fd);
  }
}

/** The size, from the zip64 field where the header has no room for it (its second number). */
function packedSize(stated: number, extra: Buffer): number {
  if (stated !== 0xffffffff) {
    return stated;
  }
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1 && at + 20 <= extra.length) {
      return Number(extra.readBigUInt64LE(at + 12));
    }
  }
  return stated;
}

function findDescriptor(
  fd: number,
  start: number,
  size: number,
): { readonly end: number; readonly next: number } | undefined {
  const overlap = 32;
  for (let from = start; from < size; from += WINDOW_BYTES) {
    const window = readAt(fd, from, WINDOW_BYTES + overlap);
    for (let at = window.indexOf(DESCRIPTOR); at >= 0 && at < WINDOW_BYTES; at = window.indexOf(DESCRIPTOR, at + 1)) {
      const length = from + at - start;
      if (at + 16 <= window.length && window.readUInt32LE(at + 8) === length) {
        const wide = at + 24 <= window.length && window.readUInt32LE(at + 12) === 0 && length > 0;
        return { end: start + length, next: start + length + (wide ? 24 : 16) };
      }
    }
  }
  return undefined;
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, buffer, filled, length - filled, position + filled);
    if (read === 0) {
      break;
    }
    filled += read;
  }
  return buffer.subarray(0, filled);
}
