import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectedComponents, cycles } from '../../src/correlation/components.ts';
import { pathsOf, pathTo, reachFrom } from '../../src/correlation/reach.ts';
import { edge } from '../support/facts.ts';

describe('widest paths', () => {
  const edges = [edge('a', 'b', 0.9), edge('b', 'c', 0.8), edge('a', 'c', 0.5), edge('c', 'a', 0.7)];
  const paths = pathsOf(['a', 'b', 'c'], edges);
  const reach = reachFrom(0, paths);

  it('take the path whose weakest edge is strongest, without decay along it', () => {
    expect([...reach.strength]).toEqual([1, 0.9, 0.8]);
    expect(pathTo(2, reach, paths).map((one) => one.id)).toEqual(['a>b', 'b>c']);
    expect(pathTo(0, reach, paths)).toEqual([]);
  });
  it('do not lead through what is left out', () => {
    expect([...reachFrom(0, paths, 1).strength]).toEqual([1, 0, 0.5]);
  });
  it('do not follow what only aggravates, nor what leads elsewhere', () => {
    const others = [edge('a', 'b', 0.9, { type: 'aggravates' }), edge('a', 'x', 0.9)];
    expect([...reachFrom(0, pathsOf(['a', 'b'], others)).strength]).toEqual([1, 0]);
  });
  it('are those that trying every path finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }),
        (drawn) => {
          const ids = Array.from({ length: 7 }, (_, index) => String(index));
          const some = drawn.map(([from, to, tenth]) => edge(String(from), String(to), tenth / 10));
          const widest: number[] = ids.map((id) => (id === '0' ? 1 : 0));
          for (let round = 0; round < ids.length; round++)
            for (const { from, to, weight } of some)
              widest[Number(to)] = Math.max(widest[Number(to)] ?? 0, Math.min(widest[Number(from)] ?? 0, weight));
          expect([...reachFrom(0, pathsOf(ids, some)).strength]).toEqual(widest);
        },
      ),
    );
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
