import type { Edge } from '../model/index.ts';
import { widestFirst } from './heap.ts';

/** Facts of an incident as numbers, with the edges that lead on from each: what paths are looked for in. */
export interface Paths {
  /** Position of a fact id; positions are in the order of the ids that were given. */
  readonly at: ReadonlyMap<string, number>;
  readonly edges: readonly Edge[];
  /** Edges from position `n` are those at `first[n]` up to, not including, `first[n + 1]`. */
  readonly first: Int32Array;
  /** Position of the fact that the edge leads to. */
  readonly to: Int32Array;
}

export interface Reach {
  /** Widest-path strength from the start, by position; the start itself is 1, what is not reached 0. */
  readonly strength: Float64Array;
  /** Edge that leads into a fact on its widest path, as a position in `edges`; -1 without one. */
  readonly via: Int32Array;
}

/**
 * @param ids - each once, sorted: equal paths are chosen by this order
 * @param edges - between them; others are left out. What only aggravates leads nowhere
 */
export function pathsOf(ids: readonly string[], edges: readonly Edge[]): Paths {
  const at = new Map(ids.map((id, index) => [id, index]));
  const own = edges.filter((edge) => edge.type !== 'aggravates' && at.has(edge.from) && at.has(edge.to));
  const first = new Int32Array(ids.length + 1);
  for (const { from } of own) {
    const after = (at.get(from) as number) + 1;
    first[after] = (first[after] as number) + 1;
  }
  for (let index = 1; index < first.length; index++)
    first[index] = (first[index] as number) + (first[index - 1] as number);
  const free = first.slice();
  const placed = new Array<Edge>(own.length);
  const to = new Int32Array(own.length);
  for (const edge of own) {
    const from = at.get(edge.from) as number;
    const slot = free[from] as number;
    free[from] = slot + 1;
    placed[slot] = edge;
    to[slot] = at.get(edge.to) as number;
  }
  return { at, edges: placed, first, to };
}

/**
 * Widest paths from one fact: the largest possible smallest weight, without decay along the path.
 *
 * @param start - position of the fact
 * @param without - position of a fact that no path may lead through
 */
export function reachFrom(start: number, { edges, first, to }: Paths, without = -1): Reach {
  const size = first.length - 1;
  const strength = new Float64Array(size);
  const via = new Int32Array(size).fill(-1);
  const done = new Uint8Array(size);
  strength[start] = 1;
  const open = widestFirst();
  open.push(start, 1);
  for (let from = open.pop(); from >= 0; from = open.pop()) {
    if (done[from] === 1) continue;
    done[from] = 1;
    const width = strength[from] as number;
    const end = first[from + 1] as number;
    for (let slot = first[from] as number; slot < end; slot++) {
      const next = to[slot] as number;
      if (next === without || done[next] === 1) continue;
      const now = Math.min(width, (edges[slot] as Edge).weight);
      if (now > (strength[next] as number)) {
        strength[next] = now;
        via[next] = slot;
        open.push(next, now);
      }
    }
  }
  return { strength, via };
}

/** Edges from the start of a search to a fact along its widest path; none where it was not reached. */
export function pathTo(target: number, { via }: Reach, { edges, at }: Paths): Edge[] {
  const path: Edge[] = [];
  for (let slot = via[target] ?? -1; slot >= 0; ) {
    const edge = edges[slot] as Edge;
    path.push(edge);
    slot = via[at.get(edge.from) as number] ?? -1;
  }
  return path.reverse();
}
