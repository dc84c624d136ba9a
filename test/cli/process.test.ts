import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** The built program as a process of its own: pipes and signals. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const home = join(root, 'node_modules', '.cache', 'forensics-process-test');
const program = join(home, 'dist', 'cli', 'main.js');
let folder: string;

beforeAll(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  for (const name of ['templates', 'rules', 'package.json']) symlinkSync(join(root, name), join(home, name));
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', join(home, 'dist')], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), 'forensics-process-'));
  writeFileSync(
    join(folder, 'a.log'),
    'Nov 14 02:57:18 node-a kernel: nfs: server filer.lan not responding, still trying\n',
  );
}, 120_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

it('writes a whole report to a pipe', () => {
  const { status, stdout } = spawnSync('node', [program, 'analyze', join(folder, 'a.log'), '-f', 'json'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: '1.0', verdict: 'incident' });
});

it('ends quietly when the reader goes away', () => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'set -o pipefail; node "$0" rules list --format json | head -n 1', program],
    // The shell complains about a locale that the machine does not have.
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '[\n', stderr: '' });
});

it('ends with 130 on SIGINT and leaves no file behind', async () => {
  const output = join(folder, 'out', 'report.md');
  mkdirSync(join(folder, 'out'));
  const child = spawn('node', [program, 'analyze', '-', '-o', output], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write('Nov 14 02:57:18 node-a kernel: nfs: server filer.lan not responding, still trying\n');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(130);
  expect(existsSync(output)).toBe(false);
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});
