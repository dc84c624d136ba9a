import { describe, expect, it } from 'vitest';
import { settleRivals, strongest, type Weighed, withoutCircles } from '../../src/correlation/rivals.ts';
import type { Edge } from '../../src/model/index.ts';
import { type Link, linkSchema } from '../../src/rules/schema.ts';
import { edge, fact } from '../support/facts.ts';

function link(cause: string, effect: string, known: Partial<Link> = {}): Link {
  return linkSchema.parse({
    id: `${cause}--${effect}`,
    cause,
    effect,
    confidence: 'strong',
    mechanism: 'It does.',
    ...known,
  });
}

function weighed(rule: Link, weight: number, known: Partial<Edge> = {}): Weighed {
  return { ...edge(rule.cause, rule.effect, weight, { rule: rule.id, ...known }), link: rule };
}

function dropping() {
  const dropped: [string, string][] = [];
  return { dropped, drop: ({ rule }: Edge, why: string) => void dropped.push([rule, why]) };
}

describe('of several links between two facts', () => {
  it('the heaviest stays, and of two directions as well', () => {
    const { dropped, drop } = dropping();
    const kept = strongest(
      [
        weighed(link('a', 'b'), 0.7),
        weighed(link('a', 'b', { id: 'more--exact' }), 0.8, { id: 'a>b-2' }),
        weighed(link('b', 'a'), 0.6),
      ],
      drop,
    );
    expect(kept.map(({ rule, weight }) => [rule, weight])).toEqual([['more--exact', 0.8]]);
    expect(dropped).toEqual([
      ['a--b', 'more--exact joins the same two and weighs 0.80'],
      ['b--a', 'the other direction, more--exact, weighs 0.80'],
    ]);
  });
  it('both directions of holding stay: that is a deadlock', () => {
    const { dropped, drop } = dropping();
    const hold = { graph: 'hold' } as const;
    expect(strongest([weighed(link('a', 'b'), 0.7, hold), weighed(link('b', 'a'), 0.6, hold)], drop)).toHaveLength(2);
    expect(dropped).toEqual([]);
  });
});

describe('rivals of a group', () => {
  const why = { oneOf: 'why' } as const;
  const [strong, weak, third] = [
    link('a', 'e', why),
    link('b', 'e', { ...why, confidence: 'weak' }),
    link('c', 'e', why),
  ];
  const effects = new Map([['e', fact('e')]]);
  const settle = (edges: Weighed[], excluded: readonly string[] = []) => {
    const { dropped, drop } = dropping();
    const context = {
      links: [strong, weak, third],
      signaturesOf: (name: string) => [name],
      isExcluded: (name: string) => excluded.includes(name),
    };
    const settled = settleRivals(edges, effects, context, drop);
    return { weights: settled.map(({ rule, weight }) => [rule, Math.round(weight * 100) / 100]), settled, dropped };
  };

  it('yield to the heaviest', () => {
    expect(settle([weighed(strong, 0.85), weighed(third, 0.7)]).weights).toEqual([
      ['a--e', 0.85],
      ['c--e', 0.42],
    ]);
  });
  it('are dropped, with the reason, where little is left', () => {
    expect(settle([weighed(strong, 0.85), weighed(third, 0.4)])).toMatchObject({
      weights: [['a--e', 0.85]],
      dropped: [['c--e', 'weight 0.24 is below 0.25: a--e explains the same effect better']],
    });
  });
  it('are not two causes that one rule joins', () => {
    const two = [weighed(strong, 0.85), weighed(strong, 0.7, { id: 'a2>e', from: 'a2' })];
    expect(settle(two).weights).toEqual([
      ['a--e', 0.85],
      ['a--e', 0.7],
    ]);
  });
  it('leave a weak one weaker while they are open', () => {
    expect(settle([weighed(weak, 0.5)]).weights).toEqual([['b--e', 0.4]]);
  });
  it('raise one that is left alone because all others were looked for and are absent', () => {
    const { weights, settled } = settle([weighed(weak, 0.5)], ['a', 'c']);
    expect(weights).toEqual([['b--e', 0.7]]);
    expect(settled[0]?.contributions.at(-1)).toEqual({
      what: 'alone',
      factor: 0.4,
      why: 'every other explanation of the group why was looked for and is absent',
    });
    expect(settle([weighed(weak, 0.5)], ['a']).weights).toEqual([['b--e', 0.4]]);
  });
});

describe('a circle of causes', () => {
  it('loses its weakest edge that is not definite in time', () => {
    const { dropped, drop } = dropping();
    const edges = [
      edge('a', 'b', 0.5, { order: 'definite' }),
      edge('b', 'c', 0.8, { order: 'possible' }),
      edge('c', 'a', 0.6, { order: 'unknown' }),
      edge('c', 'd', 0.3),
    ];
    expect(withoutCircles(edges, drop).map(({ id }) => id)).toEqual(['a>b', 'b>c', 'c>d']);
    expect(dropped).toEqual([['c--a', 'it closes a circle of 3 causes and is the weakest of it']]);
  });
  it('is opened until none is left', () => {
    const { dropped, drop } = dropping();
    const loose = { order: 'unknown' } as const;
    const ring = ['a', 'b', 'c', 'd'].flatMap((from, at, all) =>
      all.filter((to) => to !== from).map((to, rank) => edge(from, to, 0.3 + at / 10 + rank / 100, loose)),
    );
    const kept = withoutCircles(ring, drop);
    expect(kept.length + dropped.length).toBe(ring.length);
    const order = [...new Set(kept.map(({ from }) => from))];
    expect(kept.every(({ from, to }) => !kept.some((other) => other.from === to && other.to === from))).toBe(true);
    expect(order.length).toBeGreaterThan(0);
  });
  it('of holding stays', () => {
    const { dropped, drop } = dropping();
    const hold = { graph: 'hold' } as const;
    const edges = [edge('a', 'b', 0.5, hold), edge('b', 'a', 0.5, hold)];
    expect(withoutCircles(edges, drop)).toEqual(edges);
    expect(dropped).toEqual([]);
  });
});
