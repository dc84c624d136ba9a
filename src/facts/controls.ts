import type { Fact } from '../model/index.ts';
import { type EntityIndex, nameOf } from './entities.ts';
import type { ClusterState } from './state.ts';

/** Fewer pods than this on one side make no comparison. */
const LEAST_CONTROLS = 2;

/**
 * Contrast of a root with healthy controls: the share of pods that do not work on its node, less the share elsewhere.
 * Undefined where the bundle has no controls to compare with.
 */
export function contrastOf(
  state: ClusterState,
  index: EntityIndex,
): (root: Fact) => { readonly value: number; readonly why: string } | undefined {
  return (root) => {
    const node = root.entities['node'];
    if (!node) return undefined;
    const inside = { bad: 0, all: 0 };
    const outside = { bad: 0, all: 0 };
    for (const { row } of state.rows('Pod')) {
      const { node: on, ready, status } = row.values;
      if (typeof on !== 'string' || typeof ready !== 'boolean' || status === 'Completed') continue;
      const side = index.nodeName(on) === nameOf(node) ? inside : outside;
      side.all++;
      if (!ready) side.bad++;
    }
    if (inside.all < LEAST_CONTROLS || outside.all < LEAST_CONTROLS) return undefined;
    const value = Math.max(0, inside.bad / inside.all - outside.bad / outside.all);
    return {
      value,
      why: `${inside.bad} of ${inside.all} pods on ${nameOf(node)} do not work, ${outside.bad} of ${outside.all} on other nodes`,
    };
  };
}

/** Is any pod shown with its node and whether it works? */
export function hasControls(state: ClusterState): boolean {
  return state
    .rows('Pod')
    .some(({ row }) => typeof row.values['node'] === 'string' && typeof row.values['ready'] === 'boolean');
}
