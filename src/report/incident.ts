import type { Edge, Fact, Hypothesis, IncidentGraph } from '../model/index.ts';
import type { ReportDeadlock, ReportEdge, ReportHypothesis, ReportIncident } from '../model/report.ts';
import { clause, sentence, shorten } from '../text/grammar.ts';
import { byText, firstOf } from '../text/order.ts';
import { changeStatements } from './changes.ts';
import { createContext, type IncidentContext, namedHypothesis, worstFact } from './context.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { impactOf } from './impact.ts';
import type { ReportInput } from './input.ts';
import {
  alternativeStatements,
  chainStatements,
  contributingOf,
  edgeLag,
  lessons,
  preExistingStatements,
  rootCauseStatements,
  rootStatement,
  summaryOf,
  triggerOf,
} from './narrative.ts';
import { isoSpan, rounded } from './numbers.ts';
import { courseOf } from './phases.ts';
import { actionItemsOf, questionsOf, remediationOf } from './remediation.ts';
import { estimateSeverity } from './severity.ts';
import { whysOf } from './whys.ts';

const MOST_REJECTED = 30;

/** One incident of the graph as the report tells it. `facts` are in display order. */
export function buildIncident(
  input: ReportInput,
  graph: IncidentGraph,
  facts: readonly Fact[],
  id: string,
  evidence: EvidenceIndex,
): { readonly incident: ReportIncident; readonly context: IncidentContext } {
  const drawn = new Set(input.graph.edges.map(({ from, to, rule }) => `${from} ${to} ${rule}`));
  const position = new Map(facts.map((fact, index) => [fact.id, index]));
  const at = (factId: string) => position.get(factId) ?? Number.MAX_SAFE_INTEGER;
  const edges = input.graph.edges
    .filter(({ from, to }) => position.has(from) && position.has(to))
    .sort((a, b) =>
      firstOf(at(a.from) - at(b.from), at(a.to) - at(b.to), byText(a.graph, b.graph), byText(a.id, b.id)),
    );
  const context = createContext(input, graph, facts, edges, evidence);
  const course = courseOf(context);
  const { impact, statements: impactStatements } = impactOf(context);
  const { severity, certainty, basis } = estimateSeverity(context);
  const incident: ReportIncident = {
    id,
    title: titleOf(context),
    severity,
    onset: course.onset ? isoSpan(course.onset) : null,
    ended: course.ended ? isoSpan(course.ended) : null,
    hypotheses: graph.hypotheses.map((hypothesis) => reportHypothesis(context, hypothesis)),
    facts: facts.map((fact) => fact.id),
    edges: edges.map((edge) => reportEdge(context, edge)),
    deadlocks: graph.deadlocks.map((deadlock) => reportDeadlock(context, deadlock)),
    patterns: graph.patterns.map(({ items, repair: _repair, ...pattern }) => ({
      id: pattern.id,
      title: pattern.title,
      verdict: pattern.verdict,
      min: pattern.min,
      max: pattern.max,
      total: pattern.total,
      items: items.map((item) => ({
        item: item.item,
        title: item.title,
        state: item.state,
        score: item.score,
        why: item.why,
        facts: [...item.facts],
        run: item.run ?? null,
      })),
    })),
    contributing: contributingOf(context),
    trigger: triggerOf(context),
    whys: whysOf(context),
    impact,
    phases: [...course.phases],
    remediation: remediationOf(context),
    actionItems: actionItemsOf(context),
    questions: questionsOf(context, course.onset),
    severityBasis: basis,
    severityCertainty: certainty,
    durations: [...course.durations],
    rejectedEdges: input.graph.rejected
      .filter(({ from, to, rule }) => position.has(from) && position.has(to) && !drawn.has(`${from} ${to} ${rule}`))
      .sort((a, b) => firstOf(at(a.from) - at(b.from), at(a.to) - at(b.to), byText(a.rule, b.rule)))
      .slice(0, MOST_REJECTED)
      .map(({ from, to, rule, reason, why }) => ({ from, to, rule, reason, why })),
    statements: {
      summary: summaryOf(context, course, impact),
      impact: impactStatements,
      rootCause: rootCauseStatements(context, course),
      chain: chainStatements(context),
      alternatives: alternativeStatements(context),
      preExisting: preExistingStatements(context),
      changes: changeStatements(context, course),
      ...lessons(context, course),
    },
    known: false,
  };
  return { incident, context };
}

/** `<cause> → <worst effect>`; without a named cause the effect alone. */
/** Characters of each end in the incident's title. */
const MOST_TITLE = 90;

function titleOf(context: IncidentContext): string {
  const best = namedHypothesis(context);
  const root = best ? context.fact(best.root) : undefined;
  const worst = worstFact(context);
  if (!root) return worst ? `${clause(worst.title)} (cause not determined)` : 'Incident of unknown cause';
  const short = (fact: Fact) => shorten(clause(fact.title), MOST_TITLE);
  return worst && worst.id !== root.id ? `${short(root)} → ${short(worst)}` : short(root);
}

function reportHypothesis(context: IncidentContext, hypothesis: Hypothesis): ReportHypothesis {
  const root = context.fact(hypothesis.root);
  // Beside a named cause the other candidates have their names too; alone, a candidate would pass for a cause.
  const isNamed =
    root !== undefined && (hypothesis.confidence !== 'undetermined' || namedHypothesis(context) !== undefined);
  return {
    rank: hypothesis.rank,
    root: hypothesis.root,
    title: isNamed ? clause(root.title) : 'Cause not determined',
    statement: isNamed
      ? sentence(rootStatement(context, root))
      : 'The evidence does not carry a cause; this candidate is listed for completeness.',
    category: root ? (context.signature(root)?.root?.category ?? categoryOfLayer(root)) : 'unknown',
    confidence: hypothesis.confidence,
    score: rounded(hypothesis.score),
    terms: hypothesis.terms.map(({ name, value, weight, why }) => ({
      name,
      value: rounded(value),
      weight: rounded(weight),
      why,
    })),
    chain: [...hypothesis.chain],
    explains: [...hypothesis.explains],
    doesNotExplain: [...hypothesis.doesNotExplain],
    contradictedBy: hypothesis.contradictedBy.map(context.evidence.cite),
    weakestEdge: hypothesis.weakestEdge === '' ? null : hypothesis.weakestEdge,
    counterfactual: rounded(hypothesis.counterfactual),
    capped: [...hypothesis.capped],
    evidence: context.evidence.refs(root, 3),
  };
}

const CATEGORY: Partial<Record<Fact['layer'], string>> = {
  hardware: 'node',
  'pod-network': 'network',
  'service-access': 'ingress',
  webhooks: 'webhook',
  'storage-csi': 'storage',
  apps: 'workload',
};

function categoryOfLayer(fact: Fact): string {
  return CATEGORY[fact.layer] ?? fact.layer;
}

function reportEdge(context: IncidentContext, edge: Edge): ReportEdge {
  const cause = context.fact(edge.from);
  const effect = context.fact(edge.to);
  return {
    from: edge.from,
    to: edge.to,
    graph: edge.graph,
    rule: edge.rule,
    weight: rounded(edge.weight),
    basis: edge.basis,
    order: edge.order,
    mechanism: edge.mechanism,
    contributions: edge.contributions.map(({ what, factor, why, evidence }) => ({
      what,
      factor: rounded(factor),
      why,
      evidence: (evidence ?? []).map(context.evidence.cite),
    })),
    id: edge.id,
    type: edge.type,
    lag: edge.lagMs
      ? {
          leastSeconds: rounded(edge.lagMs.least / 1000),
          greatestSeconds: rounded(edge.lagMs.greatest / 1000),
          text: cause && effect ? edgeLag(edge, cause, effect) : '',
        }
      : null,
    rivals: [...edge.rivals],
  };
}

function reportDeadlock(context: IncidentContext, deadlock: IncidentGraph['deadlocks'][number]): ReportDeadlock {
  return {
    members: deadlock.members.map(({ component, fact, waitsFor }) => ({
      component,
      fact,
      title: clause(context.fact(fact)?.title ?? context.roleTitle(component)),
      waitsFor,
    })),
    entry: deadlock.entry,
    breakAt: deadlock.breakAt.map(({ component, how, cost, safety, fact }) => ({ component, how, cost, safety, fact })),
    edges: [...deadlock.edges],
  };
}
