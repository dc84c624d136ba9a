import type { Evidence, LogRecord, PhysicalLine } from '../model/index.ts';
import { quoteOf } from './quote.ts';
import { tellingLines } from './telling-lines.ts';

/** Quotes a record by its first line: the line, where it stands, and its time. */
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

/** Quotes one physical line as evidence of a record. */
export function evidenceAt(
  record: LogRecord,
  { source, line, text }: PhysicalLine,
  wanted: readonly string[],
  kind: Evidence['kind'],
  details: readonly string[] = [],
): Evidence {
  return {
    kind,
    ref: { source, line },
    ...(record.time && { time: record.time }),
    quote: quoteOf(text, wanted, details),
  };
}

/**
 * Quotes what matched: the physical line that holds it, and further ones where it goes over several.
 *
 * @param matched - the text that matched
 * @param anchor - a literal of the rule
 * @param captures - captured values
 */
export function evidenceOfMatch(
  record: LogRecord,
  matched: string,
  anchor: string,
  captures: readonly string[],
): readonly [Evidence, ...Evidence[]] {
  const [head, ...rest] = tellingLines(record, matched, [anchor, ...captures]);
  const wanted = [matched, anchor];
  return [
    head ? evidenceAt(record, head, wanted, 'log', captures) : evidenceOf(record, wanted, 'log', captures),
    ...rest.map((line) => evidenceAt(record, line, wanted, 'log', captures)),
  ];
}
