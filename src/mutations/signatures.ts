import type { ReadExample } from './examples.ts';
import { type MutationResult, resultOf } from './result.ts';

/** Examples after the whole way of a bundle's file: what must match does, and no near miss slips in on the way. */
export function mutateExample(read: ReadExample): MutationResult {
  const { signature, example, line, because, matches, records } = read;
  const own = matches.find((match) => match.signature.id === signature.id);
  if (because !== undefined)
    return resultOf(signature.id, example, own === undefined, own ? `matched, though ${because}: ${line}` : because);
  if (own) return resultOf(signature.id, example, true, own.matched);
  // A few lines look like a command's output when nothing stands around them.
  if (records.every(({ kind }) => kind === 'row'))
    return resultOf(signature.id, example, 'not-testable', `read alone, the line is no log: ${line}`);
  const found = records.map(({ kind, message }) => `${kind} "${message}"`).join(', ');
  return resultOf(signature.id, example, false, `no match in ${found}`);
}
