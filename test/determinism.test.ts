import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { bundleOf, fixtureNames } from './support/fixtures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'forensics-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function reportOf(path: string): Promise<string> {
  return JSON.stringify((await analyze([path])).report);
}

/** The same tree made again with its entries in reverse order, under another parent folder. */
function shuffled(name: string): string {
  const target = join(scratch, name.replaceAll('/', '-'), 'bundle');
  const copy = (from: string, to: string): void => {
    for (const entry of readdirSync(from, { withFileTypes: true }).reverse()) {
      if (entry.isDirectory()) copy(join(from, entry.name), join(to, entry.name));
      else cpSync(join(from, entry.name), join(to, `${entry.name}.tmp`));
    }
    for (const entry of readdirSync(to, { withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith('.tmp'))
        renameSync(join(to, entry.name), join(to, entry.name.slice(0, -4)));
    }
  };
  copy(bundleOf(name), target);
  return target;
}

describe.each(fixtureNames())('%s', (name) => {
  it('gives the same bytes again, in another folder and another file order', async () => {
    const first = await reportOf(bundleOf(name));
    expect(await reportOf(bundleOf(name))).toBe(first);
    expect(await reportOf(shuffled(name))).toBe(first);
  });
});
