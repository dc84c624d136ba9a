import { describe, expect, it } from 'vitest';
import { crashLoopMs, derivedOnset, instantIn, sumOfDurations } from '../../src/facts/onset.ts';
import { at } from '../support/facts.ts';

describe('durations of rules', () => {
  it.each([
    ['368s', 368_000],
    ['368s + 123s', 491_000],
    ['7.5s', 7500],
    ['1m2.5s', 62_500],
    ['680.5ms', 680.5],
    ['90', 90_000],
  ])('%s', (text, ms) => expect(sumOfDurations(text)).toBeCloseTo(ms));
  it.each(['', 'soon', '3 parsecs'])('refuse %j', (text) => expect(sumOfDurations(text)).toBeUndefined());
});

describe('onset', () => {
  it('lies before the report by what the message says', () => {
    const onset = derivedOnset(at(1000), 368_000, 491_000, 'scan interval');
    expect(onset.at).toEqual({ earliest: at(509).at.earliest, latest: at(632).at.latest });
    expect(onset.basis).toBe('derived');
  });
  it('of a crash loop lies at least the back-off before collection', () => {
    // 10 + 20 + 40 + 80 + 160 s, then 5 min each
    expect(crashLoopMs(6)).toBe(310_000);
    expect(crashLoopMs(156)).toBe(310_000 + 150 * 300_000);
    expect(crashLoopMs(62_237)).toBeGreaterThan(200 * 86_400_000);
  });
});

describe('an instant inside a message', () => {
  it.each([
    ['ExitedAt:2023-05-20 07:14:28.565480443 +0000 UTC,', 0, '2023-05-20T07:14:28.565Z'],
    ['(started: 2019-08-23 14:32:28.945805097 +0800 CST m=+4038.6)', 0, '2019-08-23T06:32:28.945Z'],
    ['(10-Apr-2022 21:18:13.013) (total time: 11648ms):', 7_200_000, '2022-04-10T19:18:13.013Z'],
  ])('%s', (text, offset, iso) => expect(new Date(instantIn(text, offset) ?? 0).toISOString()).toBe(iso));
});
