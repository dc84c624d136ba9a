import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureNames, matchedPrefix, patternProblems } from '../../src/rules/pattern.ts';
import { slowestMs } from '../../src/rules/slow-lines.ts';

describe('patterns of rules', () => {
  it.each([
    ['(?<a>x)\\k<a>', 'back-reference \\k<a>'],
    ['(x)\\1', 'back-reference \\1'],
    ['foo (?:a+)+', 'repetition inside a repetition: (?:a+)+'],
    ['foo (?:\\w+,)*', 'repetition inside a repetition: (?:\\w+,)*'],
    ['foo ((?:[a-z]+|x) )*', 'repetition inside a repetition: ((?:[a-z]+|x) )*'],
    ['.*foo', 'begins with .*: the search starts over at every character'],
    ['\\S+: failed', 'begins with \\S+: the search starts over at every character'],
    ['(?<who>[^ ]+) failed', 'begins with [^ ]+: the search starts over at every character'],
    ['a|(?:b|.+)c', 'begins with .+: the search starts over at every character'],
    ['a.*b.*c.*d', '3 unbounded dots on one path; two at most'],
  ])('refuses %s', (pattern, message) => {
    expect(patternProblems(pattern).map((problem) => problem.message)).toContain(message);
  });

  it.each([
    'INFO: task (?<comm>.{1,15}):(?<pid>\\d+) blocked for more than (?<seconds>\\d+) seconds',
    'lookup (?<name>\\S+) on (?<server>[\\d.]+):53: .*timeout',
    '(?:a|b){1,3} c.*d.*e',
    '\\[PUT /endpoint/\\{id\\}\\]\\[429\\]',
    'x (?:\\.\\d+)?',
    '^.*foo',
  ])('takes %s', (pattern) => {
    expect(patternProblems(pattern)).toEqual([]);
  });

  it('says what JavaScript says about a broken one', () => {
    expect(patternProblems('a(b')[0]?.message).toContain('Unterminated group');
  });

  it('reads any pattern that JavaScript takes', () => {
    const parts = ['(', ')', '[', ']', 'a', '\\d', '+', '*', '?', '{2,}', '|', '.', '\\', '(?<n>', '(?:', '^'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (pieces) => {
        patternProblems(pieces.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('lists named groups, and only those', () => {
    expect(captureNames('(?<a>x)(?:(?<b>[(?<c>]+))\\(?<d>(?<=y)(?<a2>z)')).toEqual(['a', 'b', 'a2']);
  });

  it('shows how far a pattern got', () => {
    expect(matchedPrefix('task (?<name>\\w+) blocked for (?<n>\\d+) s', 'task loki blocked since 12 s')).toEqual({
      pattern: 'task (?<name>\\w+) blocked ',
      matched: 'task loki blocked ',
    });
  });

  it('measures patterns that backtrack', () => {
    expect(slowestMs('a[a-z]+b[a-z]+c', [], 5)).toBeGreaterThan(5);
    expect(slowestMs('foo (?<n>\\d{1,9}) bar', ['foo 12 bar'], 50)).toBeLessThan(50);
  });
});
