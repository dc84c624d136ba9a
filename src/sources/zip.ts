/**
 * Reads zip archives from a file: by their directory, or, where that is cut off, member by member from the start.
 *
 * Names are decoded here and never checked by the library, which would give up the whole archive over one bad name.
 * Times without a zone (the old DOS ones) stay local dates. Encrypted members are refused, one diagnostic each.
 */
import { createReadStream } from 'node:fs';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { asDamage, type ByteStream, damage } from './byte-stream.ts';
import { decompress } from './decompress.ts';
import type { Limits } from './limits.ts';
import type { ArchiveEntry, ModifiedAt } from './tar.ts';
import { localMembers } from './zip-salvage.ts';

const CHUNK_BYTES = 1024 * 1024;
const DEFLATED = 8;
const STORED = 0;

/** Throws {@link damage} at the end when the archive's directory is missing. */
export async function* readZip(file: string, limits: Limits): AsyncGenerator<ArchiveEntry> {
  const zip = await openByDirectory(file);
  if (zip === undefined) {
    yield* salvage(file, limits);
    return;
  }
  try {
    for await (const entry of zip.eachEntry()) {
      const decoded = decodeName(entry.fileNameRaw, (entry.generalPurposeBitFlag & 0x800) !== 0);
      // Some programs of Windows write its separator; on Unix a backslash is part of a name (`dev-disk-by\x2duuid.txt`).
      const windows = entry.versionMadeBy >> 8 === 0 && !decoded.includes('/');
      const name = windows ? decoded.replaceAll('\\', '/') : decoded;
      yield {
        name,
        kind: kindOf(name, entry),
        modified: modifiedOf(entry),
        bytes: entryBytes(zip, entry, limits),
      };
    }
  } catch (error) {
    throw asDamage(error);
  } finally {
    zip.close();
  }
}

async function openByDirectory(file: string): Promise<ZipFile | undefined> {
  try {
    return await openPromise(file, { autoClose: false, decodeStrings: false, validateEntrySizes: false });
  } catch {
    return undefined;
  }
}

async function* entryBytes(zip: ZipFile, entry: Entry, limits: Limits): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) {
    throw damage('archive-encrypted', 'the member is encrypted');
  }
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  yield* unpacked(raw, entry.compressionMethod, limits);
}

async function* salvage(file: string, limits: Limits): AsyncGenerator<ArchiveEntry> {
  for (const member of localMembers(file)) {
    const name = decodeName(member.name, member.utf8);
    const raw =
      member.end > member.start
        ? createReadStream(file, { start: member.start, end: member.end - 1, highWaterMark: CHUNK_BYTES })
        : emptyStream();
    yield {
      name,
      kind: name.endsWith('/') ? 'folder' : 'file',
      bytes: member.encrypted ? refuse() : unpacked(raw, member.method, limits),
    };
  }
  throw damage('archive-truncated', 'the directory at the end of the archive is missing');
}

async function* unpacked(raw: ByteStream, method: number, limits: Limits): AsyncGenerator<Uint8Array> {
  if (method === DEFLATED) {
    yield* decompress(raw, 'deflate-raw', limits);
  } else if (method === STORED) {
    yield* raw;
  } else {
    throw damage('archive-damaged', `compression method ${method} of zip is not supported`);
  }
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}

// biome-ignore lint/correctness/useYield: a stream whose first read fails.
async function* refuse(): AsyncGenerator<Uint8Array> {
  throw damage('archive-encrypted', 'the member is encrypted');
}

/** UTF-8 where it is said or valid, else byte for byte: old archives use code pages that they do not name. */
function decodeName(raw: Buffer, saidUtf8: boolean): string {
  const text = raw.toString('utf8');
  return saidUtf8 || !text.includes('\uFFFD') ? text : raw.toString('latin1');
}

function kindOf(name: string, entry: Entry): ArchiveEntry['kind'] {
  if (name.endsWith('/')) {
    return 'folder';
  }
  // Made on Unix: the upper half holds the file's mode.
  const mode = entry.versionMadeBy >> 8 === 3 ? (entry.externalFileAttributes >>> 16) & 0o170000 : 0;
  return mode === 0o120000
    ? 'link'
    : mode === 0o040000
      ? 'folder'
      : mode === 0 || mode === 0o100000
        ? 'file'
        : 'special';
}

function modifiedOf(entry: Entry): ModifiedAt {
  const unix = entry.extraFields.find((field) => field.id === 0x5455 && field.data.length >= 5);
  if (unix !== undefined && ((unix.data[0] ?? 0) & 1) !== 0) {
    return { epochMs: unix.data.readInt32LE(1) * 1000 };
  }
  const { lastModFileDate: date, lastModFileTime: time } = entry;
  return {
    year: (date >> 9) + 1980,
    month: (date >> 5) & 15,
    day: date & 31,
    msOfDay: ((time >> 11) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2) * 1000,
  };
}
