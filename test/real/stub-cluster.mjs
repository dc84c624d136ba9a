/**
 * A made-up cluster on the loopback address, for kubectl.sh: as much of the API as `kubectl get` and `describe` ask for.
 *
 *     node stub-cluster.mjs DIRECTORY
 *
 * Writes DIRECTORY/port when it listens, and DIRECTORY/cluster.json with what is in it. Times are counted from the start.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const directory = process.argv[2];
const now = Math.floor(Date.now() / 1000) * 1000;
const ago = (seconds) => new Date(now - seconds * 1000).toISOString().replace('.000Z', 'Z');
const meta = (name, namespace, age, more = {}) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  uid: `0a1b2c3d-0000-4000-8000-${String(name.length).padStart(12, '0')}`,
  creationTimestamp: ago(age),
  ...more,
});
const condition = (type, status, age) => ({ type, status, lastTransitionTime: ago(age), lastHeartbeatTime: ago(30) });

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: meta('worker-7', undefined, 864_000, { labels: { 'kubernetes.io/hostname': 'worker-7' } }),
  spec: {},
  status: {
    addresses: [{ type: 'InternalIP', address: '10.0.0.7' }],
    capacity: { cpu: '4', memory: '8Gi', pods: '110' },
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: [condition('DiskPressure', 'False', 9000), condition('Ready', 'True', 9000)],
    nodeInfo: {
      kubeletVersion: 'v1.30.1',
      osImage: 'Debian 12',
      kernelVersion: '6.1.0',
      containerRuntimeVersion: 'containerd://1.7.1',
    },
  },
};
const crashing = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta('agent-5d7f8b9c6d-x2k9q', 'kube-system', 7200),
  spec: { nodeName: 'worker-7', containers: [{ name: 'agent', image: 'registry.example.net/agent:1', resources: {} }] },
  status: {
    phase: 'Running',
    podIP: '10.1.0.9',
    startTime: ago(7199),
    qosClass: 'BestEffort',
    conditions: [condition('Ready', 'False', 7100)],
    containerStatuses: [
      {
        name: 'agent',
        ready: false,
        restartCount: 14,
        image: 'registry.example.net/agent:1',
        imageID: '',
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: ago(400), finishedAt: ago(300) } },
      },
    ],
  },
};
const running = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta('web-0', 'shop', 90_000),
  spec: { nodeName: 'worker-7', containers: [{ name: 'web', image: 'registry.example.net/web:1', resources: {} }] },
  status: {
    phase: 'Running',
    podIP: '10.1.0.10',
    startTime: ago(89_999),
    qosClass: 'BestEffort',
    conditions: [condition('Ready', 'True', 89_000)],
    containerStatuses: [
      {
        name: 'web',
        ready: true,
        restartCount: 0,
        image: 'registry.example.net/web:1',
        imageID: '',
        state: { running: { startedAt: ago(89_990) } },
      },
    ],
  },
};
const event = (name, pod, reason, message, count, first, last) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: meta(name, pod.metadata.namespace, first),
  involvedObject: {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    uid: pod.metadata.uid,
  },
  reason,
  message,
  type: 'Warning',
  count,
  firstTimestamp: ago(first),
  lastTimestamp: ago(last),
  source: { component: 'kubelet', host: 'worker-7' },
});
const hex = (seconds) => (BigInt(now - seconds * 1000) * 1_000_000n).toString(16);
const events = [
  event(
    `agent.${hex(2700)}`,
    crashing,
    'BackOff',
    'Back-off restarting failed container agent in pod agent-5d7f8b9c6d-x2k9q_kube-system(0a1b)',
    14,
    2700,
    120,
  ),
  event(
    `web.${hex(1500)}`,
    running,
    'FailedMount',
    'MountVolume.SetUp failed for volume "pvc-1" : rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    6,
    1500,
    400,
  ),
];

const KINDS = {
  nodes: { kind: 'Node', namespaced: false, items: [node], shortNames: ['no'] },
  pods: { kind: 'Pod', namespaced: true, items: [crashing, running], shortNames: ['po'] },
  events: { kind: 'Event', namespaced: true, items: events, shortNames: ['ev'] },
  leases: { kind: 'Lease', namespaced: true, items: [] },
};

/** Ages as the server prints them in tables. */
function age(seconds) {
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 8 && hours % 24 > 0 ? `${days}d${hours % 24}h` : `${days}d`;
}

const since = (iso) => age(Math.floor((Date.now() - Date.parse(iso)) / 1000));
const COLUMNS = {
  pods: [
    ['Name'],
    ['Ready'],
    ['Status'],
    ['Restarts'],
    ['Age'],
    ['IP', 1],
    ['Node', 1],
    ['Nominated Node', 1],
    ['Readiness Gates', 1],
  ],
  nodes: [
    ['Name'],
    ['Status'],
    ['Roles'],
    ['Age'],
    ['Version'],
    ['Internal-IP', 1],
    ['External-IP', 1],
    ['OS-Image', 1],
    ['Kernel-Version', 1],
    ['Container-Runtime', 1],
  ],
  events: [
    ['Last Seen'],
    ['Type'],
    ['Reason'],
    ['Object'],
    ['Subobject', 1],
    ['Source', 1],
    ['Message'],
    ['First Seen', 1],
    ['Count', 1],
    ['Name', 1],
  ],
};
const CELLS = {
  pods: ({ metadata, spec, status }) => {
    const [own] = status.containerStatuses;
    const finished = own.lastState?.terminated?.finishedAt;
    return [
      metadata.name,
      `${own.ready ? 1 : 0}/1`,
      own.state.waiting?.reason ?? status.phase,
      finished === undefined ? '0' : `${own.restartCount} (${since(finished)} ago)`,
      since(metadata.creationTimestamp),
      status.podIP,
      spec.nodeName,
      '<none>',
      '<none>',
    ];
  },
  nodes: ({ metadata, status }) => [
    metadata.name,
    'Ready',
    '<none>',
    since(metadata.creationTimestamp),
    status.nodeInfo.kubeletVersion,
    status.addresses[0].address,
    '<none>',
    status.nodeInfo.osImage,
    status.nodeInfo.kernelVersion,
    status.nodeInfo.containerRuntimeVersion,
  ],
  events: (one) => [
    since(one.lastTimestamp),
    one.type,
    one.reason,
    `pod/${one.involvedObject.name}`,
    '',
    'kubelet, worker-7',
    one.message,
    since(one.firstTimestamp),
    one.count,
    one.metadata.name,
  ],
};

function tableOf(resource, items) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: COLUMNS[resource].map(([name, priority = 0]) => ({
      name,
      type: 'string',
      format: '',
      description: '',
      priority,
    })),
    rows: items.map((object) => ({
      cells: CELLS[resource](object),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

/** `involvedObject.name=x,involvedObject.uid=y` as kubectl writes it. */
function selected(items, selector) {
  const wanted = (selector ?? '')
    .split(',')
    .filter(Boolean)
    .map((part) => part.split('='));
  return items.filter((item) =>
    wanted.every(([path, value]) => String(path.split('.').reduce((at, key) => at?.[key], item)) === value),
  );
}

const resources = (names) =>
  names.map((name) => ({
    name,
    singularName: '',
    kind: KINDS[name].kind,
    namespaced: KINDS[name].namespaced,
    verbs: ['get', 'list'],
    shortNames: KINDS[name].shortNames,
  }));
const group = { groupVersion: 'coordination.k8s.io/v1', version: 'v1' };
const FIXED = {
  '/version': { major: '1', minor: '30', gitVersion: 'v1.30.1' },
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: 'coordination.k8s.io', versions: [group], preferredVersion: group }],
  },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: resources(['nodes', 'pods', 'events']) },
  '/apis/coordination.k8s.io/v1': {
    kind: 'APIResourceList',
    groupVersion: 'coordination.k8s.io/v1',
    resources: resources(['leases']),
  },
};

function answer({ url, headers }) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (FIXED[pathname] !== undefined) return FIXED[pathname];
  const found = /^\/apis?\/(?:v1|[\w.]+\/v1)(?:\/namespaces\/([^/]+))?\/(\w+)(?:\/([^/]+))?$/u.exec(pathname);
  const [, namespace, resource = '', name] = found ?? [];
  const known = KINDS[resource];
  if (known === undefined) return undefined;
  const items = selected(
    known.items.filter(
      ({ metadata }) =>
        (namespace === undefined || metadata.namespace === namespace) && (name === undefined || metadata.name === name),
    ),
    searchParams.get('fieldSelector'),
  );
  if (name !== undefined) return items[0];
  if (/as=Table/u.test(headers.accept ?? '') && COLUMNS[resource] !== undefined) return tableOf(resource, items);
  const apiVersion = resource === 'leases' ? 'coordination.k8s.io/v1' : 'v1';
  return { kind: `${known.kind}List`, apiVersion, metadata: { resourceVersion: '1' }, items };
}

const server = createServer((request, response) => {
  const body = answer(request);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(body ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }),
  );
});
server.listen(0, '127.0.0.1', () => {
  writeFileSync(join(directory, 'cluster.json'), JSON.stringify({ now, crashing: crashing.metadata, events }));
  writeFileSync(join(directory, 'port'), String(server.address().port));
});
