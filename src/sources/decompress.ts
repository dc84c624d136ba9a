/**
 * Unpacks gzip, zstd, xz and bzip2 streams.
 *
 * All decoders are driven by pushing small slices of input and taking what comes out, so that a cut or damaged stream
 * still yields every byte before the break; Node's stream pipelines drop what is buffered when an error strikes.
 * The zstd, xz and bzip2 decoders are loaded on first use.
 *
 * Files of several streams in a row are read as one. Not supported: zstd dictionaries.
 */
import { createRequire } from 'node:module';
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';
import { asDamage, type ByteStream, byteReader, damage } from './byte-stream.ts';
import type { Compression } from './content-kind.ts';
import type { Limits } from './limits.ts';
import { nextXzStream, oneXzStream } from './xz-streams.ts';

/** For a package whose names Node does not see when it is imported. */
const require = createRequire(import.meta.url);

/** Takes packed bytes; what comes out goes to the function that it was made with. */
interface Decoder {
  push(bytes: Uint8Array): Promise<void> | void;
  /** The input is complete: throws when the packed data is not. */
  finish(): Promise<void> | void;
  close(): void;
}

type Emit = (bytes: Uint8Array) => void;

const SLICE_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Unpacked bytes. Throws {@link damage} after the last good byte of a broken stream, and on a bomb. */
export async function* decompress(
  packed: ByteStream,
  compression: Compression | 'deflate-raw',
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  const guard = ratioGuard(limits);
  if (compression === 'xz') {
    for await (const bytes of unxzAll(counted(packed, guard.packed))) {
      guard.unpacked(bytes.length);
      yield bytes;
    }
    return;
  }
  let out: Uint8Array[] = [];
  const decoder = await decoderOf(compression, (bytes) => {
    out.push(bytes);
  });
  try {
    for await (const chunk of packed) {
      for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        guard.packed(slice.length);
        const failure = await attempt(() => decoder.push(slice));
        for (const bytes of out) {
          guard.unpacked(bytes.length);
          yield bytes;
        }
        out = [];
        if (failure !== undefined) {
          throw failure;
        }
      }
    }
    const failure = await attempt(() => decoder.finish());
    for (const bytes of out) {
      guard.unpacked(bytes.length);
      yield bytes;
    }
    if (failure !== undefined) {
      throw failure;
    }
  } finally {
    decoder.close();
  }
}

async function attempt(step: () => Promise<void> | void): Promise<Error | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return isCut(error) ? damage('archive-truncated', 'the packed data ends early') : asDamage(error);
  }
}

function isCut(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error);
  return /unexpected end|unexpected EOF|ended prematurely|Cannot read properties of undefined/iu.test(text);
}

async function decoderOf(compression: Exclude<Compression, 'xz'> | 'deflate-raw', emit: Emit): Promise<Decoder> {
  switch (compression) {
    case 'gzip':
      return zlibDecoder(createGunzip({ chunkSize: CHUNK_BYTES }), emit);
    case 'deflate-raw':
      return zlibDecoder(createInflateRaw({ chunkSize: CHUNK_BYTES }), emit);
    case 'zstd':
      return zstdDecoder(emit);
    case 'bzip2':
      return bzip2Decoder(emit);
  }
}

function zlibDecoder(stream: Gunzip | InflateRaw, emit: Emit): Decoder {
  let failure: Error | undefined;
  let failed: (error: Error) => void = () => {};
  stream.on('data', emit);
  stream.on('error', (error) => {
    failure = error;
    failed(error);
  });
  const step = (run: (done: () => void) => void) =>
    new Promise<void>((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      failed = reject;
      run(resolve);
    });
  return {
    push: (bytes) =>
      step((done) =>
        stream.write(bytes, (error) => {
          // After the end of the packed data zlib ignores what follows; padding is no damage.
          if (error === null || error === undefined || stream.readableEnded) {
            done();
          }
        }),
      ),
    finish: () =>
      step((done) => {
        if (stream.readableEnded) {
          done();
          return;
        }
        stream.once('end', done);
        stream.end();
      }),
    close: () => {
      stream.destroy();
    },
  };
}

async function zstdDecoder(emit: Emit): Promise<Decoder> {
  const { Decompress } = await import('fzstd');
  const decoder = new Decompress((bytes) => {
    if (bytes.length > 0) {
      // The decoder goes on to use its window: keep a copy.
      emit(bytes.slice());
    }
  });
  return {
    push: (bytes) => {
      decoder.push(bytes.slice());
    },
    finish: () => {
      decoder.push(new Uint8Array(), true);
    },
    close: () => {},
  };
}

async function bzip2Decoder(emit: Emit): Promise<Decoder> {
  const { default: unbzip2 } = await import('unbzip2-stream');
  const stream = unbzip2();
  let failure: Error | undefined;
  let ended = false;
  stream.on('data', emit);
  stream.on('error', (error: Error) => {
    failure ??= error;
  });
  stream.on('end', () => {
    ended = true;
  });
  const check = () => {
    if (failure !== undefined) {
      throw failure;
    }
  };
  return {
    push: (bytes) => {
      // It keeps the slices until their block is complete.
      stream.write(Buffer.from(bytes));
      check();
    },
    finish: () => {
      stream.end();
      check();
      if (!ended) {
        throw damage('archive-truncated', 'the packed data ends early');
      }
    },
    close: () => {},
  };
}

/** All streams of an xz file. */
async function* unxzAll(packed: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = byteReader(packed);
  try {
    do {
      yield* unxz(oneXzStream(reader));
    } while (await nextXzStream(reader));
    const failure = reader.failure();
    if (failure !== undefined) {
      throw failure;
    }
  } finally {
    await reader.close();
  }
}

async function* unxz(packed: ByteStream): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = require('xz-decompress') as typeof import('xz-decompress');
  const iterator = packed[Symbol.asyncIterator]();
  let cut = false;
  const input = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) {
          cut = true;
          controller.close();
        } else {
          controller.enqueue(next.value.slice());
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  const reader = new XzReadableStream(input).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (next.value.length > 0) {
        yield next.value;
      }
    }
  } catch (error) {
    throw cut ? damage('archive-truncated', 'the packed data ends early') : asDamage(error);
  } finally {
    // The decoder serves one stream at a time: letting go is what allows the next.
    await reader.cancel().catch(() => {});
  }
}

async function* counted(stream: ByteStream, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    count(chunk.length);
    yield chunk;
  }
}

function ratioGuard(limits: Limits): { packed(bytes: number): void; unpacked(bytes: number): void } {
  let packed = 0;
  let unpacked = 0;
  return {
    packed: (bytes) => {
      packed += bytes;
    },
    unpacked: (bytes) => {
      unpacked += bytes;
      if (unpacked > limits.ratioFromBytes && unpacked > packed * limits.ratio) {
        throw damage('archive-bomb', `it unpacks to more than ${limits.ratio} times its size`);
      }
    },
  };
}
