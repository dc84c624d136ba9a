/**
 * Years of logs that were cut into parts: the end of a part is no later than the end of the next one, and no later than
 * the day that its name tells.
 */
import type { EpochMs, ReadSource } from '../model/index.ts';
import { wallMs } from './wall.ts';
import { type FileYears, fileYears, type Reference } from './years.ts';

/** @returns by path of the source; undefined for files without yearless times */
export function yearsOfSources(
  sources: readonly ReadSource[],
  referenceOf: (source: ReadSource) => Reference,
): ReadonlyMap<string, FileYears | undefined> {
  const years = new Map<string, FileYears | undefined>();
  const ends = new Map<string, EpochMs>();
  // The newest part of each log first: it bounds the ones before.
  const order = sources.toSorted((a, b) => (b.context.rotation?.index ?? 0) - (a.context.rotation?.index ?? 0));
  for (const source of order) {
    const { rotation } = source.context;
    const reference = boundedBy(referenceOf(source), rotation?.endedBefore, ends.get(rotation?.series ?? ''));
    const found = fileYears(source, reference);
    years.set(source.path, found);
    const end = rotation === undefined ? undefined : endOf(source, found);
    if (rotation !== undefined && end !== undefined) {
      ends.set(rotation.series, end);
    }
  }
  return years;
}

function boundedBy(reference: Reference, endedBefore: EpochMs | undefined, nextEnd: EpochMs | undefined): Reference {
  const { latestMs } = reference;
  const bound = Math.min(latestMs, endedBefore ?? latestMs, nextEnd ?? latestMs);
  if (bound === endedBefore && bound < latestMs) {
    return { latestMs: bound, basis: 'name of the rotated file', assumed: false };
  }
  return { ...reference, latestMs: bound };
}

function endOf({ volume, records }: ReadSource, years: FileYears | undefined): EpochMs | undefined {
  const stamp = volume?.lastStamp ?? records.at(-1)?.stamp;
  const line = volume?.lastLine ?? records.at(-1)?.ref.line ?? 0;
  if (stamp?.kind === 'instant') {
    return stamp.epochMs;
  }
  const year = stamp?.kind === 'wall' ? (stamp.year ?? years?.yearAt(line)) : undefined;
  return stamp?.kind === 'wall' && year !== undefined ? wallMs(stamp, year) : undefined;
}
