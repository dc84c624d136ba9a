/**
 * A parsed condition: plain data that survives JSON, so that a compiled rule library needs no parser.
 *
 * `at` is [start, end) in the condition's text, for messages.
 */

export type Place = readonly [start: number, end: number];

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type TimeRelation = 'before' | 'after' | 'during' | 'overlaps' | 'near';
export type Modality = 'plain' | 'possibly' | 'definitely';

export interface Window {
  readonly least: Expr;
  /** Absent: only one bound was written. `any`: `*`, no upper bound. */
  readonly greatest?: Expr | 'any';
}

export type Expr =
  | { readonly op: 'number'; readonly value: number; readonly at: Place }
  | { readonly op: 'duration'; readonly ms: number; readonly at: Place }
  | { readonly op: 'string'; readonly value: string; readonly at: Place }
  | { readonly op: 'regex'; readonly source: string; readonly flags: string; readonly at: Place }
  | { readonly op: 'constant'; readonly value: boolean | 'unknown'; readonly at: Place }
  | { readonly op: 'list'; readonly items: readonly Expr[]; readonly at: Place }
  | { readonly op: 'name'; readonly name: string; readonly at: Place }
  | { readonly op: 'member'; readonly of: Expr; readonly name: string; readonly at: Place }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly at: Place }
  | { readonly op: 'and' | 'or'; readonly items: readonly Expr[]; readonly at: Place }
  | { readonly op: 'not'; readonly of: Expr; readonly at: Place }
  | {
      readonly op: 'quantified';
      readonly quantifier: 'some' | 'no' | 'every';
      readonly variable: string;
      readonly of: Expr;
      readonly where?: Expr;
      readonly at: Place;
    }
  | {
      readonly op: 'count';
      readonly variable: string;
      readonly of: Expr;
      readonly by?: Expr;
      readonly where?: Expr;
      readonly at: Place;
    }
  | {
      readonly op: 'compare';
      readonly operator: CompareOperator | 'in' | 'matches';
      readonly left: Expr;
      readonly right: Expr;
      readonly at: Place;
    }
  | {
      readonly op: 'time';
      readonly relation: TimeRelation;
      readonly modality: Modality;
      readonly window?: Window;
      readonly left: Expr;
      readonly right: Expr;
      readonly at: Place;
    }
  | { readonly op: 'sum'; readonly terms: readonly { readonly sign: 1 | -1; readonly of: Expr }[]; readonly at: Place };

export interface Condition {
  readonly text: string;
  readonly expr: Expr;
}

/** Something wrong in a condition, by offset in its text. */
export interface ConditionProblem {
  readonly offset: number;
  readonly message: string;
}

/** Parts of an expression, in written order. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'list':
    case 'and':
    case 'or':
      return expr.items;
    case 'member':
    case 'not':
      return [expr.of];
    case 'call':
      return expr.args;
    case 'quantified':
      return expr.where ? [expr.of, expr.where] : [expr.of];
    case 'count':
      return [expr.of, ...(expr.by ? [expr.by] : []), ...(expr.where ? [expr.where] : [])];
    case 'compare':
      return [expr.left, expr.right];
    case 'time': {
      const { window } = expr;
      const bounds = window
        ? [window.least, ...(window.greatest && window.greatest !== 'any' ? [window.greatest] : [])]
        : [];
      return [expr.left, ...bounds, expr.right];
    }
    case 'sum':
      return expr.terms.map((term) => term.of);
    default:
      return [];
  }
}

/** Ids, tags and globs that the condition's `find(…)` calls name. */
export function namesFound(expr: Expr): readonly string[] {
  const own =
    expr.op === 'call' && expr.name === 'find'
      ? expr.args.flatMap((argument) => (argument.op === 'string' ? [argument.value] : []))
      : [];
  return [...own, ...partsOf(expr).flatMap(namesFound)];
}
