/**
 * Reads tar archives as a stream: ustar, GNU (long names), pax, and old tars without a magic number.
 *
 * Written here rather than taken from tar-stream because a cut archive must give all of its last, cut member, and
 * because a damaged header must not end the archive: reading goes on at the next block that is a header.
 * Links, devices and sparse maps are passed over; the data of a sparse file is taken as it is stored.
 *
 * Format: POSIX.1-2001 pax; GNU tar manual, "Basic Tar Format".
 */
import { type ByteReader, type ByteStream, byteReader, damage } from './byte-stream.ts';
import { isTarHeader } from './content-kind.ts';

/** One entry of an archive. `bytes` must be read before the next entry is asked for; what is left is skipped. */
export interface ArchiveEntry {
  /** As the archive has it: not to be trusted. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  readonly modified?: ModifiedAt;
  readonly bytes: ByteStream;
}

/** Epoch ms, or a local date without a zone (zip). */
export type ModifiedAt =
  | { readonly epochMs: number }
  | { readonly year: number; readonly month: number; readonly day: number; readonly msOfDay: number };

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly modifiedMs: number;
}

const BLOCK = 512;
const PIECE = 1024 * 1024;
const MAX_LONG_HEADER = 1024 * 1024;

/** Throws {@link damage} at the end when the archive is cut. */
export async function* readTar(stream: ByteStream): AsyncGenerator<ArchiveEntry> {
  const reader = byteReader(stream);
  let longName: string | undefined;
  let pax: ReadonlyMap<string, string> = new Map();
  let globalPax: ReadonlyMap<string, string> = new Map();
  let damaged = false;
  try {
    for (;;) {
      const block = await reader.take(BLOCK);
      if (block.length < BLOCK) {
        // Trailing bytes that are no block, or the end without the two empty blocks: both are met in good archives.
        if (block.length > 0 || reader.failure() !== undefined) {
          throw reader.failure() ?? damage('archive-truncated', 'the archive ends inside of a header');
        }
        break;
      }
      if (block.every((byte) => byte === 0)) {
        continue;
      }
      if (!isTarHeader(block)) {
        damaged = true;
        continue;
      }
      const header = parseHeader(block);
      if (header.type === 'L' || header.type === 'x' || header.type === 'g' || header.type === 'K') {
        const text = await readLong(reader, header.size);
        if (header.type === 'L') {
          longName = text.split('\0', 1)[0];
        } else if (header.type === 'x') {
          pax = parsePax(text);
        } else if (header.type === 'g') {
          globalPax = parsePax(text);
        }
        continue;
      }
      const size = sizeOf(header, pax, globalPax);
      const data = entryData(reader, size);
      yield {
        name: pax.get('path') ?? longName ?? header.name,
        kind: kindOf(header),
        modified: { epochMs: modifiedOf(header, pax) },
        bytes: data.bytes(),
      };
      longName = undefined;
      pax = new Map();
      if (!(await data.skipRest())) {
        throw reader.failure() ?? damage('archive-truncated', 'the archive ends inside of a member');
      }
    }
    if (damaged) {
      throw damage('archive-damaged', 'some headers are damaged, and the members below them are missing');
    }
  } finally {
    await reader.close();
  }
}

function entryData(reader: ByteReader, size: number): { bytes(): ByteStream; skipRest(): Promise<boolean> } {
  let left = size;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const piece = await reader.some(Math.min(left, PIECE));
      if (piece === undefined) {
        throw reader.failure() ?? damage('archive-truncated', 'the archive ends inside of this member');
      }
      left -= piece.length;
      yield piece;
    }
  }
  return {
    bytes,
    skipRest: async () => {
      let skip = left + ((BLOCK - (size % BLOCK)) % BLOCK);
      while (skip > 0) {
        const piece = await reader.some(Math.min(skip, PIECE));
        if (piece === undefined) {
          return left === 0 && reader.failure() === undefined;
        }
        skip -= piece.length;
        left = Math.max(0, left - piece.length);
      }
      return true;
    },
  };
}

async function readLong(reader: ByteReader, size: number): Promise<string> {
  const wanted = Math.min(size, MAX_LONG_HEADER);
  const text = Buffer.from(await reader.take(wanted)).toString('utf8');
  let skip = size - wanted + ((BLOCK - (size % BLOCK)) % BLOCK);
  while (skip > 0) {
    const piece = await reader.some(Math.min(skip, PIECE));
    if (piece === undefined) {
      break;
    }
    skip -= piece.length;
  }
  return text;
}

function parseHeader(block: Uint8Array): Header {
  const bytes = Buffer.from(block.buffer, block.byteOffset, BLOCK);
  const magic = bytes.toString('latin1', 257, 263);
  const name = textAt(bytes, 0, 100);
  // GNU tar keeps other things where POSIX has the prefix.
  const prefix = magic === 'ustar\0' ? textAt(bytes, 345, 155) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numberAt(bytes, 124, 12),
    type: String.fromCharCode(bytes[156] ?? 0),
    modifiedMs: numberAt(bytes, 136, 12) * 1000,
  };
}

function kindOf(header: Header): ArchiveEntry['kind'] {
  switch (header.type) {
    case '\0':
    case '0':
    case '7':
    case 'S':
      // Old tars mark folders by their name only.
      return header.name.endsWith('/') ? 'folder' : 'file';
    case '5':
    case 'D':
      return 'folder';
    case '1':
    case '2':
      return 'link';
    default:
      return 'special';
  }
}

function sizeOf(header: Header, pax: ReadonlyMap<string, string>, globalPax: ReadonlyMap<string, string>): number {
  // Links and folders may state the size of what they stand for; no data follows.
  if (['1', '2', '3', '4', '5', '6'].includes(header.type)) {
    return 0;
  }
  const stated = Number(pax.get('size') ?? globalPax.get('size') ?? header.size);
  return Number.isSafeInteger(stated) && stated > 0 ? stated : 0;
}

function modifiedOf(header: Header, pax: ReadonlyMap<string, string>): number {
  const precise = Number(pax.get('mtime') ?? Number.NaN);
  return Number.isFinite(precise) ? Math.floor(precise * 1000) : header.modifiedMs;
}

/** `LENGTH KEY=VALUE\n`, LENGTH in bytes including itself. */
function parsePax(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const bytes = Buffer.from(text, 'utf8');
  let from = 0;
  while (from < bytes.length) {
    const blank = bytes.indexOf(0x20, from);
    const length = blank < 0 ? 0 : Number(bytes.toString('latin1', from, blank));
    if (!Number.isInteger(length) || length < blank - from + 2) {
      break;
    }
    const pair = bytes.toString('utf8', blank + 1, from + length - 1);
    const equals = pair.indexOf('=');
    if (equals > 0) {
      values.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    from += length;
  }
  return values;
}

function textAt(bytes: Buffer, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** Octal text, or a big-endian number when the first bit is set (GNU). */
function numberAt(bytes: Buffer, from: number, length: number): number {
  if (((bytes[from] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (let i = from + 1; i < from + length; i += 1) {
      value = value * 256 + (bytes[i] ?? 0);
    }
    return value;
  }
  const value = Number.parseInt(textAt(bytes, from, length).trim(), 8);
  return Number.isFinite(value) ? value : 0;
}
