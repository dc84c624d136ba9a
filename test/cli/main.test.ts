import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index.ts';
import { incidentReportSchema } from '../../src/model/report.ts';
import { TOOL_VERSION } from '../../src/version.ts';

let folder: string;
let bundle: string;
let healthy: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forensics-cli-'));
  bundle = join(folder, 'bundle');
  healthy = join(folder, 'healthy');
  mkdirSync(bundle);
  mkdirSync(healthy);
  writeFileSync(
    join(bundle, 'journal.log'),
    [
      'Nov 14 02:57:10 node-a systemd[1]: Started Session 12 of user root.',
      'Nov 14 02:57:18 node-a kernel: nfs: server filer.lan not responding, still trying',
      'Nov 14 02:59:00 node-a kernel: INFO: task app:4711 blocked for more than 245 seconds.',
      'Nov 14 02:59:02 node-a backup[99]: login with password=hunter2hunter2',
      '',
    ].join('\n'),
  );
  writeFileSync(join(healthy, 'journal.log'), 'Nov 14 02:57:10 node-a systemd[1]: Started Session 12 of user root.\n');
  writeFileSync(join(folder, 'noise.bin'), Buffer.from([0, 1, 2, 3, 255, 254, 0, 0, 9]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* nothing(): AsyncGenerator<Uint8Array> {}

interface Given {
  readonly tty?: boolean;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
}

async function run(argv: readonly string[], { tty = false, env = {}, stdin }: Given = {}) {
  let stdout = '';
  let stderr = '';
  async function* input(): AsyncGenerator<Uint8Array> {
    if (stdin !== undefined) yield new TextEncoder().encode(stdin);
  }
  const code = await main(argv, {
    stdout: { isTTY: tty, write: (text) => (stdout += text) },
    stderr: { isTTY: false, write: (text) => (stderr += text) },
    stdin: stdin === undefined ? nothing() : input(),
    env,
  });
  return { code, stdout, stderr };
}

describe('help', () => {
  it('lists the commands', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'analyze',
      'postmortem',
      'explain',
      'why-not',
      'inspect',
      'rules',
      'schema',
      'collect-script',
      'completion',
    ]) {
      expect(stdout).toContain(`forensics ${command}`);
    }
  });
  it('explains a command', async () => {
    expect((await run(['analyze', '--help'])).stdout).toContain('--fail-on');
    expect((await run(['rules', '--help'])).stdout).toContain('rules lint');
  });
  it('prints the version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${TOOL_VERSION}\n`, stderr: '' });
  });
  it('prints a completion script', async () => {
    expect((await run(['completion'])).stdout).toContain('forensics');
  });
});

describe('wrong use ends with 2 and one line', () => {
  it.each([
    ['no command', [], 'a command is needed'],
    ['an unknown command', ['anlyze', 'x'], 'did you mean analyze'],
    ['no path', ['analyze'], 'an argument is missing'],
    ['an unknown option', ['analyze', 'x', '--nope'], 'nope'],
    [
      'an unknown format',
      ['analyze', 'x', '-f', 'pdf'],
      'there is no format pdf; formats are md, html, json, junit, text',
    ],
    ['a format that does not exist yet', ['analyze', 'x', '-f', 'sarif'], 'formats are md, html'],
    ['a prototype name as format', ['analyze', 'x', '-f', 'constructor'], 'there is no format constructor'],
    ['several formats without folder', ['analyze', 'x', '-f', 'md', '-f', 'json'], '--output FOLDER'],
    ['a wrong level', ['analyze', 'x', '--fail-on', 'bad'], '--fail-on takes none, info, warning'],
    ['a wrong time', ['analyze', 'x', '--since', 'yesterday'], '--since takes an ISO time'],
    [
      'times the wrong way round',
      ['analyze', 'x', '--since', '2025-02-01', '--until', '2025-01-01'],
      '--since lies after',
    ],
    ['a wrong zone', ['analyze', 'x', '--timezone', 'Mars/Olympus'], '--timezone takes a zone'],
    ['a wrong redaction', ['analyze', 'x', '--redact', 'all'], '--redact takes'],
    ['no jobs', ['analyze', 'x', '--jobs', '0'], '--jobs takes'],
    ['a template that is not there', ['analyze', 'x', '--template', '/nowhere.hbs'], 'cannot read the template'],
    ['a template for json', ['analyze', 'x', '-f', 'json', '--template', 'y'], '--template is for'],
    ['a baseline that is none', ['analyze', 'x', '--baseline', 'y'], '--baseline: y is no JSON report'],
    ['rules without verb', ['rules'], 'rules needs one of'],
    ['an unknown rule', ['rules', 'show', 'kernel-hung-tsk'], 'there is no rule kernel-hung-tsk'],
    ['an unknown schema', ['schema', 'x'], 'report'],
    ['a rule folder that is not there', ['rules', 'list', '--rules', '/nowhere'], '/nowhere'],
  ])('%s', async (_, argv, message) => {
    const { code, stdout, stderr } = await run(argv);
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(stderr).toMatch(/^forensics: [^\n]+\n$/u);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('input that cannot be analyzed ends with 3', () => {
  it.each([
    ['not there', '/nowhere/bundle'],
    ['nothing recognised', 'noise.bin'],
  ])('%s', async (_, path) => {
    const { code, stdout, stderr } = await run(['analyze', join(folder, path).replace(`${folder}//`, '/')]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^forensics: /u);
    expect(stderr).not.toContain('    at ');
  });
});

describe('analyze', () => {
  it('writes Markdown where stdout is no terminal, text where it is', async () => {
    const piped = await run(['analyze', bundle]);
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    expect(piped.stdout).toMatch(/^# Post-mortem: /u);
    const shown = await run(['analyze', bundle], { tty: true });
    expect(shown.stdout).toContain('Root cause');
    expect(shown.stdout).toContain('\u001b[');
  });
  it.each([
    ['NO_COLOR', ['analyze', ''], { NO_COLOR: '1' }],
    ['--no-color', ['analyze', '--no-color', ''], {}],
  ])('respects %s', async (_, argv, env) => {
    const args = argv.map((word) => (word === '' ? bundle : word));
    expect((await run(args, { tty: true, env })).stdout).not.toContain('\u001b[');
  });
  it('writes a report that keeps to its schema, without secrets and paths of the machine', async () => {
    const { stdout } = await run(['analyze', bundle, '-f', 'json']);
    const report = incidentReportSchema.parse(JSON.parse(stdout));
    expect(report.incidents[0]?.hypotheses[0]?.title).toContain('filer.lan');
    expect(stdout).not.toContain('hunter2');
    expect(stdout).not.toContain(folder);
  });
  it('reads standard input', async () => {
    const { code, stdout } = await run(['analyze', '-', '-f', 'json'], {
      stdin: readFileSync(join(bundle, 'journal.log'), 'utf8'),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'incident' });
  });
  it('writes several formats into a folder and leaves nothing else there', async () => {
    const out = join(folder, 'out');
    const { code, stdout } = await run([
      'analyze',
      bundle,
      '-f',
      'md,html',
      '-f',
      'json',
      '-f',
      'junit',
      '-f',
      'text',
      '-o',
      out,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readdirSync(out).sort()).toEqual([
      'junit.xml',
      'post-mortem.html',
      'post-mortem.md',
      'report.json',
      'summary.txt',
    ]);
  });
  it('takes the format from the name of the output', async () => {
    const file = join(folder, 'page.html');
    await run(['analyze', bundle, '-o', file]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/u);
  });
  it('leaves an older output alone when the new one cannot be made', async () => {
    const file = join(folder, 'old.md');
    const broken = join(folder, 'broken.hbs');
    writeFileSync(file, 'old');
    writeFileSync(broken, '{{#if title}}');
    expect((await run(['analyze', bundle, '-o', file, '--template', broken])).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
  it('says why an output cannot be written', async () => {
    const { code, stderr } = await run(['analyze', bundle, '-o', join(bundle, 'journal.log', 'x.md')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^forensics: cannot write /u);
  });
  it('ends with 1 from the level of --fail-on', async () => {
    const { stdout } = await run(['analyze', bundle, '-f', 'json']);
    const level = { SEV1: 3, SEV2: 2, SEV3: 1, SEV4: 0 }[
      incidentReportSchema.parse(JSON.parse(stdout)).incidents[0]?.severity ?? 'SEV4'
    ];
    const codes = await Promise.all(
      ['info', 'warning', 'error', 'critical'].map(
        async (failOn) => (await run(['analyze', bundle, '--fail-on', failOn])).code,
      ),
    );
    expect(codes).toEqual([0, 1, 2, 3].map((threshold) => Number(level >= threshold)));
    expect((await run(['analyze', healthy, '--fail-on', 'info'])).code).toBe(0);
  });
  it('does not count what the baseline knows', async () => {
    const baseline = join(folder, 'baseline.json');
    await run(['analyze', bundle, '-f', 'json', '-o', baseline]);
    const { code, stdout } = await run(['analyze', bundle, '-f', 'json', '--baseline', baseline, '--fail-on', 'info']);
    expect(code).toBe(0);
    const { incidents } = incidentReportSchema.parse(JSON.parse(stdout));
    expect(incidents.length).toBeGreaterThan(0);
    for (const { known } of incidents) expect(known).toBe(true);
  });
  it('finds nothing in a healthy log', async () => {
    expect((await run(['analyze', healthy])).stdout).toMatch(/^# No incident found in /u);
  });
  it('tells about the reading on stderr only when asked', async () => {
    expect((await run(['analyze', bundle, '--verbose'])).stderr).toMatch(
      /forensics: read 1 files, 4 lines in [\d.]+ s/u,
    );
    expect((await run(['analyze', bundle, '--quiet'])).stderr).toBe('');
  });
});

describe('what a report is used for afterwards', () => {
  it('the post-mortem is the same from the report as from the bundle', async () => {
    const file = join(folder, 'report.json');
    await run(['analyze', bundle, '-f', 'json', '-o', file]);
    const fromReport = await run(['postmortem', file]);
    expect(fromReport).toEqual(await run(['postmortem', bundle]));
    expect(fromReport.stdout).toBe((await run(['analyze', bundle, '-f', 'md'])).stdout);
  });
  it('explains a fact by its rule', async () => {
    const { code, stdout } = await run(['explain', bundle, 'kernel-hung-task']);
    expect(code).toBe(0);
    expect(stdout).toContain('journal.log:3: ');
    expect((await run(['explain', bundle, 'no-such-fact'])).code).toBe(2);
  });
  it('refuses a report of another version', async () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, JSON.stringify({ schemaVersion: '9.9', tool: { name: 'forensics' } }));
    const { code, stderr } = await run(['postmortem', file]);
    expect(code).toBe(3);
    expect(stderr).toContain('is no report of this version: schemaVersion');
  });
});

describe('why-not', () => {
  it('says that nothing holds an anchor', async () => {
    const { code, stdout } = await run(['why-not', healthy, 'kernel-hung-task']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kernel-hung-task found nothing\.\nNo line that was read holds /u);
  });
  it('shows where pattern and line part', async () => {
    const near = join(folder, 'near.log');
    writeFileSync(near, 'Nov 14 02:59:00 node-a kernel: INFO: task app:4711 blocked for more than many seconds.\n');
    const { stdout } = await run(['why-not', near, 'kernel-hung-task']);
    expect(stdout).toContain('near.log:1: ');
    expect(stdout).toMatch(/The pattern (?:matches up to|does not begin)/u);
  });
  it('says when a rule did find something', async () => {
    expect((await run(['why-not', bundle, 'kernel-hung-task'])).stdout).toContain('did find something: 1 fact.');
  });
  it('knows no other rules', async () => {
    expect((await run(['why-not', healthy, 'kernel-hung-tsk'])).code).toBe(2);
  });
});

describe('inspect', () => {
  it('shows files, clocks and what is missing', async () => {
    const { code, stdout } = await run(['inspect', bundle]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/journal\.log +journal-short +node-a +4 +100 %/u);
    expect(stdout).toContain('kubectl get nodes -o wide');
    expect(stdout).toContain('node/node-a: ');
  });
  it('as JSON', async () => {
    const { stdout } = await run(['inspect', bundle, '-f', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      nodes: ['node-a'],
      files: [{ path: 'journal.log', lines: 4, understood: 1 }],
    });
    expect((await run(['inspect', bundle, '-f', 'html'])).code).toBe(2);
  });
});

describe('rules and schemas', () => {
  it('lists and shows rules', async () => {
    expect((await run(['rules', 'list'])).stdout).toMatch(/^signature kernel-hung-task /mu);
    const { stdout } = await run(['rules', 'show', 'kernel-hung-task']);
    expect(stdout).toMatch(/^# signature, .*kernel-hung-task\.yaml:\d+$/mu);
    expect(stdout).toContain('id: kernel-hung-task');
  });
  it('begins a rule from a line', async () => {
    const { code, stdout } = await run(['rules', 'new'], {
      stdin: 'Nov 14 02:59:00 n kernel: usb 1-1: device descriptor read failed, error -71\n',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('device descriptor read failed');
    expect((await run(['rules', 'new'], { stdin: '' })).code).toBe(2);
  });
  it('lints and tests a folder of rules', async () => {
    const dir = join(folder, 'own');
    mkdirSync(join(dir, 'signatures'), { recursive: true });
    writeFileSync(join(dir, 'signatures', 'broken.yaml'), 'id: broken\nkind: log\n');
    const linted = await run(['rules', 'lint', dir, '--no-builtin-rules']);
    expect(linted.code).toBe(2);
    expect(linted.stdout).toMatch(/broken\.yaml:\d+/u);
    expect((await run(['rules', 'test', dir, '--no-builtin-rules'])).code).toBe(2);
  });
  it('prints the schemas', async () => {
    expect((await run(['schema', 'report'])).stdout).toBe(
      readFileSync(new URL('../../schema/report.json', import.meta.url), 'utf8'),
    );
    expect(Object.keys(JSON.parse((await run(['schema', 'rules'])).stdout))).toContain('signature');
    expect(JSON.parse((await run(['schema', 'rules', 'link'])).stdout)).toHaveProperty('properties.mechanism');
  });
  it('prints the collect script', async () => {
    expect((await run(['collect-script'])).stdout).toMatch(/^#!\/bin\/sh/u);
  });
});
