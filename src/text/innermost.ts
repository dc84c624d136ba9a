/**
 * The innermost cause of a wrapped error, as Go programs chain them:
 *
 *     failed to pull image "x": rpc error: code = Unknown desc = failed to do request: Head "https://r/v2/":
 *       dial tcp: lookup r: Try again                                             → lookup r: Try again
 *
 * Links are `: ` outside of quotes, so URLs, `host:port` and quoted parts stay whole. A bare cause such as
 * `i/o timeout` says little, so the operation in front of it (`dial tcp 10.96.0.1:443`) comes with it.
 */

import { closingQuote, unquoteGo } from './go-quote.ts';

const MAX_TEXT = 16_384;
const MAX_DEPTH = 8;
const RPC = /^code = \w+ desc = /u;
/** An operation that needs its object to be understood. */
const OPERATION =
  /^(?:dial|lookup|read|write|open|stat|lstat|mkdir|mkdirat|chmod|exec|fork\/exec|listen|link|unlinkat|remove|rename|mount|connect|bind|accept|sendto|tls)\b/iu;
const CALL_ALONE = /^(?:dial (?:tcp|udp|unix)|connect|bind|read|write|exec|sendto|accept|listen|mount|tls)$/iu;
const SAYS_LITTLE = /^(?:exit status \d+|signal: \w+|EOF|unexpected EOF|exit code \d+)$/u;

/** The last cause of the chain; the text itself when it is no chain. Linear in the length of the text. */
export function innermostError(text: string): string {
  return innermost(text.slice(0, MAX_TEXT).trim(), 0);
}

function innermost(text: string, depth: number): string {
  const links = splitChain(text);
  let last = links.length - 1;
  let cause = (links[last] ?? text).replace(RPC, '').trim();
  const inner = depth < MAX_DEPTH ? unwrap(cause) : undefined;
  if (inner !== undefined) {
    return innermost(inner, depth + 1);
  }
  if (SAYS_LITTLE.test(cause) && last > 0) {
    last -= 1;
    cause = `${(links[last] ?? '').replace(RPC, '')}: ${cause}`;
  }
  while (last > 0) {
    const before = (links[last - 1] ?? '').replace(RPC, '').trim();
    if (!OPERATION.test(before)) {
      break;
    }
    // `dial tcp: lookup name: …`: the lookup has its object already.
    if (CALL_ALONE.test(before) && hasObject(cause)) {
      break;
    }
    cause = `${before}: ${cause}`;
    last -= 1;
    if (!CALL_ALONE.test(before)) {
      break;
    }
  }
  return cause === '' ? text : cause;
}

function hasObject(cause: string): boolean {
  const head = cause.split(': ', 1)[0] ?? '';
  return OPERATION.test(head) && !CALL_ALONE.test(head);
}

/** A cause that is quoted or bracketed as a whole holds a chain of its own. */
function unwrap(cause: string): string | undefined {
  if (cause.length > 2 && cause.startsWith('"') && closingQuote(cause, 0) === cause.length - 1) {
    return unquoteGo(cause.slice(1, -1)).trim() || undefined;
  }
  if (cause.length > 2 && cause.startsWith('[') && cause.endsWith(']') && cause.includes(' ')) {
    return cause.slice(1, -1).trim() || undefined;
  }
  return undefined;
}

function splitChain(text: string): string[] {
  const links: string[] = [];
  let from = 0;
  let noMoreQuotes = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"' && !noMoreQuotes && text.charAt(at - 1) !== '\\') {
      const close = closingQuote(text, at);
      if (close < 0) {
        noMoreQuotes = true;
      } else {
        at = close;
      }
    } else if (char === ':' && text.charAt(at + 1) === ' ') {
      links.push(text.slice(from, at));
      from = at + 2;
    }
  }
  const rest = text.slice(from);
  if (rest.trim() !== '' || links.length === 0) {
    links.push(rest);
  }
  return links;
}
