/** Dates in names of files and folders, and in the small files by which collectors note when they ran. */
import type { Stamp } from '../../model/index.ts';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2025-01-31T15_54_39`, `2024-01-31_10_20_30`, `2024-01-31T10-20-30Z`, with or without a zone. */
const DASHED = /(?:^|[^\d])(\d{4})-(\d\d)-(\d\d)[T_ -](\d\d)[-_:.h](\d\d)[-_:.m](\d\d)(?:\.\d+)?(?:s)?(Z|[-_]?UTC)?/u;
/** `2024-01-31_1020-UTC` */
const MINUTES = /(?:^|[^\d])(\d{4})-(\d\d)-(\d\d)[T_-](\d\d)(\d\d)(Z|-UTC)?(?:[^\d]|$)/u;
/** `20250131-185842`, `20250131T185842Z`, `20210525112000` */
const COMPACT = /(?:^|[^\d])(\d{4})(\d\d)(\d\d)[-_T]?(\d\d)(\d\d)(\d\d)(Z)?(?:[^\d]|$)/u;
const DAY = /(?:^|[^\d])(\d{4})-(\d\d)-(\d\d)(?:[^\d]|$)/u;
const COMPACT_DAY = /(?:^|[^\d])(20\d\d)(\d\d)(\d\d)(?:[^\d]|$)/u;

/** The date and time in a name, local time of the collector unless it says UTC. */
export function dateInName(name: string): Stamp | undefined {
  const text = name.slice(0, 400);
  const full = DASHED.exec(text) ?? COMPACT.exec(text);
  if (full !== null) {
    const [, year, month, day, hour, minute, second, zone] = full;
    return stampOf([year, month, day, hour, minute, second], 1000, zone !== undefined);
  }
  const minutes = MINUTES.exec(text);
  if (minutes !== null) {
    const [, year, month, day, hour, minute, zone] = minutes;
    return stampOf([year, month, day, hour, minute, '0'], 60_000, zone !== undefined);
  }
  const date = DAY.exec(text) ?? COMPACT_DAY.exec(text);
  return date === null ? undefined : stampOf([date[1], date[2], date[3], '0', '0', '0'], DAY_MS, false);
}

/** The last date in a short text, in the forms of date(1), Go's `time.Time` and RFC 3339. */
export function dateInText(text: string): Stamp | undefined {
  return text
    .slice(0, 8192)
    .split('\n')
    .flatMap((line) => dateInLine(line.slice(0, 300)) ?? [])
    .at(-1);
}

function dateInLine(line: string): Stamp | undefined {
  const iso = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? ?(Z|[+-]\d\d:?\d\d)?/u.exec(line);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso;
    return withOffset(stampOf([year, month, day, hour, minute, second], 1000, zone !== undefined), zone);
  }
  // `Thu Feb 10 16:19:21 UTC 2022`
  const unix =
    /[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (?:[AP]M )?([A-Z]{1,5}|[+-]\d\d) (\d{4})/u.exec(
      line,
    );
  if (unix === null) {
    return undefined;
  }
  const [, month = '', day, hour, minute, second, zone = '', year] = unix;
  const index = MONTHS.indexOf(month) + 1;
  const half = /(?:^| )PM /u.test(line) ? 12 : 0;
  const hours = half === 12 || / AM /u.test(line) ? (Number(hour) % 12) + half : Number(hour);
  const isUtc = zone === 'UTC' || zone === 'GMT';
  const stamp = stampOf([year, String(index), day, String(hours), minute, second], 1000, isUtc);
  return stamp?.kind === 'wall' ? { ...stamp, zone } : stamp;
}

function withOffset(stamp: Stamp | undefined, zone: string | undefined): Stamp | undefined {
  const offset = /^([+-])(\d\d):?(\d\d)$/u.exec(zone ?? '');
  if (stamp?.kind !== 'instant' || offset === null) {
    return stamp;
  }
  const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
  return { ...stamp, epochMs: offset[1] === '-' ? stamp.epochMs + ms : stamp.epochMs - ms };
}

function stampOf(parts: readonly (string | undefined)[], precisionMs: number, isUtc: boolean): Stamp | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (year < 2010 || year > 2099 || !exists || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  const msOfDay = ((hour * 60 + minute) * 60 + second) * 1000;
  return isUtc
    ? { kind: 'instant', epochMs: midnight + msOfDay, precisionMs }
    : { kind: 'wall', year, month, day, msOfDay, precisionMs };
}
