/**
 * Bytes that arrive over time, and a reader that takes exact amounts of them.
 *
 * A stream that breaks (cut archive, damaged data) yields everything it could read and then throws a
 * {@link damage} error, so that its consumer can keep the part it has.
 */

export type ByteStream = AsyncIterable<Uint8Array>;

export type DamageCode = 'archive-truncated' | 'archive-damaged' | 'archive-bomb' | 'archive-encrypted';

export interface Damage extends Error {
  readonly damage: DamageCode;
}

export function damage(code: DamageCode, message: string): Damage {
  return Object.assign(new Error(message), { damage: code });
}

/** Any error of a stream, as damage. */
export function asDamage(error: unknown): Damage {
  if (error instanceof Error && 'damage' in error) {
    return error as Damage;
  }
  return damage('archive-damaged', error instanceof Error ? error.message : String(error));
}

/** Takes bytes in the amounts that a format needs. An error of the stream counts as its end and is kept in `failure`. */
export interface ByteReader {
  /** Exactly `length` bytes, fewer at the end of the stream. */
  take(length: number): Promise<Uint8Array>;
  /** Between 1 and `atMost` bytes as they come, or undefined at the end. */
  some(atMost: number): Promise<Uint8Array | undefined>;
  /** The first bytes without taking them. */
  peek(length: number): Promise<Uint8Array>;
  /** What is left, as a stream; throws the failure at its end. */
  rest(): ByteStream;
  failure(): Damage | undefined;
  /** Lets go of the stream. */
  close(): Promise<void>;
}

export function byteReader(stream: ByteStream): ByteReader {
  const iterator = stream[Symbol.asyncIterator]();
  let pending: Uint8Array[] = [];
  let available = 0;
  let ended = false;
  let failure: Damage | undefined;

  async function fill(): Promise<boolean> {
    if (ended) {
      return false;
    }
    try {
      const next = await iterator.next();
      if (next.done === true) {
        ended = true;
        return false;
      }
      if (next.value.length > 0) {
        pending.push(next.value);
        available += next.value.length;
      }
      return true;
    } catch (error) {
      ended = true;
      failure = asDamage(error);
      return false;
    }
  }

  async function atLeast(length: number): Promise<void> {
    while (available < length && (await fill())) {
      // `fill` does the work.
    }
  }

  function joined(): Uint8Array {
    const [only] = pending;
    if (pending.length !== 1 || only === undefined) {
      pending = [Buffer.concat(pending)];
    }
    return pending[0] ?? new Uint8Array();
  }

  async function some(atMost: number): Promise<Uint8Array | undefined> {
    await atLeast(1);
    const first = pending[0];
    if (first === undefined || available === 0) {
      return undefined;
    }
    const piece = first.subarray(0, atMost);
    if (piece.length === first.length) {
      pending.shift();
    } else {
      pending[0] = first.subarray(piece.length);
    }
    available -= piece.length;
    return piece;
  }

  async function take(length: number): Promise<Uint8Array> {
    await atLeast(length);
    const piece = joined().subarray(0, length);
    const left = joined().subarray(piece.length);
    pending = left.length > 0 ? [left] : [];
    available = left.length;
    return piece;
  }

  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await some(Number.MAX_SAFE_INTEGER); piece !== undefined; ) {
        yield piece;
        piece = await some(Number.MAX_SAFE_INTEGER);
      }
      if (failure !== undefined) {
        throw failure;
      }
    } finally {
      await close();
    }
  }

  async function close(): Promise<void> {
    if (!ended) {
      ended = true;
      await iterator.return?.();
    }
  }

  return {
    take,
    some,
    rest,
    close,
    failure: () => failure,
    peek: async (length) => {
      await atLeast(length);
      return joined().subarray(0, length);
    },
  };
}
