import { describe, expect, it } from 'vitest';
import { connectedComponents, cycles } from '../../src/correlation/components.ts';
import { outgoing, pathTo, reachFrom } from '../../src/correlation/reach.ts';
import { edge } from '../support/facts.ts';

describe('widest paths', () => {
  const edges = [edge('a', 'b', 0.9), edge('b', 'c', 0.8), edge('a', 'c', 0.5), edge('c', 'a', 0.7)];
  const reach = reachFrom('a', outgoing(edges));

  it('take the path whose weakest edge is strongest, without decay along it', () => {
    expect(reach.strength.get('c')).toBe(0.8);
    expect(pathTo('c', 'a', reach.via).map((one) => one.id)).toEqual(['a>b', 'b>c']);
  });
  it('do not lead through what is left out', () => {
    expect(reachFrom('a', outgoing(edges), 'b').strength.get('c')).toBe(0.5);
  });
  it('do not follow what only aggravates', () => {
    expect(reachFrom('a', outgoing([edge('a', 'b', 0.9, { type: 'aggravates' })])).strength.has('b')).toBe(false);
  });
});

describe('sets of facts', () => {
  it('are joined by pairs and sorted by code units', () => {
    expect(connectedComponents(['b', 'a', 'Z', 'c'], [['c', 'a']])).toEqual([['Z'], ['a', 'c'], ['b']]);
  });
  it('wait for each other where every member reaches every other', () => {
    const next: Record<string, string[]> = { a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: [] };
    expect(cycles(Object.keys(next), (id) => next[id] ?? [])).toEqual([['a', 'b', 'c']]);
  });
  it('survive a chain of ten thousand', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
    expect(cycles(ids, (id) => [String((Number(id) + 1) % 10_000)])).toHaveLength(1);
  });
});
