import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cascadeOf } from '../../src/renderers/cascade.ts';
import { cascadeDiagram, deadlockDiagram, mermaidLabel } from '../../src/renderers/mermaid.ts';
import { cascadeSvg } from '../../src/renderers/svg.ts';
import { buildReport } from '../../src/report/index.ts';
import {
  at,
  line,
  makeEdge,
  makeFact,
  makeGraph,
  makeHypothesis,
  makeIncident,
  sampleInput,
} from '../support/sample-graph.ts';
import { deadlockReport, sampleReport } from '../support/sample-report.ts';

const [incident] = sampleReport.incidents;
if (!incident) throw new Error('the sample has an incident');

describe('cascade', () => {
  it('draws basis, root and derived facts', () => {
    const { source } = cascadeDiagram(sampleReport, incident);
    expect(source.split('\n')[0]).toBe('flowchart TD');
    expect(source).toContain('n1[["NFS server filer.storage.example does not respond<br/>02:52:31–02:57:31"]]');
    expect(source).toContain('n1 ==>|"up to 1 min 33 s later"| n2');
    expect(source).toMatch(/n2 -->\|"between 5 min 48 s and 7 min 52 s later"\| n3/u);
    expect(source).toMatch(/n3 -\.->\|"4 min 1 s later"\| n5/u);
    expect(source).toMatch(/:::derived/u);
    expect(source).toContain('classDef derived stroke-dasharray: 2 3');
  });
  it('draws no hold edge that the chain does not need', () => {
    const { source } = cascadeDiagram(sampleReport, incident);
    const held = { ...incident, edges: incident.edges.map((edge) => ({ ...edge, graph: 'hold' as const })) };
    expect(cascadeDiagram(sampleReport, held).source.match(/[=.-]>/gu)?.length).toBe(6);
    expect(source.match(/[=.-]>/gu)?.length).toBe(8);
  });

  it('draws no link that a path tells already', () => {
    const { edges } = cascadeOf(sampleReport, incident);
    expect(edges.some(({ from, to }) => from === 'sandbox' && to === 'silence')).toBe(true);
    expect(edges.some(({ from, to }) => from === 'hung-task' && to === 'silence')).toBe(false);
  });

  const ids = Array.from({ length: 120 }, (_, index) => `fact-${index}`);
  const big = buildReport({
    ...sampleInput,
    graph: makeGraph(
      ids.map((id, index) =>
        makeFact(id, {
          title: `${'a rather long title of a finding '.repeat(3)}${index}`,
          component: `part-${index % 7}`,
          onset: at('10:00:00'),
          evidence: [line('a.log', index + 1, 'x')],
        }),
      ),
      {
        edges: ids.slice(1).map((id, index) => makeEdge(ids[Math.floor(index / 2)] ?? 'fact-0', id)),
        incidents: [
          makeIncident({
            facts: ids,
            hypotheses: [makeHypothesis('fact-0', { chain: ['fact-0', 'fact-1', 'fact-3'] })],
          }),
        ],
      },
    ),
  });
  const [bigIncident] = big.incidents;

  it('keeps the limits, and says what it left out', () => {
    if (!bigIncident) throw new Error('one incident');
    const { source, notes } = cascadeDiagram(big, bigIncident);
    expect(source.length).toBeLessThanOrEqual(4000);
    expect(source.match(/^ {2}n\d+\[/gmu)?.length).toBeLessThanOrEqual(40);
    expect(source.match(/[=.-]>/gu)?.length).toBeLessThanOrEqual(60);
    expect(notes.join(' ')).toMatch(/merged|left out/u);
    expect(source).toContain('n1[["');
  });
  it('as SVG holds a box per node and escapes its text', () => {
    const cascade = cascadeOf(sampleReport, incident);
    const svg = cascadeSvg({ ...cascade, nodes: cascade.nodes.map((node) => ({ ...node, title: '<script>"&' })) });
    expect(svg.match(/<g class="box/gu)).toHaveLength(cascade.nodes.length);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('class="link assumed"');
  });
  it('is empty when nothing is joined', () => {
    const alone = { ...incident, edges: [] };
    expect(cascadeDiagram(sampleReport, alone)).toEqual({ source: '', notes: [] });
    expect(cascadeSvg(cascadeOf(sampleReport, alone))).toBe('');
  });
});

it('the deadlock diagram closes the loop and marks the break point', () => {
  const [deadlock] = deadlockReport.incidents[0]?.deadlocks ?? [];
  if (!deadlock) throw new Error('one deadlock');
  const source = deadlockDiagram(deadlock);
  expect(source.match(/waits for/gu)).toHaveLength(3);
  expect(source).toContain('m3[["pod-ip-allocator');
});

it('labels hold nothing that Mermaid or HTML would obey', () => {
  expect(mermaidLabel('a "b" <c> [d] {e} | `f` ; %% #1')).toBe(
    'a #34;b#34; #60;c#62; #91;d#93; #123;e#125; #124; #96;f#96; #59; #37;#37; #35;1',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(mermaidLabel(text).replace(/#\d+;/gu, '')).not.toMatch(/["<>[\]{}|`;#%\n\\]/u);
    }),
  );
});
