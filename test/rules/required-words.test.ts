import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/rules/load.ts';
import { requiredWords } from '../../src/rules/required-words.ts';

describe('words that a pattern needs', () => {
  it.each([
    ['not responding, still trying', [['responding', 'trying', 'still', 'not']]],
    [
      'failed to (?:create|start) shim',
      [
        ['create', 'failed', 'shim'],
        ['failed', 'start', 'shim'],
      ],
    ],
    ['[Cc]annot x (?<who>\\S+) (?:now )?denied', [['denied', 'annot']]],
    ['task (?<comm>.{1,15}):(?<pid>\\d+) blocked', [['blocked', 'task']]],
    ['colou?r(?! of)s|grey', [['colo'], ['grey']]],
    ['a\\.b\\d+x{2}abc+', [[]]],
    ['(?:one|\\d+)', [['one'], []]],
  ])('of %s', (pattern, words) => {
    expect(requiredWords(pattern)).toEqual(words);
  });

  it('gives up on patterns with very many ways', () => {
    const group = '(?:aaa|bbb|ccc|ddd)';
    expect(requiredWords(`${group}-${group}-${group}-head`).every((way) => way.includes('head'))).toBe(true);
  });

  it('never excludes a line that a signature gives as an example of itself', async () => {
    const { signatures } = await loadRules([]);
    const excluded = signatures.flatMap((signature) => {
      if (signature.kind !== 'log') return [];
      const ways = requiredWords(signature.match.pattern);
      return signature.examples.match
        .filter(({ line }) => !ways.some((way) => way.every((word) => line.includes(word))))
        .map(({ line }) => `${signature.id}: ${line}`);
    });
    expect(excluded).toEqual([]);
  });
});
