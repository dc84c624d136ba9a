import type { EntityRef, Fact, RowValue, Span } from '../model/index.ts';
import type { Condition } from '../rules/condition/ast.ts';
import { type Env, envOf, type Tri } from '../rules/condition/env.ts';
import { evaluate, type Verdict } from '../rules/condition/evaluate.ts';
import type { DependencyModel, Signature } from '../rules/schema.ts';
import type { ClockOffset } from '../time/clock-offset.ts';
import { isShown } from './absence.ts';
import { type EntityIndex, kindOf, nameOf } from './entities.ts';
import type { ClusterState } from './state.ts';

/** Derived facts rest on derived facts no deeper than this. */
const MOST_DERIVED = 3;

export interface EnvSources {
  readonly facts: readonly Fact[];
  readonly state: ClusterState;
  readonly index: EntityIndex;
  readonly model: DependencyModel;
  readonly signatures: ReadonlyMap<string, Signature>;
  /** Signature ids behind an id, tag or glob. */
  readonly resolve: (name: string) => readonly string[];
  /** How far two clocks may be apart; as assumed when absent. */
  readonly offset?: ClockOffset;
}

const KIND_ROWS: Readonly<Record<string, string>> = {
  pod: 'Pod',
  node: 'Node',
  service: 'Service',
  volume: 'PersistentVolume',
  claim: 'PersistentVolumeClaim',
  'storage-class': 'StorageClass',
};

/** Answers the questions of conditions from facts, rows, relations and the dependency model. */
export function bundleEnv(known: EnvSources): (vars: Env['vars']) => Env {
  const bySignature = new Map<string, Fact[]>();
  for (const fact of known.facts) {
    const list = bySignature.get(fact.signature);
    if (list) list.push(fact);
    else bySignature.set(fact.signature, [fact]);
  }
  const needs = new Map<string, Set<string>>();
  for (const { who, needs: what } of known.model.requires) {
    const list = needs.get(who) ?? new Set();
    list.add(what);
    needs.set(who, list);
  }
  const neighbours = new Map<EntityRef, Set<EntityRef>>();
  for (const { from, to } of known.index.relations) {
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      const list = neighbours.get(a) ?? new Set();
      list.add(b);
      neighbours.set(a, list);
    }
  }
  const up = (role: string): Tri => known.state.up(role);
  const down = (role: string): Tri => {
    const state = known.state.up(role);
    return state === 'unknown' ? 'unknown' : !state;
  };
  const base = envOf({
    vars: {},
    ...(known.offset && { offset: known.offset }),
    find: (names) =>
      names
        .flatMap((name) => known.resolve(name))
        .filter((id, at, all) => all.indexOf(id) === at)
        .flatMap((id) => bySignature.get(id) ?? []),
    provable: (names, vars) => provable(names, { ...known, node: nodeOf(vars), times: timesOf(vars) }),
    rows: (kind) => known.state.rows(kind).map((row) => row.row),
    listed: (kind) =>
      known.state.listings.some((listing) => listing.kind === kind && listing.complete) ? true : 'unknown',
    covered: (source, scope) => known.state.covered(source, scope),
    up,
    down,
    setting: (key) => known.state.setting(key),
    linked: (a, b, relation) => (known.index.linked(a, b, relation) ? true : 'unknown'),
    requires: (a, b) => reaches(needs, a, b) || (needs.has(a) ? false : 'unknown'),
    related: (entity, kind) => {
      const near = neighbours.get(entity);
      if (!near) return undefined;
      const direct = [...near].filter((other) => kindOf(other) === kind);
      if (direct.length > 0) return direct;
      const second = [...near]
        .flatMap((other) => [...(neighbours.get(other) ?? [])])
        .filter((other) => kindOf(other) === kind);
      return second.length > 0 ? [...new Set(second)] : undefined;
    },
    attribute: (entity, name) => attributeOf(known.state, entity, name),
  });
  return (vars) => ({ ...base, vars });
}

function nodeOf(vars: Env['vars']): string | undefined {
  for (const value of Object.values(vars)) {
    const node = 'entities' in value ? value.entities['node'] : undefined;
    if (node) return nameOf(node);
  }
  return undefined;
}

function timesOf(vars: Env['vars']): Span[] {
  return Object.values(vars).flatMap((value) => ('onset' in value && value.onset ? [value.onset.at] : []));
}

interface Asked extends Pick<EnvSources, 'state' | 'signatures' | 'resolve'> {
  readonly node: string | undefined;
  readonly times: readonly Span[];
}

/**
 * Would facts of these names have been seen? Only where all their sources were read. What any program may write has no
 * source of its own: it is looked for in every log, beside those that the others need.
 */
function provable(names: readonly string[], asked: Asked, depth = 0): Tri {
  const ids = new Set(names.flatMap((name) => asked.resolve(name)));
  const signatures = [...ids].flatMap((id) => asked.signatures.get(id) ?? []);
  const named = signatures.filter((signature) => !isAnybodys(signature));
  if (named.length === 0 || signatures.length < ids.size) return 'unknown';
  if (!named.every((signature) => isProvable(signature, asked, depth))) return 'unknown';
  const isLogRead = () => asked.state.covered('*', asked.node, asked.times) === true;
  return named.length === signatures.length || isLogRead() ? true : 'unknown';
}

function isAnybodys(signature: Signature): boolean {
  return signature.kind === 'log' && signature.sources.length === 0;
}

function isProvable(signature: Signature, asked: Asked, depth: number): boolean {
  const { state, node, times } = asked;
  switch (signature.kind) {
    case 'row':
      return state.listings.some((listing) => listing.kind === signature.rows && listing.complete);
    case 'log':
      return signature.sources.some((source) => state.covered(source, node, times) === true);
    case 'absence':
      // A listing without it is no proof that it is there: what is missing in it may still be built in.
      return isShown(signature, state) || state.up(signature.subject.component) === true;
    case 'silence':
      return state.covered('*', node, times) === true;
    case 'restart':
      return signature.writers.some((writer) => state.covered(writer, node, times) === true);
    case 'derived':
      return depth < MOST_DERIVED && provable(signature.from, asked, depth + 1) === true;
    case 'kube-event':
      // Events are kept for an hour and then gone: that none is listed shows nothing.
      return false;
  }
}

function reaches(needs: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of needs.get(at) ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}

function attributeOf(state: ClusterState, entity: EntityRef, name: string): RowValue | undefined {
  const kind = KIND_ROWS[kindOf(entity)];
  if (!kind) return undefined;
  const wanted = nameOf(entity);
  const row = state
    .rows(kind)
    .find(
      ({ row: one }) =>
        wanted ===
        (one.values['namespace'] === undefined
          ? one.values['name']
          : `${one.values['namespace']}/${one.values['name']}`),
    );
  return row?.row.values[name];
}

/** Evaluates a rule's condition, named by rule id and property, against the bundle. */
export function judgeIn(
  env: (vars: Env['vars']) => Env,
  condition: (rule: string, property: string) => Condition | undefined,
): (rule: string, property: string, vars: Env['vars']) => Verdict {
  return (rule, property, vars) => {
    const compiled = condition(rule, property);
    return compiled
      ? evaluate(compiled, env(vars))
      : { value: 'unknown', why: `${rule} has no condition at ${property}`, facts: [] };
  };
}
