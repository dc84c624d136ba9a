import { expect, it } from 'vitest';
import { lagText, readableDay, spanPhrase, spanText } from '../../src/time/display.ts';

const ms = (text: string) => Date.parse(text);
const span = (from: string, to: string) => ({ earliest: ms(from), latest: ms(to) });

it.each([
  ['one second', span('2025-11-14T02:57:18Z', '2025-11-14T02:57:18.999Z'), '2025-11-14', '02:57:18'],
  ['an interval of the day', span('2025-11-14T02:50:49Z', '2025-11-14T02:52:52Z'), '2025-11-14', '02:50:49–02:52:52'],
  ['another day', span('2025-11-13T02:50:49Z', '2025-11-13T02:52:52Z'), '2025-11-14', '2025-11-13 02:50:49–02:52:52'],
  ['no day', span('2025-11-14T02:50:49Z', '2025-11-14T02:52:52Z'), undefined, '2025-11-14 02:50:49–02:52:52'],
  ['over midnight', span('2025-11-13T23:58:00Z', '2025-11-14T00:02:00Z'), '2025-11-14', '2025-11-13 23:58:00–00:02:00'],
  [
    'over midnight, the day before',
    span('2025-11-13T23:58:00Z', '2025-11-14T00:02:00Z'),
    '2025-11-13',
    '23:58:00–2025-11-14 00:02:00',
  ],
  ['days', span('2025-11-01T10:00:00Z', '2025-11-14T00:02:00Z'), '2025-11-14', '2025-11-01–2025-11-14'],
])('%s', (_, interval, day, expected) => {
  expect(spanText(interval, day)).toBe(expected);
});

it('reads as a phrase', () => {
  expect(spanPhrase(span('2025-11-14T02:50:49Z', '2025-11-14T02:52:52Z'), '2025-11-14')).toBe(
    'between 02:50:49 and 02:52:52',
  );
  expect(spanPhrase(span('2025-11-14T02:50:49Z', '2025-11-14T02:50:49Z'), '2025-11-14')).toBe('at 02:50:49');
  expect(readableDay('2025-11-04')).toBe('4 November 2025');
});

it.each([
  [240_000, 360_000, 'between 4 min and 6 min later'],
  [240_000, 241_999, '4 min 1 s later'],
  [0, 999, 'within a second'],
  [0, 93_000, 'up to 1 min 33 s later'],
  [-120_000, 300_000, 'between 2 min earlier and 5 min later'],
  [-360_000, -240_000, 'between 4 min and 6 min earlier'],
  [59_531_000, 59_533_000, '16 h 32 min later'],
  [5000, Number.POSITIVE_INFINITY, 'at an unknown distance'],
])('%d to %d ms: %s', (least, greatest, expected) => {
  expect(lagText(least, greatest)).toBe(expected);
});
