/**
 * Where boots begin in a log: journalctl's boundaries, another boot id, "Linux version", seconds since boot that fall.
 * Boots are counted in time: a log that was printed newest first is read from its end.
 */
import type { ReadSource } from '../model/index.ts';

export interface FileBoots {
  /** First lines of all boots but the first one, in the order of the boots. */
  readonly starts: readonly number[];
  /** Rises with time: the line, or its negative in a log that was printed newest first. */
  place(line: number): number;
  /** Counted from 0; undefined in a file that shows no boot at all. */
  bootAt(line: number): number | undefined;
}

/** Kernel times step back a little between processors. */
const FALL_SECONDS = 30;
/** The boundary, the first kernel line and the first ones of the new boot id name one and the same boot. */
const SAME_BOOT_LINES = 60;
/** A logger may note its own start before it hands on the first kernel line. */
const GAP_LINES = 5;

export function fileBoots(source: ReadSource): FileBoots {
  const starts: number[] = [];
  let seen = false;
  let bootId: string | undefined;
  let seconds: number | undefined;
  let lastStart = Number.NEGATIVE_INFINITY;
  const { records, volume } = source;
  const isBackwards = volume?.newestFirst === true || (records.at(-1)?.seq ?? 0) < 0;
  const place = (line: number) => (isBackwards ? -line : line);
  const [topLine, endLine] = [volume?.firstLine ?? records[0]?.ref.line, volume?.lastLine ?? records.at(-1)?.ref.line];
  const firstLine = place((isBackwards ? endLine : topLine) ?? 0);
  const begin = (line: number) => {
    if (line > firstLine && line - lastStart > SAME_BOOT_LINES) {
      starts.push(line);
    }
    lastStart = line;
  };
  const followsGap = (line: number) =>
    volume?.gaps.some(({ to }) => place(to.line) <= line && line - place(to.line) < GAP_LINES) === true;
  for (const record of isBackwards ? records.toReversed() : records) {
    if (record.kind !== 'log') {
      continue;
    }
    const line = place(record.ref.line);
    const id = record.fields['boot.id'];
    const since =
      record.stamp?.kind === 'boot' ? record.stamp.seconds : Number(record.fields['boot.seconds'] ?? Number.NaN);
    const isStart = isKernelStart(record.message, record.unit);
    if (record.fields['boot.marker'] !== undefined) {
      begin(line);
      seconds = undefined;
      seen = true;
    } else if (id !== undefined && bootId !== undefined && id !== bootId) {
      begin(line);
      seconds = undefined;
    } else if (isStart && seen) {
      begin(line);
      seconds = undefined;
    } else if (Number.isFinite(since) && seconds !== undefined && since < seconds - FALL_SECONDS) {
      begin(line);
      seconds = undefined;
    }
    if (isStart && !seen && (line - firstLine > SAME_BOOT_LINES || followsGap(line))) {
      // Lines before the first kernel start are of the boot before.
      begin(line);
    }
    bootId = id ?? bootId;
    if (Number.isFinite(since)) {
      seconds = since;
    }
    seen ||= isStart || id !== undefined || record.stamp?.kind === 'boot';
    if (isStart) {
      lastStart = line;
    }
  }
  const known = seen || starts.length > 0;
  return {
    starts: starts.map(Math.abs),
    place,
    bootAt: (line) => (known ? starts.filter((start) => start <= place(line)).length : undefined),
  };
}

function isKernelStart(message: string, unit: string | undefined): boolean {
  return message.startsWith('Linux version ') && (unit === undefined || unit === 'kernel');
}
