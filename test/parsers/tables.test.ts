import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/model/index.ts';
import { kubectlMessages, kubectlTable, parseKubectlOutput } from '../../src/parsers/tables/kubectl.ts';
import { parseHeader } from '../../src/parsers/tables/table.ts';

const read = (text: string, path = 'out.txt', context = {}) =>
  parseKubectlOutput({ path, context, text, firstLine: 1 });
const rows = (text: string, path?: string) => read(text, path).records.map(({ row }) => row);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function event(record: LogRecord | undefined) {
  return {
    message: record?.message,
    stamp: record?.stamp,
    lastStamp: record?.lastStamp,
    count: record?.count,
    unit: record?.unit,
    node: record?.node,
    namespace: record?.namespace,
    pod: record?.pod,
    object: record?.fields['object'],
    level: record?.level,
  };
}

describe('table headers', () => {
  it.each([
    ['NAMESPACE     LAST SEEN TYPE      REASON', ['NAMESPACE', 'LAST SEEN', 'TYPE', 'REASON']],
    ['NAME   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%', ['NAME', 'CPU(cores)', 'CPU%', 'MEMORY(bytes)', 'MEMORY%']],
    ['NAME\tREADY\tMESSAGE', ['NAME', 'READY', 'MESSAGE']],
  ])('%s', (line, names) => {
    expect(parseHeader(line)?.map(({ name }) => name)).toEqual(names);
  });

  it.each(['ERROR', 'Error from server', 'NAME  ready', '2024 THE END', ''])('is not: %s', (line) => {
    expect(parseHeader(line)).toBeUndefined();
  });
});

describe('object tables', () => {
  it('reads restarts with the age of the last one', () => {
    const [row] = rows(
      'NAME    READY   STATUS    RESTARTS       AGE\nweb-1   1/2     Running   7 (2m3s ago)   3h20m\n',
    );
    expect(row).toEqual({
      kind: 'Pod',
      values: {
        name: 'web-1',
        ageMs: 3 * HOUR + 20 * MINUTE,
        status: 'Running',
        phase: 'Running',
        terminating: false,
        readyCount: 1,
        containerCount: 2,
        ready: false,
        restarts: 7,
        lastRestartMs: 123 * SECOND,
      },
    });
  });

  it('gives a row the creation of its object as time', () => {
    const { records } = read('NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          3h20m\n');
    expect(records[0]?.stamp).toEqual({ kind: 'age', ageMs: 3 * HOUR + 20 * MINUTE, unitMs: MINUTE });
  });

  it('reads the several tables of `get all`, each with its own listing', () => {
    const result = read(`$ kubectl get all -n web
NAME                       READY   STATUS             RESTARTS   AGE
pod/web-6c95785b9f-x9zab   0/1     ImagePullBackOff   0          8m15s

NAME          TYPE           CLUSTER-IP     EXTERNAL-IP   PORT(S)        AGE
service/web   LoadBalancer   10.96.14.200   <pending>     80:32147/TCP   9d

NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/web   0/1     1            0           9d

NAME                      DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
daemonset.apps/agent      3         3         2       3            2           <none>          9d
`);
    expect(result.records.map(({ row }) => [row?.kind, row?.values['name']])).toEqual([
      ['Pod', 'web-6c95785b9f-x9zab'],
      ['Service', 'web'],
      ['Deployment', 'web'],
      ['DaemonSet', 'agent'],
    ]);
    expect(result.records[1]?.row?.values).toMatchObject({
      externalIp: '<pending>',
      namespace: 'web',
      ports: ['80:32147/TCP'],
    });
    expect(result.records[3]?.row?.values).toMatchObject({ desired: 3, readyCount: 2, available: 2, unavailable: 1 });
    expect(result.listings).toEqual(
      ['Pod', 'Service', 'Deployment', 'DaemonSet'].map((kind, index) => ({
        kind,
        namespace: 'web',
        complete: true,
        rows: 1,
        source: 'out.txt',
        line: [2, 5, 8, 11][index],
      })),
    );
  });

  it('reads rows whose alignment a redaction broke', () => {
    const [first, second] =
      rows(`NAMESPACE     NAME                                READY   STATUS             RESTARTS        AGE    IP          NODE
kube-system   coredns-x   0/1     CrashLoopBackOff   12 (4m2s ago)   47h   10.0.0.9    REDACTED
a   a-very-long-name-that-someone-put-in-the-place-of-another-one-5d9c   1/1   Running   0   5d3h   <none>   n2
`);
    expect(first?.values).toMatchObject({
      namespace: 'kube-system',
      name: 'coredns-x',
      ready: false,
      restarts: 12,
      node: 'REDACTED',
      ip: '10.0.0.9',
    });
    expect(second?.values).toMatchObject({ namespace: 'a', status: 'Running', ready: true, node: 'n2' });
    expect(second?.values['ip']).toBeUndefined();
  });

  it('lets only the last state of a watched object be its row', () => {
    const result = read(`NAME    READY   STATUS              RESTARTS   AGE
web-1   0/1     ContainerCreating   0          5s
web-1   1/1   Running   0     9s
web-1   0/1   Error   0     30s
`);
    expect(result.records.map(({ row }) => row?.values['status'])).toEqual([undefined, undefined, 'Error']);
    expect(result.records).toHaveLength(3);
  });

  it('reads node states, and leaves readiness open where only the word NotReady stands', () => {
    const table =
      rows(`NAME   STATUS                        ROLES           AGE    VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE           KERNEL-VERSION     CONTAINER-RUNTIME
n1     Ready,SchedulingDisabled      control-plane   365d   v1.30.1   10.0.0.1      <none>        Debian GNU/Linux   6.1.0-18-amd64     containerd://1.7.2
n2     NotReady                      <none>          47h    v1.30.1   10.0.0.2      <none>        Debian GNU/Linux   6.1.0-18-amd64     containerd://1.7.2
`);
    expect(table[0]?.values).toMatchObject({
      ready: true,
      readyStatus: 'True',
      schedulable: false,
      roles: ['control-plane'],
      osImage: 'Debian GNU/Linux',
    });
    expect(table[1]?.values).toMatchObject({ ready: false, status: 'NotReady', ip: '10.0.0.2' });
    expect(table[1]?.values['readyStatus']).toBeUndefined();
    expect(table[1]?.values['roles']).toBeUndefined();
  });

  it('knows a node without metrics from one that is idle', () => {
    const table = rows(
      'NAME   CPU(cores)   CPU%        MEMORY(bytes)   MEMORY%     \nn1     3880m        97%         3900Mi          47%         \nn2     <unknown>    <unknown>   <unknown>       <unknown>   \n',
    );
    expect(table[0]).toEqual({
      kind: 'Node',
      values: { name: 'n1', cpuPercent: 97, memoryPercent: 47, metricsUnknown: false },
    });
    expect(table[1]).toEqual({ kind: 'Node', values: { name: 'n2', metricsUnknown: true } });
  });

  it('counts endpoints, also those that the table leaves out', () => {
    const table = rows(
      'NAME   ENDPOINTS                                          AGE\na      <none>                                             5d\nb      10.0.1.1:80,10.0.1.2:80,10.0.1.3:80 + 4 more...    5d\n',
    );
    expect(table.map((row) => [row?.kind, row?.values['ready']])).toEqual([
      ['Endpoints', 0],
      ['Endpoints', 7],
    ]);
  });

  it('reads delivery objects with a message as last column', () => {
    const table = read(
      `NAMESPACE     NAME   AGE   READY   STATUS
flux-system   apps   9d    False   kustomize build failed:  accumulating resources   and more
flux-system   infra  9d    True    Applied revision: main@sha1:abc
`,
      'kustomizations.txt',
    );
    expect(table.records[0]?.row).toEqual({
      kind: 'Kustomization',
      values: {
        name: 'apps',
        namespace: 'flux-system',
        ageMs: 9 * 24 * HOUR,
        ready: false,
        readyStatus: 'False',
        message: 'kustomize build failed:  accumulating resources   and more',
      },
    });
  });

  it('reads `flux get` tables split by tabs', () => {
    const table = read(
      "$ flux get kustomizations -A\nNAMESPACE  \tNAME\tREVISION          \tSUSPENDED\tREADY\tMESSAGE\nflux-system\tapps\tmain@sha1:0123abcd\tFalse    \tFalse\tdependency 'flux-system/infra' is not ready\nflux-system\tnew \t                  \tTrue     \tUnknown\twaiting\n",
    );
    expect(table.records[0]?.row?.values).toMatchObject({
      name: 'apps',
      ready: false,
      suspended: false,
      revision: 'main@sha1:0123abcd',
    });
    expect(table.records[1]?.row).toMatchObject({
      kind: 'Kustomization',
      values: { name: 'new', suspended: true, readyStatus: 'Unknown', message: 'waiting' },
    });
    expect(table.records[1]?.row?.values['ready']).toBeUndefined();
  });

  it("recognises pods in columns of the user's own without a header", () => {
    const text = `api-5b4cfb4d57-99b44    shop    Evicted   worker-7   The node was low on resource: ephemeral-storage.
api-5b4cfb4d57-cj466    shop    Evicted   worker-7   The node was low on resource: ephemeral-storage.
web-5b4cfb4d57-cj477    shop    Evicted   worker-8   Pod The node had condition: [DiskPressure].
`;
    const result = read(text);
    expect(result.records[2]).toMatchObject({
      pod: 'shop/web-5b4cfb4d57-cj477',
      row: {
        kind: 'Pod',
        values: { status: 'Evicted', node: 'worker-8', message: 'Pod The node had condition: [DiskPressure].' },
      },
    });
    expect(result.listings[0]?.complete).toBe(false);
  });

  it('reads rows without a header by their types', () => {
    const table = rows(`kube-system   coredns-5d78c9869d-abcde   0/1   Completed   3   47h
node-7   NotReady   <none>   5d   v1.30.1
`);
    expect(table.map((row) => [row?.kind, row?.values['name'], row?.values['status']])).toEqual([
      ['Pod', 'coredns-5d78c9869d-abcde', 'Completed'],
      ['Node', 'node-7', 'NotReady'],
    ]);
  });

  it('takes the first line for the command, with and without a prompt', () => {
    const body =
      'NAMESPACE     NAME          READY   STATUS    RESTARTS   AGE\nkube-system   coredns-abc   1/1     Running   0          16m\n';
    for (const first of [
      'k3s kubectl get pods -A     ',
      '$ kubectl get pods -A',
      'root@n1:~# kubectl get po -A',
      '[root@n1 ~]# oc get pods -A',
      '+ kubectl get pods -A',
    ]) {
      const result = read(`${first}\n${body}`);
      expect(result.listings).toMatchObject([{ kind: 'Pod', namespace: 'all', complete: true, rows: 1, line: 2 }]);
      expect(result.recognised).toBe(3);
    }
  });

  it.each([
    ['$ kubectl get pods -n web -l app=x', 'web', false],
    ['$ kubectl get pod web-1 -n web', 'web', false],
    ['$ kubectl get pods -n web | grep web', 'web', false],
    ['$ kubectl get pods -n web -o wide', 'web', true],
    ['$ kubectl get pods', 'unknown', true],
  ])('judges what a listing proves: %s', (command, namespace, complete) => {
    const result = read(
      `${command}\nNAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          16m\n`,
    );
    expect(result.listings).toMatchObject([{ namespace, complete }]);
  });

  it('does not call a listing complete that an error interrupts', () => {
    const result = read(
      'NAME    READY   STATUS    RESTARTS   AGE\nUnable to connect to the server: net/http: TLS handshake timeout\n',
    );
    expect(result.listings.every(({ complete }) => !complete)).toBe(true);
  });

  it('keeps escape characters that kubectl wrote as carets out of nothing but the text', () => {
    const { records } = read(
      'LAST SEEN   TYPE      REASON   OBJECT      MESSAGE\n3m          Warning   Failed   pod/web-1   ^[[31mred^[[0m text\n',
    );
    expect(records[0]?.raw).toContain('^[[31mred^[[0m');
    expect(records[0]?.message).toContain('red');
  });

  it('reads cluster operators with an empty version and a message with spaces', () => {
    const found = rows(
      [
        'NAME             VERSION   AVAILABLE   PROGRESSING   DEGRADED   SINCE   MESSAGE',
        'authentication             Unknown     Unknown       True       12h     OAuthServerDegraded: route is not ready',
        'console          4.16.2    False       True          False      12h',
        'dns              4.16.2    True        False         False      12h',
      ].join('\n'),
    );
    expect(found).toMatchObject([
      {
        kind: 'ClusterOperator',
        values: { name: 'authentication', degraded: true, message: 'OAuthServerDegraded: route is not ready' },
      },
      { values: { name: 'console', ready: false, degraded: false, version: '4.16.2' } },
      { values: { name: 'dns', ready: true } },
    ]);
    expect(found[0]?.values).not.toHaveProperty('ready');
  });

  it('reads certificate signing requests and machine config pools', () => {
    const requests = rows(
      [
        'NAME        AGE   SIGNERNAME                      REQUESTOR              REQUESTEDDURATION   CONDITION',
        'csr-4f2kd   19m   kubernetes.io/kubelet-serving   system:node:worker-0   <none>              Pending',
      ].join('\n'),
    );
    expect(requests).toMatchObject([
      {
        kind: 'CertificateSigningRequest',
        values: { status: 'Pending', signer: 'kubernetes.io/kubelet-serving', requestor: 'system:node:worker-0' },
      },
    ]);
    const pools = rows(
      [
        'NAME     CONFIG                 UPDATED   UPDATING   DEGRADED   MACHINECOUNT   READYMACHINECOUNT   UPDATEDMACHINECOUNT   DEGRADEDMACHINECOUNT   AGE',
        'master   rendered-master-0a1b   False     True       True       3              1                   1                     1                      9d',
      ].join('\n'),
    );
    expect(pools).toMatchObject([
      { kind: 'MachineConfigPool', values: { degraded: true, ready: false, replicas: 3, readyCount: 1 } },
    ]);
  });
});

describe('event tables', () => {
  it('reads ages with counts, unknown ones and several blanks in a message', () => {
    const { records } = read(`LAST SEEN             TYPE      REASON             OBJECT           MESSAGE
2m4s (x12 over 30m)   Warning   BackOff            Pod/counted      Back-off  restarting   failed container
<unknown>             Normal    Scheduled          Pod/unknown      Successfully assigned
`);
    expect(event(records[0])).toEqual({
      message: 'BackOff: Back-off  restarting   failed container',
      stamp: { kind: 'age', ageMs: 30 * MINUTE, unitMs: MINUTE },
      lastStamp: { kind: 'age', ageMs: 124 * SECOND, unitMs: SECOND },
      count: 12,
      unit: undefined,
      node: undefined,
      namespace: undefined,
      pod: 'unknown/counted',
      object: 'Pod/counted',
      level: 'warning',
    });
    expect(records[1]?.stamp).toBeUndefined();
    expect(records[1]?.lastStamp).toBeUndefined();
  });

  it('reads a header with one blank between its names', () => {
    const { records, listings } =
      read(`NAMESPACE     LAST SEEN TYPE      REASON                   OBJECT                         MESSAGE
kube-system   3m        Warning   FailedCreatePodSandBox   pod/coredns-698c77c5d7-7nnxw   Failed to create pod sandbox: rpc error: code = Unknown
`);
    expect(event(records[0])).toMatchObject({
      namespace: 'kube-system',
      pod: 'kube-system/coredns-698c77c5d7-7nnxw',
      lastStamp: { kind: 'age', ageMs: 3 * MINUTE },
    });
    expect(listings).toMatchObject([{ kind: 'Event', namespace: 'all', rows: 1 }]);
  });

  const wide = (lastSeen: string, firstSeen: string, name: string, message = 'Back-off', subobject = '') =>
    `${lastSeen.padEnd(12)}Warning   BackOff   pod/web-1   ${subobject.padEnd(27)}kubelet, n1   ${message.padEnd(24)}${firstSeen.padEnd(13)}25      ${name}\n`;
  const wideHeader =
    'LAST SEEN   TYPE      REASON    OBJECT      SUBOBJECT                  SOURCE        MESSAGE                 FIRST SEEN   COUNT   NAME\n';

  it('finds the exact first time and the collection time from the names of wide rows', () => {
    // 185a3b5cc3137495 is 2025-08-09T22:57:54.410Z.
    const { records, collected } = read(
      wideHeader + wide('9s', '3m20s', 'web-1.185a3b5cc3137495', 'Back-off', 'spec.containers{app}'),
    );
    expect(event(records[0])).toMatchObject({ unit: 'kubelet', node: 'n1', count: 25 });
    expect(records[0]?.container).toBe('app');
    expect(records[0]?.stamp).toMatchObject({ kind: 'instant', precisionMs: 1 });
    expect(
      new Date(records.flatMap(({ stamp }) => (stamp?.kind === 'instant' ? stamp.epochMs : []))[0] ?? 0).toISOString(),
    ).toBe('2025-08-09T22:57:54.410Z');
    expect(collected).toEqual([{ kind: 'instant', epochMs: Date.UTC(2025, 7, 9, 23, 1, 14), precisionMs: 1000 }]);
  });

  it('narrows the collection time to what all rows allow', () => {
    const { collected } = read(
      wideHeader + wide('9s', '3m20s', 'web-1.185a3b5cc3137495') + wide('9s', '63m', 'web-1.185a3809de96f400'),
    );
    expect(collected?.[0]).toMatchObject({ kind: 'instant' });
    const span = collected?.[0] as { epochMs: number; precisionMs: number };
    expect(span.epochMs).toBeGreaterThanOrEqual(Date.UTC(2025, 7, 9, 23, 1, 14));
    expect(span.precisionMs).toBeLessThanOrEqual(1000);
  });

  it('orders two events of one second by their names', () => {
    const { records } = read(
      wideHeader + wide('9s', '3m20s', 'web-1.185a3b5cc3137495') + wide('9s', '3m20s', 'web-1.185a3b5cd0000000'),
    );
    const [first, second] = records.map(({ stamp }) => (stamp as { epochMs: number }).epochMs);
    expect((second as number) - (first as number)).toBeGreaterThan(0);
    expect((second as number) - (first as number)).toBeLessThan(1000);
  });

  it('reads an empty SUBOBJECT', () => {
    const { records } = read(wideHeader + wide('9s', '3m20s', 'web-1.185a3b5cc3137495'));
    expect(records[0]).toMatchObject({ message: 'BackOff: Back-off', fields: { name: 'web-1', kind: 'Pod' } });
    expect(records[0]?.fields['fieldPath']).toBeUndefined();
  });

  it('joins lines that a newline in a message put at column 0', () => {
    const { records } = read(`LAST SEEN   TYPE      REASON        OBJECT      MESSAGE
3m          Warning   FailedMount   Pod/web-1   mount failed: exit status 32
Mounting command: mount
Output: mount.nfs: Connection timed out
2m          Normal    Pulled        Pod/web-1   Container image "x" already present
`);
    expect(records.map(({ ref, message }) => [ref.line, ref.endLine, message.split('\n').length])).toEqual([
      [2, 4, 3],
      [5, undefined, 1],
    ]);
  });

  it('keeps messages that were cut at a newline', () => {
    const { records } = read(
      'LAST SEEN   TYPE      REASON             OBJECT      MESSAGE\n3m          Warning   FailedScheduling   pod/web-1   0/3 nodes are available: 1 node(s) had untolerated taint....\n',
    );
    expect(records[0]?.message).toBe('FailedScheduling: 0/3 nodes are available: 1 node(s) had untolerated taint....');
  });

  it('reads rows with a tab inside, and rows without a header', () => {
    const row = '3m          Warning   Failed   pod/web-1   tab\there';
    for (const text of [`LAST SEEN   TYPE      REASON   OBJECT      MESSAGE\n${row}\n`, `${row}\n`]) {
      expect(read(text).records[0]).toMatchObject({
        kind: 'kube-event',
        message: 'Failed: tab\there',
        fields: { reason: 'Failed', object: 'Pod/web-1' },
      });
    }
  });

  it('reads the columns of old clients', () => {
    const { records } =
      read(`LASTSEEN   FIRSTSEEN   COUNT     NAME      KIND      SUBOBJECT                  TYPE      REASON      SOURCE                 MESSAGE
1m         3h          122       web-1     Pod       spec.containers{app}       Warning   BackOff     kubelet, node-1        Back-off restarting failed container
3m         3m          1         node-2    Node                                 Normal    Starting    kube-proxy, node-2     Starting kube-proxy.
`);
    expect(event(records[0])).toMatchObject({
      message: 'BackOff: Back-off restarting failed container',
      count: 122,
      unit: 'kubelet',
      node: 'node-1',
      object: 'Pod/web-1',
      stamp: { kind: 'age', ageMs: 3 * HOUR },
      lastStamp: { kind: 'age', ageMs: MINUTE },
    });
    expect(event(records[1])).toMatchObject({ object: 'Node/node-2', node: 'node-2', count: 1 });
  });

  it("reads columns of the user's own with absolute times", () => {
    const { records } = read(
      'TIME                   NS        TYPE      REASON    MSG\n2025-01-31T02:57:54Z   default   Warning   BackOff   Back-off restarting\n',
    );
    expect(records[0]).toMatchObject({
      kind: 'kube-event',
      namespace: 'default',
      lastStamp: { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 2, 57, 54) },
    });
  });
});

describe('what kubectl says itself', () => {
  const sniff = (text: string) =>
    kubectlMessages.sniff({
      path: 'x',
      context: {},
      head: text,
      lines: text.split('\n').filter((line) => line !== ''),
    });

  it.each([
    'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
    'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout',
    'error: You must be logged in to the server (Unauthorized)',
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request (get nodes.metrics.k8s.io)',
    'error: Metrics API not available',
  ])('is an error record and no listing: %s', (line) => {
    expect(sniff(`${line}\n`)).toBeGreaterThan(0.9);
    const result = read(`${line}\n`, 'cluster/nodes.txt');
    expect(result.records).toMatchObject([{ kind: 'log', unit: 'kubectl', level: 'err', message: line }]);
    expect(result.listings).toMatchObject([{ kind: 'Node', complete: false, rows: 0 }]);
  });

  it("reads kubectl's own log lines with their time", () => {
    const result = read(
      'E1121 07:49:54.399653   23996 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list: connect: connection refused"\n',
    );
    expect(result.records[0]).toMatchObject({
      level: 'err',
      stamp: { kind: 'wall', month: 11, day: 21, msOfDay: 28_194_399 },
    });
    expect(result.records[0]?.message).toMatch(/^"Unhandled Error" err=/u);
  });

  it('takes an empty listing for a proof when the kind is known', () => {
    expect(read('No resources found in kube-system namespace.\n', 'daemonsets.txt').listings).toMatchObject([
      { kind: 'DaemonSet', namespace: 'kube-system', complete: true, rows: 0 },
    ]);
    expect(read('$ kubectl get pods -A\nNo resources found\n').listings).toMatchObject([
      { kind: 'Pod', namespace: 'all', complete: true, rows: 0 },
    ]);
    expect(read('No resources found in kube-system namespace.\n', 'x.txt').listings).toEqual([]);
  });

  it('keeps what was not found', () => {
    const result = read('Error from server (NotFound): daemonsets.apps "kube-proxy" not found\n');
    expect(result.records[0]).toMatchObject({
      message: 'Error from server (NotFound): daemonsets.apps "kube-proxy" not found',
      fields: { kind: 'DaemonSet', name: 'kube-proxy' },
    });
    expect(result.listings).toMatchObject([{ kind: 'DaemonSet', complete: false }]);
  });

  it('joins an error block of PowerShell', () => {
    const result = read(
      'kubectl : Error from server (Forbidden): pods is forbidden\nAt line:1 char:1\n+ kubectl get pods\n+ ~~~~~~~~~~~~~~~~\n    + CategoryInfo          : NotSpecified: (:) [], RemoteException\n',
    );
    expect(result.records).toHaveLength(1);
    expect(result.records[0]).toMatchObject({
      level: 'err',
      message: 'Error from server (Forbidden): pods is forbidden',
    });
    expect([result.recognised, result.continuation]).toEqual([1, 4]);
  });

  it('leaves a log that merely holds such a line to others', () => {
    expect(sniff('Unable to connect to the server: EOF\nsome other line\n')).toBe(0);
  });
});

it('does not take logs for tables', () => {
  const text = '2025-01-31T02:54:55Z INFO  starting\n2025-01-31T02:54:56Z ERROR  cannot start\n';
  expect(kubectlTable.sniff({ path: 'x', context: {}, head: text, lines: text.split('\n') })).toBe(0);
});
