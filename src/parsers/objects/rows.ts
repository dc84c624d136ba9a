/** Canonical attributes (docs/rows.md) of API objects, by kind. */

import type { RowValue } from '../../model/index.ts';
import type { ContainerState } from '../documents/containers.ts';
import { livenessValues } from '../documents/probes.ts';
import { instantStamp, parseInstant } from '../documents/stamps.ts';
import { putReady } from '../tables/columns.ts';
import { at, type DataNode, flag, lastLine, list, number, pairs, text, texts } from './data.ts';

export type Values = Record<string, RowValue>;

export function put(values: Values, name: string, value: RowValue | undefined): void {
  if (value !== undefined && value !== '') {
    values[name] = value;
  }
}

/** ISO time of a path; undefined for null and the zero time. */
function isoAt(node: DataNode | undefined, path: string): string | undefined {
  const instant = parseInstant(text(node, path) ?? '');
  return instant === undefined ? undefined : new Date(instant.epochMs).toISOString();
}

function conditionOf(node: DataNode, type: string): DataNode | undefined {
  return list(node, 'status.conditions').find((condition) => text(condition, 'type') === type);
}

/** Fills the row; returns the node that tells most about the state, for its line. */
export type Fill = (values: Values, node: DataNode) => DataNode | undefined;

export const FILLS: Readonly<Record<string, Fill>> = {
  Node: fillNode,
  Deployment: fillWorkload,
  StatefulSet: fillWorkload,
  ReplicaSet: fillWorkload,
  ReplicationController: fillWorkload,
  DaemonSet: fillDaemonSet,
  Job(values, node) {
    put(values, 'succeeded', number(node, 'status.succeeded'));
    put(values, 'failed', number(node, 'status.failed'));
    put(values, 'completions', number(node, 'spec.completions'));
    put(values, 'suspended', flag(node, 'spec.suspend'));
    put(values, 'conditionsTrue', conditionTypes(node, 'True'));
    putOwner(values, node);
    return undefined;
  },
  CronJob(values, node) {
    put(values, 'suspended', flag(node, 'spec.suspend'));
    put(values, 'schedule', text(node, 'spec.schedule'));
    return undefined;
  },
  Service: fillService,
  Endpoints: fillEndpoints,
  EndpointSlice: fillEndpointSlice,
  PersistentVolume: fillVolume,
  PersistentVolumeClaim(values, node) {
    put(values, 'status', text(node, 'status.phase'));
    put(values, 'volume', text(node, 'spec.volumeName'));
    put(values, 'storageClass', text(node, 'spec.storageClassName'));
    put(values, 'capacity', text(node, 'status.capacity.storage'));
    return at(node, 'status.phase');
  },
  StorageClass(values, node) {
    put(values, 'provisioner', text(node, 'provisioner'));
    put(values, 'mountOptions', texts(node, 'mountOptions'));
    put(values, 'reclaimPolicy', text(node, 'reclaimPolicy'));
    put(values, 'bindingMode', text(node, 'volumeBindingMode'));
    put(values, 'parameters', pairs(node, 'parameters'));
    const marks = at(node, 'metadata.annotations')?.entries;
    values['isDefault'] = [
      'storageclass.kubernetes.io/is-default-class',
      'storageclass.beta.kubernetes.io/is-default-class',
    ].some((mark) => String(marks?.get(mark)?.scalar ?? '') === 'true');
    return undefined;
  },
  ValidatingWebhookConfiguration: fillWebhooks,
  MutatingWebhookConfiguration: fillWebhooks,
  APIService(values, node) {
    const available = conditionOf(node, 'Available');
    const status = text(available, 'status');
    if (status === 'True' || status === 'False') values['available'] = status === 'True';
    put(values, 'reason', text(available, 'reason'));
    put(values, 'message', text(available, 'message'));
    const name = text(node, 'spec.service.name');
    put(
      values,
      'service',
      name === undefined ? 'Local' : `${text(node, 'spec.service.namespace') ?? 'unknown'}/${name}`,
    );
    return at(available, 'message') ?? at(available, 'status');
  },
  NetworkPolicy: fillPolicy,
  CiliumNetworkPolicy: fillPolicy,
  CiliumClusterwideNetworkPolicy: fillPolicy,
  CiliumEndpoint(values, node) {
    put(values, 'state', text(node, 'status.state'));
    put(values, 'ip', text(list(node, 'status.networking.addressing')[0], 'ipv4'));
    return at(node, 'status.state');
  },
  CiliumNode(values, node) {
    const internal = list(node, 'spec.addresses').find((address) => text(address, 'type') === 'InternalIP');
    put(values, 'ip', text(internal, 'ip'));
    put(values, 'podCidrs', texts(node, 'spec.ipam.podCIDRs'));
    return undefined;
  },
  Lease(values, node) {
    put(values, 'holder', text(node, 'spec.holderIdentity'));
    put(values, 'renewed', isoAt(node, 'spec.renewTime'));
    put(values, 'durationMs', scaled(number(node, 'spec.leaseDurationSeconds')));
    return at(node, 'spec.renewTime');
  },
  Namespace(values, node) {
    put(values, 'status', text(node, 'status.phase'));
    return at(node, 'status.phase');
  },
};

function scaled(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function conditionTypes(node: DataNode, status: string): readonly string[] | undefined {
  const conditions = at(node, 'status.conditions')?.items;
  return conditions?.flatMap((condition) =>
    text(condition, 'status') === status ? [text(condition, 'type') ?? 'unknown'] : [],
  );
}

/** The controller that made the object. */
export function putOwner(values: Values, node: DataNode): void {
  const owners = list(node, 'metadata.ownerReferences');
  const owner = owners.find((one) => flag(one, 'controller') === true) ?? owners[0];
  put(values, 'ownerKind', text(owner, 'kind'));
  put(values, 'ownerName', text(owner, 'name'));
}

function fillNode(values: Values, node: DataNode): DataNode | undefined {
  const ready = conditionOf(node, 'Ready');
  const status = text(ready, 'status');
  if (status !== undefined) {
    values['readyStatus'] = status;
    if (status !== 'Unknown') values['ready'] = status === 'True';
    put(values, 'readyReason', text(ready, 'reason'));
    put(values, 'readyMessage', text(ready, 'message'));
    put(values, 'lastHeartbeat', isoAt(ready, 'lastHeartbeatTime'));
    put(values, 'lastTransition', isoAt(ready, 'lastTransitionTime'));
  }
  const isCordoned = flag(node, 'spec.unschedulable') === true;
  values['schedulable'] = !isCordoned;
  if (status !== undefined) {
    values['status'] = `${status === 'True' ? 'Ready' : 'NotReady'}${isCordoned ? ',SchedulingDisabled' : ''}`;
  }
  for (const [type, name] of [
    ['MemoryPressure', 'memoryPressure'],
    ['DiskPressure', 'diskPressure'],
    ['PIDPressure', 'pidPressure'],
    ['NetworkUnavailable', 'networkUnavailable'],
  ] as const) {
    const pressure = text(conditionOf(node, type), 'status');
    if (pressure === 'True' || pressure === 'False') values[name] = pressure === 'True';
  }
  const taints = at(node, 'spec.taints')?.items;
  values['taints'] = (taints ?? []).map((taint) => {
    const value = text(taint, 'value');
    return `${text(taint, 'key') ?? ''}${value === undefined ? '' : `=${value}`}:${text(taint, 'effect') ?? ''}`;
  });
  const roles = [...(at(node, 'metadata.labels')?.entries?.keys() ?? [])]
    .map((label) => /^node-role\.kubernetes\.io\/(.+)$/u.exec(label)?.[1])
    .filter((role) => role !== undefined);
  if (roles.length > 0) values['roles'] = roles;
  put(values, 'version', text(node, 'status.nodeInfo.kubeletVersion'));
  put(values, 'osImage', text(node, 'status.nodeInfo.osImage'));
  put(values, 'kernel', text(node, 'status.nodeInfo.kernelVersion'));
  put(values, 'runtime', text(node, 'status.nodeInfo.containerRuntimeVersion'));
  put(values, 'bootId', text(node, 'status.nodeInfo.bootID'));
  const internal = list(node, 'status.addresses').find((address) => text(address, 'type') === 'InternalIP');
  put(values, 'ip', text(internal, 'address'));
  return status === 'True' ? at(ready, 'status') : (at(ready, 'message') ?? at(ready, 'status'));
}

function templateImages(node: DataNode): readonly string[] | undefined {
  const images = ['initContainers', 'containers'].flatMap((group) =>
    list(node, `spec.template.spec.${group}`).flatMap((container) => text(container, 'image') ?? []),
  );
  return images.length > 0 ? images : undefined;
}

/** Counters that are zero are left out by the API server wherever the status was written at all. */
function counter(node: DataNode, name: string): number | undefined {
  const value = number(node, `status.${name}`);
  const isWritten = at(node, 'status.observedGeneration') !== undefined || at(node, 'status.replicas') !== undefined;
  return value ?? (isWritten ? 0 : undefined);
}

function fillWorkload(values: Values, node: DataNode): DataNode | undefined {
  put(values, 'desired', number(node, 'spec.replicas'));
  put(values, 'current', number(node, 'status.replicas'));
  put(values, 'readyCount', counter(node, 'readyReplicas'));
  put(values, 'updated', number(node, 'status.updatedReplicas'));
  put(values, 'available', counter(node, 'availableReplicas'));
  put(values, 'unavailable', number(node, 'status.unavailableReplicas'));
  if (
    values['unavailable'] === undefined &&
    typeof values['desired'] === 'number' &&
    typeof values['available'] === 'number'
  ) {
    values['unavailable'] = Math.max(0, values['desired'] - values['available']);
  }
  put(values, 'images', templateImages(node));
  const progressing = text(conditionOf(node, 'Progressing'), 'status');
  if (progressing === 'True' || progressing === 'False') values['progressing'] = progressing === 'True';
  putProbes(
    values,
    list(node, 'spec.template.spec.containers')[0],
    number(node, 'spec.template.spec.terminationGracePeriodSeconds'),
  );
  putOwner(values, node);
  return (
    at(node, 'status.unavailableReplicas') ?? at(node, 'status.availableReplicas') ?? at(node, 'status.readyReplicas')
  );
}

function fillDaemonSet(values: Values, node: DataNode): DataNode | undefined {
  put(values, 'desired', number(node, 'status.desiredNumberScheduled'));
  put(values, 'current', number(node, 'status.currentNumberScheduled'));
  put(values, 'readyCount', number(node, 'status.numberReady'));
  put(values, 'updated', number(node, 'status.updatedNumberScheduled'));
  const isWritten = values['desired'] !== undefined;
  put(values, 'available', number(node, 'status.numberAvailable') ?? (isWritten ? 0 : undefined));
  put(values, 'unavailable', number(node, 'status.numberUnavailable') ?? (isWritten ? 0 : undefined));
  put(values, 'images', templateImages(node));
  return at(node, 'status.numberUnavailable') ?? at(node, 'status.numberReady');
}

/** Probes of a container as attributes. */
export function putProbes(values: Values, container: DataNode | undefined, graceSeconds?: number): void {
  const liveness = at(container, 'livenessProbe');
  if (liveness?.entries !== undefined) {
    const seconds = (path: string, preset: number) => (number(liveness, path) ?? preset) * 1000;
    const grace = number(liveness, 'terminationGracePeriodSeconds') ?? graceSeconds;
    const probe = {
      delayMs: seconds('initialDelaySeconds', 0),
      periodMs: seconds('periodSeconds', 10),
      timeoutMs: seconds('timeoutSeconds', 1),
      failures: number(liveness, 'failureThreshold') ?? 3,
    };
    Object.assign(values, livenessValues(probe, grace === undefined ? undefined : grace * 1000));
  }
  if (container !== undefined && at(container, 'name') !== undefined) {
    values['hasStartupProbe'] = at(container, 'startupProbe')?.entries !== undefined;
  }
}

function fillService(values: Values, node: DataNode): DataNode | undefined {
  const type = text(node, 'spec.type');
  put(values, 'type', type);
  put(values, 'ip', text(node, 'spec.clusterIP'));
  const ingress = list(node, 'status.loadBalancer.ingress')[0];
  const external =
    text(ingress, 'ip') ??
    text(ingress, 'hostname') ??
    texts(node, 'spec.externalIPs')?.[0] ??
    text(node, 'spec.externalName');
  put(
    values,
    'externalIp',
    external ?? (type === 'LoadBalancer' && at(node, 'status') !== undefined ? '<pending>' : undefined),
  );
  const ports = list(node, 'spec.ports').map((port) => {
    const nodePort = number(port, 'nodePort');
    return `${text(port, 'port') ?? ''}${nodePort === undefined ? '' : `:${nodePort}`}/${text(port, 'protocol') ?? 'TCP'}`;
  });
  if (ports.length > 0) values['ports'] = ports;
  put(values, 'selector', pairs(node, 'spec.selector'));
  return undefined;
}

function fillEndpoints(values: Values, node: DataNode): DataNode | undefined {
  const subsets = list(node, 'subsets');
  const ready = subsets.flatMap((subset) => list(subset, 'addresses'));
  const notReady = subsets.flatMap((subset) => list(subset, 'notReadyAddresses'));
  values['ready'] = ready.length;
  values['notReady'] = notReady.length;
  put(values, 'service', text(node, 'metadata.name'));
  putBackends(values, [...ready, ...notReady]);
  return at(node, 'subsets');
}

function fillEndpointSlice(values: Values, node: DataNode): DataNode | undefined {
  const endpoints = list(node, 'endpoints');
  const ready = endpoints.filter((endpoint) => flag(endpoint, 'conditions.ready') !== false);
  values['ready'] = ready.length;
  values['notReady'] = endpoints.length - ready.length;
  const labels = at(node, 'metadata.labels')?.entries;
  put(values, 'service', String(labels?.get('kubernetes.io/service-name')?.scalar ?? ''));
  putBackends(values, endpoints);
  return at(node, 'endpoints');
}

function putBackends(values: Values, endpoints: readonly DataNode[]): void {
  const pods = endpoints.flatMap((endpoint) => {
    const target = at(endpoint, 'targetRef');
    const name = text(target, 'name');
    return text(target, 'kind') === 'Pod' && name !== undefined
      ? [`${text(target, 'namespace') ?? 'unknown'}/${name}`]
      : [];
  });
  if (pods.length > 0) values['pods'] = pods;
}

function fillVolume(values: Values, node: DataNode): DataNode | undefined {
  put(values, 'status', text(node, 'status.phase'));
  const claim = text(node, 'spec.claimRef.name');
  put(
    values,
    'claim',
    claim === undefined ? undefined : `${text(node, 'spec.claimRef.namespace') ?? 'unknown'}/${claim}`,
  );
  put(values, 'storageClass', text(node, 'spec.storageClassName'));
  put(values, 'capacity', text(node, 'spec.capacity.storage'));
  put(values, 'reclaimPolicy', text(node, 'spec.persistentVolumeReclaimPolicy'));
  put(values, 'mountOptions', texts(node, 'spec.mountOptions'));
  put(values, 'driver', text(node, 'spec.csi.driver'));
  put(values, 'nfsServer', text(node, 'spec.nfs.server') ?? text(node, 'spec.csi.volumeAttributes.server'));
  put(values, 'nfsPath', text(node, 'spec.nfs.path') ?? text(node, 'spec.csi.volumeAttributes.share'));
  put(values, 'reason', text(node, 'status.reason') ?? text(node, 'status.message'));
  return at(node, 'status.phase');
}

function fillWebhooks(values: Values, node: DataNode): DataNode | undefined {
  const webhooks = list(node, 'webhooks');
  const failing = webhooks.find((webhook) => (text(webhook, 'failurePolicy') ?? 'Fail') === 'Fail');
  const first = failing ?? webhooks[0];
  values['webhooks'] = webhooks.flatMap((webhook) => text(webhook, 'name') ?? []);
  if (first !== undefined) values['failurePolicy'] = text(first, 'failurePolicy') ?? 'Fail';
  const name = text(first, 'clientConfig.service.name');
  put(
    values,
    'service',
    name === undefined ? undefined : `${text(first, 'clientConfig.service.namespace') ?? 'unknown'}/${name}`,
  );
  put(values, 'timeoutMs', scaled(number(first, 'timeoutSeconds')));
  values['rules'] = webhooks.flatMap((webhook) =>
    list(webhook, 'rules').map(
      (rule) => `${(texts(rule, 'operations') ?? []).join(',')} ${(texts(rule, 'resources') ?? []).join(',')}`,
    ),
  );
  return at(first, 'failurePolicy');
}

function fillPolicy(values: Values, node: DataNode): DataNode | undefined {
  const selector = at(node, 'spec.podSelector') ?? at(node, 'spec.endpointSelector');
  const labels = pairs(selector, 'matchLabels');
  const hasExpressions = list(selector, 'matchExpressions').length > 0;
  if (selector !== undefined) values['podSelector'] = labels?.join(',') ?? (hasExpressions ? 'expressions' : '*');
  const types = texts(node, 'spec.policyTypes');
  const egress = at(node, 'spec.egress');
  const ingress = at(node, 'spec.ingress');
  values['policyTypes'] = types ?? [
    ...(ingress === undefined && egress !== undefined ? [] : ['Ingress']),
    ...(egress === undefined ? [] : ['Egress']),
  ];
  values['egressRules'] = egress?.items?.length ?? 0;
  values['ingressRules'] = ingress?.items?.length ?? 0;
  return selector;
}

/** Kinds without a rule of their own: Flux, Cluster API, cert-manager and other custom resources. */
export function fillCustom(values: Values, node: DataNode): DataNode | undefined {
  const ready = conditionOf(node, 'Ready') ?? conditionOf(node, 'Available');
  putReady(values, text(ready, 'status'));
  put(values, 'reason', text(ready, 'reason') ?? text(node, 'status.reason') ?? text(node, 'status.failureReason'));
  put(values, 'message', text(ready, 'message') ?? text(node, 'status.message') ?? text(node, 'status.failureMessage'));
  put(values, 'lastTransition', isoAt(ready, 'lastTransitionTime'));
  put(values, 'phase', text(node, 'status.phase'));
  put(values, 'status', text(node, 'status.phase') ?? text(node, 'status.state') ?? text(node, 'status.health.status'));
  put(values, 'syncStatus', text(node, 'status.sync.status'));
  put(values, 'suspended', flag(node, 'spec.suspend'));
  put(
    values,
    'revision',
    text(node, 'status.lastAppliedRevision') ??
      text(node, 'status.artifact.revision') ??
      text(node, 'status.lastAttemptedRevision'),
  );
  put(values, 'url', text(node, 'spec.url'));
  put(values, 'notAfter', isoAt(node, 'status.notAfter'));
  put(values, 'replicas', number(node, 'spec.replicas') ?? number(node, 'status.replicas'));
  put(values, 'readyCount', number(node, 'status.readyReplicas'));
  put(values, 'unavailable', number(node, 'status.unavailableReplicas'));
  put(values, 'node', text(node, 'status.nodeRef.name'));
  const own = String(values['namespace'] ?? 'unknown');
  const chart = at(node, 'spec.chart.spec');
  put(values, 'chart', text(chart, 'chart') ?? text(node, 'spec.chart') ?? text(node, 'spec.chartRef.name'));
  const reference = at(node, 'spec.sourceRef') ?? at(chart, 'sourceRef') ?? at(node, 'spec.chartRef');
  const name = text(reference, 'name');
  if (name !== undefined) {
    values['source'] = `${text(reference, 'kind') ?? 'unknown'}/${text(reference, 'namespace') ?? own}/${name}`;
  }
  const needs = list(node, 'spec.dependsOn').flatMap((need) => {
    const needed = text(need, 'name');
    return needed === undefined ? [] : [`${text(need, 'namespace') ?? own}/${needed}`];
  });
  if (needs.length > 0) values['dependsOn'] = needs;
  return at(ready, 'message') ?? at(ready, 'status') ?? at(node, 'status.phase');
}

/** `waiting`, `running` or `terminated` of a container status. */
export function stateOf(
  node: DataNode | undefined,
  lineOf: (offset: number) => number,
  columnAt: (offset: number) => number,
): ContainerState | undefined {
  for (const kind of ['waiting', 'terminated', 'running'] as const) {
    const state = at(node, kind);
    if (state?.entries === undefined) {
      continue;
    }
    const reason = at(state, 'reason');
    const message = at(state, 'message');
    const from = reason?.start ?? state.start;
    return {
      at: lineOf(from),
      column: columnAt(from),
      kind,
      reason: text(state, 'reason'),
      message: message === undefined ? [] : messageLines(message, lineOf, columnAt),
      exitCode: number(state, 'exitCode'),
      signal: number(state, 'signal'),
      started: instantStamp(text(state, 'startedAt') ?? ''),
      finished: instantStamp(text(state, 'finishedAt') ?? ''),
    };
  }
  return undefined;
}

/** Lines of a termination message, with the physical lines on which they stand as far as that is known. */
function messageLines(
  message: DataNode,
  lineOf: (offset: number) => number,
  columnAt: (offset: number) => number,
): ContainerState['message'] {
  const first = lineOf(message.start);
  const last = lastLine(message, lineOf) ?? first;
  const column = columnAt(message.start);
  const texts = String(message.scalar ?? '')
    .trimEnd()
    .split('\n')
    .slice(0, 200);
  // What was folded or escaped has no line for each.
  const isLiteral = message.isLiteral === true && last - first + 1 >= texts.length;
  return texts.map((text, nth) =>
    isLiteral ? { at: first + nth, text, column: 0 } : { at: first, last, text, column },
  );
}
