import { describe, expect, it } from 'vitest';
import { didYouMean, suggestion } from '../../src/text/suggest.ts';

describe('suggestions for misspelt words', () => {
  it.each([
    ['hihg', ['critical', 'high', 'low'], 'high'],
    ['clustre-dns', ['cluster-dns', 'host-dns'], 'cluster-dns'],
    ['tittle', ['title', 'tags'], 'title'],
    ['xyz', ['title', 'tags'], undefined],
    ['title', ['title'], undefined],
    ['ab', ['ba', 'ac'], 'ac'],
  ])('%s', (word, candidates, found) => {
    expect(suggestion(word, candidates)).toBe(found);
  });

  it('read as a question', () => {
    expect(didYouMean('hihg', ['high'])).toBe(' (did you mean "high"?)');
    expect(didYouMean('nothing like it', ['high'])).toBe('');
  });
});
