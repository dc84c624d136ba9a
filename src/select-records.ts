/**
 * Which records of a large log are worth keeping: those that a signature matches, as far as that can be told early.
 *
 * What a signature cannot match is dropped before it is parsed; messages that are no news are only counted.
 */

import type { Matcher } from './facts/matcher.ts';
import type { LogRecord } from './model/index.ts';
import { requiredWords } from './rules/required-words.ts';
import type { RuleSet } from './rules/rule-set.ts';
import type { Signature } from './rules/schema.ts';
import type { Budget } from './scan/storm.ts';

/** Budgets of records by what their signatures are good for, the most telling one of a literal counts. */
const TELLING: Budget = { free: 1000, perMinute: 4 };
/** Recoveries end what was broken: those of a minute can stand for the others. */
const RECOVERING: Budget = { free: 500, perMinute: 1 };
const COUNTED: Budget = { free: 200, perMinute: 1 };

interface Judgement {
  /** How many records below belong to it. */
  readonly followers: number;
  /** The same for records with the same signatures. */
  readonly kind: string;
  readonly budget: Budget;
}

export interface RecordSelection {
  /** By literal id. */
  readonly budgets: readonly Budget[];
  /** Of the literals in a line those whose signatures could match it. The text has a character for each byte. */
  relevant(ids: readonly number[], textOf: () => string): readonly number[];
  /** What matches the record; undefined when nothing does. */
  judge(record: LogRecord): Judgement | undefined;
}

type Ways = readonly (readonly string[])[];

const ANY_WAY: Ways = [[]];

/** Escapes in which a word may hide: terminal sequences, NUL bytes, `\u0041`. */
const HIDING: readonly string[] = ['\0', '\u001b', '^[[', '\\u'];

export function selectionOf(rules: RuleSet, matcher: Matcher): RecordSelection {
  const byLiteral = rules.literals.map(({ signatures }) => signatures.flatMap((id) => rules.byId.get(id) ?? []));
  const waysOf = new Map<number, Ways>();

  /** The ways of all signatures of a literal. */
  function waysAt(id: number): Ways {
    const known = waysOf.get(id);
    if (known) return known;
    const ways = (byLiteral[id] ?? []).flatMap(
      (signature): Ways => ('match' in signature ? requiredWords(signature.match.pattern) : [[]]),
    );
    // What the literal holds need not be looked for again.
    const literal = rules.literals[id]?.text ?? '';
    const rest = ways.map((way) => way.filter((word) => !literal.includes(word)));
    const open = rest.length === 0 || rest.some((way) => way.length === 0) ? ANY_WAY : rest;
    waysOf.set(id, open);
    return open;
  }

  const canMatch = (id: number, text: string): boolean => {
    const ways = waysAt(id);
    return ways === ANY_WAY || ways.some((way) => way.every((word) => text.includes(word)));
  };

  return {
    budgets: byLiteral.map(budgetOf),
    relevant(ids, textOf) {
      if (ids.every((id) => waysAt(id) === ANY_WAY)) return ids;
      const text = textOf();
      if (ids.every((id) => canMatch(id, text)) || HIDING.some((hidden) => text.includes(hidden))) return ids;
      return ids.filter((id) => canMatch(id, text));
    },
    judge(record) {
      const signatures = matcher.signaturesOf(record);
      return signatures.length === 0
        ? undefined
        : {
            followers: signatures.reduce((most, { match }) => Math.max(most, match.followed?.upTo ?? 0), 0),
            kind: signatures.map(({ id }) => id).join(' '),
            budget: budgetOf(signatures),
          };
    },
  };
}

function budgetOf(signatures: readonly Signature[]): Budget {
  if (signatures.every(({ polarity }) => polarity === 'context' || polarity === 'healthy')) return COUNTED;
  return signatures.every(({ polarity }) => polarity !== 'symptom' && polarity !== 'condition' && polarity !== 'change')
    ? RECOVERING
    : TELLING;
}
