import type { Evidence, LogRecord } from '../model/index.ts';
import { quoteOf } from './quote.ts';

/** Quotes a record: the line, where it stands, and its time. */
export function evidenceOf(
  record: LogRecord,
  wanted: readonly string[],
  kind: Evidence['kind'] = 'log',
  details: readonly string[] = [],
): Evidence {
  return {
    kind,
    ref: record.ref,
    ...(record.time && { time: record.time }),
    quote: quoteOf(record.raw === '' ? record.message : record.raw, wanted, details),
  };
}
