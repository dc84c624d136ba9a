import type { EntityRef, Span, TimedVolume } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { type EntityIndex, nameOf } from './entities.ts';

/** A log that speaks for a node, from its first line to its last. */
export interface NodeLog {
  readonly source: string;
  readonly lasts: Span;
}

/** The logs of a node, by name; undefined where the bundle holds none that names a node. */
export function nodeLogs(
  volumes: readonly TimedVolume[],
  index: Pick<EntityIndex, 'nodeName'>,
): (node: EntityRef) => readonly NodeLog[] | undefined {
  const byNode = new Map<string, NodeLog[]>();
  for (const { path, node, first, last } of [...volumes].sort((a, b) => byText(a.path, b.path))) {
    if (node === undefined || !first || !last) continue;
    const name = index.nodeName(node) ?? node;
    const log = { source: path, lasts: { earliest: first.at.earliest, latest: last.at.latest } };
    byNode.set(name, [...(byNode.get(name) ?? []), log]);
  }
  return (node) => (byNode.size === 0 ? undefined : (byNode.get(nameOf(node)) ?? []));
}
