import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/model/index.ts';
import { journalExport } from '../../src/parsers/journal/export.ts';
import { splitExport } from '../../src/parsers/journal/split-export.ts';
import { renumber } from '../../src/reading/slices.ts';
import { readFiles } from '../support/read-files.ts';

/** An entry whose message is given as bytes, as journalctl writes any text that is not one printable line. */
function entry(index: number, message: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length));
  return Buffer.concat([
    Buffer.from(
      `__CURSOR=s=f15a;i=${index}\n__REALTIME_TIMESTAMP=${1738292217000000 + index}\n_HOSTNAME=node-1\nSYSLOG_IDENTIFIER=app\nMESSAGE\n`,
    ),
    length,
    message,
    Buffer.from('\n_PID=77\n\n'),
  ]);
}

const bytesOf = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, at) => (at % 50 === 49 ? 10 : 97 + (at % 26))));

describe('binary fields of a journal export', () => {
  it.each([
    ['10 bytes, whose length is a line feed', bytesOf(10)],
    ['127 bytes', bytesOf(127)],
    ['200 bytes', bytesOf(200)],
    ['2,570 bytes, whose length is two line feeds', bytesOf(2570)],
    ['65,000 bytes', bytesOf(65_000)],
    ['text that looks like the next entry', Buffer.from(`a${'b'.repeat(300)}\n\n__CURSOR=s=x\nMESSAGE=no\n\nend`)],
    ['letters beyond ASCII', Buffer.from('ä'.repeat(150))],
  ])('are as long as they say: %s', async (_, message) => {
    const { records, source } = await readFiles({
      'journal.export': Buffer.concat([entry(1, message), entry(2, Buffer.from('two\nlines'))]),
    });
    expect(records().map((record) => record.message)).toEqual([message.toString(), 'two\nlines']);
    expect(records().map(({ process }) => process?.pid)).toEqual([77, 77]);
    expect(source().diagnostics).toEqual([]);
    const { lines, recognised, continuation, unknown } = source().coverage;
    expect([recognised + continuation, unknown]).toEqual([lines, 0]);
  });

  it('of 70,000 bytes are read to their end, though less is kept of them', async () => {
    const { records } = await readFiles({
      'journal.export': Buffer.concat([entry(1, bytesOf(70_000)), entry(2, Buffer.from('next'))]),
    });
    expect(records().map((record) => record.message.slice(0, 4))).toEqual(['abcd', 'next']);
    expect(records()[0]?.process?.pid).toBe(77);
  });

  it('may hold bytes that are no UTF-8', async () => {
    const { records } = await readFiles({
      'journal.export': Buffer.concat([
        entry(1, Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x66])),
        entry(2, Buffer.from('b')),
      ]),
    });
    expect(records().map((record) => record.message)).toEqual(['f\ufffd\ufffd\nf', 'b']);
  });

  it('end where the file does, when it was cut', async () => {
    const whole = Buffer.concat([entry(1, Buffer.from('a')), entry(2, bytesOf(300))]);
    const { records } = await readFiles({ 'journal.export': whole.subarray(0, whole.length - 200) });
    expect(records()[0]?.message).toBe('a');
    expect(records()[1]?.message.startsWith('abc')).toBe(true);
  });

  it('are exact for any bytes', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('\n\n', 'A=b\n', 'MESSAGE\n').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        // The printable letter keeps the message from being nothing but control characters.
        const message = Buffer.concat([
          Buffer.from('x'),
          ...parts.map((bytes) => Buffer.from(bytes)),
          Buffer.from('x'),
        ]);
        const bytes = Buffer.concat([entry(1, message), entry(2, Buffer.from('b'))]);
        const input = { path: 'j', context: {}, text: bytes.toString('utf8'), bytes, firstLine: 1 };
        const { records, diagnostics } = journalExport.parse(input);
        expect(diagnostics).toEqual([]);
        expect(records.map(({ process }) => process?.pid)).toEqual([77, 77]);
        expect(records[1]?.message).toBe('b');
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

it('an export in slices is the same as at once', () => {
  const bytes = Buffer.concat(Array.from({ length: 20 }, (_, index) => entry(index, bytesOf(200 + index * 7))));
  const shape = ({ id, ref, message }: LogRecord) => ({ id, line: ref.line, message });
  const whole = journalExport.parse({ path: 'j', context: {}, text: bytes.toString('utf8'), bytes, firstLine: 1 });
  for (const size of [1, 100, 4096]) {
    const numbers = renumber('j');
    const records: LogRecord[] = [];
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const { lines } = splitExport(
      chunks,
      ({ text, bytes: own, firstLine }) => {
        const input = { path: 'j', context: {}, text, firstLine, ...(own === undefined ? {} : { bytes: own }) };
        records.push(...numbers.next(journalExport.parse(input).records));
      },
      { sliceBytes: 500 },
    );
    expect(records.map(shape)).toEqual(whole.records.map(shape));
    expect(lines).toBe(bytes.toString('latin1').split('\n').length - 1);
  }
});
