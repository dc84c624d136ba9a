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
import { byText } from '../text/order.ts';
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
 * @param what - a fact's id, a signature's id (every fact of it), an evidence's reference (`E12`: what rests on it), an
 *   edge's id or rule, `from->to`, `hypothesis-2` or a rank, `incident-2`; all hypotheses when absent
 */
export function explain(report: IncidentReport, what?: string): Explanation {
  const parts = what === undefined ? everything(report) : matching(report, what);
  if (parts.length === 0) {
    if (what === undefined) return { isFound: true, text: 'No incident, so there is nothing to explain.\n' };
    const names = [
      ...report.facts.flatMap(({ id, signature }) => [id, signature]),
      ...report.incidents.flatMap(({ edges }) => edges.flatMap(({ id, rule }) => [id, rule])),
    ];
    const alike = [...new Set(names)].filter((name) => name.includes(what.toLowerCase())).sort(byText);
    const more = alike.length > MOST_ALIKE ? ` and ${alike.length - MOST_ALIKE} more` : '';
    const hint =
      alike.length > 0 ? `; it could be ${alike.slice(0, MOST_ALIKE).join(', ')}${more}` : didYouMean(what, names);
    return { isFound: false, text: `the report holds no fact, hypothesis or edge ${what}${hint}` };
  }
  return { isFound: true, text: `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n` };
}

const MOST_ALIKE = 8;

function everything(report: IncidentReport): string[][] {
  return report.incidents.flatMap((incident) =>
    incident.hypotheses.slice(0, 3).map((hypothesis) => explainHypothesis(report, incident, hypothesis)),
  );
}

function matching(report: IncidentReport, what: string): string[][] {
  const facts = report.facts.filter(
    ({ id, signature, evidence }) => id === what || signature === what || evidence.some(({ ref }) => ref === what),
  );
  if (facts.length > 0) return facts.map((fact) => explainFact(report, fact));
  const rank = /^(?:hypothesis-|h)?(\d+)$/iu.exec(what)?.[1];
  if (rank !== undefined) {
    return report.incidents.flatMap((incident) =>
      incident.hypotheses
        .filter((hypothesis) => hypothesis.rank === Number(rank))
        .map((hypothesis) => explainHypothesis(report, incident, hypothesis)),
    );
  }
  const named = report.incidents.filter(({ id }) => id === what);
  if (named.length > 0) {
    return named.flatMap((incident) =>
      incident.hypotheses.slice(0, 3).map((hypothesis) => explainHypothesis(report, incident, hypothesis)),
    );
  }
  const [from, to] = what.split('->').map((id) => id.trim());
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
  const root = report.facts.find(({ id }) => id === hypothesis.root);
  const lines = [
    `Hypothesis ${hypothesis.rank} of ${incident.id}: ${plainLine(hypothesis.title)}`,
    `  ${plainLine(hypothesis.statement)}`,
    `  root       ${hypothesis.root}`,
    ...(root ? [`  rule       ${root.signature} (may initiate: ${root.initiates})`] : []),
    ...(root ? evidenceLines(root.evidence.slice(0, 2)) : []),
    `  confidence ${hypothesis.confidence}${hypothesis.capped.length > 0 ? `: ${hypothesis.capped.join('; ')}` : ''}`,
    ...scoreLines(hypothesis),
    `  necessary  ${Math.round(hypothesis.counterfactual * 100)} % of the symptoms' weight has no other cause`,
  ];
  for (const { from, to } of pairs(hypothesis.chain)) {
    const edge = incident.edges.find((candidate) => candidate.from === from && candidate.to === to);
    lines.push(`  step       ${titleOf(report, from)} -> ${titleOf(report, to)}`);
    if (!edge) continue;
    const weak = edge.id === hypothesis.weakestEdge ? ', the weakest' : '';
    lines.push(
      `             ${plainLine(edge.mechanism)}`,
      `             weight ${edge.weight} (${edge.basis}${weak}), order ${edge.order}${edge.lag === null || edge.lag.text === '' ? '' : `, ${edge.lag.text}`}; ${edge.id}`,
    );
  }
  for (const id of hypothesis.doesNotExplain) lines.push(`  leaves     ${titleOf(report, id)}`);
  for (const evidence of hypothesis.contradictedBy) {
    lines.push(`  against    ${evidence.source}:${evidence.line}: ${plainLine(evidence.quote)}`);
  }
  for (const { need, run } of incident.questions.filter(({ separates }) => separates.includes(hypothesis.root))) {
    lines.push(`  ask        ${plainLine(need)}: ${plainLine(run)}`);
  }
  return lines;
}

/** Every term, their mean, and what is taken off it: the printed numbers give the score. */
function scoreLines({ score, terms, contradictedBy }: ReportHypothesis): string[] {
  const known = terms.filter(({ weight }) => weight > 0);
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  const mean = weights === 0 ? 0 : known.reduce((total, { value, weight }) => total + value * weight, 0) / weights;
  const explained = terms.find(({ name }) => name === 'explained')?.value ?? 0;
  const against = Math.min(30, 10 * contradictedBy.length);
  const factors = [
    `100 x ${rounded(mean)}`,
    ...(explained > 0 ? [`x (1 - 0.8 x ${explained})`] : []),
    ...(against > 0 ? [`- ${against}`] : []),
  ];
  return [
    `  score      ${score} = ${factors.join(' ')}`,
    ...terms.map(({ name, value, weight, why }) => `    ${name.padEnd(10)} ${value} x ${weight}  ${plainLine(why)}`),
    ...(weights > 0 ? [`    weighted mean of the known terms: ${rounded(mean)}`] : []),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function pairs(chain: readonly string[]): { from: string; to: string }[] {
  return chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', to }));
}

function explainEdge(report: IncidentReport, edge: ReportEdge): string[] {
  const [cause, effect] = [edge.from, edge.to].map((id) => report.facts.find((fact) => fact.id === id));
  const lines = [
    `Edge ${edge.id}`,
    `  cause      ${titleOf(report, edge.from)} (${edge.from})`,
    ...(cause ? [`             onset ${timeLine(cause.onset)}`, ...evidenceLines(cause.evidence.slice(0, 2))] : []),
    `  effect     ${titleOf(report, edge.to)} (${edge.to})`,
    ...(effect ? [`             onset ${timeLine(effect.onset)}`, ...evidenceLines(effect.evidence.slice(0, 2))] : []),
    `  rule       ${edge.rule} (${edge.graph} graph, ${edge.type})`,
    `  mechanism  ${plainLine(edge.mechanism)}`,
    `  order      ${edge.order}`,
    `  lag        ${edge.lag === null || edge.lag.text === '' ? 'not known' : `${edge.lag.text} (${edge.lag.leastSeconds} s to ${edge.lag.greatestSeconds} s between the onsets)`}`,
    `  weight     ${edge.weight} (${edge.basis})`,
    ...weightLines(edge),
    ...edge.contributions.flatMap(({ evidence }) => evidenceLines(evidence)),
  ];
  for (const id of edge.rivals) lines.push(`  rival      ${id}`);
  return lines;
}

/** Contributions that raise a weight by a share of what is missing to 1; the others multiply it. */
const RAISING = new Set(['named', 'supports', 'alone']);

/** Each contribution with the weight after it, in the order in which they were applied. */
function weightLines({ contributions }: ReportEdge): string[] {
  let weight = 1;
  return contributions.map(({ what, factor, why }) => {
    weight = RAISING.has(what) ? weight + (1 - weight) * factor : weight * factor;
    const step = RAISING.has(what) ? `+ ${factor} of the rest` : `x ${factor}`;
    return `    ${what.padEnd(10)} ${step.padEnd(17)} = ${String(rounded(weight)).padEnd(5)}  ${plainLine(why)}`;
  });
}
