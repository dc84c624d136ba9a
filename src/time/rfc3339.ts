/**
 * RFC 3339 date-times at the start of a text or of a run of bytes: `2025-01-31T02:54:55.123456789+01:00`.
 *
 * Also taken: an offset without colon (`+0000`, journalctl up to 252), a comma before the fraction (`dmesg
 * --time-format iso`). The zone is required: a date-time without one is no instant. Years before 1970 are refused,
 * so that a negative number can stand for "none". Fractions are cut, not rounded, to milliseconds.
 */
import { isDate } from './calendar.ts';

export interface Rfc3339 {
  readonly epochMs: number;
  /** What the digits tell: 1000 without a fraction, down to 1. */
  readonly precisionMs: number;
  /** Digits of the fraction, 0..9. */
  readonly digits: number;
  readonly comma: boolean;
  /** `Z` or the offset as written. */
  readonly zone: string;
  /** Characters read. */
  readonly length: number;
}

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:([.,])(\d{1,9}))?(Z|[+-]\d\d:?\d\d)/u;
const CUMULATIVE_DAYS = Int16Array.of(0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334);

/** Undefined when the text does not begin with an instant. */
export function parseRfc3339(text: string): Rfc3339 | undefined {
  const match = SHAPE.exec(text.length > 48 ? text.slice(0, 48) : text);
  if (match === null) {
    return undefined;
  }
  const [whole, year = '', month = '', day = '', hour = '', minute = '', second = '', mark, fraction = '', zone = ''] =
    match;
  if (Number(year) < 1970 || !isDate(Number(year), Number(month), Number(day))) {
    return undefined;
  }
  const offset = zone === 'Z' ? 0 : offsetMs(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60 || offset === undefined) {
    return undefined;
  }
  const ms = Number(`${fraction}000`.slice(0, 3));
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms);
  return {
    epochMs: date - offset,
    precisionMs: precisionOfDigits(fraction.length),
    digits: fraction.length,
    comma: mark === ',',
    zone,
    length: whole.length,
  };
}

/** Milliseconds that a fraction of that many digits leaves open. */
export function precisionOfDigits(digits: number): number {
  return digits >= 3 ? 1 : 10 ** (3 - digits);
}

/** The precision that a time of unknown writing has at least: whole seconds may be seconds. */
export function safePrecisionMs(epochMs: number): number {
  return epochMs % 1000 === 0 ? 1000 : epochMs % 100 === 0 ? 100 : epochMs % 10 === 0 ? 10 : 1;
}

/** Where a reader of bytes stopped, and what it met. Reused between calls. */
export interface ByteCursor {
  at: number;
  digits: number;
  comma: boolean;
  zulu: boolean;
}

export function byteCursor(): ByteCursor {
  return { at: 0, digits: 0, comma: false, zulu: false };
}

/** The same on bytes `[start, end)`: epoch ms and `cursor`, or -1. */
export function readRfc3339(bytes: Uint8Array, start: number, end: number, cursor: ByteCursor): number {
  if (end - start < 20 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 84) {
    return -1;
  }
  const century = twoDigits(bytes, start);
  const yearOfCentury = twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const timeOfDay = readTimeOfDay(bytes, start + 11, end);
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1 || timeOfDay < 0) {
    return -1;
  }
  const year = century * 100 + yearOfCentury;
  if (year < 1970 || (day > 28 && !isDate(year, month, day))) {
    return -1;
  }
  let at = start + 19;
  let ms = 0;
  let digits = 0;
  cursor.comma = bytes[at] === 44;
  if (at < end && (cursor.comma || bytes[at] === 46)) {
    at += 1;
    while (at < end && digits < 9) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) {
        break;
      }
      if (digits < 3) {
        ms = ms * 10 + digit;
      }
      digits += 1;
      at += 1;
    }
    if (digits === 0) {
      return -1;
    }
    ms = digits === 1 ? ms * 100 : digits === 2 ? ms * 10 : ms;
  }
  cursor.digits = digits;
  const sign = at < end ? bytes[at] : 0;
  let offset = 0;
  cursor.zulu = sign === 90;
  if (sign === 90) {
    at += 1;
  } else if (sign === 43 || sign === 45) {
    const hours = at + 3 <= end ? twoDigits(bytes, at + 1) : -1;
    const minutesAt = bytes[at + 3] === 58 ? at + 4 : at + 3;
    const minutes = minutesAt + 2 <= end ? twoDigits(bytes, minutesAt) : -1;
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) {
      return -1;
    }
    offset = (hours * 60 + minutes) * (sign === 45 ? -60_000 : 60_000);
    at = minutesAt + 2;
  } else {
    return -1;
  }
  cursor.at = at;
  return epochDay(year, month, day) * 86_400_000 + timeOfDay + ms - offset;
}

/** `HH:MM:SS` at `start` as ms of the day, or -1. A leap second counts as the next minute. */
export function readTimeOfDay(bytes: Uint8Array, start: number, end: number): number {
  if (start + 8 > end || bytes[start + 2] !== 58 || bytes[start + 5] !== 58) {
    return -1;
  }
  const hour = twoDigits(bytes, start);
  const minute = twoDigits(bytes, start + 3);
  const second = twoDigits(bytes, start + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return -1;
  }
  return (hour * 3600 + minute * 60 + second) * 1000;
}

/** Two ASCII digits as a number, or -1. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/** Days since 1970 of a date from 1970 on. */
function epochDay(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = (before >> 2) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const leap = month > 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + (CUMULATIVE_DAYS[month] ?? 0) + leap + day - 1;
}

function offsetMs(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 15 || minutes > 59) {
    return undefined;
  }
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -60_000 : 60_000);
}
