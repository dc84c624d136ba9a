import type {
  IncidentReport,
  ReportEdge,
  ReportEvidence,
  ReportFact,
  ReportIncident,
  ReportPattern,
  ReportSpan,
} from '../model/report.ts';
import { bytesText, capitalised, counted, percent, sentence, shorten, thousands } from '../text/grammar.ts';
import { escapeMarkdown } from '../text/markdown.ts';
import { clockTime, fromIso, momentText, readableDay, spanText } from '../time/display.ts';
import { toldOffsets } from '../time/offset-text.ts';
import { incidentDay } from './cascade.ts';
import { cascadeDiagram, deadlockDiagram } from './mermaid.ts';

/**
 * What the post-mortem templates see: the report, sorted into sections, with times and counts in words.
 *
 * Text of the bundle is still raw here; templates pass it through `md`, `code` or `block`. Plain objects only.
 */

const MOST_FILES = 40;
/** Characters of a phase's text: the finding is told in full elsewhere. */
const MOST_PHASE = 110;
const MOST_LINKS = 40;

export function viewOf(report: IncidentReport) {
  const [main, ...further] = report.incidents;
  const day = main ? incidentDay(main) : undefined;
  const rulesText = `${counted(report.rules.signatures, 'signature')}, ${counted(report.rules.links, 'link')}, ${counted(report.rules.incidents, 'incident rule')}.`;
  return {
    report,
    title: titleOf(report),
    isIncident: main !== undefined,
    exampleRef: main ? '[E1]' : '[E…]',
    facts: headerFacts(report, main),
    overview: report.summary,
    anomalies: report.anomalies.map((anomaly) => ({
      title: anomaly.title,
      when: anomaly.at ? timeOf(anomaly.at, day) : '',
      count: anomaly.count > 1 ? counted(anomaly.count, 'time') : '',
      evidence: anomaly.evidence.map(({ ref }) => ref),
    })),
    incident: main ? [incidentView(report, main)] : [],
    furtherIncidents: further.map((incident) => incidentView(report, incident)),
    questions: report.questions,
    coverage: coverageView(report),
    clocks: report.clocks.map(({ clock, basis, zone, uncertaintySeconds, assumptions, offsets = [] }) => ({
      clock,
      basis,
      zone: zone ?? 'not known',
      uncertainty: uncertaintyText(uncertaintySeconds, offsets.length > 0),
      assumptions: assumptions.length > 0 ? assumptions.join('; ') : 'none',
    })),
    clockOffsets: toldOffsets(report.clocks).map(({ offset }) => `Clock ${offset.text}.`),
    diagnostics: report.diagnostics.map(({ severity, message, source, line }) => ({
      severity,
      message,
      place: source === null ? '' : line === null ? source : `${source}:${line}`,
    })),
    redactions: redactionText(report),
    rulesHash: report.rules.hash.slice(0, 12),
    rulesText,
    hypotheses: main?.hypotheses.slice(0, 3) ?? [],
    ...linksView(report, main),
  };
}

function titleOf(report: IncidentReport): string {
  const title = report.incidents[0]?.title;
  if (title === undefined) return `No incident found in ${escapeMarkdown(report.bundle.name)}`;
  return `${report.verdict === 'undetermined' ? 'Undetermined incident' : 'Post-mortem'}: ${escapeMarkdown(title)}`;
}

function headerFacts(report: IncidentReport, main: ReportIncident | undefined): { label: string; text: string }[] {
  const { bundle } = report;
  const collected = bundle.collectedAt
    ? `${timeOf(bundle.collectedAt)} UTC (${escapeMarkdown(bundle.collectedAt.basis)})`
    : 'not known';
  const about = [
    { label: 'Bundle', text: `\`${escapeTicks(bundle.name)}\`, hash \`${escapeTicks(bundle.hash.slice(0, 12))}\`` },
    { label: 'Collected', text: collected },
  ];
  if (!main) return about;
  const best = main.hypotheses[0];
  const onset = main.onset ? momentOf(main.onset) : 'not in the bundle';
  const ended = main.ended ? `${timeOf(main.ended)} UTC` : endText(main);
  return [
    {
      label: 'Severity (estimate)',
      text: `**${main.severity}**: ${escapeMarkdown(severityReason(main))}${main.severityCertainty === 'low' ? ' No listing of all nodes was read, so the level is less certain.' : ''}`,
    },
    { label: 'Onset', text: onset },
    { label: 'Ended', text: ended },
    {
      label: 'Root cause',
      text:
        best && best.confidence !== 'undetermined'
          ? `${escapeMarkdown(best.statement)} Confidence: **${best.confidence}**`
          : 'not determined',
    },
    ...about,
    { label: 'Owner', text: toFill('owner') },
    { label: 'Reviewers', text: toFill('reviewers') },
  ];
}

/** The reason without the level, which stands before it in bold. */
function severityReason(incident: ReportIncident): string {
  return capitalised(incident.severityBasis.text.replace(/^.*?SEV\d because /u, ''));
}

function endText(incident: ReportIncident): string {
  return incident.phases.some(({ id, text }) => id === 'collected' && text.startsWith('Open'))
    ? 'open when the bundle was collected'
    : 'recovery is not shown in the bundle';
}

function escapeTicks(text: string): string {
  return text.replace(/[`|\r\n]/gu, ' ');
}

export function toFill(what: string): string {
  return `[To be filled in: ${what}]`;
}

/** `02:57:18`; with the date where it is not the day that the section is about. */
function timeOf(span: ReportSpan, day?: string): string {
  return spanText({ earliest: fromIso(span.earliest), latest: fromIso(span.latest) }, day);
}

export function momentOf(span: ReportSpan): string {
  return momentText({ earliest: fromIso(span.earliest), latest: fromIso(span.latest) });
}

function incidentView(report: IncidentReport, incident: ReportIncident) {
  const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
  const day = incidentDay(incident);
  const best = incident.hypotheses[0];
  const hasCause = best !== undefined && best.confidence !== 'undetermined';
  const ids = new Set(incident.facts);
  const rows = report.timeline.filter(({ fact }) => ids.has(fact));
  const isAnyOpen = rows.some(({ order }) => order === 'not-determinable');
  return {
    ...incident,
    hasCause,
    phases: incident.phases.map(({ title, at, text }) => ({
      title,
      time: at ? timeOf(at, day) : 'not known',
      text: shorten(text, MOST_PHASE),
    })),
    durationText: sentence(capitalised(incident.durations.map(({ text }) => escapeMarkdown(text)).join('; '))),
    timelineLead: `${day ? `All times are UTC on ${readableDay(day)} unless a date is given.` : 'All times are UTC.'}${isAnyOpen ? ' Rows marked ~ overlap with a neighbour: the clocks do not tell which came first.' : ''}`,
    timeline: rows.map((row) => ({
      time: `${row.order === 'not-determinable' ? '~ ' : ''}${timeOf(row.at, day)}`,
      where: row.where === '' ? '–' : row.where,
      text: row.text,
      isRoot: row.role === 'root-cause',
      evidence: row.evidence,
    })),
    omitted:
      report.timelineOmitted > 0
        ? `${counted(report.timelineOmitted, 'less important row')} left out; the JSON report holds every finding.`
        : '',
    chain: incident.statements.chain.map((statement, index) => ({ ...statement, number: index + 1 })),
    patterns: patternViews(incident, facts),
    diagram: cascadeDiagram(report, incident),
    whys: whysView(incident),
    deadlocks: incident.deadlocks.map((deadlock) => ({
      loop: `${counted(deadlock.members.length, 'component')} wait for each other; none can recover before another one does.`,
      diagram: deadlockDiagram(deadlock),
      entry: deadlock.entry,
      members: deadlock.members.map(({ component, fact, title, waitsFor }) => ({
        name: component,
        waitsForName: waitsFor,
        title,
        evidence: (facts.get(fact)?.evidence ?? []).slice(0, 2).map(({ ref }) => ref),
      })),
      breakAt: deadlock.breakAt.map(({ component, how, safety }, index) => ({
        name: component,
        how,
        safety,
        number: index + 1,
      })),
    })),
    remediation: incident.remediation.map((step) => ({
      ...step,
      open: step.placeholders.map((name) => `\`<${name}>\``).join(', '),
    })),
  };
}

/** Matching patterns point by point; of those that match in part beside one that matches, only the verdict. */
function patternViews({ patterns }: ReportIncident, facts: ReadonlyMap<string, ReportFact>) {
  const confirmed = patterns.filter(({ verdict }) => verdict === 'confirmed');
  const partial = patterns.filter(({ verdict }) => verdict === 'partial');
  return [
    ...confirmed.map((pattern) => ({ ...patternHead(pattern), items: patternItems(pattern, facts) })),
    ...partial.map((pattern) => ({
      ...patternHead(pattern),
      items: confirmed.length > 0 ? [] : patternItems(pattern, facts),
    })),
  ];
}

function patternHead(pattern: ReportPattern) {
  const unknown = pattern.max - pattern.min;
  const range = unknown > 0 ? `; ${counted(unknown, 'point')} not judgeable` : '';
  return {
    title: pattern.title,
    summary: `${pattern.verdict}, ${pattern.min} of ${counted(pattern.total, 'point')} confirmed${range}.`,
  };
}

const STATES = {
  confirmed: { state: 'Confirmed', why: '' },
  'not-found': { state: 'Not found', why: 'what was collected would show it and does not.' },
  unknown: { state: 'Not judgeable', why: 'the bundle holds nothing that would show it.' },
} as const;
const MOST_SHOWN = 2;

function patternItems({ items }: ReportPattern, facts: ReadonlyMap<string, ReportFact>) {
  return items.map((item) => {
    const shown =
      item.state === 'confirmed' ? item.facts.slice(0, MOST_SHOWN).flatMap((id) => facts.get(id) ?? []) : [];
    const { state, why } = STATES[item.state];
    return {
      state,
      title: item.score > 1 ? `${item.title} (counts ${item.score})` : item.title,
      why: shown.length > 0 ? sentence(shown.map(({ title }) => title).join('; ')) : why,
      evidence: shown.flatMap(({ evidence }) => evidence.slice(0, 1).map(({ ref }) => ref)),
      run: item.run ?? '',
    };
  });
}

/** Answers to the same question stand together. */
function whysView(incident: ReportIncident) {
  const questions = new Map<string, ReportIncident['whys']>();
  for (const why of incident.whys) questions.set(why.question, [...(questions.get(why.question) ?? []), why]);
  return [...questions].map(([question, answers], index) => ({ number: index + 1, question, answers }));
}

function coverageView(report: IncidentReport) {
  const { coverage, bundle } = report;
  const span =
    coverage.first && coverage.last
      ? ` They span ${clockTime(fromIso(coverage.first))} to ${clockTime(fromIso(coverage.last))} UTC.`
      : '';
  const unknown =
    coverage.unknownFiles.length > 0
      ? ` ${counted(coverage.unknownFiles.length, 'file')} could not be understood.`
      : '';
  return {
    text: `${counted(coverage.files, 'file')}, ${bytesText(coverage.bytes)}, ${counted(coverage.lines, 'line')}; ${percent(coverage.understoodShare)} of the lines were understood.${span}${unknown}`,
    files: bundle.files.slice(0, MOST_FILES).map((file) => ({
      path: file.path,
      format: file.format,
      lines: thousands(file.lines),
      share: file.lines === 0 ? '–' : percent((file.recognised + file.continuation) / file.lines),
      first: file.first ? clockTime(fromIso(file.first)) : '–',
      last: file.last ? clockTime(fromIso(file.last)) : '–',
    })),
    moreFiles:
      bundle.files.length > MOST_FILES
        ? `${counted(bundle.files.length - MOST_FILES, 'further file')}: see the JSON report.`
        : '',
    silences: coverage.silences,
  };
}

function redactionText({ redactions }: IncidentReport): string {
  const found = [
    redactions.secrets > 0 ? counted(redactions.secrets, 'secret') : '',
    redactions.addresses > 0 ? counted(redactions.addresses, 'address') : '',
  ].filter((text) => text !== '');
  if (redactions.mode === 'none') return 'Nothing was redacted: secrets in the quotes stand as they were.';
  return found.length === 0 ? '' : `Redacted: ${found.join(' and ')}; the same value has the same number.`;
}

function linksView(report: IncidentReport, main: ReportIncident | undefined) {
  const titles = new Map(report.facts.map((fact) => [fact.id, fact.title]));
  const title = (id: string) => titles.get(id) ?? id;
  const edges = main?.edges ?? [];
  return {
    links: edges.slice(0, MOST_LINKS).map((edge) => ({
      cause: title(edge.from),
      effect: title(edge.to),
      rule: edge.rule,
      graph: edge.graph,
      weight: edge.weight,
      basis: edge.basis,
      arithmetic: arithmetic(edge),
    })),
    moreLinks:
      edges.length > MOST_LINKS ? `${counted(edges.length - MOST_LINKS, 'further link')}: see the JSON report.` : '',
    rejected: (main?.rejectedEdges ?? []).slice(0, 12).map(({ from, to, why, reason }) => ({
      cause: title(from),
      effect: title(to),
      why,
      reason: reason.replace(/-/gu, ' '),
    })),
  };
}

function arithmetic(edge: ReportEdge): string {
  return edge.contributions.map(({ what, factor, why }) => `${what} ${factor} (${why})`).join(', ');
}

export function evidenceByRef(report: IncidentReport): Map<string, ReportEvidence> {
  const all = new Map<string, ReportEvidence>();
  const add = (items: readonly ReportEvidence[]) => {
    for (const item of items) all.set(item.ref, item);
  };
  for (const fact of report.facts) add(fact.evidence);
  for (const incident of report.incidents) {
    for (const edge of incident.edges) for (const { evidence } of edge.contributions) add(evidence);
    for (const { contradictedBy } of incident.hypotheses) add(contradictedBy);
  }
  for (const { evidence } of report.anomalies) add(evidence);
  return all;
}

export function evidenceRow(evidence: ReportEvidence, day: string | undefined) {
  const last = evidence.endLine > evidence.line ? `-${evidence.endLine}` : '';
  return {
    ref: evidence.ref,
    place: `${evidence.source}:${evidence.line}${last}`,
    time: evidence.time ? clockTime(fromIso(evidence.time), day) : '–',
    quote: evidence.quote,
    note: evidence.derivation ?? (evidence.kind === 'absence' ? 'a complete listing without it' : ''),
  };
}

/** Numbers of references in order: `E2` before `E10`. */
export function byRef(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

/** Without evidence it is an assumption, and reads like one. */
function uncertaintyText(seconds: number | null, isFound: boolean): string {
  if (seconds === null) return 'not known';
  return isFound ? `up to ${seconds} s, see below` : `${seconds} s at most, assumed`;
}
