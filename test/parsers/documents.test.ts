import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord, SourceContext } from '../../src/model/index.ts';
import { documentFormats } from '../../src/parsers/document-formats.ts';
import type { DocumentFormat, DocumentResult, Sniff } from '../../src/parsers/format.ts';

/** The formats of journals and of the kernel have tests of their own. */
const own = documentFormats.filter(({ id }) => !/^(?:journal|dmesg)/u.test(id));
const samples = own.flatMap((format) =>
  format.samples.map(({ path, text }) => ({ id: format.id, path, text, format })),
);

function sniffText(path: string, text: string, context: SourceContext = {}): Sniff {
  return {
    path,
    context,
    head: text.slice(0, 65_536),
    lines: text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, 400),
  };
}

function winner(path: string, text: string): string | undefined {
  const sniff = sniffText(path, text);
  const rated = documentFormats.map((format) => ({ id: format.id, score: format.sniff(sniff) }));
  return rated.toSorted((a, b) => b.score - a.score)[0]?.id;
}

function parseWith(
  format: DocumentFormat,
  text: string,
  path = 'file.txt',
  context: SourceContext = {},
): DocumentResult {
  return format.parse({ path, context, text, firstLine: 1 });
}

/** Lines, ids and counts of a result hold together, whatever was parsed. */
function check(result: DocumentResult, text: string): void {
  const lines = text.split('\n').map((line) => line.replace(/\r$/u, ''));
  const count = text === '' ? 0 : text.endsWith('\n') ? lines.length - 1 : lines.length;
  const inLogs = (result.logs ?? []).reduce((sum, { firstLine, lastLine }) => sum + lastLine - firstLine + 1, 0);
  expect(result.recognised + result.continuation + inLogs).toBeLessThanOrEqual(count);
  expect(new Set(result.records.map(({ id }) => id)).size).toBe(result.records.length);
  for (const { ref, raw, seq } of result.records) {
    expect(ref.line).toBeGreaterThanOrEqual(1);
    expect(ref.line).toBeLessThanOrEqual(Math.max(1, count));
    expect(ref.endLine ?? ref.line).toBeLessThanOrEqual(Math.max(1, count));
    expect(lines[ref.line - 1] ?? '').toContain(raw);
    expect(raw.length).toBeLessThanOrEqual(4096);
    expect(result.records[seq]?.seq).toBe(seq);
  }
}

describe('document formats', () => {
  it.each(samples)('$id recognises its sample $path before any other format does', ({ id, path, text }) => {
    expect(winner(path, text)).toBe(id);
  });

  it.each(samples)('$id understands every line of $path', ({ format, path, text }) => {
    const result = parseWith(format, text, path);
    const unknown = result.records.filter(
      ({ kind, unit, row, stamp }) => kind === 'log' && unit === undefined && row === undefined && stamp === undefined,
    );
    const inLogs = (result.logs ?? []).reduce((sum, { firstLine, lastLine }) => sum + lastLine - firstLine + 1, 0);
    // Bare messages are all that such a file holds: they look like the lines that others do not understand.
    expect(unknown.map(({ message }) => message)).toEqual(
      format.id === 'messages' ? text.split('\n').filter((line) => line !== '') : [],
    );
    expect(result.recognised + result.continuation + inLogs).toBe(text.split('\n').length - 1);
    check(result, text);
  });

  it.each(samples)('$id reads $path the same with CRLF', ({ format, path, text }) => {
    const plain = parseWith(format, text, path);
    const windows = parseWith(format, text.replaceAll('\n', '\r\n'), path);
    const shape = ({ records }: DocumentResult) =>
      records.map(({ ref, message, row }: LogRecord) => ({ ref, message, row }));
    expect(shape(windows)).toEqual(shape(plain));
  });

  it.each(samples)('$id survives every cut of $path', ({ format, path, text }) => {
    for (let end = 0; end < text.length; end += 3) {
      const cut = text.slice(0, end);
      format.sniff(sniffText(path, cut));
      check(parseWith(format, cut, path), cut);
    }
  });

  it('never throws and never invents lines on shuffled and mixed input', () => {
    const pool = samples.flatMap(({ text }) => text.split('\n'));
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pool) },
      { weight: 2, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }).map((word) => word.replaceAll('\n', ' ')) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          '\t\t',
          '  ',
          'Name:   x',
          '      Message:  x',
          '- - - -',
          '{"items":[',
          '---',
          '|',
          '\u{1f600}   b   c',
        ),
      },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.boolean(), (lines, isEnded) => {
        const text = lines.join('\n') + (isEnded ? '\n' : '');
        const sniff = sniffText('any.txt', text);
        for (const format of own) {
          const score = format.sniff(sniff);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          check(parseWith(format, text), text);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('reads long hostile lines in linear time', () => {
    const lines = [
      ' '.repeat(100_000),
      'a '.repeat(50_000),
      'A  '.repeat(30_000),
      '['.repeat(100_000),
      '-'.repeat(100_000),
      `x: ${'y: '.repeat(30_000)}`,
      '{"a":'.repeat(20_000),
      '"'.repeat(99_999),
    ];
    const started = performance.now();
    for (const format of own) {
      for (const line of lines) {
        check(parseWith(format, `${line}\n`), `${line}\n`);
        format.sniff(sniffText('x', line));
      }
    }
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('keeps the numbers of the file in a section of a composite one', () => {
    const format = own.find(({ id }) => id === 'kubectl-table') as DocumentFormat;
    const text = 'NAME   STATUS     ROLES    AGE   VERSION\nn1     NotReady   <none>   5d    v1.30.1\n';
    const result = format.parse({ path: 'a.txt', context: {}, text, firstLine: 41 });
    expect(result.records.map(({ id, ref }) => ({ id, ref }))).toEqual([
      { id: 'a.txt:42', ref: { source: 'a.txt', line: 42 } },
    ]);
    expect(result.listings[0]).toMatchObject({ kind: 'Node', namespace: 'all', complete: true, rows: 1, line: 41 });
  });
});
