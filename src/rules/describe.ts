import { byText, firstOf } from '../text/order.ts';
import { playbookPlace, type RulePlace, type RuleSet } from './rule-set.ts';
import type { IncidentRule, Link, Playbook, Signature } from './schema.ts';

/** One line of `rules list`. */
export interface RuleSummary {
  readonly kind: 'signature' | 'link' | 'incident' | 'playbook';
  readonly id: string;
  readonly title: string;
  /** First folder below signatures/ or links/: `kernel`. Empty for the others. */
  readonly family: string;
  readonly file: string;
  readonly layer?: string;
  readonly severity?: string;
  readonly initiates?: string;
  readonly confidence?: string;
  readonly tags: readonly string[];
}

/** What `rules show` prints: the rule, where it stands and what it is joined with. */
export type RuleDescription = RulePlace & {
  readonly id: string;
  /** Links into and out of a signature; ids of the signatures behind a link's sides. */
  readonly causedBy: readonly string[];
  readonly canCause: readonly string[];
  readonly usedBy: readonly string[];
} & (
    | { readonly kind: 'signature'; readonly rule: Signature }
    | { readonly kind: 'link'; readonly rule: Link }
    | { readonly kind: 'incident'; readonly rule: IncidentRule }
    | { readonly kind: 'playbook'; readonly rule: Playbook }
  );

/** Every rule, by kind and id. */
export function listRules(ruleSet: RuleSet): RuleSummary[] {
  const common = (id: string, place: string = id): Pick<RuleSummary, 'id' | 'file' | 'family'> => {
    const file = ruleSet.files.get(place)?.file ?? '';
    return { id, file, family: /(?:signatures|links)\/([^/]+)\/[^/]+$/u.exec(file)?.[1] ?? '' };
  };
  const order = ['signature', 'link', 'incident', 'playbook'];
  const rules: RuleSummary[] = [
    ...ruleSet.signatures.map(
      ({ id, title, layer, severity, initiates, tags }): RuleSummary => ({
        kind: 'signature',
        ...common(id),
        title,
        layer,
        severity,
        initiates,
        tags,
      }),
    ),
    ...ruleSet.links.map(
      ({ id, mechanism, confidence }): RuleSummary => ({
        kind: 'link',
        ...common(id),
        title: mechanism,
        confidence,
        tags: [],
      }),
    ),
    ...ruleSet.incidents.map(({ id, title }): RuleSummary => ({ kind: 'incident', ...common(id), title, tags: [] })),
    ...ruleSet.playbooks.map(
      ({ id, title }): RuleSummary => ({ kind: 'playbook', ...common(id, playbookPlace(id)), title, tags: [] }),
    ),
  ];
  return rules.sort((a, b) => firstOf(order.indexOf(a.kind) - order.indexOf(b.kind), byText(a.id, b.id)));
}

/** A rule by id; `playbooks/<id>` for a playbook that is called like another rule. Undefined when there is none. */
export function describeRule(ruleSet: RuleSet, wanted: string): RuleDescription | undefined {
  const id = wanted.replace(/^playbooks\//u, '');
  if (id !== wanted) return describePlaybook(ruleSet, id);
  const place = ruleSet.files.get(id) ?? { file: '', line: 1 };
  const signature = ruleSet.byId.get(id);
  if (signature) {
    const names = (name: string): boolean => ruleSet.byTag(name).includes(id);
    return {
      kind: 'signature',
      id,
      ...place,
      rule: signature,
      causedBy: ruleSet.links.filter(({ effect }) => names(effect)).map((link) => link.id),
      canCause: ruleSet.links.filter(({ cause }) => names(cause)).map((link) => link.id),
      usedBy: ruleSet.incidents.filter(({ root }) => root.some(names)).map((incident) => incident.id),
    };
  }
  const link = ruleSet.links.find((one) => one.id === id);
  if (link) {
    const { cause, effect } = link;
    const rivals = ruleSet.links.filter(({ oneOf }) => oneOf !== undefined && oneOf === link.oneOf);
    return {
      kind: 'link',
      id,
      ...place,
      rule: link,
      causedBy: ruleSet.byTag(cause),
      canCause: ruleSet.byTag(effect),
      usedBy: rivals.map((rival) => rival.id).filter((rival) => rival !== id),
    };
  }
  const incident = ruleSet.incidents.find((one) => one.id === id);
  if (incident) {
    return {
      kind: 'incident',
      id,
      ...place,
      rule: incident,
      causedBy: ruleSet.resolve(incident.root),
      canCause: [],
      usedBy: [],
    };
  }
  return describePlaybook(ruleSet, id);
}

function describePlaybook(ruleSet: RuleSet, id: string): RuleDescription | undefined {
  const playbook = ruleSet.playbookById.get(id);
  if (!playbook) return undefined;
  const place = ruleSet.files.get(playbookPlace(id)) ?? { file: '', line: 1 };
  const usedBy = [
    ...ruleSet.signatures.filter(({ root }) => root?.playbook === id).map((one) => one.id),
    ...ruleSet.incidents.filter((one) => one.playbook === id).map((one) => one.id),
  ];
  return { kind: 'playbook', id, ...place, rule: playbook, causedBy: [], canCause: [], usedBy };
}
