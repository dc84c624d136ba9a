/** Lines made to let a pattern backtrack, and the time that it takes on them. */

const LENGTH = 10_000;
/** Short ones first: what is slow there already would take years on the long one. */
const LENGTHS: readonly number[] = [16, 22, 28, 64, 160, 400, 1000, 2500, 5000, LENGTH];
const ROUNDS = 3;

/** Lines of 10 kB: single characters, words, numbers, and the given texts again and again. */
function adversarialLines(seeds: readonly string[]): string[] {
  const texts = seeds.slice(0, 6);
  const units = [
    'a',
    '0',
    ' ',
    'a ',
    'a:',
    'a=',
    'a-',
    '0.',
    '/a',
    '"a" ',
    ...texts.flatMap((seed) => [seed, seed.slice(0, -1)]),
  ];
  const repeated = units
    .filter((unit) => unit !== '')
    .map((unit) => unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH));
  const headed = texts
    .slice(0, 3)
    .flatMap((seed) => ['a', '0', ' '].map((unit) => `${seed}${unit.repeat(LENGTH)}`.slice(0, LENGTH)));
  return [...new Set([...repeated, ...headed])];
}

/**
 * Milliseconds on the slowest line of 10 kB; the best of three runs counts, for a busy machine is not the pattern's
 * fault. Ends with the first line, however short, that takes longer than the limit.
 */
export function slowestMs(source: string, seeds: readonly string[], limitMs: number): number {
  const pattern = new RegExp(source, 'u');
  let worst = 0;
  for (const line of adversarialLines(seeds)) {
    for (const length of LENGTHS) {
      const text = line.slice(0, length);
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < ROUNDS && best > limitMs; round++) {
        const start = performance.now();
        pattern.test(text);
        best = Math.min(best, performance.now() - start);
      }
      worst = Math.max(worst, best);
      if (worst > limitMs) return worst;
    }
  }
  return worst;
}
