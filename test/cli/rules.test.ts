import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signature } from '../rules/folders.ts';
import { run } from '../support/run-cli.ts';

/** The tools of rule authors, as an author calls them: on a folder of own rules beside the built-in ones. */

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forensics-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ownRules(name: string, files: Readonly<Record<string, string>>): string {
  const dir = join(folder, name);
  mkdirSync(join(dir, 'signatures'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, 'signatures', file), text);
  return dir;
}

/** Built-in tags and roles, but not the rules: they take seconds to compile. */
const ALONE = '--no-builtin-rules';

const sound = (id: string): string => signature(id, 'tags: [task-blocked]');

describe('rules list', () => {
  it('has a line for each rule, its severity and title', async () => {
    const { code, stdout } = await run('rules', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^signature kernel-hung-task +high +\S/mu);
    expect(stdout).toMatch(/^link +\S+--\S+ +(?:definite|strong|probable|weak) +\S/mu);
  });
  it('is JSON or the catalogue when asked, also into a file', async () => {
    const rules = JSON.parse((await run('rules', 'list', '--format', 'json')).stdout);
    expect(rules[0]).toMatchObject({ kind: 'signature', severity: expect.any(String) });
    const { stdout } = await run('rules', 'list', '-f', 'md');
    expect(stdout).toMatch(/^# Rule catalogue\n/u);
    const file = join(folder, 'catalogue.md');
    expect(await run('rules', 'list', '-f', 'md', '-o', file)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });
  it('names its formats', async () => {
    const { code, stderr } = await run('rules', 'list', '-f', 'html');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'forensics: rules list has the formats text, json, md, not html\n',
    });
  });
});

describe('rules lint DIR', () => {
  it('ends with 0 and looks at nothing but the folder', async () => {
    const dir = ownRules('sound', { 'sound-rule.yaml': sound('sound-rule') });
    const { code, stdout, stderr } = await run('rules', 'lint', dir);
    for (const line of stdout.split('\n').filter((each) => each !== '')) expect(line).toContain(dir);
    expect(stderr).toMatch(/^forensics: 1 rule, 0 errors, \d+ warnings?\n$/u);
    expect(code).toBe(0);
  });
  it('ends with 1 when a rule breaks a lint rule', async () => {
    const dir = ownRules('unknown', { 'odd-rule.yaml': sound('odd-rule').replace('task-blocked', 'task-bloked') });
    const { code, stdout } = await run('rules', 'lint', dir, ALONE);
    expect(stdout).toContain(
      'odd-rule.yaml:1: error unknown-tag: tags.0: no tag is called "task-bloked" (did you mean "task-blocked"?)',
    );
    expect(code).toBe(1);
  });
  it('tells a dead anchor; with --strict a warning counts', async () => {
    const dead = sound('dead-rule').replace("['blocked", "['blocked for more than', 'task blocked");
    const dir = ownRules('dead', { 'dead-rule.yaml': dead });
    const { code, stdout } = await run('rules', 'lint', dir, ALONE);
    expect(stdout).toContain(
      'warning anchor-dead: match.anchors.1: lines with "task blocked for more than" are found by "blocked for more than"',
    );
    expect(code).toBe(0);
    expect((await run('rules', 'lint', dir, ALONE, '--strict')).code).toBe(1);
  });
  it('ends with 2 when a rule cannot be read, with its place', async () => {
    const dir = ownRules('broken', { 'broken.yaml': 'id: broken\nkind: log\n' });
    const { code, stdout } = await run('rules', 'lint', dir, ALONE);
    expect(stdout).toMatch(/broken\.yaml:1:1: layer: is missing/u);
    expect(code).toBe(2);
  });
});

describe('rules test DIR', () => {
  it('runs the examples of the folder', async () => {
    const dir = ownRules('proved', { 'proved-rule.yaml': sound('proved-rule') });
    expect(await run('rules', 'test', dir, ALONE)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'forensics: 2 examples of 1 rule, 0 failed\nforensics: 2 mutations, 0 failed, 0 not testable\n',
    });
  });
  it('ends with 1 and shows expected and found', async () => {
    const dir = ownRules('wrong', {
      'wrong-rule.yaml': sound('wrong-rule').replace("seconds: '122'", "seconds: '12'"),
    });
    const { code, stdout } = await run('rules', 'test', dir, ALONE);
    expect(stdout).toBe(
      `${dir}/signatures/wrong-rule.yaml:1: examples.match.0: INFO: task loki:12 blocked for more than 122 seconds\n` +
        '  - seconds: 12\n  + seconds: 122\n',
    );
    expect(code).toBe(1);
  });
  it('ends with 2 when a rule cannot be read', async () => {
    const dir = ownRules('unreadable', { 'unreadable.yaml': 'id: [' });
    expect((await run('rules', 'test', dir, ALONE)).code).toBe(2);
  });
});

describe('rules new', () => {
  const line = 'Jun 11 11:04:35 node-7 kernel: EDAC MC0: 1 CE memory read error on CPU_SrcID#0 (page:0x12ab)';
  it('writes a skeleton that proves itself and that lint wants finished', async () => {
    const dir = ownRules('begun', {});
    const { code, stderr } = await run('rules', 'new', line, '-o', join(dir, 'signatures'));
    const path = join(dir, 'signatures', 'edac-mc-ce-memory-read-error.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: `forensics: wrote ${path}\n` });
    expect(readFileSync(path, 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=(?:\.\.\/)+.*schema\/signature\.json\n/u,
    );
    expect(readFileSync(path, 'utf8')).toContain('  - kernel\n');
    expect((await run('rules', 'test', dir, ALONE)).code).toBe(0);
    const linted = await run('rules', 'lint', dir, ALONE);
    expect(linted.stdout).toContain('error unfinished: title');
    expect(linted.code).toBe(1);
  });
  it('does not write over a file', async () => {
    const path = join(folder, 'mine.yaml');
    writeFileSync(path, 'mine');
    const { code, stderr } = await run('rules', 'new', line, '-o', path);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `forensics: ${path} is already there\n` });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });
});
