import { byText } from './order.ts';

/**
 * The candidate that a misspelt word most likely means, or undefined when none is near.
 * Near: at most a third of its letters inserted, dropped, replaced or swapped with their neighbour.
 */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let distance = limit + 1;
  for (const candidate of [...candidates].sort(byText)) {
    if (Math.abs(candidate.length - word.length) >= distance) continue;
    const found = editDistance(word, candidate);
    if (found < distance && found > 0) {
      best = candidate;
      distance = found;
    }
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = suggestion(word, candidates);
  return found === undefined ? '' : ` (did you mean "${found}"?)`;
}

/** Optimal string alignment: Levenshtein with swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
