import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

/** The table of folders is a lint rule: this proves that breaking it is reported, with the project's own configuration. */

const root = fileURLToPath(new URL('..', import.meta.url));

async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'breach-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = promisify(execFile)(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--colors=off', '--max-diagnostics=none', '.'],
    {
      cwd: folder,
    },
  );
  return run.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

const TARGETS = {
  'src/model/x.ts': 'export const x = 1;\n',
  'src/text/x.ts': 'export const x = 1;\n',
  'src/time/x.ts': 'export const x = 1;\n',
  'src/sources/x.ts': 'export const x = 1;\n',
  'src/scan/x.ts': 'export const x = 1;\n',
  'src/parsers/x.ts': 'export const x = 1;\n',
  'src/rules/x.ts': 'export const x = 1;\n',
  'src/facts/x.ts': 'export const x = 1;\n',
  'src/correlation/x.ts': 'export const x = 1;\n',
  'src/report/x.ts': 'export const x = 1;\n',
  'src/renderers/x.ts': 'export const x = 1;\n',
  'src/cli/x.ts': 'export const x = 1;\n',
};

describe('the table of folders', () => {
  it('reports every breach, at any depth', async () => {
    const found = await lint({
      ...TARGETS,
      'src/model/breach.ts': "export { x } from '../facts/x.ts';\n",
      'src/parsers/deep/breach.ts': "export { x } from '../../rules/x.ts';\n",
      'src/rules/condition/breach.ts': "export { x } from '../../parsers/x.ts';\n",
      'src/facts/breach.ts': "export { x } from '../correlation/x.ts';\n",
      'src/renderers/breach.ts': "export { x } from '../report/x.ts';\n",
      'src/cli/breach.ts': "export { x } from '../sources/x.ts';\n",
    });
    for (const [from, to] of [
      ['model', 'facts'],
      ['parsers', 'rules'],
      ['rules', 'parsers'],
      ['facts', 'correlation'],
      ['renderers', 'report'],
      ['cli', 'sources'],
    ]) {
      expect(found).toContain(`${from}/ may not import ${to}/`);
    }
    expect(found.match(/noRestrictedImports/gu)).toHaveLength(6);
  });

  it('lets the allowed ones pass', async () => {
    const found = await lint({
      ...TARGETS,
      'src/rules/fine.ts': "export { x } from '../time/x.ts';\n",
      'src/facts/fine.ts': "export { x } from '../rules/x.ts';\n",
      'src/cli/fine.ts': "export { x } from '../renderers/x.ts';\n",
    });
    expect(found).not.toContain('noRestrictedImports');
  });

  it('reports cycles of imports and packages that are not declared', async () => {
    const found = await lint({
      'src/text/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
      'src/text/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
      'src/text/c.ts': "import leftPad from 'left-pad';\nexport const c = leftPad;\n",
    });
    expect(found).toContain('noImportCycles');
    expect(found).toContain('noUndeclaredDependencies');
  });
});
