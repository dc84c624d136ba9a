import type {
  IncidentReport,
  ReportEdge,
  ReportEvidence,
  ReportFact,
  ReportHypothesis,
  ReportIncident,
  ReportTime,
} from '../model/report.ts';
import { counted } from '../text/grammar.ts';
import { plainLine } from '../text/markdown.ts';
import { didYouMean } from '../text/suggest.ts';
import { fromIso, spanText } from '../time/display.ts';

export interface Explanation {
  readonly isFound: boolean;
  /** The explanation, or what could have been asked. */
  readonly text: string;
}

/**
 * Where a statement of the report comes from: rule, lines, joins, times and every factor of the arithmetic.
 *
 * @param what - a fact's id, a signature's id (every fact of it), an edge's id or rule, `from->to`, `hypothesis-2`, or a
 *   rank; all hypotheses of the first incident when absent
 */
export function explain(report: IncidentReport, what?: string): Explanation {
  const parts = what === undefined ? everything(report) : matching(report, what);
  if (parts.length === 0) {
    if (what === undefined) return { isFound: true, text: 'No incident, so there is nothing to explain.\n' };
    const names = [
      ...report.facts.flatMap(({ id, signature }) => [id, signature]),
      ...report.incidents.flatMap(({ edges }) => edges.flatMap(({ id, rule }) => [id, rule])),
    ];
    return { isFound: false, text: `the report holds no fact, hypothesis or edge ${what}${didYouMean(what, names)}` };
  }
  return { isFound: true, text: `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n` };
}

function everything(report: IncidentReport): string[][] {
  return report.incidents.flatMap((incident) =>
    incident.hypotheses.slice(0, 3).map((hypothesis) => explainHypothesis(report, incident, hypothesis)),
  );
}

function matching(report: IncidentReport, what: string): string[][] {
  const facts = report.facts.filter(({ id, signature }) => id === what || signature === what);
  if (facts.length > 0) return facts.map((fact) => explainFact(report, fact));
  const rank = /^(?:hypothesis-|h)?(\d+)$/iu.exec(what)?.[1];
  if (rank !== undefined) {
    return report.incidents.flatMap((incident) =>
      incident.hypotheses
        .filter((hypothesis) => hypothesis.rank === Number(rank))
        .map((hypothesis) => explainHypothesis(report, incident, hypothesis)),
    );
  }
  const [from, to] = what.split('->');
  return report.incidents.flatMap(({ edges }) =>
    edges
      .filter((edge) => edge.id === what || edge.rule === what || (edge.from === from && edge.to === to))
      .map((edge) => explainEdge(report, edge)),
  );
}

function titleOf(report: IncidentReport, id: string): string {
  return plainLine(report.facts.find((fact) => fact.id === id)?.title ?? id);
}

function explainFact(report: IncidentReport, fact: ReportFact): string[] {
  const edges = report.incidents.flatMap((incident) => incident.edges);
  const lines = [
    `Fact ${fact.id}`,
    `  ${plainLine(fact.title)}`,
    `  rule       ${fact.signature} (${fact.severity}, layer ${fact.layer}, may initiate: ${fact.initiates})`,
    `  role       ${fact.role}`,
    `  certainty  ${fact.certainty}${fact.observed ? '' : ' (derived: no line of its own)'}`,
    `  seen       ${fact.countIs === 'at-least' ? 'at least ' : ''}${counted(fact.count, 'time')}`,
    `  onset      ${timeLine(fact.onset)}`,
  ];
  if (fact.lastSeen) lines.push(`  last seen  ${timeLine(fact.lastSeen)}`);
  lines.push(
    `  ended      ${fact.ended ? timeLine(fact.ended) : fact.state === 'open' ? 'open when collected' : 'not known'}`,
  );
  for (const [role, ref] of Object.entries(fact.entities)) lines.push(`  joined to  ${role} = ${plainLine(ref)}`);
  for (const [name, value] of Object.entries(fact.attributes))
    lines.push(`  captured   ${name} = ${plainLine(String(value))}`);
  if (fact.memberCount > 0) lines.push(`  stands for ${counted(fact.memberCount, 'member')}`);
  lines.push(...evidenceLines(fact.evidence));
  for (const edge of edges.filter(({ to }) => to === fact.id)) {
    lines.push(
      `  because of ${titleOf(report, edge.from)} (${edge.graph}, ${edge.weight}, ${edge.basis}, ${edge.rule})`,
    );
  }
  for (const edge of edges.filter(({ from }) => from === fact.id)) {
    lines.push(`  leads to   ${titleOf(report, edge.to)} (${edge.graph}, ${edge.weight}, ${edge.basis}, ${edge.rule})`);
  }
  return lines;
}

function timeLine(time: ReportTime | null): string {
  if (!time) return 'not known';
  const text = spanText({ earliest: fromIso(time.earliest), latest: fromIso(time.latest) });
  const assumed = time.assumptions.length > 0 ? `; assumed: ${time.assumptions.join('; ')}` : '';
  return `${text} UTC (${time.basis}, clock ${time.clock}${assumed})`;
}

function evidenceLines(evidence: readonly ReportEvidence[]): string[] {
  return evidence.flatMap(({ source, line, quote, derivation }) => [
    `  line       ${source}:${line}: ${plainLine(quote)}`,
    ...(derivation === null ? [] : [`             ${derivation}`]),
  ]);
}

function explainHypothesis(report: IncidentReport, incident: ReportIncident, hypothesis: ReportHypothesis): string[] {
  const known = hypothesis.terms.filter(({ weight }) => weight > 0);
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  const sum = known.reduce((total, { value, weight }) => total + value * weight, 0);
  const lines = [
    `Hypothesis ${hypothesis.rank} of ${incident.id}: ${plainLine(hypothesis.title)}`,
    `  ${plainLine(hypothesis.statement)}`,
    `  root       ${hypothesis.root}`,
    `  confidence ${hypothesis.confidence}${hypothesis.capped.length > 0 ? `: ${hypothesis.capped.join('; ')}` : ''}`,
    `  score      ${hypothesis.score}`,
    ...hypothesis.terms.map(
      ({ name, value, weight, why }) => `    ${name.padEnd(14)} ${value} x ${weight}  ${plainLine(why)}`,
    ),
  ];
  if (weights > 0) lines.push(`    weighted mean of the known terms: ${Math.round((sum / weights) * 1000) / 1000}`);
  lines.push(
    `  necessary  ${Math.round(hypothesis.counterfactual * 100)} % of the symptoms' weight has no other cause`,
  );
  for (const { from, to } of pairs(hypothesis.chain)) {
    const edge = incident.edges.find((candidate) => candidate.from === from && candidate.to === to);
    const weak = edge && edge.id === hypothesis.weakestEdge ? ', weakest' : '';
    lines.push(
      `  step       ${titleOf(report, from)} -> ${titleOf(report, to)}${edge ? ` (${edge.weight}, ${edge.basis}${weak}; ${edge.id})` : ''}`,
    );
  }
  for (const id of hypothesis.doesNotExplain) lines.push(`  leaves     ${titleOf(report, id)}`);
  for (const evidence of hypothesis.contradictedBy) {
    lines.push(`  against    ${evidence.source}:${evidence.line}: ${plainLine(evidence.quote)}`);
  }
  return lines;
}

function pairs(chain: readonly string[]): { from: string; to: string }[] {
  return chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', to }));
}

function explainEdge(report: IncidentReport, edge: ReportEdge): string[] {
  const lines = [
    `Edge ${edge.id}`,
    `  cause      ${titleOf(report, edge.from)} (${edge.from})`,
    `  effect     ${titleOf(report, edge.to)} (${edge.to})`,
    `  rule       ${edge.rule} (${edge.graph} graph, ${edge.type})`,
    `  mechanism  ${plainLine(edge.mechanism)}`,
    `  order      ${edge.order}`,
    `  lag        ${edge.lag === null || edge.lag.text === '' ? 'not known' : `${edge.lag.text} (${edge.lag.leastSeconds} s to ${edge.lag.greatestSeconds} s between the onsets)`}`,
    `  weight     ${edge.weight} (${edge.basis})`,
    ...edge.contributions.map(({ what, factor, why }) => `    ${what.padEnd(10)} ${factor}  ${plainLine(why)}`),
    ...edge.contributions.flatMap(({ evidence }) => evidenceLines(evidence)),
  ];
  for (const id of edge.rivals) lines.push(`  rival      ${id}`);
  return lines;
}
