import { describe, expect, it } from 'vitest';
import { parseDescribe } from '../../src/parsers/describe/document.ts';

const read = (text: string, path = 'describe.txt', context = {}) =>
  parseDescribe({ path, context, text, firstLine: 1 });
const at = (iso: string) => ({ kind: 'instant', epochMs: Date.parse(iso), precisionMs: 1000 });

const POD = `Name:                 cilium-x7k2p
Namespace:            kube-system
Priority:             2000001000
Node:                 k8s-1/192.0.2.15
Start Time:           Thu, 10 Nov 2022 18:50:27 +0000
Labels:               k8s-app=cilium
                      pod-template-generation=1
Annotations:          example.org/note: Name: not a name
Status:               Running
IP:                   192.0.2.15
IPs:
  IP:           192.0.2.15
Controlled By:  DaemonSet/cilium
Init Containers:
  mount-cgroup:
    Image:      quay.io/cilium/cilium:v1.12
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Thu, 10 Nov 2022 18:50:30 +0000
      Finished:     Thu, 10 Nov 2022 18:50:31 +0000
    Ready:          True
    Restart Count:  0
Containers:
  cilium-agent:
    Image:         quay.io/cilium/cilium:v1.12
    Command:
      sh
      -c
      echo State:  nothing

    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Message:      level=info msg="Starting"
level=fatal msg="unable to initialize" subsys=daemon
Name:   x
  indented detail
      Exit Code:    1
      Started:      Thu, 10 Nov 2022 18:56:37 +0000
      Finished:     Thu, 10 Nov 2022 18:56:39 +0000
    Ready:          False
    Restart Count:  6
    Limits:
      memory:  1Gi
    Requests:
      cpu:     100m
    Liveness:       http-get http://127.0.0.1:9879/healthz delay=120s timeout=5s period=30s #success=1 #failure=10
    Environment:    <none>
Conditions:
  Type              Status
  Initialized       True 
  Ready             False 
  ContainersReady   False 
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  data-0
QoS Class:       Burstable
Events:
  Type     Reason     Age                 From               Message
  ----     ------     ----                ----               -------
  Normal   Scheduled  8m                  default-scheduler  Successfully assigned kube-system/cilium-x7k2p to k8s-1
  Warning  Unhealthy  2m1s (x2 over 8m)   kubelet            Startup probe failed: Get "http://127.0.0.1:9879/healthz": dial tcp
`;

describe('a described pod', () => {
  const result = read(POD);
  const row = result.records.find((record) => record.row !== undefined);

  it('gives its state, on the line that tells why', () => {
    expect(row?.row).toEqual({
      kind: 'Pod',
      values: {
        name: 'cilium-x7k2p',
        namespace: 'kube-system',
        labels: ['k8s-app=cilium', 'pod-template-generation=1'],
        created: '2022-11-10T18:50:27.000Z',
        phase: 'Running',
        containerCount: 1,
        containers: ['cilium-agent'],
        readyCount: 0,
        ready: false,
        restarts: 6,
        images: ['quay.io/cilium/cilium:v1.12', 'quay.io/cilium/cilium:v1.12'],
        waitingReason: 'CrashLoopBackOff',
        lastReason: 'Error',
        lastMessage:
          'level=info msg="Starting"\nlevel=fatal msg="unable to initialize" subsys=daemon\nName:   x\nindented detail',
        lastExitCode: 1,
        lastStarted: '2022-11-10T18:56:37.000Z',
        lastFinished: '2022-11-10T18:56:39.000Z',
        status: 'CrashLoopBackOff',
        terminating: false,
        node: 'k8s-1',
        ip: '192.0.2.15',
        ownerKind: 'DaemonSet',
        ownerName: 'cilium',
        qos: 'Burstable',
        volumes: ['data-0'],
        conditionsFalse: ['Ready', 'ContainersReady'],
        livenessPeriodMs: 30_000,
        livenessDelayMs: 120_000,
        lastRanMs: 2000,
        livenessKillsFromMs: 390_000,
        livenessKillsUntilMs: 455_000,
        livenessFailures: 10,
        hasStartupProbe: false,
        memoryLimit: '1Gi',
        cpuRequest: '100m',
      },
    });
    expect(row?.raw).toBe('      Reason:       CrashLoopBackOff');
  });

  it('keeps the last words of a container, also at column 0 and like a new document', () => {
    const words = result.records.filter(({ fields }) => fields['said'] === 'termination-message');
    expect(
      words.map(({ message, container, pod, node, stamp, ref }) => ({ message, container, pod, node, stamp, ref })),
    ).toEqual(
      [
        ['level=info msg="Starting"', 36, undefined],
        ['level=fatal msg="unable to initialize" subsys=daemon', 37, undefined],
        ['Name:   x\n  indented detail', 38, 39],
      ].map(([message, line, endLine]) => ({
        message,
        container: 'cilium-agent',
        pod: 'kube-system/cilium-x7k2p',
        node: 'k8s-1',
        stamp: at('2022-11-10T18:56:39Z'),
        ref: { source: 'describe.txt', line, ...(endLine === undefined ? {} : { endLine }) },
      })),
    );
  });

  it('tells how containers ended', () => {
    expect(
      result.records
        .filter(({ fields }) => fields['exitCode'] !== undefined)
        .map(({ message, container, fields, stamp }) => [container, message, fields['state'], stamp]),
    ).toEqual([
      ['mount-cgroup', 'terminated: Completed, exit code 0', 'terminated', at('2022-11-10T18:50:31Z')],
      ['cilium-agent', 'terminated: Error, exit code 1', 'last-terminated', at('2022-11-10T18:56:39Z')],
    ]);
  });

  it('gives its events pod, namespace and the node of the kubelet', () => {
    expect(
      result.records
        .filter(({ kind }) => kind === 'kube-event')
        .map(({ message, unit, node, pod, count, fields }) => ({
          message,
          unit,
          node,
          pod,
          count,
          type: fields['type'],
        })),
    ).toEqual([
      {
        message: 'Scheduled: Successfully assigned kube-system/cilium-x7k2p to k8s-1',
        unit: 'default-scheduler',
        node: undefined,
        pod: 'kube-system/cilium-x7k2p',
        count: 1,
        type: 'Normal',
      },
      {
        message: 'Unhealthy: Startup probe failed: Get "http://127.0.0.1:9879/healthz": dial tcp',
        unit: 'kubelet',
        node: 'k8s-1',
        pod: 'kube-system/cilium-x7k2p',
        count: 2,
        type: 'Warning',
      },
    ]);
  });

  it('understands every line', () => {
    expect(result.recognised + result.continuation).toBe(POD.split('\n').length - 1);
    expect(result.records.filter(({ kind }) => kind === 'log')).toEqual([]);
  });
});

describe('described nodes', () => {
  const NODE = (name: string) => `Name:               ${name}
Roles:              <none>
CreationTimestamp:  Thu, 10 Nov 2022 18:08:02 +0000
Taints:             node.kubernetes.io/unreachable:NoExecute
                    node.kubernetes.io/unreachable:NoSchedule
Unschedulable:      false
Lease:
  HolderIdentity:  ${name}
  RenewTime:       Thu, 10 Nov 2022 18:54:20 +0000
Conditions:
  Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason              Message
  ----             ------    -----------------                 ------------------                ------              -------
  MemoryPressure   Unknown   Thu, 10 Nov 2022 18:54:17 +0000   Thu, 10 Nov 2022 18:55:01 +0000   NodeStatusUnknown   Kubelet stopped posting node status.
  DiskPressure     False     Thu, 10 Nov 2022 18:54:17 +0000   Thu, 10 Nov 2022 18:08:23 +0000   KubeletHasNoDiskPressure   kubelet has no disk pressure
  Ready            Unknown   Thu, 10 Nov 2022 18:54:17 +0000   Thu, 10 Nov 2022 18:55:01 +0000   NodeStatusUnknown   Kubelet stopped posting node status.
Addresses:
  InternalIP:  192.0.2.16
System Info:
  Boot ID:                    0b0b3c2e-4d7f-4f0a-9d52-2a7c2c9a5f11
  Kernel Version:             6.1.0-18-amd64
  Container Runtime Version:  containerd://1.7.2
  Kubelet Version:            v1.30.1
Non-terminated Pods:          (1 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Age
  ---------                   ----    ------------  ----------  ---
  kube-system                 x: y    100m (2%)     0 (0%)      5d
Events:              <none>
`;

  it('say when the node went silent and when that was noticed', () => {
    const result = read(NODE('k8s-2'));
    const ready = result.records.find(({ fields }) => fields['condition'] === 'Ready');
    expect(ready).toMatchObject({
      node: 'k8s-2',
      message: 'Ready=Unknown NodeStatusUnknown: Kubelet stopped posting node status.',
      level: 'warning',
      stamp: at('2022-11-10T18:54:17Z'),
      lastStamp: at('2022-11-10T18:55:01Z'),
      ref: { line: 15 },
    });
    const row = result.records.find((record) => record.row !== undefined);
    expect(row).toMatchObject({
      ref: { line: 15 },
      row: {
        kind: 'Node',
        values: {
          name: 'k8s-2',
          readyStatus: 'Unknown',
          readyReason: 'NodeStatusUnknown',
          status: 'NotReady',
          diskPressure: false,
          schedulable: true,
          lastHeartbeat: '2022-11-10T18:54:17.000Z',
          lastTransition: '2022-11-10T18:55:01.000Z',
          leaseRenewed: '2022-11-10T18:54:20.000Z',
          taints: ['node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule'],
          ip: '192.0.2.16',
          bootId: '0b0b3c2e-4d7f-4f0a-9d52-2a7c2c9a5f11',
          version: 'v1.30.1',
          runtime: 'containerd://1.7.2',
        },
      },
    });
    expect(row?.row?.values).not.toHaveProperty('ready');
    expect(row?.row?.values).not.toHaveProperty('memoryPressure');
  });

  it('are told apart when the blank lines between them are lost', () => {
    const result = read(NODE('k8s-2') + NODE('k8s-3'));
    expect(result.records.flatMap(({ row }) => row?.values['name'] ?? [])).toEqual(['k8s-2', 'k8s-3']);
    expect(result.recognised + result.continuation).toBe((NODE('k8s-2') + NODE('k8s-3')).split('\n').length - 1);
  });

  it('may be nothing but condition rows with tabs', () => {
    const result = read(
      '  DiskPressure \t\tUnknown \tThu, 28 Sep 2017 07:55:44 +0000 \tThu, 28 Sep 2017 07:57:04 +0000 \tNodeStatusUnknown \tKubelet stopped posting node status.\n  Ready \t\tUnknown \tThu, 28 Sep 2017 07:55:44 +0000 \tThu, 28 Sep 2017 07:57:04 +0000 \tNodeStatusUnknown \tKubelet stopped posting node status.\n',
      'describe-node.txt',
    );
    expect(result.records).toHaveLength(2);
    expect(result.records[0]?.row).toBeUndefined();
    expect(result.records[1]).toMatchObject({
      message: 'Ready=Unknown NodeStatusUnknown: Kubelet stopped posting node status.',
      stamp: at('2017-09-28T07:55:44Z'),
      lastStamp: at('2017-09-28T07:57:04Z'),
      row: { kind: 'Node', values: { readyStatus: 'Unknown', lastHeartbeat: '2017-09-28T07:55:44.000Z' } },
    });
  });
});

describe('Events of a describe', () => {
  const HEADER =
    'Events:\n  Type     Reason       Age                   From               Message\n  ----     ------       ----                  ----               -------\n';

  it('split source and host, and count repeats', () => {
    const { records } = read(
      `${HEADER}  Normal   SandboxChanged  3m34s (x48 over 13m)  kubelet, worker-1  Pod sandbox changed, it will be killed and re-created.\n`,
    );
    expect(records).toMatchObject([
      {
        unit: 'kubelet',
        node: 'worker-1',
        count: 48,
        stamp: { kind: 'age', ageMs: 780_000 },
        lastStamp: { kind: 'age', ageMs: 214_000, unitMs: 1000 },
      },
    ]);
  });

  it('go on at column 0 after a newline in a message', () => {
    const { records } =
      read(`${HEADER}  Warning  FailedMount  102s                  kubelet            MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32
Mounting command: mount
Output: mount.nfs: Connection timed out
  Warning  FailedMount  27s (x2 over 2m41s)   kubelet            Unable to attach or mount volumes
`);
    expect(records.map(({ ref, message }) => [ref.line, ref.endLine, message.split('\n').at(-1)])).toEqual([
      [4, 6, 'Output: mount.nfs: Connection timed out'],
      [7, undefined, 'FailedMount: Unable to attach or mount volumes'],
    ]);
  });

  it('may hold tabs', () => {
    const { records } = read(
      'Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------\n  Normal  Pulling    4m28s  kubelet        \tPulling image "grafana"\n',
    );
    expect(records).toMatchObject([
      { kind: 'kube-event', unit: 'kubelet', message: 'Pulling: Pulling image "grafana"' },
    ]);
  });

  it.each([
    '  Warning  MissingClusterDNS  10m (x1131 over 23h)  kubelet, n1.example  pod: "a". kubelet does not have ClusterDNS IP configured',
    'Warning  MissingClusterDNS  10m (x1131 over 23h)  kubelet, n1.example  pod: "a". kubelet does not have ClusterDNS IP configured',
    ' Warning   MissingClusterDNS   10m (x1131 over 23h)   kubelet, n1.example   pod: "a". kubelet does not have ClusterDNS IP configured',
    'Warning MissingClusterDNS 10m (x1131 over 23h) kubelet, n1.example pod: "a". kubelet does not have ClusterDNS IP configured',
  ])('may be one pasted row: %s', (line) => {
    expect(read(`${line}\n`).records).toMatchObject([
      {
        kind: 'kube-event',
        unit: 'kubelet',
        node: 'n1.example',
        count: 1131,
        level: 'warning',
        message: 'MissingClusterDNS: pod: "a". kubelet does not have ClusterDNS IP configured',
      },
    ]);
  });

  it('may have no message', () => {
    expect(read(`${HEADER}  Normal   Starting     5m29s                 kube-proxy         \n`).records).toMatchObject([
      { unit: 'kube-proxy', message: 'Starting:' },
    ]);
  });

  it('name their pod and node through the scheduler', () => {
    const { records } =
      read(`${HEADER}  Normal   Scheduled    13m                   default-scheduler  Successfully assigned web/api-1 to worker-1
  Warning  Failed       12m                   kubelet            Error: ImagePullBackOff
`);
    expect(records[1]).toMatchObject({ pod: 'web/api-1', namespace: 'web', node: 'worker-1' });
  });

  it("put a container's path into a field", () => {
    const { records } = read(
      `${HEADER}  Warning  BackOff      12m                   kubelet            spec.containers{app}: Back-off restarting failed container\n`,
    );
    expect(records[0]).toMatchObject({
      message: 'BackOff: Back-off restarting failed container',
      container: 'app',
      fields: { fieldPath: 'spec.containers{app}' },
    });
  });

  it('are read in the columns of old clients', () => {
    const { records } = read(
      'Events:\n  FirstSeen\tLastSeen\tCount\tFrom\t\tSubObjectPath\t\tType\t\tReason\t\tMessage\n  ---------\t--------\t-----\t----\t\t-------------\t\t--------\t------\t\t-------\n  3h\t\t1m\t\t122\tkubelet, node-1\tspec.containers{app}\tWarning\t\tBackOff\t\tBack-off restarting failed container\n',
    );
    expect(records).toMatchObject([
      {
        kind: 'kube-event',
        unit: 'kubelet',
        node: 'node-1',
        count: 122,
        container: 'app',
        lastStamp: { kind: 'age', ageMs: 60_000 },
      },
    ]);
  });
});

describe('other described kinds', () => {
  it('a service without endpoints', () => {
    const { records } = read(
      'Name:              web\nNamespace:         shop\nSelector:          app=web\nType:              ClusterIP\nIP:                10.96.0.10\nPort:              http  80/TCP\nTargetPort:        8080/TCP\nEndpoints:         \nSession Affinity:  None\nEvents:            <none>\n',
    );
    expect(records).toMatchObject([
      {
        ref: { line: 8 },
        row: { kind: 'Service', values: { endpoints: 0, type: 'ClusterIP', selector: ['app=web'], ports: ['80/TCP'] } },
      },
    ]);
  });

  it('a service whose endpoints are cut short', () => {
    const { records } = read(
      'Name:              web\nNamespace:         shop\nType:              ClusterIP\nTargetPort:        8080/TCP\nEndpoints:         10.244.1.14:80,10.244.2.3:80 + 4 more...\n',
    );
    expect(records[0]?.row?.values['endpoints']).toBe(6);
  });

  it('a deployment and its replicas', () => {
    const { records } = read(`Name:                   web
Namespace:              shop
Replicas:               3 desired | 1 updated | 4 total | 2 available | 2 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Containers:
   app:
    Image:      web:2
    Liveness:   http-get http://:80/ delay=1s
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
  Progressing    False   ProgressDeadlineExceeded
NewReplicaSet:   web-5c (1/3 replicas created)
Events:          <none>
`);
    expect(records[0]?.row).toMatchObject({
      kind: 'Deployment',
      values: {
        desired: 3,
        updated: 1,
        current: 4,
        available: 2,
        unavailable: 2,
        progressing: false,
        images: ['web:2'],
      },
    });
    expect(records.map(({ message }) => message)).toContain('Progressing=False ProgressDeadlineExceeded');
  });

  it('a daemon set and its counters', () => {
    const { records } = read(
      'Name:           agent\nNamespace:      kube-system\nDesired Number of Nodes Scheduled: 3\nCurrent Number of Nodes Scheduled: 3\nNumber of Nodes Scheduled with Up-to-date Pods: 3\nNumber of Nodes Scheduled with Available Pods: 0\nPods Status:  2 Running / 1 Waiting / 0 Succeeded / 0 Failed\nPod Template:\n  Labels:  app=agent\nEvents:  <none>\n',
    );
    expect(records[0]).toMatchObject({
      ref: { line: 6 },
      row: { kind: 'DaemonSet', values: { desired: 3, available: 0, unavailable: 3 } },
    });
  });

  it('an NFS volume', () => {
    const { records } = read(
      'Name:            pv-data\nStorageClass:    nfs\nStatus:          Bound\nClaim:           shop/data\nReclaim Policy:  Retain\nSource:\n    Type:      NFS (an NFS mount that lasts the lifetime of a pod)\n    Server:    nas.example.org\n    Path:      /export/data\n    ReadOnly:  false\nEvents:        <none>\n',
    );
    expect(records[0]?.row).toEqual({
      kind: 'PersistentVolume',
      values: {
        name: 'pv-data',
        status: 'Bound',
        claim: 'shop/data',
        storageClass: 'nfs',
        reclaimPolicy: 'Retain',
        nfsServer: 'nas.example.org',
        nfsPath: '/export/data',
      },
    });
  });

  it('a custom resource with conditions one after another', () => {
    const { records } = read(`Name:         apps
Namespace:    flux-system
API Version:  kustomize.toolkit.fluxcd.io/v1
Kind:         Kustomization
Spec:
  Depends On:
    Name:   infra
  Source Ref:
    Kind:   GitRepository
    Name:   fleet
  Suspend:  false
Status:
  Conditions:
    Last Transition Time:  2025-01-31T02:09:24Z
    Message:               dependency 'flux-system/infra' is not ready
    Reason:                DependencyNotReady
    Status:                False
    Type:                  Ready
    Last Transition Time:  2025-01-31T02:00:00Z
    Message:               healthy
    Reason:                Succeeded
    Status:                True
    Type:                  Healthy
Events:                    <none>
`);
    expect(records[0]).toMatchObject({
      ref: { line: 15 },
      row: {
        kind: 'Kustomization',
        values: {
          ready: false,
          reason: 'DependencyNotReady',
          dependsOn: ['flux-system/infra'],
          source: 'GitRepository/flux-system/fleet',
          suspended: false,
          lastTransition: '2025-01-31T02:09:24.000Z',
        },
      },
    });
    expect(records.filter(({ fields }) => fields['condition'] !== undefined)).toHaveLength(2);
  });

  it('an Event in the generic printer', () => {
    const { records } = read(`Name:             web-1.185a3b5cc3137495
Namespace:        shop
API Version:      v1
Count:            3
First Timestamp:  2025-08-09T22:57:54Z
Involved Object:
  Kind:       Pod
  Name:       web-1
  Namespace:  shop
Kind:         Event
Last Timestamp:  2025-08-09T22:59:54Z
Message:         Back-off restarting
Reason:       BackOff
Source:
  Component:  kubelet
  Host:       n1
Type:         Warning
Events:       <none>
`);
    expect(records).toMatchObject([
      {
        kind: 'kube-event',
        message: 'BackOff: Back-off restarting',
        pod: 'shop/web-1',
        node: 'n1',
        count: 3,
        stamp: { precisionMs: 1 },
        lastStamp: at('2025-08-09T22:59:54Z'),
      },
    ]);
  });
  it.each([
    [
      'a state',
      `    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  9
    Limits:
      memory:  256Mi
`,
    ],
    [
      'the name of a container',
      `  app:
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  9
    Limits:
      memory:  256Mi
`,
    ],
  ])('reads an excerpt that begins at %s', (_, text) => {
    const { records } = read(text, 'describe.txt', { command: 'kubectl describe po web-0' });
    expect(records[0]?.row?.values).toMatchObject({
      name: 'web-0',
      lastReason: 'OOMKilled',
      lastExitCode: 137,
      ready: false,
      restarts: 9,
      memoryLimit: '256Mi',
    });
  });
});
