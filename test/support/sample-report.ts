import type { IncidentReport } from '../../src/model/report.ts';
import { buildReport } from '../../src/report/index.ts';
import { line, makeEdge, makeFact, makeGraph, makeHypothesis, makeIncident, sampleInput } from './sample-graph.ts';

/** A storage stall: one incident with a named cause. */
export const sampleReport: IncidentReport = buildReport(sampleInput);

const members = ['cluster-dns', 'gitops-helm', 'pod-ip-allocator'];
const lockFacts = members.map((component, index) =>
  makeFact(component, {
    title: `${component} is down`,
    component,
    layer: (['dns', 'gitops', 'cni'] as const)[index] ?? 'apps',
    nature: 'state',
    ended: 'open',
    evidence: [
      line('pods.txt', index + 2, `kube-system  ${component}-0  0/1  ContainerCreating`, undefined, { kind: 'row' }),
    ],
  }),
);
const lockEdges = members.map((component, index) =>
  makeEdge(component, members[(index + 1) % members.length] ?? component, {
    graph: 'hold',
    basis: 'inferred',
    order: 'unknown',
    weight: 0.6,
  }),
);

/** Three components that wait for each other. */
export const deadlockReport: IncidentReport = buildReport({
  ...sampleInput,
  collectedAt: sampleInput.collectedAt as NonNullable<typeof sampleInput.collectedAt>,
  graph: makeGraph(lockFacts, {
    edges: lockEdges,
    incidents: [
      makeIncident({
        facts: members,
        roles: { 'cluster-dns': 'symptom', 'gitops-helm': 'symptom', 'pod-ip-allocator': 'root-cause' },
        hypotheses: [
          makeHypothesis('pod-ip-allocator', {
            chain: ['pod-ip-allocator', 'cluster-dns', 'gitops-helm'],
            confidence: 'low',
          }),
        ],
        deadlocks: [
          {
            members: members.map((component, index) => ({
              component,
              fact: component,
              waitsFor: members[(index + 2) % members.length] ?? component,
            })),
            edges: lockEdges.map(({ id }) => id),
            entry: 'How the loop was entered cannot be told from the bundle.',
            breakAt: [
              {
                component: 'pod-ip-allocator',
                fact: 'pod-ip-allocator',
                how: 'kubectl -n kube-system scale deployment kube-ovn-controller --replicas=1',
                cost: 1,
                safety: 'reversible: it runs on the host network',
              },
            ],
          },
        ],
        patterns: [
          {
            id: 'pod-network-collapse',
            title: 'Pod network collapse',
            verdict: 'partial',
            min: 2,
            max: 3,
            total: 6,
            repair: [],
            items: [
              {
                item: 'dns',
                title: 'Cluster DNS crash loop',
                state: 'confirmed',
                score: 1,
                why: 'seen',
                facts: ['cluster-dns'],
              },
              {
                item: 'ping',
                title: 'No path between pods',
                state: 'unknown',
                score: 1,
                why: 'no ping output',
                facts: [],
                run: 'ping -c 3 10.42.1.7',
              },
            ],
          },
        ],
      }),
    ],
  }),
});

/** Nothing found. */
export const healthyReport: IncidentReport = buildReport({ ...sampleInput, graph: makeGraph([]) });

/** Symptoms without a cause. */
export const undeterminedReport: IncidentReport = buildReport({
  ...sampleInput,
  graph: makeGraph([lockFacts[0] ?? makeFact('x')], {
    incidents: [
      makeIncident({
        facts: ['cluster-dns'],
        roles: { 'cluster-dns': 'symptom' },
        hypotheses: [makeHypothesis('cluster-dns', { confidence: 'undetermined', score: 12 })],
      }),
    ],
  }),
});
