import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { userError } from '../model/errors.ts';

export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/** Temporary files that are not yet in place; removed when the run is interrupted. */
const unfinished = new Set<string>();

export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/**
 * Writes all files or none: each goes to a temporary name beside its place, then all are renamed.
 *
 * @throws {UserError} `OUTPUT_FAILED` with the reason of the operating system
 */
export function writeWhole(files: readonly OutputFile[]): void {
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { path, text } of files) {
      const to = resolve(path);
      if (existsSync(to) && statSync(to).isDirectory())
        throw userError('OUTPUT_FAILED', `cannot write ${path}: it is a folder`);
      mkdirSync(dirname(to), { recursive: true });
      const from = join(dirname(to), `.${basename(to)}.${process.pid}.tmp`);
      unfinished.add(from);
      writeFileSync(from, text);
      staged.push({ from, to });
    }
    for (const { from, to } of staged) {
      renameSync(from, to);
      unfinished.delete(from);
    }
  } catch (error) {
    removeUnfinished();
    if (error instanceof Error && 'syscall' in error) {
      throw userError('OUTPUT_FAILED', `cannot write ${files.map(({ path }) => path).join(', ')}: ${error.message}`);
    }
    throw error;
  }
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
