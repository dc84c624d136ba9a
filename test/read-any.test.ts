import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bundle, ReadSource, Source } from '../src/model/index.ts';
import { formats } from '../src/parsers/index.ts';
import { readSources } from '../src/read.ts';
import { compileLiterals } from '../src/scan/literals.ts';

/**
 * Every format's own samples, damaged in every way, through the whole reader: nothing is thrown, no parser gives up, each
 * physical line is counted once, and every record points at a line that holds what it quotes.
 */

const samples = formats.flatMap((format) =>
  format.samples.map((sample, index) => ({
    name: `${format.id} ${index + 1}`,
    path: 'path' in sample ? sample.path : 'a.log',
    bytes: Buffer.from(sample.text),
  })),
);

function sourceOf(path: string, bytes: Buffer): Source {
  return { path, bytes: bytes.length, context: {}, notes: [], read: () => [bytes] };
}

async function read(path: string, bytes: Buffer): Promise<ReadSource> {
  const bundle: Bundle = {
    name: 'b',
    layout: 'files',
    sources: [sourceOf(path, bytes)],
    collectionHints: [],
    diagnostics: [],
    close: () => {},
  };
  const [source] = await readSources(bundle, compileLiterals([]), new Map());
  if (source === undefined) throw new Error('no source');
  return source;
}

function physicalLines(bytes: Buffer): number {
  let feeds = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) feeds += 1;
  return bytes.length === 0 || bytes[bytes.length - 1] === 10 ? feeds : feeds + 1;
}

function check({ coverage, records, diagnostics }: ReadSource, bytes: Buffer): void {
  expect(diagnostics.filter(({ code }) => code === 'parser-failed' || code === 'source-unreadable')).toEqual([]);
  if (coverage.format === 'binary' || coverage.format === 'journal-binary') {
    return;
  }
  const { recognised, continuation, unknown } = coverage;
  expect({ ...coverage, lines: recognised + continuation + unknown }).toEqual({
    ...coverage,
    lines: physicalLines(bytes),
  });
  expect(Math.min(recognised, continuation, unknown)).toBeGreaterThanOrEqual(0);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  for (const { ref } of records) {
    expect(ref.line).toBeGreaterThanOrEqual(1);
    expect(ref.endLine ?? ref.line).toBeLessThanOrEqual(Math.max(1, physicalLines(bytes)));
  }
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\n', '\r\n', '\r', '\0', '\0\0\0\0', '\n\n', '\t', '{', '"', '---\n', '\u001b[31m', '\u{1f600}')
    .map((text) => Buffer.from(text)),
  fc.constantFrom([0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xf5]).map((bytes) => Buffer.from(bytes)),
);
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(20), put: piece });

function damaged(bytes: Buffer, changes: readonly { at: number; cut: number; put: Buffer }[]): Buffer {
  return changes.reduce((left, { at, cut, put }) => {
    const from = Math.floor(at * left.length);
    return Buffer.concat([left.subarray(0, from), put, left.subarray(from + cut)]);
  }, bytes);
}

const crlf = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');

describe.each(samples)('$name', ({ path, bytes }) => {
  it('has every line counted, with either line end, without the last one, and with blank lines below', async () => {
    for (const variant of [
      bytes,
      crlf(bytes),
      Buffer.concat([bytes, Buffer.from('\n')]),
      Buffer.concat([bytes, Buffer.from('\n\n\n')]),
      bytes.subarray(0, bytes.length - 1),
      Buffer.concat([Buffer.from('\n\n'), bytes]),
    ]) {
      check(await read(path, variant), variant);
    }
  });

  it('survives every damage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const variant = damaged(bytes, changes);
        check(await read(path, variant), variant);
      }),
      { numRuns: 8, seed: 11 },
    );
  });
});

it('random bytes and random lines are read', async () => {
  const line = fc.oneof(
    fc.string({ maxLength: 80, unit: 'binary' }),
    fc.constantFrom(...samples.map((each) => each.bytes.toString())),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(line, { maxLength: 8 }).map((all) => Buffer.from(all.join('\n'))),
      ),
      async (raw) => {
        const bytes = Buffer.from(raw);
        check(await read('any.txt', bytes), bytes);
      },
    ),
    { numRuns: 300, seed: 13 },
  );
});

it.each(formats.map((format) => [format.id, format.samples[0]] as const))(
  '%s takes a line of 10 MB behind its own in linear time',
  { timeout: 20_000 },
  async (_, sample) => {
    const text = sample?.text ?? '';
    const path = sample !== undefined && 'path' in sample ? sample.path : 'a.log';
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    const bytes = Buffer.from(`${text.trimEnd()}\n${last}${' x'.repeat(5 << 20)}\n`);
    const began = performance.now();
    check(await read(path, bytes), bytes);
    expect(performance.now() - began).toBeLessThan(8000);
  },
);
