/**
 * A wrapped error, short enough for a heading:
 *
 *     rpc error: code = Internal desc = rbd: map failed with error … rbd: map failed: (95) Operation not supported
 *       → (95) Operation not supported
 *
 * What is short stays as it is; of a long chain the innermost cause is left, of other long text its beginning.
 */

import { innermostError } from './innermost.ts';

const MOST = 120;
/** A cause of this length or less says too little alone. */
const LEAST = 12;
/** What a message that was quoted leaves behind at its end. */
const REMNANT = /(?:\\n|[\s"'\\])+$/u;

export function shortCause(text: string): string {
  if (text.length <= MOST || !text.includes(' ')) return text;
  const inner = innermostError(text).replace(REMNANT, '');
  const cause = inner.length > LEAST ? inner : text;
  return cause.length <= MOST ? cause : `${cause.slice(0, MOST - 1).trimEnd()}…`;
}
