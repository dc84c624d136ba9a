/** Reads a part of a file in large synchronous pieces, the fastest way that Node has. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const BUFFER_BYTES = 1024 * 1024;
/** Buffers that no reading is using now. */
const idle: Uint8Array[] = [];

/**
 * The bytes `[start, end)` of the file. Each piece is a view of one reused buffer: it changes when the next is asked for.
 *
 * @param onError told what went wrong when the file cannot be read (any more); the reading then ends
 */
export function* fileChunks(
  path: string,
  start: number,
  end: number,
  onError: (error: Error) => void,
): Generator<Uint8Array> {
  let fd: number | undefined;
  const buffer = idle.pop() ?? new Uint8Array(BUFFER_BYTES);
  try {
    fd = openSync(path, 'r');
    for (let at = start; at < end; ) {
      const read = readSync(fd, buffer, 0, Math.min(BUFFER_BYTES, end - at), at);
      if (read === 0) {
        break;
      }
      at += read;
      yield buffer.subarray(0, read);
    }
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  } finally {
    idle.push(buffer);
    if (fd !== undefined) {
      closeSync(fd);
    }
  }
}

/** The first bytes of a file and its size. Throws what the file system throws. */
export function readHead(path: string, bytes: number): { readonly head: Uint8Array; readonly size: number } {
  const fd = openSync(path, 'r');
  try {
    const head = new Uint8Array(bytes);
    let filled = 0;
    while (filled < bytes) {
      const read = readSync(fd, head, filled, bytes - filled, filled);
      if (read === 0) {
        break;
      }
      filled += read;
    }
    return { head: head.subarray(0, filled), size: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}
