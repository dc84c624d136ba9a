/**
 * Times as Kubernetes writes them: RFC 3339 (`2025-01-31T02:09:24Z`), RFC 1123 with a numeric zone
 * (`Thu, 10 Nov 2022 18:50:27 +0000`, kubectl describe), ages (`2m4s`), and the hexadecimal clock in event names.
 */

import type { Stamp } from '../../model/index.ts';
import { type AgeForm, parseAge } from '../../time/age.ts';
import { DAY_MS, isDate, utcMs } from '../../time/calendar.ts';
import { monthNumber } from '../../time/months.ts';

export interface Instant {
  readonly epochMs: number;
  readonly precisionMs: number;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(?:Z|UTC|([+-])(\d\d):?(\d\d)(?: [A-Z]{2,5}| [+-]\d{2,4})?)$/u;
const RFC1123 =
  /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|([+-])(\d\d)(\d\d))$/u;
/** 2015-01-01: no Event is older than Kubernetes. */
const FIRST_EVENT_MS = 1_420_070_400_000;

/** Undefined for anything else, for impossible dates and for the zero time of Go (year 1). */
export function parseInstant(text: string): Instant | undefined {
  if (text.length < 19 || text.length > 48) {
    return undefined;
  }
  const iso = RFC3339.exec(text);
  if (iso !== null) {
    const fraction = iso[7];
    const precisionMs = fraction === undefined ? 1000 : fraction.length >= 3 ? 1 : 10 ** (3 - fraction.length);
    const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
    return build([iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]], iso[8], iso[9], iso[10], ms, precisionMs);
  }
  const mail = RFC1123.exec(text);
  if (mail === null) {
    return undefined;
  }
  const month = monthNumber(mail[2] ?? '');
  return build([mail[3], String(month ?? 0), mail[1], mail[4], mail[5], mail[6]], mail[7], mail[8], mail[9], 0, 1000);
}

function build(
  parts: readonly (string | undefined)[],
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
  ms: number,
  precisionMs: number,
): Instant | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  if (year < 1970 || !isDate(year, month, day) || hour > 24 || minute > 59 || second > 60) {
    return undefined;
  }
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  const msOfDay = ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
  return { epochMs: utcMs(year, month, day, msOfDay), precisionMs };
}

export function instantStamp(text: string): Stamp | undefined {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : { kind: 'instant', ...instant };
}

/** An age (`2m4s`), or an instant where the user's own columns print one. */
export function ageOrInstant(text: string, form: AgeForm = 'current'): Stamp | undefined {
  const age = parseAge(text, form);
  return age === undefined ? instantStamp(text) : { kind: 'age', ...age };
}

/**
 * First occurrence of an Event, from its name `<object>.<16 hex digits>`: nanoseconds since 1970.
 *
 * @returns epoch ms with a fraction, or undefined when the suffix is no plausible time
 */
export function eventNameTime(name: string): number | undefined {
  const hex = /\.([0-9a-f]{16})$/u.exec(name)?.[1];
  if (hex === undefined) {
    return undefined;
  }
  const ms = Number(BigInt(`0x${hex}`) / 1000n) / 1000;
  return ms >= FIRST_EVENT_MS && ms < FIRST_EVENT_MS + 100 * 365 * DAY_MS ? ms : undefined;
}

/** `date` and systemd: `Fri Jan 31 03:04:05 UTC 2025`, `Fri 2025-01-31 02:54:55 UTC`, `Sat Jul 27 15:19:21 2019`. */
export function parseDateOutput(text: string): Stamp | undefined {
  const line = text.trim();
  if (line.length > 80) {
    return undefined;
  }
  const exact = instantStamp(line);
  if (exact !== undefined) {
    return exact;
  }
  const unix =
    /^\p{L}{2,5}\.? +(\p{L}{3,9})\.? +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?: ([AP]M))?(?: ([A-Z]{1,5}|[+-]\d{2,4}))?(?: (\d{4}))?$/u.exec(
      line,
    );
  if (unix !== null) {
    const month = monthNumber(unix[1] ?? '');
    const hour = clockHour(Number(unix[3]), unix[6]);
    return month === undefined
      ? undefined
      : wall(optionalNumber(unix[8]), month, Number(unix[2]), [hour, Number(unix[4]), Number(unix[5])], unix[7]);
  }
  // Locales with the day first: `Fri 31 Jan 03:04:05 UTC 2025`, `Fr 31. Jan 03:04:05 CET 2025`.
  const european =
    /^\p{L}{2,5}[.,]? +(\d{1,2})\.? (\p{L}{3,9})\.?(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?: ([AP]M))?(?: ([A-Z]{1,5}|[+-]\d{2,4}))?(?: (\d{4}))?$/u.exec(
      line,
    );
  if (european !== null) {
    const month = monthNumber(european[2] ?? '');
    const hour = clockHour(Number(european[4]), european[7]);
    return month === undefined
      ? undefined
      : wall(
          optionalNumber(european[3] ?? european[9]),
          month,
          Number(european[1]),
          [hour, Number(european[5]), Number(european[6])],
          european[8],
        );
  }
  const systemd =
    /^(?:\p{L}{2,5}\.? +)?(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?: ([A-Z]{1,5}|[+-]\d{2,4}))?$/u.exec(
      line,
    );
  return systemd === null
    ? undefined
    : wall(
        Number(systemd[1]),
        Number(systemd[2]),
        Number(systemd[3]),
        [Number(systemd[4]), Number(systemd[5]), Number(systemd[6])],
        systemd[7],
      );
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function clockHour(hour: number, half: string | undefined): number {
  return half === undefined ? hour : (hour % 12) + (half === 'PM' ? 12 : 0);
}

function wall(
  year: number | undefined,
  month: number,
  day: number,
  [hour, minute, second]: readonly [number, number, number],
  zone: string | undefined,
): Stamp | undefined {
  if (!isDate(year ?? 2024, month, day) || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  const msOfDay = ((hour * 60 + minute) * 60 + second) * 1000;
  if (year !== undefined && zone !== undefined) {
    const offset = /^([+-])(\d\d):?(\d\d)?$/u.exec(zone);
    if (offset !== null || zone === 'UTC' || zone === 'GMT' || zone === 'Z') {
      const minutes = (Number(offset?.[2] ?? 0) * 60 + Number(offset?.[3] ?? 0)) * (offset?.[1] === '-' ? -1 : 1);
      return { kind: 'instant', epochMs: utcMs(year, month, day, msOfDay - minutes * 60_000), precisionMs: 1000 };
    }
  }
  return {
    kind: 'wall',
    ...(year === undefined ? {} : { year }),
    month,
    day,
    msOfDay,
    precisionMs: 1000,
    ...(zone === undefined || /^[+-]/u.test(zone) ? {} : { zone }),
  };
}
