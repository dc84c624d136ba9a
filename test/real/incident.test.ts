/** Run by journal.sh, which renders the files; skipped without them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { IncidentReport } from '../../src/model/report.ts';
import { byText } from '../../src/text/order.ts';
import { folderOf } from '../sources/pack.ts';
import { bundleOf } from '../support/fixtures.ts';

const directory = process.env['REAL_LOGS'] ?? '';
const isThere = directory !== '' && existsSync(join(directory, 'incident'));
const FIXTURE = bundleOf('nfs-dns-cilium-cascade');
/** What is in the bundle besides the journal. */
const BESIDE = ['kubectl/get-nodes.txt', 'kubectl/get-pods.txt', 'kubectl/pv.yaml', 'k8s-cp-01/mount.txt'];
const SECOND_MS = 1000;
/** Modes that show whole seconds. */
const COARSE = ['short', 'short-iso', 'short-full', 'with-unit', 'reversed'];
const COLLECTED = Date.UTC(2025, 10, 14, 19, 48);

async function reportOf(name: string, path: string): Promise<IncidentReport> {
  const beside = Object.fromEntries(BESIDE.map((file) => [file, readFileSync(join(FIXTURE, file))]));
  const folder = folderOf({ ...beside, [`k8s-cp-01/${name}`]: readFileSync(path) });
  return (await analyze([folder], { collectedAt: COLLECTED })).report;
}

function rootOf({ incidents }: IncidentReport) {
  const best = incidents[0]?.hypotheses[0];
  return best && { title: best.title, confidence: best.confidence };
}

/** Signature, entities and count of each fact, with when it began. Only text modes draw a line between boots. */
function factsOf({ facts }: IncidentReport) {
  return facts
    .filter(({ signature }) => signature !== 'journal-boot-marker')
    .map(({ signature, entities, count, onset }) => ({
      told: `${signature} ${JSON.stringify(entities)} ${count}`,
      onset: onset && [Date.parse(onset.earliest), Date.parse(onset.latest)],
    }))
    .toSorted((a, b) => byText(a.told, b.told));
}

describe.skipIf(!isThere)('one incident as journalctl prints it', () => {
  const modes = isThere ? readdirSync(join(directory, 'incident')).sort(byText) : [];
  const timed = modes.filter((mode) => mode !== 'cat' && mode !== 'short-monotonic');
  let exact: IncidentReport | undefined;

  beforeAll(async () => {
    exact = await reportOf('journal.log', join(directory, 'incident', 'export'));
  });

  it('has the root cause of the fixture', () => {
    expect(exact && rootOf(exact)?.title).toContain('truenas.home.example');
  });

  it.each(timed)('%s: the same facts, root cause and times to their precision', async (mode) => {
    const report = await reportOf('journal.log', join(directory, 'incident', mode));
    expect(rootOf(report)).toEqual(exact && rootOf(exact));
    const facts = factsOf(report);
    const wanted = exact ? factsOf(exact) : [];
    expect(facts.map(({ told }) => told)).toEqual(wanted.map(({ told }) => told));
    const precision = COARSE.includes(mode) ? SECOND_MS : 1;
    const errors = facts.flatMap(({ onset }, at) =>
      (onset ?? []).map((ms, end) => Math.abs(ms - (wanted[at]?.onset?.[end] ?? Number.NaN))),
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(precision);
  });

  it.each(['cat', 'short-monotonic'])('%s: the same messages, without the time of day', async (mode) => {
    const report = await reportOf('journal.log', join(directory, 'incident', mode));
    const signatures = new Set(report.facts.map(({ signature }) => signature));
    for (const signature of ['nfs-server-not-responding', 'kernel-hung-task']) expect(signatures).toContain(signature);
  });

  it.each(isThere ? readdirSync(join(directory, 'incident-kernel')).sort(byText) : [])(
    'dmesg %s: the same findings of the kernel',
    async (mode) => {
      const report = await reportOf('dmesg.txt', join(directory, 'incident-kernel', mode));
      const kernel = ['nfs-server-not-responding', 'kernel-hung-task'];
      const told = (of: IncidentReport | undefined) =>
        (of?.facts ?? [])
          .filter(({ signature }) => kernel.includes(signature))
          .map(({ signature, entities, count }) => `${signature} ${entities['node']} ${count}`)
          .sort(byText);
      expect(told(report)).toEqual(told(exact));
      expect(rootOf(report)?.title).toContain('truenas.home.example');
    },
  );
});
