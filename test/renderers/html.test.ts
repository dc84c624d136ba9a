import { expect, it } from 'vitest';
import type { IncidentReport } from '../../src/model/report.ts';
import { html } from '../../src/renderers/html.ts';
import { buildReport } from '../../src/report/index.ts';
import { line, sampleGraph, sampleInput } from '../support/sample-graph.ts';
import { deadlockReport, healthyReport, sampleReport, undeterminedReport } from '../support/sample-report.ts';
import { templates } from '../support/templates.ts';

const render = (report: IncidentReport) => html.render(report, { templates });

it('is one page without anything from elsewhere', () => {
  for (const report of [sampleReport, deadlockReport, healthyReport, undeterminedReport]) {
    const page = render(report);
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).not.toMatch(/<(?:script|link|iframe|img)\b|@import|url\((?!#)/iu);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('@media print');
  }
});

it('leads every reference to the row of its line', () => {
  const page = render(sampleReport);
  const links = new Set([...page.matchAll(/href="#(E\d+)"/gu)].map(([, ref]) => ref));
  const rows = new Set([...page.matchAll(/<tr id="(E\d+)"/gu)].map(([, ref]) => ref));
  expect(links.size).toBeGreaterThan(10);
  expect(rows).toEqual(links);
});

it('draws the cascade and keeps its Mermaid text', () => {
  const page = render(sampleReport);
  expect(page).toMatch(/<figure class="diagram"><svg class="cascade"/u);
  expect(page).toMatch(/<details><summary>[^<]+<\/summary><pre><code>flowchart TD/u);
});

it('draws the deadlock behind the cascade, each with an arrow tip of its own', () => {
  const page = render(deadlockReport);
  expect(page.match(/<svg class="cascade"/gu)).toHaveLength(2);
  expect([...page.matchAll(/marker id="([^"]+)"/gu)].map(([, id]) => id)).toEqual(['tip', 'tip-1']);
});

it('shows raw HTML and links of the bundle as text', () => {
  const nasty =
    '<script>alert(1)</script> <a href="javascript:x">y</a> [z](javascript:x) ![i](http://e.example/i.png) http://evil.example/';
  const page = render(
    buildReport({
      ...sampleInput,
      bundle: { ...sampleInput.bundle, name: nasty },
      graph: {
        ...sampleGraph,
        facts: new Map(
          [...sampleGraph.facts].map(([id, fact]) => [
            id,
            { ...fact, title: nasty, summary: nasty, evidence: [line(nasty, 1, nasty)] },
          ]),
        ),
      },
    }),
  );
  expect(page).not.toMatch(/<script|href="(?!#)|<img|<a href="http/iu);
  expect(page).toContain('&lt;script&gt;');
});
