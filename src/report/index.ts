import type { Fact, IncidentGraph, Role } from '../model/index.ts';
import type { IncidentReport, ReportAnomaly, ReportFact, ReportQuestion, Statement } from '../model/report.ts';
import { counted, percent } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { offsetText } from '../time/offset-text.ts';
import { namedHypothesis } from './context.ts';
import { displayOrder } from './display-order.ts';
import { createEvidenceIndex, type EvidenceIndex } from './evidence-index.ts';
import { buildIncident } from './incident.ts';
import type { ReportInput } from './input.ts';
import { isoSpan, isoTime, reportTime, rounded } from './numbers.ts';
import { redactReport } from './redact.ts';
import { distinctQuestions } from './remediation.ts';
import { statement } from './statement.ts';
import { timelineOf } from './timeline.ts';

export type { ReportFile, ReportInput, ReportRules } from './input.ts';
export type { RedactionMode } from './redact.ts';

/**
 * Turns the causal graph into the report that all outputs are made from.
 *
 * Pure: the same input gives the same report. Redaction is the last step, so that nothing behind it sees a secret.
 */
export function buildReport(input: ReportInput): IncidentReport {
  const { graph, rules, bundle } = input;
  const evidence = createEvidenceIndex();
  const ordered = graph.incidents.map((incident) => ({ incident, facts: incidentFacts(input, incident) }));
  const told = factsToTell(
    input,
    ordered.flatMap(({ facts }) => facts),
  );
  for (const fact of told) evidence.refs(fact, fact.evidence.length);

  const built = ordered.map(({ incident, facts }, index) =>
    buildIncident(input, incident, facts, `incident-${index + 1}`, evidence),
  );
  const roles = rolesOf(input);
  const roleOf = (fact: Fact): Role => roles.get(fact.id) ?? 'unexplained';
  const verdict = verdictOf(built.map(({ context }) => namedHypothesis(context) !== undefined));
  const chain = new Set(built.flatMap(({ context }) => namedHypothesis(context)?.chain ?? []));
  const inIncidents = ordered.flatMap(({ facts }) => facts);
  const timeline = timelineOf(
    displayOrder(inIncidents, graph.edges, roleOf).map((fact) => ({ fact, role: roleOf(fact) })),
    chain,
    evidence,
  );
  const coverage = coverageOf(input);
  const tags = new Map(rules.signatures.map((signature) => [signature.id, signature.tags]));

  const report: IncidentReport = {
    schemaVersion: '1.0',
    tool: { name: 'forensics', version: input.toolVersion },
    rules: {
      hash: rules.hash,
      signatures: rules.signatures.length,
      links: rules.links.length,
      incidents: rules.incidents.length,
    },
    bundle: {
      name: bundle.name,
      hash: bundle.hash,
      collectedAt: input.collectedAt ? { ...isoSpan(input.collectedAt.span), basis: input.collectedAt.basis } : null,
      files: [...bundle.files]
        .sort((a, b) => byText(a.path, b.path))
        .map(({ path, format, bytes, lines, recognised, continuation, first, last, notes }) => ({
          path,
          format,
          bytes,
          lines,
          recognised,
          first: first ? isoTime(first.earliest) : null,
          last: last ? isoTime(last.latest) : null,
          notes: [...notes],
          continuation,
        })),
    },
    verdict,
    incidents: built.map(({ incident }) => incident),
    facts: told.map((fact) => reportFact(fact, roles.get(fact.id), tags.get(fact.signature) ?? [], evidence)),
    timeline: timeline.rows,
    anomalies: anomaliesOf(input, told, roles, verdict, evidence),
    questions: distinctQuestions([
      ...built.flatMap(({ incident }) => incident.questions),
      ...collectionQuestions(input),
    ]),
    coverage,
    clocks: [...input.clocks]
      .sort((a, b) => byText(a.clock, b.clock))
      .map(({ clock, basis, zone, uncertaintyMs, anchors, assumptions, offsets = [] }) => ({
        clock,
        basis,
        zone: zone ?? null,
        uncertaintySeconds: uncertaintyMs === undefined ? null : rounded(uncertaintyMs / 1000),
        anchors: [...anchors],
        assumptions: [...assumptions],
        ...(offsets.length === 0 ? {} : { offsets: offsets.map((offset) => offsetOf(clock, offset)) }),
      })),
    humanFields: built.length > 0 ? HUMAN_FIELDS.map(([section, field]) => ({ section, field })) : [],
    diagnostics: input.diagnostics.map(({ severity, code, message, source, line }) => ({
      severity,
      code,
      message,
      source: source ?? null,
      line: line ?? null,
    })),
    redactions: { mode: input.redact, secrets: 0, addresses: 0, kinds: {} },
    summary: [],
    timelineOmitted: timeline.omitted,
  };
  report.summary = overview(report, told, evidence);
  return redactReport(report, input.redact);
}

/** What only people can say; each stands in the post-mortem as `[To be filled in: …]`. */
const HUMAN_FIELDS = [
  ['Header', 'owner'],
  ['Header', 'reviewers'],
  ['Impact', 'users, money and commitments affected'],
  ['Timeline', 'when and how it was noticed, and who decided what'],
  ['Root cause', 'decisions and changes outside of the bundle'],
  ['Alternatives considered', 'verdict of the reviewers'],
  ['Whys', 'organisational reasons behind the last answer'],
  ['Prevention and action items', 'owner and date of each item'],
  ['What went well / wrong / lucky', 'how detection and response went'],
  ['Questions and missing evidence', 'answers'],
] as const;

type ClockOffsets = NonNullable<ReportInput['clocks'][number]['offsets']>;

function offsetOf(
  clock: string,
  offset: ClockOffsets[number],
): NonNullable<IncidentReport['clocks'][number]['offsets']>[number] {
  const { against, bounds, pairs, verdict } = offset;
  const seconds = (ms: number) => (Number.isFinite(ms) ? rounded(ms / 1000) : null);
  return {
    against,
    leastSeconds: seconds(bounds.least),
    greatestSeconds: seconds(bounds.greatest),
    pairs,
    verdict,
    text: offsetText(clock, offset),
  };
}

function incidentFacts(input: ReportInput, incident: IncidentGraph): Fact[] {
  const facts = incident.facts.flatMap((id) => input.graph.facts.get(id) ?? []);
  return displayOrder(facts, input.graph.edges, ({ id }) => incident.roles[id] ?? 'unexplained');
}

/** Incidents first, then remarks and what nothing explains. Context and healthy controls only where they are remarks. */
function factsToTell(input: ReportInput, inIncidents: readonly Fact[]): Fact[] {
  const told = new Map(inIncidents.map((fact) => [fact.id, fact]));
  const remarks = new Set(input.graph.remarks);
  const cited = new Set(
    input.graph.incidents.flatMap(({ patterns }) =>
      patterns.flatMap(({ items }) => items.flatMap(({ facts }) => facts)),
    ),
  );
  const others = [...input.graph.facts.values()].filter((fact) => {
    if (told.has(fact.id)) return false;
    const isTrouble = fact.polarity === 'symptom' || fact.polarity === 'condition' || fact.polarity === 'change';
    return isTrouble || remarks.has(fact.id) || cited.has(fact.id);
  });
  return [...told.values(), ...displayOrder(others, input.graph.edges)];
}

function rolesOf(input: ReportInput): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const incident of input.graph.incidents) {
    for (const [id, role] of Object.entries(incident.roles)) if (!roles.has(id)) roles.set(id, role);
  }
  return roles;
}

function verdictOf(named: readonly boolean[]): IncidentReport['verdict'] {
  const [first] = named;
  if (first === undefined) return 'no-incident';
  return first ? 'incident' : 'undetermined';
}

const MOST_MEMBERS = 50;

function reportFact(fact: Fact, role: Role | undefined, tags: readonly string[], evidence: EvidenceIndex): ReportFact {
  const { ended } = fact;
  return {
    id: fact.id,
    signature: fact.signature,
    title: fact.title,
    summary: fact.summary,
    severity: fact.severity,
    polarity: fact.polarity,
    role: role ?? 'unexplained',
    layer: fact.layer,
    component: fact.component ?? null,
    entities: { ...fact.entities },
    onset: fact.onset ? reportTime(fact.onset) : null,
    lastSeen: fact.lastSeen ? reportTime(fact.lastSeen) : null,
    ended: ended === undefined || ended === 'open' ? null : reportTime(ended),
    count: fact.count,
    countIs: fact.countIs,
    evidence: fact.evidence.map(evidence.cite),
    observed: fact.observed,
    state: ended === undefined ? 'unknown' : ended === 'open' ? 'open' : 'ended',
    nature: fact.nature,
    initiates: fact.initiates,
    certainty: rounded(fact.certainty),
    tags: [...tags].sort(byText),
    attributes: Object.fromEntries(
      Object.entries(fact.attributes).map(([name, value]) => [
        name,
        typeof value === 'number' ? rounded(value) : value,
      ]),
    ),
    memberCount: fact.members.length,
    members: fact.members.slice(0, MOST_MEMBERS).map(({ entities }) => ({ ...entities })),
  };
}

/** Novel messages as found; when no cause is named, facts that nothing explains lead. */
function anomaliesOf(
  input: ReportInput,
  told: readonly Fact[],
  roles: ReadonlyMap<string, Role>,
  verdict: IncidentReport['verdict'],
  evidence: EvidenceIndex,
): ReportAnomaly[] {
  const found = (input.anomalies ?? []).map(({ kind, title, score, count, at, evidence: lines }) => ({
    kind,
    title,
    score: rounded(score),
    count,
    at: at ? isoSpan(at) : null,
    fact: null,
    evidence: lines.map(evidence.cite),
  }));
  if (verdict !== 'undetermined') return found;
  const weight = { critical: 8, high: 4, medium: 2, low: 1 } as const;
  const unexplained = told
    .filter((fact) => fact.polarity === 'symptom' || fact.polarity === 'condition')
    .filter((fact) => ['unexplained', 'symptom', 'impact', 'root-cause'].includes(roles.get(fact.id) ?? 'unexplained'))
    .map((fact) => ({
      kind: 'unexplained-fact',
      title: fact.title,
      score: weight[fact.severity],
      count: fact.count,
      at: fact.onset ? isoSpan(fact.onset.at) : null,
      fact: fact.id,
      evidence: fact.evidence.slice(0, 2).map(evidence.cite),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 10);
  return [...found, ...unexplained];
}

function coverageOf({ bundle, silences }: ReportInput): IncidentReport['coverage'] {
  const sum = (pick: (file: (typeof bundle.files)[number]) => number) =>
    bundle.files.reduce((total, file) => total + pick(file), 0);
  const lines = sum((file) => file.lines);
  const understood = sum((file) => file.recognised + file.continuation);
  const unknown = bundle.files.filter((file) => file.recognised === 0);
  const firsts = bundle.files.flatMap(({ first }) => first?.earliest ?? []);
  const lasts = bundle.files.flatMap(({ last }) => last?.latest ?? []);
  return {
    files: bundle.files.length,
    filesUnderstood: bundle.files.length - unknown.length,
    bytes: sum((file) => file.bytes),
    lines,
    recognised: sum((file) => file.recognised),
    understoodShare: lines === 0 ? 0 : rounded(understood / lines),
    first: firsts.length > 0 ? isoTime(Math.min(...firsts)) : null,
    last: lasts.length > 0 ? isoTime(Math.max(...lasts)) : null,
    unknownFiles: unknown.map(({ path }) => path).sort(byText),
    silences: [...(silences ?? [])],
  };
}

/** What a thin bundle lacks whatever the incident is. */
function collectionQuestions({ bundle, collectedAt, nodes }: ReportInput): ReportQuestion[] {
  const asked: ReportQuestion[] = [];
  const has = (test: (format: string) => boolean) =>
    bundle.files.some(({ format, recognised }) => recognised > 0 && test(format));
  if (!nodes) {
    asked.push({
      need: 'all nodes and their state',
      why: 'Without it the share of lost nodes cannot be judged.',
      run: 'kubectl get nodes -o wide',
      separates: [],
    });
  }
  if (!has((format) => /journal|dmesg|syslog|kern/u.test(format))) {
    asked.push({
      need: 'the journal of the affected nodes',
      why: 'No log of a node was read: kernel, kubelet and runtime may hold the cause.',
      run: "journalctl --utc -o short-iso --since '6 hours ago'",
      separates: [],
    });
  }
  if (!collectedAt) {
    asked.push({
      need: 'the time at which the bundle was collected',
      why: 'Ages and yearless times are resolved against it.',
      run: 'date -u +%FT%TZ',
      separates: [],
    });
  }
  return asked;
}

/** The report in a sentence or two where no incident tells it. */
function overview(report: IncidentReport, told: readonly Fact[], evidence: EvidenceIndex): Statement[] {
  const { coverage, verdict } = report;
  const read = `${counted(coverage.files, 'file')} with ${counted(coverage.lines, 'line')}, of which ${percent(coverage.understoodShare)} were understood`;
  if (verdict === 'no-incident') {
    const gap = coverage.understoodShare < 0.5 ? ' Most lines were not understood, so this says little.' : '';
    return [
      statement(
        `No rule recognised a failure in ${read}. That makes one less likely, not impossible: not found is not absent.${gap}`,
        'inferred',
        { evidence: [] },
      ),
    ];
  }
  if (verdict === 'undetermined') {
    const worst = told[0];
    return [
      statement(`No cause can be named as likely from this bundle (${read}); the anomalies come first`, 'inferred', {
        evidence: evidence.refs(worst),
        facts: worst ? [worst.id] : [],
      }),
    ];
  }
  return [];
}
