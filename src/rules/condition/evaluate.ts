import type { EntityRef, Fact, TimeRef } from '../../model/index.ts';
import type { CompareOperator, Condition, Expr } from './ast.ts';
import { FACT_FIELDS, plural } from './check.ts';
import type { Env, Tri } from './env.ts';
import { compareTimes, type WindowMs } from './times.ts';
import {
  boundsOf,
  equal,
  fromCell,
  isFact,
  isList,
  isRow,
  isUnknown,
  type ListValue,
  listOf,
  nameOf,
  show,
  type TimeValue,
  textOf,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

/**
 * Three-valued evaluation of conditions.
 *
 * Unknown is what the bundle cannot show: an absent attribute, a time that was not printed, a search in sources that
 * were not collected. `and` and `or` follow Kleene, so that unknown parts do not matter where the others decide.
 */
export interface Verdict {
  readonly value: Tri;
  /** One sentence that names the deciding part, and how near it came. */
  readonly why: string;
  /** Ids of the facts that decided, besides the variables'. */
  readonly facts: readonly string[];
  /** What would settle an unknown. */
  readonly missing?: string;
}

interface Outcome {
  readonly value: Tri;
  /** Made only when somebody asks: most pairs of facts are never explained. */
  readonly why: () => string;
  readonly facts: readonly string[];
  readonly missing?: string;
}

interface Run {
  readonly env: Env;
  readonly text: string;
  readonly bound: Map<string, Value>;
}

/** Lines are cut before a pattern sees them. */
const MOST_TEXT = 16_384;
/** `Fact.text` is cut there: what is not found in a longer one is unknown. */
const FACT_TEXT = 2000;
const NONE: readonly string[] = [];

export function evaluate(condition: Condition, env: Env): Verdict {
  const outcome = truth(condition.expr, { env, text: condition.text, bound: new Map() });
  const verdict = {
    value: outcome.value,
    get why() {
      return outcome.why();
    },
    facts: outcome.facts,
  };
  return outcome.missing === undefined ? verdict : Object.assign(verdict, { missing: outcome.missing });
}

function truth(expr: Expr, run: Run): Outcome {
  switch (expr.op) {
    case 'and':
    case 'or':
      return connective(expr.op, expr.items, run);
    case 'not': {
      const inner = truth(expr.of, run);
      const value = inner.value === 'unknown' ? 'unknown' : !inner.value;
      return { ...inner, value };
    }
    case 'quantified':
      return quantified(expr, run);
    case 'compare':
      return compare(expr, run);
    case 'time':
      return time(expr, run);
    case 'call':
      return ask(expr, run) ?? fromValue(value(expr, run), expr, run);
    default:
      return fromValue(value(expr, run), expr, run);
  }
}

function written(expr: Expr, run: Run): string {
  return run.text.slice(expr.at[0], expr.at[1]);
}

function outcome(value: Tri, why: () => string, facts: readonly string[] = NONE, missing?: string): Outcome {
  return missing === undefined || value !== 'unknown' ? { value, why, facts } : { value, why, facts, missing };
}

function fromValue(worth: Value, expr: Expr, run: Run): Outcome {
  if (typeof worth === 'boolean') return outcome(worth, () => `${written(expr, run)} is ${worth}`);
  if (isUnknown(worth)) return outcome('unknown', () => worth.why, NONE, worth.why);
  if (worth === 'true' || worth === 'false')
    return outcome(worth === 'true', () => `${written(expr, run)} is ${worth}`);
  return outcome(
    'unknown',
    () => `${written(expr, run)} is ${show(worth)}, not true or false`,
    NONE,
    written(expr, run),
  );
}

function connective(op: 'and' | 'or', items: readonly Expr[], run: Run): Outcome {
  const decisive = op === 'or';
  const parts: Outcome[] = [];
  for (const item of items) {
    const part = truth(item, run);
    if (part.value === decisive) return part;
    parts.push(part);
  }
  const open = parts.filter((part) => part.value === 'unknown');
  const deciding = open.length > 0 ? open : parts;
  const missing = [...new Set(open.flatMap((part) => part.missing ?? []))].join('; ');
  return outcome(
    open.length > 0 ? 'unknown' : !decisive,
    () => deciding.map((part) => part.why()).join('; '),
    parts.length === 1 ? (parts[0] as Outcome).facts : [...new Set(deciding.flatMap((part) => part.facts))],
    missing === '' ? undefined : missing,
  );
}

/** The items of a list expression; undefined where the list itself is not known. */
function items(expr: Expr, run: Run): ListValue | string {
  const worth = value(expr, run);
  if (isList(worth)) return worth;
  if (isUnknown(worth)) return worth.why;
  return listOf([worth], written(expr, run));
}

function quantified(expr: Extract<Expr, { op: 'quantified' }>, run: Run): Outcome {
  const list = items(expr.of, run);
  if (typeof list === 'string') return outcome('unknown', () => list, NONE, list);
  const wanted = expr.quantifier !== 'every';
  const open: Outcome[] = [];
  const facts: string[] = [];
  for (const item of list.items) {
    const part = expr.where ? withBound(expr.variable, item, expr.where, run) : outcome(true, () => show(item));
    if (isFact(item) && part.value !== false) facts.push(item.id);
    if (part.value === wanted) {
      const value = expr.quantifier === 'some';
      const detail = expr.where ? () => `${show(item)}: ${part.why()}` : () => `there is ${show(item)}`;
      return outcome(value, detail, isFact(item) ? [item.id, ...part.facts] : part.facts);
    }
    if (part.value === 'unknown') open.push(part);
  }
  if (open.length > 0) {
    const first = open[0] as Outcome;
    return outcome('unknown', first.why, facts, first.missing ?? list.label);
  }
  if (expr.quantifier === 'every') {
    if (list.items.length === 0) return outcome('unknown', () => `there are no ${list.label}`, NONE, list.label);
    if (list.complete !== true) return outcome('unknown', () => `not all ${list.label} are known`, facts, list.label);
    return outcome(true, () => `all ${list.items.length} ${list.label}`, facts);
  }
  if (list.complete !== true) {
    const why = `nothing found among ${list.label}, but the sources that would show it are not all in the bundle`;
    return outcome('unknown', () => why, NONE, list.label);
  }
  const among = list.items.length > 0 ? ` fits (${list.items.length} looked at)` : '';
  return outcome(expr.quantifier === 'no', () => `none of the ${list.label}${among}`);
}

function withBound(name: string, item: Value, where: Expr, run: Run): Outcome {
  run.bound.set(name, item);
  const result = truth(where, run);
  run.bound.delete(name);
  return result;
}

function counted(expr: Extract<Expr, { op: 'count' }>, run: Run): Value {
  const list = items(expr.of, run);
  if (typeof list === 'string') return unknown(list);
  const keys = new Set<string>();
  const maybe = new Set<string>();
  const facts: string[] = [];
  list.items.forEach((item, index) => {
    run.bound.set(expr.variable, item);
    const holds = expr.where ? truth(expr.where, run).value : true;
    const by = expr.by && holds !== false ? value(expr.by, run) : undefined;
    run.bound.delete(expr.variable);
    if (holds === false) return;
    const key = by === undefined ? `#${index}` : isUnknown(by) ? undefined : keyOf(by);
    if (key === undefined || holds === 'unknown') maybe.add(key ?? `?${index}`);
    else {
      keys.add(key);
      if (isFact(item)) facts.push(item.id);
    }
  });
  for (const key of keys) maybe.delete(key);
  const least = keys.size;
  const greatest = list.complete === true ? least + maybe.size : Number.POSITIVE_INFINITY;
  return { type: 'range', least, greatest, facts };
}

function keyOf(worth: Value): string {
  return typeOf(worth) === 'entity' ? show(worth) : (textOf(worth) ?? show(worth));
}

const HOLDS: Readonly<Record<CompareOperator, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compare(expr: Extract<Expr, { op: 'compare' }>, run: Run): Outcome {
  const left = value(expr.left, run);
  const right = expr.right.op === 'regex' ? undefined : value(expr.right, run);
  for (const side of [left, right]) {
    if (side !== undefined && isUnknown(side)) return outcome('unknown', () => side.why, NONE, side.why);
  }
  const facts = typeof left === 'object' && 'type' in left && left.type === 'range' ? left.facts : NONE;
  const name = written(expr.left, run);
  const sentence = (holds: Tri, needed: string): string =>
    holds === true ? `${name} is ${show(left)}` : `${name} is ${show(left)}, needed is ${needed}`;
  if (expr.right.op === 'regex') {
    const pattern = regexOf(expr.right.source, expr.right.flags);
    const holds = anyOf(left, (item) => {
      const text = textOf(item);
      return text === undefined ? 'unknown' : pattern.test(text.slice(0, MOST_TEXT));
    });
    return outcome(holds, () => sentence(holds, `a match of ${written(expr.right, run)}`), facts, name);
  }
  const other = right as Value;
  const needed = `${expr.operator} ${show(other)}`;
  if (expr.operator === 'in' || expr.operator === '==') {
    const holds = anyOf(left, (item) => anyOf(other, (candidate) => equal(item, candidate)));
    return outcome(holds, () => sentence(holds, needed), facts, name);
  }
  if (expr.operator === '!=') {
    const same = anyOf(left, (item) => anyOf(other, (candidate) => equal(item, candidate)));
    const holds = same === 'unknown' ? same : !same;
    return outcome(holds, () => sentence(holds, needed), facts, name);
  }
  const { operator } = expr;
  if (operator === 'matches') return outcome('unknown', () => `${name} has no pattern to match`, NONE, name);
  const duration = typeOf(other) === 'duration' || typeOf(left) === 'duration';
  const holds = anyOf(left, (item) => anyOf(other, (bound) => inOrder(operator, item, bound, duration)));
  return outcome(
    holds,
    () => `${sentence(holds, needed)}${holds === true ? '' : short(left, other, duration)}`,
    facts,
    name,
  );
}

function inOrder(operator: CompareOperator, left: Value, right: Value, duration: boolean): Tri {
  const a = boundsOf(left, duration);
  const b = boundsOf(right, duration);
  if (!a || !b) return 'unknown';
  const holds = HOLDS[operator];
  // The order of the extremes decides; between them anything is possible.
  const low = holds(Math.sign(a.least - b.greatest));
  const high = holds(Math.sign(a.greatest - b.least));
  return low === high ? low : 'unknown';
}

function short(left: Value, right: Value, duration: boolean): string {
  const a = boundsOf(left, duration);
  const b = boundsOf(right, duration);
  if (!a || !b || !Number.isFinite(a.greatest)) return '';
  const distance = Math.abs(a.least - b.least);
  return ` (${duration ? show({ type: 'duration', ms: distance }) : Number(distance.toFixed(3))} away)`;
}

/** A list stands for any of its items. */
function anyOf(worth: Value, test: (item: Value) => Tri): Tri {
  if (!isList(worth)) return test(worth);
  let open = worth.complete !== true;
  for (const item of worth.items) {
    const holds = test(item);
    if (holds === true) return true;
    if (holds === 'unknown') open = true;
  }
  return open ? 'unknown' : false;
}

const regexes = new Map<string, RegExp>();

function regexOf(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let found = regexes.get(key);
  if (!found) {
    found = new RegExp(source, flags);
    regexes.set(key, found);
  }
  return found;
}

function time(expr: Extract<Expr, { op: 'time' }>, run: Run): Outcome {
  const left = timeOf(value(expr.left, run), written(expr.left, run));
  const right = timeOf(value(expr.right, run), written(expr.right, run));
  for (const side of [left, right]) {
    if (typeof side === 'string') return outcome('unknown', () => side, NONE, side);
  }
  const window = expr.window ? windowOf(expr, run) : undefined;
  if (typeof window === 'string') return outcome('unknown', () => window, NONE, window);
  const a = left as TimeValue;
  const b = right as TimeValue;
  const found = compareTimes(expr.relation, expr.modality, window, a, b, run.env.offset(a.clock, b.clock));
  return outcome(found.value, found.why);
}

/** One bound: up to it, either way for `near`, from 0 otherwise. */
function windowOf(expr: Extract<Expr, { op: 'time' }>, run: Run): WindowMs | string {
  const bound = (of: Expr): number | undefined => {
    const worth = value(of, run);
    return boundsOf(worth, true)?.least;
  };
  const first = bound((expr.window as { least: Expr }).least);
  const second = expr.window?.greatest;
  if (first === undefined) return `the window of ${written(expr, run)}`;
  if (second === undefined) return { least: 0, greatest: first };
  if (second === 'any') return { least: first, greatest: Number.POSITIVE_INFINITY };
  const greatest = bound(second);
  return greatest === undefined ? `the window of ${written(expr, run)}` : { least: first, greatest };
}

function timeOf(worth: Value, name: string): TimeValue | string {
  if (isUnknown(worth)) return worth.why;
  if (isFact(worth)) {
    if (!worth.onset) return `when "${worth.title}" began`;
    return { type: 'time', at: worth.onset.at, clock: worth.onset.clock, label: `"${worth.title}"`, end: endOf(worth) };
  }
  if (typeof worth === 'object' && 'type' in worth && worth.type === 'time') return worth;
  return `the time of ${name}`;
}

function endOf(fact: Fact): TimeRef['at'] | undefined {
  const seen = fact.lastSeen?.at ?? fact.onset?.at;
  if (fact.ended === 'open') return seen ? { earliest: seen.earliest, latest: Number.POSITIVE_INFINITY } : undefined;
  return fact.ended?.at ?? seen;
}

function value(expr: Expr, run: Run): Value {
  switch (expr.op) {
    case 'number':
    case 'string':
      return expr.value;
    case 'duration':
      return { type: 'duration', ms: expr.ms };
    case 'regex':
      return expr.source;
    case 'constant':
      return expr.value === 'unknown' ? unknown('the rule says unknown') : expr.value;
    case 'list':
      return listOf(
        expr.items.map((item) => value(item, run)),
        written(expr, run),
      );
    case 'name':
      return run.bound.get(expr.name) ?? run.env.vars[expr.name] ?? unknown(`${expr.name} is not known here`);
    case 'member':
      return memberOf(value(expr.of, run), expr.name, expr, run);
    case 'count':
      return counted(expr, run);
    case 'sum':
      return summed(expr, run);
    case 'call':
      return called(expr, run);
    default: {
      const found = truth(expr, run);
      return found.value === 'unknown' ? unknown(found.missing ?? found.why()) : found.value;
    }
  }
}

function summed(expr: Extract<Expr, { op: 'sum' }>, run: Run): Value {
  let instant: TimeValue | undefined;
  const worths = expr.terms.map((term) => ({ sign: term.sign, worth: value(term.of, run) }));
  const duration = worths.some(({ worth }) => ['duration', 'time'].includes(typeOf(worth)));
  let least = 0;
  let greatest = 0;
  for (const { sign, worth } of worths) {
    if (isUnknown(worth)) return worth;
    if (typeof worth === 'object' && 'type' in worth && worth.type === 'time') {
      instant = worth;
      continue;
    }
    const bounds = boundsOf(worth, duration);
    if (!bounds) return unknown(`${written(expr, run)} cannot be added up`);
    least += sign === 1 ? bounds.least : -bounds.greatest;
    greatest += sign === 1 ? bounds.greatest : -bounds.least;
  }
  if (instant) {
    const at = { earliest: instant.at.earliest + least, latest: instant.at.latest + greatest };
    return { ...instant, at, label: written(expr, run), end: undefined };
  }
  if (duration) return { type: 'duration', ms: least };
  return least === greatest ? least : { type: 'range', least, greatest, facts: NONE };
}

function memberOf(worth: Value, name: string, expr: Expr, run: Run): Value {
  if (isUnknown(worth)) return worth;
  const label = written(expr, run);
  if (isList(worth)) {
    const found = worth.items.map((item) => memberOf(item, name, expr, run));
    const known = found.filter((item) => !isUnknown(item));
    const complete = worth.complete === true && known.length === found.length ? true : 'unknown';
    return listOf(
      known.flatMap((item) => (isList(item) ? item.items : [item])),
      label,
      complete,
    );
  }
  if (isFact(worth)) return factMember(worth, name) ?? unknown(`${label} is not known`);
  if (isRow(worth)) {
    const cell = worth.values[name];
    return cell === undefined ? unknown(`${label} is not shown`) : fromCell(cell, name);
  }
  if (typeof worth === 'object' && 'type' in worth && worth.type === 'entity') {
    return entityMember(worth.ref, name, run) ?? unknown(`${label} is not known`);
  }
  return unknown(`${label} is not known`);
}

function factMember(fact: Fact, name: string): Value | undefined {
  if (Object.hasOwn(FACT_FIELDS, name)) return factField(fact, name);
  const ref = fact.entities[name];
  if (ref !== undefined) return { type: 'entity', ref };
  const attribute = fact.attributes[name];
  if (attribute !== undefined) return fromCell(attribute, name);
  const cells = fact.members.flatMap((member) => {
    const entity = member.entities[name];
    const cell = member.attributes[name];
    return entity !== undefined
      ? [{ type: 'entity', ref: entity } as const]
      : cell !== undefined
        ? [fromCell(cell, name)]
        : [];
  });
  if (cells.length > 0) return oneOrMany(distinct(cells), name);
  return entitiesOf(fact, name);
}

/** `e.pods`: every entity of the role `pod` over the fact and the facts folded into it. */
function entitiesOf(fact: Fact, name: string): Value | undefined {
  const found: Value[] = [];
  for (const of of [fact, ...fact.members]) {
    for (const [role, ref] of Object.entries(of.entities))
      if (plural(role) === name) found.push({ type: 'entity', ref });
  }
  return found.length > 0 ? listOf(distinct(found), name) : undefined;
}

function factField(fact: Fact, name: string): Value | undefined {
  const instant = (ref: TimeRef | undefined, what: string): Value | undefined =>
    ref && { type: 'time', at: ref.at, clock: ref.clock, label: `${what} of "${fact.title}"`, end: undefined };
  switch (name) {
    case 'onset':
      return instant(fact.onset, 'onset');
    case 'lastSeen':
      return instant(fact.lastSeen, 'last sign');
    case 'ended':
      return fact.ended === 'open' ? undefined : instant(fact.ended, 'end');
    case 'count':
      return fact.countIs === 'exact'
        ? fact.count
        : { type: 'range', least: fact.count, greatest: Number.POSITIVE_INFINITY, facts: NONE };
    case 'component':
      if (fact.component !== undefined) return fact.component;
      if (fact.entities['component']) return { type: 'entity', ref: fact.entities['component'] };
      return fact.attributes['component'];
    default:
      return fact[name as 'id' | 'signature' | 'title' | 'text' | 'layer' | 'severity' | 'certainty' | 'observed'];
  }
}

function entityMember(ref: EntityRef, name: string, run: Run): Value | undefined {
  const full = nameOf(ref);
  const slash = full.lastIndexOf('/');
  if (name === 'id') return ref;
  if (name === 'kind') return ref.slice(0, ref.indexOf('/'));
  if (name === 'name') return full.slice(slash + 1);
  if (name === 'namespace') return slash < 0 ? undefined : full.slice(0, slash);
  const attribute = run.env.attribute(ref, name);
  const related = run.env.related(ref, name);
  if (related && related.length > 0) {
    return oneOrMany(
      related.map((entity) => ({ type: 'entity', ref: entity })),
      name,
    );
  }
  if (attribute !== undefined) return fromCell(attribute, name);
  const singular = ['ies', 'es', 's'].flatMap((ending) =>
    name.endsWith(ending) ? [`${name.slice(0, -ending.length)}${ending === 'ies' ? 'y' : ''}`] : [],
  );
  for (const kind of singular) {
    const many = plural(kind) === name ? run.env.related(ref, kind) : undefined;
    if (many) {
      return listOf(
        many.map((entity) => ({ type: 'entity', ref: entity })),
        name,
      );
    }
  }
  return undefined;
}

function oneOrMany(values: readonly Value[], label: string): Value {
  return values.length === 1 ? (values[0] as Value) : listOf(values, label);
}

function distinct(values: readonly Value[]): Value[] {
  const seen = new Map<string, Value>();
  for (const item of values) {
    const key = isFact(item) ? item.id : keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

/** Functions that give a value. */
function called(expr: Extract<Expr, { op: 'call' }>, run: Run): Value {
  const { env } = run;
  const argument = (index: number): Value => {
    const of = expr.args[index];
    return of ? value(of, run) : unknown(`${expr.name} lacks an argument`);
  };
  switch (expr.name) {
    case 'find': {
      const names = expr.args.flatMap((of) => (of.op === 'string' ? [of.value] : []));
      return listOf(env.find(names), `facts of ${names.join(', ')}`, env.provable(names, env.vars));
    }
    case 'rows': {
      const kind = textOf(argument(0)) ?? '';
      return listOf(env.rows(kind), `rows of ${kind}`, env.listed(kind));
    }
    case 'setting': {
      const key = textOf(argument(0)) ?? '';
      const found = env.setting(key);
      return found === undefined ? unknown(`the setting ${key} is not in the bundle`) : fromCell(found, key);
    }
    case 'distinct': {
      const list = argument(0);
      return isList(list) ? { ...list, items: distinct(list.items) } : list;
    }
    case 'onset': {
      const found = timeOf(argument(0), written(expr, run));
      return typeof found === 'string' ? unknown(found) : { ...found, end: undefined };
    }
    case 'age': {
      const row = argument(0);
      return isRow(row) ? memberOf(row, 'ageMs', expr, run) : unknown(`${written(expr, run)} is not known`);
    }
    default: {
      const found = ask(expr, run);
      if (!found) return unknown(`${expr.name} is no function`);
      return found.value === 'unknown' ? unknown(found.missing ?? found.why()) : found.value;
    }
  }
}

/** Functions that give true, false or unknown; undefined for the others. */
function ask(expr: Extract<Expr, { op: 'call' }>, run: Run): Outcome | undefined {
  const { env } = run;
  const [first, second] = expr.args;
  const text = written(expr, run);
  const answer = (holds: Tri, yes: string, no: string): Outcome =>
    outcome(holds, () => (holds === true ? yes : holds === false ? no : `${text} cannot be told`), NONE, text);
  switch (expr.name) {
    case 'known': {
      const worth = first ? value(first, run) : unknown('');
      return answer(!isUnknown(worth), `${text} holds`, `${first ? written(first, run) : ''} is not known`);
    }
    case 'up':
    case 'down': {
      const worth = first ? value(first, run) : unknown('');
      const name = componentOf(worth);
      if (name === undefined) return outcome('unknown', () => `${text} cannot be told`, NONE, text);
      return answer(env[expr.name](name), `${name} is ${expr.name}`, `${name} is not ${expr.name}`);
    }
    case 'covered': {
      const source = first ? textOf(value(first, run)) : undefined;
      const scope = second ? textOf(value(second, run)) : undefined;
      if (source === undefined || (second && scope === undefined)) {
        return outcome('unknown', () => `${text} cannot be told`, NONE, text);
      }
      return answer(env.covered(source, scope), `${source} was collected`, `${source} was not collected`);
    }
    case 'same':
    case 'linked':
    case 'requires':
    case 'mentions':
      return relate(expr, run);
    default:
      return undefined;
  }
}

function relate(expr: Extract<Expr, { op: 'call' }>, run: Run): Outcome {
  const { env } = run;
  const [left, right] = expr.args.slice(0, 2).map((of) => value(of, run));
  const text = written(expr, run);
  for (const side of [left, right]) {
    if (side === undefined || isUnknown(side)) {
      const why = side && isUnknown(side) ? side.why : text;
      return outcome('unknown', () => why, NONE, why);
    }
  }
  const a = left as Value;
  const b = right as Value;
  const holds = anyOf(a, (x) => anyOf(b, (y) => single(x, y)));
  return outcome(
    holds,
    () => {
      if (holds === 'unknown') return `${text} cannot be told`;
      const not = holds ? '' : ' not';
      switch (expr.name) {
        case 'same':
          return holds ? `both are ${show(a)}` : `${show(a)} is not ${show(b)}`;
        case 'linked':
          return `${show(a)} is${not} linked to ${show(b)}`;
        case 'requires':
          return `${show(a)} ${holds ? 'needs' : 'does not need'} ${show(b)}`;
        default:
          return `the text of ${show(a)} ${holds ? 'names' : 'does not name'} ${show(b)}`;
      }
    },
    NONE,
    text,
  );

  function single(x: Value, y: Value): Tri {
    switch (expr.name) {
      case 'same':
        return equal(x, y);
      case 'mentions':
        return isFact(x) ? mentions(x, y) : 'unknown';
      case 'requires': {
        const who = componentOf(x);
        const needs = componentOf(y);
        return who === undefined || needs === undefined ? 'unknown' : env.requires(who, needs);
      }
      default: {
        const from = refOf(x);
        const to = refOf(y);
        const relation = expr.args[2]?.op === 'string' ? expr.args[2].value : undefined;
        return from === undefined || to === undefined ? 'unknown' : env.linked(from, to, relation);
      }
    }
  }
}

function refOf(worth: Value): EntityRef | undefined {
  if (typeof worth === 'object' && 'type' in worth && worth.type === 'entity') return worth.ref;
  return typeof worth === 'string' && worth.includes('/') ? (worth as EntityRef) : undefined;
}

function componentOf(worth: Value): string | undefined {
  return isFact(worth) ? worth.component : textOf(worth);
}

/** Does a fact's own text name this value, as a word of its own? */
function mentions(fact: Fact, wanted: Value): Tri {
  const name = textOf(wanted);
  if (name === undefined || name === '') return 'unknown';
  const names = [name, ...(typeOf(wanted) === 'entity' ? [name.slice(name.lastIndexOf('/') + 1)] : [])];
  const texts = [fact.text, ...fact.evidence.map((piece) => piece.quote)];
  if (texts.some((line) => names.some((spelling) => hasWord(line, spelling)))) return true;
  return fact.text.length >= FACT_TEXT ? 'unknown' : false;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + word.length, at + word.length + 2);
    if (!/(?:[\p{L}\p{N}_]|\d\.)$/u.test(before) && !/^(?:[\p{L}\p{N}_]|\.\d)/u.test(after)) return true;
  }
  return false;
}
