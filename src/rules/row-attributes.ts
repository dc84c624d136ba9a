/** Types of the canonical row attributes, as docs/rows.md names them (a test compares the two). */

export type AttributeType = 'text' | 'number' | 'duration' | 'boolean' | 'list' | 'any';

const named =
  (type: AttributeType) =>
  (names: string): readonly (readonly [string, AttributeType])[] =>
    names.split(' ').map((name) => [name, type] as const);
const text = named('text');
const number = named('number');
const duration = named('duration');
const boolean = named('boolean');
const list = named('list');
const any = named('any');

/** What every row may have. */
const COMMON = [...text('name namespace created uid'), ...duration('ageMs'), ...list('labels')];

const WORKLOAD = [
  ...number('desired current readyCount updated available unavailable'),
  ...list('images'),
  ...boolean('progressing'),
  ...text('ownerKind ownerName'),
];
const JOB = [...number('succeeded failed completions'), ...boolean('suspended'), ...list('conditionsTrue')];
const DELIVERY = [
  ...boolean('ready suspended'),
  ...text('readyStatus reason message revision source chart'),
  ...list('dependsOn'),
];
const MACHINE = [
  ...text('phase reason message node'),
  ...boolean('ready'),
  ...number('replicas readyCount unavailable'),
];
const WEBHOOK = [...list('webhooks service rules failurePolicy')];
const CERTIFICATE = [...boolean('ready'), ...text('reason message notAfter')];
const POLICY = [...text('podSelector'), ...list('policyTypes'), ...any('egressRules ingressRules')];
const CILIUM = text('state ip');
const ENDPOINTS = [...number('ready notReady'), ...text('service'), ...list('pods addresses')];
const LIVENESS = [
  ...number('livenessFailures'),
  ...duration('livenessPeriodMs livenessDelayMs livenessKillsFromMs livenessKillsUntilMs'),
  ...boolean('hasStartupProbe'),
];
const CONTAINER = [
  ...text('state container id pod reason message started finished'),
  ...number('attempt exitCode restarts'),
  ...duration('ranMs'),
];

const POD = [
  ...text(
    'status phase ip node ownerKind ownerName reason message waitingReason waitingMessage lastReason lastMessage',
  ),
  ...text('qos restartPolicy cpuRequest memoryLimit'),
  ...LIVENESS,
  ...boolean('ready hostNetwork terminating'),
  ...number('readyCount containerCount restarts lastExitCode exitCode'),
  ...duration('lastRestartMs lastRanMs'),
  ...text('started lastStarted lastFinished'),
  ...list('images conditionsFalse volumes containers'),
];

const NODE = [
  ...text('status readyStatus readyReason readyMessage version ip osImage kernel runtime lastHeartbeat'),
  ...text('lastTransition leaseRenewed bootId'),
  ...boolean('ready schedulable memoryPressure diskPressure pidPressure networkUnavailable metricsUnknown'),
  ...number('cpuPercent memoryPercent'),
  ...list('roles taints'),
];

const KINDS: Readonly<Record<string, readonly (readonly [string, AttributeType])[]>> = {
  Pod: POD,
  Node: NODE,
  Deployment: WORKLOAD,
  StatefulSet: WORKLOAD,
  DaemonSet: WORKLOAD,
  ReplicaSet: WORKLOAD,
  Job: JOB,
  CronJob: JOB,
  Service: [...text('type ip externalIp'), ...list('ports'), ...any('selector'), ...number('endpoints')],
  Endpoints: ENDPOINTS,
  EndpointSlice: ENDPOINTS,
  PersistentVolume: [
    ...text('status claim storageClass driver nfsServer nfsPath reclaimPolicy reason'),
    ...list('mountOptions'),
  ],
  PersistentVolumeClaim: text('status volume storageClass capacity'),
  StorageClass: [
    ...text('provisioner reclaimPolicy bindingMode'),
    ...list('mountOptions'),
    ...boolean('isDefault'),
    ...any('parameters'),
  ],
  Mount: [...text('device mountPoint fsType server path'), ...list('options'), ...boolean('hard readOnly')],
  Filesystem: [...text('device mountPoint fsType'), ...number('usedPercent'), ...any('inodes size free')],
  Process: [...number('pid threads cpuPercent memoryPercent rssKib'), ...text('state command wchan'), ...any('frames')],
  Kustomization: DELIVERY,
  HelmRelease: DELIVERY,
  GitRepository: DELIVERY,
  HelmRepository: DELIVERY,
  OCIRepository: DELIVERY,
  HelmChart: DELIVERY,
  Application: DELIVERY,
  Cluster: MACHINE,
  Machine: MACHINE,
  MachineDeployment: MACHINE,
  KubeadmControlPlane: MACHINE,
  ValidatingWebhookConfiguration: WEBHOOK,
  MutatingWebhookConfiguration: WEBHOOK,
  APIService: [...boolean('available'), ...text('reason message service')],
  ClusterOperator: [...boolean('ready progressing degraded'), ...text('version message')],
  Certificate: CERTIFICATE,
  CertificateRequest: CERTIFICATE,
  Issuer: CERTIFICATE,
  ClusterIssuer: CERTIFICATE,
  CertificateSigningRequest: text('status signer requestor'),
  MachineConfigPool: [...boolean('degraded ready'), ...number('replicas readyCount')],
  NetworkPolicy: POLICY,
  CiliumNetworkPolicy: POLICY,
  CiliumNode: CILIUM,
  CiliumEndpoint: CILIUM,
  Component: [
    ...text('component state health message subState result lastTransition lastSuccess endpoint version node'),
    ...boolean('ready isLeader isLearner'),
    ...number('pid exitCode used total failures dbSizeBytes raftTerm raftIndex raftAppliedIndex'),
  ],
  Container: CONTAINER,
  Probe: [...LIVENESS, ...text('container')],
  Image: [...text('image container')],
  Count: [...text('command'), ...number('value')],
  Target: [...text('endpoint path state'), ...boolean('ready')],
  BlockDevice: [...text('device type size mountPoint fsType'), ...boolean('readOnly')],
  Resolver: [...text('interface current mode'), ...list('servers domains options')],
  Sandbox: CONTAINER,
  Memory: number('totalBytes usedBytes freeBytes availableBytes availablePercent swapTotalBytes swapUsedBytes'),
  Interface: [
    ...text('interface state mac master'),
    ...number('mtu rxErrors rxDropped txErrors txDropped'),
    ...list('addresses'),
    ...any('flags'),
  ],
  Firewall: [
    ...text('zone target backend inputPolicy forwardPolicy outputPolicy'),
    ...any('active services ports sources interfaces protocols masquerade legacyPresent rules kubeRules'),
  ],
  Clock: [...text('time zone'), ...any('offset synchronized ntp')],
  UnsetClock: [...text('time'), ...number('year')],
  Uptime: [...duration('uptimeMs'), ...text('bootedAt'), ...number('load1 load5 load15')],
  Ping: [...text('target message'), ...number('lossPercent')],
  DnsQuery: [...text('query server status message'), ...list('addresses')],
  Setting: [...text('key'), ...any('value')],
  Sysctl: [...text('key'), ...any('value')],
  Lease: text('holder renewed'),
  Namespace: text('status'),
};

const tables = new Map(Object.entries(KINDS).map(([kind, own]) => [kind, new Map([...COMMON, ...own])]));

/** Attributes of a kind with their types; undefined for a kind that docs/rows.md does not list. */
export function rowAttributes(kind: string): ReadonlyMap<string, AttributeType> | undefined {
  return tables.get(kind);
}

export const rowKinds: readonly string[] = Object.keys(KINDS);

/** Every attribute of any kind: what an entity's state may be asked for. */
export const anyRowAttribute: ReadonlySet<string> = new Set([...tables.values()].flatMap((table) => [...table.keys()]));
