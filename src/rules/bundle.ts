import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compileFolder, hashOf, NO_RULES } from './compile.ts';
import { contentHash, readRuleFiles } from './files.ts';
import { BUILTIN_RULES, codeHashes, LIBRARY_FILE, type Library } from './library.ts';
import { describeProblem, type RuleProblem } from './problem.ts';

/**
 * Compiles rules/ into dist/rules.json; the last step of the build.
 * Broken rules leave no library behind: the program then reads the YAML and says what is wrong.
 */
export function writeLibrary(folder: string = BUILTIN_RULES, file: string = LIBRARY_FILE): readonly RuleProblem[] {
  const files = readRuleFiles(folder) ?? [];
  const { data, problems } = compileFolder(NO_RULES, files, 'rules/');
  rmSync(file, { force: true });
  if (problems.length > 0) return problems;
  const library: Library = { rules: contentHash(files), code: codeHashes(), hash: hashOf(data), data };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(library));
  renameSync(`${file}.tmp`, file);
  return [];
}

if (process.argv[1] !== undefined && import.meta.url.endsWith('/bundle.js') && process.argv[1].endsWith('bundle.js')) {
  for (const problem of writeLibrary()) process.stderr.write(`${describeProblem(problem)}\n`);
}
