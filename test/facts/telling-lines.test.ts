import { describe, expect, it } from 'vitest';
import { tellingLines } from '../../src/facts/telling-lines.ts';
import { record } from '../support/records.ts';

/** Numbers of the lines chosen for a match. */
function chosen(lines: readonly string[], matched: string, details: readonly string[] = []): number[] {
  const [raw = '', ...rest] = lines;
  const below = rest.map((text, nth) => ({ source: 'a.log', line: nth + 2, text }));
  return tellingLines(
    record(lines.join('\n'), { raw, ref: { source: 'a.log', line: 1 }, below }),
    matched,
    details,
  ).map(({ line }) => line);
}

describe('the telling lines of a record', () => {
  it.each([
    ['the only line', ['it failed'], 'failed', [], [1]],
    [
      'the first line that holds the whole match, then the first one',
      ['begin', 'it failed', 'it failed'],
      'it failed',
      [],
      [2, 1],
    ],
    [
      'the line with most of a match that was cut',
      ['cannot re', 'ad the disk sda1'],
      'cannot read the disk sda1',
      [],
      [2, 1],
    ],
    ['no line that adds nothing', ['disk sda1: bad', 'disk', 'x'], 'disk  sda1:  bad', [], [1]],
    ['of equal lines the one with the captured value', ['disk gone', 'disk sda1 gone'], 'disk\tgone', ['sda1'], [2, 1]],
    ['the first line, where the match stands on none', ['a header', 'a body'], 'zz yy', [], [1]],
    ['the first line for an empty match', ['a header', 'a body'], '', [], [1]],
  ])('are %s', (_, lines, matched, details, wanted) => {
    expect(chosen(lines, matched, details)).toEqual(wanted);
  });
  it('are at most three', () => {
    const words = Array.from({ length: 30 }, (_, nth) => `word${nth}`);
    expect(chosen(['header', ...words], words.join(' '))).toHaveLength(3);
  });
});
