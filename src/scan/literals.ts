/**
 * Many literals in one walk over the bytes.
 *
 * A literal of n bytes covers, however it lies, at least one whole 4-byte word that begins at a multiple of `stride`
 * when n >= stride + 3. So `stride` neighbouring words of each literal are entered in a small bit table, and the walk
 * loads one word each `stride` bytes and tests one bit. Only where the bit is set is the word looked up exactly and
 * the literal compared byte by byte: what is reported is never a guess.
 *
 * Case-sensitive. Literals are searched as UTF-8. A literal below 5 bytes cannot be entered: see `tooShort`.
 */

/** Bits of the table's hash: 2^18 bits are 32 KB, which stays in the first cache of the processor. */
const HASH_SHIFT = 32 - 18;
const HASH_FACTOR = 0x9e3779b1 | 0;
const SHORTEST = 5;

export interface LiteralSet {
  readonly literals: readonly string[];
  /** Ids of literals that are too short for the filter: they are never found. */
  readonly tooShort: readonly number[];
  readonly stride: 2 | 4;
  readonly longest: number;
  readonly bytes: readonly Uint8Array[];
  /** One bit for each hash of an entered word. */
  readonly table: Int32Array;
  /** Entered word to pairs of literal id and offset of the word in it. */
  readonly words: ReadonlyMap<number, readonly number[]>;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** How often each word hash occurs in the sample; collisions only make a guess slightly worse. */
function wordCounts(sample: Uint8Array): Uint32Array {
  const counts = new Uint32Array(1 << 16);
  for (let at = 0; at + 4 <= sample.length; at++) {
    const slot = Math.imul(wordAt(sample, at), HASH_FACTOR) >>> 16;
    counts[slot] = (counts[slot] as number) + 1;
  }
  return counts;
}

/** Offset of the `stride` neighbouring words of a literal that are rarest in the sample, the first of equals. */
function rarestWindow(literal: Uint8Array, stride: number, counts: Uint32Array | undefined): number {
  if (counts === undefined) {
    return 0;
  }
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let from = 0; from + stride + 3 <= literal.length; from++) {
    let sum = 0;
    for (let word = from; word < from + stride; word++) {
      sum += counts[Math.imul(wordAt(literal, word), HASH_FACTOR) >>> 16] as number;
    }
    if (sum < least) {
      least = sum;
      best = from;
    }
  }
  return best;
}

/**
 * @param literals - ids are their positions; equal ones are found under each of their ids
 * @param sample - bytes such as will be searched: the filter then watches for the rarest part of each literal.
 *   It changes the speed only, never the result.
 */
export function compileLiterals(literals: readonly string[], sample?: Uint8Array): LiteralSet {
  const bytes = literals.map((literal) => new TextEncoder().encode(literal));
  const usable = bytes.map((literal, id) => ({ literal, id })).filter(({ literal }) => literal.length >= SHORTEST);
  const stride = usable.some(({ literal }) => literal.length < 7) ? 2 : 4;
  const counts = sample === undefined ? undefined : wordCounts(sample);
  const table = new Int32Array(1 << 13);
  const words = new Map<number, number[]>();
  for (const { literal, id } of usable) {
    const window = rarestWindow(literal, stride, counts);
    for (let offset = window; offset < window + stride; offset++) {
      const word = wordAt(literal, offset);
      const hash = Math.imul(word, HASH_FACTOR) >>> HASH_SHIFT;
      table[hash >>> 5] = (table[hash >>> 5] as number) | (1 << (hash & 31));
      const entries = words.get(word);
      if (entries === undefined) {
        words.set(word, [id, offset]);
      } else {
        entries.push(id, offset);
      }
    }
  }
  return {
    literals,
    tooShort: bytes.flatMap((literal, id) => (literal.length < SHORTEST ? [id] : [])),
    stride,
    longest: bytes.reduce((length, literal) => Math.max(length, literal.length), 0),
    bytes,
    table,
    words,
  };
}

/** Adds the literals that hold the word at `at` and lie wholly in [from, to) to `hits`. */
function verify(
  set: LiteralSet,
  word: number,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  hits: number[],
) {
  const entries = set.words.get(word);
  if (entries === undefined) {
    return;
  }
  for (let entry = 0; entry < entries.length; entry += 2) {
    const id = entries[entry] as number;
    const literal = set.bytes[id] as Uint8Array;
    const start = at - (entries[entry + 1] as number);
    if (start < from || start + literal.length > to) {
      continue;
    }
    let same = 0;
    while (same < literal.length && bytes[start + same] === literal[same]) {
      same++;
    }
    if (same === literal.length) {
      hits.push(start, id);
    }
  }
}

/**
 * Finds every occurrence in [from, to).
 *
 * @param bytes - begins at a multiple of 4 of its buffer, and `words` are the same bytes, little-endian
 * @param hits - gets pairs of position and literal id, in order of the watched words: two hits of one line may come
 *   in either order, hits of different lines come in the order of the lines (when no literal holds a line feed)
 */
export function findInBytes(
  set: LiteralSet,
  bytes: Uint8Array,
  words: Int32Array,
  from: number,
  to: number,
  hits: number[],
): void {
  const { table } = set;
  const last = (to - 4) >> 2;
  if (set.stride === 4) {
    for (let at = from >> 2; at <= last; at++) {
      const word = words[at] as number;
      const hash = Math.imul(word, HASH_FACTOR) >>> HASH_SHIFT;
      if ((((table[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0) {
        verify(set, word, at << 2, bytes, from, to, hits);
      }
    }
    return;
  }
  let next = (words[from >> 2] as number) | 0;
  for (let at = from >> 2; at <= last; at++) {
    const word = next;
    const hash = Math.imul(word, HASH_FACTOR) >>> HASH_SHIFT;
    if ((((table[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0) {
      verify(set, word, at << 2, bytes, from, to, hits);
    }
    next = words[at + 1] as number;
    const middle = (word >>> 16) | (next << 16);
    const hash2 = Math.imul(middle, HASH_FACTOR) >>> HASH_SHIFT;
    if ((((table[hash2 >>> 5] as number) >>> (hash2 & 31)) & 1) !== 0 && (at << 2) + 6 <= to) {
      verify(set, middle, (at << 2) + 2, bytes, from, to, hits);
    }
  }
}

const encoder = new TextEncoder();
let scratch = new Uint8Array(1 << 16);
let scratchWords = new Int32Array(scratch.buffer);

/** Ids of the literals that occur in `text`, ascending, each once. Not for whole files: `text` is copied. */
export function findInText(set: LiteralSet, text: string): number[] {
  const needed = text.length * 3 + 8;
  if (scratch.length < needed) {
    scratch = new Uint8Array((needed + 3) & ~3);
    scratchWords = new Int32Array(scratch.buffer);
  }
  const { written } = encoder.encodeInto(text, scratch);
  const hits: number[] = [];
  findInBytes(set, scratch, scratchWords, 0, written, hits);
  if (hits.length === 0) {
    return hits;
  }
  const ids: number[] = [];
  for (let hit = 1; hit < hits.length; hit += 2) {
    const id = hits[hit] as number;
    if (!ids.includes(id)) {
      ids.push(id);
    }
  }
  return ids.sort((a, b) => a - b);
}
