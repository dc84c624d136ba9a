import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import type { IncidentReport } from '../src/model/report.ts';
import { bundleOf, fixtureNames, isHealthy } from './support/fixtures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'forensics-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Between clocks whose difference nothing bounds. */
const SKEW_MS = 2000;

type Files = ReadonlyMap<string, string>;

function read(folder: string, under = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(folder, under), { withFileTypes: true })) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) for (const [inner, text] of read(folder, path)) files.set(inner, text);
    else files.set(path, readFileSync(join(folder, path), 'utf8'));
  }
  return files;
}

async function reportOf(name: string, files: Files): Promise<IncidentReport> {
  for (const [path, text] of files) {
    const target = join(scratch, name, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return (await analyze([join(scratch, name)])).report;
}

async function fixtureReport(name: string): Promise<IncidentReport> {
  return (await analyze([bundleOf(name)])).report;
}

function rootsOf({ incidents, facts }: IncidentReport): (string | undefined)[] {
  return incidents.map(({ hypotheses }) => facts.find(({ id }) => id === hypotheses[0]?.root)?.signature);
}

/** What a report says of the incident; how much was read around it is left out. */
function told(report: IncidentReport) {
  const { incidents, facts, timeline, questions, verdict, anomalies } = report;
  return { incidents, facts, timeline, questions, verdict, anomalies };
}

describe('two incidents in one bundle', async () => {
  const report = await fixtureReport('mixed-two-incidents');
  const placesOf = (ids: readonly string[]) => {
    const refs = report.facts.filter(({ id }) => ids.includes(id)).flatMap(({ entities }) => Object.values(entities));
    return new Set(refs.filter((ref) => /^(?:node|pod|namespace)\//u.test(ref)));
  };

  it('are told apart, each with its own cause', () => {
    expect(rootsOf(report)).toEqual(['nfs-server-not-responding', 'registry-auth-refused']);
  });
  it('share no finding and no place', () => {
    const [stall, pull] = report.incidents.map(({ facts }) => facts);
    expect(stall?.filter((id) => pull?.includes(id))).toEqual([]);
    const other = placesOf(pull ?? []);
    expect([...placesOf(stall ?? [])].filter((place) => other.has(place))).toEqual([]);
  });
  it('are joined by no edge', () => {
    const incidentOf = new Map(report.incidents.flatMap(({ id, facts }) => facts.map((fact) => [fact, id] as const)));
    const edges = report.incidents.flatMap((incident) => incident.edges);
    expect(edges.length).toBeGreaterThan(3);
    expect(edges.filter(({ from, to }) => incidentOf.get(from) !== incidentOf.get(to))).toEqual([]);
  });
});

describe('a loud and harmless storm', async () => {
  const report = await fixtureReport('mixed-storm');

  it('leaves the quiet cause the first place', () => {
    expect(rootsOf(report)).toEqual(['kernel-conntrack-full']);
    expect(report.incidents[0]?.hypotheses[0]?.confidence).not.toBe('undetermined');
  });
  it('is no part of the incident', () => {
    const evidence = report.facts
      .filter(({ id }) => report.incidents[0]?.facts.includes(id))
      .flatMap((fact) => fact.evidence.map(({ quote }) => quote));
    expect(evidence.length).toBeGreaterThan(2);
    expect(evidence.filter((quote) => /handshake|modified|too old|pressure stats|deprecated/u.test(quote))).toEqual([]);
  });
  it('alone is no incident', async () => {
    expect((await fixtureReport('healthy/storm')).verdict).toBe('no-incident');
  });
});

describe('the order of what two clocks tell', () => {
  it('is not definite where their lines lie within their difference', async () => {
    const report = await fixtureReport('mixed-clocks');
    const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
    const near = report.incidents
      .flatMap(({ edges }) => edges)
      .filter(({ from, to }) => {
        const [cause, effect] = [facts.get(from)?.onset, facts.get(to)?.onset];
        if (!cause || !effect || cause.clock === effect.clock) return false;
        return Date.parse(effect.earliest) - Date.parse(cause.latest) < SKEW_MS;
      });
    expect(near.length).toBeGreaterThan(0);
    expect(near.filter(({ order }) => order === 'definite')).toEqual([]);
  });

  it.each(fixtureNames().filter((name) => !isHealthy(name)))(
    '%s: is definite only where the spans are apart',
    async (name) => {
      const report = await fixtureReport(name);
      const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
      const wrong = report.incidents
        .flatMap(({ edges }) => edges)
        .filter(({ order }) => order === 'definite')
        .filter(({ from, to }) => {
          const [cause, effect] = [facts.get(from)?.onset, facts.get(to)?.onset];
          if (!cause || !effect) return true;
          const skew = cause.clock === effect.clock ? 0 : SKEW_MS;
          return Date.parse(cause.latest) + skew > Date.parse(effect.earliest);
        });
      expect(wrong.map(({ id }) => id)).toEqual([]);
    },
  );
});

describe('what has nothing to do with it', () => {
  it('may stand in any order', async () => {
    const files = read(bundleOf('mixed-storm'));
    const quoted = new Set(
      told(await fixtureReport('mixed-storm')).facts.flatMap(({ evidence }) =>
        evidence.map(({ source, line }) => `${source}:${line}`),
      ),
    );
    const noise = /TLS handshake error from|pressure stats for slice|legacy option --flag/u;
    let moved = 0;
    const permuted = new Map(
      [...files].map(([path, text]) => {
        const lines = text.split('\n');
        // Neighbours of one second change places, where no finding rests on either.
        for (let at = 1; at < lines.length; at++) {
          const [above, below] = [lines[at - 1] ?? '', lines[at] ?? ''];
          const isFree = !quoted.has(`${path}:${at}`) && !quoted.has(`${path}:${at + 1}`);
          if (!isFree || above.slice(0, 25) !== below.slice(0, 25) || !noise.test(above) || !noise.test(below))
            continue;
          lines[at - 1] = below;
          lines[at] = above;
          moved++;
        }
        return [path, lines.join('\n')] as const;
      }),
    );
    expect(moved).toBeGreaterThan(50);
    expect(told(await reportOf('permuted', permuted))).toEqual(told(await reportOf('as-it-was', files)));
  });

  it('may lie beside it in further files', async () => {
    const files = read(bundleOf('mixed-two-incidents'));
    const more = new Map([
      ...files,
      ['NOTES.md', '# Collected on Sunday\n\nCall the storage people about the invoice service.\n'],
      ['web/access.log', Array.from({ length: 300 }, (_, at) => accessLine(at)).join('')],
      ['web/index.html', '<!doctype html>\n<title>Status</title>\n<p>All systems are fine.</p>\n'],
      ['data/blob.bin', '\u0000\u0001\u0002'.repeat(400)],
    ]);
    expect(told(await reportOf('more-files', more))).toEqual(told(await reportOf('no-more-files', files)));
  });

  it('may be repeated: only counts change', async () => {
    const files = read(bundleOf('mixed-storm'));
    const noise = /TLS handshake error from|pressure stats for slice|legacy option --flag/u;
    const louder = new Map(
      [...files].map(([path, text]) => [
        path,
        text
          .split('\n')
          .flatMap((line) => (noise.test(line) ? [line, line] : [line]))
          .join('\n'),
      ]),
    );
    const [before, after] = [await reportOf('quiet', files), await reportOf('louder', louder)];
    const shape = (report: IncidentReport) =>
      report.incidents.map(({ facts, edges, hypotheses }) => ({
        facts,
        edges: edges.map(({ id, weight, order }) => ({ id, weight, order })),
        hypotheses: hypotheses.map(({ root, score, confidence, chain }) => ({ root, score, confidence, chain })),
      }));
    expect(shape(after)).toEqual(shape(before));
  });
});

function accessLine(at: number): string {
  const second = String(at % 60).padStart(2, '0');
  return `198.51.100.${at % 200} - - [09/Mar/2025:04:${String(10 + Math.floor(at / 60)).padStart(2, '0')}:${second} +0000] "GET /health HTTP/1.1" 200 2 "-" "probe/1.0"\n`;
}
