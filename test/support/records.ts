import { findRoles, type RoleFinder } from '../../src/facts/roles.ts';
import type { LogRecord, ReadSource, Row, RowValue, TimedVolume } from '../../src/model/index.ts';
import { rolesSchema } from '../../src/rules/schema.ts';

/** Records and sources as the stages before `facts` make them. */

let made = 0;

export function record(message: string, known: Partial<LogRecord> = {}): LogRecord {
  made++;
  return {
    id: `a.log:${made}`,
    ref: { source: 'a.log', line: made },
    kind: 'log',
    stream: 'a.log',
    seq: made,
    message,
    raw: message,
    fields: {},
    ...known,
  };
}

export function row(
  kind: string,
  values: Readonly<Record<string, RowValue>>,
  known: Partial<LogRecord> = {},
): LogRecord {
  const state: Row = { kind, values };
  return record(`${kind} ${String(values['name'] ?? '')}`, { kind: 'row', row: state, ...known });
}

export function source(path: string, records: readonly LogRecord[], known: Partial<ReadSource> = {}): ReadSource {
  const { length } = records;
  return {
    path,
    context: {},
    coverage: {
      path,
      format: 'test',
      bytes: 0,
      lines: length,
      recognised: length,
      continuation: 0,
      unknown: 0,
      notes: [],
    },
    records,
    listings: [],
    diagnostics: [],
    ...known,
  };
}

export function volume(path: string, known: Partial<TimedVolume> = {}): TimedVolume {
  return { path, writers: [], gaps: [], ...known };
}

/** A few roles, as rules/roles.yaml has them. */
export const roles: RoleFinder = findRoles(
  rolesSchema.parse([
    {
      role: 'cluster-dns',
      title: 'Cluster DNS',
      layer: 'dns',
      names: ['coredns-*', 'coredns'],
      namespaces: ['kube-system'],
      services: ['kube-system/kube-dns'],
    },
    { role: 'cni', title: 'CNI', layer: 'cni', names: ['cilium-*', 'cilium'], images: ['*/cilium*'] },
    { role: 'service-proxy', title: 'Service proxy', layer: 'service-routing', names: ['kube-proxy-*'] },
    { role: 'kubelet', title: 'kubelet', layer: 'node', units: ['kubelet', 'k3s'] },
  ]),
);
