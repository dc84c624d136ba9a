import { describe, expect, it } from 'vitest';
import { collectEntities } from '../../src/facts/entities.ts';
import { resolveEntities } from '../../src/facts/resolve.ts';
import type { LogRecord } from '../../src/model/index.ts';
import { type Signature, signatureSchema } from '../../src/rules/schema.ts';
import { record, roles, row } from '../support/records.ts';

const UID = '6f9cb4c2-5c3a-4a07-9a31-0d8b2f0c7e11';

function signature(entities: Readonly<Record<string, string>>, known: Partial<Signature> = {}): Signature {
  return signatureSchema.parse({
    id: 'it-failed',
    title: 'It failed',
    kind: 'log',
    match: { anchors: ['it failed'], pattern: 'it failed' },
    entities,
    layer: 'node',
    severity: 'high',
    examples: { match: [{ line: 'it failed' }], reject: [{ line: 'it worked', because: 'it did' }] },
    ...known,
  });
}

const index = (() => {
  const collector = collectEntities();
  collector.row(row('Pod', { namespace: 'db', name: 'pg-0', node: 'n1', uid: UID, containers: ['postgres'] }));
  collector.row(row('Pod', { namespace: 'kube-system', name: 'coredns-7-x', node: 'n2' }));
  collector.row(row('Pod', { namespace: 'a', name: 'twin', node: 'n1' }));
  collector.row(row('Pod', { namespace: 'b', name: 'twin', node: 'n2' }));
  collector.row(row('Node', { name: 'n1', ip: '192.0.2.1' }));
  return collector.build();
})();

function resolve(
  entities: Readonly<Record<string, string>>,
  captures: Readonly<Record<string, string>> = {},
  known: Partial<LogRecord> = {},
  rule: Partial<Signature> = {},
) {
  return resolveEntities(signature(entities, rule), record('it failed', known), captures, index, roles);
}

describe('entities of a match', () => {
  it('come from the record and the captures, and the node from the pod', () => {
    expect(resolve({ pod: '{{pod}}', namespace: '@namespace' }, { pod: 'db/pg-0' }, { namespace: 'db' })).toEqual({
      entities: { pod: 'pod/db/pg-0', namespace: 'namespace/db', node: 'node/n1' },
      attributes: { pod: 'db/pg-0' },
      joinQuality: 1,
      component: undefined,
    });
  });
  it('are left out where a template cannot be filled', () => {
    expect(resolve({ volume: '{{namespace}}/{{claim}}' }, { claim: 'data' }).entities).toEqual({});
  });
  it('have one spelling of a node', () => {
    expect(resolve({ node: '@node' }, {}, { node: '192.0.2.1' }).entities).toEqual({ node: 'node/n1' });
  });
  it.each([
    ['pg-0_db(6f9cb4c2-5c3a)', 'pod/db/pg-0', 1],
    ['pg-0', 'pod/db/pg-0', 1],
    ['twin', 'pod/twin', 0.75],
    ['nobody', 'pod/nobody', 1],
  ])('know the pod %s', (text, pod, quality) => {
    const { entities, joinQuality } = resolve({ pod: '{{pod}}' }, { pod: text });
    expect([entities['pod'], joinQuality]).toEqual([pod, quality]);
  });
  it('know the pod by its UID in a path', () => {
    const raw = `MountVolume.SetUp failed for /var/lib/kubelet/pods/${UID}/volumes/x`;
    expect(resolve({}, {}, { raw }).entities).toEqual({ pod: 'pod/db/pg-0', node: 'node/n1' });
  });
  it('know the pod of a kernel task on its node', () => {
    expect(resolve({ node: '@node' }, { comm: 'postgres' }, { node: 'n1' }).entities).toEqual({
      node: 'node/n1',
      pod: 'pod/db/pg-0',
    });
    expect(resolve({ node: '@node' }, { comm: 'postgres' }, { node: 'n2' }).entities).toEqual({ node: 'node/n2' });
  });
  it('take over a structured field, if it reads like a pod', () => {
    expect(resolve({}, {}, { fields: { pod: 'db/pg-0' } }).entities['pod']).toBe('pod/db/pg-0');
    expect(resolve({}, {}, { fields: { pod: '<svg onload=1>' } }).entities).toEqual({});
  });
  it('keep numbers as numbers and ids as text', () => {
    expect(resolve({}, { seconds: '368', id: '007', ok: 'true' }, { unit: 'kernel' }).attributes).toEqual({
      seconds: 368,
      id: '007',
      ok: true,
      unit: 'kernel',
    });
  });
});

describe('the component of a match', () => {
  it('is the one that the rule names', () => {
    expect(resolve({ pod: '{{pod}}' }, { pod: 'db/pg-0' }, {}, { component: 'etcd' }).component).toBe('etcd');
  });
  it('is the role of the pod, not of who reports', () => {
    expect(resolve({ pod: '{{pod}}' }, { pod: 'kube-system/coredns-7-x' }, { unit: 'kubelet' }).component).toBe(
      'cluster-dns',
    );
    expect(resolve({}, {}, { unit: 'kubelet' }).component).toBeUndefined();
  });
  it('is the role behind a service', () => {
    expect(resolve({ service: '{{service}}' }, { service: 'kube-system/kube-dns' }).component).toBe('cluster-dns');
  });
  it('knows a service by its name in cluster DNS', () => {
    const named = (url: string) => resolve({ service: '{{url}}' }, { url }).entities['service'];
    expect(named('webhook-service.metallb-system.svc')).toBe('service/metallb-system/webhook-service');
    expect(named('web.shop.svc.cluster.local.')).toBe('service/shop/web');
    expect(named('kube-system/kube-dns')).toBe('service/kube-system/kube-dns');
    expect(named('web.example.org')).toBe('service/web.example.org');
  });
});
