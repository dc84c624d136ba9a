import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../../src/correlation/hypotheses.ts';
import type { Edge, Fact } from '../../src/model/index.ts';
import { at, edge, fact } from '../support/facts.ts';

function rank(facts: Fact[], edges: Edge[]) {
  return rankHypotheses({
    facts,
    edges,
    deadlockOf: () => undefined,
    contrast: () => undefined,
    contradictions: () => [],
    changes: [],
  });
}

describe('hypotheses', () => {
  const root = fact('root', { initiates: 'external', onset: at(10), certainty: 0.95 });
  const middle = fact('middle', { onset: at(20) });
  const end = fact('end', { onset: at(30), severity: 'critical' });

  it('rank what explains the most and is explained by nothing first', () => {
    const [best, second] = rank([end, middle, root], [edge('root', 'middle', 0.9), edge('middle', 'end', 0.9)]);
    expect(best).toMatchObject({
      root: 'root',
      confidence: 'high',
      chain: ['root', 'middle', 'end'],
      doesNotExplain: [],
    });
    expect(second?.score).toBeLessThan(best?.score ?? 0);
  });
  it('are at most of medium confidence over an assumed edge', () => {
    const [best] = rank([end, middle, root], [edge('root', 'middle', 0.9), edge('middle', 'end', 0.45)]);
    expect(best?.confidence).not.toBe('high');
    expect(best?.capped).toContain('an assumed edge lies on the main chain');
  });
  it('name no cause when most of the importance stays unexplained', () => {
    const strangers = ['a', 'b', 'c', 'd'].map((id) => fact(id, { severity: 'critical', initiates: 'never' }));
    expect(rank([root, ...strangers], [])[0]?.confidence).toBe('undetermined');
  });
  it('do not depend on the order of facts', () => {
    const edges = [edge('root', 'middle', 0.9), edge('middle', 'end', 0.9)];
    expect(rank([root, middle, end], edges)).toEqual(rank([end, root, middle], [...edges].reverse()));
  });
});
