/**
 * `Jan 31 02:54:55`, `Feb  4 09:34:10.123456`, `août 19 11:08:37`: the local time without year and zone of
 * `journalctl -o short` and RFC 3164, in the languages of months.ts, from a text or from bytes.
 *
 * How the day is padded tells the writers apart: journalctl with a zero, syslog with a blank (or, in copies that
 * lost a blank, not at all).
 */
import { monthNumber } from './months.ts';
import { precisionOfDigits, readTimeOfDay } from './rfc3339.ts';
import { isYearlessDate, yearlessMs } from './yearless.ts';

/** `none`: a day from 10 on, which both write alike. */
type DayPadding = 'zero' | 'blank' | 'none';

export interface MonthDayTime {
  readonly month: number;
  readonly day: number;
  readonly msOfDay: number;
  readonly precisionMs: number;
  readonly digits: number;
  readonly padding: DayPadding;
  /** Characters read. */
  readonly length: number;
}

const SHAPE = /^(\p{L}{2,12}\.?) ( \d|\d\d?) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?!\d)/u;
const WORD = /^\p{L}{2,12}\.?$/u;

/** Undefined when the text does not begin with such a time. */
export function parseMonthDay(text: string): MonthDayTime | undefined {
  const match = SHAPE.exec(text.length > 64 ? text.slice(0, 64) : text);
  const month = match === null ? undefined : monthNumber(match[1] ?? '');
  if (match === null || month === undefined) {
    return undefined;
  }
  const [whole, , dayText = '', hour = '', minute = '', second = '', fraction = ''] = match;
  const day = Number(dayText);
  if (!isYearlessDate(month, day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return undefined;
  }
  const ms = Number(`${fraction}000`.slice(0, 3));
  return {
    month,
    day,
    msOfDay: (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + ms,
    precisionMs: precisionOfDigits(fraction.length),
    digits: fraction.length,
    padding: dayText.startsWith('0') ? 'zero' : day < 10 ? 'blank' : 'none',
    length: whole.length,
  };
}

/** What {@link readMonthDay} met. Reused between calls. */
export interface MonthDayCursor {
  at: number;
  digits: number;
  padding: DayPadding;
}

export function monthDayCursor(): MonthDayCursor {
  return { at: 0, digits: 0, padding: 'none' };
}

/** The same on bytes `[start, end)`: ms since 1 January of a leap year and `cursor`, or -1. */
export function readMonthDay(bytes: Uint8Array, start: number, end: number, cursor: MonthDayCursor): number {
  if (end - start < 14) {
    return -1;
  }
  let at = start + 4;
  let month = bytes[start + 3] === 32 ? englishMonth(bytes, start) : 0;
  if (month === 0) {
    const blank = bytes.subarray(start, Math.min(end, start + 40)).indexOf(32);
    if (blank < 2 || start + blank + 11 > end || !isDayStart(bytes[start + blank + 1] ?? 0)) {
      return -1;
    }
    month = otherMonth(bytes, start, start + blank);
    at = start + blank + 1;
  }
  if (month === 0) {
    return -1;
  }
  const tens = bytes[at] ?? 0;
  const ones = (bytes[at + 1] ?? 0) - 48;
  let day = -1;
  if (ones >= 0 && ones <= 9 && isDayStart(tens)) {
    day = (tens === 32 ? 0 : tens - 48) * 10 + ones;
    cursor.padding = tens === 48 ? 'zero' : day < 10 ? 'blank' : 'none';
    at += 2;
  } else if (ones === -16 && tens > 48 && tens < 58) {
    day = tens - 48;
    cursor.padding = 'blank';
    at += 1;
  }
  if (day < 1 || bytes[at] !== 32 || !isYearlessDate(month, day)) {
    return -1;
  }
  const timeOfDay = readTimeOfDay(bytes, at + 1, end);
  if (timeOfDay < 0) {
    return -1;
  }
  at += 9;
  let ms = 0;
  let digits = 0;
  if (at + 1 < end && bytes[at] === 46 && isDigit(bytes[at + 1] ?? 0)) {
    at += 1;
    while (at < end && digits < 9 && isDigit(bytes[at] ?? 0)) {
      if (digits < 3) {
        ms = ms * 10 + (bytes[at] ?? 0) - 48;
      }
      digits += 1;
      at += 1;
    }
    ms = digits === 1 ? ms * 100 : digits === 2 ? ms * 10 : ms;
  }
  if (at < end && isDigit(bytes[at] ?? 0)) {
    return -1;
  }
  cursor.at = at;
  cursor.digits = digits;
  return yearlessMs(month, day, timeOfDay + ms);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isDayStart(byte: number): boolean {
  return byte === 32 || isDigit(byte);
}

/** 1..12 of the three bytes `Jan` … `Dec`, 0 for anything else. */
function englishMonth(bytes: Uint8Array, at: number): number {
  switch (((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) {
    case 0x4a616e:
      return 1;
    case 0x466562:
      return 2;
    case 0x4d6172:
      return 3;
    case 0x417072:
      return 4;
    case 0x4d6179:
      return 5;
    case 0x4a756e:
      return 6;
    case 0x4a756c:
      return 7;
    case 0x417567:
      return 8;
    case 0x536570:
      return 9;
    case 0x4f6374:
      return 10;
    case 0x4e6f76:
      return 11;
    case 0x446563:
      return 12;
    default:
      return 0;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function otherMonth(bytes: Uint8Array, from: number, to: number): number {
  const word = decoder.decode(bytes.subarray(from, to));
  return WORD.test(word) ? (monthNumber(word) ?? 0) : 0;
}
