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
  it('claims no entry where no member is definitely the first', () => {
    expect(deadlock?.entry).toMatch(/not determinable/u);
  });
});
