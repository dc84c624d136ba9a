/**
 * A machine without a battery for its clock begins each boot in 1970, or in the year in which its system was built. Log
 * headers show that: the first line of a log that is dated before Kubernetes existed becomes a row of its own, which
 * rules can ask.
 */

import type { LogRecord, LogVolume, Stamp } from '../model/index.ts';
import { utcMs } from '../time/calendar.ts';

/** No cluster has a log of this time: 2010. */
const FIRST_PLAUSIBLE_YEAR = 2010;
const FIRST_PLAUSIBLE_MS = utcMs(FIRST_PLAUSIBLE_YEAR, 1, 1, 0);

/** Epoch ms of a stamp that no right clock gave; undefined for any other, and for the zero time of programs. */
function earlyMs(stamp: Stamp | undefined): number | undefined {
  const ms =
    stamp?.kind === 'instant'
      ? stamp.epochMs
      : stamp?.kind === 'wall' && stamp.year !== undefined
        ? utcMs(stamp.year, stamp.month, stamp.day, stamp.msOfDay)
        : undefined;
  return ms !== undefined && ms > 0 && ms < FIRST_PLAUSIBLE_MS ? ms : undefined;
}

/**
 * The records, with the row behind the one that shows it.
 *
 * @param firstText - of the first line with a time, for logs of which few lines are kept
 */
export function withEarlyClock(
  records: readonly LogRecord[],
  { firstStamp, firstLine }: LogVolume,
  path: string,
  firstText: (line: number) => string | undefined,
): readonly LogRecord[] {
  const at = records.findIndex((record) => record.row === undefined && earlyMs(record.stamp) !== undefined);
  const found = records[at];
  if (found !== undefined) {
    return records.toSpliced(at + 1, 0, clockRow(path, found.ref.line, found.raw, found.stamp, found));
  }
  const text = earlyMs(firstStamp) === undefined || firstLine === undefined ? undefined : firstText(firstLine);
  return text === undefined || firstLine === undefined
    ? records
    : [clockRow(path, firstLine, text, firstStamp, undefined), ...records];
}

function clockRow(
  path: string,
  line: number,
  raw: string,
  stamp: Stamp | undefined,
  like: LogRecord | undefined,
): LogRecord {
  const time = new Date(earlyMs(stamp) ?? 0).toISOString();
  return {
    id: `${path}:${line}#clock`,
    ref: { source: path, line },
    kind: 'row',
    stream: path,
    seq: like === undefined ? 0 : like.seq + 0.5,
    ...(stamp === undefined ? {} : { stamp }),
    ...(like?.node === undefined ? {} : { node: like.node }),
    level: 'notice',
    message: `the log begins at ${time.slice(0, 10)} by its own clock`,
    fields: {},
    raw: raw.slice(0, 4096),
    row: { kind: 'UnsetClock', values: { time, year: Number(time.slice(0, 4)) } },
  };
}
