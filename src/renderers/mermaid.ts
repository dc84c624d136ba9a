import type { IncidentReport, ReportDeadlock, ReportIncident } from '../model/report.ts';
import { shorten } from '../text/grammar.ts';
import { type Cascade, type CascadeEdge, cascadeOf, MOST_NODES } from './cascade.ts';

const MOST_CHARACTERS = 4000;

/**
 * Text inside a quoted Mermaid label. Letters, digits and plain punctuation stay; all else becomes `#code;`.
 *
 * So neither quotes nor brackets, HTML, entities or Mermaid's own markup of a log line can take effect.
 */
export function mermaidLabel(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[^\p{L}\p{N} .,:/()+=“”‘’–…-]/gu, (character) => `#${character.codePointAt(0)};`);
}

export interface Diagram {
  readonly source: string;
  readonly notes: readonly string[];
}

/**
 * The cascade as Mermaid: thick links observed, normal ones inferred, dashed ones assumed; the root has a double border,
 * derived facts a dotted one. Empty where there is nothing to draw.
 */
export function cascadeDiagram(report: IncidentReport, incident: ReportIncident): Diagram {
  for (const [mostNodes, titleLength] of [
    [MOST_NODES, 64],
    [MOST_NODES, 40],
    [25, 40],
    [15, 32],
    [8, 28],
  ] as const) {
    const cascade = cascadeOf(report, incident, mostNodes);
    if (cascade.edges.length === 0) break;
    const source = flowchart(cascade, titleLength);
    if (source.length <= MOST_CHARACTERS) return { source, notes: cascade.notes };
  }
  return { source: '', notes: [] };
}

function flowchart({ nodes, edges }: Cascade, titleLength: number): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const lines = ['flowchart TD'];
  for (const node of nodes) {
    const label = [shorten(node.title, titleLength), node.time].filter((part) => part !== '').map(mermaidLabel);
    const [open, close] = node.isRoot ? ['[["', '"]]'] : ['["', '"]'];
    lines.push(`  ${names.get(node.id)}${open}${label.join('<br/>')}${close}${node.isDerived ? ':::derived' : ''}`);
  }
  for (const edge of edges) lines.push(`  ${names.get(edge.from)} ${arrow(edge)} ${names.get(edge.to)}`);
  if (nodes.some(({ isDerived }) => isDerived)) lines.push('  classDef derived stroke-dasharray: 2 3');
  return lines.join('\n');
}

function arrow({ basis, type, lag }: CascadeEdge): string {
  const words = [type === 'causes' ? '' : type, lag].filter((word) => word !== '').join(', ');
  const label = words === '' ? '' : `|"${mermaidLabel(words)}"|`;
  return `${{ observed: '==>', inferred: '-->', assumed: '-.->' }[basis]}${label}`;
}

/** Each member waits for the one that its arrow leads to. */
export function deadlockDiagram(deadlock: ReportDeadlock): string {
  const names = new Map(deadlock.members.map(({ component }, index) => [component, `m${index + 1}`]));
  const isBreak = new Set(deadlock.breakAt.slice(0, 1).map(({ component }) => component));
  const lines = ['flowchart LR'];
  for (const { component, title } of deadlock.members.slice(0, MOST_NODES)) {
    const [open, close] = isBreak.has(component) ? ['[["', '"]]'] : ['["', '"]'];
    const label = `${mermaidLabel(component)}<br/>${mermaidLabel(shorten(title, 48))}`;
    lines.push(`  ${names.get(component)}${open}${label}${close}`);
  }
  for (const { component, waitsFor } of deadlock.members.slice(0, MOST_NODES)) {
    const to = names.get(waitsFor);
    if (to) lines.push(`  ${names.get(component)} -->|"waits for"| ${to}`);
  }
  return lines.join('\n');
}
