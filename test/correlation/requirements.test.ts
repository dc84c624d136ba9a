import { describe, expect, it } from 'vitest';
import { genericHoldEdges } from '../../src/correlation/requirements.ts';
import type { Edge, Fact } from '../../src/model/index.ts';
import { type DependencyModel, modelSchema } from '../../src/rules/schema.ts';
import { at, edge, fact } from '../support/facts.ts';

const model: DependencyModel = modelSchema.parse({
  requires: [
    { who: 'gitops', needs: 'cluster-dns', via: 'it looks up its sources' },
    { who: 'cluster-dns', needs: 'cni', scope: 'node', via: 'pods need addresses' },
    { who: 'gitops', needs: 'registry', hard: false, via: 'charts' },
  ],
  bypass: [],
});

const isDown = (one: Fact): boolean => one.signature.endsWith('-down');
const titles: Readonly<Record<string, string>> = { gitops: 'Flux', 'cluster-dns': 'Cluster DNS', cni: 'The CNI' };

function build(facts: readonly Fact[], known: readonly Edge[] = []): Edge[] {
  return genericHoldEdges(model, facts, known, isDown, (role) => titles[role] ?? role);
}

const dnsDown = fact('dns-down', { component: 'cluster-dns', onset: at(10) });
const release = fact('release', { component: 'gitops', onset: at(20) });

describe('what the dependency model holds', () => {
  it('is a weak edge from what is down to what needs it and fails', () => {
    expect(build([dnsDown, release])).toEqual([
      {
        id: 'requires:gitops->cluster-dns@dns-down>release@hold',
        from: 'dns-down',
        to: 'release',
        rule: 'requires:gitops->cluster-dns',
        graph: 'hold',
        type: 'causes',
        weight: 0.4,
        basis: 'assumed',
        order: 'unknown',
        mechanism: 'Flux needs Cluster DNS: it looks up its sources.',
        contributions: [{ what: 'base', factor: 0.4, why: 'the dependency model says so and no link says more' }],
        rivals: [],
      },
    ]);
  });
  it.each([
    ['what only fails in part', [fact('dns-slow', { component: 'cluster-dns' }), release], []],
    ['what a link already says', [dnsDown, release], [edge('dns-down', 'release', 0.7, { graph: 'hold' })]],
    ['what is needed but not hard', [fact('registry-down', { component: 'registry' }), release], []],
    ['what was over before', [dnsDown, { ...release, lastSeen: at(30), onset: at(20) }, fact('x')], []],
    ['health', [dnsDown, fact('ok', { component: 'gitops', polarity: 'healthy' })], []],
    ['trifles', [dnsDown, fact('note', { component: 'gitops', severity: 'low' })], []],
  ] satisfies [string, Fact[], Edge[]][])('is not %s', (name, facts, known) => {
    const late =
      name === 'what was over before'
        ? facts.map((one) => (one.id === 'dns-down' ? { ...one, onset: at(5000) } : one))
        : facts;
    expect(build(late, known)).toEqual([]);
  });
  it('is of one node where the requirement is', () => {
    const agent = (node: string) => fact('cni-down', { component: 'cni', entities: { node: `node/${node}` } });
    const dns = fact('dns', { component: 'cluster-dns', entities: { node: 'node/n1' } });
    expect(build([agent('n2'), dns])).toEqual([]);
    expect(build([agent('n1'), dns])).toHaveLength(1);
    expect(build([fact('cni-down', { component: 'cni' }), dns])).toHaveLength(1);
  });
});
