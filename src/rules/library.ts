import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeHash, contentHash, type RuleFile } from './files.ts';
import type { RuleData } from './rule-set.ts';

/**
 * The compiled library: rules/ as one JSON file beside the program, with conditions already parsed.
 *
 * It is only used when the hashes inside fit both the rule files as they are now and the program that reads them, so a
 * stale file costs time and nothing else.
 */
export interface Library {
  readonly rules: string;
  /** Hashes of src/rules and dist/rules: either may read what the other wrote. */
  readonly code: readonly string[];
  readonly hash: string;
  readonly data: RuleData;
}

const here = dirname(fileURLToPath(import.meta.url));
/** The package's folder, from src/rules as well as from dist/rules. */
const home = dirname(dirname(here));

export const BUILTIN_RULES = join(home, 'rules');
export const LIBRARY_FILE = join(home, 'dist', 'rules.json');

export function codeHashes(): string[] {
  return ['src', 'dist'].flatMap((folder) => codeHash(join(home, folder, 'rules')) ?? []);
}

/** The compiled form of these files, or undefined when there is none that fits. */
export function readLibrary(files: readonly RuleFile[], file: string = LIBRARY_FILE): Library | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const library = JSON.parse(readFileSync(file, 'utf8')) as Library;
    const code = codeHash(here);
    const fits = code !== undefined && library.code.includes(code) && library.rules === contentHash(files);
    return fits ? library : undefined;
  } catch {
    // Cut short or not JSON: as good as absent.
    return undefined;
  }
}
