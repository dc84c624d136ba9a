import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../../src/correlation/hypotheses.ts';
import type { MissingEvidence } from '../../src/correlation/missing.ts';
import { type AskedQuestion, movementOf, rankQuestions } from '../../src/correlation/questions.ts';
import type { ScoringInput } from '../../src/correlation/scoring.ts';
import type { Edge, Fact, PatternVerdict, Question } from '../../src/model/index.ts';
import { at, edge, fact } from '../support/facts.ts';

function scoringOf(facts: readonly Fact[], edges: readonly Edge[]): ScoringInput {
  return {
    facts,
    edges,
    deadlockOf: () => undefined,
    contrast: () => undefined,
    contradictions: () => [],
    changes: [],
  };
}

function asked(need: string, from: string, to: string, known: Partial<AskedQuestion> = {}): AskedQuestion {
  return {
    need,
    why: `why ${need}`,
    run: `run ${need}`,
    separates: [from, to],
    edge: `${from} -> ${to}`,
    rule: `${from}--${to}`,
    kind: 'proves',
    from,
    to,
    weight: 0,
    ...known,
  };
}

/** `a` leads to `b` and from there to the grave `c`; `x` may lead to `c` as well, and nothing leads on from `q`. */
const facts = [
  fact('a', { initiates: 'likely', onset: at(10) }),
  fact('b', { onset: at(20) }),
  fact('c', { onset: at(30), severity: 'critical' }),
  fact('d', { onset: at(40), severity: 'low' }),
  fact('x', { initiates: 'likely', onset: at(15) }),
  fact('q', { onset: at(50), severity: 'low', initiates: 'unlikely' }),
  fact('r', { onset: at(60), severity: 'low', initiates: 'unlikely' }),
];
const edges = [edge('a', 'b', 0.9), edge('b', 'c', 0.5), edge('a', 'd', 0.5), edge('x', 'c', 0.3), edge('q', 'r', 0.3)];
const scoring = scoringOf(facts, edges);
const hypotheses = rankHypotheses(scoring);

function ranked(
  questions: readonly AskedQuestion[],
  known: { missing?: MissingEvidence[]; patterns?: PatternVerdict[]; playbook?: Question[] } = {},
): Question[] {
  return rankQuestions({ asked: questions, missing: [], hypotheses, scoring, patterns: [], playbook: [], ...known });
}

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

describe('the answer to a question', () => {
  const moves = movementOf(scoring, hypotheses);
  const [best, second] = hypotheses;

  it('moves the two best hypotheses as far as a ranking with the answer says', () => {
    expect([best?.root, second?.root]).toEqual(['a', 'x']);
    const lead = (changed: readonly Edge[]) => {
      const scores = new Map(rankHypotheses(scoringOf(facts, changed)).map(({ root, score }) => [root, score]));
      return (scores.get('a') ?? 0) - (scores.get('x') ?? 0);
    };
    const without = edges.filter(({ id }) => id !== 'b>c');
    const proven = edges.map((one) => (one.id === 'b>c' ? edge('b', 'c', 0.75) : one));
    const expected = [without, proven].map((changed) => Math.abs(lead(changed) - lead(edges)));
    expect(moves(asked('weak step', 'b', 'c'))).toBeCloseTo(Math.max(...expected), 6);
  });
  it('moves nothing where neither of the two leads', () => {
    expect(moves(asked('beside', 'q', 'r'))).toBe(0);
  });
  it('may add a step that is not there yet', () => {
    expect(moves(asked('unknown', 'x', 'a', { kind: 'holds', weight: 0.8 }))).toBeGreaterThan(20);
    expect(moves(asked('unknown', 'x', 'a', { kind: 'holds', weight: 0 }))).toBe(0);
  });
  it('that would only support a step moves less than one that would prove or end it', () => {
    const support = moves(asked('support', 'b', 'c', { kind: 'supports' }));
    expect(support).toBeGreaterThan(0);
    expect(support).toBeLessThan(moves(asked('proof', 'b', 'c')));
  });
});

describe('questions', () => {
  it('come by how far the answer moves the two best hypotheses', () => {
    const all = [
      asked('beside', 'q', 'r'),
      asked('branch', 'a', 'd'),
      asked('rival', 'x', 'c'),
      asked('firm', 'a', 'b'),
      asked('weak', 'b', 'c'),
    ];
    const moves = movementOf(scoring, hypotheses);
    const found = ranked(all).map(({ need }) => moves(all.find((one) => one.need === need) as AskedQuestion));
    expect(found).toEqual([...found].sort((a, b) => b - a));
    expect(needs(ranked(all)).at(-1)).toBe('beside');
  });
  it('about the whole story come before those about a branch', () => {
    expect(needs(ranked([asked('branch', 'a', 'd'), asked('firm', 'a', 'b')]))).toEqual(['firm', 'branch']);
  });
  it('are followed by what would settle a pattern and by those of the playbook', () => {
    const play: Question = { need: 'Server health', why: 'it tells', run: 'ping', separates: ['a'] };
    expect(ranked([asked('weak', 'b', 'c')], { patterns: [pattern], playbook: [play] })).toEqual([
      { need: 'weak', why: 'why weak', run: 'run weak', separates: ['b', 'c'] },
      { need: 'Is it mounted?', why: 'It would settle “Stall”', run: 'mount', separates: [] },
      play,
    ]);
  });
  it('ask for missing controls and logs by the same measure', () => {
    const missing = (['control', 'log', 'further-log'] as const).map(
      (kind): MissingEvidence => ({ kind, question: { need: kind, why: 'w', run: 'r', separates: ['a'] } }),
    );
    const found = needs(ranked([asked('beside', 'q', 'r')], { missing }));
    expect(found.at(-1)).toBe('beside');
    expect(found.indexOf('log')).toBeLessThan(found.indexOf('further-log'));
  });
  it('are asked once each, ten at most', () => {
    const twice = Array.from({ length: 30 }, (_, index) =>
      asked(`need ${String(index % 15).padStart(2, '0')}`, 'b', 'c'),
    );
    const found = needs(ranked(twice));
    expect(found).toEqual(Array.from({ length: 10 }, (_, index) => `need ${String(index).padStart(2, '0')}`));
  });
  it('of patterns that are absent are not asked', () => {
    expect(ranked([], { patterns: [{ ...pattern, verdict: 'absent' }] })).toEqual([]);
  });
});
