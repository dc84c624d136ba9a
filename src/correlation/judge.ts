import type { Fact } from '../model/index.ts';

/** Outcome of a condition: Kleene's three values with the sentence that decided it. */
export interface Judgement {
  readonly value: true | false | 'unknown';
  readonly why: string;
  /** Facts that the condition rests on. */
  readonly facts: readonly string[];
}

/** Evaluates a condition of a rule (`when`, `supports.0`) with facts under names (`c`, `e`). */
export type Judge = (rule: string, property: string, vars: Readonly<Record<string, Fact>>) => Judgement;
