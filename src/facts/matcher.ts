import type { LogRecord } from '../model/index.ts';
import type { RuleLiteral } from '../rules/rule-set.ts';
import type { Signature } from '../rules/schema.ts';
import { type CompiledSignature, compileSignature, type Match, matchRecord } from './match.ts';

export interface Matcher {
  /** Positions of the signatures, ascending, that have one of these literals. */
  ownersOf(literals: Iterable<number>): readonly number[];
  signatureAt(owner: number): Signature | undefined;
  /**
   * Matches of the signatures that have a literal in the record, in the order of the signatures.
   *
   * @param followers - yields the records after it in the same stream
   */
  matches(record: LogRecord, followers: (upTo: number) => readonly LogRecord[]): Match[];
}

const NOBODY: readonly number[] = [];

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
    const inMessage = literalsIn(message);
    // Most messages are the end of their line: what is in the one is in the other.
    if (raw === message) return inMessage;
    const inRaw = literalsIn(raw);
    return inMessage.length === 0 ? inRaw : inRaw.length === 0 ? inMessage : [...inMessage, ...inRaw];
  }

  return {
    ownersOf,
    signatureAt: (owner) => signatures[owner],
    matches(record, followers) {
      // A mount is configuration: its row says so, its text is no message.
      if (record.row?.kind === 'Mount') return [];
      const found: Match[] = [];
      for (const owner of ownersOf(literalsOf(record))) {
        const signature = compiledAt(owner);
        const match = signature && matchRecord(signature, record, followers);
        if (match) found.push(match);
      }
      return found;
    },
  };
}
