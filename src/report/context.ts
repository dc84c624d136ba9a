import { importance } from '../model/importance.ts';
import type { Edge, Fact, IncidentGraph, Role, Span } from '../model/index.ts';
import type { Playbook, Roles, Signature } from '../rules/schema.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { ReportInput } from './input.ts';

/** Everything that the sections of one incident look things up in. */
export interface IncidentContext {
  readonly input: ReportInput;
  readonly incident: IncidentGraph;
  /** Of the incident, in display order. */
  readonly facts: readonly Fact[];
  /** Between facts of the incident, cause order. */
  readonly edges: readonly Edge[];
  readonly evidence: EvidenceIndex;
  readonly fact: (id: string) => Fact | undefined;
  readonly role: (fact: Fact) => Role;
  readonly tags: (fact: Fact) => readonly string[];
  readonly signature: (fact: Fact) => Signature | undefined;
  readonly playbook: (id: string | undefined) => Playbook | undefined;
  readonly roleTitle: (component: string) => string;
}

export function createContext(
  input: ReportInput,
  incident: IncidentGraph,
  facts: readonly Fact[],
  edges: readonly Edge[],
  evidence: EvidenceIndex,
): IncidentContext {
  const signatures = new Map(input.rules.signatures.map((signature) => [signature.id, signature]));
  const playbooks = new Map(input.rules.playbooks.map((playbook) => [playbook.id, playbook]));
  const titles = roleTitles(input.rules.roles);
  return {
    input,
    incident,
    facts,
    edges,
    evidence,
    fact: (id) => input.graph.facts.get(id),
    role: (fact) => (Object.hasOwn(incident.roles, fact.id) ? incident.roles[fact.id] : undefined) ?? 'unexplained',
    tags: (fact) => signatures.get(fact.signature)?.tags ?? [],
    signature: (fact) => signatures.get(fact.signature),
    playbook: (id) => (id === undefined ? undefined : playbooks.get(id)),
    roleTitle: (component) => titles.get(component) ?? component,
  };
}

function roleTitles(roles: Roles): Map<string, string> {
  return new Map(roles.map(({ role, title }) => [role, title]));
}

/** The named cause of the incident, unless the analysis abstains. */
export function namedHypothesis(context: IncidentContext) {
  const best = context.incident.hypotheses[0];
  return best === undefined || best.confidence === 'undetermined' ? undefined : best;
}

const REACHED: ReadonlySet<Role> = new Set(['root-cause', 'trigger', 'symptom', 'impact']);

/** Did the incident reach it? What the best hypothesis leads to over assumed edges only suffers, too. */
export function isReached(context: IncidentContext, fact: Fact): boolean {
  const role = context.role(fact);
  return REACHED.has(role) || (role === 'collateral' && namedHypothesis(context)?.explains.includes(fact.id) === true);
}

/** Best edge between two neighbours of a chain: start edges tell a story, hold edges a state. */
export function chainEdge(edges: readonly Edge[], from: string, to: string): Edge | undefined {
  return edges
    .filter((edge) => edge.from === from && edge.to === to)
    .sort((a, b) => Number(a.graph === 'hold') - Number(b.graph === 'hold') || b.weight - a.weight)[0];
}

/** The last failure of the main chain (a boot after it is not the worst), else the weightiest symptom. */
export function worstFact(context: IncidentContext): Fact | undefined {
  const chain = (namedHypothesis(context)?.chain ?? []).flatMap((id) => context.fact(id) ?? []);
  const end = chain.findLast(({ polarity }) => polarity === 'symptom' || polarity === 'condition');
  if (end) return end;
  return [...context.facts]
    .filter((fact) => isReached(context, fact) || context.role(fact) === 'unexplained')
    .sort((a, b) => importance(b) - importance(a))[0];
}

/** A time that says something: not the age of an object that may have failed at any time since its creation. */
export function isTelling(span: Span): boolean {
  return span.latest - span.earliest <= 30 * 60_000;
}
