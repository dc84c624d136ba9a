/**
 * Lists the files of a folder, sorted by code units.
 *
 * Symbolic links are not followed: what they point to inside of the folder is listed under its own name, and what lies
 * outside is not part of the bundle.
 */
import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { byText } from '../text/order.ts';

export interface FolderFile {
  /** Relative to the folder, `/`-separated. */
  readonly name: string;
  readonly file: string;
}

export interface FolderRemark {
  readonly code: 'link-outside' | 'special-file' | 'file-unreadable';
  readonly name: string;
  readonly message: string;
}

export function listFolder(root: string): {
  readonly files: readonly FolderFile[];
  readonly remarks: readonly FolderRemark[];
} {
  const files: FolderFile[] = [];
  const remarks: FolderRemark[] = [];
  const realRoot = realpathSync(root);
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(join(root, folder), folder, remarks)) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const file = join(root, folder, entry.name);
      if (entry.isDirectory()) {
        pending.push(name);
      } else if (entry.isFile()) {
        files.push({ name, file });
      } else if (!entry.isSymbolicLink()) {
        remarks.push({ code: 'special-file', name, message: 'Skipped: a socket, pipe or device, not a file.' });
      } else if (!pointsInside(file, realRoot)) {
        remarks.push({
          code: 'link-outside',
          name,
          message: 'Not followed: the link leads out of the bundle or nowhere.',
        });
      }
    }
  }
  return { files: files.sort((a, b) => byText(a.name, b.name)), remarks };
}

function entriesOf(path: string, name: string, remarks: FolderRemark[]): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    remarks.push({ code: 'file-unreadable', name, message: `The folder cannot be read (${codeOf(error)}).` });
    return [];
  }
}

function pointsInside(link: string, realRoot: string): boolean {
  try {
    const target = realpathSync(link);
    return target === realRoot || target.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
  } catch {
    return false;
  }
}

/** `EACCES` and the like: the message of a system error holds absolute paths. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
