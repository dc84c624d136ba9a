import type { LogRecord, SourceRef } from '../model/index.ts';
import type { RuleLiteral } from '../rules/rule-set.ts';
import type { LogSignature, Signature } from '../rules/schema.ts';
import { type CompiledSignature, compileSignature, type Match, matchRecord } from './match.ts';

export interface Matcher {
  /**
   * Matches of the signatures that have a literal in the record, in the order of the signatures.
   *
   * @param followers - yields the records after it in the same stream
   */
  matches(record: LogRecord, followers: (upTo: number) => readonly LogRecord[]): Match[];
  /**
   * Signatures that match a record of a log, remembered for `matches`.
   * The record's `ref` stands for it from then on, so no other record may share it.
   */
  signaturesOf(record: LogRecord): readonly LogSignature[];
}

const NOBODY: readonly number[] = [];

/** A last resort tells nothing where a rule knows the message, be it as harmless. */
function withoutFallbacks(found: Match[]): Match[] {
  const known = found.filter(({ signature }) => !signature.fallback);
  return known.length === 0 ? found : known;
}

/**
 * Signatures by their literals, compiled when first met.
 *
 * @param literalsIn - positions in `literals` of those that occur in a text
 */
export function createMatcher(
  signatures: readonly Signature[],
  literals: readonly RuleLiteral[],
  literalsIn: (text: string) => readonly number[],
): Matcher {
  const order = new Map(signatures.map((signature, index) => [signature.id, index]));
  const owners = literals.map((literal) => literal.signatures.map((id) => order.get(id) as number));
  const compiled = new Map<number, CompiledSignature>();
  const remembered = new WeakMap<SourceRef, readonly number[]>();

  function compiledAt(owner: number): CompiledSignature | undefined {
    const known = compiled.get(owner);
    if (known) return known;
    const signature = signatures[owner];
    if (!signature || !('match' in signature)) return undefined;
    const fresh = compileSignature(signature);
    compiled.set(owner, fresh);
    return fresh;
  }

  function ownersOf(found: Iterable<number>): readonly number[] {
    let all: number[] | undefined;
    for (const literal of found) {
      for (const owner of owners[literal] ?? []) {
        if (all === undefined) all = [owner];
        else if (!all.includes(owner)) all.push(owner);
      }
    }
    return all === undefined ? NOBODY : all.length === 1 ? all : all.sort((a, b) => a - b);
  }

  function literalsOf(record: LogRecord): readonly number[] {
    const { raw, message } = record;
    const inRaw = literalsIn(raw);
    // Most messages are the end of their line: what is in the one is in the other.
    if (raw.includes(message)) return inRaw;
    const inMessage = literalsIn(message);
    return inMessage.length === 0 ? inRaw : inRaw.length === 0 ? inMessage : [...inMessage, ...inRaw];
  }

  return {
    matches(record, followers) {
      // A mount is configuration: its row says so, its text is no message.
      if (record.row?.kind === 'Mount') return [];
      const found: Match[] = [];
      for (const owner of remembered.get(record.ref) ?? ownersOf(literalsOf(record))) {
        const signature = compiledAt(owner);
        const match = signature && matchRecord(signature, record, followers);
        if (match) found.push(match);
      }
      return withoutFallbacks(found);
    },
    signaturesOf(record) {
      const matching = ownersOf(literalsOf(record)).filter((owner) => {
        const signature = compiledAt(owner);
        return signature !== undefined && matchRecord(signature, record, () => []) !== undefined;
      });
      remembered.set(record.ref, matching);
      return matching.flatMap((owner) => compiledAt(owner)?.signature ?? []);
    },
  };
}
