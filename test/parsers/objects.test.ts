import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { DataNode } from '../../src/parsers/objects/data.ts';
import { jsonObjects, parseJsonObjects, parseYamlObjects, yamlObjects } from '../../src/parsers/objects/format.ts';
import { readJson } from '../../src/parsers/objects/json.ts';
import { parseYaml } from '../../src/parsers/objects/yaml.ts';

const json = (value: unknown, path = 'x.json') =>
  parseJsonObjects({
    path,
    context: {},
    text: typeof value === 'string' ? value : JSON.stringify(value, undefined, 1),
    firstLine: 1,
  });
const yaml = (text: string, path = 'x.yaml') => parseYamlObjects({ path, context: {}, text, firstLine: 1 });

function plain(node: DataNode): unknown {
  if (node.entries !== undefined)
    return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
  return node.items === undefined ? node.scalar : node.items.map(plain);
}

const event = (name: string, extra: object = {}) => ({
  metadata: { name, namespace: 'shop' },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1', fieldPath: 'spec.containers{app}' },
  reason: 'BackOff',
  message: 'Back-off restarting failed container',
  source: { component: 'kubelet', host: 'n1' },
  firstTimestamp: '2025-08-09T22:57:54Z',
  lastTimestamp: '2025-08-09T23:07:54Z',
  count: 25,
  type: 'Warning',
  ...extra,
});

describe('events as objects', () => {
  it.each([
    ['a list', { kind: 'List', apiVersion: 'v1', items: [{ kind: 'Event', ...event('web-1.185a3b5cc3137495') }] }],
    [
      'an event list whose items lack a kind',
      { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: [event('web-1.185a3b5cc3137495')] },
    ],
    [
      'a list whose kind stands behind its items',
      { apiVersion: 'v1', items: [event('web-1.185a3b5cc3137495')], kind: 'EventList' },
    ],
    ['a bare array', [event('web-1.185a3b5cc3137495')]],
    [
      'capitalised keys',
      {
        selfLink: 'x',
        Items: [
          {
            name: 'web-1.185a3b5cc3137495',
            namespace: 'shop',
            InvolvedObject: { Kind: 'Pod', Namespace: 'shop', Name: 'web-1', FieldPath: 'spec.containers{app}' },
            Reason: 'BackOff',
            Message: 'Back-off restarting failed container',
            Source: { Component: 'kubelet', Host: 'n1' },
            FirstTimestamp: '2025-08-09T22:57:54Z',
            LastTimestamp: '2025-08-09T23:07:54Z',
            Count: 25,
            Type: 'Warning',
          },
        ],
      },
    ],
    [
      'the newer API',
      {
        kind: 'EventList',
        items: [
          {
            metadata: { name: 'web-1.185a3b5cc3137495', namespace: 'shop' },
            eventTime: null,
            note: 'Back-off restarting failed container',
            regarding: { kind: 'Pod', namespace: 'shop', name: 'web-1', fieldPath: 'spec.containers{app}' },
            reason: 'BackOff',
            type: 'Warning',
            deprecatedSource: { component: 'kubelet', host: 'n1' },
            deprecatedFirstTimestamp: '2025-08-09T22:57:54Z',
            deprecatedLastTimestamp: '2025-08-09T23:07:54Z',
            deprecatedCount: 25,
          },
        ],
      },
    ],
  ])('come as %s', (_shape, value) => {
    const result = json(value);
    expect(result.records).toHaveLength(1);
    expect(result.records[0]).toMatchObject({
      kind: 'kube-event',
      message: 'BackOff: Back-off restarting failed container',
      pod: 'shop/web-1',
      namespace: 'shop',
      node: 'n1',
      unit: 'kubelet',
      container: 'app',
      count: 25,
      level: 'warning',
      lastStamp: { kind: 'instant', epochMs: Date.parse('2025-08-09T23:07:54Z'), precisionMs: 1000 },
      fields: {
        type: 'Warning',
        reason: 'BackOff',
        object: 'Pod/web-1',
        kind: 'Pod',
        name: 'web-1',
        count: '25',
        fieldPath: 'spec.containers{app}',
      },
    });
    expect(result.records[0]?.stamp).toMatchObject({ kind: 'instant', precisionMs: 1 });
    expect(result.records[0]?.raw).toContain('Back-off restarting failed container');
    expect(result.listings).toMatchObject([{ kind: 'Event', namespace: 'shop', complete: true, rows: 1 }]);
    expect(result.collected).toEqual([
      { kind: 'instant', epochMs: Date.parse('2025-08-09T23:07:54Z'), precisionMs: 1000 },
    ]);
  });

  it('with a series have two times and a count', () => {
    const { records } = json(
      '{"type":"Warning","reason":"FailedScheduling","eventTime":"2025-01-31T02:58:40.123456Z","series":{"count":12,"lastObservedTime":"2025-01-31T03:02:41.000000Z"},"firstTimestamp":null,"lastTimestamp":null,"regarding":{"kind":"Pod","name":"a","namespace":"default"},"note":"0/3 nodes are available"}\n',
    );
    expect(records).toMatchObject([
      {
        message: 'FailedScheduling: 0/3 nodes are available',
        count: 12,
        pod: 'default/a',
        stamp: { epochMs: Date.parse('2025-01-31T02:58:40.123Z') },
        lastStamp: { epochMs: Date.parse('2025-01-31T03:02:41Z') },
      },
    ]);
  });

  it('without any time take the one of their name', () => {
    const { records } = json([
      event('web-1.185a3b5cc3137495', { firstTimestamp: null, lastTimestamp: null, count: null }),
    ]);
    expect(records[0]?.stamp).toMatchObject({ kind: 'instant', precisionMs: 1 });
    expect(records[0]).toMatchObject({ count: 1 });
  });

  it('are not believed when their name tells another time than their first timestamp', () => {
    const { records } = json([event('web-1.185a3b5cc3137495', { firstTimestamp: '2025-08-10T22:57:54Z' })]);
    expect(records[0]?.stamp).toEqual({
      kind: 'instant',
      epochMs: Date.parse('2025-08-10T22:57:54Z'),
      precisionMs: 1000,
    });
  });

  it('of one second keep the order of their names', () => {
    const { records } = json([event('web-1.185a3b5cd0000000'), event('web-1.185a3b5cc3137495')]);
    const [late, early] = records.map(({ stamp }) => (stamp?.kind === 'instant' ? stamp.epochMs : 0));
    expect(late).toBeGreaterThan(early ?? 0);
    expect(Math.floor((late ?? 0) / 1000)).toBe(Math.floor((early ?? 0) / 1000));
  });

  it('in a watch count once, by their last state', () => {
    const line = (type: string, count: number) =>
      JSON.stringify({ type, object: { kind: 'Event', ...event('web-1.185a3b5cc3137495', { count }) } });
    const result = json(`${line('ADDED', 1)}\n${line('MODIFIED', 2)}\n{"type":"BOOKMARK","object":{"kind":"Event"}}\n`);
    expect(result.records.map(({ count, ref }) => [count, ref.line])).toEqual([[2, 2]]);
    expect(result.recognised + result.continuation).toBe(3);
  });

  it('are read from YAML with flow maps and folded messages', () => {
    const result = yaml(`apiVersion: v1
items:
- apiVersion: v1
  count: 12
  eventTime: null
  firstTimestamp: "2025-01-31T02:09:24Z"
  involvedObject: {kind: Pod, namespace: kube-system, name: coredns-5d78c9869d-abcde}
  kind: Event
  lastTimestamp: "2025-01-31T02:57:54Z"
  message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to
    setup network for sandbox "3d00": plugin type="cilium-cni" name="cilium" failed (add):
    it''s gone'
  reason: FailedCreatePodSandBox
  type: Warning
kind: List
metadata:
  resourceVersion: ""
`);
    expect(result.records).toMatchObject([
      {
        ref: { line: 10 },
        count: 12,
        message:
          'FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "3d00": plugin type="cilium-cni" name="cilium" failed (add): it\'s gone',
        raw: "  message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to",
      },
    ]);
    expect(result.recognised + result.continuation).toBe(17);
  });

  it('that an audit log calls Event are none', () => {
    const line = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","verb":"get"}\n';
    expect(jsonObjects.sniff({ path: 'audit.log', context: {}, head: line, lines: [line] })).toBe(0);
  });
});

describe('lists', () => {
  it.each([['null\n'], ['[]\n'], ['{"kind":"PodList","items":null}\n'], ['{"kind":"List","items":[]}\n']])(
    'that are empty prove it: %s',
    (text) => {
      const result = json(text, 'cluster-resources/pods/default.json');
      expect(result.records).toEqual([]);
      expect(result.listings).toMatchObject([{ kind: 'Pod', complete: true, rows: 0 }]);
    },
  );

  it.each(['apiVersion: v1\nitems: []\nkind: PodList\n', 'apiVersion: v1\nitems: null\nkind: PodList\n'])(
    'that are empty prove it in YAML: %j',
    (text) => {
      expect(yaml(text).listings).toMatchObject([{ kind: 'Pod', complete: true, rows: 0 }]);
    },
  );

  it('that were cut keep what stands whole before the cut', () => {
    const text = JSON.stringify(
      {
        kind: 'EventList',
        items: [event('a.185a3b5cc3137495'), event('b.185a3b5cd0000000'), event('c.185a3b5cd0000001')],
      },
      undefined,
      2,
    );
    const cut = json(text.slice(0, Math.floor(text.length * 0.7)));
    expect(cut.records).toHaveLength(2);
    expect(cut.listings).toMatchObject([{ kind: 'Event', complete: false, rows: 2 }]);
    expect(cut.diagnostics).toMatchObject([{ code: 'document-truncated', severity: 'warning' }]);
  });

  it('may follow one another without a separator, with other text between them', () => {
    const one = (name: string) =>
      JSON.stringify({ kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } }, undefined, 1);
    const result = json(`${one('a')}${one('b')}\nsome text\n${one('c')}\n`);
    expect(result.records.flatMap(({ row }) => row?.values['name'] ?? [])).toEqual(['a', 'b', 'c']);
    expect(result.records.at(-1)).toMatchObject({ kind: 'log', message: 'some text' });
  });

  it('on one line keep the part of the line that the record is about', () => {
    const text = `${JSON.stringify({ kind: 'EventList', items: Array.from({ length: 200 }, (_, i) => event(`e${i}.185a3b5cc3137495`, { message: `message number ${i}.` })) })}\n`;
    const { records } = json(text);
    expect(records).toHaveLength(200);
    for (const [index, record] of records.entries()) {
      expect(record.raw).toContain(`message number ${index}.`);
      expect(record.raw.length).toBeLessThanOrEqual(4096);
      expect(text).toContain(record.raw);
    }
    expect(new Set(records.map(({ id }) => id)).size).toBe(200);
  });

  it('of several YAML documents are read one by one', () => {
    const result = yaml(
      '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\nstatus:\n  phase: Active\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: b\nstatus:\n  phase: Terminating\n',
    );
    expect(result.records.map(({ ref, row }) => [ref.line, row?.values['name'], row?.values['status']])).toEqual([
      [7, 'a', 'Active'],
      [14, 'b', 'Terminating'],
    ]);
  });

  it('of every namespace are told from those of one', () => {
    const lease = (namespace: string) => ({
      kind: 'Lease',
      metadata: { name: 'n1', namespace },
      spec: { holderIdentity: 'n1', renewTime: '2025-01-31T02:57:54.000000Z' },
    });
    expect(json({ kind: 'List', items: [lease('a'), lease('b')] }).listings).toMatchObject([
      { kind: 'Lease', namespace: 'all' },
    ]);
    expect(json({ kind: 'List', items: [lease('a')] }).listings).toMatchObject([{ kind: 'Lease', namespace: 'a' }]);
    expect(json({ ...lease('a') }).listings).toMatchObject([{ complete: false }]);
  });
});

describe('pods', () => {
  const pod = {
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'u-1',
      creationTimestamp: '2025-01-31T01:00:00Z',
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5c', controller: true }],
      managedFields: [{ manager: 'x', fieldsV1: { 'f:a': {} } }],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      restartPolicy: 'Always',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-0' } }],
      containers: [
        {
          name: 'app',
          image: 'web:2',
          livenessProbe: { periodSeconds: 5, initialDelaySeconds: 3 },
          resources: { limits: { memory: '1Gi' }, requests: { cpu: '100m' } },
        },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.7',
      qosClass: 'Burstable',
      conditions: [
        { type: 'Initialized', status: 'True' },
        {
          type: 'Ready',
          status: 'False',
          lastTransitionTime: '2025-01-31T02:00:00Z',
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [app]',
        },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 9,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting' } },
          lastState: {
            terminated: {
              exitCode: 137,
              signal: 9,
              reason: 'OOMKilled',
              message: 'level=fatal msg="no memory"\nlast line',
              startedAt: '2025-01-31T02:00:00Z',
              finishedAt: '2025-01-31T02:01:00Z',
            },
          },
        },
      ],
    },
  };

  it('give the same row from JSON and from YAML', () => {
    const expected = {
      kind: 'Pod',
      values: {
        name: 'web-1',
        namespace: 'shop',
        uid: 'u-1',
        created: '2025-01-31T01:00:00.000Z',
        phase: 'Running',
        containerCount: 1,
        containers: ['app'],
        readyCount: 0,
        ready: false,
        restarts: 9,
        images: ['web:2'],
        waitingReason: 'CrashLoopBackOff',
        waitingMessage: 'back-off 5m0s restarting',
        lastReason: 'OOMKilled',
        lastMessage: 'level=fatal msg="no memory"\nlast line',
        lastExitCode: 137,
        lastFinished: '2025-01-31T02:01:00.000Z',
        lastStarted: '2025-01-31T02:00:00.000Z',
        status: 'CrashLoopBackOff',
        terminating: false,
        ip: '10.0.0.7',
        node: 'n1',
        hostNetwork: true,
        qos: 'Burstable',
        restartPolicy: 'Always',
        ownerKind: 'ReplicaSet',
        ownerName: 'web-5c',
        volumes: ['data-0'],
        conditionsFalse: ['Ready'],
        livenessPeriodMs: 5000,
        livenessDelayMs: 3000,
        livenessFailures: 3,
        livenessKillsFromMs: 13_000,
        livenessKillsUntilMs: 49_000,
        lastRanMs: 60_000,
        hasStartupProbe: false,
        memoryLimit: '1Gi',
        cpuRequest: '100m',
      },
    };
    for (const result of [json(pod), yaml(stringify(pod))]) {
      const stateRecord = result.records.find(({ row }) => row !== undefined);
      expect(stateRecord?.row).toEqual(expected);
      expect(stateRecord?.raw).toContain('CrashLoopBackOff');
      expect(result.records.map(({ message }) => message)).toEqual([
        'Pod shop/web-1 CrashLoopBackOff',
        'CrashLoopBackOff: back-off 5m0s restarting',
        'terminated: OOMKilled, exit code 137, signal 9',
        'level=fatal msg="no memory"',
        'last line',
        'Ready=False ContainersNotReady: containers with unready status: [app]',
      ]);
      expect(result.records.every((record) => record.pod === 'shop/web-1' && record.node === 'n1')).toBe(true);
    }
  });

  it('that are being deleted say so', () => {
    const { records } = json({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2025-01-31T03:00:00Z' } });
    expect(records[0]?.row?.values).toMatchObject({ status: 'Terminating', terminating: true });
  });
});

describe('other kinds', () => {
  const values = (object: object) =>
    json({ metadata: { name: 'x', namespace: 'ns' }, ...object }).records.find(({ row }) => row !== undefined)?.row
      ?.values;

  it.each([
    [
      'Deployment',
      {
        kind: 'Deployment',
        spec: { replicas: 3 },
        status: { observedGeneration: 2, replicas: 3, unavailableReplicas: 3 },
      },
      { desired: 3, readyCount: 0, available: 0, unavailable: 3 },
    ],
    [
      'DaemonSet',
      {
        kind: 'DaemonSet',
        status: { desiredNumberScheduled: 3, numberReady: 1, numberUnavailable: 2, numberAvailable: 1 },
      },
      { desired: 3, readyCount: 1, unavailable: 2 },
    ],
    [
      'Service',
      {
        kind: 'Service',
        spec: {
          type: 'LoadBalancer',
          clusterIP: '10.96.0.9',
          ports: [{ port: 80, nodePort: 30080 }],
          selector: { app: 'web' },
        },
        status: { loadBalancer: {} },
      },
      { externalIp: '<pending>', ports: ['80:30080/TCP'], selector: ['app=web'] },
    ],
    [
      'Endpoints',
      {
        kind: 'Endpoints',
        subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1', targetRef: { kind: 'Pod', namespace: 'ns', name: 'p' } }] }],
      },
      { ready: 0, notReady: 1, pods: ['ns/p'] },
    ],
    [
      'EndpointSlice',
      {
        kind: 'EndpointSlice',
        metadata: { name: 'x-1', namespace: 'ns', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [{ conditions: { ready: false } }, { conditions: {} }],
      },
      { ready: 1, notReady: 1, service: 'web' },
    ],
    [
      'PersistentVolume',
      {
        kind: 'PersistentVolume',
        spec: { nfs: { server: 'nas', path: '/e' }, mountOptions: ['hard'], claimRef: { namespace: 'ns', name: 'c' } },
        status: { phase: 'Bound' },
      },
      { nfsServer: 'nas', nfsPath: '/e', mountOptions: ['hard'], claim: 'ns/c', status: 'Bound' },
    ],
    [
      'HelmRelease',
      {
        kind: 'HelmRelease',
        spec: {
          suspend: false,
          dependsOn: [{ name: 'base' }, { name: 'crds', namespace: 'infra' }],
          chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
        },
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'False',
              reason: 'InstallFailed',
              message: 'timed out',
              lastTransitionTime: '2025-01-31T02:00:00Z',
            },
          ],
        },
      },
      {
        ready: false,
        readyStatus: 'False',
        reason: 'InstallFailed',
        message: 'timed out',
        chart: 'web',
        source: 'HelmRepository/ns/charts',
        dependsOn: ['ns/base', 'infra/crds'],
        suspended: false,
        lastTransition: '2025-01-31T02:00:00.000Z',
      },
    ],
    [
      'webhooks',
      {
        kind: 'ValidatingWebhookConfiguration',
        webhooks: [
          {
            name: 'a.b',
            clientConfig: { service: { name: 's', namespace: 'n' } },
            failurePolicy: 'Fail',
            rules: [{ operations: ['CREATE'], resources: ['pods'] }],
          },
        ],
      },
      { webhooks: ['a.b'], failurePolicy: 'Fail', service: 'n/s', rules: ['CREATE pods'] },
    ],
    [
      'NetworkPolicy',
      { kind: 'NetworkPolicy', spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] } },
      { podSelector: '*', policyTypes: ['Egress'], egressRules: 0 },
    ],
    [
      'Lease',
      { kind: 'Lease', spec: { holderIdentity: 'n1', renewTime: '2025-01-31T02:57:54.123456Z' } },
      { holder: 'n1', renewed: '2025-01-31T02:57:54.123Z' },
    ],
    [
      'APIService',
      {
        kind: 'APIService',
        metadata: { name: 'v1beta1.metrics' },
        spec: { service: { name: 'm', namespace: 'kube-system' } },
        status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] },
      },
      { available: false, reason: 'MissingEndpoints', service: 'kube-system/m' },
    ],
    [
      'StorageClass',
      {
        kind: 'StorageClass',
        metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'p',
        mountOptions: ['hard'],
        volumeBindingMode: 'Immediate',
      },
      { provisioner: 'p', isDefault: true, mountOptions: ['hard'], bindingMode: 'Immediate' },
    ],
  ])('%s', (_kind, object, expected) => {
    expect(values(object)).toMatchObject(expected);
  });

  it('a node that is silent has an unknown readiness, not a false one', () => {
    const { records } = json({
      kind: 'Node',
      metadata: { name: 'n1', labels: { 'node-role.kubernetes.io/worker': '' } },
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
      status: {
        conditions: [
          {
            type: 'Ready',
            status: 'Unknown',
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
            lastHeartbeatTime: '2025-01-31T02:00:00Z',
            lastTransitionTime: '2025-01-31T02:01:00Z',
          },
        ],
      },
    });
    expect(records[0]?.row?.values).toEqual({
      name: 'n1',
      labels: ['node-role.kubernetes.io/worker='],
      readyStatus: 'Unknown',
      readyReason: 'NodeStatusUnknown',
      readyMessage: 'Kubelet stopped posting node status.',
      lastHeartbeat: '2025-01-31T02:00:00.000Z',
      lastTransition: '2025-01-31T02:01:00.000Z',
      schedulable: true,
      status: 'NotReady',
      taints: ['a:NoSchedule'],
      roles: ['worker'],
    });
    expect(records[1]).toMatchObject({
      message: 'Ready=Unknown NodeStatusUnknown: Kubelet stopped posting node status.',
      stamp: { epochMs: Date.parse('2025-01-31T02:00:00Z') },
      lastStamp: { epochMs: Date.parse('2025-01-31T02:01:00Z') },
    });
  });

  it('an error of the API server is a record', () => {
    expect(
      json({ kind: 'Status', status: 'Failure', message: 'etcdserver: request timed out', reason: 'InternalError' })
        .records,
    ).toMatchObject([{ kind: 'log', unit: 'kubectl', level: 'err', message: 'etcdserver: request timed out' }]);
  });

  it('secrets stay out of records', () => {
    const result = json({
      kind: 'Secret',
      metadata: { name: 's', namespace: 'ns' },
      data: { password: 'aHVudGVyMg==' },
    });
    expect(JSON.stringify(result.records)).not.toContain('aHVudGVyMg');
  });

  it('short values of config maps are settings', () => {
    const { records } = json({
      kind: 'ConfigMap',
      metadata: { name: 'cilium-config', namespace: 'kube-system' },
      data: { mtu: '1450', long: 'a\nb' },
    });
    expect(records.flatMap(({ row }) => (row?.kind === 'Setting' ? [row.values] : []))).toEqual([
      { key: 'cilium-config/mtu', value: 1450, namespace: 'kube-system' },
    ]);
  });

  it('the last state of a watched object is the one that counts', () => {
    const line = (type: string, phase: string) =>
      JSON.stringify({ type, object: { kind: 'Pod', metadata: { name: 'a', namespace: 'b' }, status: { phase } } });
    const { records } = json(`${line('ADDED', 'Pending')}\n${line('MODIFIED', 'Running')}\n`);
    expect(records.map(({ row }) => row?.values['phase'])).toEqual([undefined, 'Running']);
  });
});

describe('the readers of JSON and YAML', () => {
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      tie('scalar'),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-zA-Z][\w./-]{0,12}$/), tie('node'), { maxKeys: 4, noNullPrototype: true }),
    ),
    scalar: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '',
        'true',
        'null',
        '0123',
        '1e3',
        ': x',
        '- y',
        'a #b',
        "it's",
        '"q"',
        'a\n\nb\n',
        '  lead',
        'trail  ',
        '~',
        'x: y',
        '{a}',
        '[b',
        'é\u{1f600}',
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
  })).node;

  it('agree with JSON.parse', () => {
    fc.assert(
      fc.property(
        fc
          .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), value, { noNullPrototype: true })
          .filter((object) => !('items' in object)),
        fc.constantFrom(undefined, 1, 2),
        (object, indent) => {
          const found: unknown[] = [];
          const ignore = () => undefined;
          readJson(JSON.stringify(object, undefined, indent), {
            object: (node) => found.push(plain(node)),
            list: ignore,
            garbage: ignore,
            cut: ignore,
          });
          expect(found).toEqual(Object.keys(object).length === 0 ? [] : [JSON.parse(JSON.stringify(object))]);
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });

  it('agree with the yaml package on what it writes', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(20, 80, 0), fc.boolean(), (object, lineWidth, indentSeq) => {
        const text = stringify(object, { lineWidth, indentSeq, version: '1.2', schema: 'core' });
        const piece = parseYaml(text, 0, text.length);
        expect(piece.node === undefined ? undefined : normal(plain(piece.node))).toEqual(
          normal(JSON.parse(JSON.stringify(object))),
        );
      }),
      { numRuns: 400, seed: 5 },
    );
  });

  /** Line breaks at the end of block scalars and the sign of zero mean nothing here. */
  function normal(data: unknown): unknown {
    if (typeof data === 'string') return data.replace(/\s+$/u, '');
    if (Array.isArray(data)) return data.map(normal);
    if (data !== null && typeof data === 'object')
      return Object.fromEntries(Object.entries(data).map(([key, inner]) => [key, normal(inner)]));
    return data === 0 ? 0 : data;
  }

  it('do not follow aliases, tags or endless nesting', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x]\n${'bcdefghij'
      .split('')
      .map(
        (name, index) => `${name}: &${name} [${Array.from({ length: 8 }, () => `*${'abcdefghi'[index]}`).join(', ')}]`,
      )
      .join('\n')}\n`;
    const started = performance.now();
    const result = yaml(
      `kind: ConfigMap\nmetadata: {name: x, namespace: y}\n${bomb}data:\n  run: !!js/function 'function () {}'\n`,
    );
    expect(result.records[0]?.row?.values).toMatchObject({ name: 'x' });
    expect(yaml(`kind: Pod\nmetadata: ${'['.repeat(20_000)}\n`).records.length).toBeLessThanOrEqual(3);
    expect(
      yaml(`kind: Pod\nmetadata:\n${Array.from({ length: 500 }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}\n`)
        .records.length,
    ).toBeLessThanOrEqual(502);
    expect(json('['.repeat(50_000)).records.length).toBeLessThanOrEqual(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('accept duplicate keys and tabs', () => {
    expect(
      yaml('kind: Namespace\nmetadata:\n  name: a\n  name: b\nstatus:\n  phase: Active\n').records[0]?.row?.values[
        'name'
      ],
    ).toBe('b');
    expect(yaml('kind: Namespace\nmetadata:\n\tname: a\n').diagnostics.length).toBeLessThanOrEqual(1);
  });

  it('read large lists item by item', () => {
    const item = JSON.stringify(event('e.185a3b5cc3137495'), undefined, 2);
    const text = `{"kind":"EventList","items":[${Array.from({ length: 20_000 }, () => item).join(',\n')}]}`;
    const started = performance.now();
    expect(json(text).records).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

it('YAML of other programs is left alone', () => {
  for (const text of ['services:\n  web:\n    image: x\n', 'level: info\nmsg: x\n', 'Name: x\nState: y\n']) {
    expect(yamlObjects.sniff({ path: 'x.yaml', context: {}, head: text, lines: text.split('\n') })).toBe(0);
  }
});
