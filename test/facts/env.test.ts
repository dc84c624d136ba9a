import { describe, expect, it } from 'vitest';
import { collectEntities } from '../../src/facts/entities.ts';
import { bundleEnv, judgeIn } from '../../src/facts/env.ts';
import { buildState } from '../../src/facts/state.ts';
import type { Fact, Listing, LogRecord, ReadSource } from '../../src/model/index.ts';
import { parseCondition } from '../../src/rules/condition/parse.ts';
import { type Signature, signatureSchema } from '../../src/rules/schema.ts';
import { at, fact } from '../support/facts.ts';
import { record, roles, row, source, volume } from '../support/records.ts';

function signature(known: Record<string, unknown>): Signature {
  const kind = known['kind'] ?? 'log';
  return signatureSchema.parse({
    title: 'It is',
    kind,
    layer: 'node',
    severity: 'high',
    ...(kind === 'log' || kind === 'kube-event'
      ? {
          match: { anchors: ['it is'], pattern: 'it is' },
          examples: { match: [{ line: 'it is' }], reject: [{ line: 'no', because: 'no' }] },
        }
      : {}),
    ...known,
  });
}

const SIGNATURES = [
  signature({ id: 'oom', sources: ['kernel'] }),
  signature({ id: 'anywhere' }),
  signature({ id: 'event', kind: 'kube-event', sources: ['kubelet'] }),
  signature({
    id: 'pods-bad',
    kind: 'row',
    rows: 'Pod',
    where: 'row.ready == false',
    examples: { match: [{ ready: false }], reject: [{ row: { ready: true }, because: 'works' }] },
  }),
  signature({ id: 'no-dns', kind: 'absence', subject: { kind: 'Pod', component: 'cluster-dns' }, listings: ['Pod'] }),
  signature({ id: 'silent', kind: 'silence', stream: '*' }),
  signature({ id: 'restarted', kind: 'restart', writers: ['k3s'] }),
  signature({ id: 'both', kind: 'derived', when: 'true', from: ['oom', 'silent'] }),
];

const complete: Listing = { kind: 'Pod', namespace: 'all', complete: true, rows: 1, source: 'pods.txt', line: 1 };
const dns = row('Pod', { namespace: 'kube-system', name: 'coredns-1-x', ready: true, node: 'n1' });
const journal: ReadSource = source('n1.log', [record('x', { unit: 'k3s', node: 'n1' })], {
  volume: { writers: [{ name: 'kernel', node: 'n1', lines: 9, firstLine: 1, lastLine: 9 }], gaps: [], monthSteps: [] },
});

interface Given {
  readonly facts?: readonly Fact[];
  readonly rows?: readonly LogRecord[];
  readonly listings?: readonly Listing[];
  readonly logs?: readonly ReadSource[];
}

function env({ facts = [], rows = [], listings = [], logs = [] }: Given) {
  const collector = collectEntities();
  for (const one of rows) collector.row(one);
  const tags = new Map([['bad', ['oom', 'pods-bad']]]);
  return bundleEnv({
    facts,
    state: buildState([...logs, source('pods.txt', rows, { listings })], roles, [
      volume('n1.log', { first: at(0), last: at(600) }),
    ]),
    index: collector.build(),
    model: {
      requires: [
        { who: 'gitops', needs: 'cluster-dns', hard: true, scope: 'cluster', via: 'lookups' },
        { who: 'cluster-dns', needs: 'cni', hard: true, scope: 'cluster', via: 'addresses' },
      ],
      bypass: [],
    },
    signatures: new Map(SIGNATURES.map((one) => [one.id, one])),
    resolve: (name) => tags.get(name) ?? (SIGNATURES.some(({ id }) => id === name) ? [name] : []),
  });
}

const onN1 = { e: fact('e', { entities: { node: 'node/n1' }, onset: at(300) }) };
const later = { e: fact('e', { entities: { node: 'node/n1' }, onset: at(9000) }) };

describe('that nothing was found may be said', () => {
  it.each([
    ['oom', { logs: [journal] }, onN1, true],
    ['oom', { logs: [journal] }, later, 'unknown'],
    ['oom', { logs: [journal] }, { e: fact('e', { entities: { node: 'node/n2' } }) }, 'unknown'],
    ['oom', {}, onN1, 'unknown'],
    ['anywhere', { logs: [journal] }, onN1, 'unknown'],
    ['event', { logs: [journal] }, onN1, 'unknown'],
    ['pods-bad', { listings: [complete] }, {}, true],
    ['pods-bad', { listings: [{ ...complete, complete: false }] }, {}, 'unknown'],
    ['no-dns', { rows: [dns] }, {}, true],
    ['no-dns', { listings: [complete] }, {}, 'unknown'],
    ['silent', { logs: [journal] }, onN1, true],
    ['silent', {}, onN1, 'unknown'],
    ['restarted', { logs: [journal] }, onN1, true],
    ['both', { logs: [journal] }, onN1, true],
    ['both', {}, onN1, 'unknown'],
    ['bad', { logs: [journal] }, onN1, 'unknown'],
    ['bad', { logs: [journal], listings: [complete] }, onN1, true],
    ['nothing-of-the-name', { logs: [journal] }, onN1, 'unknown'],
  ] satisfies [string, Given, Record<string, Fact>, true | 'unknown'][])(
    '%s with %j',
    (name, given, vars, expected) => {
      expect(env(given)(vars).provable([name], vars)).toBe(expected);
    },
  );
});

describe('a condition may ask', () => {
  it('for facts by id or tag, each once', () => {
    const facts = [fact('one', { signature: 'oom' }), fact('two', { signature: 'pods-bad' })];
    expect(
      env({ facts })({})
        .find(['bad', 'oom'])
        .map(({ id }) => id),
    ).toEqual(['one', 'two']);
  });
  it('whether one component needs another, over several steps', () => {
    const { requires } = env({})({});
    expect([requires('gitops', 'cni'), requires('cluster-dns', 'gitops'), requires('cni', 'gitops')]).toEqual([
      true,
      false,
      'unknown',
    ]);
  });
  it('whether a component is up or down', () => {
    const { up, down } = env({ rows: [dns] })({});
    expect([up('cluster-dns'), down('cluster-dns'), down('cni')]).toEqual([true, false, 'unknown']);
  });
  it('for neighbours and cells of an entity', () => {
    const { related, attribute } = env({ rows: [dns] })({});
    expect(related('pod/kube-system/coredns-1-x', 'node')).toEqual(['node/n1']);
    expect(related('pod/shop/x', 'node')).toBeUndefined();
    expect(attribute('pod/kube-system/coredns-1-x', 'ready')).toBe(true);
    expect(attribute('pod/kube-system/coredns-1-x', 'hostNetwork')).toBeUndefined();
  });
  it('whether entities are joined: not known is not "no"', () => {
    const { linked } = env({ rows: [dns] })({});
    expect(linked('pod/kube-system/coredns-1-x', 'node/n1', undefined)).toBe(true);
    expect(linked('pod/kube-system/coredns-1-x', 'node/n2', undefined)).toBe('unknown');
  });
});

describe('a judge', () => {
  it('evaluates the condition of a rule, and says where it has none', () => {
    const text = 'some f in find("oom")';
    const parsed = parseCondition(text);
    const condition = 'expr' in parsed ? { text, expr: parsed.expr } : undefined;
    const judge = judgeIn(env({ facts: [fact('one', { signature: 'oom' })] }), (rule) =>
      rule === 'stall' ? condition : undefined,
    );
    expect(judge('stall', 'when', {})).toMatchObject({ value: true, facts: ['one'] });
    expect(judge('other', 'when', {})).toEqual({ value: 'unknown', why: 'other has no condition at when', facts: [] });
  });
});
