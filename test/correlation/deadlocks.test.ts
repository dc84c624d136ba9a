import { describe, expect, it } from 'vitest';
import { findDeadlocks } from '../../src/correlation/deadlocks.ts';
import { edge, fact } from '../support/facts.ts';

const hold = { graph: 'hold' as const };
const facts = new Map(
  [
    fact('dns', { component: 'cluster-dns', layer: 'dns' }),
    fact('helm', { component: 'gitops-helm', layer: 'gitops' }),
    fact('ipam', { component: 'pod-ip-allocator', layer: 'cni' }),
    fact('app', { component: 'apps', layer: 'apps' }),
  ].map((one) => [one.id, one]),
);
const edges = [
  edge('dns', 'helm', 0.8, hold),
  edge('helm', 'ipam', 0.7, hold),
  edge('ipam', 'dns', 0.8, hold),
  edge('dns', 'app', 0.8, hold),
];
const model = {
  requires: [],
  bypass: [
    { of: 'pod-ip-allocator', cost: 1, safety: 'reversible', how: 'start it: it runs on the host network' },
    { of: 'gitops-helm', cost: 3, safety: 'disruptive', how: 'apply the rendered chart from outside' },
  ],
};

describe('a deadlock', () => {
  const [deadlock, ...more] = findDeadlocks(facts, edges, [], { model, applies: () => true });

  it('is found once, without what merely hangs on it', () => {
    expect(more).toEqual([]);
    expect(deadlock?.members.map((member) => member.fact).sort()).toEqual(['dns', 'helm', 'ipam']);
  });
  it('lists each member with the one that it waits for', () => {
    const waits = Object.fromEntries(deadlock?.members.map((member) => [member.fact, member.waitsFor]) ?? []);
    expect(waits).toEqual({ helm: 'cluster-dns', ipam: 'gitops-helm', dns: 'pod-ip-allocator' });
  });
  it('is broken at the cheapest place first', () => {
    expect(deadlock?.breakAt.map((point) => point.component)).toEqual(['pod-ip-allocator', 'gitops-helm']);
  });
  it('is broken at a release by the one who brings releases about', () => {
    const release = fact('release', { layer: 'gitops', entities: { release: 'helm-release/net/agent' } });
    const named = new Map([...facts, [release.id, release]]);
    const ring = [
      edge('dns', 'release', 0.8, hold),
      edge('release', 'ipam', 0.8, hold),
      edge('ipam', 'dns', 0.8, hold),
    ];
    const reconcilerOf = (kind: string) => (kind === 'helm-release' ? 'gitops-helm' : undefined);
    const [found] = findDeadlocks(named, ring, [], { model, applies: () => true, reconcilerOf });
    expect(found?.breakAt).toEqual([
      expect.objectContaining({ component: 'pod-ip-allocator', cost: 1 }),
      expect.objectContaining({ component: 'helm-release net/agent', cost: 3 }),
    ]);
    expect(findDeadlocks(named, ring, [], { model, applies: () => true })[0]?.breakAt).toHaveLength(1);
  });
  it('offers no way around a member where the rule says that it does not help', () => {
    const [found] = findDeadlocks(facts, edges, [], {
      model: { ...model, bypass: model.bypass.map((one) => ({ ...one, if: 'some condition' })) },
      applies: (_, { id }) => id !== 'ipam',
    });
    expect(found?.breakAt.map(({ component }) => component)).toEqual(['gitops-helm']);
  });
  it('claims no entry where no member is definitely the first', () => {
    expect(deadlock?.entry).toMatch(/not determinable/u);
  });
});
