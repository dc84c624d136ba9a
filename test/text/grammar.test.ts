import { expect, it } from 'vitest';
import { bytesText, clause, counted, listed, percent, quoted, sentence, shorten } from '../../src/text/grammar.ts';

it.each([
  [1, 'pod', '1 pod'],
  [2, 'pod', '2 pods'],
  [0, 'node', '0 nodes'],
  [3, 'entity', '3 entities'],
  [2, 'address', '2 addresses'],
  [2, 'key', '2 keys'],
  [1234567, 'line', '1,234,567 lines'],
])('%d %s', (count, noun, expected) => {
  expect(counted(count, noun)).toBe(expected);
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('lists %j', (items: string[], expected) => {
  expect(listed(items)).toBe(expected);
});

it('counts what it leaves out', () => {
  expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});

it('ends sentences once', () => {
  expect(['a', 'a.', 'a?', 'a (b)', 'a: “b.”'].map(sentence)).toEqual(['a.', 'a.', 'a?', 'a (b).', 'a: “b.”']);
  expect(clause('a. ')).toBe('a');
});

it('keeps quotation marks apart', () => {
  expect(quoted('a “b” c')).toBe('“a ‘b’ c”');
});

it('never rounds to all or nothing', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0 %', 'under 1 %', '50 %', 'over 99 %', '100 %']);
});

it('prints sizes', () => {
  expect([1, 999, 1000, 12_345, 2_500_000].map(bytesText)).toEqual([
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '12 kB',
    '2.5 MB',
  ]);
});

it('cuts at words and never through a character', () => {
  expect(shorten('alpha beta gamma delta', 18)).toBe('alpha beta gamma…');
  expect(shorten('😀😀😀😀', 3)).toBe('😀😀…');
  expect(shorten('short', 12)).toBe('short');
});
