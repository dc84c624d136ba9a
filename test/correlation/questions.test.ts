import { describe, expect, it } from 'vitest';
import { rankQuestions } from '../../src/correlation/questions.ts';
import type { Hypothesis, PatternVerdict, Question } from '../../src/model/index.ts';
import { edge } from '../support/facts.ts';

function hypothesis(root: string, chain: string[], explains: string[]): Hypothesis {
  return {
    root,
    rank: 1,
    score: 1,
    confidence: 'medium',
    terms: [],
    chain,
    explains,
    doesNotExplain: [],
    contradictedBy: [],
    weakestEdge: '',
    counterfactual: 0,
    capped: [],
  };
}

function asked(need: string, from: string, to: string): Question & { edge: string } {
  return { need, why: `why ${need}`, run: `run ${need}`, separates: [from, to], edge: `${from} -> ${to}` };
}

const chain = [hypothesis('a', ['a', 'b', 'c'], ['b', 'c', 'd']), hypothesis('x', ['x'], [])];
const edges = [edge('a', 'b', 0.9), edge('b', 'c', 0.3), edge('a', 'd', 0.3), edge('q', 'r', 0.3)];
const pattern: PatternVerdict = {
  id: 'p',
  title: 'Stall',
  verdict: 'partial',
  min: 2,
  max: 4,
  total: 4,
  repair: [],
  items: [
    { item: 'i', title: 'Is it mounted?', state: 'unknown', score: 1, why: '', facts: [], run: 'mount' },
    { item: 'j', title: 'Known', state: 'confirmed', score: 1, why: '', facts: [], run: 'no' },
    { item: 'k', title: 'Nobody knows how', state: 'unknown', score: 1, why: '', facts: [] },
  ],
};
const needs = (questions: readonly Question[]) => questions.map(({ need }) => need);

describe('questions', () => {
  it('come by how far the answer moves the main chain: weak steps first, what is beside it last', () => {
    const all = [
      asked('beside', 'q', 'r'),
      asked('firm', 'a', 'b'),
      asked('branch', 'a', 'd'),
      asked('weak', 'b', 'c'),
    ];
    expect(needs(rankQuestions(all, chain, edges, [], []))).toEqual(['weak', 'firm', 'branch', 'beside']);
  });
  it('are followed by what would settle a pattern and by those of the playbook', () => {
    const play: Question = { need: 'Server health', why: 'it tells', run: 'ping', separates: ['a'] };
    expect(rankQuestions([asked('weak', 'b', 'c')], chain, edges, [pattern], [play])).toEqual([
      { need: 'weak', why: 'why weak', run: 'run weak', separates: ['b', 'c'] },
      { need: 'Is it mounted?', why: 'would settle "Stall"', run: 'mount', separates: [] },
      play,
    ]);
  });
  it('are asked once each, ten at most', () => {
    const twice = Array.from({ length: 30 }, (_, index) =>
      asked(`need ${String(index % 15).padStart(2, '0')}`, 'b', 'c'),
    );
    const found = needs(rankQuestions(twice, chain, edges, [], []));
    expect(found).toEqual(Array.from({ length: 10 }, (_, index) => `need ${String(index).padStart(2, '0')}`));
  });
  it('of patterns that are absent are not asked', () => {
    expect(rankQuestions([], chain, edges, [{ ...pattern, verdict: 'absent' }], [])).toEqual([]);
  });
});
