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

  it('counts the order of a log that was printed newest first from its end', async () => {
    const lines = journal(200).toReversed();
    const { records } = await read(lines.join('\n'));
    expect(records.map(({ ref }) => ref.line)).toEqual(lines.map((_, at) => at + 1));
    expect(records.map(({ seq }) => seq)).toEqual(lines.map((_, at) => -1 - at));
    const inOrder = await read(journal(200).join('\n'));
    expect(inOrder.records.every(({ seq, ref }) => seq === ref.line)).toBe(true);
  });

  it('keeps the lines by which silences and restarts are told, also of large logs', async () => {
    const quiet = journal(3000);
    const restarted = quiet.map((line, at) => (at < 1200 ? line : line.replace('kubelet[1501]', 'kubelet[9]')));
    const silent = restarted.map((line, at) => (at < 2000 ? line : line.replace(/ 02:/u, ' 04:')));
    const { records, volume } = await read(silent.join('\n'), { wholeLogBytes: 0 });
    const lines = records.map(({ ref }) => ref.line);
    expect(volume?.gaps[0]).toMatchObject({ from: { line: 2000 }, to: { line: 2001 } });
    expect(lines).toEqual([1, 2, 3, 1200, 1201, 2000, 2001, 2998, 2999, 3000]);
    const whole = await read(silent.join('\n'));
    const byId = new Map(whole.records.map((record) => [record.id, record]));
    for (const record of records) {
      expect(record).toEqual(byId.get(record.id));
    }
  });

  it('keeps the silences of each log in a composite file', async () => {
    const silent = journal(40).map((line, at) => (at < 20 ? line : line.replace(/ 02:/u, ' 04:')));
    const { volume } = await read(['$ journalctl -u kubelet', ...silent, '$ df -h', 'Filesystem Size', ''].join('\n'));
    expect(volume?.gaps[0]).toMatchObject({ from: { line: 21 }, to: { line: 22 } });
  });

  it('puts the pieces of a CRI line together where other formats stand between', async () => {
    const cri = (tag: string, text: string) => `2025-01-31T02:55:00.000000000Z stdout ${tag} ${text}`;
    const plain = 'Jan 31 02:11:40 node-1 kubelet[1]: between';
    const mixed = Array.from({ length: 30 }, () => [plain, cri('P', 'not resp'), cri('F', 'onding')]).flat();
    const { records } = await read(mixed.join('\n'));
    expect(records.filter(({ message }) => message === 'not responding')).toHaveLength(30);
    const scanned = await read(mixed.join('\n'), { wholeLogBytes: 0 });
    expect(scanned.coverage).toEqual((await read(mixed.join('\n'))).coverage);
  });
});

describe('hostile input', () => {
  const hostile: readonly (readonly [string, string, () => string | Buffer])[] = [
    ['one line of 2 MB', 'a.log', () => `Jan 31 02:11:40 node-1 kernel: ${'x '.repeat(1 << 20)}`],
    ['2 MB of NUL bytes', 'journal.log', () => Buffer.alloc(2 << 20)],
    [
      'a hole of NUL bytes in a log',
      'journal.log',
      () => Buffer.concat([Buffer.from(eventful), Buffer.alloc(1 << 20), Buffer.from(eventful)]),
    ],
    ['JSON 20,000 deep', 'pods.json', () => `${'{"items":['.repeat(20_000)}`],
    ['a JSON array 100,000 deep', 'a.json', () => '['.repeat(100_000)],
    [
      'YAML with 20,000 keys',
      'a.yaml',
      () => `kind: ConfigMap\ndata:\n${Array.from({ length: 20_000 }, (_, n) => `  key-${n}: ${n}`).join('\n')}`,
    ],
    [
      'YAML 5,000 deep',
      'a.yaml',
      () => Array.from({ length: 5000 }, (_, n) => `${' '.repeat(n % 500)}k${n}:`).join('\n'),
    ],
    ['flow YAML 50,000 deep', 'a.yaml', () => `kind: Pod\nspec: ${'['.repeat(50_000)}`],
    [
      'a table row of 1 MB',
      'pods.txt',
      () =>
        `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nns   ${'p'.repeat(1 << 20)}   1/1   Running   0   5d\n`,
    ],
    ['a table of 100,000 columns', 'pods.txt', () => `${'NAME   '.repeat(100_000)}\n${'a   '.repeat(100_000)}`],
    ['random bytes', 'journal.log', () => noise(1 << 20)],
    ['random text', 'kubelet.log', () => noise(1 << 20).toString('base64')],
    ['quotes that never close', 'a.log', () => `level=info msg="${'\\"a="'.repeat(100_000)}`],
    ['20,000 sections', 'a.txt', () => '==> a.log <==\nx\n'.repeat(20_000)],
    ['blank lines', 'a.log', () => '\n'.repeat(1 << 20)],
    ['indented lines', 'a.log', () => `Jan 31 02:11:40 node-1 kernel: x\n${'  at x\n'.repeat(100_000)}`],
  ];

  /** The same bytes on every run. */
  function noise(size: number): Buffer {
    let state = 7;
    return Buffer.from(
      Uint8Array.from({ length: size }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        return state >>> 24;
      }),
    );
  }

  it.each(hostile)('%s is read without a fault and in a bounded time', async (_, path, text) => {
    const input = text();
    const from = performance.now();
    const { coverage, records, diagnostics } = await read(input, { path });
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(diagnostics.filter(({ code }) => code === 'source-unreadable')).toEqual([]);
    expect(coverage.recognised + coverage.continuation + coverage.unknown).toBe(coverage.lines);
    expect(records.every(({ message, raw }) => message.length <= 70_000 && raw.length <= 4096)).toBe(true);
  });
});
