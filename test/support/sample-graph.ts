import type {
  CausalGraph,
  Contribution,
  Edge,
  Evidence,
  Fact,
  FactMember,
  Hypothesis,
  IncidentGraph,
  TimeRef,
} from '../../src/model/index.ts';
import type { ReportInput, ReportRules } from '../../src/report/index.ts';
import type { Playbook, Signature } from '../../src/rules/schema.ts';
import { playbookSchema, signatureSchema } from '../../src/rules/schema.ts';

/** A storage stall that takes a node down, as facts and edges: the input that reports are tested with. */

const DAY = '2025-11-14';

export function at(from: string, to = from, clock = 'node/cp-7', basis: TimeRef['basis'] = 'yearless'): TimeRef {
  const ms = (time: string) => Date.parse(time.includes('T') ? time : `${DAY}T${time}Z`);
  return {
    at: { earliest: ms(from), latest: from === to ? ms(to) + 999 : ms(to) },
    precisionMs: 1000,
    clock,
    basis,
    assumptions: basis === 'yearless' ? ['year taken from the collection time'] : [],
  };
}

export function line(
  source: string,
  number: number,
  quote: string,
  time?: TimeRef,
  more: Partial<Evidence> = {},
): Evidence {
  return { kind: 'log', ref: { source, line: number }, quote, ...(time ? { time } : {}), ...more };
}

export function makeFact(id: string, more: Partial<Fact> = {}): Fact {
  return {
    id,
    signature: id,
    title: id,
    summary: '',
    observed: true,
    entities: {},
    attributes: {},
    text: '',
    count: 1,
    countIs: 'exact',
    polarity: 'symptom',
    nature: 'event',
    severity: 'high',
    layer: 'node',
    initiates: 'possible',
    certainty: 0.95,
    evidence: [],
    members: [],
    ...more,
  };
}

export function makeEdge(from: string, to: string, more: Partial<Edge> = {}): Edge {
  return {
    id: `${from}>${to}`,
    from,
    to,
    rule: `${from}--${to}`,
    graph: 'start',
    type: 'causes',
    weight: 0.8,
    basis: 'observed',
    order: 'definite',
    mechanism: `${from} brings about ${to}.`,
    contributions: [{ what: 'base', factor: 0.85, why: 'rated strong' }],
    rivals: [],
    ...more,
  };
}

export function makeHypothesis(root: string, more: Partial<Hypothesis> = {}): Hypothesis {
  return {
    root,
    rank: 1,
    score: 70,
    confidence: 'medium',
    terms: [{ name: 'coverage', value: 0.9, weight: 0.4, why: 'reaches most symptoms' }],
    chain: [root],
    explains: [],
    doesNotExplain: [],
    contradictedBy: [],
    weakestEdge: '',
    counterfactual: 0.8,
    capped: [],
    ...more,
  };
}

export function makeIncident(more: Partial<IncidentGraph> = {}): IncidentGraph {
  return { facts: [], hypotheses: [], deadlocks: [], patterns: [], roles: {}, questions: [], ...more };
}

export function makeGraph(facts: readonly Fact[], more: Partial<CausalGraph> = {}): CausalGraph {
  return {
    facts: new Map(facts.map((fact) => [fact.id, fact])),
    edges: [],
    rejected: [],
    incidents: [],
    remarks: [],
    ...more,
  };
}

const J = 'cp-7/journal.log';
const node = { node: 'node/cp-7' } as const;
const nfs = 'nfs-server/filer.storage.example' as const;

const hungTime = at('03:00:12');
const facts: Fact[] = [
  makeFact('nfs-down', {
    signature: 'nfs-server-not-responding',
    title: 'NFS server filer.storage.example does not respond',
    summary: 'NFS server filer.storage.example stopped responding to cp-7',
    entities: { ...node, server: nfs },
    attributes: { server: 'filer.storage.example' },
    onset: { ...at('02:52:31', '02:57:31', 'node/cp-7', 'derived') },
    lastSeen: at('02:58:31'),
    ended: 'open',
    count: 3,
    nature: 'state',
    severity: 'critical',
    layer: 'external',
    initiates: 'external',
    evidence: [
      line(J, 412, 'nfs: server filer.storage.example not responding, still trying', at('02:58:31')),
      line(J, 431, 'nfs: server filer.storage.example not responding, still trying', at('02:59:40')),
    ],
  }),
  makeFact('hung-task', {
    signature: 'kernel-hung-task',
    title: 'Task loki:25860 blocked in uninterruptible sleep',
    summary: 'Task loki:25860 waited in the kernel for more than 368 s on cp-7',
    entities: { ...node, process: 'process/loki:25860' },
    attributes: { comm: 'loki', pid: 25860, seconds: 368 },
    onset: at('02:52:01', '02:54:04', 'node/cp-7', 'derived'),
    lastSeen: hungTime,
    ended: 'open',
    nature: 'state',
    evidence: [
      line(J, 440, 'INFO: task loki:25860 blocked for more than 368 seconds.', hungTime, {
        derivation: {
          formula: '368 s before the report, and up to 123 s of scan interval',
          inputs: [{ source: J, line: 440 }],
        },
      }),
    ],
  }),
  makeFact('host-dns', {
    signature: 'host-dns-lookup-failed',
    title: 'Lookups of the host resolver fail with “Try again”',
    summary: "k3s itself cannot resolve names: the node's resolver answers “Try again” (EAI_AGAIN)",
    entities: { ...node },
    attributes: { name: 'quay.io' },
    component: 'host-dns',
    onset: at('02:59:52'),
    lastSeen: at('02:59:53'),
    count: 2,
    layer: 'dns',
    severity: 'high',
    initiates: 'possible',
    evidence: [
      line(J, 436, 'failed to pull image: dial tcp: lookup quay.io: Try again', at('02:59:52')),
      line(J, 437, 'failed to pull image: dial tcp: lookup ghcr.io: Try again', at('02:59:53')),
    ],
  }),
  makeFact('cni-429', {
    signature: 'cni-endpoint-rate-limited',
    title: 'The Cilium agent refuses endpoints (429)',
    summary: 'The Cilium agent on cp-7 refuses new endpoints: 429 putEndpointIdTooManyRequests',
    entities: { ...node },
    component: 'cni',
    onset: at('03:03:53'),
    lastSeen: at('03:04:04'),
    count: 4,
    countIs: 'at-least',
    layer: 'cni',
    severity: 'high',
    initiates: 'unlikely',
    evidence: [line(J, 501, '[PUT /endpoint/{id}][429] putEndpointIdTooManyRequests', at('03:03:53'))],
  }),
  makeFact('restart', {
    signature: 'process-restarted',
    title: 'k3s changed its process id from 1224 to 1231',
    entities: { ...node },
    observed: false,
    onset: at('02:59:53', '03:03:53'),
    polarity: 'change',
    severity: 'medium',
    layer: 'node',
    evidence: [line(J, 437, 'cp-7 k3s[1224]:', at('02:59:53')), line(J, 501, 'cp-7 k3s[1231]:', at('03:03:53'))],
  }),
  makeFact('sandbox', {
    signature: 'cni-sandbox-create-failed',
    title: 'Pod sandboxes cannot be created',
    summary: '4 pods get no sandbox on cp-7',
    entities: { ...node },
    onset: at('03:03:53'),
    lastSeen: at('03:04:04'),
    ended: 'open',
    count: 4,
    nature: 'state',
    layer: 'runtime',
    severity: 'high',
    initiates: 'never',
    evidence: [line(J, 502, 'CreatePodSandboxError: cert-manager-webhook | `x` <b>', at('03:03:53'))],
    members: ['cert-manager/cert-manager-webhook-7d9-x2v4k', 'monitoring/grafana-operator-5c8-lm2nq'].map(
      (pod): FactMember => ({ entities: { pod: `pod/${pod}` }, attributes: {}, count: 1 }),
    ),
  }),
  makeFact('silence', {
    signature: 'node-log-silence',
    title: 'The journal of cp-7 falls silent',
    summary: 'Nothing is logged on cp-7 between 03:04:04 and 19:36:16',
    entities: { ...node },
    observed: false,
    onset: at('03:04:04'),
    ended: at('19:36:16'),
    nature: 'state',
    severity: 'critical',
    layer: 'node',
    initiates: 'never',
    evidence: [
      line(J, 519, 'cp-7 k3s[1231]: last words', at('03:04:04'), { kind: 'silence' }),
      line(J, 520, 'cp-7 kernel: Linux version 6.1.0', at('19:36:16'), { kind: 'silence' }),
    ],
  }),
  makeFact('reboot', {
    signature: 'node-unclean-boot',
    title: 'Node cp-7 booted without a clean shutdown',
    entities: { ...node },
    onset: at('19:36:16'),
    polarity: 'recovery',
    severity: 'critical',
    layer: 'node',
    initiates: 'never',
    evidence: [line(J, 520, 'cp-7 kernel: Linux version 6.1.0', at('19:36:16'))],
  }),
  makeFact('hard-mount', {
    signature: 'nfs-hard-mount',
    title: 'The NFS volumes are mounted hard',
    entities: { ...node, server: nfs },
    polarity: 'condition',
    nature: 'configuration',
    severity: 'medium',
    layer: 'storage-csi',
    initiates: 'unlikely',
    evidence: [
      line(
        'cp-7/mount.txt',
        9,
        'filer.storage.example:/tank/k8s on /var/lib/kubelet/pods type nfs4 (rw,hard,timeo=600)',
        undefined,
        { kind: 'row' },
      ),
    ],
  }),
  makeFact('old-image', {
    signature: 'image-pull-failed',
    title: 'A pod cannot pull its image since 189 days',
    entities: { pod: 'pod/legacy/report-0' },
    onset: at('2025-05-09T00:00:00Z', '2025-05-10T00:00:00Z', 'collector', 'age'),
    severity: 'low',
    layer: 'runtime',
    evidence: [
      line('kubectl/pods.txt', 31, 'legacy  report-0  0/1  ImagePullBackOff  0  189d', undefined, { kind: 'row' }),
    ],
  }),
  makeFact('nodes-ok', {
    signature: 'node-ready',
    title: 'Node wk-1 is ready',
    polarity: 'healthy',
    severity: 'low',
    entities: { node: 'node/wk-1' },
    evidence: [line('kubectl/nodes.txt', 3, 'wk-1  Ready  <none>  200d', undefined, { kind: 'row' })],
  }),
];

const named: Contribution = {
  what: 'named',
  factor: 0.5,
  why: 'the stack holds nfs_file_write',
  evidence: [line(J, 398, 'nfs_file_write+0x1d0/0x320 [nfs]', at('02:56:07'))],
};

const edges: Edge[] = [
  makeEdge('nfs-down', 'hung-task', {
    rule: 'nfs-server-not-responding--kernel-hung-task',
    weight: 0.93,
    order: 'possible',
    mechanism: 'Writes to filer.storage.example wait in the kernel; a hard mount retries without end.',
    lagMs: { least: -330_000, greatest: 93_000 },
    contributions: [{ what: 'base', factor: 0.85, why: 'rated strong' }, named],
  }),
  makeEdge('hung-task', 'host-dns', {
    weight: 0.55,
    basis: 'inferred',
    mechanism: 'Processes that wait for storage cannot answer lookups in time.',
    lagMs: { least: 348_000, greatest: 471_999 },
  }),
  makeEdge('host-dns', 'cni-429', {
    weight: 0.41,
    basis: 'assumed',
    mechanism: 'Failed pulls and probes are tried again at once and flood the agent.',
    lagMs: { least: 240_000, greatest: 241_999 },
    rivals: ['restart>cni-429'],
  }),
  makeEdge('restart', 'cni-429', {
    weight: 0.38,
    basis: 'assumed',
    mechanism: 'A restarted k3s sets up all endpoints at once.',
    rivals: ['host-dns>cni-429'],
  }),
  makeEdge('cni-429', 'sandbox', {
    weight: 0.95,
    mechanism: 'Without an endpoint the runtime cannot set up the sandbox.',
    lagMs: { least: 0, greatest: 999 },
  }),
  makeEdge('hung-task', 'silence', {
    weight: 0.6,
    basis: 'inferred',
    mechanism: 'With its processes blocked the node stops working.',
  }),
  makeEdge('sandbox', 'silence', {
    weight: 0.5,
    basis: 'inferred',
    mechanism: 'The node loses its pods and then itself.',
  }),
  makeEdge('silence', 'reboot', { weight: 0.85, mechanism: 'The node starts again without having been shut down.' }),
  makeEdge('hard-mount', 'hung-task', {
    type: 'aggravates',
    weight: 0.8,
    mechanism: 'A hard mount waits without end.',
  }),
];

const signatures: Signature[] = [
  {
    id: 'nfs-server-not-responding',
    kind: 'log',
    title: 'NFS server {{server}} does not respond',
    layer: 'external',
    severity: 'critical',
    initiates: 'external',
    tags: ['nfs-unavailable'],
    root: { statement: 'NFS server {{server}} stopped responding to {{node}}', category: 'storage', playbook: 'nfs' },
    match: { anchors: ['not responding'], pattern: 'server (?<server>[^ ]+) not responding' },
    examples: {
      match: [{ line: 'nfs: server a.example not responding' }],
      reject: [{ line: 'x', because: 'no server' }],
    },
  },
  {
    id: 'node-log-silence',
    kind: 'silence',
    title: 'The journal falls silent',
    layer: 'node',
    severity: 'critical',
    tags: ['node-silent'],
    stream: 'journal',
  },
  {
    id: 'nfs-hard-mount',
    kind: 'row',
    title: 'Hard mount',
    layer: 'storage-csi',
    severity: 'medium',
    contributing: 'The volumes of {{server}} are mounted hard: tasks wait for the server without end',
    rows: 'Mount',
    where: 'row.hard == true',
    examples: { match: [{ hard: true }], reject: [{ row: { hard: false }, because: 'soft' }] },
  },
].map((raw) => signatureSchema.parse(raw));

const playbook: Playbook = playbookSchema.parse({
  id: 'nfs',
  title: 'An NFS server does not answer',
  steps: [
    {
      layer: 'external',
      title: 'Bring {{server}} back',
      check: 'showmount -e {{server}}',
      do: 'Restart the storage service on {{server}}, or fix the path to it.',
      verify: 'timeout 5 ls {{mountPoint}}',
      safety: 'disruptive',
      risk: 'A soft mount trades the hang for possible silent data corruption.',
    },
    {
      layer: 'node',
      title: 'Find what still waits',
      check: "ps -eo pid,stat,wchan:30,cmd | awk '$2 ~ /D/'",
      do: 'Restart the pods that hang, or the node if tasks stay in state D.',
      verify: 'kubectl get nodes',
      safety: 'disruptive',
      undo: 'none needed',
    },
  ],
  actions: [
    {
      class: 'detect',
      text: 'Alert on “not responding” of NFS servers',
      done: 'A test stop of the export pages within 2 min.',
    },
    { class: 'prevent', text: 'Move critical stores off NFS', done: 'No PersistentVolume of Loki names {{server}}.' },
    { class: 'mitigate', text: 'Give nodes a second resolver', done: 'resolv.conf lists two servers on every node.' },
  ],
  questions: [{ need: 'mount options', run: 'nfsstat -m', tells: 'hard or soft, timeo, retrans' }],
});

const sampleRules: ReportRules = {
  hash: 'f0e1d2c3b4a59687',
  signatures,
  links: edges.map(({ rule }) => ({ id: rule })),
  incidents: [],
  playbooks: [playbook],
  roles: [
    { role: 'cni', title: 'CNI agent', layer: 'cni' },
    { role: 'host-dns', title: 'Resolver of the node', layer: 'dns' },
  ].map((role) => ({
    names: [],
    namespaces: [],
    units: [],
    images: [],
    services: [],
    provides: [],
    reconciles: [],
    ...role,
  })) as unknown as ReportRules['roles'],
};

export const sampleGraph: CausalGraph = makeGraph(facts, {
  edges,
  rejected: [
    {
      from: 'old-image',
      to: 'host-dns',
      rule: 'image-pull-failed--host-dns-lookup-failed',
      reason: 'refuted',
      why: 'the pull of that image failed for months before',
    },
  ],
  incidents: [
    makeIncident({
      facts: facts.filter(({ id }) => id !== 'nodes-ok').map(({ id }) => id),
      hypotheses: [
        makeHypothesis('nfs-down', {
          score: 78.4321,
          chain: ['nfs-down', 'hung-task', 'host-dns', 'cni-429', 'sandbox', 'silence', 'reboot'],
          explains: ['hung-task', 'host-dns', 'cni-429', 'sandbox', 'silence', 'reboot'],
          doesNotExplain: ['old-image'],
          weakestEdge: 'host-dns>cni-429',
          counterfactual: 0.92,
          capped: ['an assumed step lies on the main chain'],
        }),
        makeHypothesis('restart', {
          rank: 2,
          score: 41,
          confidence: 'low',
          chain: ['restart', 'cni-429', 'sandbox'],
          doesNotExplain: ['hung-task'],
        }),
      ],
      roles: {
        'nfs-down': 'root-cause',
        'hung-task': 'symptom',
        'host-dns': 'symptom',
        'cni-429': 'symptom',
        restart: 'collateral',
        sandbox: 'impact',
        silence: 'symptom',
        reboot: 'response',
        'hard-mount': 'contributing',
        'old-image': 'pre-existing',
      },
      questions: [
        {
          need: 'reset reason of cp-7',
          why: 'It tells a watchdog from a power loss.',
          run: 'ipmitool sel list',
          separates: ['silence'],
        },
      ],
    }),
  ],
  remarks: ['nodes-ok'],
});

export const sampleInput: ReportInput = {
  toolVersion: '0.1.0',
  rules: sampleRules,
  bundle: {
    name: 'cp-7-support',
    hash: 'a1b2c3d4e5f60718',
    files: [
      {
        path: J,
        format: 'journal-short',
        bytes: 812_345,
        lines: 9120,
        recognised: 9001,
        continuation: 100,
        unknown: 19,
        notes: [],
        first: at('00:00:01').at,
        last: at('19:40:00').at,
      },
      {
        path: 'cp-7/mount.txt',
        format: 'mount',
        bytes: 2048,
        lines: 30,
        recognised: 30,
        continuation: 0,
        unknown: 0,
        notes: [],
      },
      {
        path: 'kubectl/pods.txt',
        format: 'kubectl-table',
        bytes: 4096,
        lines: 60,
        recognised: 60,
        continuation: 0,
        unknown: 0,
        notes: [],
      },
      {
        path: 'notes.bin',
        format: 'unknown',
        bytes: 10,
        lines: 1,
        recognised: 0,
        continuation: 0,
        unknown: 1,
        notes: ['not text'],
      },
    ],
  },
  collectedAt: { span: at('19:45:00').at, basis: 'newest absolute time inside' },
  graph: sampleGraph,
  clocks: [
    {
      clock: 'node/cp-7',
      basis: 'yearless, zone assumed UTC',
      zone: 'UTC',
      uncertaintyMs: 2000,
      anchors: [],
      assumptions: ['zone assumed UTC'],
    },
  ],
  diagnostics: [
    { severity: 'warning', code: 'zone-assumed', message: 'No zone in cp-7/journal.log: UTC assumed', source: J },
  ],
  redact: 'secrets',
};
