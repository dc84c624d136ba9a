/**
 * Opens one member, whatever it is: keeps text, unpacks compressions, walks archives, skips the rest with a remark.
 *
 * Nothing in here follows what an archive says about places: members go to the store, under the store's own names.
 */
import { createReadStream } from 'node:fs';
import type { Diagnostic } from '../model/index.ts';
import { asDamage, type ByteReader, type ByteStream, byteReader, type Damage, damage } from './byte-stream.ts';
import { type Container, newContainer, type Place, place } from './container.ts';
import { type Compression, contentKind, HEAD_BYTES } from './content-kind.ts';
import { decompress } from './decompress.ts';
import type { Limits } from './limits.ts';
import { memberPath, printable } from './names.ts';
import type { Store, Stored } from './store.ts';
import { type ArchiveEntry, type ModifiedAt, readTar } from './tar.ts';
import { encodingNote, toUtf8 } from './text-encoding.ts';

/** A readable file that was found; its path is known when its container is complete. */
export interface Found {
  readonly place: Place;
  readonly bytes: number;
  readonly notes: readonly string[];
  /** @param onError told when the bytes cannot be read (any more); the reading then ends */
  read(onError: (error: Error) => void): Iterable<Uint8Array>;
}

/** What one opening of a bundle carries along. */
export interface Run {
  readonly limits: Limits;
  readonly store: Store;
  readonly found: Found[];
  /** Members seen so far, of all inputs. */
  members: number;
  /** A bound was met that ends the whole reading. */
  stopped: boolean;
  /** Times that archives note for their members. */
  readonly modified: ModifiedAt[];
  /** `at` undefined: concerns the input as a whole. */
  remark(at: Place | undefined, diagnostic: Omit<Diagnostic, 'source'>): void;
}

interface Depth {
  readonly archives: number;
  readonly compressions: number;
}

export const TOP: Depth = { archives: 0, compressions: 0 };

/** @param file the member's own file, where it has one: saves a copy for formats that are read at random */
export async function unpack(
  run: Run,
  at: Place,
  stream: ByteStream,
  depth: Depth = TOP,
  file?: string,
): Promise<void> {
  const reader = byteReader(stream);
  try {
    const head = await reader.peek(HEAD_BYTES);
    if (head.length === 0 && reader.failure() !== undefined) {
      reportDamage(run, at, reader.failure());
      return;
    }
    const content = contentKind(head);
    switch (content.kind) {
      case 'text': {
        const note = encodingNote(content.encoding);
        const stored = await run.store.add(toUtf8(reader.rest(), content.encoding));
        keep(run, at, stored, note === undefined ? [] : [note]);
        return;
      }
      case 'compressed':
        await unpackCompressed(run, at, reader, head, content.compression, depth);
        return;
      case 'tar':
      case 'zip':
        if (depth.archives >= run.limits.depth) {
          run.remark(at, {
            severity: 'warning',
            code: 'archive-too-deep',
            message: `Not opened: archives are nested more than ${run.limits.depth} deep.`,
          });
        } else if (content.kind === 'tar') {
          await walkArchive(run, at, readTar(reader.rest()), depth);
        } else {
          await unpackZip(run, at, reader, depth, file);
        }
        return;
      case 'journal':
        run.remark(at, {
          severity: 'warning',
          code: 'journal-binary',
          message:
            'Skipped: a binary journal. Convert it where systemd is installed, with ' +
            '`journalctl --file X -o json > X.json`, and add the result to the bundle.',
        });
        return;
      case 'binary':
        run.remark(at, { severity: 'info', code: 'binary-skipped', message: `Skipped: ${content.what}.` });
        return;
    }
  } finally {
    await reader.close();
  }
}

async function unpackCompressed(
  run: Run,
  at: Place,
  reader: ByteReader,
  head: Uint8Array,
  compression: Compression,
  depth: Depth,
): Promise<void> {
  if (depth.compressions >= run.limits.depth) {
    run.remark(at, {
      severity: 'warning',
      code: 'archive-too-deep',
      message: `Not unpacked: compressed more than ${run.limits.depth} times over.`,
    });
    return;
  }
  const packedAt = compression === 'gzip' && head.length >= 8 ? Buffer.from(head).readUInt32LE(4) : 0;
  if (packedAt > 0) {
    run.modified.push({ epochMs: packedAt * 1000 });
  }
  const inner = { ...depth, compressions: depth.compressions + 1 };
  const plain = decompress(reader.rest(), compression, run.limits);
  if (compression !== 'xz') {
    await unpack(run, at, plain, inner);
    return;
  }
  // The xz decoder serves one stream at a time, and there may be another in this one: finish it first.
  const copy = await run.store.file(plain);
  try {
    await unpack(run, at, replay(copy.stored), inner, copy.path);
  } finally {
    copy.remove();
  }
}

async function unpackZip(
  run: Run,
  at: Place,
  reader: ByteReader,
  depth: Depth,
  file: string | undefined,
): Promise<void> {
  if (file !== undefined) {
    await reader.close();
    const { readZip } = await import('./zip.ts');
    await walkArchive(run, at, readZip(file, run.limits), depth);
    return;
  }
  const copy = await run.store.file(reader.rest());
  try {
    reportCut(run, at, copy.stored);
    reportDamage(run, at, copy.stored.damage);
    const { readZip } = await import('./zip.ts');
    await walkArchive(run, at, readZip(copy.path, run.limits), depth);
  } finally {
    copy.remove();
  }
}

async function walkArchive(run: Run, at: Place, entries: AsyncIterable<ArchiveEntry>, depth: Depth): Promise<void> {
  const container = newContainer(at, false);
  const inner = { archives: depth.archives + 1, compressions: 0 };
  try {
    for await (const entry of entries) {
      if (run.stopped) {
        return;
      }
      await unpackEntry(run, container, at, entry, inner);
    }
  } catch (error) {
    reportDamage(run, at, asDamage(error));
  }
}

async function unpackEntry(
  run: Run,
  container: Container,
  at: Place,
  entry: ArchiveEntry,
  depth: Depth,
): Promise<void> {
  if (entry.kind === 'folder') {
    container.rooted ||= entry.name === './' || entry.name === '.';
    return;
  }
  if (entry.kind !== 'file') {
    return;
  }
  const name = memberPath(entry.name);
  if (name === undefined) {
    run.remark(at, {
      severity: 'warning',
      code: 'member-name-refused',
      message: `Skipped a member whose name leads out of the archive: ${printable(entry.name)}`,
    });
    return;
  }
  if (entry.modified !== undefined) {
    run.modified.push(entry.modified);
  }
  await unpackMember(run, place(container, name), entry.bytes, depth);
}

/** Opens a member within the bounds on their number and size. */
async function unpackMember(run: Run, at: Place, bytes: ByteStream, depth: Depth, file?: string): Promise<void> {
  if (!mayTakeAnother(run)) {
    return;
  }
  await unpack(run, at, bytes, depth, file);
  if (run.store.isFull()) {
    run.stopped = true;
    run.remark(undefined, {
      severity: 'warning',
      code: 'bundle-too-large',
      message: `Stopped reading: the archives hold more than ${mebibytes(run.limits.totalBytes)} unpacked. Give less at once.`,
    });
  }
}

/** Counts one more member; false, with a remark, when there are too many. */
export function mayTakeAnother(run: Run): boolean {
  run.members += 1;
  if (run.members > run.limits.members && !run.stopped) {
    run.stopped = true;
    run.remark(undefined, {
      severity: 'warning',
      code: 'too-many-members',
      message: `Stopped reading: more than ${run.limits.members} files. Give less at once.`,
    });
  }
  return !run.stopped;
}

function keep(run: Run, at: Place, stored: Stored, notes: readonly string[]): void {
  reportCut(run, at, stored);
  reportDamage(run, at, stored.damage);
  if (stored.damage?.damage === 'archive-bomb' || (stored.damage !== undefined && stored.bytes === 0)) {
    return;
  }
  const cut = stored.damage !== undefined || stored.cutBy !== undefined;
  run.found.push({
    place: at,
    bytes: stored.bytes,
    notes: cut ? [...notes, 'cut off: see the diagnostics'] : notes,
    read: stored.read,
  });
}

function reportCut(run: Run, at: Place, stored: Stored): void {
  if (stored.cutBy === 'memberBytes') {
    run.remark(at, {
      severity: 'warning',
      code: 'member-too-large',
      message: `Only the first ${mebibytes(run.limits.memberBytes)} were read.`,
    });
  }
}

function reportDamage(run: Run, at: Place, found: Damage | undefined): void {
  if (found === undefined) {
    return;
  }
  const message =
    found.damage === 'archive-truncated'
      ? `Cut off (${found.message}): what lies before was read, the rest is missing.`
      : found.damage === 'archive-bomb'
        ? `Not read any further: ${found.message}.`
        : found.damage === 'archive-encrypted'
          ? 'Skipped: encrypted. Unpack it with its password first.'
          : `Damaged (${printable(found.message)}): what could be unpacked was read.`;
  run.remark(at, { severity: 'warning', code: found.damage, message });
}

async function* replay(stored: Stored): AsyncGenerator<Uint8Array> {
  let failure: Error | undefined;
  const pieces = stored.read((error) => {
    failure = error;
  });
  for (const piece of pieces) {
    // The store reuses its buffer, and readers of streams keep what they are given.
    yield piece.slice();
  }
  if (stored.cutBy !== undefined) {
    throw damage('archive-truncated', 'it unpacks to more than is read');
  }
  const broken = stored.damage ?? failure;
  if (broken !== undefined) {
    throw broken;
  }
}

export function fileStream(file: string): ByteStream {
  return createReadStream(file, { highWaterMark: 1024 * 1024 });
}

function mebibytes(bytes: number): string {
  return `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
