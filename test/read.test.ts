import { describe, expect, it } from 'vitest';
import type { Bundle, Source, SourceContext } from '../src/model/index.ts';
import { readSources } from '../src/read.ts';
import { compileLiterals } from '../src/scan/literals.ts';

function source(path: string, text: string | Buffer, context: SourceContext = {}): Source {
  const bytes = Buffer.from(text);
  return {
    path,
    bytes: bytes.length,
    context,
    notes: [],
    *read() {
      for (let at = 0; at < bytes.length; at += 1000) {
        yield bytes.subarray(at, at + 1000);
      }
    },
  };
}

async function read(
  text: string | Buffer,
  options: { wholeLogBytes?: number; path?: string; context?: SourceContext } = {},
) {
  const bundle: Bundle = {
    name: 'b',
    layout: 'files',
    sources: [source(options.path ?? 'a.log', text, options.context)],
    collectionHints: [],
    diagnostics: [],
    close: () => {},
  };
  const literals = compileLiterals(['not responding', 'blocked for more than']);
  const [result] = await readSources(bundle, literals, new Map([['blocked for more than', 3]]), options);
  if (result === undefined) {
    throw new Error('nothing was read');
  }
  return result;
}

const two = (value: number): string => String(value).padStart(2, '0');

function journal(lines: number): string[] {
  return Array.from(
    { length: lines },
    (_, n) => `Jan 31 02:${two(Math.floor(n / 60) % 60)}:${two(n % 60)} node-1 kubelet[1501]: nothing new ${n}`,
  );
}

const eventful = journal(3000)
  .toSpliced(700, 1, 'Jan 31 02:11:40 node-1 kernel: nfs: server nas not responding, still trying')
  .toSpliced(
    900,
    0,
    'Jan 31 02:14:59 node-1 kernel: INFO: task nginx:12 blocked for more than 120 seconds.',
    'Jan 31 02:14:59 node-1 kernel:       Not tainted 6.1.0',
    '                               in two lines',
    'Jan 31 02:14:59 node-1 kernel: Call Trace:',
  )
  .toSpliced(1500, 0, '-- Boot fedcba9876543210fedcba9876543210 --', 'what is this?', '', 'not responding either')
  .join('\n');

describe('readSources', () => {
  it('gives candidate lines the same records whether a log is kept whole or not', async () => {
    const whole = await read(eventful);
    const scanned = await read(eventful, { wholeLogBytes: 0 });
    expect(scanned.coverage).toEqual(whole.coverage);
    expect(scanned.volume).toEqual(whole.volume);
    expect(whole.records.length).toBeGreaterThan(3000);
    const byId = new Map(whole.records.map((record) => [record.id, record]));
    for (const record of scanned.records) {
      expect(record).toEqual(byId.get(record.id));
    }
    const messages = scanned.records.map(({ message }) => message);
    expect(messages).toContain('nfs: server nas not responding, still trying');
    expect(messages).toContain('not responding either');
    expect(messages).toContain('Call Trace:');
    expect(messages.some((message) => message.startsWith('-- Boot'))).toBe(true);
    expect(scanned.records.length).toBeLessThan(20);
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['one feed at the end', (text: string) => `${text}\n`],
  ])('reads the same with %s', async (_, change) => {
    const plain = await read(eventful);
    const changed = await read(change(eventful));
    const strip = ({ raw: _raw, ...record }: (typeof plain.records)[number]) => record;
    expect(changed.records.map(strip)).toEqual(plain.records.map(strip));
    expect({ ...changed.coverage, bytes: 0 }).toEqual({ ...plain.coverage, bytes: 0 });
  });

  it('keeps to the sum: every line is recognised, continuation or unknown', async () => {
    const { coverage } = await read(eventful);
    expect(coverage.lines).toBe(eventful.split('\n').length);
    expect(coverage.recognised + coverage.continuation + coverage.unknown).toBe(coverage.lines);
    expect(coverage).toMatchObject({ format: 'journal-short', unknown: 2 });
  });

  it('reads an empty file and a file without any known format', async () => {
    expect((await read('')).coverage).toMatchObject({ format: 'text', lines: 0 });
    const { coverage, records } = await read('hello\nworld\n');
    expect([coverage.format, coverage.lines, records.length]).toEqual(['text', 2, 2]);
  });

  it('names binary files and does not read them', async () => {
    const journalFile = await read(Buffer.concat([Buffer.from('LPKSHHRH'), Buffer.alloc(100)]));
    expect(journalFile.diagnostics.map(({ code }) => code)).toEqual(['journal-not-read']);
    const other = await read(Buffer.from(Array.from({ length: 500 }, (_, n) => n % 32)));
    expect([other.coverage.format, other.records.length]).toEqual(['binary', 0]);
  });

  it('reads the sections of a composite file, each in its own format and context', async () => {
    const text = [
      '==== START logs for container coredns of pod kube-system/coredns-a ====',
      '[ERROR] plugin/errors: 2 quay.io. A: read udp 10.0.0.1:1->8.8.8.8:53: i/o timeout',
      '==== END logs for container coredns of pod kube-system/coredns-a ====',
      '==== START logs for container web of pod shop/web-b ====',
      'E1121 07:49:54.399653   23996 memcache.go:265] "Unhandled Error" err="x"',
      '==== END logs for container web of pod shop/web-b ====',
    ].join('\n');
    const { records, coverage } = await read(text);
    expect(records.map(({ ref, pod, container, level }) => [ref.line, pod, container, level])).toEqual([
      [2, 'kube-system/coredns-a', 'coredns', 'err'],
      [5, 'shop/web-b', 'web', 'err'],
    ]);
    expect(new Set(records.map(({ stream }) => stream)).size).toBe(2);
    expect(coverage).toMatchObject({ format: 'sections', lines: 6, recognised: 6 });
  });

  it('takes the one program that a path names for the writer of a log without writers', async () => {
    const text = Array.from({ length: 5 }, (_, n) => `I1121 07:49:5${n}.399653       1 a.go:1] hello`).join('\n');
    const { volume } = await read(text, { context: { container: 'cilium-agent', node: 'n1' } });
    expect(volume?.writers).toMatchObject([{ name: 'cilium-agent', node: 'n1', lines: 5, firstLine: 1, lastLine: 5 }]);
  });

  it('reports a source that cannot be opened', async () => {
    const broken: Source = {
      ...source('x.log', 'abc'),
      read: () => {
        throw new Error('no such device');
      },
    };
    const bundle = {
      name: 'b',
      layout: 'files',
      sources: [broken],
      collectionHints: [],
      diagnostics: [],
      close: () => {},
    };
    const [result] = await readSources(bundle, compileLiterals([]), new Map());
    expect(result?.diagnostics).toEqual([
      { severity: 'error', code: 'source-unreadable', message: 'could not be read: no such device', source: 'x.log' },
    ]);
    expect(result?.coverage.lines).toBe(0);
  });
});
