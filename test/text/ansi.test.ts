import { describe, expect, it } from 'vitest';
import { stripAnsi } from '../../src/text/ansi.ts';

describe('terminal sequences', () => {
  it.each([
    ['\u001b[0;1;31m\u001b[0;1;39mred\u001b[0m', 'red'],
    ['\u001b[2Kweb-1 | up', 'web-1 | up'],
    ['\u001b]8;;https://example/\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]8;;man:x(1)\u0007link\u001b]8;;\u0007', 'link'],
    ['^[[31mred^[[0m', 'red'],
    ['caret ^[ alone', 'caret ^[ alone'],
    ['cut \u001b[', 'cut \u001b['],
    ['\u001b(Bplain', 'plain'],
  ])('%j → %j', (text, plain) => {
    expect(stripAnsi(text)).toBe(plain);
  });

  it('is linear on unfinished sequences', () => {
    const started = performance.now();
    for (const seed of ['\u001b[', '\u001b]8;', '^[[', '\u001b[0', '^[]8;']) {
      stripAnsi(seed.repeat(100_000));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
