import { describe, expect, it } from 'vitest';
import type { IncidentReport } from '../../src/model/report.ts';
import { explain } from '../../src/renderers/explain.ts';
import { renderers } from '../../src/renderers/index.ts';
import { buildReport } from '../../src/report/index.ts';
import { sampleGraph, sampleInput } from '../support/sample-graph.ts';
import { deadlockReport, healthyReport, sampleReport, undeterminedReport } from '../support/sample-report.ts';
import { templates } from '../support/templates.ts';

const render = (format: string, report: IncidentReport, colour = false) =>
  renderers.get(format)?.render(report, { templates, colour }) ?? '';

describe('text', () => {
  it('fits on a screen', () => {
    for (const report of [sampleReport, deadlockReport, healthyReport, undeterminedReport]) {
      const lines = render('text', report).split('\n');
      expect(lines.length).toBeLessThanOrEqual(45);
      for (const row of lines.filter((one) => !/\S{60}/u.test(one))) expect(row.length).toBeLessThanOrEqual(220);
    }
  });
  it('gives verdict, cause, chain, next steps and what is missing', () => {
    const text = render('text', sampleReport);
    expect(text).toContain('SEV1 NFS server filer.storage.example does not respond');
    expect(text).toContain(
      'Root cause   NFS server filer.storage.example stopped responding to cp-7. (confidence: medium)',
    );
    expect(text).toMatch(/03:03:53 +⇢ The Cilium agent refuses endpoints \(429\) \(assumed, 4 min 1 s later\)/u);
    expect(text).toContain('1. Bring filer.storage.example back (disruptive)');
    expect(text).toContain('- mount options: nfsstat -m');
  });
  it('names the loop of a deadlock', () => {
    expect(render('text', deadlockReport)).toContain('cluster-dns → gitops-helm → pod-ip-allocator → cluster-dns');
  });
  it('says so when there is nothing, and when there is no cause', () => {
    expect(render('text', healthyReport)).toMatch(/^No incident found\n/u);
    expect(render('text', undeterminedReport)).toContain('not determined');
  });
  it('has colours only where they are asked for', () => {
    expect(render('text', sampleReport)).not.toContain('\u001b[');
    expect(render('text', sampleReport, true)).toContain('\u001b[');
  });
  it('cannot be steered by a log line', () => {
    const facts = [...sampleGraph.facts].map(
      ([id, fact]) => [id, { ...fact, title: `\u001b[2J\u0007${fact.title}` }] as const,
    );
    const report = buildReport({ ...sampleInput, graph: { ...sampleGraph, facts: new Map(facts) } });
    expect(render('text', report)).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

it('json is the report', () => {
  expect(JSON.parse(render('json', sampleReport))).toEqual(sampleReport);
});

describe('junit', () => {
  it('has a failed case per incident', () => {
    const xml = render('junit', sampleReport);
    expect(xml).toContain('<testsuites name="forensics" tests="1" failures="1" errors="0">');
    expect(xml).toContain('<failure type="SEV1"');
    expect(xml).toContain('cp-7/journal.log:412: nfs: server');
  });
  it('has a passed case without incidents', () => {
    expect(render('junit', healthyReport)).toContain('<testcase classname="forensics" name="no incident found"/>');
  });
  it('is well-formed whatever lines say', () => {
    const facts = [...sampleGraph.facts].map(
      ([id, fact]) => [id, { ...fact, title: `<"&'>\u0000\ud800 ]]>` }] as const,
    );
    const xml = render('junit', buildReport({ ...sampleInput, graph: { ...sampleGraph, facts: new Map(facts) } }));
    expect(
      xml.replace(/<\/?(?:testsuites?|testcase|failure|error)\b(?:\s+[a-z]+="[^"<]*")*\s*\/?>|<\?xml[^>]*\?>/gu, ''),
    ).not.toMatch(/<|(?!\n)\p{Cc}|\p{Cs}/u);
  });
});

describe('explain', () => {
  it('shows rule, line, time and edges of a fact', () => {
    const { text } = explain(sampleReport, 'hung-task');
    expect(text).toContain('rule       kernel-hung-task');
    expect(text).toContain('cp-7/journal.log:440: INFO: task loki:25860');
    expect(text).toContain('368 s before the report');
    expect(text).toContain('because of NFS server filer.storage.example does not respond (start, 0.93, observed');
  });
  it('finds facts by signature, edges by pair or rule, hypotheses by rank', () => {
    expect(explain(sampleReport, 'process-restarted').text).toContain('Fact restart');
    expect(explain(sampleReport, 'cni-429->sandbox').text).toContain('mechanism  Without an endpoint');
    expect(explain(sampleReport, 'hung-task--silence').text).toContain('Edge hung-task>silence');
    expect(explain(sampleReport, 'hypothesis-2').text).toContain('Hypothesis 2 of incident-1');
    expect(explain(sampleReport).text).toContain('weighted mean of the known terms: 0.9');
  });
  it('suggests what was meant', () => {
    expect(explain(sampleReport, 'hung-tsk')).toMatchObject({
      isFound: false,
      text: expect.stringContaining('hung-task'),
    });
  });
});
