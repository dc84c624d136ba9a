/** What the slices of a large document yield, put together as if it had been read at once. */

import type { Listing, LogRecord } from '../model/index.ts';

export interface Renumbering {
  /** Records of the next slice with ids and places in the order of the whole file. */
  next(records: readonly LogRecord[]): LogRecord[];
}

/** Lines may hold records of two slices, a file on one line of all of them. */
export function renumber(path: string): Renumbering {
  let seq = 0;
  let counts = new Map<number, number>();
  return {
    next(records) {
      const renumbered = records.map((record) => {
        const { line } = record.ref;
        const nth = (counts.get(line) ?? 0) + 1;
        counts.set(line, nth);
        seq += 1;
        return { ...record, id: nth === 1 ? `${path}:${line}` : `${path}:${line}#${nth}`, seq: seq - 1 };
      });
      const last = Math.max(0, ...counts.keys());
      counts = new Map([[last, counts.get(last) ?? 0]]);
      return renumbered;
    },
  };
}

/** One listing of each kind; complete when every part of it is. */
export function joinListings(listings: readonly Listing[], isWhole: boolean): Listing[] {
  const joined = new Map<string, Listing>();
  for (const listing of listings) {
    const { kind, namespace, complete, rows } = listing;
    const known = joined.get(kind);
    joined.set(
      kind,
      known === undefined
        ? { ...listing, complete: complete && isWhole }
        : {
            ...known,
            // Objects of several namespaces come from a listing of all of them.
            namespace: known.namespace === namespace ? namespace : 'all',
            complete: known.complete && complete,
            rows: known.rows + rows,
          },
    );
  }
  return [...joined.values()];
}

/** A watch shows an object again at each change: only its last row is its state. */
export function lastRowsOnly(records: readonly LogRecord[]): LogRecord[] {
  const seen = new Set<string>();
  return records
    .toReversed()
    .map((record) => {
      const name = record.row?.values['name'];
      if (record.row === undefined || name === undefined) return record;
      const key = `${record.row.kind}/${String(record.row.values['namespace'] ?? '')}/${String(name)}`;
      if (!seen.has(key)) {
        seen.add(key);
        return record;
      }
      const { row: _earlier, ...rest } = record;
      return rest;
    })
    .toReversed();
}
