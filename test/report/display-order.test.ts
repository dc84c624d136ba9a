import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/model/index.ts';
import { displayOrder } from '../../src/report/display-order.ts';
import { at, edge, fact } from '../support/facts.ts';

const ids = (facts: readonly { readonly id: string }[]) => facts.map(({ id }) => id);
const aged = (hours: number) => at(50_000 - hours * 3600, 60_000);

describe('the order of findings', () => {
  it('is that of their times', () => {
    const facts = [fact('c', { onset: at(30) }), fact('a', { onset: at(10) }), fact('b', { onset: at(20) })];
    expect(ids(displayOrder(facts, []))).toEqual(['a', 'b', 'c']);
  });
  it('puts a cause before its effect where their times overlap or are not known', () => {
    const facts = [
      fact('effect', { onset: at(10, 40) }),
      fact('cause', { onset: at(20, 30) }),
      fact('undated-effect'),
      fact('undated-cause', { layer: 'apps' }),
    ];
    const edges = [edge('cause', 'effect', 0.8), edge('undated-cause', 'undated-effect', 0.3)];
    expect(ids(displayOrder(facts, edges))).toEqual(['cause', 'effect', 'undated-cause', 'undated-effect']);
  });
  it('moves a cause without a time to where its first effect stands', () => {
    const facts = [fact('before', { onset: at(10) }), fact('effect', { onset: at(20) }), fact('a-cause')];
    expect(ids(displayOrder(facts, [edge('a-cause', 'effect', 0.8)]))).toEqual(['before', 'a-cause', 'effect']);
  });
  it('leaves a dated cause where it is, however old the object is that it broke', () => {
    const facts = [
      fact('old-pod', { onset: aged(200) }),
      fact('cause', { onset: at(40_000) }),
      fact('earlier', { onset: at(39_000) }),
    ];
    expect(ids(displayOrder(facts, [edge('cause', 'old-pod', 0.8)]))).toEqual(['earlier', 'cause', 'old-pod']);
  });
  it('tells what has no time by its part: what made it possible, the root, what came of it, the rest', () => {
    const roles: Record<string, Role> = {
      rest: 'unexplained',
      end: 'impact',
      root: 'root-cause',
      setup: 'contributing',
    };
    const facts = [
      fact('rest', { layer: 'hardware' }),
      fact('end', { layer: 'node' }),
      fact('root', { layer: 'cni' }),
      fact('setup', { layer: 'apps' }),
    ];
    expect(ids(displayOrder(facts, [], ({ id }) => roles[id] ?? 'unexplained'))).toEqual([
      'setup',
      'root',
      'end',
      'rest',
    ]);
  });
  it('holds back nothing with a time for what made it possible and has none', () => {
    const facts = [fact('effect', { onset: at(10) }), fact('later', { onset: at(20) }), fact('setting')];
    const enables = edge('setting', 'effect', 0.8, { type: 'enables' });
    expect(ids(displayOrder(facts, [enables]))).toEqual(['setting', 'effect', 'later']);
  });
  it('enters a circle of waiting at the root where no time tells', () => {
    const hold = { graph: 'hold' as const };
    const facts = [
      fact('dns', { layer: 'dns' }),
      fact('release', { layer: 'gitops' }),
      fact('agent', { layer: 'cni' }),
    ];
    const edges = [
      edge('dns', 'release', 0.8, hold),
      edge('release', 'agent', 0.8, hold),
      edge('agent', 'dns', 0.8, hold),
    ];
    const order = displayOrder(facts, edges, ({ id }) => (id === 'release' ? 'root-cause' : 'symptom'));
    expect(ids(order)).toEqual(['release', 'agent', 'dns']);
  });
  it('puts what makes a thing possible before it', () => {
    const facts = [fact('hang'), fact('z-hard-mount', { layer: 'apps' })];
    expect(ids(displayOrder(facts, [edge('z-hard-mount', 'hang', 0.6, { type: 'enables' })]))).toEqual([
      'z-hard-mount',
      'hang',
    ]);
  });
});
