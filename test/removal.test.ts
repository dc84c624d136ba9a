import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import type { IncidentReport } from '../src/model/report.ts';
import { bundleOf, fixtureNames, isHealthy } from './support/fixtures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'forensics-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function filesOf(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    return entry.isDirectory() ? filesOf(folder, path) : [path];
  });
}

async function reportWithout(name: string, file: string): Promise<IncidentReport> {
  const target = join(scratch, `${name}-${file}`.replaceAll('/', '-'));
  cpSync(bundleOf(name), target, { recursive: true });
  rmSync(join(target, file));
  const { report } = await analyze([target]);
  rmSync(target, { recursive: true });
  return report;
}

/** Signature and confidence of the best cause of each incident, worst incident first. */
function causesOf({ incidents, facts }: IncidentReport): { readonly root: string; readonly confidence: string }[] {
  const signature = new Map(facts.map((fact) => [fact.id, fact.signature]));
  return incidents.flatMap(({ hypotheses }) => {
    const best = hypotheses[0];
    return best ? [{ root: signature.get(best.root) ?? best.root, confidence: best.confidence }] : [];
  });
}

function isConfident(confidence: string): boolean {
  return confidence === 'high' || confidence === 'medium';
}

describe.each(fixtureNames().filter((name) => !isHealthy(name)))('%s without one file', async (name) => {
  const whole = causesOf((await analyze([bundleOf(name)])).report);
  const known = new Set(whole.map(({ root }) => root));

  it.each(filesOf(bundleOf(name)))('%s: names no other cause with confidence, and asks instead', async (file) => {
    const report = await reportWithout(name, file);
    const causes = causesOf(report);
    const others = causes.filter(({ root, confidence }) => isConfident(confidence) && !known.has(root));
    expect(others).toEqual([]);
    const isOther = causes.length > 0 && causes[0]?.root !== whole[0]?.root;
    expect(isOther ? report.incidents[0]?.questions : []).toEqual(
      isOther ? expect.arrayContaining([expect.anything()]) : [],
    );
  });
});
