import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifierOf } from '../../src/parsers/classify.ts';
import type { LineFormat } from '../../src/parsers/format.ts';
import { readLines } from '../../src/parsers/lines.ts';
import { compileLiterals } from '../../src/scan/literals.ts';
import { type ScanOptions, scanLog } from '../../src/scan/scan.ts';
import { clock, letter, pieces } from '../parsers/tiny-formats.ts';

const all = [clock, pieces, letter];
const literals = compileLiterals(['needle', 'stack!', '\0\0\0\0\0\0']);

function inChunks(bytes: Buffer, size: number) {
  return {
    *read() {
      for (let at = 0; at < bytes.length; at += size) {
        yield bytes.subarray(at, at + size);
      }
    },
  };
}

function scan(
  text: string | Buffer,
  {
    format = clock,
    size = 1 << 20,
    ...options
  }: ScanOptions & { format?: LineFormat | 'mixed' | 'text'; size?: number } = {},
) {
  const classify = classifierOf({ format, all });
  return scanLog(inChunks(Buffer.from(text), size), literals, classify, options);
}

function recordsOf(found: ReturnType<typeof scan>, format: LineFormat | 'mixed' | 'text') {
  return found.windows.flatMap(
    ({ lines, firstLine, headless }) =>
      readLines(lines, firstLine, format, { path: 'a', context: {}, all, headless }).records,
  );
}

/** Lines of all kinds, some with a literal, often in an order that makes no sense. */
const line = fc.oneof(
  { weight: 4, arbitrary: fc.nat(50_000).map((s) => `${stampOf(s)} web[${s % 3}]: text ${s}`) },
  { weight: 1, arbitrary: fc.nat(50_000).map((s) => `${stampOf(s)} db[7]: a needle here`) },
  { weight: 1, arbitrary: fc.nat(9).map((s) => `${s} stdout P part ${s}`) },
  { weight: 1, arbitrary: fc.nat(9).map((s) => `${s} stderr F needle ${s}`) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      '  indented',
      '\tneedle indented',
      '+belongs',
      'E: error needle',
      'I: info',
      '== banner needle',
      'what is this',
      'unknown needle',
      'say "open',
      'close" it',
      'panic: stack!',
      'goroutine 1 [running]:',
      'main.main()',
      '\0\0\0\0\0\0\0\0',
      '\0\0\0late 00:00:01 web[1]: x',
      'zażółć needle ł',
      '\u001b[1m00:00:09 web[1]: bold needle\u001b[0m',
    ),
  },
);

function stampOf(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const log = fc
  .tuple(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, feed, ended]) => lines.join(feed) + (ended ? feed : ''));
const anyFormat = fc.constantFrom<LineFormat | 'mixed' | 'text'>(clock, pieces, letter, 'mixed', 'text');
const chunkSize = fc.integer({ min: 1, max: 400 });

function physicalLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}

describe('scanLog', () => {
  it('counts every line once, as the record reader does', () => {
    fc.assert(
      fc.property(log, anyFormat, chunkSize, (text, format, size) => {
        const found = scan(text, { format, size });
        const lines = physicalLines(text);
        expect(found.recognised + found.continuation + found.unknown).toBe(lines.length);
        expect(found.lines).toBe(lines.length);
        expect(found.bytes).toBe(Buffer.byteLength(text));
        if (!text.includes('"')) {
          // An open quote is judged by what follows it, which the scan does not look at.
          const read = readLines(lines, 1, format, { path: 'a', context: {}, all });
          expect([found.recognised, found.continuation, found.unknown]).toEqual([
            read.recognised,
            read.continuation,
            read.unknown,
          ]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('yields for candidate lines the records that the whole file yields', () => {
    fc.assert(
      fc.property(log, anyFormat, chunkSize, (text, format, size) => {
        const whole = recordsOf(scan(text, { format, size, keepAll: true }), format);
        const candidates = recordsOf(scan(text, { format, size }), format);
        const byId = new Map(whole.map((record) => [record.id, record]));
        for (const record of candidates) {
          expect(record).toEqual(byId.get(record.id));
        }
        const ids = new Set(candidates.map(({ id }) => id));
        const missed = whole.filter(({ message, id }) => /needle|stack!|NUL/u.test(message) && !ids.has(id));
        expect(missed).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the whole file when asked to', () => {
    fc.assert(
      fc.property(log, anyFormat, chunkSize, (text, format, size) => {
        const whole = recordsOf(scan(text, { format, size, keepAll: true }), format);
        const read = readLines(physicalLines(text), 1, format, { path: 'a', context: {}, all }).records;
        expect(whole).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), anyFormat, chunkSize, (bytes, format, size) => {
        const found = scan(Buffer.from(bytes), { format, size });
        expect(found.recognised + found.continuation + found.unknown).toBe(found.lines);
        expect(() => recordsOf(found, format)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  const quiet = Array.from({ length: 50 }, (_, at) => `${stampOf(at)} web[1]: ${at}`);

  it('keeps the first and the last three records, and what holds a literal', () => {
    const lines = quiet.toSpliced(20, 1, '00:00:20 web[1]: needle', '  in two lines');
    const found = scan(lines.join('\n'));
    expect(found.windows.map(({ firstLine, lines: kept }) => [firstLine, kept.length])).toEqual([
      [1, 3],
      [21, 2],
      [49, 3],
    ]);
  });

  it('keeps the lines below a literal whose signature follows them', () => {
    const lines = quiet.toSpliced(20, 1, '00:00:20 web[1]: stack!');
    const found = scan(lines.join('\n'), { followed: new Map([[1, 4]]) });
    expect(found.windows.map(({ firstLine, lines: kept }) => [firstLine, kept.length])).toEqual([
      [1, 3],
      [21, 5],
      [48, 3],
    ]);
  });

  it('reaches back to the header of a continuation line, not further than a record goes', () => {
    const near = [...quiet, '01:00:00 web[1]: head', ...Array(60).fill('  x'), '  needle', ...quiet];
    expect(scan(near.join('\n')).windows[1]).toMatchObject({ firstLine: 51, headless: false });
    const far = [...quiet, '01:00:00 web[1]: head', ...Array(200).fill('  x'), '  needle', ...quiet];
    expect(scan(far.join('\n')).windows[1]).toEqual({ firstLine: 252, lines: ['  needle'], headless: true });
  });

  it('cuts a line of 10 MB, counts it once and finds what stands far inside it', () => {
    const long = `00:00:10 web[1]: ${'x'.repeat(6_000_000)} needle ${'y'.repeat(4_000_000)}`;
    const text = [...quiet, long, ...quiet, '00:01:00 web[1]: needle', ...quiet].join('\n');
    for (const size of [65_536, 1 << 20]) {
      const found = scan(text, { size });
      expect([found.lines, found.recognised, found.cutLines]).toEqual([152, 152, [51]]);
      const records = recordsOf(found, clock);
      const needles = records.filter(({ message }) => message.includes('needle'));
      expect(needles.map(({ ref }) => ref.line)).toEqual([51, 102]);
      expect(records.every(({ message }) => message.length <= 65_536)).toBe(true);
    }
  });

  it('finds a literal at every place of a long line', () => {
    for (const place of [1_048_570, 1_048_576, 1_572_860, 1_572_864, 2_097_150]) {
      const found = scan(`${'x'.repeat(place)}needle${'x'.repeat(2_500_000)}`, { size: 1 << 16 });
      const kept = found.windows.flatMap(({ lines }) => lines).filter((each) => each.includes('needle'));
      expect(kept.length).toBeGreaterThan(0);
    }
  });

  it('does not let one message take the place of all others, and still counts it', () => {
    const storm = Array.from({ length: 3000 }, (_, at) => `${stampOf(at)} web[1]: needle ${at} of ${at % 7}x`);
    const budgets = new Map([[0, { free: 100, perMinute: 6 }]]);
    const found = scan([...storm, '01:00:00 db[2]: stack!', ...quiet].join('\n'), { budgets });
    const kept = recordsOf(found, clock);
    const needles = kept.filter(({ message }) => message.startsWith('needle'));
    expect(needles.length).toBeLessThanOrEqual(100 + 50 * 6);
    expect(kept.filter(({ message }) => message === 'stack!').length).toBe(1);
    expect(needles.length + [...found.folded.values()].reduce((sum, { count }) => sum + count, 0)).toBe(3000);
    expect(found.dropped).toBe(0);
    expect(found.blurred).toBeGreaterThan(0);
    const lines = new Set(kept.map(({ ref }) => ref.line));
    expect([...found.folded.keys()].filter((line) => !lines.has(line))).toEqual([]);
  });

  it('drops literals that cannot matter before anything is kept on their account', () => {
    const many = Array.from({ length: 200 }, (_, at) => `00:00:20 web[1]: needle ${at}`);
    const lines = quiet.toSpliced(20, 0, ...many, '00:00:20 web[1]: needle in hay', '00:00:21 web[1]: needle');
    const found = scan(lines.join('\n'), { relevant: (ids, textOf) => (textOf().includes('hay') ? ids : []) });
    const needles = recordsOf(found, clock).flatMap(({ message }) => (message.includes('needle') ? [message] : []));
    expect(needles).toEqual([...Array.from({ length: 64 }, (_, at) => `needle ${at}`), 'needle in hay']);
  });

  it('keeps no more lines than allowed and says how many records were dropped', () => {
    const storm = Array.from({ length: 300 }, (_, at) => `${stampOf(at)} web[1]: needle ${at}`);
    const found = scan(storm.join('\n'), { maxLines: 100 });
    expect([found.windows.reduce((sum, { lines }) => sum + lines.length, 0), found.dropped]).toEqual([100, 200]);
  });
});

describe('volume', () => {
  it('knows first and last time, silences and the usual distance', () => {
    const seconds = [0, 10, 20, 30, 4000, 4010, 4020, 3990, 4030];
    const { volume } = scan(seconds.map((s) => `${stampOf(s)} web[1]: x`).join('\n'));
    const at = (value: number) => ({ kind: 'boot', seconds: value, precisionMs: 1000 });
    expect(volume).toMatchObject({ firstStamp: at(0), lastStamp: at(4030), firstLine: 1, lastLine: 9 });
    expect(volume.gaps[0]).toEqual({ from: { line: 4, stamp: at(30) }, to: { line: 5, stamp: at(4000) } });
    expect(volume.medianGapMs).toBeGreaterThan(8000);
    expect(volume.medianGapMs).toBeLessThanOrEqual(10_000);
    expect(volume.monthSteps).toEqual([]);
  });

  it('keeps the 16 longest silences', () => {
    let at = 0;
    const lines = Array.from({ length: 200 }, (_, n) => {
      at += n % 2 === 0 ? 1 : n;
      return `${stampOf(at)} web[1]: x`;
    });
    const { gaps } = scan(lines.join('\n')).volume;
    expect(gaps.map(({ to }) => to.line)).toEqual(Array.from({ length: 16 }, (_, n) => 200 - 2 * n));
  });

  it('marks where a log without a year steps back to an earlier month', () => {
    const yearless: LineFormat = {
      ...letter,
      id: 'yearless',
      parse(text) {
        const match = /^(\d+)-(\d+) (.*)$/u.exec(text);
        return match === null
          ? undefined
          : {
              stamp: { kind: 'wall', month: Number(match[1]), day: Number(match[2]), msOfDay: 0, precisionMs: 1000 },
              message: match[3] ?? '',
            };
      },
    };
    const { volume } = scan('12-30 a\n12-31 b\n1-1 c\n1-2 d', { format: yearless });
    expect(volume.monthSteps).toEqual([3]);
    expect(volume.lastStamp).toEqual({ kind: 'wall', month: 1, day: 2, msOfDay: 0, precisionMs: 1000 });
  });

  it('lists the program instances with their first and last line', () => {
    const lines = ['00:00:01 web[1]: a', '00:00:02 db[7]: b', '  c', '00:00:03 web[2]: d', '00:00:04 web[1]: e'];
    const at = (seconds: number) => ({ kind: 'boot', seconds, precisionMs: 1000 });
    expect(scan(lines.join('\n')).volume.writers).toEqual([
      { name: 'web', pid: 1, lines: 2, firstLine: 1, lastLine: 5, first: at(1), last: at(4) },
      { name: 'db', pid: 7, lines: 1, firstLine: 2, lastLine: 2, first: at(2), last: at(2) },
      { name: 'web', pid: 2, lines: 1, firstLine: 4, lastLine: 4, first: at(3), last: at(3) },
    ]);
  });

  it('knows its writers again when the buffer was filled anew', () => {
    const lines = Array.from({ length: 60_000 }, (_, n) => `${stampOf(n % 80_000)} writer${n % 3}[${n % 3}]: ${n}`);
    const { writers } = scan(lines.join('\n'), { size: 1 << 16 }).volume;
    expect(writers.map(({ name, lines: count, lastLine }) => [name, count, lastLine])).toEqual([
      ['writer0', 20_000, 59_998],
      ['writer1', 20_000, 59_999],
      ['writer2', 20_000, 60_000],
    ]);
  });

  it('agrees with parsing on times of lines that begin alike', () => {
    const json: LineFormat = {
      ...letter,
      id: 'json',
      parse(text) {
        const match = /^\{"l":"\w+","ts":"(\d[^"]+)".*\}$/u.exec(text);
        return match === null
          ? undefined
          : { stamp: { kind: 'instant', epochMs: Date.parse(match[1] ?? ''), precisionMs: 1 }, message: text };
      },
    };
    const at = (n: number) => new Date(1_738_292_095_000 + n * 1000).toISOString();
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => `{"l":"${n % 7 === 0 ? 'error' : 'info'}","ts":"${at(n)}","m":1}`,
    );
    lines[500] = '{"l":"info","ts":"soon","m":1}';
    lines[600] = '{"l":"info","ts":"2025-01-31T02:54:55Z","m":';
    const found = scan(lines.join('\n'), { format: json, size: 1 << 16 });
    expect([found.recognised, found.unknown + found.continuation]).toEqual([19_998, 2]);
    expect(found.volume.medianGapMs).toBeLessThanOrEqual(1000);
    expect(found.volume.gaps[0]).toMatchObject({ from: { line: 500 }, to: { line: 502 } });
  });
});
