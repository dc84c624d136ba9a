/** What became of one mutation of one rule. */
export interface MutationResult {
  readonly rule: string;
  /** `beyond-window`, `other-place`, … */
  readonly mutation: string;
  /** `not-testable`: the mutation could not be made from the rule's own examples; never a silent pass. */
  readonly outcome: 'passed' | 'failed' | 'not-testable';
  readonly why: string;
}

export function resultOf(
  rule: string,
  mutation: string,
  outcome: MutationResult['outcome'] | boolean,
  why: string,
): MutationResult {
  return { rule, mutation, outcome: outcome === true ? 'passed' : outcome === false ? 'failed' : outcome, why };
}
