import { millisecondsInHour, millisecondsInMinute, millisecondsInSecond } from 'date-fns/constants';

/** Durations: Go's notation (`19m27s`, `1m2.5s`, `106.109µs`) in, wording for reports out. */

const UNIT_MS: Readonly<Record<string, number>> = {
  h: millisecondsInHour,
  m: millisecondsInMinute,
  s: millisecondsInSecond,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

const GO_DURATION = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?(?:h|ms|m|s|us|µs|μs|ns)){1,7}$/u;

/** Milliseconds, possibly with a fraction; undefined when the text is no Go duration. `0` alone is one. */
export function parseGoDuration(text: string): number | undefined {
  const bare = text.trim();
  if (bare === '0') {
    return 0;
  }
  if (bare.length > 80 || !GO_DURATION.test(bare)) {
    return undefined;
  }
  let ms = 0;
  for (const [, value, unit] of bare.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|µs|μs|ns)/gu)) {
    ms += Number(value) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return bare.startsWith('-') ? -ms : ms;
}

/**
 * Two units at most, as a reader would say it: `850 ms`, `12 s`, `1 min 30 s`, `5 h 40 min`, `3 d 2 h`.
 * Negative durations read `-12 s`.
 */
export function describeDuration(ms: number): string {
  if (!Number.isFinite(ms)) {
    return 'unbounded';
  }
  if (ms < 0) {
    return `-${describeDuration(-ms)}`;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 10) {
    return `${Number(seconds.toFixed(1))} s`;
  }
  if (Math.round(seconds) < 60) {
    return `${Math.round(seconds)} s`;
  }
  if (Math.round(seconds) < 3600) {
    return pair(Math.round(seconds), 60, 'min', 1, 's');
  }
  if (Math.round(seconds / 60) < 48 * 60) {
    return pair(Math.round(seconds / 60), 60, 'h', 1, 'min');
  }
  return pair(Math.round(seconds / 3600), 24, 'd', 1, 'h');
}

/** A duration that is only known to lie between two bounds: `12 s`, `at most 5 min`, `3 min to 5 min`. */
export function describeDurationSpan(leastMs: number, greatestMs: number): string {
  const least = describeDuration(Math.max(0, leastMs));
  const greatest = describeDuration(Math.max(0, greatestMs));
  if (least === greatest) {
    return least;
  }
  return leastMs <= 0 ? `at most ${greatest}` : `${least} to ${greatest}`;
}

function pair(total: number, size: number, big: string, step: number, small: string): string {
  const rest = total % size;
  const head = `${Math.floor(total / size)} ${big}`;
  return rest < step ? head : `${head} ${rest} ${small}`;
}
