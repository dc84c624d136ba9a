import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/model/index.ts';
import type { DocumentFormat, DocumentResult } from '../../src/parsers/format.ts';
import { journalDocuments } from '../../src/parsers/journal/documents.ts';
import { sniffOf } from '../../src/parsers/sniff.ts';

const samples = journalDocuments.flatMap((format) =>
  format.samples.map((sample) => ({ id: format.id, format, ...sample })),
);

function formatOf(id: string): DocumentFormat {
  const found = journalDocuments.find((format) => format.id === id);
  if (found === undefined) {
    throw new Error(`no format ${id}`);
  }
  return found;
}

function read(id: string, text: string): DocumentResult {
  return formatOf(id).parse({ path: 'journal', context: {}, text, firstLine: 1 });
}

function sampleOf(id: string, nth = 0): string {
  return formatOf(id).samples[nth]?.text ?? '';
}

function told(record: LogRecord | undefined): unknown {
  const { node, unit, process, level, message, stamp, ref } = record ?? {};
  return { node, unit, pid: process?.pid, level, message, stamp, lines: [ref?.line, ref?.endLine ?? ref?.line] };
}

const exact = (epochMs: number) => ({ kind: 'instant', epochMs, precisionMs: 1 });

describe('documents of the journal and the kernel log', () => {
  it.each(samples)('$id recognises its sample $path and nobody else does', ({ id, path, text }) => {
    const sniff = sniffOf(path, {}, text);
    const scores = journalDocuments.map((format) => [format.id, format.sniff(sniff)] as const);
    expect(scores.filter(([, score]) => score > 0).map(([name]) => name)).toEqual([id]);
  });

  it.each(samples)('$id understands every line of its sample $path', ({ format, path, text }) => {
    const result = format.parse({ path, context: {}, text, firstLine: 1 });
    expect(result.recognised + result.continuation).toBe(text.split('\n').length - 1);
    expect(result.records.length).toBeGreaterThan(0);
  });

  it('reads verbose entries by their cursor, with further lines of a value', () => {
    const [first, blob, boot] = read('journal-verbose', sampleOf('journal-verbose')).records;
    expect(told(first)).toEqual({
      node: 'node-1',
      unit: 'myapp',
      pid: 77,
      level: 'err',
      message: 'panic: x\n\ngoroutine 1:\n\t/src/main.go:12',
      stamp: exact(1_738_292_096_123),
      lines: [1, 10],
    });
    expect(first?.fields).toMatchObject({
      'boot.id': '0123456789abcdef0123456789abcdef',
      'boot.seconds': '3601.123456',
    });
    expect([blob?.unit, blob?.message]).toEqual(['k', '[15B blob data]']);
    expect(boot?.fields).toMatchObject({ 'boot.id': 'fedcba9876543210fedcba9876543210' });
  });

  it.each([
    ['all bytes', '\u0010\0\0\0\0\0\0\0panic: x\n\nline 3'],
    ['NUL bytes removed', '\u0010panic: x\n\nline 3'],
    ['a line feed as length', '\npanic: x\n\n'],
    ['a length of 128 or more, undecodable', `\ufffdpanic: x\n\n${'y'.repeat(140)}`],
    ['a length of two bytes', `\u0007\u0001panic: x\n\n${'y'.repeat(253)}`],
    ['a colour sequence removed', '\u0019panic: x\n\nline 3'],
  ])('reads an export with a binary field: %s', (_, value) => {
    const text = sampleOf('journal-export').replace('\u0010\0\0\0\0\0\0\0panic: x\n\nline 3', value);
    const { records } = read('journal-export', text);
    expect(records.map((record) => record.message.split('\n').slice(0, 2))).toEqual([['panic: x', ''], ['one line']]);
    expect(records[0]?.stamp).toEqual(exact(1_738_292_217_000));
  });

  it('does not end a binary field of known length at a line that looks like a field', () => {
    const value = 'a\n\nFOO=bar\n\nend';
    const text = sampleOf('journal-export').replace(
      '\u0010\0\0\0\0\0\0\0panic: x\n\nline 3',
      `${String.fromCharCode(value.length)}\0\0\0\0\0\0\0${value}`,
    );
    expect(read('journal-export', text).records[0]?.message).toBe(value);
  });

  it('says that lengths were guessed', () => {
    const text = sampleOf('journal-export').replaceAll('\0', '');
    expect(read('journal-export', text).diagnostics.map((each) => each.code)).toEqual(['journal-export-lengths']);
  });

  it('reads pretty JSON: kernel lines, byte arrays', () => {
    const [kernel, bytes] = read('journal-json-pretty', sampleOf('journal-json-pretty')).records;
    expect(told(kernel)).toMatchObject({ unit: 'kernel', stamp: exact(1_738_292_217_000), lines: [1, 7] });
    expect(told(bytes)).toMatchObject({ message: 'red', lines: [8, 16] });
  });

  it('reads one object per line when messages are stored as bytes, in every streaming form', () => {
    const line =
      '{"MESSAGE":[27,91,51,49,109,195,164,27,91,109],"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1738292217000000"}';
    for (const text of [`${line}\n${line}\n`, `data: ${line}\n\ndata: ${line}\n\n`, `\u001e${line}\n\u001e${line}\n`]) {
      expect(formatOf('journal-json-pretty').sniff(sniffOf('j', {}, text))).toBeGreaterThan(0.9);
      expect(read('journal-json-pretty', text).records.map((record) => record.message)).toEqual(['ä', 'ä']);
    }
  });

  it.each([
    ['kernel', '"SYSLOG_IDENTIFIER":"kernel","_TRANSPORT":"kernel","_SOURCE_MONOTONIC_TIMESTAMP":"4000000"'],
    ['app', '"SYSLOG_IDENTIFIER":"app","_SOURCE_REALTIME_TIMESTAMP":"1738292211000000"'],
  ])('takes the time of writing, not of receiving: %s', (unit, fields) => {
    const received = '"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1738292217000000","__MONOTONIC_TIMESTAMP":"10000000"';
    const [record] = read('journal-json-pretty', `{"MESSAGE":[97],${fields},${received}}\n`).records;
    expect(record?.stamp).toEqual(exact(1_738_292_211_000));
    expect([record?.unit, record?.fields]).toEqual([
      unit,
      { 'boot.seconds': '4.000000', 'time.received': '1738292217000' },
    ]);
  });

  it('keeps what is left of a JSON object that is cut off as unknown lines', () => {
    const text = sampleOf('journal-json-pretty').slice(0, -30);
    const result = read('journal-json-pretty', text);
    expect(result.records[0]?.unit).toBe('kernel');
    expect(result.recognised + result.continuation).toBeLessThan(text.split('\n').length);
  });

  it('lists boots with first and last entry', () => {
    const [before, current] = read('journal-boots', sampleOf('journal-boots')).records;
    expect([before?.stamp, before?.lastStamp]).toEqual([
      { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      { kind: 'instant', epochMs: 1_738_292_218_000, precisionMs: 1000 },
    ]);
    expect(current?.fields).toEqual({ 'boot.id': 'fedcba9876543210fedcba9876543210', 'boot.index': '0' });
    const [old] = read('journal-boots', sampleOf('journal-boots', 1)).records;
    expect(old?.lastStamp).toMatchObject({ kind: 'wall', year: 2025, zone: 'CET', msOfDay: 11_400_000 });
  });

  it('reads dmesg --json with names and numbers, and what is whole of a cut file', () => {
    const text = sampleOf('dmesg-json');
    const expected = [
      ['err', 'INFO: task nginx:12345 blocked for more than 120 seconds.', { kind: 'boot', seconds: 3720.65 }],
      ['warning', 'a "quoted" } brace', { kind: 'boot', seconds: 3721 }],
    ];
    const tell = (records: readonly LogRecord[]) => records.map(({ level, message, stamp }) => [level, message, stamp]);
    expect(tell(read('dmesg-json', text).records)).toMatchObject(expected);
    const cut = read('dmesg-json', text.slice(0, text.indexOf('"caller"')));
    expect(tell(cut.records.filter(({ stamp }) => stamp !== undefined))).toMatchObject(expected.slice(0, 1));
  });

  it('adds up distances after a minute mark, within the minute', () => {
    const stamps = read('dmesg-reltime', sampleOf('dmesg-reltime')).records.map(({ stamp }) => stamp);
    expect(stamps).toEqual([
      { kind: 'wall', month: 1, day: 31, msOfDay: 10_620_000, precisionMs: 60_000 },
      { kind: 'wall', month: 1, day: 31, msOfDay: 10_620_000, precisionMs: 60_000 },
      { kind: 'wall', month: 1, day: 31, msOfDay: 10_632_500, precisionMs: 47_500 },
      { kind: 'wall', month: 1, day: 31, msOfDay: 10_680_000, precisionMs: 60_000 },
    ]);
    expect(read('dmesg-reltime', sampleOf('dmesg-reltime')).records[2]?.message).toBe(
      'multi-line first\nmulti-line second',
    );
  });

  it('knows the time since boot of distances that begin with the boot, and no time of others', () => {
    const text = sampleOf('dmesg-reltime', 1);
    expect(read('dmesg-reltime', text).records.map(({ stamp }) => stamp)).toMatchObject([
      { seconds: 0 },
      { seconds: 0.25 },
      { seconds: 1.25 },
    ]);
    const later = read('dmesg-reltime', text.slice(text.indexOf('\n') + 1));
    expect(later.records.map(({ stamp }) => stamp)).toEqual([undefined, undefined]);
  });

  it.each(journalDocuments)('$id never throws and counts every line once, whatever the text', (format) => {
    const broken = fc
      .record({
        text: fc.constantFrom(...samples.map((sample) => sample.text)),
        edits: fc.array(
          fc.record({
            at: fc.nat(900),
            drop: fc.nat(9),
            put: fc.oneof(
              fc.string({ unit: 'binary', maxLength: 4 }),
              fc.constantFrom('\n', '{', '}', '\n\n', 'MESSAGE\n'),
            ),
          }),
          { maxLength: 5 },
        ),
      })
      .map(({ text, edits }) =>
        edits.reduce((all, { at, drop, put }) => all.slice(0, at) + put + all.slice(at + drop), text),
      );
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), (text) => {
        const sniff = sniffOf('a', {}, text);
        const score = format.sniff(sniff);
        expect(score >= 0 && score <= 1).toBe(true);
        const result = format.parse({ path: 'a', context: {}, text, firstLine: 1 });
        const lines = text === '' ? 0 : text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length;
        expect(result.recognised + result.continuation).toBeLessThanOrEqual(lines);
        expect(result.records.every((record) => record.ref.line >= 1 && record.ref.line <= Math.max(1, lines))).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each(samples)('$id takes 20 copies more of $path in proportion', ({ format, text }) => {
    const time = (copies: number): number => {
      const input = { path: 'a', context: {}, text: text.repeat(copies), firstLine: 1 };
      const began = performance.now();
      format.parse(input);
      return performance.now() - began;
    };
    time(50);
    expect(time(2000)).toBeLessThan(Math.max(1000, 20 * 6 * time(100)));
  });
});
