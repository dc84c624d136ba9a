import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/index.ts';
import { type IncidentReport, incidentReportSchema, type Statement } from '../../src/model/report.ts';
import { buildReport } from '../../src/report/index.ts';
import {
  at,
  line,
  makeEdge,
  makeFact,
  makeGraph,
  makeHypothesis,
  makeIncident,
  sampleGraph,
  sampleInput,
} from '../support/sample-graph.ts';
import { deadlockReport, healthyReport, sampleReport, undeterminedReport } from '../support/sample-report.ts';

const reports: [string, IncidentReport][] = [
  ['a storage stall', sampleReport],
  ['a deadlock', deadlockReport],
  ['a healthy bundle', healthyReport],
  ['an undetermined incident', undeterminedReport],
];
const [incident] = sampleReport.incidents;
if (!incident) throw new Error('the sample has an incident');

function statementsOf(report: IncidentReport): Statement[] {
  return [
    ...report.summary,
    ...report.incidents.flatMap((one) => [one.severityBasis, ...Object.values(one.statements).flat()]),
  ];
}

describe.each(reports)('report of %s', (_, report) => {
  it('keeps to its schema', () => {
    expect(incidentReportSchema.parse(report)).toEqual(report);
  });
  it('has its keys in the order of the schema', () => {
    expect(Object.keys(report)).toEqual(Object.keys(incidentReportSchema.shape));
    const order = Object.keys(incidentReportSchema.shape.incidents.element.shape);
    for (const one of report.incidents) expect(Object.keys(one)).toEqual(order);
    const factOrder = Object.keys(incidentReportSchema.shape.facts.element.shape);
    for (const fact of report.facts) expect(Object.keys(fact)).toEqual(factOrder);
  });
  it('evidences every observed or derived statement', () => {
    for (const { basis, evidence, text } of statementsOf(report)) {
      if (basis === 'observed' || basis === 'derived') expect(evidence, text).not.toEqual([]);
    }
  });
  it('words statements after their basis', () => {
    for (const { basis, text } of statementsOf(report)) {
      if (basis === 'inferred') expect(text).toMatch(/likel(?:y|ier)/iu);
      if (basis === 'assumed') expect(text).toMatch(/assumed, not evidenced/iu);
    }
  });
  it('cites only evidence that it holds', () => {
    const known = new Set(
      [
        ...report.facts.flatMap((fact) => fact.evidence),
        ...report.incidents.flatMap((one) =>
          one.edges.flatMap((edge) => edge.contributions.flatMap((part) => part.evidence)),
        ),
        ...report.incidents.flatMap((one) => one.hypotheses.flatMap((hypothesis) => hypothesis.contradictedBy)),
      ].map(({ ref }) => ref),
    );
    for (const { evidence } of statementsOf(report)) for (const ref of evidence) expect(known).toContain(ref);
  });
  it('is the same when built again, whatever the order of facts and edges', () => {
    expect(JSON.stringify(report)).toBe(JSON.stringify(incidentReportSchema.parse(JSON.parse(JSON.stringify(report)))));
  });
});

describe('order', () => {
  it('does not depend on the order of the input', () => {
    const shuffled = buildReport({
      ...sampleInput,
      bundle: { ...sampleInput.bundle, files: [...sampleInput.bundle.files].reverse() },
      graph: {
        ...sampleGraph,
        facts: new Map([...sampleGraph.facts].reverse()),
        edges: [...sampleGraph.edges].reverse(),
        incidents: sampleGraph.incidents.map((one) => ({ ...one, facts: [...one.facts].reverse() })),
      },
    });
    expect(JSON.stringify(shuffled)).toBe(JSON.stringify(sampleReport));
  });
  it('puts a cause before its effect even where the effect is dated earlier', () => {
    const order = incident.facts;
    expect(order.indexOf('nfs-down')).toBeLessThan(order.indexOf('hung-task'));
    for (const { from, to, type } of incident.edges) {
      if (type === 'causes') expect(order.indexOf(from), `${from} before ${to}`).toBeLessThan(order.indexOf(to));
    }
  });
  it('moves a cause of unknown time up to its first effect', () => {
    const facts = [
      makeFact('late', { onset: at('10:00:00') }),
      makeFact('early', { onset: at('09:00:00') }),
      makeFact('setting', {}),
    ];
    const report = buildReport({
      ...sampleInput,
      graph: makeGraph(facts, {
        edges: [makeEdge('setting', 'early')],
        incidents: [makeIncident({ facts: ['late', 'early', 'setting'] })],
      }),
    });
    expect(report.incidents[0]?.facts).toEqual(['setting', 'early', 'late']);
  });
  it('ends for cycles of hold edges', () => {
    expect(deadlockReport.incidents[0]?.facts.toSorted()).toEqual(['cluster-dns', 'gitops-helm', 'pod-ip-allocator']);
  });
});

describe('storage stall', () => {
  it('names the root with its statement filled in', () => {
    expect(sampleReport.verdict).toBe('incident');
    expect(incident.hypotheses[0]).toMatchObject({
      statement: 'NFS server filer.storage.example stopped responding to cp-7.',
      category: 'storage',
      confidence: 'medium',
      score: 78.432,
    });
  });
  it('derives the onset from the hung task, before the first line', () => {
    expect(incident.onset).toEqual({ earliest: '2025-11-14T02:52:01.000Z', latest: '2025-11-14T02:54:04.000Z' });
    expect(incident.statements.rootCause[1]?.text).toBe(
      'It began between 02:52:01 and 02:54:04 UTC on 14 November 2025, 4 min 27 s to 6 min 31 s before the first line about it, according to “Task loki:25860 blocked in uninterruptible sleep” (368 s before the report, and up to 123 s of scan interval).',
    );
  });
  it('gives lags as intervals and marks the assumed step', () => {
    expect(incident.statements.chain.map(({ text, basis }) => [text.split(' – ')[0], basis])).toEqual([
      ['Task loki:25860 blocked in uninterruptible sleep, up to 1 min 33 s later', 'observed'],
      ['Lookups of the host resolver fail with “Try again”, between 5 min 48 s and 7 min 52 s later', 'inferred'],
      ['The Cilium agent refuses endpoints (429), 4 min 1 s later', 'assumed'],
      ['Pod sandboxes cannot be created, within a second', 'observed'],
      ['The journal of cp-7 falls silent, 11 s later', 'inferred'],
      ['Node cp-7 booted without a clean shutdown, 16 h 32 min later', 'observed'],
    ]);
  });
  it('names the other reading of the assumed step', () => {
    expect(incident.statements.alternatives.map(({ text }) => text).join('\n')).toContain(
      'another reading of “The Cilium agent refuses endpoints (429)” is “k3s changed its process id from 1224 to 1231”',
    );
  });
  it('says what is not known about the end', () => {
    expect(incident.ended).toBeNull();
    expect(incident.durations.map(({ name, text }) => [name, text])).toEqual([
      ['unnoticed', '4 min 27 s to 6 min 31 s from onset to the first line about it'],
      ['degraded', 'degraded at least 10 min'],
      ['no data', 'no data for 16 h 32 min until 19:36:16'],
      ['recovery', 'recovery time not in the bundle'],
    ]);
  });
  it('lists the hard mount as contributing', () => {
    expect(incident.contributing).toMatchObject([
      { fact: 'hard-mount', statement: expect.stringContaining('mounted hard'), evidence: ['E14'] },
    ]);
  });
  it('walks the whys from the worst symptom to the end of the bundle', () => {
    expect(incident.whys[0]?.question).toBe('Why: The journal of cp-7 falls silent?');
    expect(incident.whys.at(-1)).toMatchObject({
      question: 'Why: NFS server filer.storage.example does not respond?',
      answer: 'Not in the bundle: nothing that was collected comes before it and explains it.',
    });
    for (const why of incident.whys.slice(0, -1)) expect(why.edge).not.toBeNull();
  });
  it('orders the timeline and marks what the clocks do not tell', () => {
    expect(sampleReport.timeline.slice(1, 4).map(({ fact, order }) => [fact, order])).toEqual([
      ['nfs-down', 'not-determinable'],
      ['hung-task', 'not-determinable'],
      ['host-dns', 'definite'],
    ]);
  });
  it('fills commands only from what the bundle tells', () => {
    expect(incident.remediation[0]).toMatchObject({
      order: 1,
      check: 'showmount -e filer.storage.example',
      verify: 'timeout 5 ls <mountPoint>',
      placeholders: ['mountPoint'],
      risk: 'A soft mount trades the hang for possible silent data corruption.',
    });
  });
  it('puts prevention before containment before detection', () => {
    expect(incident.actionItems.map((item) => item.class)).toEqual(['prevent', 'mitigate', 'detect']);
  });
});

describe('hostile captures', () => {
  const hostile = (server: string): Fact =>
    makeFact('nfs-down', { ...sampleGraph.facts.get('nfs-down'), attributes: { server } });
  const commandFor = (server: string) => {
    const report = buildReport({
      ...sampleInput,
      graph: { ...sampleGraph, facts: new Map([...sampleGraph.facts, ['nfs-down', hostile(server)]]) },
    });
    return report.incidents[0]?.remediation[0]?.check;
  };
  it.each([
    ['a.example; rm -rf /', "showmount -e 'a.example; rm -rf /'"],
    ["a'$(id)", "showmount -e 'a'\\''$(id)'"],
    ['--help', 'showmount -e <server>'],
    ['a\nrm -rf /', 'showmount -e <server>'],
  ])('%j in a command', (server, command) => {
    expect(commandFor(server)).toBe(command);
  });
  it('leaves names of uncertain joins out', () => {
    const unsure = makeFact('nfs-down', { ...sampleGraph.facts.get('nfs-down'), attributes: {}, certainty: 0.5 });
    const report = buildReport({
      ...sampleInput,
      graph: { ...sampleGraph, facts: new Map([...sampleGraph.facts, ['nfs-down', unsure]]) },
    });
    expect(report.incidents[0]?.remediation[0]?.check).toBe('showmount -e <server>');
  });
});

describe('verdicts', () => {
  it('is no-incident without incidents', () => {
    expect(healthyReport).toMatchObject({ verdict: 'no-incident', incidents: [], humanFields: [], timeline: [] });
  });
  it('names no cause when undetermined, and leads with what stands out', () => {
    expect(undeterminedReport.verdict).toBe('undetermined');
    expect(undeterminedReport.incidents[0]?.hypotheses[0]?.title).toBe('Cause not determined');
    expect(undeterminedReport.incidents[0]).toMatchObject({ whys: [], trigger: null });
    expect(undeterminedReport.anomalies).toMatchObject([{ kind: 'unexplained-fact', fact: 'cluster-dns' }]);
  });
  it('makes an assumption of an observation without a line', () => {
    const report = buildReport({
      ...sampleInput,
      graph: makeGraph([makeFact('x', { polarity: 'condition' })], {
        incidents: [makeIncident({ facts: ['x'], roles: { x: 'contributing' }, hypotheses: [makeHypothesis('x')] })],
      }),
    });
    expect(report.incidents[0]?.contributing[0]).toEqual({
      fact: 'x',
      statement: 'Assumed, not evidenced: x.',
      basis: 'assumed',
      evidence: [],
    });
  });
});

describe('severity estimate', () => {
  const severityOf = (fact: Partial<Fact>, tags: string[], nodes?: string[]) => {
    const seen = makeFact('f', { signature: 'node-log-silence', evidence: [line('a.log', 1, 'x')], ...fact });
    const report = buildReport({
      ...sampleInput,
      ...(nodes ? { nodes } : {}),
      rules: {
        ...sampleInput.rules,
        signatures: sampleInput.rules.signatures.map((signature) => ({ ...signature, tags })),
      },
      graph: makeGraph([seen], { incidents: [makeIncident({ facts: ['f'], roles: { f: 'symptom' } })] }),
    });
    return [report.incidents[0]?.severity, report.incidents[0]?.severityCertainty];
  };
  const onNode = { entities: { node: 'node/a' } } as const;
  it.each([
    ['etcd without leader', {}, ['etcd-no-leader'], undefined, ['SEV1', 'low']],
    ['one of four nodes lost', onNode, ['node-silent'], ['a', 'b', 'c', 'd'], ['SEV2', 'high']],
    ['two nodes known, one lost', onNode, ['node-silent'], ['a', 'b'], ['SEV1', 'high']],
    ['delivery blocked', {}, ['helm-failed'], undefined, ['SEV2', 'low']],
    ['a pod crashes', {}, ['pod-crash-loop'], undefined, ['SEV3', 'low']],
    ['a remark', { severity: 'low' as const }, [], undefined, ['SEV4', 'low']],
  ])('%s', (_, fact, tags, nodes, expected) => {
    expect(severityOf(fact, tags, nodes)).toEqual(expected);
  });
});

describe('deadlock', () => {
  it('is broken first', () => {
    expect(deadlockReport.incidents[0]?.remediation[0]).toMatchObject({
      order: 1,
      title: 'Break the loop at pod-ip-allocator',
      do: 'kubectl -n kube-system scale deployment kube-ovn-controller --replicas=1',
      safety: 'reversible',
    });
  });
  it('asks for the undecided point of a pattern', () => {
    expect(deadlockReport.questions[0]).toMatchObject({ need: 'No path between pods', run: 'ping -c 3 10.42.1.7' });
  });
});

it('keeps the rows of the timeline that matter when there are too many', () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    makeFact(`f${String(index).padStart(2, '0')}`, {
      onset: at(`10:00:${String(index).padStart(2, '0')}`),
      evidence: [line('a.log', index + 1, `line ${index}`)],
    }),
  );
  const report = buildReport({
    ...sampleInput,
    graph: makeGraph(many, {
      incidents: [
        makeIncident({
          facts: many.map(({ id }) => id),
          roles: Object.fromEntries(many.map(({ id }) => [id, id === 'f59' ? 'root-cause' : 'symptom'])),
          hypotheses: [makeHypothesis('f59')],
        }),
      ],
    }),
  });
  expect(report.timeline).toHaveLength(40);
  expect(report.timelineOmitted).toBe(20);
  expect(report.timeline.at(-1)?.fact).toBe('f59');
});
