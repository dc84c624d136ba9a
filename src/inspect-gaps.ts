/**
 * When a node said nothing: stretches that no log of the node covers, inside of files and between them.
 */

import type { TimedVolume } from './model/index.ts';
import { byText, firstOf } from './text/order.ts';
import { toIso } from './time/iso.ts';

export interface LogGap {
  readonly node: string;
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  /** The files with the last line before and the first line after it. */
  readonly before: string;
  readonly after: string;
  /** A boot begins after it, as far as one file shows both. */
  readonly bootFollows: boolean;
}

/** Programs that only speak now and then make shorter ones. */
const LEAST_MS = 5 * 60_000;
const MOST_PER_NODE = 5;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly path: string;
  /** The gap that ends it is followed by a boot. */
  readonly bootFollows: boolean;
}

/**
 * The longest ones of each node, by node and time. Files that belong to no node are left out.
 *
 * @param kernelLogs - paths of logs that only the kernel writes: their lines end a silence, but they begin none
 */
export function logGaps(volumes: readonly TimedVolume[], kernelLogs: ReadonlySet<string> = new Set()): LogGap[] {
  const byNode = new Map<string, Stretch[]>();
  const talking = new Set<string>();
  for (const volume of volumes) {
    if (volume.node === undefined) continue;
    const known = byNode.get(volume.node) ?? [];
    known.push(...stretchesOf(volume));
    byNode.set(volume.node, known);
    if (!kernelLogs.has(volume.path)) talking.add(volume.node);
  }
  return [...byNode]
    .filter(([node]) => talking.has(node))
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([node, stretches]) => between(node, stretches));
}

/** Times with lines, cut at the gaps of the file. */
function stretchesOf(volume: TimedVolume): Stretch[] {
  const { first, last, path } = volume;
  if (!first || !last) return [];
  const gaps = volume.gaps
    .map(({ from, to, bootFollows }) => ({ from: from.time.at.latest, to: to.time.at.earliest, bootFollows }))
    .filter(({ from, to }) => to - from >= LEAST_MS)
    .sort((a, b) => a.from - b.from);
  const stretches: Stretch[] = [];
  let start = first.at.earliest;
  for (const { from, to, bootFollows } of gaps) {
    stretches.push({ from: start, to: Math.max(start, from), path, bootFollows });
    start = to;
  }
  stretches.push({ from: start, to: Math.max(start, last.at.latest), path, bootFollows: false });
  return stretches;
}

function between(node: string, stretches: readonly Stretch[]): LogGap[] {
  const inOrder = [...stretches].sort((a, b) => firstOf(a.from - b.from, a.to - b.to, byText(a.path, b.path)));
  const gaps: (LogGap & { readonly at: number })[] = [];
  let last = inOrder[0];
  for (const next of inOrder.slice(1)) {
    if (last && next.from - last.to >= LEAST_MS) {
      gaps.push({
        node,
        from: toIso(last.to) ?? 'unknown',
        to: toIso(next.from) ?? 'unknown',
        seconds: Math.round((next.from - last.to) / 1000),
        before: last.path,
        after: next.path,
        bootFollows: last.path === next.path && last.bootFollows,
        at: last.to,
      });
    }
    if (!last || next.to > last.to) last = next;
  }
  return gaps
    .sort((a, b) => firstOf(b.seconds - a.seconds, a.at - b.at))
    .slice(0, MOST_PER_NODE)
    .sort((a, b) => a.at - b.at)
    .map(({ at: _, ...gap }) => gap);
}
