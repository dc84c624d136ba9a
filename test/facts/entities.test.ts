import { describe, expect, it } from 'vitest';
import { collectEntities, longIdIn, podUidIn, ref } from '../../src/facts/entities.ts';
import { row } from '../support/records.ts';

const UID = '6f9cb4c2-5c3a-4a07-9a31-0d8b2f0c7e11';
const LONG = 'ab'.repeat(32);

function pods(...known: readonly Record<string, string | boolean | readonly string[]>[]) {
  const collector = collectEntities();
  for (const values of known) collector.row(row('Pod', values));
  return collector;
}

describe('identities in a text', () => {
  it.each([
    ['/var/lib/kubelet/pods/6f9cb4c2-5c3a-4a07-9a31-0d8b2f0c7e11/volumes/kubernetes.io~csi/pvc-1/mount', UID],
    ['kubepods-burstable-pod6f9cb4c2_5c3a_4a07_9a31_0d8b2f0c7e11.slice', UID],
    ['session 6f9cb4c2-5c3a-4a07-9a31-0d8b2f0c7e11 of a user', undefined],
  ])('%s', (text, uid) => {
    expect(podUidIn(text)).toBe(uid);
  });
  it('of a container are 64 digits', () => {
    expect(longIdIn(`cri-containerd-${LONG}.scope: Consumed 3s`)).toBe(LONG);
    expect(longIdIn('commit 4c2e6f9cb')).toBeUndefined();
  });
});

describe('a pod', () => {
  it('is found by its UID, in either spelling', () => {
    const index = pods({ namespace: 'db', name: 'pg-0', uid: UID }).build();
    expect(index.podOfId(UID)).toBe('db/pg-0');
    expect(index.podOfId(UID.replaceAll('-', '_'))).toBe('db/pg-0');
  });
  it('is found by the beginning of a container id, if only one begins so', () => {
    const collector = collectEntities();
    collector.identify(LONG, 'db/pg-0');
    collector.identify(`${'ab'.repeat(10)}${'c'.repeat(44)}`, 'db/pg-1');
    const index = collector.build();
    expect(index.podOfId(LONG.slice(0, 24))).toBe('db/pg-0');
    expect(index.podOfId(LONG.slice(0, 16))).toBeUndefined();
    expect(index.podOfId(LONG.slice(0, 8))).toBeUndefined();
  });
  it('is found by an address that is its own alone', () => {
    const index = pods(
      { namespace: 'db', name: 'pg-0', ip: '10.42.0.7' },
      { namespace: 'web', name: 'a', ip: '10.42.0.8' },
      { namespace: 'web', name: 'b', ip: '10.42.0.8' },
      { namespace: 'kube-system', name: 'cilium-x', ip: '192.0.2.1', hostNetwork: true },
    ).build();
    expect(['10.42.0.7', '10.42.0.8', '192.0.2.1'].map((ip) => index.podOfAddress(ip))).toEqual([
      'db/pg-0',
      undefined,
      undefined,
    ]);
  });
  it('of a listing without namespaces is the same as the one with its namespace', () => {
    const index = pods({ name: 'pg-0' }, { namespace: 'db', name: 'pg-0' }, { name: 'lonely' }).build();
    expect(index.podsNamed('pg-0')).toEqual(['db/pg-0']);
    expect(index.podsNamed('lonely')).toEqual(['lonely']);
  });
  it('is a candidate for a kernel task by the first 15 characters of a name on its node', () => {
    const index = pods(
      { namespace: 'search', name: 'indexer-0', node: 'n1', containers: ['elasticsearch-data'] },
      { namespace: 'search', name: 'indexer-1', node: 'n2', containers: ['elasticsearch-data'] },
      { namespace: 'logs', name: 'loki-0', node: 'n1' },
    ).build();
    expect(index.podsOfTask('n1', 'elasticsearch-d')).toEqual(['search/indexer-0']);
    expect(index.podsOfTask('n1', 'loki')).toEqual(['logs/loki-0']);
    expect(index.podsOfTask('n1', 'sh')).toEqual([]);
  });
});

describe('a node', () => {
  it('has one name, whichever way it is written', () => {
    const collector = collectEntities();
    collector.row(row('Node', { name: 'cp-1.lab.example', ip: '192.0.2.11' }));
    const index = collector.build();
    expect(['cp-1.lab.example', 'cp-1', '192.0.2.11', 'cp-2'].map((name) => index.nodeName(name))).toEqual([
      'cp-1.lab.example',
      'cp-1.lab.example',
      'cp-1.lab.example',
      'cp-2',
    ]);
  });
  it('is not shortened to the first part of an address', () => {
    const collector = collectEntities();
    collector.row(row('Node', { name: '10.0.0.1' }));
    expect(collector.build().nodeName('10.0.0.2')).toBe('10.0.0.2');
  });
});

describe('joins that disagree', () => {
  it('are told, and the first one stays', () => {
    const index = pods(
      { namespace: 'db', name: 'pg-0', node: 'n1' },
      { namespace: 'db', name: 'pg-0', node: 'n2' },
    ).build();
    expect(index.conflicts).toEqual([{ entity: 'pod/db/pg-0', type: 'runs-on', values: ['node/n1', 'node/n2'] }]);
    expect(index.nodeOfPod('db/pg-0')).toBe('n1');
  });
});

describe('a chain of relations', () => {
  const stored = () => {
    const collector = pods({ namespace: 'db', name: 'pg-0', node: 'n1', volumes: ['data-pg-0'], uid: UID });
    collector.row(row('PersistentVolumeClaim', { namespace: 'db', name: 'data-pg-0', volume: 'pvc-1' }));
    collector.row(row('PersistentVolume', { name: 'pvc-1', claim: 'db/data-pg-0', nfsServer: 'filer.lan' }));
    return collector;
  };
  it('joins a pod with the server of its volume', () => {
    expect(stored().build().linked('pod/db/pg-0', 'nfs-server/filer.lan')).toBe('certain');
    expect(stored().build().linked('nfs-server/filer.lan', 'pod/db/pg-0', 'mounts')).toBe('certain');
    expect(stored().build().linked('pod/db/pg-0', 'nfs-server/filer.lan', 'backs')).toBeUndefined();
  });
  it('does not lead through a node', () => {
    const collector = stored();
    collector.row(row('Pod', { namespace: 'web', name: 'a', node: 'n1' }));
    expect(collector.build().linked('pod/web/a', 'nfs-server/filer.lan')).toBeUndefined();
  });
  it('is as strong as its weakest part, and the strongest chain counts', () => {
    const collector = collectEntities();
    collector.relate(ref('pod', 'a/x'), 'calls', ref('service', 'a/s'), 'candidate');
    collector.relate(ref('service', 'a/s'), 'backs', ref('pod', 'a/y'), 'certain');
    expect(collector.build().linked('pod/a/x', 'pod/a/y')).toBe('candidate');
    collector.relate(ref('pod', 'a/x'), 'owned-by', ref('workload', 'a/w'), 'certain');
    collector.relate(ref('workload', 'a/w'), 'calls', ref('service', 'a/s'), 'probable');
    expect(collector.build().linked('pod/a/x', 'pod/a/y')).toBe('probable');
  });
  it('has at most four parts', () => {
    const collector = collectEntities();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    names.slice(1).forEach((name, at) => {
      collector.relate(ref('object', names[at] ?? ''), 'part-of', ref('object', name), 'certain');
    });
    expect(collector.build().linked('object/a', 'object/e')).toBe('certain');
    expect(collector.build().linked('object/a', 'object/f')).toBeUndefined();
  });
  it('joins a mount with the pod whose directory it is in', () => {
    const collector = stored();
    const mountPoint = `/var/lib/kubelet/pods/${UID}/volumes/kubernetes.io~nfs/data`;
    collector.row(row('Mount', { server: 'other.lan', mountPoint }, { node: 'n1' }));
    const index = collector.build();
    expect(index.linked('pod/db/pg-0', 'nfs-server/other.lan', 'mounts')).toBe('certain');
    expect(index.linked('node/n1', 'nfs-server/other.lan')).toBe('certain');
  });
});
