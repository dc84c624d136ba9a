import type { Judge } from '../correlation/index.ts';
import type { EntityIndex } from '../facts/entities.ts';
import { bundleEnv } from '../facts/env.ts';
import type { ClusterState, Tri } from '../facts/state.ts';
import type { EntityRef, Evidence, Fact, FactMember, Listing, RowValue } from '../model/index.ts';
import { evaluate } from '../rules/condition/evaluate.ts';
import type { RuleSet } from '../rules/rule-set.ts';

/** A fact that mutations may change. */
export interface Draft extends Omit<Fact, 'entities' | 'attributes' | 'members'> {
  entities: Record<string, EntityRef>;
  attributes: Record<string, string | number | boolean>;
  text: string;
  component?: string;
  count: number;
  onset?: NonNullable<Fact['onset']>;
  lastSeen?: NonNullable<Fact['lastSeen']>;
  ended?: NonNullable<Fact['ended']>;
  evidence: readonly Evidence[];
  members: (FactMember & { entities: Record<string, EntityRef>; attributes: Draft['attributes'] })[];
}

/** Everything that conditions can ask, as a mutation wants it. */
export interface World {
  readonly facts: Draft[];
  /** Answers for components by name. */
  readonly up: Map<string, boolean>;
  readonly settings: Map<string, RowValue>;
  /** Cells of entities, by `<ref> <attribute>`. */
  readonly cells: Map<string, RowValue>;
  /** Are any two entities joined; does any component need any other? */
  linked: boolean;
  requires: boolean;
  /** Was everything collected that could show what is asked for? */
  isCovered: boolean;
}

export function emptyWorld(): World {
  return {
    facts: [],
    up: new Map(),
    settings: new Map(),
    cells: new Map(),
    linked: false,
    requires: false,
    isCovered: true,
  };
}

export function draftOf(fact: Fact): Draft {
  return {
    ...fact,
    entities: { ...fact.entities },
    attributes: { ...fact.attributes },
    members: fact.members.map((member) => ({
      ...member,
      entities: { ...member.entities },
      attributes: { ...member.attributes },
    })),
  };
}

export function copyOf(world: World): World {
  return {
    ...world,
    facts: world.facts.map(draftOf),
    up: new Map(world.up),
    settings: new Map(world.settings),
    cells: new Map(world.cells),
  };
}

/** Conditions judged in a world, by the engine's own evaluation. */
export function judgeIn(world: World, rules: RuleSet): Judge {
  const env = bundleEnv({
    facts: world.facts,
    state: stateOf(world, rules),
    index: NO_INDEX,
    model: { requires: [], bypass: [] },
    signatures: rules.byId,
    resolve: rules.byTag,
  });
  return (rule, property, vars) => {
    const condition = rules.condition(rule, property);
    if (!condition) return { value: 'unknown', why: `${rule} has no condition at ${property}`, facts: [] };
    return evaluate(condition, {
      ...env(vars),
      linked: () => (world.linked ? true : 'unknown'),
      requires: () => (world.requires ? true : 'unknown'),
      attribute: (entity, name) => world.cells.get(`${entity} ${name}`),
    });
  };
}

const NO_INDEX: EntityIndex = {
  relations: [],
  conflicts: [],
  podOfId: () => undefined,
  podOfAddress: () => undefined,
  podsNamed: () => [],
  nodeOfPod: () => undefined,
  nodeName: (name) => name,
  podsOfTask: () => [],
  linked: () => undefined,
};

function stateOf(world: World, rules: RuleSet): ClusterState {
  const kinds = rules.signatures.flatMap((signature) =>
    signature.kind === 'row' ? [signature.rows] : signature.kind === 'absence' ? signature.listings : [],
  );
  const listings = [...new Set(kinds)].map(
    (kind): Listing => ({
      kind,
      namespace: 'all',
      complete: world.isCovered,
      rows: 1,
      source: 'listings',
      line: 1,
    }),
  );
  const tri: Tri = world.isCovered ? true : 'unknown';
  return {
    rows: () => [],
    listings,
    // What was collected shows every component, unless a mutation says more.
    up: (role) => world.up.get(role) ?? tri,
    listed: (wanted) => listings.find((listing) => listing.complete && wanted.includes(listing.kind)),
    setting: (key) => world.settings.get(key),
    covered: () => tri,
  };
}
