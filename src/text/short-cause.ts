/**
 * A wrapped error, short enough for a heading:
 *
 *     rpc error: code = Internal desc = rbd: map failed with error … rbd: map failed: (95) Operation not supported
 *       → (95) Operation not supported
 *
 * Old versions of runc nest their causes as `… caused "… caused \\"open /x: read-only file system\\""`.
 *
 * What is short stays as it is; of a long chain the innermost cause is left, of other long text its beginning.
 */

import { innermostError } from './innermost.ts';

const MOST = 120;
/** A cause of this length or less says too little alone. */
const LEAST = 12;
/** A link at the end of a chain is no cause, neither is a bare code. */
const LINK = /[:,]? https?:\/\/\S*$/u;
const NO_CAUSE = /^code = /u;
/** What a message that was quoted leaves behind at its end. */
const REMNANT = /(?:\\n|: unknown|[\s"'\\])+$/u;
const CAUSED = /^.*\bcaused \\*"/su;

export function shortCause(text: string): string {
  if (text.length <= MOST || !text.includes(' ')) return text;
  const nested = text.replace(CAUSED, '');
  const inner = (nested === text ? innermostError(text.replace(LINK, '')) : nested).replace(REMNANT, '');
  const cause = inner.length > LEAST && !NO_CAUSE.test(inner) ? inner : text;
  return cause.length <= MOST ? cause : `${cause.slice(0, MOST - 1).trimEnd()}…`;
}
