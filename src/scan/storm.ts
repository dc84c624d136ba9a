/**
 * What is kept of messages that come again and again.
 *
 * Up to a number of records with one literal all are kept. From then on a record is only counted when the same minute
 * of the log holds one with the same text, numbers aside: it is folded into that one. Where too many texts differ in
 * one minute, records are folded into the latest one with the same literals: counts stay true, names may be missing.
 * Storms that go on and on are judged by the hour.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Literals of which so many records were kept are judged by the hour from then on. */
const MANY = 10_000;
/** Where one for each minute is enough it does not matter whether they differ. */
const FEW = 1;
const MAX_TEXT = 2048;
const MAX_ENTRIES = 50_000;
/** Of records that are not even counted one in so many is kept. */
const SAMPLED = 64;

export interface Budget {
  /** Records with the literal that are kept in any case. */
  readonly free: number;
  /** Differing texts kept in one minute of the log beyond that; 0: the rest is neither kept nor counted. */
  readonly perMinute: number;
}

/** Records of one log that were only counted, with one that was kept. */
export interface Fold {
  /** Records without the kept one. */
  count: number;
  /** Time of the last one on the scale of the log's format; negative when it has none. */
  lastValue: number;
}

export interface Storm {
  /**
   * Is the record to be kept? Else it was counted.
   *
   * @param ids - literals in the record, each once
   * @param value - its time on the scale of its format, negative when it has none
   * @param line - number of its first line
   */
  keeps(ids: readonly number[], bytes: Uint8Array, start: number, end: number, value: number, line: number): boolean;
  /** By first line of the kept record. */
  readonly folds: ReadonlyMap<number, Fold>;
  /** Records folded into one of another text where texts matter. */
  blurred(): number;
}

/** A letter, digit, dash, underscore or byte of a non-ASCII character: a number behind it is part of a name. */
function isNameByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    byte === 45 ||
    byte === 95 ||
    byte >= 128
  );
}

/** Letters that units of time and size begin with, and the `Z` behind a time. */
const UNITS: ReadonlySet<number> = new Set([...'smhdunKMGTZ'].map((letter) => letter.charCodeAt(0)));

function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

/**
 * Hash of a record's text with its free-standing numbers left out but for their length: times, durations, counters,
 * process ids. Numbers in names (`db-0`, `vdb1`) and addresses stay.
 */
function textHash(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_TEXT);
  let high = 0x811c9dc5 | 0;
  let low = 0x2f0b4a27 | 0;
  let previous = 32;
  let at = start;
  while (at < limit) {
    let byte = bytes[at] as number;
    if (byte >= 48 && byte <= 57 && !isNameByte(previous)) {
      let next = at + 1;
      let dots = 0;
      while (next < limit) {
        const each = bytes[next] as number;
        if (each === 46) dots++;
        else if (each !== 58 && (each < 48 || each > 57)) break;
        next++;
      }
      const after = next < limit ? (bytes[next] as number) : 32;
      if (dots !== 3 && (!isLetter(after) || UNITS.has(after))) {
        // How long a number is may matter to a pattern; which one it is does not.
        byte = 256 + Math.min(next - at, 31);
        at = next - 1;
      }
    }
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte, 0x5bd1e995) ^ (low >>> 15);
    previous = byte >= 256 ? 48 : byte;
    at++;
  }
  return pairOf(high, low);
}

/** Two hashes in one exact number. */
function pairOf(high: number, low: number): number {
  return (high >>> 0) * 0x200000 + (low & 0x1fffff);
}

function mixed(hash: number, value: number): number {
  const high = Math.imul((hash / 0x200000) | 0, 0x01000193) ^ value;
  return pairOf(Math.imul(high, 0x9e3779b1), Math.imul((hash & 0x1fffff) ^ value, 0x85ebca6b) >>> 7);
}

/**
 * @param literals - number of literals
 * @param budgetOf - by literal id
 */
export function watchStorms(literals: number, budgetOf: (id: number) => Budget): Storm {
  const seen = new Int32Array(literals);
  const folds = new Map<number, Fold>();
  /** Text and minute to the line that was kept for it. */
  const texts = new Map<number, number>();
  /** Literals and minute to the texts kept, and to the latest line kept. */
  const minutes = new Map<number, { texts: number; line: number }>();
  const keptOf = new Int32Array(literals);
  let blurred = 0;

  function foldInto(line: number, value: number): false {
    const fold = folds.get(line);
    if (fold === undefined) {
      folds.set(line, { count: 1, lastValue: value });
    } else {
      fold.count++;
      fold.lastValue = Math.max(fold.lastValue, value);
    }
    return false;
  }

  function keeps(
    ids: readonly number[],
    bytes: Uint8Array,
    start: number,
    end: number,
    value: number,
    line: number,
  ): boolean {
    let isFree = false;
    let perMinute = 0;
    let group = ids.length;
    let sampled = false;
    for (const id of ids) {
      const count = (seen[id] as number) + 1;
      seen[id] = count;
      const budget = budgetOf(id);
      isFree ||= count <= budget.free;
      sampled ||= (count & (SAMPLED - 1)) === 0;
      perMinute = Math.max(perMinute, budget.perMinute);
      group = Math.imul(group, 31) + id;
    }
    if (isFree) return true;
    if (perMinute === 0) return sampled;
    const first = ids[0] as number;
    const stretch = (keptOf[first] as number) < MANY ? MINUTE_MS : HOUR_MS;
    const minute = value >= 0 ? Math.floor(value / stretch) | 0 : ~(line >>> 10);
    const inMinute = mixed(pairOf(group, group), minute);
    const known = minutes.get(inMinute);
    const isFull = known !== undefined && known.texts >= perMinute;
    if (perMinute > FEW) {
      const key = mixed(textHash(bytes, start, end), Math.imul(minute, 31) ^ group);
      const same = texts.get(key);
      if (same !== undefined) return foldInto(same, value);
      if (!isFull) {
        if (texts.size >= MAX_ENTRIES) texts.clear();
        texts.set(key, line);
      }
    }
    if (isFull) {
      if (perMinute > FEW) blurred++;
      return foldInto(known.line, value);
    }
    keptOf[first] = (keptOf[first] as number) + 1;
    if (minutes.size >= MAX_ENTRIES) minutes.clear();
    if (known === undefined) minutes.set(inMinute, { texts: 1, line });
    else {
      known.texts++;
      known.line = line;
    }
    return true;
  }

  return { keeps, folds, blurred: () => blurred };
}
