import { importance } from '../model/importance.ts';
import type {
  CausalGraph,
  Deadlock,
  Edge,
  Evidence,
  Fact,
  Hypothesis,
  IncidentGraph,
  PatternVerdict,
  Question,
} from '../model/index.ts';
import type { DependencyModel, IncidentRule, Link, Playbook, Roles, Signature } from '../rules/schema.ts';
import type { ClockOffset } from '../time/clock-offset.ts';
import { type DeadlockContext, findDeadlocks } from './deadlocks.ts';
import { buildEdges, type EdgeContext } from './edges.ts';
import { rankHypotheses } from './hypotheses.ts';
import { groupIncidents } from './incidents.ts';
import type { Judge } from './judge.ts';
import { type MissingContext, missingEvidence } from './missing.ts';
import { judgePattern } from './patterns.ts';
import { type AskedQuestion, rankQuestions } from './questions.ts';
import { genericHoldEdges } from './requirements.ts';
import { assignRoles } from './roles.ts';
import type { LinkedFn } from './scope.ts';
import type { ScoringInput } from './scoring.ts';
import { type OpenCause, openCauses, undecidedCause } from './undecided.ts';

export type { Judge } from './judge.ts';

export interface CorrelationRules {
  readonly signatures: readonly Signature[];
  readonly links: readonly Link[];
  readonly incidents: readonly IncidentRule[];
  readonly playbooks: readonly Playbook[];
  readonly model: DependencyModel;
  readonly roles: Roles;
  /** Signature ids behind a name that is an id or a tag. */
  byTag(name: string): readonly string[];
}

export interface CorrelationContext {
  readonly judge: Judge;
  readonly linked: LinkedFn;
  /** Would a fact of this name (id or tag) have been seen beside another, and was none? */
  readonly isExcluded?: (name: string, beside: Fact) => boolean;
  /** How far two clocks may be apart. */
  readonly offset?: ClockOffset;
  /** Share of affected objects inside the root's place minus outside. */
  readonly contrast: (root: Fact) => { readonly value: number; readonly why: string } | undefined;
  /** What the bundle holds to compare with; without it nothing is asked about what is missing. */
  readonly missing?: MissingContext;
}

/**
 * Builds the causal graphs and ranks the explanations.
 *
 * @param found - everything found, derived facts included
 */
export function correlate(found: readonly Fact[], rules: CorrelationRules, context: CorrelationContext): CausalGraph {
  const patterns = rules.incidents.map((rule) => ({ rule, verdict: judgePattern(rule, context.judge) }));
  const facts = raiseDerivedRoots(found, patterns, rules);
  const lastResorts = new Set(rules.signatures.filter((one) => 'fallback' in one && one.fallback).map((one) => one.id));
  const edgeContext: EdgeContext = {
    isUnknown: (fact) => lastResorts.has(fact.signature),
    judge: context.judge,
    linked: context.linked,
    signaturesOf: rules.byTag,
    ...(context.isExcluded && { isExcluded: context.isExcluded }),
    ...(context.offset && { offset: context.offset }),
  };
  const built = buildEdges(rules.links, facts, edgeContext);
  const edges = [
    ...built.edges,
    ...genericHoldEdges(rules.model, facts, built.edges, downFacts(rules), roleTitle(rules)),
  ];
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const { incidents, rest } = groupIncidents(facts, edges);
  const deadlockContext: DeadlockContext = {
    model: rules.model,
    ...(context.offset && { offset: context.offset }),
    applies: (bypass, fact) => context.judge('model', `bypass.${bypass}.if`, { f: fact }).value !== false,
    reconcilerOf: (kind) => rules.roles.find(({ reconciles }) => reconciles.some((one) => one === kind))?.role,
  };
  const deadlocks = findDeadlocks(byId, edges, edges, deadlockContext);
  const bundle: BundleFindings = {
    patterns,
    deadlocks,
    open: openCauses(facts, rules, context.judge),
    changes: facts.filter((fact) => fact.polarity === 'change'),
    healthy: facts.filter((fact) => fact.polarity === 'healthy' && fact.component !== undefined),
    signatures: new Map(rules.signatures.map((signature) => [signature.id, signature])),
  };
  const incidentOf = new Map(incidents.flatMap((set, index) => set.map((fact) => [fact.id, index] as const)));
  const edgesOf = grouped(edges, ({ from, to }) => {
    const index = incidentOf.get(from);
    return index === incidentOf.get(to) ? [index] : [];
  });
  const askedOf = grouped(built.questions, ({ separates }) => separates.map((id) => incidentOf.get(id)));
  return {
    facts: byId,
    edges,
    rejected: built.rejected,
    incidents: incidents.map((set, index) =>
      oneIncident(set, edgesOf.get(index) ?? [], askedOf.get(index) ?? [], bundle, rules, context),
    ),
    remarks: rest.filter((fact) => fact.polarity !== 'context').map((fact) => fact.id),
  };
}

/** Certainty of a derived root whose pattern is confirmed or partial, at the least. */
const RAISED = { confirmed: 0.85, partial: 0.6 } as const;

/** A pattern that matches makes the latent beginning behind it more certain than its single signs do. */
function raiseDerivedRoots(
  facts: readonly Fact[],
  patterns: readonly { readonly rule: IncidentRule; readonly verdict: PatternVerdict }[],
  rules: CorrelationRules,
): readonly Fact[] {
  const least = new Map<string, number>();
  for (const { rule, verdict } of patterns) {
    if (verdict.verdict === 'absent' || verdict.min < rule.partial) continue;
    for (const id of rule.root.flatMap((name) => rules.byTag(name)))
      least.set(id, Math.max(least.get(id) ?? 0, RAISED[verdict.verdict]));
  }
  return facts.map((fact) => {
    const certainty = fact.observed ? 0 : (least.get(fact.signature) ?? 0);
    return certainty > fact.certainty ? { ...fact, certainty } : fact;
  });
}

function roleTitle({ roles }: CorrelationRules): (role: string) => string {
  const titles = new Map(roles.map(({ role, title }) => [role, title]));
  return (role) => titles.get(role) ?? role;
}

/** Facts whose rule says, by its tags, that the component does not run or is not there. */
function downFacts(rules: CorrelationRules): (fact: Fact) => boolean {
  const down = new Set(
    rules.signatures.filter((one) => one.tags.some((tag) => /-(?:down|missing)$/u.test(tag))).map((one) => one.id),
  );
  return (fact) => fact.nature === 'absence' || down.has(fact.signature);
}

/** What every incident of a bundle is looked at with. */
interface BundleFindings {
  readonly patterns: readonly { readonly rule: IncidentRule; readonly verdict: PatternVerdict }[];
  readonly deadlocks: readonly Deadlock[];
  readonly open: readonly OpenCause[];
  readonly changes: readonly Fact[];
  /** Healthy observations of known components. */
  readonly healthy: readonly Fact[];
  readonly signatures: ReadonlyMap<string, Signature>;
}

/** Items by the incidents that they belong to, each once in each. */
function grouped<T>(items: readonly T[], indexes: (item: T) => readonly (number | undefined)[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    for (const index of new Set(indexes(item))) {
      if (index === undefined) continue;
      const known = groups.get(index);
      if (known) known.push(item);
      else groups.set(index, [item]);
    }
  }
  return groups;
}

function oneIncident(
  set: readonly Fact[],
  edges: readonly Edge[],
  asked: readonly AskedQuestion[],
  bundle: BundleFindings,
  rules: CorrelationRules,
  context: CorrelationContext,
): IncidentGraph {
  const ids = new Set(set.map((fact) => fact.id));
  const deadlocks = bundle.deadlocks.filter((deadlock) => deadlock.members.every((member) => ids.has(member.fact)));
  // Fewer symptoms than make a partial match say nothing, however many more could not be judged.
  const matching = bundle.patterns.filter(
    ({ rule, verdict }) => verdict.min >= rule.partial && concerns(rule, verdict, set, rules),
  );
  const own = matching.map(({ verdict }) => verdict);
  const scoring: ScoringInput = {
    facts: set,
    edges,
    deadlockOf: (id) => {
      const deadlock = deadlocks.find((one) => one.members.some((member) => member.fact === id));
      return deadlock && new Set(deadlock.members.map((member) => member.fact));
    },
    contrast: context.contrast,
    contradictions: (root) => contradictions(root, bundle),
    undecided: (root) => undecidedCause(root, bundle.open, matching, rules.byTag),
    changes: bundle.changes,
  };
  const hypotheses = rankHypotheses(scoring);
  const best = hypotheses[0];
  const questions = rankQuestions({
    asked,
    missing: context.missing ? missingEvidence(best, set, context.missing) : [],
    hypotheses,
    scoring,
    patterns: own,
    playbook: playbookQuestions(best, set, bundle, rules),
  });
  return {
    facts: set.map((fact) => fact.id),
    hypotheses,
    deadlocks,
    patterns: own,
    roles: assignRoles(set, edges, best),
    questions,
  };
}

/** A pattern belongs to the incident that holds its evidence. */
function concerns(rule: IncidentRule, verdict: PatternVerdict, set: readonly Fact[], rules: CorrelationRules): boolean {
  const found = new Set(verdict.items.flatMap((item) => item.facts));
  if (set.some((fact) => found.has(fact.id))) return true;
  const roots = new Set(rule.root.flatMap((name) => rules.byTag(name)));
  return set.some((fact) => roots.has(fact.signature));
}

function playbookQuestions(
  best: Hypothesis | undefined,
  set: readonly Fact[],
  { signatures }: BundleFindings,
  rules: CorrelationRules,
): Question[] {
  const root = best && set.find((fact) => fact.id === best.root);
  const signature = root && signatures.get(root.signature);
  const playbook =
    signature?.root?.playbook === undefined
      ? undefined
      : rules.playbooks.find((one) => one.id === signature.root?.playbook);
  return (playbook?.questions ?? []).map((ask) => ({
    need: ask.need,
    why: `It tells: ${ask.tells}`,
    run: ask.run,
    separates: best ? [best.root] : [],
  }));
}

/** Healthy observations about the very thing that the root says is broken, at the same time or without one. */
function contradictions(root: Fact, { healthy, signatures }: BundleFindings): Evidence[] {
  const signature = signatures.get(root.signature);
  if (!signature || root.nature !== 'absence') return [];
  const closing = new Set(signature.episode.closedBy);
  return healthy
    .filter((fact) => !closing.has(fact.signature) && fact.component === root.component)
    .sort((a, b) => importance(b) - importance(a))
    .flatMap((fact) => fact.evidence.slice(0, 1))
    .slice(0, 3);
}
