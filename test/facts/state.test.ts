import { describe, expect, it } from 'vitest';
import { buildState } from '../../src/facts/state.ts';
import type { Listing, LogRecord } from '../../src/model/index.ts';
import { at } from '../support/facts.ts';
import { record, roles, row, source, volume } from '../support/records.ts';

function listing(kind: string, known: Partial<Listing> = {}): Listing {
  return { kind, namespace: 'all', complete: true, rows: 3, source: 'pods.txt', line: 1, ...known };
}

function state(records: readonly LogRecord[], listings: readonly Listing[] = []) {
  return buildState([source('pods.txt', records, { listings })], roles);
}

const system = row(
  'Pod',
  { namespace: 'kube-system', name: 'metrics-server-0', ready: true },
  { ref: { source: 'pods.txt', line: 2 } },
);
const dns = (ready: boolean) => row('Pod', { namespace: 'kube-system', name: 'coredns-1-x', ready });

describe('a component', () => {
  it('is up when one of its pods works', () => {
    expect(
      state([dns(false), row('Pod', { namespace: 'kube-system', name: 'coredns-1-y', ready: true })]).up('cluster-dns'),
    ).toBe(true);
  });
  it('is down when none does', () => {
    expect(state([dns(false)]).up('cluster-dns')).toBe(false);
  });
  it('is down when a complete listing does not show it, and unknown otherwise', () => {
    const others = ['etcd-a', 'kube-scheduler-a'].map((name) =>
      row('Pod', { namespace: 'kube-system', name, ready: true }, { ref: { source: 'pods.txt', line: 3 } }),
    );
    expect(state([system, ...others], [listing('Pod')]).up('cluster-dns')).toBe(false);
    expect(state([system], [listing('Pod')]).up('cluster-dns')).toBe('unknown');
    expect(state([], [listing('Pod')]).up('cluster-dns')).toBe('unknown');
    expect(state([], [listing('Pod', { complete: false })]).up('cluster-dns')).toBe('unknown');
    expect(state([], [listing('Pod', { namespace: 'shop' })]).up('cluster-dns')).toBe('unknown');
    expect(state([]).up('cluster-dns')).toBe('unknown');
  });
  it('is judged by its workload and by status outputs too', () => {
    expect(state([row('DaemonSet', { namespace: 'kube-system', name: 'cilium', readyCount: 2 })]).up('cni')).toBe(true);
    expect(state([row('Component', { component: 'cilium/agent', ready: false })]).up('cni')).toBe(false);
  });
  it('is known by its image where the name is not its own', () => {
    expect(state([row('Pod', { name: 'net-1', ready: true, images: ['quay.io/cilium/cilium:v1'] })]).up('cni')).toBe(
      true,
    );
  });
  it('of a completed pod does not work', () => {
    const completed = row('Pod', { namespace: 'kube-system', name: 'coredns-1-x', ready: true, status: 'Completed' });
    expect(state([completed]).up('cluster-dns')).toBe(false);
  });
});

describe('an object in several forms', () => {
  it('keeps what each form says and is completed by the others', () => {
    const table = row('Pod', { namespace: 'db', name: 'pg-0', status: 'Running' });
    const yaml = row('Pod', { namespace: 'db', name: 'pg-0', node: 'n1', status: 'Pending' });
    expect(
      state([table, yaml])
        .rows('Pod')
        .map(({ row: { values } }) => values),
    ).toEqual([
      { namespace: 'db', name: 'pg-0', status: 'Running', node: 'n1' },
      { namespace: 'db', name: 'pg-0', status: 'Pending', node: 'n1' },
    ]);
  });
  it('is not mixed with one of another namespace', () => {
    const rows = state([
      row('Pod', { namespace: 'a', name: 'x', node: 'n1' }),
      row('Pod', { namespace: 'b', name: 'x' }),
    ]).rows('Pod');
    expect(rows.map(({ row: { values } }) => values['node'])).toEqual(['n1', undefined]);
  });
});

describe('coverage', () => {
  const log = (path: string, node: string, from: number, to: number) => ({
    source: source(path, [record('x', { unit: 'k3s', node })], {
      volume: { writers: [{ name: 'kernel', node, lines: 9, firstLine: 1, lastLine: 9 }], gaps: [], monthSteps: [] },
    }),
    volume: volume(path, { first: at(from), last: at(to) }),
  });
  const logs = [log('n1.log', 'n1', 0, 600), log('n2.log', 'n2', 5000, 6000)];
  const covered = buildState(
    logs.map((one) => one.source),
    roles,
    logs.map((one) => one.volume),
  ).covered;

  it('is told by unit and node', () => {
    expect([covered('kernel', 'n1'), covered('kernel', 'n3'), covered('etcd', undefined)]).toEqual([
      true,
      'unknown',
      'unknown',
    ]);
  });
  it('counts a program by the role that it plays', () => {
    expect(covered('kubelet', 'n1')).toBe(true);
  });
  it('ends where the log does', () => {
    expect(covered('kernel', 'n1', [at(300).at])).toBe(true);
    expect(covered('kernel', 'n1', [at(300).at, at(5500).at])).toBe('unknown');
    expect(covered('kernel', undefined, [at(300).at, at(5500).at])).toBe(true);
  });
  it('of any log is asked by a star', () => {
    expect([covered('*', 'n2'), covered('*', 'n9')]).toEqual([true, 'unknown']);
  });
  it('of workloads is a complete listing', () => {
    const given = state([], [listing('Deployment', { namespace: 'kube-system' })]);
    expect([given.covered('workloads', 'kube-system'), given.covered('workloads', 'shop')]).toEqual([true, 'unknown']);
  });
});

describe('a setting', () => {
  it('is found among kernel and component settings', () => {
    const given = state([
      row('Sysctl', { key: 'net.ipv4.ip_forward', value: '1' }),
      row('Setting', { key: 'a.b', value: true }),
    ]);
    expect([given.setting('net.ipv4.ip_forward'), given.setting('a.b'), given.setting('c')]).toEqual([
      '1',
      true,
      undefined,
    ]);
  });
});
