import { describe, expect, it } from 'vitest';
import { assignRoles } from '../../src/correlation/roles.ts';
import type { Hypothesis } from '../../src/model/index.ts';
import { at, edge, fact } from '../support/facts.ts';

function best(root: string, known: Partial<Hypothesis> = {}): Hypothesis {
  return {
    root,
    rank: 1,
    score: 80,
    confidence: 'high',
    terms: [],
    chain: [root],
    explains: [],
    doesNotExplain: [],
    contradictedBy: [],
    weakestEdge: '',
    counterfactual: 1,
    capped: [],
    ...known,
  };
}

const facts = [
  fact('rollout', { polarity: 'change', onset: at(50_000) }),
  fact('hard-mount', { polarity: 'condition', nature: 'configuration' }),
  fact('server', { onset: at(51_000), entities: { node: 'node/n1' } }),
  fact('hung', { onset: at(51_060) }),
  fact('web', { layer: 'apps', onset: at(51_100) }),
  fact('reboot', { polarity: 'change', onset: at(54_000) }),
  fact('old-pull-error', { onset: at(10) }),
  fact('beside', { onset: at(51_000), entities: { node: 'node/n1' } }),
  fact('elsewhere', { onset: at(51_000), entities: { node: 'node/n2' } }),
];
const edges = [
  edge('rollout', 'server', 0.5),
  edge('hard-mount', 'hung', 0.6, { type: 'enables' }),
  edge('server', 'hung', 0.9),
  edge('hung', 'web', 0.7),
];

describe('the part of each finding', () => {
  it('is told from the best hypothesis', () => {
    expect(assignRoles(facts, edges, best('server'))).toEqual({
      rollout: 'trigger',
      'hard-mount': 'contributing',
      server: 'root-cause',
      hung: 'symptom',
      web: 'impact',
      reboot: 'response',
      'old-pull-error': 'pre-existing',
      beside: 'collateral',
      elsewhere: 'unexplained',
    });
  });
  it('is impact only at the end of a chain', () => {
    const further = [...edges, edge('web', 'reboot', 0.8)];
    expect(assignRoles(facts, further, best('server'))['web']).toBe('symptom');
  });
  it('is collateral where only an assumed step leads to it, and to what comes after', () => {
    const assumed = edges.map((one) =>
      one.to === 'hung' && one.from === 'server' ? edge('server', 'hung', 0.4) : one,
    );
    expect(assignRoles(facts, assumed, best('server'))).toMatchObject({ hung: 'collateral', web: 'collateral' });
  });
  it('is not pre-existing within the hour before', () => {
    const soon = facts.map((one) => (one.id === 'old-pull-error' ? { ...one, onset: at(48_000) } : one));
    expect(assignRoles(soon, edges, best('server'))['old-pull-error']).toBe('unexplained');
  });
  it('is pre-existing by the ages of a listing where no times are known', () => {
    const DAY = 86_400_000;
    const roleOf = (sinceMs: number | undefined, ageMs = 17 * DAY) =>
      assignRoles(
        [
          fact('down', { attributes: { ageMs } }),
          fact('image', { attributes: { ageMs: 189 * DAY, ...(sinceMs !== undefined && { sinceMs }) } }),
        ],
        [],
        best('down'),
      )['image'];
    expect(roleOf(189 * DAY)).toBe('pre-existing');
    expect(roleOf(189 * DAY, 100 * DAY)).toBe('unexplained');
    expect(roleOf(undefined)).toBe('unexplained');
  });
  it('is not told at all without a hypothesis that holds', () => {
    const none = { rollout: 'unexplained', 'hard-mount': 'unexplained' };
    expect(assignRoles(facts, edges, undefined)).toMatchObject(none);
    expect(assignRoles(facts, edges, best('server', { confidence: 'undetermined' }))).toMatchObject(none);
  });
});
