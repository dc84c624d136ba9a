import { z } from 'zod';
import { LAYERS } from './layer.ts';

/**
 * The JSON report: what `analyze --format json` writes and what every other output is a function of.
 *
 * Keys stand in the order of this file. Times are ISO 8601 in UTC with milliseconds, numbers are rounded to three
 * decimals, what is not known is `null`. Evidence carries a reference (`E12`) that is unique in the report: the same
 * line has the same reference everywhere.
 */

const iso = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
const evidenceRef = z.string().regex(/^E\d+$/u);
const factId = z.string().min(1);
const edgeId = z.string().min(1);
const count = z.number().int().min(0);

const span = z.strictObject({ earliest: iso, latest: iso });
const timed = z.strictObject({
  earliest: iso,
  latest: iso,
  basis: z.enum(['absolute', 'yearless', 'zoneless', 'monotonic', 'age', 'derived', 'neighbour', 'none']),
  clock: z.string(),
  assumptions: z.array(z.string()),
});

const evidence = z.strictObject({
  kind: z.enum(['log', 'row', 'absence', 'silence', 'derived']),
  source: z.string(),
  line: count,
  endLine: count,
  time: iso.nullable(),
  /** Exact substring of the line; redacted parts read `<secret:1>`. */
  quote: z.string(),
  ref: evidenceRef,
  derivation: z.string().nullable(),
});

export const STATEMENT_BASES = ['observed', 'derived', 'inferred', 'assumed'] as const;
const statement = z.strictObject({
  text: z.string().min(1),
  basis: z.enum(STATEMENT_BASES),
  evidence: z.array(evidenceRef),
  facts: z.array(factId),
  edges: z.array(edgeId),
});

const confidence = z.enum(['high', 'medium', 'low', 'undetermined']);

const hypothesis = z.strictObject({
  rank: z.number().int().min(1),
  root: factId,
  title: z.string(),
  statement: z.string(),
  category: z.string(),
  confidence,
  score: z.number(),
  terms: z.array(z.strictObject({ name: z.string(), value: z.number(), weight: z.number(), why: z.string() })),
  chain: z.array(factId),
  explains: z.array(factId),
  doesNotExplain: z.array(factId),
  contradictedBy: z.array(evidence),
  weakestEdge: edgeId.nullable(),
  /** Share of the symptoms' weight that nothing else reaches when this root is taken away. */
  counterfactual: z.number(),
  /** Why the confidence is not higher. */
  capped: z.array(z.string()),
  evidence: z.array(evidenceRef),
});

const edge = z.strictObject({
  from: factId,
  to: factId,
  graph: z.enum(['start', 'hold']),
  rule: z.string(),
  weight: z.number(),
  basis: z.enum(['observed', 'inferred', 'assumed']),
  order: z.enum(['definite', 'probable', 'possible', 'unknown']),
  mechanism: z.string(),
  contributions: z.array(
    z.strictObject({ what: z.string(), factor: z.number(), why: z.string(), evidence: z.array(evidence) }),
  ),
  id: edgeId,
  type: z.enum(['causes', 'enables', 'aggravates']),
  lag: z.strictObject({ leastSeconds: z.number(), greatestSeconds: z.number(), text: z.string() }).nullable(),
  /** Edges that compete for the same effect. */
  rivals: z.array(edgeId),
});

const rejectedEdge = z.strictObject({
  from: factId,
  to: factId,
  rule: z.string(),
  reason: z.enum(['excluded-by-time', 'refuted', 'too-weak', 'other-scope', 'unknown-condition']),
  why: z.string(),
});

const deadlock = z.strictObject({
  members: z.array(z.strictObject({ component: z.string(), fact: factId, title: z.string(), waitsFor: z.string() })),
  entry: z.string(),
  breakAt: z.array(
    z.strictObject({ component: z.string(), how: z.string(), cost: z.number(), safety: z.string(), fact: factId }),
  ),
  edges: z.array(edgeId),
});

const pattern = z.strictObject({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['confirmed', 'partial', 'absent']),
  min: z.number(),
  max: z.number(),
  total: z.number(),
  items: z.array(
    z.strictObject({
      item: z.string(),
      title: z.string(),
      state: z.enum(['confirmed', 'not-found', 'unknown']),
      score: z.number(),
      why: z.string(),
      facts: z.array(factId),
      run: z.string().nullable(),
    }),
  ),
});

const affected = z.strictObject({ count, names: z.array(z.string()) });
const impact = z.strictObject({
  nodes: affected,
  pods: affected,
  workloads: affected,
  services: affected,
  namespaces: affected,
  components: affected,
  /** Nodes that the bundle knows at all; null where no listing of them was read. */
  nodesKnown: count.nullable(),
  blastRadius: z.string(),
});

const phase = z.strictObject({
  id: z.enum([
    'onset',
    'first-evidence',
    'first-impact',
    'worst',
    'last-before-silence',
    'resumed',
    'recovered',
    'collected',
  ]),
  title: z.string(),
  at: span.nullable(),
  fact: factId.nullable(),
  text: z.string(),
});

const duration = z.strictObject({
  name: z.string(),
  leastSeconds: z.number().nullable(),
  greatestSeconds: z.number().nullable(),
  text: z.string(),
});

const remediation = z.strictObject({
  order: z.number().int().min(1),
  layer: z.string(),
  title: z.string(),
  check: z.string(),
  do: z.string(),
  verify: z.string(),
  safety: z.enum(['read-only', 'reversible', 'disruptive', 'destructive']),
  risk: z.string(),
  undo: z.string(),
  /** Names in angle brackets that the bundle could not fill in. */
  placeholders: z.array(z.string()),
  for: z.string(),
});

const question = z.strictObject({ need: z.string(), why: z.string(), run: z.string(), separates: z.array(z.string()) });

const incident = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4']),
  onset: span.nullable(),
  ended: span.nullable(),
  hypotheses: z.array(hypothesis),
  facts: z.array(factId),
  edges: z.array(edge),
  deadlocks: z.array(deadlock),
  patterns: z.array(pattern),
  contributing: z.array(
    z.strictObject({
      fact: factId,
      statement: z.string(),
      basis: z.enum(STATEMENT_BASES),
      evidence: z.array(evidenceRef),
    }),
  ),
  trigger: z
    .strictObject({
      fact: factId,
      statement: z.string(),
      basis: z.enum(STATEMENT_BASES),
      evidence: z.array(evidenceRef),
    })
    .nullable(),
  whys: z.array(
    z.strictObject({
      question: z.string(),
      answer: z.string(),
      evidence: z.array(evidenceRef),
      basis: z.enum(STATEMENT_BASES),
      /** Steps below the worst symptom; answers to the same question share it. */
      depth: count,
      edge: edgeId.nullable(),
    }),
  ),
  impact,
  phases: z.array(phase),
  remediation: z.array(remediation),
  actionItems: z.array(
    z.strictObject({ class: z.enum(['prevent', 'detect', 'mitigate', 'process']), text: z.string(), done: z.string() }),
  ),
  questions: z.array(question),
  severityBasis: statement,
  /** How sure the level itself is: a missing listing lowers this, not the level. */
  severityCertainty: z.enum(['high', 'low']),
  durations: z.array(duration),
  rejectedEdges: z.array(rejectedEdge),
  statements: z.strictObject({
    summary: z.array(statement),
    impact: z.array(statement),
    rootCause: z.array(statement),
    /** How it spread: one per fact that the best hypothesis reaches; `facts` are cause and effect. */
    chain: z.array(statement),
    alternatives: z.array(statement),
    preExisting: z.array(statement),
    /** Changes of the day before the onset, the latest first; none of them is thereby a cause. */
    changes: z.array(statement).default([]),
    wentWell: z.array(statement),
    wentWrong: z.array(statement),
    lucky: z.array(statement),
  }),
  /** The baseline report names the same cause. */
  known: z.boolean(),
});

const fact = z.strictObject({
  id: factId,
  signature: z.string(),
  title: z.string(),
  summary: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  polarity: z.enum(['symptom', 'condition', 'change', 'recovery', 'healthy', 'context']),
  role: z.enum([
    'root-cause',
    'trigger',
    'contributing',
    'symptom',
    'impact',
    'collateral',
    'pre-existing',
    'response',
    'unexplained',
  ]),
  layer: z.enum(LAYERS),
  component: z.string().nullable(),
  entities: z.record(z.string(), z.string()),
  onset: timed.nullable(),
  lastSeen: timed.nullable(),
  ended: timed.nullable(),
  count: z.number().int().min(0),
  countIs: z.enum(['exact', 'at-least']),
  evidence: z.array(evidence),
  observed: z.boolean(),
  state: z.enum(['ended', 'open', 'unknown']),
  nature: z.enum(['event', 'state', 'configuration', 'resource', 'absence']),
  initiates: z.enum(['external', 'likely', 'possible', 'unlikely', 'never']),
  certainty: z.number(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  memberCount: count,
  members: z.array(z.record(z.string(), z.string())),
});

const anomaly = z.strictObject({
  kind: z.string(),
  title: z.string(),
  score: z.number(),
  count,
  at: span.nullable(),
  fact: factId.nullable(),
  evidence: z.array(evidence),
});

export const incidentReportSchema = z.strictObject({
  schemaVersion: z.literal('1.0'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  rules: z.strictObject({ hash: z.string(), signatures: count, links: count, incidents: count }),
  bundle: z.strictObject({
    name: z.string(),
    hash: z.string(),
    collectedAt: z.strictObject({ earliest: iso, latest: iso, basis: z.string() }).nullable(),
    files: z.array(
      z.strictObject({
        path: z.string(),
        format: z.string(),
        bytes: count,
        lines: count,
        recognised: count,
        first: iso.nullable(),
        last: iso.nullable(),
        notes: z.array(z.string()),
        /** Lines that belong to a record before them. */
        continuation: count,
      }),
    ),
  }),
  verdict: z.enum(['incident', 'no-incident', 'undetermined']),
  incidents: z.array(incident),
  facts: z.array(fact),
  timeline: z.array(
    z.strictObject({
      at: span,
      fact: factId,
      text: z.string(),
      order: z.enum(['definite', 'not-determinable']),
      what: z.enum(['begins', 'ends']),
      where: z.string(),
      role: fact.shape.role,
      evidence: z.array(evidenceRef),
    }),
  ),
  anomalies: z.array(anomaly),
  questions: z.array(question),
  coverage: z.strictObject({
    files: count,
    filesUnderstood: count,
    bytes: count,
    lines: count,
    recognised: count,
    /** Lines read as records or as parts of one, over all lines. */
    understoodShare: z.number(),
    first: iso.nullable(),
    last: iso.nullable(),
    unknownFiles: z.array(z.string()),
    silences: z.array(z.string()),
  }),
  clocks: z.array(
    z.strictObject({
      clock: z.string(),
      basis: z.string(),
      zone: z.string().nullable(),
      uncertaintySeconds: z.number().nullable(),
      anchors: z.array(z.string()),
      assumptions: z.array(z.string()),
      /** Absent where no records show that the clock is apart from another one. */
      offsets: z
        .array(
          z.strictObject({
            against: z.string(),
            /** How much it shows more than the other clock; negative: less; null: not bounded on this side. */
            leastSeconds: z.number().nullable(),
            greatestSeconds: z.number().nullable(),
            /** Pairs of records that must be in order. */
            pairs: count,
            verdict: z.enum(['decided', 'wide', 'contradicted']),
            text: z.string(),
          }),
        )
        .optional(),
    }),
  ),
  humanFields: z.array(z.strictObject({ section: z.string(), field: z.string() })),
  diagnostics: z.array(
    z.strictObject({
      severity: z.enum(['info', 'warning', 'error']),
      code: z.string(),
      message: z.string(),
      source: z.string().nullable(),
      line: count.nullable(),
    }),
  ),
  redactions: z.strictObject({
    mode: z.enum(['secrets', 'secrets+addresses', 'none']),
    secrets: count,
    addresses: count,
    /** How often each kind was found. */
    kinds: z.record(z.string(), count),
  }),
  /** Sentences for a report without incidents, or ahead of them. */
  summary: z.array(statement),
  timelineOmitted: count,
});

export type IncidentReport = z.infer<typeof incidentReportSchema>;
export type ReportIncident = IncidentReport['incidents'][number];
export type ReportHypothesis = ReportIncident['hypotheses'][number];
export type ReportEdge = ReportIncident['edges'][number];
export type ReportDeadlock = ReportIncident['deadlocks'][number];
export type ReportPattern = ReportIncident['patterns'][number];
export type ReportPhase = ReportIncident['phases'][number];
export type ReportDuration = ReportIncident['durations'][number];
export type ReportImpact = ReportIncident['impact'];
export type RemediationStep = ReportIncident['remediation'][number];
export type ActionItem = ReportIncident['actionItems'][number];
export type ReportQuestion = IncidentReport['questions'][number];
export type ReportFact = IncidentReport['facts'][number];
export type ReportEvidence = ReportFact['evidence'][number];
export type ReportSpan = NonNullable<ReportIncident['onset']>;
export type ReportTime = NonNullable<ReportFact['onset']>;
export type TimelineRow = IncidentReport['timeline'][number];
export type ReportAnomaly = IncidentReport['anomalies'][number];
export type Statement = z.infer<typeof statement>;
export type StatementBasis = Statement['basis'];

/** JSON Schema (draft 2020-12) of the report, as committed in schema/report.json. */
export function reportJsonSchema(): unknown {
  const schema = z.toJSONSchema(incidentReportSchema, { reused: 'ref' });
  return { ...schema, title: 'forensics incident report' };
}
