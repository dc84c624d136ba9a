/** What a collector's folder looks like, and what its paths say about the files in it. */
import type { SourceContext, Stamp } from '../../model/index.ts';

export interface Layout {
  /** As it appears in the report: `must-gather`. */
  readonly id: string;
  /**
   * The folder that the collector wrote, ending in `/` or empty, when `path` is one of the files by which it is known.
   * Called for every path of a bundle: plain comparisons of text, no regular expressions over whole paths.
   */
  marker(path: string): Marker | undefined;
  /** Different markers that must be seen below one root. */
  readonly needs: number;
  /** The one among them that must not be missing. */
  readonly requires?: string;
  /** What the path below the root says. */
  context(path: string): SourceContext;
  /** Times at which the collector ran, from files below the root or the root's own name. */
  collected?(root: LayoutRoot): readonly DatedFile[];
  /** The machine that the whole root is of. */
  node?(root: LayoutRoot): string | undefined;
  /**
   * Does a file of the root say that this collector wrote it? Then no other layout of the same root holds; without that
   * word the markers count for nothing.
   */
  isProved?(root: LayoutRoot): boolean;
}

export interface Marker {
  readonly root: string;
  /** Which one of the markers it is. */
  readonly name: string;
}

export interface LayoutRoot {
  /** Last part of the root's path; the name of the bundle when the bundle is the root. */
  readonly name: string;
  /** First bytes (8 KiB unless told) of a file below the root as text, undefined when there is none of that path. */
  text(path: string, bytes?: number): string | undefined;
}

export interface DatedFile {
  readonly stamp: Stamp;
  /** For the report: `timestamp`, `name of the folder`. */
  readonly basis: string;
  /** One file or folder below the root; the whole root when absent. */
  readonly path?: string;
  /** The run itself, from `stamp` for its precision, not a moment near it. */
  readonly exact?: true;
}

/** The marker of a folder `name/…` anywhere in the path; the outermost one. */
export function folderMarker(path: string, name: string): Marker | undefined {
  const folder = `${name}/`;
  if (path.startsWith(folder)) {
    return { root: '', name };
  }
  const at = path.indexOf(`/${folder}`);
  return at < 0 ? undefined : { root: path.slice(0, at + 1), name };
}

/** The marker of a file of exactly that path below the root. */
export function fileMarker(path: string, name: string): Marker | undefined {
  return path === name || path.endsWith(`/${name}`)
    ? { root: path.slice(0, path.length - name.length), name }
    : undefined;
}

/** The first that fits. */
export function anyMarker(path: string, folders: readonly string[], files: readonly string[]): Marker | undefined {
  for (const name of folders) {
    const found = folderMarker(path, name);
    if (found !== undefined) {
      return found;
    }
  }
  for (const name of files) {
    const found = fileMarker(path, name);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** The folder above: `a/b/` → `a/`. */
export function parentOf(root: string): string {
  return root.slice(0, root.lastIndexOf('/', root.length - 2) + 1);
}

/** Context of a container's log. */
export function containerLog(
  namespace: string,
  pod: string,
  container: string | undefined,
  previous: boolean,
): SourceContext {
  return {
    namespace,
    pod: `${namespace}/${pod}`,
    ...(container === undefined ? {} : { container }),
    ...(previous ? { previous: true } : {}),
  };
}

/** An address names a node badly: its own logs carry its host name. */
export function hostName(text: string): string | undefined {
  return text === '' || /^[\d.]+$|^[0-9a-f:]*:[0-9a-f:]+$/iu.test(text) ? undefined : text;
}
