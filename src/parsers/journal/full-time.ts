/** `Fri 2025-01-31 02:56:55 UTC`: journalctl's full time, with the name of the reader's zone. */
import type { Stamp } from '../../model/index.ts';
import { isDate, utcMs } from '../../time/calendar.ts';

const TIME =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{6}))? ([A-Za-z]{1,6}|[+-]\d\d(?:\d\d)?)(?= |$)/u;

/** `UTC`, `GMT` and numeric names make exact times; undefined when the text does not begin with such a time. */
export function parseFullTime(text: string): { readonly stamp: Stamp; readonly length: number } | undefined {
  const match = TIME.exec(text.slice(0, 64));
  if (match === null) {
    return undefined;
  }
  const [whole, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction, zone = ''] = match;
  if (!isDate(Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59) {
    return undefined;
  }
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3));
  const msOfDay = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + ms;
  const precisionMs = fraction === undefined ? 1000 : 1;
  const offset = offsetMinutes(zone);
  return {
    stamp:
      offset === undefined
        ? { kind: 'wall', ...date, msOfDay, precisionMs, zone }
        : {
            kind: 'instant',
            epochMs: utcMs(date.year, date.month, date.day, msOfDay) - offset * 60_000,
            precisionMs,
          },
    length: whole.length,
  };
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'UTC' || zone === 'GMT') {
    return 0;
  }
  const match = /^([+-])(\d\d)(\d\d)?$/u.exec(zone);
  if (match === null) {
    return undefined;
  }
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
