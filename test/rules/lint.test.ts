import { describe, expect, it } from 'vitest';
import { describeFinding, lintRules } from '../../src/rules/lint.ts';
import { readRules } from '../../src/rules/load.ts';
import { BASE, link, ruleFolder, signature } from './folders.ts';

const PLAYBOOK = `id: repair
title: Repair
steps: [{ layer: node, title: t, check: c, do: d, verify: v, safety: read-only }]
`;

async function codesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { ruleSet, problems } = await readRules([], { builtin: ruleFolder({ ...BASE, ...files }) });
  expect(problems).toEqual([]);
  return lintRules(ruleSet)
    .filter(({ code }) => code !== 'dead-tag')
    .map(({ severity, code, rule, property }) => `${severity} ${code} ${rule} ${property}`.trim());
}

describe('lint', () => {
  it('finds nothing in sound rules', async () => {
    const found = await codesOf({
      'signatures/a.yaml': signature(
        'a',
        'tags: [disk-slow]\nentities: { node: "@node", process: "{{comm}}:{{pid}}" }\nkey: [node, process]',
      ),
      'signatures/b.yaml': signature(
        'b',
        'initiates: likely\nroot: { statement: "{{comm}}", category: kernel, playbook: repair }',
        'stuck for more than',
      ),
      'links/a--b.yaml': link('a', 'b', 'ask: [{ need: n, run: r, tells: t }]'),
      'links/b--a.yaml': link('b', 'a', 'ask: [{ need: n, run: r, tells: t }]'),
      'playbooks/repair.yaml': PLAYBOOK,
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['error file-name a id', { 'signatures/b.yaml': signature('a') }],
    ['error unknown-tag a tags.0', { 'signatures/a.yaml': signature('a', 'tags: [disk-slw]') }],
    ['error unknown-component a component', { 'signatures/a.yaml': signature('a', 'component: cnii') }],
    ['error unknown-kind a entities.thing', { 'signatures/a.yaml': signature('a', 'entities: { thing: "{{comm}}" }') }],
    ['error unknown-role a group.0', { 'signatures/a.yaml': signature('a', 'group: [nod]') }],
    ['error unknown-placeholder a title', { 'signatures/a.yaml': signature('a').replace('{{comm}}', '{{com}}') }],
    [
      'error unknown-placeholder a entities.node',
      { 'signatures/a.yaml': signature('a', 'entities: { node: "@host" }') },
    ],
    [
      'error unknown-placeholder a onset.back.0',
      { 'signatures/a.yaml': signature('a', 'onset: { back: ["{{secs}}s", "{{seconds}}s"] }') },
    ],
    [
      'error unknown-id a episode.closedBy.0',
      { 'signatures/a.yaml': signature('a', 'episode: { closedBy: [nobody] }') },
    ],
    ['error root-missing a root', { 'signatures/a.yaml': signature('a', 'initiates: external') }],
    [
      'error playbook-missing a root.playbook',
      { 'signatures/a.yaml': signature('a', 'initiates: likely\nroot: { statement: s, category: kernel }') },
    ],
    [
      'error unknown-playbook a root.playbook',
      { 'signatures/a.yaml': signature('a', 'root: { statement: s, category: kernel, playbook: repare }') },
    ],
    [
      'error question-missing a root.playbook',
      {
        'signatures/a.yaml': signature(
          'a',
          'initiates: likely\nroot: { statement: s, category: kernel, playbook: repair }',
        ),
        'playbooks/repair.yaml': PLAYBOOK,
      },
    ],
    [
      'error unsafe-pattern a match.pattern',
      { 'signatures/a.yaml': signature('a').replace('INFO: task', '\\S+: task') },
    ],
    [
      'warning slow-pattern a match.pattern',
      { 'signatures/a.yaml': signature('a').replace("'INFO: task", "'[a-z]+[a-z]+ INFO: task") },
    ],
    [
      'error example-without-anchor a examples.match.0.line',
      { 'signatures/a.yaml': signature('a').replace("['blocked for more than']", "['blocked for ever']") },
    ],
    [
      'warning anchor-unproved a match.anchors.0',
      { 'signatures/a.yaml': signature('a').replace("['blocked for more than']", "['for ever', 'for more']") },
    ],
    [
      'error anchor-quoted a match.anchors.1',
      {
        'signatures/a.yaml': signature('a')
          .replace("['blocked", "['task=\"x', 'blocked")
          .replace("['task=\"x', 'blocked for more than']", "['blocked for more than', 'task=\"x']"),
      },
    ],
    [
      'error unknown-capture a examples.match.0.captures.secs',
      { 'signatures/a.yaml': signature('a').replace("seconds: '122'", "secs: '122'") },
    ],
    ['warning hidden-capture a match.pattern', { 'signatures/a.yaml': signature('a').replaceAll('<pid>', '<id>') }],
    [
      'error unknown-id a--nobody effect',
      { 'signatures/a.yaml': signature('a'), 'links/a--nobody.yaml': link('a', 'nobody') },
    ],
    [
      'warning dead-link a--disk-slow effect',
      { 'signatures/a.yaml': signature('a'), 'links/a--disk-slow.yaml': link('a', 'disk-slow') },
    ],
    ['error circular a--a effect', { 'signatures/a.yaml': signature('a'), 'links/a--a.yaml': link('a', 'a') }],
    [
      'error unknown-placeholder a--b mechanism',
      {
        'signatures/a.yaml': signature('a'),
        'signatures/b.yaml': signature('b'),
        'links/a--b.yaml': link('a', 'b').replace('It waits.', '"{{c.servr}} waits."'),
      },
    ],
    [
      'warning ask-missing a--b ask',
      {
        'signatures/a.yaml': signature('a'),
        'signatures/b.yaml': signature('b'),
        'links/a--b.yaml': link('a', 'b').replace('definite', 'weak'),
      },
    ],
    [
      'warning duplicate a examples.match.0.line',
      {
        'signatures/a.yaml': signature('a', 'tags: [disk-slow]'),
        'signatures/b.yaml': signature('b', 'tags: [disk-slow]'),
      },
    ],
    ['error ambiguous-name tags disk-slow', { 'signatures/disk-slow.yaml': signature('disk-slow') }],
    ['warning dead-playbook repair id', { 'playbooks/repair.yaml': PLAYBOOK }],
    [
      'warning risk-missing repair steps.0.risk',
      { 'playbooks/repair.yaml': PLAYBOOK.replace('read-only', 'destructive') },
    ],
    [
      'error question-changes repair questions.0.run',
      { 'playbooks/repair.yaml': `${PLAYBOOK}questions: [{ need: n, run: kubectl delete pod x, tells: t }]\n` },
    ],
    [
      'error unknown-component model requires.0.needs',
      { 'model.yaml': 'requires: [{ who: cni, needs: dns, via: it does }]\nbypass: []\n' },
    ],
    [
      'error circular model requires.0',
      { 'model.yaml': 'requires: [{ who: cni, needs: cni, via: it does }]\nbypass: []\n' },
    ],
    [
      'error unreachable x confirmed',
      {
        'signatures/a.yaml': signature('a'),
        'incidents/x.yaml':
          'id: x\ntitle: X\nconfirmed: 9\npartial: 1\nroot: [a]\npoints: [{ item: a, title: A, when: up("cni"), run: r }, { item: b, title: B, when: up("cni"), run: r }]\n',
      },
    ],
    [
      'warning unknown-attribute pods where',
      {
        'signatures/pods.yaml':
          'id: pods\ntitle: Pods\nkind: row\nrows: Pod\nwhere: row.restart > 3\nlayer: apps\nseverity: low\n' +
          'examples: { match: [{ restart: 4 }], reject: [{ row: { restart: 1 }, because: few }] }\n',
      },
    ],
    [
      'error circular loop from.0',
      {
        'signatures/loop.yaml':
          'id: loop\ntitle: Loop\nkind: derived\nwhen: up("cni")\nfrom: [loop]\nlayer: apps\nseverity: low\n',
      },
    ],
  ])('%s', async (finding, files) => {
    expect(await codesOf(files)).toContain(finding);
  });

  it('says where', async () => {
    const builtin = ruleFolder({ ...BASE, 'signatures/a.yaml': signature('a', 'component: cnii') });
    const { ruleSet } = await readRules([], { builtin });
    expect(lintRules(ruleSet, { timing: false }).map(describeFinding)[0]).toBe(
      `${builtin}/signatures/a.yaml:1: error unknown-component: component: no role is called "cnii" (did you mean "cni"?)`,
    );
  });
});
