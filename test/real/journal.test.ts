/** Run by journal.sh, which renders the files; skipped without them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogRecord, Stamp } from '../../src/model/index.ts';
import { cleanLine } from '../../src/parsers/clean.ts';
import { formats, logFormats } from '../../src/parsers/index.ts';
import { journalDocuments } from '../../src/parsers/journal/documents.ts';
import { readLines } from '../../src/parsers/lines.ts';
import { recognise, sniffOf } from '../../src/parsers/sniff.ts';
import { scaleOf } from '../../src/parsers/stamp-scale.ts';
import { stripAnsi } from '../../src/text/ansi.ts';
import { isReversed } from '../../src/time/reversed.ts';

interface Entry {
  readonly boot: number;
  readonly epochMs: number;
  readonly receivedMs: number;
  readonly bootSeconds: number;
  readonly unit: string;
  readonly pid?: number;
  readonly message: string;
}

const directory = process.env['REAL_LOGS'] ?? '';
const isThere = directory !== '' && existsSync(join(directory, 'expected.json'));
const expected: { readonly journal: readonly Entry[]; readonly kernel: readonly { seconds: number; text: string }[] } =
  isThere ? JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8')) : { journal: [], kernel: [] };
const all = [...new Set([...formats, ...journalDocuments])];

interface Reading {
  readonly format: string;
  readonly records: readonly LogRecord[];
  /** Lines that nothing took. */
  readonly unknown: number;
}

function readFile(path: string): Reading {
  const text = readFileSync(path, 'utf8');
  const { format } = recognise(sniffOf(path, {}, text.slice(0, 65_536)), all);
  const lines = text.replace(/\n$/u, '').split('\n');
  if (typeof format !== 'string' && format.kind === 'document') {
    const cleaned = `${lines.map(cleanLine).join('\n')}\n`;
    const result = format.parse({ path, context: {}, text: cleaned, firstLine: 1 });
    const unknown = lines.length - result.recognised - result.continuation;
    return { format: format.id, records: result.records, unknown };
  }
  const read = readLines(lines, 1, format, { path, context: {}, all: logFormats });
  return { format: typeof format === 'string' ? format : format.id, records: read.records, unknown: read.unknown };
}

const FORMATS: Readonly<Record<string, string>> = {
  short: 'journal-short',
  'short-precise': 'journal-precise',
  'short-iso': 'journal-iso',
  'short-iso-precise': 'journal-iso-precise',
  'short-full': 'journal-full',
  'with-unit': 'journal-full',
  'short-unix': 'journal-unix',
  'short-monotonic': 'journal-monotonic',
  'short-delta': 'journal-delta',
  verbose: 'journal-verbose',
  export: 'journal-export',
  json: 'journal-json-pretty',
  'json-pretty': 'journal-json-pretty',
  'json-sse': 'journal-json-pretty',
  'json-seq': 'journal-json-pretty',
  reversed: 'journal-short',
  'no-hostname': 'journal-short',
};

/** What a mode tells of an instant: distance from the expected one in ms, as far as year and boot are known. */
function errorMs(stamp: Stamp | undefined, entry: Entry): number {
  const scale = stamp === undefined ? undefined : scaleOf(stamp);
  if (stamp === undefined || scale === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  if (stamp.kind === 'boot') {
    return Math.abs(scale - Math.round(entry.bootSeconds * 1000));
  }
  if (stamp.kind === 'wall' && stamp.year === undefined) {
    const date = new Date(entry.epochMs);
    const msOfDay = entry.epochMs % 86_400_000;
    return stamp.month === date.getUTCMonth() + 1 && stamp.day === date.getUTCDate()
      ? Math.abs(stamp.msOfDay - msOfDay)
      : Number.POSITIVE_INFINITY;
  }
  return Math.abs(scale - entry.epochMs);
}

describe.skipIf(!isThere)('what journalctl and dmesg really print', () => {
  it.each(isThere ? readdirSync(join(directory, 'journal')).sort() : [])('journalctl: %s', (mode) => {
    const { format, records, unknown } = readFile(join(directory, 'journal', mode));
    expect({ format, unknown }).toEqual({ format: FORMATS[mode], unknown: 0 });
    const entries = mode === 'reversed' ? expected.journal.toReversed() : expected.journal;
    // Verbose output shows a coloured message as a blob.
    const hidesColours = records.some(({ message }) => message.endsWith('B blob data]'));
    const own = records.filter(({ unit }) => unit !== 'journal');
    expect(
      own.map(({ unit, process, message }) => ({ unit, pid: process?.pid, message: message.replaceAll('\t', '    ') })),
    ).toEqual(
      entries.map(({ unit, pid, message }) => ({
        // Without a host the text alone cannot tell `my app` from a host `my`.
        unit: mode === 'no-hostname' && unit === 'my app' ? 'app' : unit,
        pid,
        message: hidesColours && stripAnsi(message) !== message ? '[18B blob data]' : stripAnsi(message),
      })),
    );
    const errors = own.map(({ stamp }, index) => errorMs(stamp, entries[index] as Entry));
    expect(Math.max(...errors)).toBeLessThan(
      own.every(({ stamp }) => stamp?.kind !== 'age' && stamp?.precisionMs !== 1000) ? 1.5 : 1000,
    );
    if (!/^(?:verbose|export|json)/u.test(mode)) {
      expect(records.filter(({ fields }) => fields['boot.marker'] !== undefined)).toHaveLength(1);
    }
    expect(isReversed(own.map(({ stamp }) => (stamp === undefined ? -1 : (scaleOf(stamp) ?? -1))))).toBe(
      mode === 'reversed',
    );
  });

  it('journalctl: list of boots', () => {
    const { format, records } = readFile(join(directory, 'list-boots'));
    expect(format).toBe('journal-boots');
    expect(records.map(({ fields, stamp }) => [fields['boot.id'], stamp && scaleOf(stamp)])).toEqual(
      [0, 1].map((boot) => {
        const first = expected.journal.find((entry) => entry.boot === boot);
        return [
          ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'][boot],
          Math.floor((first?.receivedMs ?? 0) / 1000) * 1000,
        ];
      }),
    );
  });

  it('journalctl: no entries', () => {
    const { records } = readFile(join(directory, 'no-entries'));
    expect(records.map(({ unit, message }) => [unit, message])).toEqual([['journal', '-- No entries --']]);
  });

  it.each([
    ['raw', 'dmesg-raw'],
    ['decoded', 'dmesg-raw'],
    ['syslog', 'dmesg-raw'],
    ['ctime', 'dmesg-ctime'],
    ['ctime-delta', 'dmesg-ctime'],
    ['show-delta', 'dmesg-delta'],
    ['delta', 'dmesg-reltime'],
    ['reltime', 'dmesg-reltime'],
    ['iso', 'dmesg-iso'],
    ['json', 'dmesg-json'],
    ['json-decoded', 'dmesg-json'],
  ])('dmesg: %s', (mode, id) => {
    const { format, records, unknown } = readFile(join(directory, 'dmesg', mode));
    expect({ format, unknown }).toEqual({ format: id, unknown: 0 });
    expect(records.map(({ unit, message }) => [unit, message])).toEqual(
      expected.kernel.map(({ text }) => ['kernel', text.replace('[  T1234] ', '')]),
    );
    const first = records[0]?.stamp;
    records.forEach(({ stamp }, index) => {
      if (stamp?.kind === 'boot' && mode !== 'delta') {
        expect(stamp.seconds).toBe(expected.kernel[index]?.seconds);
      } else if (stamp?.kind === 'instant' && first?.kind === 'instant') {
        expect((stamp.epochMs - first.epochMs) / 1000).toBeCloseTo(expected.kernel[index]?.seconds ?? -1, 2);
      }
    });
    expect(records.filter(({ stamp }) => stamp === undefined)).toEqual([]);
  });
});
