import type { Row } from '../model/index.ts';
import { type Condition, type Expr, partsOf } from '../rules/condition/ast.ts';
import { envOf } from '../rules/condition/env.ts';
import { evaluate } from '../rules/condition/evaluate.ts';

/** An attribute of a row that a condition reads, and the texts that it is compared with. */
export interface Asked {
  readonly name: string;
  readonly texts: readonly string[];
  /** Asked only for what it is not: its line tells little. */
  readonly isDenied: boolean;
}

/** What only says which object it is, or how long it has been there. */
const NOT_TELLING: ReadonlySet<string> = new Set(['name', 'namespace', 'ageMs', 'kind']);

/**
 * The attributes because of which a condition holds, in the order in which it asks for them: of alternatives the first
 * one that is true.
 *
 *     row.status == "Pending" or (row.restarts >= 5 and row.ready == false)      → restarts, ready
 */
export function askedOf(condition: Condition, row: Row): readonly Asked[] {
  const found = new Map<string, { readonly texts: Set<string>; isDenied: boolean }>();
  const env = envOf({ vars: { row } });
  const holds = (expr: Expr) => evaluate({ text: condition.text, expr }, env).value === true;

  function visit(expr: Expr): void {
    if (expr.op === 'or') {
      const deciding = expr.items.find(holds);
      if (deciding) visit(deciding);
    } else if (expr.op === 'and') expr.items.forEach(visit);
    else take(expr);
  }

  function take(expr: Expr): void {
    const texts = textsIn(expr);
    const isDenied = expr.op === 'not' || (expr.op === 'compare' && expr.operator === '!=');
    for (const name of membersOf(expr)) {
      if (NOT_TELLING.has(name)) continue;
      const known = found.get(name) ?? { texts: new Set(), isDenied };
      found.set(name, known);
      known.isDenied &&= isDenied;
      for (const text of texts) known.texts.add(text);
    }
  }

  visit(condition.expr);
  return [...found].map(([name, { texts, isDenied }]) => ({ name, texts: [...texts], isDenied }));
}

function membersOf(expr: Expr): readonly string[] {
  if (expr.op === 'member' && expr.of.op === 'name' && expr.of.name === 'row') return [expr.name];
  return partsOf(expr).flatMap(membersOf);
}

function textsIn(expr: Expr): readonly string[] {
  return expr.op === 'string' ? [expr.value] : partsOf(expr).flatMap(textsIn);
}
