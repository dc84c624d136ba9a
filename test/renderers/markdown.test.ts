import { Marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../src/model/errors.ts';
import type { IncidentReport } from '../../src/model/report.ts';
import { renderMarkdown } from '../../src/renderers/markdown.ts';
import { buildReport } from '../../src/report/index.ts';
import { line, sampleGraph, sampleInput } from '../support/sample-graph.ts';
import { deadlockReport, healthyReport, sampleReport, undeterminedReport } from '../support/sample-report.ts';
import { templates } from '../support/templates.ts';

const render = (report: IncidentReport) => renderMarkdown(report, { templates });
const headings = (markdown: string) => [...markdown.matchAll(/^## (.+)$/gmu)].map(([, title]) => title);

describe('sections', () => {
  it('stand in the agreed order', () => {
    expect(headings(render(sampleReport))).toEqual([
      'Summary',
      'Impact',
      'Timeline (UTC)',
      'Root cause',
      'Cascade',
      'Contributing factors',
      'Alternatives considered',
      'Whys',
      'Repair now',
      'Prevention and action items',
      'What went well, wrong and lucky',
      'Questions and missing evidence',
      'Appendix A: Evidence',
      'Appendix B: Coverage and clocks',
      'Appendix C: Rules and scores',
      'Appendix D: Glossary',
    ]);
  });
  it('show a deadlock between the whys and the repair', () => {
    const titles = headings(render(deadlockReport));
    expect(titles.slice(titles.indexOf('Whys'), titles.indexOf('Whys') + 3)).toEqual([
      'Whys',
      'Deadlock',
      'Repair now',
    ]);
  });
  it('are never empty, and are set off by blank lines', () => {
    for (const report of [sampleReport, deadlockReport, healthyReport, undeterminedReport]) {
      const markdown = render(report);
      expect(markdown).not.toMatch(/^#+ .+\n+#{1,2} /mu);
      expect(markdown).not.toMatch(/[^\n]\n#/u);
      expect(markdown).not.toMatch(/\n{3}/u);
      expect(markdown).not.toMatch(/[ \t]$/mu);
      expect(markdown).not.toContain('undefined');
      expect(markdown).not.toContain('[object');
      expect(markdown).not.toContain('{{');
    }
  });
  it('of a healthy bundle claim nothing', () => {
    const markdown = render(healthyReport);
    expect(markdown).toContain('# No incident found in cp-7-support');
    expect(markdown).not.toContain('To be filled in');
    expect(headings(markdown)[0]).toBe('Summary');
    expect(headings(markdown)).not.toContain('Root cause');
  });
  it('lead with what stands out when no cause is named', () => {
    const markdown = render(undeterminedReport);
    expect(markdown.indexOf('### What stands out')).toBeLessThan(markdown.indexOf('## Impact'));
    expect(markdown).toContain('No cause is named: the evidence does not carry one.');
  });
});

describe('references', () => {
  it('all lead to a row of Appendix A', () => {
    for (const report of [sampleReport, deadlockReport, undeterminedReport]) {
      const markdown = render(report);
      const cited = new Set([...markdown.matchAll(/\[(E\d+)\](?!:)/gu)].map(([, ref]) => ref));
      const rows = new Set([...markdown.matchAll(/^\| (E\d+) \| `[^`]+:\d+/gmu)].map(([, ref]) => ref));
      const targets = new Set([...markdown.matchAll(/^\[(E\d+)\]: #appendix-a-evidence$/gmu)].map(([, ref]) => ref));
      expect(cited.size).toBeGreaterThan(0);
      expect(rows).toEqual(cited);
      expect(targets).toEqual(cited);
    }
  });
  it('stand behind every bullet of root cause, impact and chain', () => {
    const markdown = render(sampleReport);
    const section = markdown.slice(markdown.indexOf('## Root cause'), markdown.indexOf('## Cascade'));
    const bullets = [...section.matchAll(/^(?:- |\d+\. )(.+)$/gmu)].map(([, text]) => text ?? '');
    expect(bullets.length).toBeGreaterThan(8);
    for (const bullet of bullets) expect(bullet).toMatch(/\[E\d+\]$|To be filled in|not in the bundle/u);
  });
});

describe('hostile text', () => {
  const nasty =
    'a | b `c` <img src=x onerror=alert(1)> [x](javascript:alert(1)) **y** [E1] # z {{report}} \u001b[31m\u202e';
  const report = buildReport({
    ...sampleInput,
    graph: {
      ...sampleGraph,
      facts: new Map(
        [...sampleGraph.facts].map(([id, fact], index) => [
          id,
          { ...fact, title: `${fact.title} ${nasty}`, evidence: [line(`dir/${nasty}`, index + 1, nasty)] },
        ]),
      ),
    },
  });
  const markdown = render(report);

  it('comes out as text in every section', () => {
    const html = new Marked({ gfm: true }).parse(markdown, { async: false });
    expect(html).not.toMatch(/<img|<script|href="javascript:/iu);
    expect(html).not.toContain('<strong>y</strong>');
    expect(markdown).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });
  it('does not break tables', () => {
    const rows = markdown.split('\n').filter((row) => /^\| E\d/u.test(row));
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row.replace(/\\\|/gu, '').split('|')).toHaveLength(6);
  });
});

describe('templates of users', () => {
  it('have the same helpers and partials', () => {
    const own = {
      ...templates,
      postMortem:
        '# {{title}}\n{{#each incident}}{{md statements.summary.0.text}}{{refs hypotheses.0.evidence}}{{/each}}\n{{> questions}}',
    };
    const markdown = renderMarkdown(sampleReport, { templates: own });
    expect(markdown).toMatch(/^# Post-mortem: NFS server/u);
    expect(markdown).toContain('[E2] [E3]');
    expect(markdown).toContain('`nfsstat -m`');
  });
  it.each([
    ['an open block', '{{#if title}}x'],
    ['an unknown name', '{{nowhere}}'],
    ['a property of the prototype', '{{title.constructor.name}}'],
    ['an unknown partial', '{{> nowhere}}'],
  ])('%s is the user’s mistake', (_, postMortem) => {
    try {
      renderMarkdown(sampleReport, { templates: { ...templates, postMortem } });
      expect.unreachable();
    } catch (error) {
      expect(isUserError(error) && error.code).toBe('TEMPLATE_INVALID');
    }
  });
});
