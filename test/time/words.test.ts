import { describe, expect, it } from 'vitest';
import { isDate, utcMs, weekdayNumber, weekdayOf } from '../../src/time/calendar.ts';
import { describeDuration, describeDurationSpan, parseGoDuration } from '../../src/time/durations.ts';
import { toIso, toReadable } from '../../src/time/iso.ts';
import { monthNumber } from '../../src/time/months.ts';
import { formatOffset, instantsOf, offsetAt, parseZone, UTC, type Zone, zoneCandidates } from '../../src/time/zones.ts';

describe('monthNumber', () => {
  it.each([
    ['Jan', 1],
    ['juil.', 7],
    ['août', 8],
    ['Mär', 3],
    ['Dez', 12],
    ['ene', 1],
    ['gen', 1],
    ['set', 9],
    ['mrt', 3],
    ['paź', 10],
    ['maj', 5],
    ['мая', 5],
    ['ДЕК', 12],
    ['Janvier', 1],
    ['fe\u0301vr.', 2],
  ])('%s is %i', (word, month) => {
    expect(monthNumber(word)).toBe(month);
  });
  it.each(['', 'J', 'Mon', 'kubelet', '12'])('%j is no month', (word) => {
    expect(monthNumber(word)).toBeUndefined();
  });
});

describe('parseZone', () => {
  it.each([
    ['UTC', 0],
    ['CEST', 120],
    ['edt', -240],
    ['+0530', 330],
    ['-03', -180],
    ['+05:45', 345],
    ['UTC+2', 120],
  ])('%s is %i minutes', (text, minutes) => {
    expect(parseZone(text)).toMatchObject({ kind: 'fixed', offsetMinutes: minutes });
  });
  it.each(['IST', 'CST', 'BST', '', 'Nowhere/City', '+99', 'not a zone', '../../etc'])(
    '%j says nothing certain',
    (text) => {
      expect(parseZone(text)).toBeUndefined();
    },
  );
  it('lists what an ambiguous name may mean', () => {
    expect(zoneCandidates('IST')).toContain(330);
    expect(zoneCandidates('CET')).toEqual([]);
  });
});

describe('zones with summer time', () => {
  const berlin = parseZone('Europe/Berlin') as Zone;
  it('follow the season', () => {
    expect(offsetAt(berlin, Date.UTC(2025, 0, 1))).toBe(60);
    expect(offsetAt(berlin, Date.UTC(2025, 6, 1))).toBe(120);
    expect(offsetAt(UTC, 0)).toBe(0);
  });
  it('give both instants of the repeated hour and one of every other', () => {
    expect(instantsOf(Date.UTC(2025, 9, 26, 2, 30), berlin)).toEqual([
      Date.UTC(2025, 9, 26, 0, 30),
      Date.UTC(2025, 9, 26, 1, 30),
    ]);
    expect(instantsOf(Date.UTC(2025, 9, 26, 4, 30), berlin)).toEqual([Date.UTC(2025, 9, 26, 3, 30)]);
    expect(instantsOf(Date.UTC(2025, 2, 30, 2, 30), berlin)).toEqual([Date.UTC(2025, 2, 30, 1, 30)]);
  });
  it('print offsets with sign and two digits', () => {
    expect([formatOffset(330), formatOffset(-210), formatOffset(0)]).toEqual(['+05:30', '-03:30', '+00:00']);
  });
});

describe('durations', () => {
  it.each([
    ['19m27s', 1_167_000],
    ['1h2m3s', 3_723_000],
    ['1m2.5s', 62_500],
    ['106.109µs', 0.106109],
    ['500ms', 500],
    ['-3s', -3000],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
  });
  it.each(['', '5', '3d', 'abc', '1h 2m', `${'1h'.repeat(60)}`])('%j is no Go duration', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [3200, '3.2 s'],
    [59_400, '59 s'],
    [59_700, '1 min'],
    [90_000, '1 min 30 s'],
    [3_599_600, '1 h'],
    [20_400_000, '5 h 40 min'],
    [266_400_000, '3 d 2 h'],
    [-12_000, '-12 s'],
    [Number.POSITIVE_INFINITY, 'unbounded'],
  ])('%d ms reads %s', (ms, text) => {
    expect(describeDuration(ms)).toBe(text);
  });
  it('words an uncertain duration by its bounds', () => {
    expect(describeDurationSpan(180_000, 300_000)).toBe('3 min to 5 min');
    expect(describeDurationSpan(-5000, 300_000)).toBe('at most 5 min');
    expect(describeDurationSpan(12_000, 12_300)).toBe('12 s');
  });
});

describe('instants and dates', () => {
  it('print in UTC', () => {
    expect(toIso(1_738_292_095_123.456)).toBe('2025-01-31T02:54:55.123Z');
    expect(toIso(9e15)).toBeUndefined();
    expect(toReadable(1_738_292_095_999)).toBe('2025-01-31 02:54:55');
    expect(toReadable(1_738_292_095_999, 60_000)).toBe('2025-01-31 02:54');
    expect(toReadable(1_738_292_095_999, 86_400_000)).toBe('2025-01-31');
  });
  it('know weekdays and leap days', () => {
    expect(weekdayOf(2025, 1, 31)).toBe(weekdayNumber('Fri'));
    expect(isDate(2024, 2, 29)).toBe(true);
    expect(isDate(2025, 2, 29)).toBe(false);
    expect(utcMs(2024, 2, 29, 1000)).toBe(Date.UTC(2024, 1, 29, 0, 0, 1));
  });
});
