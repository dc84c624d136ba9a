import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASCADE, type CascadeOptions, makeCascade } from '../fixtures/make/cascade.ts';
import { analyze } from '../src/analyze.ts';

const scratch = mkdtempSync(join(tmpdir(), 'forensics-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function shapeOf(name: string, options: CascadeOptions) {
  for (const [path, text] of makeCascade(options)) {
    const target = join(scratch, name, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const { report } = await analyze([join(scratch, name)]);
  const signature = new Map(report.facts.map((fact) => [fact.id, fact.signature]));
  const incident = report.incidents[0];
  const hypothesis = incident?.hypotheses[0];
  return {
    root: signature.get(hypothesis?.root ?? ''),
    confidence: hypothesis?.confidence,
    chain: hypothesis?.chain.map((id) => signature.get(id)),
    facts: [...new Set(incident?.facts.map((id) => signature.get(id)))],
    incidents: report.incidents.length,
  };
}

describe('the storage stall in other clothes', () => {
  it('has the same root cause and chain', async () => {
    const original = await shapeOf('original', CASCADE);
    const variant = await shapeOf('variant', {
      ...CASCADE,
      seed: 42,
      node: 'edge-7',
      nfsServer: 'filer.corp.example',
      writer: { namespace: 'db', workload: 'archive', comm: 'archiver', pid: 7714 },
      firstFrames: Date.UTC(2024, 4, 2, 22, 11, 3),
      mode: 'short-iso',
      offsetMinutes: 330,
      perMinute: 116,
      names: { previousBoot: 'logs/a.txt', currentBoot: 'logs/b.txt', mounts: 'state/x.txt', kubectl: 'state' },
    });
    expect(original.root).toBe('nfs-server-not-responding');
    expect(variant).toEqual(original);
  });
});
