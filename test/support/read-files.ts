import { type ClockResult, resolveClocks } from '../../src/clocks/index.ts';
import type { Bundle, LogRecord, ReadSource } from '../../src/model/index.ts';
import { readSources } from '../../src/read.ts';
import { compileLiterals } from '../../src/scan/literals.ts';
import { openBundle } from '../../src/sources/index.ts';
import { type Files, folderOf } from '../sources/pack.ts';

export interface ReadFiles {
  readonly clocks: ClockResult;
  readonly bundle: Pick<Bundle, 'layout' | 'diagnostics'>;
  /** The only source, or the one of that path. */
  source(path?: string): ReadSource;
  /** Records of the source, in the order of the file. */
  records(path?: string): readonly LogRecord[];
}

/** Files of a folder, read like a bundle: decoded, parsed, and their times resolved. */
export async function readFiles(files: Files, options: { readonly collectedAt?: number } = {}): Promise<ReadFiles> {
  const bundle = await openBundle([folderOf(files)]);
  try {
    const read = await readSources(bundle, compileLiterals([]), new Map());
    const clocks = resolveClocks(read, bundle.collectionHints, options);
    const source = (path?: string): ReadSource => {
      const found = path === undefined ? clocks.sources[0] : clocks.sources.find((each) => each.path === path);
      if (!found) throw new Error(`no source ${path}; there are ${clocks.sources.map((each) => each.path).join(', ')}`);
      return found;
    };
    return {
      clocks,
      bundle: { layout: bundle.layout, diagnostics: bundle.diagnostics },
      source,
      records: (path) => source(path).records,
    };
  } finally {
    bundle.close();
  }
}

/** Begin of what a record's time may be, as ISO; undefined where it has none. */
export function isoOf(record: LogRecord | undefined): string | undefined {
  return record?.time === undefined ? undefined : new Date(record.time.at.earliest).toISOString();
}
