/** Kind of a describe document from its keys, and its canonical attributes (docs/rows.md). */

import type { RowValue } from '../../model/index.ts';
import { isoOf } from '../documents/containers.ts';
import { instantStamp } from '../documents/stamps.ts';
import { putReady } from '../tables/columns.ts';
import { type Entry, entry, listOf, textOf } from './tree.ts';

export function kindOfOutline(top: readonly Entry[]): string | undefined {
  const has = (...keys: string[]) => keys.every((key) => entry(top, key) !== undefined);
  if (has('API Version', 'Kind')) return entry(top, 'Kind')?.value;
  if (has('Pod Template')) {
    if (has('Desired Number of Nodes Scheduled')) return 'DaemonSet';
    if (has('StrategyType') || has('NewReplicaSet')) return 'Deployment';
    if (has('Completions') || has('Parallelism')) return has('Schedule') ? 'CronJob' : 'Job';
    if (has('Update Strategy') || has('Volume Claims')) return 'StatefulSet';
    return 'ReplicaSet';
  }
  if (has('Schedule')) return 'CronJob';
  if (
    has('System Info') ||
    has('Non-terminated Pods') ||
    has('Unschedulable') ||
    (has('Allocatable') && has('Capacity'))
  )
    return 'Node';
  if (has('QoS Class') || has('Containers') || (has('Node') && has('IP') && has('Status'))) return 'Pod';
  if (has('Endpoints') || has('Session Affinity') || has('TargetPort')) return 'Service';
  if (has('Subsets')) return 'Endpoints';
  if (has('Reclaim Policy') || has('Reclaim policy')) return 'PersistentVolume';
  if (has('StorageClass', 'Volume') || has('Access Modes', 'VolumeMode')) return 'PersistentVolumeClaim';
  if (has('Provisioner') || has('IsDefaultClass')) return 'StorageClass';
  if (has('Rules', 'Default backend') || has('Ingress Class')) return 'Ingress';
  if (has('StrategyType')) return 'Deployment';
  if (has('Desired Number of Nodes Scheduled')) return 'DaemonSet';
  if (has('Image pull secrets') && has('Tokens')) return 'ServiceAccount';
  if (has('Data') && has('BinaryData')) return 'ConfigMap';
  return undefined;
}

type Values = Record<string, RowValue>;

function put(values: Values, name: string, value: RowValue | undefined): void {
  if (value !== undefined && value !== '') {
    values[name] = value;
  }
}

function count(text: string | undefined): number | undefined {
  const digits = /^(\d{1,9})\b/u.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Attributes of workloads, services, volumes and what a CRD shows; and the line that tells most. */
export function fillByKind(kind: string, values: Values, top: readonly Entry[]): Entry | undefined {
  switch (kind) {
    case 'Service':
      return fillService(values, top);
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
      return fillReplicas(values, top);
    case 'DaemonSet':
      return fillDaemonSet(values, top);
    case 'PersistentVolume':
      return fillVolume(values, top);
    case 'PersistentVolumeClaim':
      put(values, 'status', textOf(top, 'Status'));
      put(values, 'volume', textOf(top, 'Volume'));
      put(values, 'storageClass', textOf(top, 'StorageClass'));
      put(values, 'capacity', textOf(top, 'Capacity'));
      return entry(top, 'Status');
    case 'StorageClass':
      put(values, 'provisioner', textOf(top, 'Provisioner'));
      put(values, 'reclaimPolicy', textOf(top, 'ReclaimPolicy'));
      put(values, 'bindingMode', textOf(top, 'VolumeBindingMode'));
      put(
        values,
        'mountOptions',
        listOf(top, 'MountOptions')?.flatMap((line) => line.split(/,\s*/u)),
      );
      put(values, 'parameters', textOf(top, 'Parameters')?.split(','));
      if (entry(top, 'IsDefaultClass') !== undefined) values['isDefault'] = textOf(top, 'IsDefaultClass') === 'Yes';
      return undefined;
    case 'Job': {
      const pods = entry(top, 'Pods Statuses')?.value ?? '';
      put(values, 'succeeded', Number(/(\d{1,9}) Succeeded/u.exec(pods)?.[1] ?? Number.NaN) || undefined);
      const failed = /(\d{1,9}) Failed/u.exec(pods)?.[1];
      put(values, 'failed', failed === undefined ? undefined : Number(failed));
      put(values, 'completions', count(textOf(top, 'Completions')));
      return entry(top, 'Pods Statuses');
    }
    case 'Namespace':
      put(values, 'status', textOf(top, 'Status'));
      return entry(top, 'Status');
    default:
      return fillCustom(values, top);
  }
}

function fillService(values: Values, top: readonly Entry[]): Entry | undefined {
  put(values, 'type', textOf(top, 'Type'));
  put(values, 'ip', textOf(top, 'IP') ?? textOf(top, 'IPs'));
  const balancer = textOf(top, 'LoadBalancer Ingress') ?? textOf(top, 'External IPs');
  put(
    values,
    'externalIp',
    balancer ?? (values['type'] === 'LoadBalancer' && hasStatus(top) ? '<pending>' : undefined),
  );
  put(
    values,
    'selector',
    listOf(top, 'Selector')?.flatMap((line) => line.split(',')),
  );
  const ports = top.filter((one) => one.key === 'Port');
  if (ports.length > 0) {
    values['ports'] = ports.map((port) => port.value.replace(/^\S+\s+(?=\d)/u, ''));
  }
  const endpoints = top.filter((one) => one.key === 'Endpoints');
  if (endpoints.length === 0) {
    return undefined;
  }
  const counts = endpoints.map(({ value }) => countEndpoints(value));
  values['endpoints'] = Math.max(...counts);
  return endpoints[counts.indexOf(Math.min(...counts))];
}

/** A describe of a LoadBalancer without address shows no Ingress line; only a whole document tells that. */
function hasStatus(top: readonly Entry[]): boolean {
  return entry(top, 'Events') !== undefined && entry(top, 'Session Affinity') !== undefined;
}

/** `10.244.1.14:80,10.244.2.3:80 + 4 more...` → 6. */
function countEndpoints(value: string): number {
  if (value === '' || value.startsWith('<')) {
    return 0;
  }
  const more = /\+ (\d{1,6}) more\.\.\.$/u.exec(value)?.[1];
  return value.replace(/ ?\+ \d{1,6} more\.\.\.$/u, '').split(',').length + Number(more ?? 0);
}

/** `Replicas:  1 desired | 1 updated | 1 total | 0 available | 1 unavailable`, `Replicas:  1 current / 1 desired`. */
function fillReplicas(values: Values, top: readonly Entry[]): Entry | undefined {
  const line = entry(top, 'Replicas');
  const text = line?.value ?? '';
  const number = (word: string) => {
    const digits = new RegExp(`(\\d{1,9}) ${word}\\b`, 'u').exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  put(values, 'desired', number('desired'));
  put(values, 'current', number('total') ?? number('current'));
  put(values, 'updated', number('updated'));
  put(values, 'available', number('available'));
  put(values, 'unavailable', number('unavailable'));
  const pods = entry(top, 'Pods Status')?.value ?? '';
  const running = /^(\d{1,9}) Running/u.exec(pods)?.[1];
  put(values, 'running', running === undefined ? undefined : Number(running));
  if (values['available'] !== undefined) {
    values['readyCount'] = values['available'];
  }
  put(values, 'images', templateImages(top));
  return line;
}

function fillDaemonSet(values: Values, top: readonly Entry[]): Entry | undefined {
  put(values, 'desired', count(textOf(top, 'Desired Number of Nodes Scheduled')));
  put(values, 'current', count(textOf(top, 'Current Number of Nodes Scheduled')));
  put(values, 'updated', count(textOf(top, 'Number of Nodes Scheduled with Up-to-date Pods')));
  put(values, 'available', count(textOf(top, 'Number of Nodes Scheduled with Available Pods')));
  const { desired, available } = values;
  if (typeof desired === 'number' && typeof available === 'number') {
    values['unavailable'] = Math.max(0, desired - available);
    values['readyCount'] = available;
  }
  put(values, 'images', templateImages(top));
  return entry(top, 'Number of Nodes Scheduled with Available Pods') ?? entry(top, 'Pods Status');
}

function templateImages(top: readonly Entry[]): readonly string[] | undefined {
  const images: string[] = [];
  for (const group of entry(top, 'Pod Template')?.children ?? []) {
    for (const container of group.children) {
      const image = textOf(container.children, 'Image');
      if (image !== undefined) images.push(image);
    }
  }
  return images.length > 0 ? images : undefined;
}

function fillVolume(values: Values, top: readonly Entry[]): Entry | undefined {
  put(values, 'status', textOf(top, 'Status'));
  put(values, 'claim', textOf(top, 'Claim'));
  put(values, 'storageClass', textOf(top, 'StorageClass'));
  put(values, 'reclaimPolicy', textOf(top, 'Reclaim Policy'));
  put(values, 'reason', textOf(top, 'Reason') ?? textOf(top, 'Message'));
  const source = entry(top, 'Source')?.children;
  const type = textOf(source, 'Type');
  put(values, 'driver', textOf(source, 'Driver'));
  if (type?.startsWith('NFS') === true) {
    put(values, 'nfsServer', textOf(source, 'Server'));
    put(values, 'nfsPath', textOf(source, 'Path'));
  }
  for (const line of listOf(top, 'Annotations') ?? []) {
    const options = /^volume\.beta\.kubernetes\.io\/mount-options: (.+)$/u.exec(line)?.[1];
    put(values, 'mountOptions', options?.split(','));
  }
  return entry(top, 'Status');
}

/** A custom resource in the generic printer: `Status:` with `Conditions:` below it, `Spec:` with what it needs. */
function fillCustom(values: Values, top: readonly Entry[]): Entry | undefined {
  const status = entry(top, 'Status');
  put(
    values,
    'status',
    textOf(top, 'Status') ?? textOf(status?.children, 'Phase') ?? textOf(status?.children, 'State'),
  );
  put(values, 'phase', textOf(status?.children, 'Phase'));
  const spec = entry(top, 'Spec')?.children;
  const suspended = textOf(spec, 'Suspend');
  if (suspended === 'true' || suspended === 'false') values['suspended'] = suspended === 'true';
  put(values, 'revision', textOf(status?.children, 'Last Applied Revision'));
  const reference = entry(spec, 'Source Ref')?.children;
  const [refKind, refName] = [textOf(reference, 'Kind'), textOf(reference, 'Name')];
  if (refKind !== undefined && refName !== undefined) {
    values['source'] =
      `${refKind}/${textOf(reference, 'Namespace') ?? String(values['namespace'] ?? 'unknown')}/${refName}`;
  }
  const needs = entry(spec, 'Depends On')?.children.filter((child) => child.key === 'Name');
  if (needs !== undefined && needs.length > 0) {
    values['dependsOn'] = needs.map((need) => `${String(values['namespace'] ?? 'unknown')}/${need.value}`);
  }
  const ready = customConditions(top).find((condition) => condition.get('Type')?.value === 'Ready');
  if (ready === undefined) {
    return undefined;
  }
  putReady(values, ready.get('Status')?.value);
  put(values, 'reason', ready.get('Reason')?.value);
  put(values, 'message', ready.get('Message')?.value);
  put(values, 'lastTransition', isoOf(instantStamp(ready.get('Last Transition Time')?.value ?? '')));
  return ready.get('Message') ?? ready.get('Status');
}

/** Conditions of the generic printer: keys of one after those of another; a key that repeats begins the next. */
export function customConditions(top: readonly Entry[]): readonly ReadonlyMap<string, Entry>[] {
  const section = entry(entry(top, 'Status')?.children, 'Conditions');
  const conditions: Map<string, Entry>[] = [];
  for (const child of section?.children ?? []) {
    let current = conditions.at(-1);
    if (current === undefined || current.has(child.key)) {
      current = new Map();
      conditions.push(current);
    }
    current.set(child.key, child);
  }
  return conditions;
}
