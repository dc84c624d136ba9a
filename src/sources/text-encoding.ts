/** Decodes text to UTF-8 without byte order mark. What cannot be decoded becomes U+FFFD. */
import type { ByteStream } from './byte-stream.ts';
import type { TextEncoding } from './content-kind.ts';

const BOM_BYTES = 3;

export function toUtf8(stream: ByteStream, encoding: TextEncoding): ByteStream {
  switch (encoding) {
    case 'utf-8':
      return stream;
    case 'utf-8-bom':
      return withoutFirst(stream, BOM_BYTES);
    case 'utf-16le':
    case 'utf-16be':
      return fromUtf16(stream, encoding);
  }
}

/** Remark for the report's file table; undefined where nothing was done that a reader must know. */
export function encodingNote(encoding: TextEncoding): string | undefined {
  switch (encoding) {
    case 'utf-8':
      return undefined;
    case 'utf-8-bom':
      return 'byte order mark dropped';
    case 'utf-16le':
      return 'decoded from UTF-16LE';
    case 'utf-16be':
      return 'decoded from UTF-16BE';
  }
}

async function* withoutFirst(stream: ByteStream, count: number): AsyncGenerator<Uint8Array> {
  let skip = count;
  for await (const chunk of stream) {
    const piece = chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
    if (piece.length > 0) {
      yield piece;
    }
  }
}

async function* fromUtf16(stream: ByteStream, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of stream) {
    yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  }
  yield Buffer.from(decoder.decode(), 'utf8');
}
