import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLibrary } from '../../src/rules/bundle.ts';
import { readRuleFiles } from '../../src/rules/files.ts';
import { readLibrary } from '../../src/rules/library.ts';
import { loadRules, readRules } from '../../src/rules/load.ts';
import { describeProblem } from '../../src/rules/problem.ts';
import { BASE, link, ruleFolder, signature } from './folders.ts';

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const builtin = ruleFolder({ ...BASE, ...files });
  const { problems } = await readRules([], { builtin });
  return problems.map((problem) => describeProblem(problem).replace(`${builtin}/`, ''));
}

describe('loading rules', () => {
  it('reads every kind, sorted by id, with literals and places', async () => {
    const builtin = ruleFolder({
      ...BASE,
      'signatures/kernel/b-task.yaml': signature('b-task', 'tags: [task-blocked]'),
      'signatures/kernel/a-task.yaml': `# a comment\n${signature('a-task', 'tags: [task-blocked]')}`,
      'links/kernel/a-task--b-task.yaml': link('a-task', 'b-task', 'when: same(c.node, e.node)'),
      'incidents/two.yaml':
        'id: two\ntitle: Two\nconfirmed: 2\npartial: 1\nroot: [a-task]\npoints:\n' +
        '  - { item: one, title: One, when: some f in find("a-task") }\n  - { item: other, title: Other, when: up("cni") }\n',
      'playbooks/two.yaml':
        'id: two\ntitle: Wait\nsteps: [{ layer: node, title: t, check: c, do: d, verify: v, safety: read-only }]\n',
    });
    const rules = await loadRules([], { builtin });
    expect(rules.counts).toEqual({ signatures: 2, links: 1, incidents: 1, playbooks: 1 });
    expect(rules.signatures.map(({ id }) => id)).toEqual(['a-task', 'b-task']);
    expect(rules.literals).toEqual([{ text: 'blocked for more than', signatures: ['a-task', 'b-task'] }]);
    expect(rules.files.get('a-task')).toEqual({ file: `${builtin}/signatures/kernel/a-task.yaml`, line: 2 });
    expect(rules.files.get('playbooks/two')).toEqual({ file: `${builtin}/playbooks/two.yaml`, line: 1 });
    expect(rules.byTag('task-blocked')).toEqual(['a-task', 'b-task']);
    expect(rules.byTag('b-*')).toEqual(['b-task']);
    expect(rules.byTag('nothing')).toEqual([]);
    expect(rules.resolve(['a-task', 'task-blocked'])).toEqual(['a-task', 'b-task']);
    expect(rules.condition('a-task--b-task', 'when')?.text).toBe('same(c.node, e.node)');
    expect(rules.condition('two', 'points.1.when')?.expr).toMatchObject({ op: 'call', name: 'up' });
    expect(rules.condition('a-task--b-task', 'named')).toBeUndefined();
    expect(rules.byId.get('a-task')).toMatchObject({
      initiates: 'possible',
      certainty: 0.9,
      references: [],
      enabled: true,
    });
  });

  it('hashes what rules mean, not how they are written or where', async () => {
    const one = ruleFolder({ ...BASE, 'signatures/x/a.yaml': signature('a'), 'signatures/x/b.yaml': signature('b') });
    const same = ruleFolder({ ...BASE, 'signatures/y/z.yaml': `# moved\n${signature('b')}---\n${signature('a')}` });
    const other = ruleFolder({
      ...BASE,
      'signatures/x/a.yaml': signature('a'),
      'signatures/x/b.yaml': signature('b', 'certainty: 0.8'),
    });
    const hashes = await Promise.all(
      [one, same, other].map(async (builtin) => (await loadRules([], { builtin })).hash),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/u);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('lets further folders replace, add and switch off by id', async () => {
    const builtin = ruleFolder({
      ...BASE,
      'signatures/a.yaml': signature('a'),
      'signatures/b.yaml': signature('b'),
      'links/a--b.yaml': link('a', 'b', 'when: some f in find("b")'),
    });
    const own = ruleFolder({
      'signatures/a.yaml': signature('a', 'certainty: 0.5'),
      'signatures/b.yaml': 'id: b\nenabled: false\n',
      'signatures/c.yaml': signature('c', 'tags: [own-tag]'),
      'tags.yaml': '- { id: own-tag, means: Mine }\n',
    });
    const rules = await loadRules([own], { builtin });
    expect(rules.signatures.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(rules.byId.get('a')?.certainty).toBe(0.5);
    expect(rules.files.get('a')?.file).toBe(`${own}/signatures/a.yaml`);
    expect(rules.byTag('b')).toEqual([]);
    expect(rules.byTag('own-tag')).toEqual(['c']);
    expect(rules.condition('a--b', 'when')).toBeDefined();
  });

  it('keeps the vocabulary without the built-in rules', async () => {
    const own = ruleFolder({ 'signatures/a.yaml': signature('a') });
    const rules = await loadRules([own], { builtin: false });
    expect(rules.counts).toEqual({ signatures: 1, links: 0, incidents: 0, playbooks: 0 });
    expect(rules.roles.length).toBeGreaterThan(10);
  });
});

describe('broken rules', () => {
  it.each([
    [
      'an unknown property',
      { 'signatures/a.yaml': signature('a', 'tittle: x') },
      'signatures/a.yaml:13:1: tittle: unknown property (did you mean "title"?)',
    ],
    [
      'a wrong value',
      { 'signatures/a.yaml': signature('a').replace('severity: high', 'severity: hihg') },
      'signatures/a.yaml:9:11: severity: is "hihg", allowed are critical, high, medium, low (did you mean "high"?)',
    ],
    [
      'a missing property',
      { 'signatures/a.yaml': signature('a').replace('layer: node\n', '') },
      'signatures/a.yaml:1:1: layer: is missing',
    ],
    [
      'a condition, inside its quotes',
      {
        'signatures/a.yaml': signature('a'),
        'links/a--a.yaml': link('a', 'a', `when: 'c.comm == ''x'' and e.pidd == 1'`),
      },
      'links/a--a.yaml:6:28: when: no fact of a has a member "pidd" (did you mean "pid"?)',
    ],
    [
      'a condition of several lines',
      {
        'signatures/a.yaml': signature('a'),
        'links/a--a.yaml': link('a', 'a', 'when: |\n  c.comm == "x" and\n  upp("cni")'),
      },
      'links/a--a.yaml:8:3: when: unknown function "upp" (did you mean "up"?)',
    ],
    [
      'one of several conditions',
      {
        'signatures/a.yaml': signature('a'),
        'links/a--a.yaml': link('a', 'a', 'supports:\n  - up("cni")\n  - up("cnii")'),
      },
      'links/a--a.yaml:8:8: supports.1: unknown component "cnii" (did you mean "cni"?)',
    ],
    [
      'an id that is taken',
      { 'signatures/a.yaml': signature('a'), 'signatures/b.yaml': signature('a') },
      'signatures/b.yaml:1:5: id: "a" is already the id of',
    ],
    ['broken YAML', { 'signatures/a.yaml': 'id: [a\ntitle: x\n' }, 'signatures/a.yaml:2:1: '],
  ])('names the place of %s', async (_, files, problem) => {
    const found = await problemsOf(files);
    expect(found.find((one) => one.startsWith(problem)) ?? found).toEqual(expect.stringContaining(problem));
  });

  it('collects all of them in one error', async () => {
    const builtin = ruleFolder({
      ...BASE,
      'signatures/a.yaml': 'id: A\n',
      'signatures/b.yaml': signature('b', 'x: 1\ny: 2'),
    });
    await expect(loadRules([], { builtin })).rejects.toMatchObject({
      code: 'RULES_INVALID',
      message: expect.stringMatching(/a\.yaml.*\n(?:.*\n)*.*b\.yaml:13:1: x: .*\n.*b\.yaml:14:1: y: /u),
    });
  });

  it('are left out where tools go on without them', async () => {
    const builtin = ruleFolder({
      ...BASE,
      'signatures/a.yaml': signature('a'),
      'signatures/b.yaml': signature('b', 'x: 1'),
    });
    const { ruleSet, problems } = await readRules([], { builtin });
    expect(ruleSet.signatures.map(({ id }) => id)).toEqual(['a']);
    expect(problems).toHaveLength(1);
  });

  it('says when there is no such folder', async () => {
    await expect(loadRules(['/nowhere/at/all'])).rejects.toMatchObject({ code: 'RULES_NOT_FOUND' });
    await expect(loadRules([ruleFolder({ 'readme.txt': '' })])).rejects.toMatchObject({ code: 'RULES_NOT_FOUND' });
  });
});

describe('the compiled library', () => {
  const files = { ...BASE, 'signatures/a.yaml': signature('a'), 'links/a--a.yaml': link('a', 'a', 'when: up("cni")') };

  it('holds what the YAML says, conditions parsed', async () => {
    const builtin = ruleFolder(files);
    const file = join(builtin, 'out.json');
    expect(writeLibrary(builtin, file)).toEqual([]);
    const library = readLibrary(readRuleFiles(builtin) ?? [], file);
    const fromYaml = await loadRules([], { builtin });
    expect(library?.hash).toBe(fromYaml.hash);
    expect(library?.data.signatures).toEqual(fromYaml.signatures);
    expect(library?.data.conditions['a--a#when']).toEqual(fromYaml.condition('a--a', 'when'));
  });

  it('survives another time and folder, as a checkout or a package gives it', () => {
    const builtin = ruleFolder(files);
    const file = join(builtin, 'out.json');
    writeLibrary(builtin, file);
    const copy = ruleFolder(files);
    for (const { path } of readRuleFiles(builtin) ?? []) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      copyFileSync(join(builtin, path), join(copy, path));
      utimesSync(join(copy, path), 1, 1);
    }
    expect(readLibrary(readRuleFiles(copy) ?? [], file)).toBeDefined();
  });

  it.each([
    [
      'a changed file',
      (folder: string) => writeFileSync(join(folder, 'signatures/a.yaml'), signature('a').replace('122', '123')),
    ],
    ['a new file', (folder: string) => writeFileSync(join(folder, 'signatures/b.yaml'), signature('b'))],
    ['a library that was cut short', (folder: string) => writeFileSync(join(folder, 'out.json'), '{"rules":"')],
    [
      'another program',
      (folder: string) =>
        writeFileSync(join(folder, 'out.json'), JSON.stringify({ rules: '', code: ['x'], hash: '', data: {} })),
    ],
  ])('is not used after %s', (_, change) => {
    const builtin = ruleFolder(files);
    const file = join(builtin, 'out.json');
    writeLibrary(builtin, file);
    expect(readLibrary(readRuleFiles(builtin) ?? [], file)).toBeDefined();
    change(builtin);
    expect(readLibrary(readRuleFiles(builtin) ?? [], file)).toBeUndefined();
  });

  it('is not written for broken rules', () => {
    const builtin = ruleFolder({ ...files, 'signatures/b.yaml': 'id: b\n' });
    const file = join(builtin, 'out.json');
    expect(writeLibrary(builtin, file)).not.toEqual([]);
    expect(readLibrary(readRuleFiles(builtin) ?? [], file)).toBeUndefined();
  });
});
