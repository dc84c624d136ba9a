import { describe, expect, it } from 'vitest';
import { collectManifest } from '../../src/parsers/collect-manifest.ts';

const [sample] = collectManifest.samples;

describe('the manifest of the collection script', () => {
  const text = sample?.text ?? '';
  const result = collectManifest.parse({ path: 'manifest.txt', context: {}, text, firstLine: 1 });

  it('is known by its first line alone', () => {
    const sniff = (head: string) => collectManifest.sniff({ path: 'x', context: {}, head, lines: [] });
    expect(sniff(text)).toBe(1);
    expect(sniff('name: forensics-collect\ncollected: 2025-01-31T02:54:55Z')).toBe(0);
    expect(sniff('')).toBe(0);
  });

  it('tells when the bundle was collected', () => {
    expect(result.collected).toEqual([
      { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 2, 54, 55), precisionMs: 1000 },
      { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 2, 56, 1), precisionMs: 1000 },
    ]);
  });

  it('names commands that failed or were stopped', () => {
    expect(result.diagnostics.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'collection-failed 9',
      'collection-stopped 10',
    ]);
  });

  it('tells the zone of the host, and nothing that happened', () => {
    expect(result.records.map(({ kind, node, row, stamp }) => ({ kind, node, row, stamp }))).toEqual([
      { kind: 'row', node: 'worker-1', row: { kind: 'Clock', values: { offset: '+0100' } }, stamp: undefined },
    ]);
  });

  it('accounts for every line', () => {
    expect(result.recognised + result.continuation).toBe(text.split('\n').length - 1);
  });
});
