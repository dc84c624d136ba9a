import { describe, expect, it } from 'vitest';
import { judgeScope, type LinkedFn, placesOf } from '../../src/correlation/scope.ts';
import type { EntityRef, Fact } from '../../src/model/index.ts';
import type { Link } from '../../src/rules/schema.ts';
import { fact } from '../support/facts.ts';

const apart: LinkedFn = () => undefined;
const joined =
  (strength: 'certain' | 'probable' | 'candidate'): LinkedFn =>
  () =>
    strength;

function about(...refs: readonly EntityRef[]): Fact {
  return fact('f', { entities: Object.fromEntries(refs.map((ref) => [ref.slice(0, ref.indexOf('/')), ref])) });
}

describe('a scope', () => {
  it.each([
    ['any', about(), about(), 1, 'no scope is asked'],
    ['node', about('node/n1'), about('node/n1'), 1, 'both concern node/n1'],
    ['node', about('node/n1'), about('node/n2'), undefined, 'node/n1 is not node/n2'],
    ['node', about('node/n1'), about(), 0.75, 'the node of one of them is not known'],
    ['pod', about('pod/a/x'), about('pod/a/x'), 1, 'both concern pod/a/x'],
    ['pod', about('pod/a/x', 'node/n1'), about('node/n2'), undefined, 'node/n1 is not node/n2'],
    ['pod', about('pod/a/x', 'node/n1'), about('node/n1'), 0.75, 'the pod of one of them is not known'],
    ['namespace', about('pod/shop/x'), about('namespace/shop'), 1, 'both concern namespace/shop'],
    ['namespace', about('service/shop/x'), about('claim/db/y'), undefined, 'namespace/shop is not namespace/db'],
    ['namespace', about('node/n1'), about('namespace/db', 'node/n2'), undefined, 'node/n1 is not node/n2'],
    ['namespace', about(), about('namespace/db'), 0.75, 'the namespace of one of them is not known'],
    ['volume', about('volume/p'), about('volume/p'), 1, 'both concern volume/p'],
    ['volume', about('volume/p'), about('volume/q'), undefined, 'volume/p is not volume/q'],
    [
      'volume',
      about('volume/p', 'node/n1'),
      about('pod/a/x', 'node/n2'),
      0.75,
      'the volume of one of them is not known',
    ],
    ['cluster', about('node/n1'), about('node/n1'), 0.85, 'one cluster is assumed'],
    ['cluster', about('service/a/b'), about('service/a/b'), 1, 'both concern service/a/b'],
  ] satisfies [Link['scope'], Fact, Fact, number | undefined, string][])(
    '%s: %#',
    (scope, cause, effect, factor, why) => {
      expect(judgeScope(scope, cause, effect, apart)).toEqual({ factor, why });
    },
  );
  it('of components compares roles', () => {
    const one = (component?: string) => fact('f', component === undefined ? {} : { component });
    expect(judgeScope('component', one('etcd'), one('etcd'), apart).factor).toBe(1);
    expect(judgeScope('component', one('etcd'), one('cni'), apart).factor).toBeUndefined();
    expect(judgeScope('component', one('etcd'), one(), apart).factor).toBe(0.75);
  });
  it('is met by things that are joined, as surely as they are', () => {
    const factors = (['certain', 'probable', 'candidate'] as const).map(
      (strength) => judgeScope('volume', about('nfs-server/s'), about('claim/a/c'), joined(strength)).factor,
    );
    expect(factors).toEqual([1, 0.9, 0.75]);
  });
  it('of volumes is met by a pod that mounts one', () => {
    expect(judgeScope('volume', about('nfs-server/s'), about('pod/a/x'), joined('certain'))).toEqual({
      factor: 1,
      why: 'nfs-server/s is joined to pod/a/x',
    });
  });
  it('looks at every member of a group', () => {
    const members = ['n1', 'n2'].map((node) => ({
      entities: { node: `node/${node}` as const },
      attributes: {},
      count: 1,
    }));
    expect(judgeScope('node', about('node/n2'), { ...about('node/n1'), members }, apart).factor).toBe(1);
    expect(placesOf({ ...about('node/n1'), members }, 'node')).toEqual(new Set(['node/n1', 'node/n2']));
  });
});
