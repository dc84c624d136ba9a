/**
 * Opens a bundle: folders, archives, single files and standard input, together one incident.
 *
 * Plain text files of folders are read in place; everything else is unpacked into memory or, when large, into a
 * temporary folder that `close()` removes. What cannot be read becomes a diagnostic; only a bundle that is missing or
 * has nothing readable in it is an error.
 */
import { type Stats, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Bundle, type CollectionHint, type Diagnostic, type Source, userError } from '../model/index.ts';
import { byText } from '../text/order.ts';
import type { ByteStream } from './byte-stream.ts';
import { newContainer, type Place, pathNamer, place } from './container.ts';
import { contentKind, HEAD_BYTES } from './content-kind.ts';
import { withoutDuplicates } from './duplicates.ts';
import { fileChunks, readHead } from './file-chunks.ts';
import { codeOf, listFolder } from './folder.ts';
import { recogniseLayout } from './layouts/index.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { bundleName, memberPath } from './names.ts';
import { remarks } from './remarks.ts';
import { rotations } from './rotation.ts';
import { openStore } from './store.ts';
import type { ModifiedAt } from './tar.ts';
import { encodingNote } from './text-encoding.ts';
import { type Found, fileStream, mayTakeAnother, type Run, TOP, unpack } from './unpack.ts';

export interface OpenOptions {
  /** Read where a path is `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Only for tests and unusual machines. */
  readonly limits?: Partial<Limits>;
}

/** One thing that the user named, with what was found in it. */
interface Input {
  readonly name: string;
  /** Whether its members get a path of their own below its name when there are several inputs. */
  readonly holdsMany: boolean;
  readonly found: readonly Found[];
  readonly modified: readonly ModifiedAt[];
  pathOf(place: Place): string;
}

/** A diagnostic whose path is known when its input is complete. */
interface Pending {
  readonly at: Place | undefined;
  readonly input: number;
  readonly diagnostic: Omit<Diagnostic, 'source'>;
}

const UTF8_BOM_BYTES = 3;

/**
 * @param paths folders, archives, files, or `-` for standard input
 * @throws UserError `BUNDLE_NOT_FOUND`, `BUNDLE_UNREADABLE`
 */
export async function openBundle(paths: readonly string[], options: OpenOptions = {}): Promise<Bundle> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const collected = remarks();
  const store = openStore(limits);
  try {
    const pending: Pending[] = [];
    const inputs: Input[] = [];
    const progress = { members: 0, stopped: false };
    for (const [index, path] of [...new Set(paths)].sort(byText).entries()) {
      const remark: Run['remark'] = (at, diagnostic) => {
        pending.push({ at, input: index, diagnostic });
      };
      const run: Run = { limits, store, found: [], modified: [], ...progress, remark };
      inputs.push(await openInput(path, options, run));
      progress.members = run.members;
      progress.stopped = run.stopped;
    }
    const prefixes = prefixesOf(inputs);
    const pathOf = (index: number, at: Place) => `${prefixes[index] ?? ''}${inputs[index]?.pathOf(at) ?? at.name}`;
    const files = inputs.flatMap((input, index) =>
      input.found.map((found) => sourceOf(found, pathOf(index, found.place), collected.add)),
    );
    for (const { at, input, diagnostic } of pending) {
      collected.add(at === undefined ? diagnostic : { ...diagnostic, source: pathOf(input, at) });
    }
    if (files.length === 0) {
      throw nothingReadable(paths, collected.finish());
    }
    const name = inputs.map((input) => input.name).join('+');
    const layout = recogniseLayout(uniquePaths(files), name);
    const sources = withRotations(withoutDuplicates(layout.sources, collected.add));
    return {
      name,
      layout: layout.id,
      sources,
      collectionHints: [
        ...layout.hints,
        ...inputs.flatMap((input, index) => fileTimeHint(input, prefixes[index] ?? '')),
      ],
      diagnostics: collected.finish(),
      close: store.close,
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Sources with their place in the log that they are a part of. */
function withRotations(sources: readonly Source[]): readonly Source[] {
  const places = rotations(sources.map(({ path }) => path));
  return sources.map((source) => {
    const rotation = places.get(source.path);
    return rotation === undefined ? source : { ...source, context: { ...source.context, rotation } };
  });
}

async function openInput(path: string, options: OpenOptions, run: Run): Promise<Input> {
  const fileName = path === '-' ? 'stdin' : basename(resolve(path));
  const container = newContainer(undefined, true);
  const isFolder = path !== '-' && isFolderPath(path);
  if (path === '-') {
    await unpack(run, place(container, fileName), standardInput(options.stdin));
  } else if (isFolder) {
    await openFolder(run, container, path);
  } else {
    await openFile(run, place(container, fileName), path);
  }
  return {
    name: isFolder ? fileName : bundleName(fileName),
    holdsMany: isFolder || container.inner !== undefined,
    found: run.found,
    modified: run.modified,
    pathOf: pathNamer(container, isFolder),
  };
}

function standardInput(stdin: AsyncIterable<Uint8Array> | undefined): ByteStream {
  if (stdin === undefined) {
    throw userError('BUNDLE_NOT_FOUND', '-: there is no standard input. Pipe a file or an archive into the command.');
  }
  return stdin;
}

function isFolderPath(path: string): boolean {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch (error) {
    const code = codeOf(error);
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? userError('BUNDLE_NOT_FOUND', `${path}: no such file or folder. Check the path.`)
      : userError('BUNDLE_UNREADABLE', `${path}: cannot be read (${code}). Check its permissions.`);
  }
  if (!stat.isDirectory() && !stat.isFile()) {
    throw userError(
      'BUNDLE_UNREADABLE',
      `${path}: neither a file nor a folder. Pipe its content in with \`-\` instead.`,
    );
  }
  return stat.isDirectory();
}

async function openFolder(run: Run, container: ReturnType<typeof newContainer>, root: string): Promise<void> {
  let listed: ReturnType<typeof listFolder>;
  try {
    listed = listFolder(root);
  } catch (error) {
    throw userError('BUNDLE_UNREADABLE', `${root}: cannot be read (${codeOf(error)}). Check its permissions.`);
  }
  for (const { code, name, message } of listed.remarks) {
    const severity = code === 'file-unreadable' ? 'warning' : 'info';
    run.remark({ container, name }, { severity, code, message });
  }
  for (const { name, file } of listed.files) {
    if (!mayTakeAnother(run)) {
      return;
    }
    await openFile(run, place(container, memberPath(name) ?? name), file);
  }
}

/** A file of the file system: text is read in place, later; the rest is unpacked now. */
async function openFile(run: Run, at: Place, file: string): Promise<void> {
  let head: Uint8Array;
  let size: number;
  try {
    ({ head, size } = readHead(file, HEAD_BYTES));
  } catch (error) {
    run.remark(at, { severity: 'warning', code: 'file-unreadable', message: `Cannot be read (${codeOf(error)}).` });
    return;
  }
  const content = contentKind(head);
  if (content.kind === 'text' && (content.encoding === 'utf-8' || content.encoding === 'utf-8-bom')) {
    const note = encodingNote(content.encoding);
    const start = note === undefined ? 0 : UTF8_BOM_BYTES;
    run.found.push({
      place: at,
      bytes: size - start,
      notes: note === undefined ? [] : [note],
      read: (onError) => fileChunks(file, start, size, onError),
    });
    return;
  }
  await unpack(run, at, fileStream(file), TOP, file);
}

function sourceOf(found: Found, path: string, remark: (diagnostic: Diagnostic) => void): Source {
  const onError = (error: Error) => {
    remark({
      severity: 'warning',
      code: 'file-unreadable',
      message: `Reading broke off (${codeOf(error)}).`,
      source: path,
    });
  };
  return { path, bytes: found.bytes, context: {}, notes: found.notes, read: () => found.read(onError) };
}

/** Several inputs are told apart by their names; a single file has its own. */
function prefixesOf(inputs: readonly Input[]): readonly string[] {
  const taken = new Set<string>();
  return inputs.map((input) => {
    if (inputs.length === 1 || !input.holdsMany) {
      return '';
    }
    let prefix = `${input.name}/`;
    for (let n = 2; taken.has(prefix); n += 1) {
      prefix = `${input.name}-${n}/`;
    }
    taken.add(prefix);
    return prefix;
  });
}

/** Sorted by path; a path that occurs again (archives may) gets a number. */
function uniquePaths(sources: readonly Source[]): readonly Source[] {
  const seen = new Map<string, number>();
  return [...sources]
    .sort((a, b) => byText(a.path, b.path))
    .map((source) => {
      const count = (seen.get(source.path) ?? 0) + 1;
      seen.set(source.path, count);
      return count === 1 ? source : { ...source, path: `${source.path}~${count}` };
    });
}

/** Times of archive members, the weakest sign of when the bundle was made. Files of a folder tell when they were copied. */
function fileTimeHint(input: Input, prefix: string): readonly CollectionHint[] {
  const newest = input.modified
    .filter((modified) => !('year' in modified) || (modified.month >= 1 && modified.month <= 12 && modified.day >= 1))
    .reduce<ModifiedAt | undefined>(
      (best, next) => (best === undefined || roughMs(next) > roughMs(best) ? next : best),
      undefined,
    );
  if (newest === undefined || roughMs(newest) < Date.UTC(1990, 0, 1)) {
    return [];
  }
  const under = prefix === '' ? {} : { under: prefix };
  return [
    'epochMs' in newest
      ? { stamp: { kind: 'instant', epochMs: newest.epochMs, precisionMs: 1000 }, basis: 'file times', ...under }
      : { stamp: { kind: 'wall', ...newest, precisionMs: 2000 }, basis: 'file times', ...under },
  ];
}

function roughMs(modified: ModifiedAt): number {
  return 'epochMs' in modified
    ? modified.epochMs
    : Date.UTC(modified.year, modified.month - 1, modified.day) + modified.msOfDay;
}

function nothingReadable(paths: readonly string[], diagnostics: readonly Diagnostic[]): Error {
  const why = diagnostics.slice(0, 3).map((diagnostic) => `${diagnostic.source ?? 'input'}: ${diagnostic.message}`);
  return userError(
    'BUNDLE_UNREADABLE',
    `${paths.join(', ')}: holds no file that can be read. Give a folder, an archive or a file with logs.${
      why.length > 0 ? `\n${why.join('\n')}` : ''
    }`,
  );
}
