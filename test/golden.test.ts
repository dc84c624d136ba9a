import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { type IncidentReport, incidentReportSchema } from '../src/model/report.ts';
import { renderers } from '../src/renderers/index.ts';
import { bundleOf, FIXTURES, fixtureNames, isHealthy } from './support/fixtures.ts';
import { templates } from './support/templates.ts';

const EVIDENCE = (report: IncidentReport) => report.facts.flatMap((fact) => fact.evidence);

/** A rule that says nothing of a fixture leaves its report alone: the library's hash and counts are kept out of it. */
function withoutRuleCount(report: IncidentReport): IncidentReport {
  return { ...report, rules: { hash: 'of the day', signatures: 0, links: 0, incidents: 0 } };
}

describe.each(fixtureNames())('%s', (name) => {
  const analysis = analyze([bundleOf(name)]);

  it('gives the reports that were read and kept', async () => {
    const report = withoutRuleCount((await analysis).report);
    for (const format of ['md', 'json'] as const) {
      const rendered = renderers.get(format)?.render(report, { templates });
      await expect(rendered).toMatchFileSnapshot(join(FIXTURES, name, `expected.${format}`));
    }
  });
  it('gives a report that fits its schema', async () => {
    const { report } = await analysis;
    expect(incidentReportSchema.parse(report)).toEqual(report);
  });
  it('quotes every line as it stands in the file', async () => {
    const { report } = await analysis;
    for (const { source, line, quote } of EVIDENCE(report)) {
      if (quote.includes('<secret:')) continue;
      const lines = readFileSync(join(bundleOf(name), source), 'utf8').split('\n');
      expect(lines[line - 1], `${source}:${line}`).toContain(quote);
    }
  });
  it('counts every line once', async () => {
    const { sources } = await analysis;
    for (const { path, coverage } of sources) {
      const text = readFileSync(join(bundleOf(name), path), 'utf8');
      const lines = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
      expect([path, coverage.recognised + coverage.continuation + coverage.unknown]).toEqual([path, lines]);
      expect([path, coverage.lines]).toEqual([path, lines]);
    }
  });
  it('tells in the timeline nothing before what plainly began earlier', async () => {
    const { report } = await analysis;
    const rows = report.timeline
      .filter(({ what }) => what === 'begins')
      .map(({ at, text }) => ({ from: Date.parse(at.earliest), to: Date.parse(at.latest), text }))
      .filter(({ from, to }) => to - from <= 30 * 60_000);
    for (const [index, row] of rows.entries()) {
      const earlier = rows.slice(index + 1).filter((other) => other.to + 1000 < row.from);
      expect(earlier.map(({ text }) => text)).toEqual([]);
    }
  });
  it.runIf(isHealthy(name))('claims no incident', async () => {
    const { report } = await analysis;
    expect(report.incidents.map((incident) => incident.title)).toEqual([]);
    expect(report.verdict).toBe('no-incident');
  });
});
