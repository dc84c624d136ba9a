import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';

async function signaturesOf(text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'excerpt-'));
  writeFileSync(join(folder, 'paste.txt'), text);
  const { report } = await analyze([folder], { collectedAt: Date.UTC(2025, 0, 31, 3) });
  return report.incidents.flatMap(({ facts }) =>
    facts.map((id) => report.facts.find((fact) => fact.id === id)?.signature ?? id),
  );
}

describe('a single pasted line, of a rule that otherwise wants several', () => {
  it.each([
    [
      'what kubectl says',
      'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request (get pods)\n',
      'apiserver-timeout',
    ],
    [
      'what a program says of itself',
      'microk8s is not running. Use microk8s inspect for a deeper inspection.\n',
      'microk8s-not-running',
    ],
  ])('is a finding: %s', async (_, text, signature) => {
    expect(await signaturesOf(text)).toContain(signature);
  });

  it('is none where the line is a command', async () => {
    expect(await signaturesOf('microk8s status --wait-ready\n')).toEqual([]);
  });
});
