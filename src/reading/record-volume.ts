/**
 * What the scan tells of a log, for logs that are read as documents: `journalctl -o export`, `verbose`, `json-pretty`.
 * First and last line, silences, and which program instance wrote from when to when.
 */
import type { LogRecord, LogVolume, Stamp, Writer } from '../model/index.ts';
import { scaleOf } from '../parsers/stamp-scale.ts';
import { timeline } from '../scan/timeline.ts';

/** Undefined where no record is a line of a log. */
export function volumeOfRecords(records: readonly LogRecord[]): LogVolume | undefined {
  const lines = records.filter(({ kind }) => kind === 'log');
  if (lines.length === 0) {
    return undefined;
  }
  const stamps = new Map<number, Stamp>();
  const times = timeline((value) => stamps.get(value));
  const writers = new Map<string, { -readonly [K in keyof Writer]: Writer[K] }>();
  for (const { stamp, ref, node, unit, process } of lines) {
    const value = stamp === undefined ? undefined : scaleOf(stamp);
    if (stamp !== undefined && value !== undefined && value >= 0) {
      stamps.set(value, stamp);
      times.add(value, ref.line, 0);
    }
    const name = process?.name ?? unit;
    if (name === undefined) {
      continue;
    }
    const key = `${node ?? ''}\n${name}\n${process?.pid ?? ''}`;
    const known = writers.get(key);
    if (known === undefined) {
      writers.set(key, {
        name,
        ...(process === undefined ? {} : { pid: process.pid }),
        ...(node === undefined ? {} : { node }),
        lines: 1,
        firstLine: ref.line,
        lastLine: ref.line,
        ...(stamp === undefined ? {} : { first: stamp, last: stamp }),
      });
      continue;
    }
    known.lines += 1;
    known.lastLine = ref.line;
    if (stamp !== undefined) {
      known.first ??= stamp;
      known.last = stamp;
    }
  }
  const { offsets: _, ...volume } = times.result();
  return { ...volume, writers: [...writers.values()] };
}
