/** Runs the collection script with programs of the tests' own. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'templates', 'collect.sh');
export const TOOLS =
  'sh date uname mktemp mkdir tr sed cat tar gzip wc sleep rm grep tail dirname basename id true'.split(' ');

let home = '';

/** Folder of the test file's runs. */
export function homeFolder(): string {
  return home;
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'collect-test-'));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** A folder of programs: the given tools of this machine and the stubs. */
export function programs(name: string, tools: readonly string[], stubs: Readonly<Record<string, string>>): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const tool of tools) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (found.startsWith('/')) {
      symlinkSync(found, join(folder, tool));
    }
  }
  for (const [stub, text] of Object.entries(stubs)) {
    writeFileSync(join(folder, stub), text);
    chmodSync(join(folder, stub), 0o755);
  }
  return folder;
}

export interface Run {
  readonly status: number | null;
  readonly stderr: string;
  /** Path of the archive; undefined when none was written. */
  readonly archive: string | undefined;
  /** Unpacked archive. */
  readonly root: string;
  readonly files: readonly string[];
  readonly calls: readonly string[];
  read(path: string): string;
}

export function collect(name: string, path: string, ...options: readonly string[]): Run {
  const folder = join(home, `${name}-out`);
  mkdirSync(folder, { recursive: true });
  const calls = join(home, `${name}-calls.txt`);
  writeFileSync(calls, '');
  const env = { PATH: path, HOME: home, TMPDIR: home, CALLS: calls, TZ: 'UTC' };
  const run = spawnSync('/bin/sh', [SCRIPT, '-o', folder, ...options], { env, encoding: 'utf8', cwd: folder });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tar.gz'));
  if (archive !== undefined) {
    execFileSync('tar', ['-xzf', archive], { cwd: folder });
  }
  const root = join(folder, readdirSync(folder).find((file) => /^forensics-.*Z$/u.test(file)) ?? 'none');
  return {
    status: run.status,
    stderr: run.stderr,
    archive: archive === undefined ? undefined : join(folder, archive),
    root,
    files: existsSync(root) ? listFiles(root) : [],
    calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean),
    read: (file) => readFileSync(join(root, file), 'utf8'),
  };
}

function listFiles(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? listFiles(folder, path) : [path];
    })
    .toSorted();
}
