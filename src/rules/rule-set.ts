import { matchesGlob } from '../text/glob.ts';
import { byText } from '../text/order.ts';
import type { Condition } from './condition/ast.ts';
import type { MemberType, Vocabulary } from './condition/check.ts';
import { membersOf } from './members.ts';
import type { DependencyModel, IncidentRule, Link, MustOrders, Playbook, Roles, Signature, Tags } from './schema.ts';

/** Where a rule stands: path as given or relative to the built-in folder, line from 1. */
export interface RulePlace {
  readonly file: string;
  readonly line: number;
}

/** Key of a playbook in the table of places: it may be called like a signature or incident. */
export function playbookPlace(id: string): string {
  return `playbooks/${id}`;
}

/** Rules as data, defaults filled in, sorted by id: what the compiled library holds. */
export interface RuleData {
  readonly signatures: readonly Signature[];
  readonly links: readonly Link[];
  readonly incidents: readonly IncidentRule[];
  readonly playbooks: readonly Playbook[];
  readonly model: DependencyModel;
  readonly roles: Roles;
  readonly tags: Tags;
  readonly mustOrders: MustOrders;
  /** Ids of rules that a folder switched off: still known, never found. */
  readonly disabled: readonly string[];
  readonly files: Readonly<Record<string, RulePlace>>;
  /** Compiled conditions by `<rule id>#<property path>`; rules of the dependency model have the id `model`. */
  readonly conditions: Readonly<Record<string, Condition>>;
}

/** A literal of the scan, with the signatures whose lines hold it. */
export interface RuleLiteral {
  readonly text: string;
  readonly signatures: readonly string[];
}

export interface RuleSet {
  readonly signatures: readonly Signature[];
  readonly links: readonly Link[];
  readonly incidents: readonly IncidentRule[];
  readonly playbooks: readonly Playbook[];
  readonly model: DependencyModel;
  readonly roles: Roles;
  readonly tags: Tags;
  readonly mustOrders: MustOrders;
  readonly byId: ReadonlyMap<string, Signature>;
  readonly playbookById: ReadonlyMap<string, Playbook>;
  /** Signature ids behind an id, a tag (or both) or a glob such as `dns-*`; sorted, empty when there are none. */
  byTag(name: string): readonly string[];
  /** The same for several names, without repeats. */
  resolve(names: readonly string[]): readonly string[];
  /**
   * A compiled condition: `condition('some-link', 'when')`, `('some-link', 'supports.0')`,
   * `('some-incident', 'points.2.when')`, `('model', 'bypass.1.if')`. Undefined where the rule has none there.
   */
  condition(id: string, property: string): Condition | undefined;
  /** sha256 over the content: the same for any file order, folder and formatting. */
  readonly hash: string;
  readonly literals: readonly RuleLiteral[];
  readonly counts: {
    readonly signatures: number;
    readonly links: number;
    readonly incidents: number;
    readonly playbooks: number;
  };
  /** By id; playbooks by {@link playbookPlace}. */
  readonly files: ReadonlyMap<string, RulePlace>;
  readonly vocabulary: Vocabulary;
}

/** Names that rules may use, over a set of signatures. */
export function vocabularyOf(data: Pick<RuleData, 'signatures' | 'roles' | 'tags' | 'disabled'>): Vocabulary {
  const byId = new Map(data.signatures.map((signature) => [signature.id, signature]));
  const byTag = new Map<string, string[]>(data.tags.map((tag) => [tag.id, []]));
  for (const signature of data.signatures) {
    for (const tag of signature.tags) {
      const known = byTag.get(tag);
      if (known) known.push(signature.id);
      else byTag.set(tag, [signature.id]);
    }
  }
  const disabled = new Set(data.disabled);
  const ids = [...byId.keys()].sort(byText);
  const resolved = new Map<string, readonly string[] | undefined>();
  const members = new Map<string, ReadonlyMap<string, MemberType>>();

  function find(name: string): readonly string[] | undefined {
    if (name.includes('*') || name.includes('?')) {
      const found = new Set(ids.filter((id) => matchesGlob(id, name)));
      for (const [tag, own] of byTag) if (matchesGlob(tag, name)) for (const id of own) found.add(id);
      return found.size === 0 ? undefined : [...found].sort(byText);
    }
    const tagged = byTag.get(name);
    const found = new Set([...(byId.has(name) ? [name] : []), ...(tagged ?? [])]);
    return found.size > 0 || tagged || disabled.has(name) ? [...found].sort(byText) : undefined;
  }

  function resolve(name: string): readonly string[] | undefined {
    if (!resolved.has(name)) resolved.set(name, find(name));
    return resolved.get(name);
  }

  return {
    resolve,
    names: [...ids, ...byTag.keys()],
    members: (id) => {
      const known = members.get(id);
      if (known) return known;
      const signature = byId.get(id);
      const own = signature
        ? membersOf(signature, (name) => (resolve(name) ?? []).flatMap((found) => byId.get(found) ?? []))
        : new Map<string, MemberType>();
      members.set(id, own);
      return own;
    },
    components: data.roles.map((role) => role.role),
  };
}

export function buildRuleSet(data: RuleData, hash: string): RuleSet {
  const vocabulary = vocabularyOf(data);
  const byTag = (name: string): readonly string[] => vocabulary.resolve(name) ?? [];
  const conditions = new Map(Object.entries(data.conditions));
  return {
    signatures: data.signatures,
    links: data.links,
    incidents: data.incidents,
    playbooks: data.playbooks,
    model: data.model,
    roles: data.roles,
    tags: data.tags,
    mustOrders: data.mustOrders,
    byId: new Map(data.signatures.map((signature) => [signature.id, signature])),
    playbookById: new Map(data.playbooks.map((playbook) => [playbook.id, playbook])),
    byTag,
    resolve: (names) => [...new Set(names.flatMap(byTag))].sort(byText),
    condition: (id, property) => conditions.get(`${id}#${property}`),
    hash,
    literals: literalsOf(data.signatures),
    counts: {
      signatures: data.signatures.length,
      links: data.links.length,
      incidents: data.incidents.length,
      playbooks: data.playbooks.length,
    },
    files: new Map(Object.entries(data.files)),
    vocabulary,
  };
}

function literalsOf(signatures: readonly Signature[]): RuleLiteral[] {
  const owners = new Map<string, Set<string>>();
  for (const signature of signatures) {
    for (const anchor of anchorsOf(signature)) {
      const known = owners.get(anchor);
      if (known) known.add(signature.id);
      else owners.set(anchor, new Set([signature.id]));
    }
  }
  return [...owners]
    .map(([text, ids]) => ({ text, signatures: [...ids].sort(byText) }))
    .sort((a, b) => byText(a.text, b.text));
}

export function anchorsOf(signature: Signature): readonly string[] {
  if (signature.kind === 'log' || signature.kind === 'kube-event') return signature.match.anchors;
  return signature.kind === 'absence' ? (signature.alsoProvedBy?.anchors ?? []) : [];
}
