import { describe, expect, it } from 'vitest';
import { formOfAges, isAgeWord, parseAge, provenForm } from '../../src/time/age.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
const Y = 365 * D;

describe('parseAge', () => {
  it.each([
    ['0s', 0, S],
    ['119s', 119 * S, S],
    ['2m', 2 * M, S],
    ['8m15s', 8 * M + 15 * S, S],
    ['9m59s', 9 * M + 59 * S, S],
    ['5m', 5 * M, S],
    ['10m', 10 * M, M],
    ['15m', 15 * M, M],
    ['179m', 179 * M, M],
    ['3h', 3 * H, M],
    ['7h59m', 7 * H + 59 * M, M],
    ['8h', 8 * H, H],
    ['47h', 47 * H, H],
    ['2d', 2 * D, H],
    ['7d23h', 7 * D + 23 * H, H],
    ['8d', 8 * D, D],
    ['17d', 17 * D, D],
    ['729d', 729 * D, D],
    ['2y', 2 * Y, D],
    ['4y11d', 4 * Y + 11 * D, D],
    ['7y364d', 7 * Y + 364 * D, D],
    ['8y', 8 * Y, Y],
    ['3s ago', 3 * S, S],
  ])('inverts %s', (text, ageMs, unitMs) => {
    expect(parseAge(text)).toEqual({ ageMs, unitMs });
  });

  it.each(['', '<unknown>', '<invalid>', '5', 'm5', '5m8h', '3s3s', '1.5h', '5 m', 'never', `${'9'.repeat(500)}s`])(
    'is undefined for %j',
    (text) => {
      expect(parseAge(text)).toBeUndefined();
    },
  );

  it('widens a single unit to that unit when an old client may have printed it', () => {
    expect(parseAge('5m', 'either')).toEqual({ ageMs: 5 * M, unitMs: M });
    expect(parseAge('5m', 'single-unit')).toEqual({ ageMs: 5 * M, unitMs: M });
    expect(parseAge('5m30s', 'either')).toEqual({ ageMs: 5 * M + 30 * S, unitMs: S });
  });

  it('lets a value that only one printer writes override the form', () => {
    expect(parseAge('2h', 'current')).toEqual({ ageMs: 2 * H, unitMs: H });
    expect(parseAge('90s', 'either')).toEqual({ ageMs: 90 * S, unitMs: S });
  });
});

describe('form of a table', () => {
  it.each([
    ['5m3s', 'current'],
    ['90s', 'current'],
    ['61m', 'current'],
    ['30h', 'current'],
    ['400d', 'current'],
    ['1m', 'single-unit'],
    ['2h', 'single-unit'],
    ['1d', 'single-unit'],
    ['1y', 'single-unit'],
    ['5m', undefined],
    ['30s', undefined],
    ['0s', undefined],
    ['<unknown>', undefined],
  ])('%s proves %s', (text, form) => {
    expect(provenForm(text)).toBe(form);
  });

  it('is the current one as soon as one cell proves it', () => {
    expect(formOfAges(['5m', '3d', '2m10s'])).toBe('current');
    expect(formOfAges(['5m', '2h', '3d'])).toBe('single-unit');
    expect(formOfAges(['5m', '3d'])).toBe('either');
  });
});

it('knows the words that stand for an age', () => {
  expect(['<unknown>', '<invalid>', '3m'].every(isAgeWord)).toBe(true);
  expect(isAgeWord('Running')).toBe(false);
});
