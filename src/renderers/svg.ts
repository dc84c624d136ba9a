import { LAYERS } from '../model/layer.ts';
import { shorten } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { type Cascade, type CascadeEdge, type CascadeNode } from './cascade.ts';
import { escapeXml } from './xml.ts';

/**
 * The cascade as SVG without any script: rows are layers, lowest at the bottom of the stack first, x follows cause and
 * onset. Links: thick observed, normal inferred, dashed assumed. Colours come from the page (`currentColor` and CSS
 * variables), so that it reads in light and dark and on paper.
 */

const WIDTH = 184;
const HEIGHT = 64;
const COLUMN = 232;
const ROW = 104;
const LEFT = 118;
const TOP = 16;
const LINE = 28;

export function cascadeSvg(cascade: Cascade): string {
  const { nodes, edges } = cascade;
  if (nodes.length === 0) return '';
  const layers = LAYERS.filter((layer) => nodes.some((node) => node.layer === layer));
  const columns = columnsOf(nodes, edges);
  const place = new Map(
    nodes.map((node) => [
      node.id,
      { x: LEFT + (columns.get(node.id) ?? 0) * COLUMN, y: TOP + layers.indexOf(node.layer) * ROW },
    ]),
  );
  const width = LEFT + (Math.max(...columns.values()) + 1) * COLUMN - (COLUMN - WIDTH) + 16;
  const height = TOP + layers.length * ROW;
  const parts = [
    `<svg class="cascade" role="img" aria-label="Cascade of the incident" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>',
  ];
  for (const [index, layer] of layers.entries()) {
    const y = TOP + index * ROW;
    if (index > 0) parts.push(`<line class="lane" x1="0" x2="${width}" y1="${y - (ROW - HEIGHT) / 2}" y2="${y - (ROW - HEIGHT) / 2}"/>`);
    parts.push(`<text class="layer" x="8" y="${y + HEIGHT / 2 + 4}">${escapeXml(layer)}</text>`);
  }
  for (const edge of edges) {
    const from = place.get(edge.from);
    const to = place.get(edge.to);
    if (from && to) parts.push(link(edge, from, to));
  }
  for (const node of nodes) {
    const at = place.get(node.id);
    if (at) parts.push(box(node, at));
  }
  parts.push('</svg>');
  return parts.join('\n');
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cause stands left of its effect, and a row holds one box per column. */
function columnsOf(nodes: readonly CascadeNode[], edges: readonly CascadeEdge[]): Map<string, number> {
  const columns = new Map<string, number>();
  const nextFree = new Map<string, number>();
  for (const node of [...nodes].sort((a, b) => a.order - b.order || byText(a.id, b.id))) {
    const causes = edges.filter(({ to, from }) => to === node.id && columns.has(from));
    const least = Math.max(0, ...causes.map(({ from }) => (columns.get(from) ?? 0) + 1));
    const column = Math.max(least, nextFree.get(node.layer) ?? 0);
    columns.set(node.id, column);
    nextFree.set(node.layer, column + 1);
  }
  return columns;
}

function link(edge: CascadeEdge, from: Point, to: Point): string {
  const startX = from.x + WIDTH;
  const startY = from.y + HEIGHT / 2;
  const endX = to.x;
  const endY = to.y + HEIGHT / 2;
  const isBackward = endX < startX;
  const bend = isBackward ? 60 : Math.max(24, (endX - startX) / 2);
  const path = `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  const words = [edge.type === 'causes' ? '' : edge.type, edge.basis, edge.lag].filter((word) => word !== '').join(', ');
  return `<path class="link ${edge.basis}" d="${path}" marker-end="url(#tip)"><title>${escapeXml(words)}</title></path>`;
}

function box(node: CascadeNode, { x, y }: Point): string {
  const rows = wrapped(node.title, node.time === '' ? 3 : 2);
  const kind = `${node.isRoot ? ' root' : ''}${node.isDerived ? ' derived' : ''}`;
  const lines = [...rows.map((text) => ({ text, style: 'title' })), ...(node.time === '' ? [] : [{ text: node.time, style: 'when' }])];
  const first = y + HEIGHT / 2 - (lines.length - 1) * 8 + 4;
  const texts = lines.map(
    ({ text, style }, index) => `<text class="${style}" x="${x + 10}" y="${first + index * 16}">${escapeXml(text)}</text>`,
  );
  const inner = node.isRoot
    ? `<rect class="inner" x="${x + 3}" y="${y + 3}" width="${WIDTH - 6}" height="${HEIGHT - 6}" rx="3"/>`
    : '';
  return `<g class="box${kind}"><title>${escapeXml(`${node.title} ${node.time}`.trim())}</title><rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="5"/>${inner}${texts.join('')}</g>`;
}

/** Broken at words into lines of about 28 characters; the last one is cut. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const current = lines.at(-1) ?? '';
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= LINE || current === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = `${shown[most - 1] ?? ''} …`;
  return shown.map((line) => shorten(line, LINE));
}
