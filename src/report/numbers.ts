import type { Span, TimeRef } from '../model/index.ts';
import type { ReportSpan, ReportTime } from '../model/report.ts';

/** Three decimals; never `-0`. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 + 0 : 0;
}

const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** ISO 8601 in UTC with milliseconds; times outside of 1970 to 9999 are cut to it. */
export function isoTime(epochMs: number): string {
  const ms = Number.isNaN(epochMs) ? FIRST : Math.min(LAST, Math.max(FIRST, Math.round(epochMs)));
  return new Date(ms).toISOString();
}

export function isoSpan(span: Span): ReportSpan {
  return { earliest: isoTime(span.earliest), latest: isoTime(span.latest) };
}

export function reportTime(time: TimeRef): ReportTime {
  return { ...isoSpan(time.at), basis: time.basis, clock: time.clock, assumptions: [...time.assumptions] };
}
