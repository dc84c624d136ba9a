import type { Edge, Fact } from '../model/index.ts';
import type { ReportIncident } from '../model/report.ts';
import { clause, sentence } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { type IncidentContext, namedHypothesis, worstFact } from './context.ts';
import { statement } from './statement.ts';

const MOST_WHYS = 14;
const MOST_BRANCHES = 3;

/**
 * A walk from the worst symptom towards the causes: one why per edge, branching where the graph does.
 *
 * It ends where the bundle ends; it is never stretched or cut to five. Without a named root it is empty: a walk to an
 * unnamed cause would name one.
 */
export function whysOf(context: IncidentContext): ReportIncident['whys'] {
  const best = namedHypothesis(context);
  const worst = worstFact(context);
  if (!best || !worst) return [];
  const causes = causesByEffect(context, new Set([best.root, ...best.chain, ...best.explains]));
  const whys: ReportIncident['whys'] = [];
  const asked = new Set<string>();
  const order = new Map(context.facts.map((fact, index) => [fact.id, index]));
  const at = (fact: Fact) => order.get(fact.id) ?? 0;
  const open: { fact: Fact; depth: number }[] = [{ fact: worst, depth: 0 }];
  for (let next = open.pop(); next !== undefined && whys.length < MOST_WHYS; next = open.pop()) {
    const { fact, depth } = next;
    if (asked.has(fact.id)) continue;
    asked.add(fact.id);
    const question = `Why: ${clause(fact.title)}?`;
    const edges = fact.id === best.root ? [] : (causes.get(fact.id) ?? []).slice(0, MOST_BRANCHES);
    if (edges.length === 0) {
      whys.push(lastWhy(context, fact, question, depth));
      continue;
    }
    for (const edge of edges) {
      const cause = context.fact(edge.from);
      if (!cause) continue;
      const answer = statement(because(cause, edge), edge.basis, {
        evidence: [...context.evidence.refs(cause), ...context.evidence.refs(fact)],
        facts: [cause.id, fact.id],
        edges: [edge.id],
      });
      whys.push({
        question,
        answer: answer.text,
        evidence: answer.evidence,
        basis: answer.basis,
        depth,
        edge: edge.id,
      });
      open.push({ fact: cause, depth: depth + 1 });
    }
    // Display order puts causes first: taking the last one asks about every effect before its causes.
    open.sort((a, b) => at(a.fact) - at(b.fact));
  }
  return whys;
}

function because(cause: Fact, edge: Edge): string {
  return `${clause(cause.title)}. ${sentence(edge.mechanism)}`;
}

function lastWhy(
  context: IncidentContext,
  fact: Fact,
  question: string,
  depth: number,
): ReportIncident['whys'][number] {
  const trigger = context.facts.find((other) => context.role(other) === 'trigger' && other.id !== fact.id);
  const answer = trigger
    ? statement(`most likely set off by: ${clause(trigger.title)}`, 'inferred', {
        evidence: context.evidence.refs(trigger),
        facts: [trigger.id],
      })
    : undefined;
  return {
    question,
    answer: answer?.text ?? 'Not in the bundle: nothing that was collected comes before it and explains it.',
    evidence: answer?.evidence ?? context.evidence.refs(fact),
    basis: answer?.basis ?? 'inferred',
    depth,
    edge: null,
  };
}

/** Incoming edges of each fact, strongest first, one per cause; only causes that the hypothesis speaks of. */
function causesByEffect(context: IncidentContext, within: ReadonlySet<string>): Map<string, Edge[]> {
  const causes = new Map<string, Edge[]>();
  const ranked = [...context.edges]
    .filter((edge) => edge.type === 'causes' && within.has(edge.from))
    .sort(
      (a, b) => Number(a.graph === 'hold') - Number(b.graph === 'hold') || b.weight - a.weight || byText(a.id, b.id),
    );
  for (const edge of ranked) {
    const known = causes.get(edge.to) ?? [];
    if (!known.some(({ from }) => from === edge.from)) causes.set(edge.to, [...known, edge]);
  }
  return causes;
}
