import { LAYERS } from '../model/layer.ts';
import type { ReportDeadlock } from '../model/report.ts';
import { shorten } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import type { Cascade, CascadeEdge, CascadeNode } from './cascade.ts';
import { escapeXml } from './xml.ts';

/**
 * The cascade as SVG without any script: rows are layers, lowest at the bottom of the stack first, x follows cause and
 * onset. Links: thick observed, normal inferred, dashed assumed. Colours come from the page (`currentColor` and CSS
 * variables), so that it reads in light and dark and on paper.
 */

const WIDTH = 178;
const HEIGHT = 78;
const COLUMN = 216;
const ROW = 116;
const LEFT = 118;
const TOP = 30;
const LINE = 24;

export function cascadeSvg(cascade: Cascade): string {
  const { nodes, edges } = cascade;
  if (edges.length === 0) return '';
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
  const parts = [opening('Cascade of the incident', 'tip', width, height)];
  for (const [index, layer] of layers.entries()) {
    const y = TOP + index * ROW;
    if (index > 0)
      parts.push(
        `<line class="lane" x1="0" x2="${width}" y1="${y - (ROW - HEIGHT) / 2}" y2="${y - (ROW - HEIGHT) / 2}"/>`,
      );
    parts.push(`<text class="layer" x="8" y="${y + HEIGHT / 2 + 4}">${escapeXml(layer)}</text>`);
  }
  for (const edge of edges) {
    const from = place.get(edge.from);
    const to = place.get(edge.to);
    if (from && to) parts.push(link(edge, from, to, 'tip'));
  }
  for (const node of nodes) {
    const at = place.get(node.id);
    if (at) parts.push(box(node, at));
  }
  parts.push('</svg>');
  return parts.join('\n');
}

/** Members of a deadlock in a row, each waiting for the next; the last arrow leads back to the first. */
export function deadlockSvg({ members, breakAt }: ReportDeadlock, index: number): string {
  const tip = `tip-${index + 1}`;
  const ordered: ReportDeadlock['members'] = [];
  for (let next = members[0]; next && !ordered.includes(next); ) {
    ordered.push(next);
    const wanted = next.waitsFor;
    next = members.find(({ component }) => component === wanted);
  }
  if (ordered.length < 2 || ordered.length > MOST_MEMBERS) return '';
  const width = ordered.length * COLUMN - (COLUMN - WIDTH) + 32;
  const height = TOP + HEIGHT + 16;
  const parts = [opening('Components that wait for each other', tip, width, height)];
  const at = (position: number): Point => ({ x: 16 + position * COLUMN, y: TOP });
  for (const from of ordered.keys()) {
    const to = (from + 1) % ordered.length;
    const edge = { from: '', to: '', basis: 'inferred', type: 'causes', lag: 'waits for' } as const;
    parts.push(to === 0 ? back(at(from), at(0), tip) : link(edge, at(from), at(to), tip));
  }
  const isBreak = breakAt[0]?.component;
  for (const [order, { component, title }] of ordered.entries()) {
    const node = {
      id: component,
      title,
      time: component,
      layer: 'apps',
      isRoot: component === isBreak,
      isDerived: false,
      order,
    } as const;
    parts.push(box(node, at(order)));
  }
  parts.push('</svg>');
  return parts.join('\n');
}

const MOST_MEMBERS = 12;

/** From the last box over all others to the first. */
function back(from: Point, to: Point, tip: string): string {
  const startX = from.x + WIDTH / 2;
  const endX = to.x + WIDTH / 2;
  return `<path class="link inferred" d="M${startX} ${from.y}C${startX} ${from.y - 26} ${endX} ${to.y - 26} ${endX} ${to.y}" marker-end="url(#${tip})"/>`;
}

function opening(label: string, tip: string, width: number, height: number): string {
  const marker = `<defs><marker id="${tip}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>`;
  return `<svg class="cascade" role="img" aria-label="${escapeXml(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">${marker}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cause stands left of its effect, and a row holds one box per column. */
function columnsOf(nodes: readonly CascadeNode[], edges: readonly CascadeEdge[]): Map<string, number> {
  const columns = new Map<string, number>();
  const nextFree = new Map<string, number>();
  // A setting without a time stands before what it makes possible, not at the end.
  const order = new Map(nodes.map((node) => [node.id, node.order]));
  const due = (node: CascadeNode) =>
    Math.min(
      node.order,
      ...edges.flatMap(({ from, to }) => (from === node.id ? (order.get(to) ?? node.order) - 0.5 : [])),
    );
  for (const node of [...nodes].sort((a, b) => due(a) - due(b) || a.order - b.order || byText(a.id, b.id))) {
    const causes = edges.filter(({ to, from }) => to === node.id && columns.has(from));
    const least = Math.max(0, ...causes.map(({ from }) => (columns.get(from) ?? 0) + 1));
    const column = Math.max(least, nextFree.get(node.layer) ?? 0);
    columns.set(node.id, column);
    nextFree.set(node.layer, column + 1);
  }
  return columns;
}

function link(edge: CascadeEdge, from: Point, to: Point, tip: string): string {
  const startX = from.x + WIDTH;
  const startY = from.y + HEIGHT / 2;
  const endX = to.x;
  const endY = to.y + HEIGHT / 2;
  const isBackward = endX < startX;
  const bend = isBackward ? 60 : Math.max(24, (endX - startX) / 2);
  const isOverBoxes = startY === endY && (isBackward || endX - startX > COLUMN);
  const path = isOverBoxes
    ? `M${from.x + WIDTH - 20} ${from.y}C${from.x + WIDTH} ${from.y - 26} ${endX} ${to.y - 26} ${endX + 20} ${to.y}`
    : `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  const words = [edge.type === 'causes' ? '' : edge.type, edge.basis, edge.lag]
    .filter((word) => word !== '')
    .join(', ');
  return `<path class="link ${edge.basis}" d="${path}" marker-end="url(#${tip})"><title>${escapeXml(words)}</title></path>`;
}

function box(node: CascadeNode, { x, y }: Point): string {
  const rows = wrapped(node.title, node.time === '' ? 4 : 3);
  const kind = `${node.isRoot ? ' root' : ''}${node.isDerived ? ' derived' : ''}`;
  const lines = [
    ...rows.map((text) => ({ text, style: 'title' })),
    ...(node.time === '' ? [] : [{ text: node.time, style: 'when' }]),
  ];
  const first = y + HEIGHT / 2 - (lines.length - 1) * 8 + 4;
  const texts = lines.map(
    ({ text, style }, index) =>
      `<text class="${style}" x="${x + 10}" y="${first + index * 16}">${escapeXml(text)}</text>`,
  );
  const inner = node.isRoot
    ? `<rect class="inner" x="${x + 3}" y="${y + 3}" width="${WIDTH - 6}" height="${HEIGHT - 6}" rx="3"/>`
    : '';
  return `<g class="box${kind}"><title>${escapeXml(`${node.title} ${node.time}`.trim())}</title><rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="5"/>${inner}${texts.join('')}</g>`;
}

/** Broken at words into lines of about 24 characters; the last one is cut. */
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
