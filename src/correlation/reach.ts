import type { Edge } from '../model/index.ts';
import { widestFirst } from './heap.ts';

export interface Reach {
  /** Widest-path strength from the start, by fact id; the start itself is 1. */
  readonly strength: ReadonlyMap<string, number>;
  /** Edge that leads into a fact on its widest path. */
  readonly via: ReadonlyMap<string, Edge>;
}

/** Edges by the fact they leave. */
export function outgoing(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const map = new Map<string, Edge[]>();
  for (const edge of edges) {
    const known = map.get(edge.from);
    if (known) known.push(edge);
    else map.set(edge.from, [edge]);
  }
  return map;
}

/**
 * Widest paths from one fact: the largest possible smallest weight, without decay along the path.
 */
export function reachFrom(start: string, edgesFrom: ReadonlyMap<string, readonly Edge[]>, without?: string): Reach {
  const strength = new Map<string, number>([[start, 1]]);
  const via = new Map<string, Edge>();
  const open = widestFirst();
  open.push(start, 1);
  const done = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id: at, width } = next;
    if (done.has(at)) continue;
    done.add(at);
    for (const edge of edgesFrom.get(at) ?? []) {
      if (edge.to === without || done.has(edge.to) || edge.type === 'aggravates') continue;
      const now = Math.min(width, edge.weight);
      if (now > (strength.get(edge.to) ?? 0)) {
        strength.set(edge.to, now);
        via.set(edge.to, edge);
        open.push(edge.to, now);
      }
    }
  }
  return { strength, via };
}

/** Edges from the start to a fact along its widest path. */
export function pathTo(target: string, start: string, via: ReadonlyMap<string, Edge>): Edge[] {
  const path: Edge[] = [];
  let at = target;
  while (at !== start && path.length <= via.size) {
    const edge = via.get(at);
    if (!edge) return [];
    path.unshift(edge);
    at = edge.from;
  }
  return path;
}
