import type { EntityRef, Fact } from '../model/index.ts';
import type { Link } from '../rules/schema.ts';

export type LinkedFn = (a: EntityRef, b: EntityRef, type?: string) => 'certain' | 'probable' | 'candidate' | undefined;

export interface JoinVerdict {
  /** undefined: the two concern different things. */
  readonly factor: number | undefined;
  readonly why: string;
}

const VOLUME_ROLES = ['volume', 'claim', 'device', 'mount', 'nfs-server', 'storage-class'] as const;
/** Kinds that most facts of a bundle share: they join nothing by themselves. */
const COMMON = new Set(['node', 'cluster', 'namespace', 'component']);

/** Every reference of one entity kind that a fact or one of its members concerns. */
export function refsOf(fact: Fact, kinds: readonly string[]): ReadonlySet<EntityRef> {
  const found = new Set<EntityRef>();
  const collect = (entities: Readonly<Record<string, EntityRef>>) => {
    for (const entity of Object.values(entities)) {
      if (kinds.includes(entity.slice(0, entity.indexOf('/')))) found.add(entity);
    }
  };
  collect(fact.entities);
  for (const member of fact.members) collect(member.entities);
  return found;
}

/** Kinds whose names begin with their namespace. */
const NAMESPACED: ReadonlySet<string> = new Set([
  'pod',
  'workload',
  'service',
  'claim',
  'helm-release',
  'kustomization',
  'git-source',
]);
const PLACES = new WeakMap<Fact, Map<string, ReadonlySet<EntityRef>>>();

/** Where a fact and its members are, for a scope; what has a namespace in its name is in that namespace. */
export function placesOf(fact: Fact, scope: Link['scope']): ReadonlySet<EntityRef> {
  const known = PLACES.get(fact) ?? new Map<string, ReadonlySet<EntityRef>>();
  PLACES.set(fact, known);
  let places = known.get(scope);
  if (!places) {
    places = refsOf(fact, scope === 'volume' ? VOLUME_ROLES : [scope]);
    if (scope === 'namespace') {
      const named = [...refsOf(fact, [...NAMESPACED])].flatMap((ref) => {
        const parts = ref.split('/');
        return parts.length > 2 && parts[1] ? [`namespace/${parts[1]}` as EntityRef] : [];
      });
      places = new Set([...places, ...named]);
    }
    known.set(scope, places);
  }
  return places;
}

function shared(a: ReadonlySet<EntityRef>, b: ReadonlySet<EntityRef>): EntityRef | undefined {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  for (const entity of few) if (many.has(entity)) return entity;
  return undefined;
}

/** Does the scope of a link hold between two facts, and how surely? */
export function judgeScope(scope: Link['scope'], cause: Fact, effect: Fact, linked: LinkedFn): JoinVerdict {
  if (scope === 'any') return { factor: 1, why: 'no scope is asked' };
  if (scope === 'component') {
    if (!cause.component || !effect.component)
      return { factor: 0.75, why: 'the component of one of them is not known' };
    return cause.component === effect.component
      ? { factor: 1, why: `both concern ${cause.component}` }
      : { factor: undefined, why: `${cause.component} is not ${effect.component}` };
  }
  if (scope === 'cluster') {
    const common = sharedSpecific(cause, effect);
    return common ? { factor: 1, why: `both concern ${common}` } : { factor: 0.85, why: 'one cluster is assumed' };
  }
  const left = placesOf(cause, scope);
  const right = placesOf(effect, scope);
  const common = shared(left, right);
  if (common) return { factor: 1, why: `both concern ${common}` };
  if (left.size === 0 || right.size === 0) {
    const related = scope === 'volume' ? relatedAcross(cause, effect, linked) : undefined;
    if (related) return related;
    const apart = scope === 'pod' || scope === 'namespace' ? nodesApart(cause, effect) : undefined;
    if (apart) return apart;
    return { factor: 0.75, why: `the ${scope} of one of them is not known` };
  }
  for (const a of left) {
    for (const b of right) {
      const strength = linked(a, b);
      if (strength)
        return {
          factor: strength === 'certain' ? 1 : strength === 'probable' ? 0.9 : 0.75,
          why: `${a} is joined to ${b}`,
        };
    }
  }
  return { factor: undefined, why: `${[...left][0]} is not ${[...right][0]}` };
}

/** Whatever pod or namespace is not known: what was seen on other nodes only is not the same thing. */
function nodesApart(cause: Fact, effect: Fact): JoinVerdict | undefined {
  const left = placesOf(cause, 'node');
  const right = placesOf(effect, 'node');
  if (left.size === 0 || right.size === 0 || shared(left, right)) return undefined;
  return { factor: undefined, why: `${[...left][0]} is not ${[...right][0]}` };
}

/** A volume fact and a pod fact meet over claims and mounts. */
function relatedAcross(cause: Fact, effect: Fact, linked: LinkedFn): JoinVerdict | undefined {
  for (const a of Object.values(cause.entities)) {
    for (const b of Object.values(effect.entities)) {
      if (COMMON.has(a.slice(0, a.indexOf('/'))) || COMMON.has(b.slice(0, b.indexOf('/')))) continue;
      const strength = linked(a, b);
      if (strength) return { factor: strength === 'certain' ? 1 : 0.9, why: `${a} is joined to ${b}` };
    }
  }
  return undefined;
}

/** An entity that both name and that is more telling than a node or a namespace. */
function sharedSpecific(a: Fact, b: Fact): EntityRef | undefined {
  const left = specific(a);
  for (const entity of specific(b)) if (left.has(entity)) return entity;
  return undefined;
}

const SPECIFIC = new WeakMap<Fact, ReadonlySet<EntityRef>>();

function specific(fact: Fact): ReadonlySet<EntityRef> {
  const known = SPECIFIC.get(fact);
  if (known) return known;
  const found = new Set<EntityRef>();
  const collect = (entities: Readonly<Record<string, EntityRef>>) => {
    for (const entity of Object.values(entities))
      if (!COMMON.has(entity.slice(0, entity.indexOf('/')))) found.add(entity);
  };
  collect(fact.entities);
  for (const member of fact.members.slice(0, 200)) collect(member.entities);
  SPECIFIC.set(fact, found);
  return found;
}
