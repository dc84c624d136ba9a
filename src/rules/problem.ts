import { byText, firstOf } from '../text/order.ts';

/** Something wrong in a rule file. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path in the document: `examples.match.0.captures.pid`; empty for the whole. */
  readonly property: string;
  readonly message: string;
}

/** `rules/links/x.yaml:7:9: when: unknown name "x"` */
export function describeProblem(problem: RuleProblem): string {
  const property = problem.property === '' ? '' : `${problem.property}: `;
  return `${problem.file}:${problem.line}:${problem.column}: ${property}${problem.message}`;
}

export function byPlace(a: RuleProblem, b: RuleProblem): number {
  return firstOf(byText(a.file, b.file), a.line - b.line, a.column - b.column, byText(a.message, b.message));
}
