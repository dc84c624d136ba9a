/**
 * Where boots begin in a log: journalctl's boundaries, another boot id, "Linux version", seconds since boot that fall.
 */
import type { ReadSource } from '../model/index.ts';

export interface FileBoots {
  /** First lines of all boots but the first one, ascending. */
  readonly starts: readonly number[];
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
  const firstLine = source.volume?.firstLine ?? source.records[0]?.ref.line ?? 0;
  const begin = (line: number) => {
    if (line > firstLine && line - lastStart > SAME_BOOT_LINES) {
      starts.push(line);
    }
    lastStart = line;
  };
  const followsGap = (line: number) =>
    source.volume?.gaps.some(({ to }) => to.line <= line && line - to.line < GAP_LINES) === true;
  for (const record of source.records) {
    if (record.kind !== 'log') {
      continue;
    }
    const { line } = record.ref;
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
    starts,
    bootAt: (line) => (known ? starts.filter((start) => start <= line).length : undefined),
  };
}

function isKernelStart(message: string, unit: string | undefined): boolean {
  return message.startsWith('Linux version ') && (unit === undefined || unit === 'kernel');
}
