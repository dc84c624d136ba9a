import { plainQuotes } from '../text/go-quote.ts';
import type { Header } from './format.ts';

/** Stack traces as a field would let a rule match a function's name instead of what was said. */
const NOT_SAID: ReadonlySet<string> = new Set(['stacktrace', 'stack', 'stackTrace', 'stack_trace', 'exc_info']);

/**
 * What rules are matched against: the message, then ` key=value` for each field in written order, values unquoted.
 * Quotes that were escaped on the way read as plain quotes, at every depth:
 *
 *     "Error syncing pod" err="failed to pull \"x\""   →   Error syncing pod err=failed to pull "x"
 */
export function matchText(header: Pick<Header, 'message' | 'fields'>): string {
  const parts = header.message === '' ? [] : [header.message];
  for (const [key, value] of Object.entries(header.fields ?? {})) {
    if (!NOT_SAID.has(key)) {
      parts.push(`${key}=${value}`);
    }
  }
  return plainQuotes(parts.join(' '));
}
