import type { LogRecord, PhysicalLine } from '../model/index.ts';

/** Lines that are quoted beside the one that tells most, where a match goes over several. */
const FURTHER = 2;
/** Words of a match that are looked at; what a rule matches is short. */
const MOST_WORDS = 200;
const SHORTEST_WORD = 3;

/**
 * Which physical lines of a record hold what a rule found in it, the most telling one first; the line with the
 * record's time and writer stands behind them.
 *
 * A record may stand on many lines: wrapped by a terminal, a stack trace, a value of YAML. The match was found in the
 * joined text, so it need not stand on any one line as it was matched: a line then counts by the words that it holds.
 *
 *     … service[etcd](Waiting): failed to clean up task "etcd": failed to delete task:
 *     failed rootfs umount: lstat /run/containerd/rootfs: input/output error             ← holds most of the match
 *
 * @param matched - the text that matched
 * @param details - captured values and anchors: decide between lines with as many words
 * @returns at least one line
 */
export function tellingLines(record: LogRecord, matched: string, details: readonly string[]): readonly PhysicalLine[] {
  const first: PhysicalLine = { source: record.ref.source, line: record.ref.line, text: ownText(record) };
  const { below = [] } = record;
  const lines = [first, ...below];
  if (below.length === 0) return lines;
  const whole = matched === '' ? first : lines.find(({ text }) => text.includes(matched));
  if (whole) return whole === first ? [whole] : [whole, first];
  const words = wordsOf(matched);
  const known = details.filter((detail) => detail.length >= SHORTEST_WORD);
  const missing = new Set(words);
  const chosen: PhysicalLine[] = [];
  while (chosen.length <= FURTHER && missing.size > 0) {
    let best: PhysicalLine | undefined;
    let most = 0;
    for (const line of lines) {
      if (chosen.includes(line)) continue;
      const held = [...missing].reduce((sum, word) => sum + (line.text.includes(word) ? word.length : 0), 0);
      // Details only decide between lines that hold words of the match at all.
      const worth = held === 0 ? 0 : held + known.filter((detail) => line.text.includes(detail)).length;
      if (worth > most) [best, most] = [line, worth];
    }
    if (!best) break;
    chosen.push(best);
    for (const word of words) if (best.text.includes(word)) missing.delete(word);
  }
  if (chosen.length === 0) return [first];
  // Who said it, and when, stands on the first line.
  return chosen.includes(first) || chosen.length > FURTHER ? chosen : [...chosen, first];
}

function ownText({ raw, message }: LogRecord): string {
  return raw === '' ? message : raw;
}

function wordsOf(text: string): string[] {
  const words = new Set<string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
    if (word.length >= SHORTEST_WORD) words.add(word);
    if (words.size >= MOST_WORDS) break;
  }
  return [...words];
}
