/**
 * What Talos itself writes to the kernel log, behind whichever prefix that log was printed with:
 *
 *     [talos] controller failed {"component": "controller-runtime", "error": "dial tcp: i/o timeout"}
 */

import type { Level } from '../../model/index.ts';
import type { Header } from '../format.ts';

const FAILED = /\b(?:error|failed|failure|fatal|panic)\b/iu;
const WARNED = /\b(?:warning|retrying|timed? ?out|unhealthy)\b/iu;
const MAX_TAIL = 16_384;

export function isTalosMessage(message: string): boolean {
  return message.startsWith('[talos] ');
}

/** The kernel log holds all of it as warnings: the words tell how bad it is. */
export function levelOfText(message: string): Level {
  const head = message.slice(0, MAX_TAIL);
  return FAILED.test(head) ? 'err' : WARNED.test(head) ? 'warning' : 'info';
}

/** `text {"key": "value"}` → text and fields; values that are no strings stay JSON. */
export function splitTail(message: string): Pick<Header, 'message' | 'fields'> {
  const open = message.indexOf(' {"');
  if (open < 0 || !message.endsWith('}') || message.length - open > MAX_TAIL) {
    return { message };
  }
  try {
    const parsed: unknown = JSON.parse(message.slice(open + 1));
    if (typeof parsed !== 'object' || parsed === null) {
      return { message };
    }
    const fields = Object.entries(parsed).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return { message: message.slice(0, open), fields: Object.fromEntries(fields) };
  } catch {
    return { message };
  }
}
