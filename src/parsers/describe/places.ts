/** Where `kubectl describe` writes what the rows of its objects say (docs/rows.md), by the keys of its outline. */

import type { Container } from '../documents/containers.ts';
import { type Entry, entry } from './tree.ts';

export type LinePlaces = Readonly<Record<string, readonly { readonly at: number }[]>>;

const KEYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Node: { schedulable: ['Unschedulable'], taints: ['Taints'] },
  Service: {
    type: ['Type'],
    externalIp: ['LoadBalancer Ingress', 'External IPs', 'Type'],
    selector: ['Selector'],
    endpoints: ['Endpoints'],
  },
  PersistentVolume: {
    status: ['Status'],
    reason: ['Reason', 'Message'],
    mountOptions: ['Annotations'],
    nfsServer: ['Source/Server'],
    reclaimPolicy: ['Reclaim Policy'],
  },
  PersistentVolumeClaim: { status: ['Status'], storageClass: ['StorageClass'], volume: ['Volume'] },
  StorageClass: {
    mountOptions: ['MountOptions'],
    provisioner: ['Provisioner'],
    reclaimPolicy: ['ReclaimPolicy'],
    bindingMode: ['VolumeBindingMode'],
  },
  DaemonSet: {
    desired: ['Desired Number of Nodes Scheduled'],
    readyCount: ['Number of Nodes Scheduled with Available Pods'],
    available: ['Number of Nodes Scheduled with Available Pods'],
  },
};
const REPLICAS: Readonly<Record<string, readonly string[]>> = {
  desired: ['Replicas'],
  readyCount: ['Replicas'],
  available: ['Replicas'],
};
/** Custom resources in the generic printer. */
const CUSTOM: Readonly<Record<string, readonly string[]>> = {
  suspended: ['Spec/Suspend'],
  phase: ['Status/Phase'],
  status: ['Status/Phase', 'Status/State'],
};

/** Of objects that are no pods. */
export function linePlaces(kind: string, top: readonly Entry[]): LinePlaces {
  const keys = KEYS[kind] ?? (entry(top, 'Replicas') ? REPLICAS : CUSTOM);
  const places = found(keys, top);
  // Annotations are a list: the one that names the options.
  const options = entry(top, 'Annotations');
  const below = [...(options?.texts ?? []), ...(options?.children ?? []).map(({ at, key }) => ({ at, text: key }))];
  const named = below.find(({ text }) => text.includes('mount-options'));
  return named !== undefined && kind === 'PersistentVolume' ? { ...places, mountOptions: [{ at: named.at }] } : places;
}

/** Of a pod: of its worst container, which its row speaks of. */
export function podLinePlaces(top: readonly Entry[], worst: Container | undefined): LinePlaces {
  const group = entry(top, worst?.isInit === true ? 'Init Containers' : 'Containers')?.children ?? [];
  const own = (group.find(({ key }) => key === worst?.name) ?? group[0])?.children;
  const terminated = entry(own, 'State')?.value === 'Terminated';
  return {
    ...found({ phase: ['Status'], status: ['Status'], reason: ['Reason'], message: ['Message'] }, top),
    ...found(
      {
        ...(worst?.state === undefined || worst.state.kind === 'running' ? {} : { status: ['State/Reason', 'State'] }),
        waitingReason: ['State/Reason'],
        waitingMessage: ['State/Message'],
        ...(terminated ? { exitCode: ['State/Exit Code'] } : {}),
        lastReason: ['Last State/Reason'],
        lastExitCode: ['Last State/Exit Code'],
        lastMessage: ['Last State/Message'],
        restarts: ['Restart Count'],
        ready: ['Ready'],
        livenessPeriodMs: ['Liveness'],
        livenessDelayMs: ['Liveness'],
        livenessFailures: ['Liveness'],
        memoryLimit: ['Limits/memory'],
        cpuRequest: ['Requests/cpu'],
      },
      own,
    ),
    ...(/^Terminating\b/u.test(entry(top, 'Status')?.value ?? '') && found({ status: ['Status'] }, top)),
  };
}

function found(keys: Readonly<Record<string, readonly string[]>>, top: readonly Entry[] | undefined): LinePlaces {
  const places: Record<string, readonly { readonly at: number }[]> = {};
  for (const [name, ways] of Object.entries(keys)) {
    for (const way of ways) {
      let current: Entry | undefined;
      for (const key of way.split('/')) current = entry(current?.children ?? top, key);
      if (current !== undefined) {
        places[name] = [{ at: current.at }];
        break;
      }
    }
  }
  return places;
}
