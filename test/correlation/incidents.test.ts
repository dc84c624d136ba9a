import { describe, expect, it } from 'vitest';
import { groupIncidents } from '../../src/correlation/incidents.ts';
import type { Edge, Fact } from '../../src/model/index.ts';
import { at, edge, fact } from '../support/facts.ts';

function ids(facts: readonly Fact[], edges: readonly Edge[] = []): { incidents: string[][]; rest: string[] } {
  const { incidents, rest } = groupIncidents(facts, edges);
  return { incidents: incidents.map((set) => set.map(({ id }) => id)), rest: rest.map(({ id }) => id) };
}

describe('facts are one incident', () => {
  it('when an edge of weight joins them', () => {
    expect(ids([fact('a'), fact('b'), fact('c')], [edge('a', 'b', 0.5)]).incidents).toEqual([['a', 'b'], ['c']]);
  });
  it('when they are about the same thing', () => {
    const facts = [
      fact('a', { entities: { volume: 'volume/pvc-1' } }),
      fact('b', { entities: { volume: 'volume/pvc-1' } }),
      fact('c', { entities: { volume: 'volume/pvc-2' } }),
    ];
    expect(ids(facts).incidents).toEqual([['a', 'b'], ['c']]);
  });
  it('not because they are on one node, in one namespace, or at one time', () => {
    const place = { node: 'node/n1', namespace: 'namespace/shop' } as const;
    const facts = [fact('a', { entities: place, onset: at(5) }), fact('b', { entities: place, onset: at(5) })];
    expect(ids(facts).incidents).toEqual([['a'], ['b']]);
  });
  it('not because of something that very many facts share', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      fact(`f${String(index).padStart(2, '0')}`, { entities: { service: 'service/default/kubernetes' } }),
    );
    expect(ids(many).incidents).toHaveLength(60);
  });
});

describe('an assumed edge', () => {
  it('attaches what does not begin by itself', () => {
    const facts = [
      fact('stall', { initiates: 'external' }),
      fact('hung', { initiates: 'unlikely' }),
      fact('refused', { initiates: 'unlikely' }),
    ];
    const edges = [edge('stall', 'hung', 0.9), edge('hung', 'refused', 0.3)];
    expect(ids(facts, edges).incidents).toEqual([['hung', 'refused', 'stall']]);
  });
  it('does not make one incident out of two beginnings', () => {
    const facts = [
      fact('stall', { initiates: 'external' }),
      fact('hung', { initiates: 'unlikely' }),
      fact('expired', { initiates: 'likely' }),
      fact('pull', { initiates: 'unlikely' }),
    ];
    const edges = [edge('stall', 'hung', 0.9), edge('expired', 'pull', 0.9), edge('hung', 'pull', 0.4)];
    expect(ids(facts, edges).incidents).toEqual([
      ['expired', 'pull'],
      ['hung', 'stall'],
    ]);
  });
  it('attaches to the set that reaches it best', () => {
    const facts = [
      fact('a', { initiates: 'likely' }),
      fact('b', { initiates: 'likely' }),
      fact('both', { initiates: 'unlikely' }),
    ];
    expect(ids(facts, [edge('a', 'both', 0.3), edge('b', 'both', 0.45)]).incidents).toEqual([['b', 'both'], ['a']]);
  });
});

describe('the order of incidents', () => {
  it('is by severity, then weight, then begin', () => {
    const facts = [
      fact('mild', { severity: 'medium' }),
      fact('late', { onset: at(50) }),
      fact('soon', { onset: at(10) }),
      fact('often', { count: 500, onset: at(90) }),
      fact('worst', { severity: 'critical' }),
    ];
    expect(ids(facts).incidents.flat()).toEqual(['worst', 'often', 'soon', 'late', 'mild']);
  });
});

describe('what makes no incident', () => {
  it('is context, health, low severity and harmless configuration', () => {
    const facts = [
      fact('context', { polarity: 'context' }),
      fact('healthy', { polarity: 'healthy' }),
      fact('low', { severity: 'low' }),
      fact('change', { polarity: 'change' }),
      fact('hard-mount', { polarity: 'condition', nature: 'configuration', initiates: 'never' }),
    ];
    expect(ids(facts)).toEqual({ incidents: [], rest: ['context', 'healthy', 'low', 'change', 'hard-mount'] });
  });
  it('may still belong to one', () => {
    const mount = fact('hard-mount', { polarity: 'condition', nature: 'configuration', initiates: 'never' });
    const edges = [edge('hard-mount', 'hung', 0.6, { type: 'enables' })];
    expect(ids([mount, fact('hung')], edges)).toEqual({ incidents: [['hard-mount', 'hung']], rest: [] });
  });
});
