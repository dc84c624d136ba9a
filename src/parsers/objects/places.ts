/** Where API objects write what their rows say (docs/rows.md): the line that a rule's finding is quoted from. */

import type { Container } from '../documents/containers.ts';
import { at, type DataNode, list, text } from './data.ts';

export type NodePlaces = Readonly<Record<string, readonly DataNode[]>>;

/** Paths by attribute, the first that is there counts; `conditions[Ready]` is the condition of that type. */
const PATHS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Node: {
    status: ['status.conditions[Ready].status'],
    ready: ['status.conditions[Ready].status'],
    readyStatus: ['status.conditions[Ready].status'],
    readyReason: ['status.conditions[Ready].reason'],
    readyMessage: ['status.conditions[Ready].message'],
    memoryPressure: ['status.conditions[MemoryPressure].status'],
    diskPressure: ['status.conditions[DiskPressure].status'],
    pidPressure: ['status.conditions[PIDPressure].status'],
    networkUnavailable: ['status.conditions[NetworkUnavailable].status'],
    schedulable: ['spec.unschedulable'],
    taints: ['spec.taints'],
    version: ['status.nodeInfo.kubeletVersion'],
  },
  Deployment: {
    desired: ['spec.replicas'],
    readyCount: ['status.readyReplicas', 'status.replicas'],
    available: ['status.availableReplicas', 'status.replicas'],
    unavailable: ['status.unavailableReplicas'],
    progressing: ['status.conditions[Progressing].message'],
  },
  DaemonSet: {
    desired: ['status.desiredNumberScheduled'],
    readyCount: ['status.numberReady'],
    available: ['status.numberAvailable'],
    unavailable: ['status.numberUnavailable'],
  },
  Job: { failed: ['status.failed'], conditionsTrue: ['status.conditions'], suspended: ['spec.suspend'] },
  Service: {
    type: ['spec.type'],
    externalIp: ['status.loadBalancer'],
    selector: ['spec.selector'],
    ip: ['spec.clusterIP'],
  },
  PersistentVolume: {
    status: ['status.phase'],
    reason: ['status.reason', 'status.message'],
    mountOptions: ['spec.mountOptions'],
    nfsServer: ['spec.nfs.server', 'spec.csi.volumeAttributes.server'],
    reclaimPolicy: ['spec.persistentVolumeReclaimPolicy'],
    driver: ['spec.csi.driver'],
  },
  PersistentVolumeClaim: { status: ['status.phase'], storageClass: ['spec.storageClassName'] },
  StorageClass: {
    mountOptions: ['mountOptions'],
    provisioner: ['provisioner'],
    reclaimPolicy: ['reclaimPolicy'],
    bindingMode: ['volumeBindingMode'],
  },
  NetworkPolicy: {
    podSelector: ['spec.podSelector'],
    policyTypes: ['spec.policyTypes'],
    egressRules: ['spec.egress'],
    ingressRules: ['spec.ingress'],
  },
  ValidatingWebhookConfiguration: { failurePolicy: ['webhooks.0.failurePolicy'] },
  MutatingWebhookConfiguration: { failurePolicy: ['webhooks.0.failurePolicy'] },
  APIService: {
    available: ['status.conditions[Available].status'],
    reason: ['status.conditions[Available].reason'],
    message: ['status.conditions[Available].message'],
  },
  Namespace: { status: ['status.phase'] },
};
const REPLICATED = ['StatefulSet', 'ReplicaSet', 'ReplicationController'];

/** Kinds without an entry: what a condition, a phase and a suspension say. */
const CUSTOM: Readonly<Record<string, readonly string[]>> = {
  ready: ['status.conditions[Ready].status', 'status.conditions[Available].status'],
  readyStatus: ['status.conditions[Ready].status', 'status.conditions[Available].status'],
  reason: ['status.conditions[Ready].reason', 'status.conditions[Available].reason', 'status.failureReason'],
  message: ['status.conditions[Ready].message', 'status.conditions[Available].message', 'status.failureMessage'],
  phase: ['status.phase'],
  status: ['status.phase', 'status.state', 'status.health.status'],
  suspended: ['spec.suspend'],
};

/** Of objects that are no pods. */
export function placesOf(kind: string, node: DataNode): NodePlaces {
  const paths = PATHS[REPLICATED.includes(kind) ? 'Deployment' : kind] ?? CUSTOM;
  return found(paths, node);
}

/** Of a pod: of its worst container, which its row speaks of. */
export function podPlaces(node: DataNode, worst: Container | undefined): NodePlaces {
  const specs = list(node, 'spec.containers');
  const spec = specs.find((one) => text(one, 'name') === worst?.name) ?? specs[0];
  const statuses = list(node, `status.${worst?.isInit === true ? 'initContainerStatuses' : 'containerStatuses'}`);
  const status = statuses.find((one) => text(one, 'name') === worst?.name) ?? statuses[0];
  const isWaiting = at(status, 'state.waiting') !== undefined;
  return {
    ...found({ phase: ['status.phase'], reason: ['status.reason'], message: ['status.message'] }, node),
    ...found({ status: ['status.reason', 'status.phase'], terminating: ['metadata.deletionTimestamp'] }, node),
    ...found({ conditionsFalse: ['status.conditions'] }, node),
    ...found(
      {
        status: isWaiting ? ['state.waiting.reason'] : ['state.terminated.reason', 'state.terminated.exitCode'],
        waitingReason: ['state.waiting.reason'],
        waitingMessage: ['state.waiting.message'],
        exitCode: ['state.terminated.exitCode'],
        lastReason: ['lastState.terminated.reason'],
        lastExitCode: ['lastState.terminated.exitCode'],
        lastMessage: ['lastState.terminated.message'],
        restarts: ['restartCount'],
        ready: ['ready'],
      },
      status,
    ),
    ...found(
      {
        livenessPeriodMs: ['livenessProbe.periodSeconds', 'livenessProbe'],
        livenessDelayMs: ['livenessProbe.initialDelaySeconds', 'livenessProbe'],
        livenessFailures: ['livenessProbe.failureThreshold', 'livenessProbe'],
        memoryLimit: ['resources.limits.memory'],
        cpuRequest: ['resources.requests.cpu'],
      },
      spec,
    ),
    ...(at(node, 'metadata.deletionTimestamp') && found({ status: ['metadata.deletionTimestamp'] }, node)),
  };
}

function found(paths: Readonly<Record<string, readonly string[]>>, node: DataNode | undefined): NodePlaces {
  const places: Record<string, readonly DataNode[]> = {};
  for (const [name, ways] of Object.entries(paths)) {
    const place = ways.map((path) => follow(node, path)).find((one) => one !== undefined);
    if (place !== undefined) places[name] = place.items !== undefined && place.items.length > 0 ? place.items : [place];
  }
  return places;
}

const PICKED = /^(\w+)\[(\w+)\]$/u;

function follow(node: DataNode | undefined, path: string): DataNode | undefined {
  let current = node;
  for (const step of path.split('.')) {
    const picked = PICKED.exec(step);
    if (picked !== null) {
      current = list(current, picked[1] as string).find((one) => text(one, 'type') === picked[2]);
    } else {
      current = /^\d+$/u.test(step) ? current?.items?.[Number(step)] : at(current, step);
    }
  }
  return current;
}
