import { ENTITY_KINDS, type EntityKind, type EntityRef, type Fact } from '../model/index.ts';
import type { Expr } from '../rules/condition/ast.ts';
import { sampleOf } from './sample-text.ts';
import { timed } from './times.ts';
import { type Draft, draftOf, type World } from './world.ts';

/** What a name of a condition stands for while it is made true or false. */
type Bound = { readonly draft: Draft } | { readonly entity: EntityRef };

/** What a rule says once for all its facts. */
const FIXED: ReadonlySet<string> = new Set([
  'nature',
  'severity',
  'layer',
  'polarity',
  'initiates',
  'signature',
  'title',
]);

export interface Satisfier {
  /** May a fact become one that its rule never makes? Only to break a condition. */
  readonly mayAlter: boolean;
  readonly world: World;
  readonly vars: Readonly<Record<string, Draft>>;
  /** A fact for one of the names, for `find`. */
  readonly example: (names: readonly string[]) => Fact | undefined;
  /** Signature ids behind names. */
  readonly resolve: (names: readonly string[]) => readonly string[];
}

const KINDS: ReadonlySet<string> = new Set(ENTITY_KINDS);
const SHARED = 'shared-value';
const OTHER = 'other-value';
const MINUTE_MS = 60_000;

/**
 * Changes facts and answers so that a condition becomes true or false, as far as its form allows.
 *
 * Best effort: the caller evaluates the condition afterwards and says so where it did not work out.
 */
export function make(expr: Expr, want: boolean, given: Satisfier, bound: ReadonlyMap<string, Bound> = new Map()): void {
  switch (expr.op) {
    case 'and':
    case 'or':
      // All parts must agree one way; the other way one part would do, and for `and` all of them do no harm.
      for (const item of expr.op === 'or' && want ? expr.items.slice(0, 1) : expr.items) make(item, want, given, bound);
      break;
    case 'not':
      make(expr.of, !want, given, bound);
      break;
    case 'quantified':
      quantified(expr, want, given, bound);
      break;
    case 'compare':
      compare(expr, want, given, bound);
      break;
    case 'time':
      order(expr, want, given, bound);
      break;
    case 'call':
      answer(expr, want, given, bound);
      break;
    case 'member':
      set(expr, want, given, bound);
      break;
  }
}

function factOf(expr: Expr, given: Satisfier, bound: ReadonlyMap<string, Bound>): Draft | undefined {
  if (expr.op === 'call' && expr.name === 'onset') return expr.args[0] && factOf(expr.args[0], given, bound);
  if (expr.op === 'member' && (expr.name === 'onset' || expr.name === 'lastSeen')) return factOf(expr.of, given, bound);
  if (expr.op !== 'name') return undefined;
  const found = bound.get(expr.name);
  return found && 'draft' in found ? found.draft : given.vars[expr.name];
}

/** Names in `find("a", "b")`. */
function found(expr: Expr): string[] | undefined {
  return expr.op === 'call' && expr.name === 'find'
    ? expr.args.flatMap((argument) => (argument.op === 'string' ? [argument.value] : []))
    : undefined;
}

function quantified(
  expr: Extract<Expr, { op: 'quantified' }>,
  want: boolean,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
): void {
  const exists = expr.quantifier === 'no' ? !want : want;
  const names = found(expr.of);
  if (!names) {
    const ref = entityOf(expr.of, given, bound);
    if (ref && expr.where) make(expr.where, want, given, new Map(bound).set(expr.variable, { entity: ref }));
    return;
  }
  if (expr.quantifier === 'every') return;
  if (!exists) {
    const gone = new Set(given.resolve(names));
    const kept = given.world.facts.filter(
      (fact) => !gone.has(fact.signature) || Object.values(given.vars).includes(fact),
    );
    given.world.facts.splice(0, given.world.facts.length, ...kept);
    return;
  }
  const example = given.example(names);
  if (!example) return;
  const draft = { ...draftOf(example), id: `${example.id}@${expr.variable}${given.world.facts.length}` };
  given.world.facts.push(draft);
  if (expr.where) make(expr.where, true, given, new Map(bound).set(expr.variable, { draft }));
}

function entityOf(expr: Expr, given: Satisfier, bound: ReadonlyMap<string, Bound>): EntityRef | undefined {
  if (expr.op === 'name') {
    const known = bound.get(expr.name);
    return known && 'entity' in known ? known.entity : undefined;
  }
  if (expr.op !== 'member') return undefined;
  const draft = factOf(expr.of, given, bound);
  const kind = [expr.name, expr.name.replace(/e?s$/u, ''), expr.name.replace(/s$/u, '')].find((one) => KINDS.has(one));
  if (!draft || kind === undefined) return undefined;
  draft.entities[kind] ??= `${kind as EntityKind}/default/${SHARED}`;
  return draft.entities[kind];
}

type Plain = string | number | boolean;

/** Gives a member a value: `c.comm`, `f.component`, `e.text`, `p.hostNetwork`. */
function set(
  expr: Expr,
  to: Plain,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
  how: 'be' | 'hold' = 'be',
): void {
  if (expr.op !== 'member') return;
  const draft = factOf(expr.of, given, bound);
  if (!draft) {
    const ref = entityOf(expr.of, given, bound);
    if (ref) given.world.cells.set(`${ref} ${expr.name}`, to);
    return;
  }
  if (expr.name === 'text') {
    draft.text = how === 'hold' ? `${draft.text} ${to}` : String(to);
    if (how === 'be') draft.evidence = draft.evidence.map((one) => ({ ...one, quote: String(to) }));
  } else if (expr.name === 'component') draft.component = String(to);
  else if (expr.name === 'count') draft.count = Number(to);
  else if (FIXED.has(expr.name)) {
    if (given.mayAlter) Object.assign(draft, { [expr.name]: to });
  } else if (KINDS.has(expr.name)) {
    for (const holder of [draft, ...draft.members]) holder.entities[expr.name] = `${expr.name as EntityKind}/${to}`;
  } else for (const holder of [draft, ...draft.members]) holder.attributes[expr.name] = to;
}

function plainOf(expr: Expr, given: Satisfier, bound: ReadonlyMap<string, Bound>): Plain | undefined {
  if (expr.op === 'string' || expr.op === 'number') return expr.value;
  if (expr.op === 'duration') return expr.ms / 1000;
  if (expr.op === 'constant') return expr.value === 'unknown' ? undefined : expr.value;
  if (expr.op === 'list') return expr.items[0] && plainOf(expr.items[0], given, bound);
  if (expr.op !== 'member') return undefined;
  const draft = factOf(expr.of, given, bound);
  const entity = draft?.entities[expr.name];
  if (entity) return entity.slice(entity.indexOf('/') + 1);
  if (expr.name === 'text') return draft?.text;
  return expr.name === 'component' ? draft?.component : draft?.attributes[expr.name];
}

function compare(
  expr: Extract<Expr, { op: 'compare' }>,
  want: boolean,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
): void {
  const { left, right, operator } = expr;
  if (right.op === 'regex') {
    const known = plainOf(left, given, bound);
    const holds = known !== undefined && new RegExp(right.source, right.flags).test(String(known));
    if (holds === want && known !== undefined) return;
    const sample = want ? sampleOf(right.source, right.flags) : '-';
    if (sample !== undefined) set(left, sample, given, bound, want && isText(left) ? 'hold' : 'be');
    return;
  }
  if (left.op === 'call' && left.name === 'setting' && left.args[0]?.op === 'string') {
    const value = plainOf(right, given, bound);
    if (value !== undefined) given.world.settings.set(left.args[0].value, want ? value : OTHER);
    return;
  }
  if (left.op === 'count') {
    several(left, operator, right, want, given, bound);
    return;
  }
  const equal = operator === '==' || operator === 'in' ? want : operator === '!=' ? !want : undefined;
  if (equal !== undefined) {
    const known = plainOf(right, given, bound) ?? plainOf(left, given, bound) ?? SHARED;
    if (right.op === 'member') set(right, known, given, bound);
    set(left, equal ? known : typeof known === 'boolean' ? !known : OTHER, given, bound);
    return;
  }
  const limit = plainOf(right, given, bound);
  if (typeof limit !== 'number') return;
  const above = operator === '>' || operator === '>=' ? want : !want;
  set(left, above ? limit + 1 : limit - 1, given, bound);
}

function isText(expr: Expr): boolean {
  return expr.op === 'member' && expr.name === 'text';
}

/** `count(f in find(…) by f.component) >= 2`: so many facts, each with a value of its own. */
function several(
  expr: Extract<Expr, { op: 'count' }>,
  operator: string,
  right: Expr,
  want: boolean,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
): void {
  const names = found(expr.of);
  const limit = right.op === 'number' ? right.value : undefined;
  if (!names || limit === undefined) return;
  const many = operator === '>' || operator === '>=' ? want : !want;
  const gone = new Set(given.resolve(names));
  if (!many) {
    const kept = given.world.facts.filter((fact) => !gone.has(fact.signature));
    given.world.facts.splice(0, given.world.facts.length, ...kept);
    return;
  }
  const ids = given.resolve(names);
  for (let index = 0; index <= limit; index++) {
    const example = given.example([ids[index % ids.length] as string]);
    if (!example) return;
    const draft = { ...draftOf(example), id: `${example.id}@${index}` };
    given.world.facts.push(draft);
    const inner = new Map(bound).set(expr.variable, { draft });
    if (expr.by) set(expr.by, `${SHARED}-${index}`, given, inner);
    if (expr.where) make(expr.where, true, given, inner);
  }
}

/** Moves the bound fact, or else the cause, to where the relation wants it. */
function order(
  expr: Extract<Expr, { op: 'time' }>,
  want: boolean,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
): void {
  const left = factOf(expr.left, given, bound);
  const right = factOf(expr.right, given, bound);
  if (!left || !right) return;
  const isFree = (draft: Draft) => !Object.values(given.vars).includes(draft);
  const moved = isFree(left) ? left : isFree(right) ? right : left;
  const fixed = moved === left ? right : left;
  if (!fixed.onset) return;
  const least = expr.window?.least.op === 'duration' ? expr.window.least.ms : 0;
  const greatest =
    expr.window?.greatest === undefined
      ? least
      : expr.window.greatest !== 'any' && expr.window.greatest.op === 'duration'
        ? expr.window.greatest.ms
        : undefined;
  const distance =
    expr.window?.greatest === undefined ? Math.min(MINUTE_MS, (greatest ?? 0) || MINUTE_MS) : least + 1000;
  const far = 1000 * MINUTE_MS + (greatest ?? least);
  const after =
    expr.relation === 'before'
      ? want
        ? distance
        : -far
      : expr.relation === 'after'
        ? want
          ? -distance
          : far
        : want
          ? 0
          : far;
  // `after` is how far right lies after left.
  const at = fixed.onset.at.earliest + (moved === left ? -after : after);
  moved.onset = timed(at);
  moved.lastSeen = timed(at);
}

function answer(
  expr: Extract<Expr, { op: 'call' }>,
  want: boolean,
  given: Satisfier,
  bound: ReadonlyMap<string, Bound>,
): void {
  const [first, second] = expr.args;
  switch (expr.name) {
    case 'up':
    case 'down': {
      const name = first && plainOf(first, given, bound);
      if (name !== undefined) given.world.up.set(String(name), (expr.name === 'up') === want);
      return;
    }
    case 'covered':
      given.world.isCovered = want;
      return;
    case 'linked':
      given.world.linked = want;
      return;
    case 'requires':
      given.world.requires = want;
      return;
    case 'known':
      if (first && want) set(first, SHARED, given, bound);
      return;
    case 'same': {
      if (!first || !second) return;
      const known = plainOf(second, given, bound) ?? plainOf(first, given, bound) ?? SHARED;
      set(second, known, given, bound);
      set(first, want ? known : OTHER, given, bound);
      return;
    }
    case 'mentions': {
      const draft = first && factOf(first, given, bound);
      if (!draft || !second) return;
      const name = plainOf(second, given, bound);
      if (want) {
        if (name === undefined) set(second, SHARED, given, bound);
        draft.text = `${draft.text} ${name ?? SHARED}`;
      } else {
        draft.text = '-';
        draft.evidence = draft.evidence.map((one) => ({ ...one, quote: '-' }));
      }
      return;
    }
  }
}
