import { type Term, termsOf } from './pattern.ts';

/** More ways through a pattern are not told apart. */
const MOST_WAYS = 32;
const SHORTEST = 3;

/**
 * Words without which a pattern cannot match: of each way through the pattern all that it needs.
 *
 *     failed to (?:create|start) shim   →   [failed, create, shim], [failed, start, shim]
 *
 * Only runs of ASCII letters and digits are told. Envelopes may escape, quote or rename what stands between words, so a
 * line that holds none of the ways cannot hold a message that matches. An empty way says nothing.
 */
export function requiredWords(pattern: string): readonly (readonly string[])[] {
  const ways = termsOf(pattern).flatMap((terms) => waysThrough(pattern, terms));
  const distinct = new Set(ways.map((way) => [...new Set(way)].sort(longestFirst).join(' ')));
  return distinct.size > MOST_WAYS ? [[]] : [...distinct].map((words) => (words === '' ? [] : words.split(' ')));
}

/** Longer words are rarer: they are looked for first. */
function longestFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? -1 : a > b ? 1 : 0);
}

function waysThrough(pattern: string, terms: readonly Term[]): string[][] {
  let ways: string[][] = [[]];
  let run = '';
  const finishRun = () => {
    const words = run.split(/[^A-Za-z0-9]+/u).filter((word) => word.length >= SHORTEST);
    if (words.length > 0) ways = ways.map((way) => [...way, ...words]);
    run = '';
  };
  for (const term of terms) {
    const character = term.least === 1 && term.most === 1 ? characterOf(pattern, term) : undefined;
    if (character !== undefined) {
      run += character;
      continue;
    }
    finishRun();
    if (term.kind !== 'group' || term.least === 0) continue;
    const inside = term.alternatives.flatMap((alternative) => waysThrough(pattern, alternative));
    if (inside.length * ways.length <= MOST_WAYS) {
      ways = ways.flatMap((way) => inside.map((more) => [...way, ...more]));
    }
  }
  finishRun();
  return ways;
}

/** The character that a term stands for; undefined for anything but a plain or escaped one. */
function characterOf(pattern: string, term: Term): string | undefined {
  if (term.kind !== 'text') return undefined;
  const first = pattern.charAt(term.start);
  if (first !== '\\') return first;
  const escaped = pattern.charAt(term.start + 1);
  // \n, \t, \x41 and the like: no letter of a word.
  return /[A-Za-z0-9]/u.test(escaped) ? ' ' : escaped;
}
