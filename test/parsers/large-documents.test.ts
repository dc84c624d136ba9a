import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { LogRecord } from '../../src/model/index.ts';
import type { DocumentFormat, DocumentSlice, SplitSummary } from '../../src/parsers/format.ts';
import { jsonObjects, yamlObjects } from '../../src/parsers/objects/format.ts';
import { splitJson } from '../../src/parsers/objects/split-json.ts';
import { splitYaml } from '../../src/parsers/objects/split-yaml.ts';
import { readSources } from '../../src/read.ts';
import { renumber } from '../../src/reading/slices.ts';
import { compileLiterals } from '../../src/scan/literals.ts';
import { openBundle } from '../../src/sources/index.ts';

const pod = (name: string, message = 'back-off') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', annotations: { note: 'a "quoted" { [ \\ brace', é: 'ü' } },
  spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'web:2' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'app', restartCount: 9, ready: false, state: { waiting: { reason: 'CrashLoopBackOff', message } } },
    ],
  },
});
const event = (name: string) => ({
  metadata: { name, namespace: 'shop' },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
  reason: 'BackOff',
  message: 'Back-off restarting failed container',
  count: 3,
  firstTimestamp: '2025-01-31T02:00:00Z',
  lastTimestamp: '2025-01-31T03:00:00Z',
  type: 'Warning',
});

function* chunksOf(text: string, size: number): Iterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    // Chunks may be reused: what is kept of one must not change with the next.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    yield chunk;
    chunk.fill(0);
  }
}

interface Shape {
  readonly id: string;
  readonly line: number;
  readonly message: string;
  readonly row: LogRecord['row'];
}

const shapeOf = ({ id, ref, message, row }: LogRecord): Shape => ({ id, line: ref.line, message, row });

function whole(format: DocumentFormat, text: string, path: string): Shape[] {
  return format.parse({ path, context: {}, text, firstLine: 1 }).records.map(shapeOf);
}

function inSlices(format: DocumentFormat, text: string, path: string, chunk: number, sliceBytes: number) {
  const numbers = renumber(path);
  const records: LogRecord[] = [];
  const slices: DocumentSlice[] = [];
  const split = format === jsonObjects ? splitJson : splitYaml;
  const summary: SplitSummary = split(
    chunksOf(text, chunk),
    (slice) => {
      slices.push(slice);
      const { firstLine, text: piece, listKind, isList } = slice;
      const result = format.parse({ path, context: {}, text: piece, firstLine, part: { listKind, isList } });
      records.push(...numbers.next(result.records));
    },
    { sliceBytes },
  );
  return { records: records.map(shapeOf), slices, summary };
}

const items = ['web-1', 'web-2', 'web-3'].map((name) => pod(name));
const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
const kubectl = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
const eventList = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: [event('a.1'), event('a.2')] };
const podList = { kind: 'PodList', items: items.map(({ kind: _kind, ...rest }) => rest) };

const jsonTexts: readonly (readonly [string, string])[] = [
  ['a list over many lines', JSON.stringify(list, null, 4)],
  ['a list of kubectl', `${JSON.stringify(kubectl, null, 2)}\n`],
  ['a list on one line', `${JSON.stringify(eventList)}\n`],
  ['a list whose items have no kind', JSON.stringify(podList, null, 1)],
  ['a bare array', JSON.stringify(items, null, 2)],
  ['one object in a line', items.map((item) => `${JSON.stringify(item)}\n`).join('')],
  [
    'documents in a row',
    `${JSON.stringify(items[0], null, 2)}\n${JSON.stringify(list, null, 2)}\n${JSON.stringify(items[1])}`,
  ],
  ['two lists in a row', `${JSON.stringify(eventList, null, 2)}\n${JSON.stringify(podList)}\n`],
];
const yamlTexts: readonly (readonly [string, string])[] = [
  ['a list of kubectl', stringify(kubectl, { indentSeq: false })],
  ['a list whose items are indented', stringify(list)],
  ['documents', items.map((item) => `---\n${stringify(item)}`).join('')],
  ['a list without kinds of its items', `kind: PodList\nitems:\n${stringify(podList.items)}`],
  ['a bare list', stringify(items)],
  ['a document, then a list', `${stringify(items[0])}---\n${stringify(kubectl)}---\n${stringify(items[2])}`],
];

describe.each([
  ['JSON', jsonObjects, jsonTexts, 'pods.json'],
  ['YAML', yamlObjects, yamlTexts, 'pods.yaml'],
] as const)('%s in slices', (_, format, texts, path) => {
  it.each(texts)('reads the same as at once: %s', (_name, text) => {
    const expected = whole(format, text, path);
    expect(expected.length).toBeGreaterThan(1);
    for (const chunk of [1, 7, 64, 1 << 20]) {
      for (const sliceBytes of [1, 300, 1 << 20]) {
        const { records, summary } = inSlices(format, text, path, chunk, sliceBytes);
        expect(records).toEqual(expected);
        expect(summary).toMatchObject({ isCut: false, tooLarge: 0, strange: 0 });
        expect(summary.lines).toBe(text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length);
      }
    }
  });

  it('leaves out what no object can be, and goes on behind it', () => {
    const text =
      format === jsonObjects
        ? JSON.stringify({ kind: 'List', items: [pod('a'), pod('b', 'x'.repeat(5000)), pod('c')] }, null, 1)
        : stringify({ kind: 'List', items: [pod('a'), pod('b', 'x'.repeat(5000)), pod('c')] }, { lineWidth: 0 });
    const seen: string[] = [];
    const split = format === jsonObjects ? splitJson : splitYaml;
    const summary = split(chunksOf(text, 100), ({ text: piece }) => seen.push(piece), {
      sliceBytes: 1,
      mostItemBytes: 2000,
    });
    expect(summary.tooLarge).toBe(1);
    expect(seen.join('').length).toBeLessThan(5000);
    expect(seen.join('')).toMatch(/name"?: "?a\b[\s\S]*name"?: "?c\b/u);
  });
});

describe.each([
  ['JSON', splitJson, (index: number) => `${index === 0 ? '{"items":[' : ','}${JSON.stringify(pod(`web-${index}`))}`],
  ['YAML', splitYaml, (index: number) => `${index === 0 ? 'items:\n' : ''}${stringify([pod(`web-${index}`)])}`],
] as const)('memory for %s', (_, split, textOf) => {
  it('holds one slice and no more, however long the list is', () => {
    const texts = Array.from({ length: 50 }, (_each, index) => Buffer.from(textOf(index)));
    function* endless(): Iterable<Uint8Array> {
      for (let turn = 0; turn < 200; turn += 1) {
        for (const [index, text] of texts.entries()) {
          if (index > 0 || turn === 0) yield text;
        }
      }
    }
    let longest = 0;
    let count = 0;
    split(endless(), ({ text }) => {
      longest = Math.max(longest, text.length);
      count += 1;
    });
    expect(count).toBeGreaterThan(3);
    expect(longest).toBeLessThan((1 << 20) + 10_000);
  });
});

describe('splitJson', () => {
  it('keeps the items before a cut', () => {
    const text = JSON.stringify(list, null, 2);
    const { records, summary } = inSlices(jsonObjects, text.slice(0, text.indexOf('web-3')), 'p.json', 50, 1);
    expect(summary.isCut).toBe(true);
    expect(new Set(records.flatMap(({ row }) => (row ? [row.values['name']] : [])))).toEqual(
      new Set(['web-1', 'web-2']),
    );
  });

  it('never throws, and hands out no byte twice', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"items":',
      '"',
      ',',
      ':',
      '\n',
      'x',
      '\\',
      '{"a":1}',
      '"kind":"PodList"',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (parts, chunk) => {
        const text = parts.join('');
        let size = 0;
        const { lines } = splitJson(chunksOf(text, chunk), (slice) => (size += Buffer.byteLength(slice.text)), {
          sliceBytes: 1,
        });
        expect(size).toBeLessThanOrEqual(Buffer.byteLength(text));
        expect(lines).toBe(text === '' || text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('lists above 32 MiB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const padding = 'p'.repeat(2000);
  const big = (index: number) => {
    const own = pod(`web-${index}`);
    return { ...own, metadata: { ...own.metadata, annotations: { padding } } };
  };

  /** Writes more than 32 MiB and returns the number of the line on which the last item's reason stands. */
  function write(path: string, head: string, itemOf: (index: number, isLast: boolean) => string, tail: string) {
    const fd = openSync(path, 'w');
    let lines = head.split('\n').length - 1;
    let bytes = writeSync(fd, head);
    let last = '';
    let before = 0;
    let count = 0;
    for (let isLast = false; !isLast; ) {
      isLast = bytes > 33 << 20;
      last = itemOf(count, isLast);
      before = lines;
      lines += last.split('\n').length - 1;
      bytes += writeSync(fd, last);
      count += 1;
    }
    writeSync(fd, tail);
    closeSync(fd);
    const reason = last.split('\n').findIndex((line) => line.includes('CrashLoopBackOff'));
    return { count, lines: lines + tail.split('\n').length - 1, reasonLine: before + 1 + reason };
  }

  it.each([
    [
      'JSON over many lines',
      'pods.json',
      '{\n    "apiVersion": "v1",\n    "items": [\n',
      (index: number, isLast: boolean) => `${JSON.stringify(big(index), null, 4)}${isLast ? '' : ','}\n`,
      '    ],\n    "kind": "List"\n}\n',
      'kubernetes-json',
    ],
    [
      'YAML',
      'pods.yaml',
      'apiVersion: v1\nitems:\n',
      (index: number) => stringify([big(index)], { lineWidth: 0 }),
      'kind: List\n',
      'kubernetes-yaml',
    ],
  ] as const)(
    '%s: the last item points at its line, and every line is counted',
    { timeout: 60_000 },
    async (...given) => {
      const [, name, head, itemOf, tail, id] = given;
      const { count, lines, reasonLine } = write(join(folder, name), head, itemOf, tail);
      const bundle = await openBundle([join(folder, name)]);
      const [source] = await readSources(bundle, compileLiterals([]), new Map());
      bundle.close();
      const pods = source?.records.filter(({ row }) => row?.kind === 'Pod') ?? [];
      expect(pods.length).toBe(count);
      expect(pods.at(-1)?.ref.line).toBe(reasonLine);
      expect(pods.at(-1)?.row?.values['name']).toBe(`web-${count - 1}`);
      expect(source?.listings).toMatchObject([{ kind: 'Pod', complete: true, rows: count }]);
      expect(source?.coverage).toMatchObject({ format: id, lines, unknown: 0 });
      const { recognised = 0, continuation = 0 } = source?.coverage ?? {};
      expect(recognised + continuation).toBe(lines);
      expect(new Set(source?.records.map((record) => record.id)).size).toBe(source?.records.length);
      rmSync(join(folder, name));
    },
  );
});
