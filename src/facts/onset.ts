import type { EpochMs, Span, TimeRef } from '../model/index.ts';

const PART = /^\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|h|d)?/u;
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Milliseconds of a sum of durations such as `368s + 123s`, `1m2.5s` or `7.454439372s`.
 * A number without a unit counts as seconds. Undefined when the text holds anything else.
 */
export function sumOfDurations(text: string): number | undefined {
  let rest = text.trim();
  let total = 0;
  let any = false;
  while (rest !== '') {
    const part = PART.exec(rest);
    if (!part) return undefined;
    total += (part[1] === '-' ? -1 : 1) * Number(part[2]) * (UNIT_MS[part[3] ?? 's'] as number);
    rest = rest.slice(part[0].length).trim();
    any = true;
  }
  return any ? total : undefined;
}

/** `t - greatest … t - least` of a report time: the condition began before it was reported. */
export function derivedOnset(report: TimeRef, leastMs: number, greatestMs: number, because: string): TimeRef {
  const at: Span = { earliest: report.at.earliest - greatestMs, latest: report.at.latest - leastMs };
  return { ...report, at, basis: 'derived', assumptions: [...report.assumptions, because] };
}

/**
 * Longest time that R restarts of a crash loop can have taken to accumulate at the least: the back-off doubles from
 * 10 s to 5 min, so the loop began at least this long before collection (kubelet's container back-off).
 */
export function crashLoopMs(restarts: number): number {
  let total = 0;
  for (let index = 1; index < restarts && total < 400 * 86_400_000; index++) {
    const backOff = Math.min(10_000 * 2 ** (index - 1), 300_000);
    if (backOff === 300_000) return total + (restarts - index) * 300_000;
    total += backOff;
  }
  return total;
}

const CLOCK = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ?(Z|UTC|[+-]\d\d:?\d\d)?/u;
const DAY_FIRST = /(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/u;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Instant inside a message: `2023-05-20 07:14:28.565480443 +0000 UTC`, `10-Apr-2022 21:18:13.013`.
 *
 * @param offsetMs - what the surrounding line's local clock is ahead of UTC; used where the text names no zone
 */
export function instantIn(text: string, offsetMs: number): EpochMs | undefined {
  const iso = CLOCK.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    const local = Date.UTC(+(year ?? 0), +(month ?? 1) - 1, +(day ?? 1), +(hour ?? 0), +(minute ?? 0), +(second ?? 0));
    const ms = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
    return local + ms - (zone === undefined ? offsetMs : zoneMs(zone));
  }
  const written = DAY_FIRST.exec(text);
  if (!written) return undefined;
  const [, day, month, year, hour, minute, second, fraction] = written;
  const index = MONTHS.indexOf(month ?? '');
  if (index < 0) return undefined;
  const ms = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  return Date.UTC(+(year ?? 0), index, +(day ?? 1), +(hour ?? 0), +(minute ?? 0), +(second ?? 0)) + ms - offsetMs;
}

function zoneMs(zone: string): number {
  const parts = /([+-])(\d\d):?(\d\d)/u.exec(zone);
  if (!parts) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
}
