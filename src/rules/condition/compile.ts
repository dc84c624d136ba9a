import { userError } from '../../model/errors.ts';
import type { Condition, ConditionProblem } from './ast.ts';
import { checkCondition, type Scope } from './check.ts';
import { parseCondition } from './parse.ts';

export type Compiled =
  | { readonly condition: Condition; readonly problems: readonly ConditionProblem[] }
  | { readonly condition?: undefined; readonly problems: readonly ConditionProblem[] };

/** Parses and checks; a condition that parses is returned even when names or types are wrong. */
export function tryCondition(text: string, scope: Scope): Compiled {
  const parsed = parseCondition(text);
  if ('problems' in parsed) return parsed;
  return { condition: { text, expr: parsed.expr }, problems: checkCondition(parsed.expr, scope) };
}

/**
 * A condition ready to be evaluated.
 *
 * @throws {UserError} `CONDITION_INVALID`, with `line:column: message` of each problem
 */
export function compileCondition(text: string, scope: Scope): Condition {
  const { condition, problems } = tryCondition(text, scope);
  if (condition && problems.length === 0) return condition;
  throw userError(
    'CONDITION_INVALID',
    problems.map((problem) => `${placeIn(text, problem.offset)}: ${problem.message}`).join('\n'),
  );
}

/** `line:column`, both from 1. */
function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}
