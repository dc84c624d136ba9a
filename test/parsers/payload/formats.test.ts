import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../../src/parsers/format.ts';
import { payloadFormats } from '../../../src/parsers/payload-formats.ts';

/** What stands in a text twice over: the sample of the first is rightly read by the second, which comes earlier. */
const BOTH: Readonly<Record<string, readonly string[]>> = {};

const cases = payloadFormats.flatMap((format) => format.samples.map((sample) => ({ id: format.id, format, sample })));

/** First line parsed; the rest offered as continuation, as a reader does. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

describe('payload formats', () => {
  it('have unique ids and at least three samples each', () => {
    expect(new Set(payloadFormats.map(({ id }) => id)).size).toBe(payloadFormats.length);
    expect(payloadFormats.filter(({ samples }) => samples.length < 3).map(({ id }) => id)).toEqual([]);
  });

  it.each(cases)('$id reads $sample.text', ({ format, sample }) => {
    expect(format.parse(firstLine(sample.text))).toMatchObject(sample.expect);
  });

  it.each(cases)('$id is the first to read $sample.text', ({ id, sample }) => {
    const line = firstLine(sample.text);
    const readers = payloadFormats.filter((format) => format.parse(line) !== undefined).map((format) => format.id);
    expect([...(BOTH[id] ?? []), id]).toContain(readers[0]);
    expect(readers).toContain(id);
  });

  it.each(cases)('$id reads it with a carriage return or blanks at the end', ({ format, sample }) => {
    const line = firstLine(sample.text);
    expect(format.parse(`${line}  `)?.stamp).toEqual(format.parse(line)?.stamp);
    expect(format.parse(`${line}  `)?.level).toEqual(format.parse(line)?.level);
  });
});

describe.each(payloadFormats.map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  it('never throws on random lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        use(format, line);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on cut, doubled or spliced samples', () => {
    const samples = cases.map(({ sample }) => sample.text);
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.constantFrom(...samples), fc.nat(), fc.nat(), (a, b, from, to) => {
        use(format, a.slice(0, from % (a.length + 1)) + b.slice(to % (b.length + 1)));
      }),
      { numRuns: 500 },
    );
  });

  it('is linear: 256 KiB of anything takes a moment', () => {
    const seeds = ['"', '\\', 'a=', 'a="', '{"', '[', ' ', '(', '\\"', '{"a":', ' -> (', '2025-01-31T02:58:40Z ', ','];
    const heads = ['', ...format.samples.map((sample) => firstLine(sample.text))];
    const started = performance.now();
    for (const seed of seeds) {
      const tail = seed.repeat(Math.ceil((256 * 1024) / seed.length / heads.length));
      for (const head of heads) {
        use(format, head + tail);
        use(format, head.slice(0, Math.floor(head.length / 2)) + tail);
      }
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

function use(format: LineFormat, line: string): void {
  const header = format.parse(line);
  format.skips?.(line);
  if (header !== undefined) {
    expect(typeof header.message).toBe('string');
    expect(Object.values(header).every((value) => value !== undefined)).toBe(true);
    format.continues?.(line, header, line);
  }
}
