/**
 * Where one xz stream ends and the next begins: a file may be several of them in a row, with padding between.
 *
 * The decoder reads one stream and does not tell how much of its input it took. The borders are found without
 * decoding: a block is a chain of LZMA2 chunks that carry their lengths, and the index behind the blocks is short.
 * A stream that is not built so is handed on with all that follows it.
 *
 * Format: tukaani.org/xz/xz-file-format.txt; LZMA2 chunks as in the decoder of the Linux kernel.
 */
import type { ByteReader } from './byte-stream.ts';

const HEADER_BYTES = 12;
const FOOTER_BYTES = 12;
const CRC_BYTES = 4;
/** Bytes of the check behind each block, by its id in the stream's header. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

/** Moves over padding; true when a further stream follows. */
export async function nextXzStream(reader: ByteReader): Promise<boolean> {
  while (true) {
    const head = await reader.peek(MAGIC.length);
    if (MAGIC.every((byte, at) => head[at] === byte)) {
      return true;
    }
    if (head.length < 4 || head.subarray(0, 4).some((byte) => byte !== 0)) {
      return false;
    }
    await reader.take(4);
  }
}

/** The bytes of one stream; the reader then stands behind it. */
export async function* oneXzStream(reader: ByteReader): AsyncGenerator<Uint8Array> {
  const header = await reader.take(HEADER_BYTES);
  yield header;
  const checkBytes = CHECK_BYTES[(header[7] ?? 0) & 15] ?? 0;
  while (true) {
    const size = await reader.take(1);
    if (size[0] === undefined) {
      return;
    }
    yield size;
    if (size[0] === 0) {
      yield* indexAndFooter(reader);
      return;
    }
    yield await reader.take((size[0] + 1) * 4 - 1);
    let length = 0;
    for await (const piece of chunksOf(reader)) {
      length += piece.length;
      yield piece;
    }
    yield await reader.take(((4 - (length % 4)) % 4) + checkBytes);
  }
}

/** LZMA2 chunks up to and with the byte that ends them. */
async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  while (true) {
    const control = await reader.take(1);
    const kind = control[0];
    yield control;
    if (kind === undefined || kind === 0) {
      return;
    }
    if (kind > 2 && kind < 0x80) {
      // Not LZMA2: what follows cannot be told apart.
      yield* reader.rest();
      return;
    }
    const isPacked = kind >= 0x80;
    const sizes = await reader.take(isPacked ? 4 : 2);
    yield sizes;
    const at = isPacked ? 2 : 0;
    const bytes = (((sizes[at] ?? 0) << 8) | (sizes[at + 1] ?? 0)) + 1;
    yield await reader.take(kind >= 0xc0 ? bytes + 1 : bytes);
  }
}

/** The index after its first byte, then the footer. */
async function* indexAndFooter(reader: ByteReader): AsyncGenerator<Uint8Array> {
  const count = await numberOf(reader);
  yield count.bytes;
  let length = 1 + count.bytes.length;
  for (let left = count.value * 2; left > 0; left -= 1) {
    const { bytes } = await numberOf(reader);
    if (bytes.length === 0) {
      return;
    }
    yield bytes;
    length += bytes.length;
  }
  yield await reader.take(((4 - (length % 4)) % 4) + CRC_BYTES + FOOTER_BYTES);
}

/** Seven bits a byte, lowest first; the highest bit says that more follow. Without bytes at the end of the input. */
async function numberOf(reader: ByteReader): Promise<{ readonly bytes: Uint8Array; readonly value: number }> {
  const bytes: number[] = [];
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = (await reader.take(1))[0];
    if (byte === undefined) {
      break;
    }
    bytes.push(byte);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      break;
    }
  }
  return { bytes: Uint8Array.from(bytes), value };
}
