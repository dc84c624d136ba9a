import { UNPLACED } from './entities.ts';
import type { ClusterState } from './state.ts';

/**
 * Which pods are ready at collection and were never restarted: what their Events tell of is over.
 *
 * @returns a question by `namespace/name`; where the namespace is not known on one side, the name decides
 */
export function settledPods(state: Pick<ClusterState, 'rows'>): (pod: string) => boolean {
  const named = new Map<string, { readonly namespaces: Set<string>; isSettled: boolean }>();
  for (const { row } of state.rows('Pod')) {
    const { name, namespace, ready, restarts } = row.values;
    if (typeof name !== 'string') continue;
    const known = named.get(name) ?? { namespaces: new Set(), isSettled: true };
    named.set(name, known);
    known.isSettled &&= ready === true && (restarts === undefined || restarts === 0);
    if (typeof namespace === 'string') known.namespaces.add(namespace);
  }
  return (pod) => {
    const slash = pod.indexOf('/');
    const found = named.get(pod.slice(slash + 1));
    if (!found?.isSettled) return false;
    return pod.startsWith(UNPLACED) || found.namespaces.size === 0 || found.namespaces.has(pod.slice(0, slash));
  };
}
