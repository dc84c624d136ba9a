import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byText } from '../text/order.ts';

/** One file of a rule folder. `path` is relative to the folder, with `/`. */
export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

const RULE_FOLDERS = ['signatures', 'links', 'incidents', 'playbooks'] as const;
const RULE_TABLES = ['model', 'must-orders', 'roles', 'tags'] as const;

/** Larger files are no rules. */
const MOST_BYTES = 1024 * 1024;

/** Every YAML file of a rule folder, sorted by path. Undefined when there is no such folder. */
export function readRuleFiles(folder: string): RuleFile[] | undefined {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  const paths: string[] = [];
  for (const name of RULE_FOLDERS) collect(folder, name, paths);
  for (const name of RULE_TABLES) {
    if (existsSync(join(folder, `${name}.yaml`))) paths.push(`${name}.yaml`);
  }
  return paths.sort(byText).map((path) => {
    const bytes = readFileSync(join(folder, path));
    return { path, text: bytes.subarray(0, MOST_BYTES).toString('utf8') };
  });
}

function collect(folder: string, under: string, paths: string[]): void {
  const here = join(folder, under);
  if (!existsSync(here)) return;
  for (const entry of readdirSync(here, { withFileTypes: true })) {
    const path = `${under}/${entry.name}`;
    if (entry.isDirectory()) collect(folder, path, paths);
    else if (/\.ya?ml$/u.test(entry.name)) paths.push(path);
  }
}

/** sha256 over paths and contents: changes with any byte of any file. */
export function contentHash(files: readonly RuleFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path}\0${text.length}\0`).update(text).update('\0');
  return hash.digest('hex');
}

/** The same over the program files of a folder: a library compiled by other code must not be used. */
export function codeHash(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const names = ['', 'condition'].flatMap((under) =>
    existsSync(join(folder, under))
      ? readdirSync(join(folder, under), { withFileTypes: true })
          .filter((entry) => entry.isFile() && /\.[jt]s$/u.test(entry.name) && !entry.name.endsWith('.d.ts'))
          .map((entry) => (under === '' ? entry.name : `${under}/${entry.name}`))
      : [],
  );
  return contentHash(names.sort(byText).map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })));
}
