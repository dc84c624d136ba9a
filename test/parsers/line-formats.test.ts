import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stamp } from '../../src/model/index.ts';
import type { LineFormat } from '../../src/parsers/format.ts';
import { lineFormats } from '../../src/parsers/line-formats.ts';

const samples = lineFormats.flatMap((format) => format.samples.map((sample) => ({ id: format.id, format, ...sample })));
const fast = lineFormats.filter((format) => format.timeAt !== undefined);

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function timeOf(format: LineFormat, line: string, offset = 0): number | undefined {
  const bytes = new TextEncoder().encode(`${'x'.repeat(offset)}${line}\n`);
  return format.timeAt?.(bytes, offset, bytes.length - 1);
}

/** Precision aside, which the fast path may know less of. */
function timeless(stamp: Stamp | undefined): unknown {
  return stamp === undefined ? undefined : { ...stamp, precisionMs: 0 };
}

function expectAgreement(format: LineFormat, line: string): void {
  const stamp = format.parse(line)?.stamp;
  const value = timeOf(format, line, 7);
  if (value === undefined || value < 0) {
    expect({ line, stamp: stamp?.kind === 'boot' || format.id !== 'dmesg-raw' ? stamp : undefined }).toEqual({
      line,
      stamp: undefined,
    });
    return;
  }
  const again = format.stampOf?.(value);
  // A dmesg line with several times keeps the exact one; the fast path stays on the scale of the format.
  if (format.id === 'dmesg-raw' && stamp?.kind !== 'boot') {
    expect(again?.kind).toBe('boot');
    return;
  }
  expect({ line, stamp: timeless(again) }).toEqual({ line, stamp: timeless(stamp) });
  if (again?.kind === 'instant' || again?.kind === 'wall') {
    expect(again.precisionMs).toBeGreaterThanOrEqual(stamp?.kind === 'age' ? 0 : (stamp?.precisionMs ?? 0));
  }
}

/** Without line ends and lone surrogates, as lines come out of the decoder. */
function wellFormed(text: string): string {
  return Buffer.from(text.replaceAll('\n', ' '), 'utf8').toString('utf8');
}

/** A sample's first line, with a few characters changed, doubled, dropped, or cut off. */
const brokenLine = fc
  .record({
    line: fc.constantFrom(...samples.map((sample) => firstLine(sample.text))),
    edits: fc.array(
      fc.record({
        at: fc.nat(60),
        drop: fc.nat(2),
        put: fc.oneof(
          fc.constantFrom(
            '',
            ' ',
            '0',
            '9',
            '3',
            ':',
            '[',
            ']',
            '-',
            '.',
            ',',
            'Z',
            '+',
            '<',
            'Feb',
            'ä',
            '\ufeff',
            '\0',
          ),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { maxLength: 3 },
    ),
    cut: fc.option(fc.nat(80)),
  })
  .map(({ line, edits, cut }) => {
    const edited = edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), line);
    return wellFormed(cut === null ? edited : edited.slice(0, cut));
  });

describe('formats of system logs', () => {
  it.each(samples)('$id reads: $text', ({ format, text, expect: expected }) => {
    expect(format.parse(firstLine(text))).toMatchObject(expected);
  });

  it.each(samples.filter(({ text }) => text.includes('\n')))(
    '$id joins further lines of: $text',
    ({ format, text }) => {
      const [first = '', ...rest] = text.split('\n');
      const header = format.parse(first);
      for (const line of rest) {
        expect(header === undefined ? undefined : format.continues?.(line, header, first)).toBeTypeOf('string');
      }
    },
  );

  it('have at least three samples each and ids of their own', () => {
    expect(lineFormats.filter((format) => format.samples.length < 3).map((format) => format.id)).toEqual([]);
    expect(new Set(lineFormats.map((format) => format.id)).size).toBe(lineFormats.length);
  });

  it('give each sample to its own format first', () => {
    const shared = new Set(['-- Boot ', '-- Reboot', '-- No ent', '[pod/a.b/']);
    for (const { id, text } of samples) {
      const line = firstLine(text);
      if (![...shared].some((start) => line.startsWith(start))) {
        const rivals = lineFormats.filter((format) => format.parse(line) !== undefined).map((format) => format.id);
        const same = [
          ['journal-short', 'syslog-3164'],
          ['journal-iso', 'syslog-iso'],
          ['journal-iso-precise', 'syslog-iso'],
          ['dmesg-raw', 'journal-monotonic'],
        ].some((pair) => pair.includes(rivals[0] ?? '') && pair.includes(id));
        expect({ line, first: same ? id : rivals[0] }).toEqual({ line, first: id });
      }
    }
  });

  it.each(lineFormats)('$id never throws, whatever the line', (format) => {
    fc.assert(
      fc.property(fc.oneof(brokenLine, fc.string({ unit: 'binary' })), brokenLine, (line, next) => {
        const header = format.parse(line);
        format.skips?.(line);
        format.suits?.([line, next]);
        if (header !== undefined) {
          expect(header.message).toBeTypeOf('string');
          format.continues?.(next, header, line);
          format.continues?.(`${' '.repeat(40)}${next}`, header, line);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(fast)('$id reads the same time from bytes as from text', (format) => {
    for (const { text } of samples) {
      expectAgreement(format, firstLine(text));
    }
    fc.assert(
      fc.property(fc.oneof(brokenLine, fc.string({ unit: 'binary' })), (line) => {
        expectAgreement(format, wellFormed(line));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(fast)('$id never throws on bytes', (format) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(format.timeAt?.(bytes, 0, bytes.length)).toBeGreaterThanOrEqual(-1);
      }),
    );
  });

  it.each(lineFormats)('$id takes a line of 10 MiB in a moment', (format) => {
    const sample = firstLine(format.samples[0]?.text ?? '');
    const tails = ['x', ' ', '[', '"', ': ', '#', '\\x5c', '{', '-'].map((text) =>
      text.repeat(10_485_760 / text.length),
    );
    const lines = [...tails, ...tails.map((tail) => sample + tail)];
    const began = performance.now();
    for (const line of lines) {
      format.parse(line);
      format.skips?.(line);
    }
    expect((performance.now() - began) / lines.length).toBeLessThan(250);
  });
});
