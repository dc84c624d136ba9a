import type { LogRecord } from '../model/index.ts';
import type { Scan } from '../scan/scan.ts';
import type { RecordSelection } from '../select-records.ts';

/** Lines that clocks and boots are anchored to, kept whether a signature asks for them or not. */
export const MARKERS: readonly string[] = [
  '-- Boot',
  '-- Reboot',
  '-- Logs begin',
  '-- Journal begins',
  'Linux version',
  'setting system clock',
  ' audit(1',
];

/** Lines of one large log that are kept because they tell its zone, year or boot. */
const ENOUGH_CLUES = 256;
const CLUE = /^(?:time|zone|boot|year)\./u;

/** The record with the others that it stands for. */
export function counted(record: LogRecord, { folded }: Scan): LogRecord {
  const more = folded.size === 0 ? undefined : folded.get(record.ref.line);
  if (more === undefined) {
    return record;
  }
  const { count, lastStamp } = more;
  const own = record.count ?? 1;
  return { ...record, count: own * (count + 1), ...(lastStamp === undefined ? {} : { lastStamp }) };
}

/**
 * Judges records of a large log in their order: kept are those that a signature matches, what follows them, the first
 * and last ones, and what tells about clocks.
 */
export function chooser(
  selection: RecordSelection,
  { ends }: Scan,
  markers: readonly string[],
): (record: LogRecord) => boolean {
  let following = 0;
  let clues = 0;
  return (record) => {
    const judgement = selection.judge(record);
    if (judgement !== undefined) {
      // Those of other programs stand in between.
      following = Math.max(following - 1, 4 * judgement.followers);
      return true;
    }
    if (following > 0) {
      following--;
      return true;
    }
    if (record.row !== undefined || ends.has(record.ref.line) || isMarker(record, markers)) {
      return true;
    }
    if (clues < ENOUGH_CLUES && Object.keys(record.fields).some((name) => CLUE.test(name))) {
      clues++;
      return true;
    }
    return false;
  };
}

function isMarker({ raw }: LogRecord, markers: readonly string[]): boolean {
  return markers.some((marker) => raw.includes(marker)) || raw.startsWith('\0');
}
