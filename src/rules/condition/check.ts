import { ENTITY_KINDS } from '../../model/layer.ts';
import { didYouMean } from '../../text/suggest.ts';
import { patternProblems } from '../pattern.ts';
import { type AttributeType, anyRowAttribute, rowAttributes } from '../row-attributes.ts';
import type { ConditionProblem, Expr } from './ast.ts';

/**
 * Names and types of a condition, against what its rule can see.
 *
 * A capture is text that may hold a number, so it has type `any`: it compares with everything. A member must exist on
 * at least one signature that the variable may stand for; where it is absent on a fact, evaluation says unknown.
 */

export type Type =
  | { readonly is: 'bool' | 'number' | 'duration' | 'text' | 'time' | 'regex' | 'entity' | 'any' }
  /** Facts of these ids, tags or globs; undefined: of any signature. */
  | { readonly is: 'fact'; readonly names?: readonly string[] }
  | { readonly is: 'row'; readonly kind: string }
  | { readonly is: 'list'; readonly of: Type };

/** What a rule's conditions may name. */
export interface Scope {
  readonly variables: Readonly<Record<string, Type>>;
  readonly vocabulary: Vocabulary;
}

export interface Vocabulary {
  /** Signature ids behind an id, tag or glob; undefined when there is no such thing. */
  resolve(name: string): readonly string[] | undefined;
  /** Ids and tags, for suggestions. */
  readonly names: readonly string[];
  /** Members of a signature's facts besides the fields of every fact. */
  members(signature: string): ReadonlyMap<string, MemberType>;
  readonly components: readonly string[];
}

export type MemberType = AttributeType | 'entity' | 'time';

/** Fields that every fact has. */
export const FACT_FIELDS: Readonly<Record<string, Type['is']>> = {
  id: 'text',
  signature: 'text',
  title: 'text',
  summary: 'text',
  text: 'text',
  component: 'text',
  layer: 'text',
  severity: 'text',
  polarity: 'text',
  nature: 'text',
  initiates: 'text',
  certainty: 'number',
  observed: 'bool',
  count: 'number',
  onset: 'time',
  lastSeen: 'time',
  ended: 'time',
};

/** Roles that any fact may have: they come with the record or its joins. */
export const COMMON_ROLES: readonly string[] = ['node', 'pod', 'namespace', 'workload', 'container', 'process', 'boot'];

const ENTITY_FIELDS: readonly string[] = ['id', 'kind', 'name', 'namespace'];
const HOPS: ReadonlySet<string> = new Set(ENTITY_KINDS.flatMap((kind) => [kind, plural(kind)]));
const RELATIONS: readonly string[] = [
  ...['runs-on', 'part-of', 'owned-by', 'selects', 'backs', 'mounts', 'binds', 'serves', 'resolves-with', 'pulls-from'],
  ...['calls', 'reconciles', 'depends-on'],
];

export function plural(role: string): string {
  return role.endsWith('s') || role.endsWith('x')
    ? `${role}es`
    : role.endsWith('y')
      ? `${role.slice(0, -1)}ies`
      : `${role}s`;
}

/** With the number of arguments; docs/conditions.md has each (a test compares the two). */
export const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  find: [1, 32],
  rows: [1, 1],
  same: [2, 2],
  linked: [2, 3],
  requires: [2, 2],
  up: [1, 1],
  down: [1, 1],
  setting: [1, 1],
  covered: [1, 2],
  mentions: [2, 2],
  known: [1, 1],
  distinct: [1, 1],
  onset: [1, 1],
  age: [1, 1],
};

const BOOL: Type = { is: 'bool' };
const ANY: Type = { is: 'any' };
const NUMBER: Type = { is: 'number' };
const TEXT: Type = { is: 'text' };
const ENTITY: Type = { is: 'entity' };

function ofAttribute(type: MemberType): Type {
  switch (type) {
    case 'boolean':
      return BOOL;
    case 'list':
      return { is: 'list', of: TEXT };
    case 'any':
    case 'text':
    case 'number':
    case 'duration':
    case 'entity':
    case 'time':
      return { is: type };
  }
}

/** Problems of a parsed condition; none when it may be evaluated in that scope. */
export function checkCondition(expr: Expr, scope: Scope): ConditionProblem[] {
  const problems: ConditionProblem[] = [];
  const { vocabulary } = scope;
  const say = (at: Expr, message: string): void => {
    problems.push({ offset: at.at[0], message });
  };

  function truth(of: Expr, variables: Readonly<Record<string, Type>>): void {
    const type = typeOf(of, variables);
    if (type.is !== 'bool' && type.is !== 'any') say(of, `a condition is needed here, this is ${describe(type)}`);
  }

  function listType(of: Expr, variables: Readonly<Record<string, Type>>): Type {
    const type = typeOf(of, variables);
    if (type.is === 'list') return type.of;
    if (type.is !== 'any') say(of, `a list is needed here, this is ${describe(type)}`);
    return ANY;
  }

  function typeOf(of: Expr, variables: Readonly<Record<string, Type>>): Type {
    switch (of.op) {
      case 'number':
        return NUMBER;
      case 'duration':
        return { is: 'duration' };
      case 'string':
        return TEXT;
      case 'regex':
        for (const problem of patternProblems(of.source)) {
          problems.push({ offset: of.at[0] + 1 + problem.offset, message: problem.message });
        }
        return { is: 'regex' };
      case 'constant':
        return BOOL;
      case 'list': {
        const types = of.items.map((item) => typeOf(item, variables));
        return { is: 'list', of: types[0] ?? ANY };
      }
      case 'name': {
        const type = variables[of.name];
        if (type) return type;
        const known = Object.keys(variables);
        const hint = Object.hasOwn(FUNCTIONS, of.name) ? ' (a function needs brackets)' : didYouMean(of.name, known);
        say(of, `unknown name "${of.name}"${hint}; here are ${known.join(', ') || 'no names'}`);
        return ANY;
      }
      case 'member':
        return memberOf(typeOf(of.of, variables), of);
      case 'call':
        return callType(of, variables);
      case 'and':
      case 'or':
        for (const item of of.items) truth(item, variables);
        return BOOL;
      case 'not':
        truth(of.of, variables);
        return BOOL;
      case 'quantified': {
        const item = listType(of.of, variables);
        if (variables[of.variable]) say(of, `"${of.variable}" is already a name here`);
        if (of.where) truth(of.where, { ...variables, [of.variable]: item });
        return BOOL;
      }
      case 'count': {
        const item = listType(of.of, variables);
        if (variables[of.variable]) say(of, `"${of.variable}" is already a name here`);
        const inner = { ...variables, [of.variable]: item };
        if (of.by) typeOf(of.by, inner);
        if (of.where) truth(of.where, inner);
        return NUMBER;
      }
      case 'compare':
        compareTypes(of, variables);
        return BOOL;
      case 'time':
        timeTypes(of, variables);
        return BOOL;
      case 'sum': {
        const types = of.terms.map((term) => typeOf(term.of, variables));
        const wrong = types.findIndex((type) => !['number', 'duration', 'time', 'any'].includes(type.is));
        if (wrong >= 0)
          say((of.terms[wrong] as { of: Expr }).of, `cannot add or subtract ${describe(types[wrong] as Type)}`);
        return types.find((type) => type.is === 'time') ?? types.find((type) => type.is !== 'any') ?? ANY;
      }
    }
  }

  function memberOf(type: Type, at: Extract<Expr, { op: 'member' }>): Type {
    const { name } = at;
    if (type.is === 'any') return ANY;
    if (type.is === 'list') {
      const inner = memberOf(type.of, at);
      return inner.is === 'list' ? inner : { is: 'list', of: inner };
    }
    if (type.is === 'row') {
      return ofAttribute(rowAttributes(type.kind)?.get(name) ?? 'any');
    }
    if (type.is === 'entity') {
      if (ENTITY_FIELDS.includes(name)) return TEXT;
      if (HOPS.has(name))
        return (ENTITY_KINDS as readonly string[]).includes(name) ? ENTITY : { is: 'list', of: ENTITY };
      if (anyRowAttribute.has(name)) return ANY;
      say(at, `an entity has no member "${name}"${didYouMean(name, [...ENTITY_FIELDS, ...HOPS, ...anyRowAttribute])}`);
      return ANY;
    }
    if (type.is === 'fact') return factMember(type.names, at);
    say(at, `${describe(type)} has no members`);
    return ANY;
  }

  function factMember(names: readonly string[] | undefined, at: Extract<Expr, { op: 'member' }>): Type {
    const { name } = at;
    const field = FACT_FIELDS[name];
    if (field !== undefined && field !== 'fact' && field !== 'row' && field !== 'list') return { is: field };
    const signatures = names?.flatMap((wanted) => vocabulary.resolve(wanted) ?? []);
    const known = new Set<string>([...Object.keys(FACT_FIELDS), ...COMMON_ROLES]);
    const types = new Set<MemberType>();
    for (const signature of signatures ?? []) {
      for (const [member, type] of vocabulary.members(signature)) {
        known.add(member);
        if (type === 'entity') known.add(plural(member));
        if (member === name) types.add(type);
        if (type === 'entity' && plural(member) === name) types.add('list');
      }
    }
    if (types.size === 1) {
      const only = [...types][0] as MemberType;
      // A plural is the list of entities of that role over all members of the fact.
      return only === 'list' && !COMMON_ROLES.includes(name) ? { is: 'list', of: ENTITY } : ofAttribute(only);
    }
    if (types.size > 1) return ANY;
    if (COMMON_ROLES.includes(name)) return ENTITY;
    if (COMMON_ROLES.some((role) => plural(role) === name)) return { is: 'list', of: ENTITY };
    if (signatures === undefined || signatures.length === 0) return ANY;
    say(at, `no fact of ${(names ?? []).join(', ')} has a member "${name}"${didYouMean(name, known)}`);
    return ANY;
  }

  function callType(of: Extract<Expr, { op: 'call' }>, variables: Readonly<Record<string, Type>>): Type {
    const arity = Object.hasOwn(FUNCTIONS, of.name) ? FUNCTIONS[of.name] : undefined;
    if (!arity) {
      say(of, `unknown function "${of.name}"${didYouMean(of.name, Object.keys(FUNCTIONS))}`);
      return ANY;
    }
    const [least, most] = arity;
    if (of.args.length < least || of.args.length > most) {
      say(of, `${of.name}() takes ${least === most ? least : `${least} to ${most}`} arguments, not ${of.args.length}`);
      return resultOf(of, [ANY]);
    }
    const types = of.args.map((argument) => typeOf(argument, variables));
    const literal = (index: number): string | undefined => {
      const argument = of.args[index];
      return argument?.op === 'string' ? argument.value : undefined;
    };
    const wantsText = (index: number): void => {
      const argument = of.args[index];
      if (argument && argument.op !== 'string') say(argument, `${of.name}() takes a text in quotes here`);
    };
    const wantsFact = (index: number): void => {
      const type = types[index];
      if (type && type.is !== 'fact' && type.is !== 'any')
        say(of.args[index] as Expr, `${of.name}() takes a fact here`);
    };
    switch (of.name) {
      case 'find':
        of.args.forEach((argument, index) => {
          wantsText(index);
          const name = literal(index);
          if (name !== undefined && vocabulary.resolve(name) === undefined) {
            say(argument, `no signature or tag is called "${name}"${didYouMean(name, vocabulary.names)}`);
          }
        });
        break;
      case 'rows':
      case 'setting':
        wantsText(0);
        break;
      case 'up':
      case 'down': {
        const name = literal(0);
        if (name !== undefined) component(of.args[0] as Expr, name);
        break;
      }
      case 'requires':
        of.args.forEach((argument) => {
          if (argument.op === 'string') component(argument, argument.value);
        });
        break;
      case 'linked': {
        const relation = literal(2);
        if (of.args[2]) wantsText(2);
        if (relation !== undefined && !RELATIONS.includes(relation)) {
          say(of.args[2] as Expr, `unknown relation "${relation}"${didYouMean(relation, RELATIONS)}`);
        }
        break;
      }
      case 'mentions':
      case 'onset':
        wantsFact(0);
        break;
      case 'age':
        if (types[0]?.is !== 'row' && types[0]?.is !== 'any') say(of, 'age() takes a row');
        break;
      case 'distinct':
        if (types[0]?.is !== 'list' && types[0]?.is !== 'any') say(of, 'distinct() takes a list');
        break;
      default:
        break;
    }
    return resultOf(of, types);
  }

  function component(at: Expr, name: string): void {
    if (!vocabulary.components.includes(name)) {
      say(at, `unknown component "${name}"${didYouMean(name, vocabulary.components)}`);
    }
  }

  function compareTypes(of: Extract<Expr, { op: 'compare' }>, variables: Readonly<Record<string, Type>>): void {
    const left = typeOf(of.left, variables);
    const right = typeOf(of.right, variables);
    if (of.operator === 'matches') {
      if (right.is !== 'regex') say(of.right, '"matches" takes a pattern between slashes');
      const inner = left.is === 'list' ? left.of : left;
      if (!['text', 'entity', 'any'].includes(inner.is))
        say(of.left, `"matches" needs a text, this is ${describe(left)}`);
      return;
    }
    if (right.is === 'regex' || left.is === 'regex') {
      say(of, 'a pattern can only stand after "matches"');
      return;
    }
    if (of.operator === 'in') {
      if (right.is === 'list') mustCompare(of, left, right.of);
      else if (right.is !== 'any') say(of.right, `"in" needs a list, this is ${describe(right)}`);
      return;
    }
    if (of.operator !== '==' && of.operator !== '!=') {
      for (const [type, at] of [
        [left, of.left],
        [right, of.right],
      ] as const) {
        const inner = type.is === 'list' ? type.of : type;
        if (!['number', 'duration', 'any'].includes(inner.is)) {
          say(at, `"${of.operator}" compares numbers and durations, this is ${describe(type)}`);
          return;
        }
      }
    }
    mustCompare(of, left.is === 'list' ? left.of : left, right.is === 'list' ? right.of : right);
  }

  function mustCompare(at: Extract<Expr, { op: 'compare' }>, left: Type, right: Type): void {
    if (left.is === 'any' || right.is === 'any' || left.is === right.is) return;
    const words = new Set([left.is, right.is]);
    if (words.has('text') && words.has('entity')) return;
    // Cells such as `ageMs` hold milliseconds and may be compared with a written number of them.
    const written = left.is === 'number' ? at.left : at.right;
    if (words.has('duration') && words.has('number') && written.op === 'number') return;
    say(at, `cannot compare ${describe(left)} with ${describe(right)}`);
  }

  function timeTypes(of: Extract<Expr, { op: 'time' }>, variables: Readonly<Record<string, Type>>): void {
    for (const side of [of.left, of.right]) {
      const type = typeOf(side, variables);
      if (!['fact', 'time', 'any'].includes(type.is)) {
        say(side, `"${of.relation}" compares facts and times, this is ${describe(type)}`);
      }
    }
    if (!of.window) {
      if (of.relation === 'near') say(of, '"near" needs a window: near [10m] x');
      return;
    }
    for (const bound of [of.window.least, of.window.greatest]) {
      if (bound === undefined || bound === 'any') continue;
      const type = typeOf(bound, variables);
      const zero = bound.op === 'number' && bound.value === 0;
      if (type.is !== 'duration' && type.is !== 'any' && !zero) say(bound, 'a window is made of durations');
    }
  }

  truth(expr, scope.variables);
  return problems;
}

function resultOf(of: Extract<Expr, { op: 'call' }>, types: readonly Type[]): Type {
  switch (of.name) {
    case 'find':
      return {
        is: 'list',
        of: { is: 'fact', names: of.args.flatMap((argument) => (argument.op === 'string' ? [argument.value] : [])) },
      };
    case 'rows':
      return { is: 'list', of: { is: 'row', kind: of.args[0]?.op === 'string' ? of.args[0].value : '' } };
    case 'setting':
      return ANY;
    case 'distinct':
      return types[0]?.is === 'list' ? types[0] : { is: 'list', of: ANY };
    case 'onset':
      return { is: 'time' };
    case 'age':
      return { is: 'duration' };
    default:
      return BOOL;
  }
}

function describe(type: Type): string {
  switch (type.is) {
    case 'bool':
      return 'a condition';
    case 'list':
      return `a list of ${type.of.is === 'any' ? 'values' : `${type.of.is}s`}`;
    case 'text':
      return 'a text';
    case 'any':
      return 'a value';
    case 'entity':
      return 'an entity';
    case 'regex':
      return 'a pattern';
    default:
      return `a ${type.is}`;
  }
}
