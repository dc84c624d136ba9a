/** The last bytes of a stream, in one buffer that is used again and again. */
export interface SlidingBytes {
  /** What is held; valid until the next `append`. */
  bytes(): Buffer;
  append(chunk: Uint8Array): void;
  /** Lets go of the first `count` bytes. */
  drop(count: number): void;
}

const FIRST_BYTES = 4 << 20;

export function slidingBytes(): SlidingBytes {
  let store = Buffer.alloc(0);
  let from = 0;
  let to = 0;
  return {
    bytes: () => store.subarray(from, to),
    append(chunk) {
      if (to + chunk.length > store.length) {
        const held = to - from;
        const needed = held + chunk.length;
        const target = needed <= store.length ? store : Buffer.alloc(Math.max(FIRST_BYTES, 2 * needed));
        store.copy(target, 0, from, to);
        store = target;
        from = 0;
        to = held;
      }
      store.set(chunk, to);
      to += chunk.length;
    },
    drop(count) {
      from += count;
    },
  };
}
