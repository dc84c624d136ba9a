/**
 * Keeps what comes out of archives: small members in memory, the others one after the other in one temporary file.
 *
 * The temporary folder is made on first need, readable by the user only; the files in it are numbered, so that nothing
 * that a bundle says becomes a path. It is removed by `close`, and at the latest when the process ends.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asDamage, type ByteStream, type Damage } from './byte-stream.ts';
import { fileChunks } from './file-chunks.ts';
import type { Limits } from './limits.ts';

export interface Stored {
  readonly bytes: number;
  /** What broke the stream, when it broke; the bytes before are kept. */
  readonly damage?: Damage;
  /** A bound that cut the member. */
  readonly cutBy?: 'memberBytes' | 'totalBytes';
  /** @param onError told when the bytes cannot be read back; the reading then ends */
  read(onError: (error: Error) => void): Iterable<Uint8Array>;
}

export interface Store {
  add(stream: ByteStream): Promise<Stored>;
  /** Writes the stream to a numbered file of its own, for formats that must be read at random; `memberBytes` does not bound it. */
  file(stream: ByteStream): Promise<{ readonly path: string; readonly stored: Stored; remove(): void }>;
  /** Has the bound on all bytes together been met? */
  isFull(): boolean;
  close(): void;
}

export function openStore(limits: Limits): Store {
  let folder: string | undefined;
  let count = 0;
  let spool: { readonly fd: number; readonly path: string; length: number } | undefined;
  let inMemory = 0;
  let total = 0;

  function newFile(): { readonly fd: number; readonly path: string } {
    if (folder === undefined) {
      folder = mkdtempSync(join(tmpdir(), 'forensics-'));
      process.once('exit', close);
    }
    count += 1;
    const path = join(folder, String(count).padStart(6, '0'));
    return { fd: openSync(path, 'wx', 0o600), path };
  }

  /** Passes the stream on piece by piece, within the bounds. */
  async function take(
    stream: ByteStream,
    limit: number,
    keep: (piece: Uint8Array) => void,
  ): Promise<Omit<Stored, 'read'>> {
    let bytes = 0;
    try {
      for await (const chunk of stream) {
        const room = Math.min(limit - bytes, limits.totalBytes - total);
        const piece = chunk.subarray(0, Math.max(0, room));
        keep(piece);
        bytes += piece.length;
        total += piece.length;
        if (piece.length < chunk.length) {
          return { bytes, cutBy: total >= limits.totalBytes ? 'totalBytes' : 'memberBytes' };
        }
      }
      return { bytes };
    } catch (error) {
      return { bytes, damage: asDamage(error) };
    }
  }

  async function add(stream: ByteStream): Promise<Stored> {
    const pieces: Uint8Array[] = [];
    let held = 0;
    let from: number | undefined;
    const taken = await take(stream, limits.memberBytes, (piece) => {
      const fits = held + piece.length <= limits.memoryMemberBytes && inMemory + piece.length <= limits.memoryBytes;
      if (from === undefined && fits) {
        // A copy: the piece may be a view of a much larger buffer, which it would keep alive.
        pieces.push(piece.slice());
        held += piece.length;
        inMemory += piece.length;
        return;
      }
      spool ??= { ...newFile(), length: 0 };
      if (from === undefined) {
        from = spool.length;
        for (const early of pieces) {
          spool.length += writeAll(spool.fd, early);
        }
        pieces.length = 0;
        inMemory -= held;
      }
      spool.length += writeAll(spool.fd, piece);
    });
    if (from === undefined || spool === undefined) {
      return { ...taken, read: () => pieces };
    }
    const { path } = spool;
    const start = from;
    return { ...taken, read: (onError) => fileChunks(path, start, start + taken.bytes, onError) };
  }

  async function file(stream: ByteStream): ReturnType<Store['file']> {
    const { fd, path } = newFile();
    try {
      const taken = await take(stream, limits.totalBytes, (piece) => {
        writeAll(fd, piece);
      });
      const stored = { ...taken, read: (onError: (error: Error) => void) => fileChunks(path, 0, taken.bytes, onError) };
      return {
        path,
        stored,
        remove: () => {
          total -= taken.bytes;
          rmSync(path, { force: true });
        },
      };
    } finally {
      closeSync(fd);
    }
  }

  function close(): void {
    process.removeListener('exit', close);
    if (spool !== undefined) {
      closeSync(spool.fd);
      spool = undefined;
    }
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    }
  }

  return { add, file, close, isFull: () => total >= limits.totalBytes };
}

function writeAll(fd: number, bytes: Uint8Array): number {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written);
  }
  return written;
}
