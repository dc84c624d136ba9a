import type { EntityRef, Fact, RowValue } from '../model/index.ts';
import type { Condition } from '../rules/condition/ast.ts';
import { type Env, envOf, type Tri } from '../rules/condition/env.ts';
import { evaluate, type Verdict } from '../rules/condition/evaluate.ts';
import type { DependencyModel, Signature } from '../rules/schema.ts';
import { type EntityIndex, kindOf, nameOf } from './entities.ts';
import type { ClusterState } from './state.ts';

export interface EnvSources {
  readonly facts: readonly Fact[];
  readonly state: ClusterState;
  readonly index: EntityIndex;
  readonly model: DependencyModel;
  readonly signatures: ReadonlyMap<string, Signature>;
  /** Signature ids behind an id, tag or glob. */
  readonly resolve: (name: string) => readonly string[];
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
    find: (names) =>
      names
        .flatMap((name) => known.resolve(name))
        .filter((id, at, all) => all.indexOf(id) === at)
        .flatMap((id) => bySignature.get(id) ?? []),
    provable: (names, vars) => {
      const node = nodeOf(vars);
      const verdicts = names
        .flatMap((name) => known.resolve(name))
        .map((id) => provable(known.signatures.get(id), known.state, node));
      return verdicts.length > 0 && verdicts.every((verdict) => verdict === true) ? true : 'unknown';
    },
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

/** Would facts of a signature have been seen? Only where its sources were read. */
function provable(signature: Signature | undefined, state: ClusterState, node: string | undefined): Tri {
  if (!signature) return 'unknown';
  if (signature.kind === 'row')
    return state.listings.some((listing) => listing.kind === signature.rows && listing.complete) ? true : 'unknown';
  if (signature.kind === 'log' || signature.kind === 'kube-event') {
    if (signature.sources.length === 0) return 'unknown';
    return signature.sources.some((source) => state.covered(source, node) === true) ? true : 'unknown';
  }
  return 'unknown';
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
