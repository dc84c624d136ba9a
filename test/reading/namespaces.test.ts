import { describe, expect, it } from 'vitest';
import type { Listing, LogRecord, ReadSource } from '../../src/model/index.ts';
import { withNamespaces } from '../../src/reading/namespaces.ts';

function pod(path: string, line: number, name: string, namespace?: string): LogRecord {
  return {
    id: `${path}:${line}`,
    ref: { source: path, line },
    kind: 'row',
    stream: path,
    seq: line,
    pod: `${namespace ?? 'unknown'}/${name}`,
    message: name,
    fields: {},
    raw: name,
    row: { kind: 'Pod', values: { name, ...(namespace !== undefined && { namespace }) } },
  };
}

function table(path: string, names: readonly string[], namespace?: string): ReadSource {
  const records = names.map((name, index) => pod(path, index + 2, name, namespace));
  const listing: Listing = {
    kind: 'Pod',
    namespace: namespace ?? 'unknown',
    complete: true,
    rows: names.length,
    source: path,
    line: 1,
  };
  const coverage = { path, format: 'kubectl-table', bytes: 0, lines: 0, recognised: 0, continuation: 0, unknown: 0 };
  return { path, context: {}, coverage: { ...coverage, notes: [] }, records, listings: [listing], diagnostics: [] };
}

function toldOf(path: string, names: readonly string[], others: readonly ReadSource[] = []) {
  const [told] = withNamespaces([table(path, names), ...others]);
  return {
    namespace: told?.listings[0]?.namespace,
    complete: told?.listings[0]?.complete,
    pods: told?.records.map((record) => record.pod),
    rows: told?.records.map((record) => record.row?.values['namespace']),
  };
}

const SHOP = table('all.txt', ['web-1'], 'shop');

describe('a listing without namespaces', () => {
  it('takes the namespace that the name of its file holds', () => {
    expect(toldOf('kubectl-get-pods-kube-system.txt', ['etcd-a'])).toEqual({
      namespace: 'kube-system',
      complete: true,
      pods: ['kube-system/etcd-a'],
      rows: ['kube-system'],
    });
    expect(toldOf('ns/shop/pods.txt', ['db-1'], [SHOP]).namespace).toBe('shop');
  });
  it('does not take a word that is no namespace of the cluster', () => {
    expect(toldOf('pods-before.txt', ['etcd-a']).namespace).toBe('unknown');
    expect(toldOf('pods-workshop.txt', ['db-1'], [SHOP]).namespace).toBe('unknown');
  });
  it('proves no absence where the name says that something was picked out', () => {
    expect(toldOf('pods-kube-system-coredns.txt', ['coredns-1'])).toMatchObject({
      namespace: 'kube-system',
      complete: false,
    });
  });
  it('takes the namespace that another file shows for one of its rows, without proof of absence', () => {
    expect(toldOf('pods.txt', ['db-1', 'web-1'], [SHOP])).toEqual({
      namespace: 'shop',
      complete: false,
      pods: ['shop/db-1', 'shop/web-1'],
      rows: ['shop', 'shop'],
    });
  });
  it('stays without one where its rows disagree', () => {
    const other = table('other.txt', ['db-1'], 'stage');
    expect(toldOf('pods.txt', ['db-1', 'web-1'], [SHOP, other]).namespace).toBe('unknown');
  });
});
