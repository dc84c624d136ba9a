// Cost of correlation: node bench/correlation.mjs [facts] [links]   (needs `npm run build`)
// Prints time and peak memory for generated facts on many nodes; the goal is under 2 s and 300 MB for 20,000 and 500.
const { correlate } = await import('../dist/correlation/index.js');

const FACTS = Number(process.argv[2] ?? 20_000);
const LINKS = Number(process.argv[3] ?? 500);
const SIGNATURES = 300;
const NODES = 200;

let state = 7;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
};
const day = Date.UTC(2025, 0, 31);
const severities = ['critical', 'high', 'medium', 'low'];
const initiates = ['external', 'likely', 'possible', 'unlikely', 'never'];
const facts = Array.from({ length: FACTS }, (_, index) => {
  const signature = `signature-${random(SIGNATURES)}`;
  const node = `node/n${random(NODES)}`;
  const start = day + random(86_400) * 1000;
  const time = {
    at: { earliest: start, latest: start + 1000 },
    precisionMs: 1000,
    clock: node,
    basis: 'absolute',
    assumptions: [],
  };
  return {
    id: `${signature}@${node}#${index}`,
    signature,
    title: signature,
    summary: signature,
    observed: true,
    entities: { node, pod: `pod/ns/p${random(5000)}` },
    attributes: {},
    text: signature,
    onset: time,
    lastSeen: time,
    count: 1 + random(50),
    countIs: 'exact',
    polarity: 'symptom',
    nature: 'event',
    severity: severities[random(4)],
    layer: 'node',
    initiates: initiates[random(5)],
    certainty: 0.9,
    evidence: [{ kind: 'log', ref: { source: 'a.log', line: index + 1 }, quote: signature }],
    members: [],
  };
});
const links = Array.from({ length: LINKS }, (_, index) => ({
  id: `a${index}--b${index}`,
  cause: `signature-${random(SIGNATURES)}`,
  effect: `signature-${random(SIGNATURES)}`,
  mode: index % 5 === 0 ? 'both' : 'starts',
  scope: ['node', 'node', 'pod', 'cluster'][random(4)],
  within: '10m',
  order: 'loose',
  confidence: ['definite', 'strong', 'probable', 'weak'][random(4)],
  supports: [],
  refutes: [],
  type: 'causes',
  mechanism: 'It does.',
  ask: [],
}));

const before = process.hrtime.bigint();
const graph = correlate(
  facts,
  {
    signatures: [],
    links,
    incidents: [],
    playbooks: [],
    roles: [],
    model: { requires: [], bypass: [] },
    byTag: (name) => [name],
  },
  { judge: () => ({ value: true, why: '', facts: [] }), linked: () => undefined, contrast: () => undefined },
);
const ms = Number(process.hrtime.bigint() - before) / 1e6;
console.log(
  `${FACTS} facts, ${LINKS} links: ${(ms / 1000).toFixed(2)} s, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, ` +
    `${graph.edges.length} edges, ${graph.incidents.length} incidents, largest ${Math.max(...graph.incidents.map((one) => one.facts.length))} facts`,
);
