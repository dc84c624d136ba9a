import { describe, expect, it } from 'vitest';
import { type MutationResult, mutateRules } from '../../src/mutations/index.ts';
import { sampleOf } from '../../src/mutations/sample-text.ts';
import { readRules } from '../../src/rules/load.ts';
import { link, ruleFolder, signature } from './folders.ts';

function said(results: readonly MutationResult[], rule: string): Record<string, string> {
  return Object.fromEntries(
    results.filter((result) => result.rule === rule).map(({ mutation, outcome }) => [mutation, outcome]),
  );
}

/** The mutations of rules in a folder of their own, on top of the model, roles and tags that ship. */
async function mutationsOf(files: Readonly<Record<string, string>>): Promise<MutationResult[]> {
  const { ruleSet, problems } = await readRules([ruleFolder(files)], { builtin: false });
  expect(problems).toEqual([]);
  return mutateRules(ruleSet);
}

const NODE = "entities: { node: '@node' }";
const PAIR = {
  'signatures/slow.yaml': signature('slow', NODE, 'blocked for more than'),
  'signatures/hung.yaml': signature('hung', NODE, 'hung for longer than'),
} as const;

describe('the built-in rules, mutated', async () => {
  const { ruleSet } = await readRules([]);
  const results = await mutateRules(ruleSet);

  it('fail no mutation', () => {
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ rule, mutation, why }) => `${rule}: ${mutation}: ${why}`)).toEqual([]);
  });
  it('are all looked at', () => {
    const seen = new Set(results.map(({ rule }) => rule));
    const wanted = [
      ...ruleSet.links,
      ...ruleSet.incidents,
      ...ruleSet.signatures.filter(({ kind }) => kind === 'log' || kind === 'kube-event'),
    ];
    expect(wanted.filter(({ id }) => !seen.has(id))).toEqual([]);
  });
  it('can nearly all be tested', () => {
    const joins = results.filter(({ mutation }) => mutation === 'joins');
    const open = joins.filter(({ outcome }) => outcome === 'not-testable');
    expect(open.length / joins.length).toBeLessThan(0.05);
  });
});

describe('a link', () => {
  it('of one node and a window loses its edge with time, order, place and cause', async () => {
    const rule = link('slow', 'hung', 'scope: node\nwithin: 10m\norder: strict\n');
    const results = await mutationsOf({ ...PAIR, 'links/slow--hung.yaml': rule });
    expect(said(results, 'slow--hung')).toEqual({
      joins: 'passed',
      'beyond-window': 'passed',
      swapped: 'passed',
      'other-place': 'passed',
      'no-cause': 'passed',
    });
  });
  it('between states keeps a lower weight when their order is swapped', async () => {
    const rule = link('slow', 'hung', 'scope: any\norder: any\nmode: both\n');
    const results = await mutationsOf({ ...PAIR, 'links/slow--hung.yaml': rule });
    expect(said(results, 'slow--hung')).toEqual({
      joins: 'passed',
      swapped: 'passed',
      'swapped-states': 'passed',
      'no-cause': 'passed',
    });
  });
  it('with conditions is joined where they hold, raised by its supports and cut by its refutes', async () => {
    const more = `scope: node
when: e.text matches /loki|etcd/ and c.comm == "writer" and some s in find("other") where (same(s.node, c.node))
named: mentions(e, c.comm)
supports: ['e.comm == "loki"']
refutes: ['some s in find("other") where (s.comm == "known" and s before e)']
`;
    const results = await mutationsOf({
      ...PAIR,
      'signatures/other.yaml': signature('other', NODE, 'was waiting for'),
      'links/slow--hung.yaml': link('slow', 'hung', more),
    });
    expect(said(results, 'slow--hung')).toEqual({
      joins: 'passed',
      swapped: 'passed',
      'other-place': 'passed',
      'no-cause': 'passed',
      'condition-false': 'passed',
      named: 'passed',
      'supports-0': 'passed',
      'refutes-0': 'passed',
    });
  });
  it('whose refutation never holds is reported, not passed', async () => {
    const rule = link('slow', 'hung', 'scope: node\nrefutes: [\'setting("a") == 1 and setting("a") == 2\']\n');
    const results = await mutationsOf({ ...PAIR, 'links/slow--hung.yaml': rule });
    expect(said(results, 'slow--hung')['refutes-0']).toBe('not-testable');
  });
  it('that has a recovery for its cause is not testable, and says so', async () => {
    const results = await mutationsOf({
      ...PAIR,
      'signatures/slow.yaml': signature('slow', `${NODE}\npolarity: recovery`),
      'links/slow--hung.yaml': link('slow', 'hung', 'scope: node\n'),
    });
    expect(results.filter(({ rule }) => rule === 'slow--hung')).toEqual([
      {
        rule: 'slow--hung',
        mutation: 'joins',
        outcome: 'not-testable',
        why: 'no two different signatures stand behind slow and hung',
      },
    ]);
  });
});

describe('an incident rule', () => {
  const point = (item: string, when: string) => `  - { item: ${item}, title: ${item}, when: '${when}' }\n`;
  const incident = (points: string, confirmed = 2) =>
    `id: stall\ntitle: Stall\npoints:\n${points}confirmed: ${confirmed}\npartial: 1\nroot: [slow]\n`;

  it('falls with each point, and tells not found from not judgeable', async () => {
    const results = await mutationsOf({
      ...PAIR,
      'incidents/stall.yaml': incident(
        point('slow', 'some f in find("slow")') + point('hung', 'some f in find("hung") where (f.comm == "loki")'),
      ),
    });
    expect(said(results, 'stall')).toEqual({
      'all-points': 'passed',
      'without-slow': 'passed',
      'not-found-slow': 'passed',
      'uncovered-slow': 'passed',
      'without-hung': 'passed',
      'not-found-hung': 'passed',
      'uncovered-hung': 'passed',
      fading: 'passed',
    });
  });
  it('of points that exclude each other is reported', async () => {
    const results = await mutationsOf({
      ...PAIR,
      'incidents/stall.yaml': incident(point('slow', 'some f in find("slow")') + point('none', 'no f in find("slow")')),
    });
    expect(said(results, 'stall')).toEqual({ 'all-points': 'not-testable' });
  });
  it('that nothing confirms is a failure', async () => {
    const results = await mutationsOf({
      ...PAIR,
      'incidents/stall.yaml': incident(
        point('slow', 'some f in find("slow")') + point('hung', 'some f in find("hung")'),
        3,
      ),
    });
    expect(said(results, 'stall')['all-points']).toBe('failed');
  });
});

describe('a signature', () => {
  it('whose near miss matches on the way of a file is a failure', async () => {
    const wrong = signature('slow', NODE).replace('soft lockup', 'INFO: task etcd:7 blocked for more than 9 seconds');
    const results = await mutationsOf({ 'signatures/slow.yaml': wrong });
    expect(said(results, 'slow')).toEqual({ 'examples.match.0': 'passed', 'examples.reject.0': 'failed' });
  });
  it('whose example does not match is a failure', async () => {
    const wrong = signature('slow', NODE).replace('INFO: task loki:12', 'INFO: job loki:12');
    const results = await mutationsOf({ 'signatures/slow.yaml': wrong });
    expect(said(results, 'slow')['examples.match.0']).toBe('failed');
  });
});

describe('a sample of a pattern', () => {
  it.each([
    ['x509|unknown authority', 'x509'],
    ['cilium|calico', 'cilium'],
    ['429|TooManyRequests', '429'],
    ['\\b(?:nfs4?|rpc)_', 'nfs4_'],
    ['[^a]b{2,}c?', '1bbc'],
    ['^a.+\\d$', 'aa1'],
  ])('%s is %s', (source, sample) => {
    expect(sampleOf(source, 'u')).toBe(sample);
  });
  it('is undefined where the syntax asks for more', () => {
    expect(sampleOf('a(?=b)', 'u')).toBe('ab');
    expect(sampleOf('(?<=z)a(?!a)b(?<!b)', 'u')).toBeUndefined();
  });
});
