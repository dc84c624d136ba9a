/**
 * `kubectl cluster-info dump --output-directory`.
 *
 *     nodes.json
 *     NAMESPACE/events.json, pods.json, deployments.json …
 *     NAMESPACE/POD/logs.txt       all containers one after the other, between "==== START logs for container" lines
 */
import type { SourceContext } from '../../model/index.ts';
import { fileMarker, type Layout, type Marker, parentOf } from './layout.ts';

const KINDS = ['events', 'pods', 'services', 'deployments', 'daemonsets', 'replicasets', 'replication-controllers'];

export const clusterInfoDump: Layout = {
  id: 'cluster-info-dump',
  needs: 2,
  requires: 'nodes',
  marker,
  context,
};

function marker(path: string): Marker | undefined {
  const nodes = fileMarker(path, 'nodes.json') ?? fileMarker(path, 'nodes.yaml');
  if (nodes !== undefined) {
    return { root: nodes.root, name: 'nodes' };
  }
  for (const kind of ['events.json', 'events.yaml', 'replicasets.json', 'replicasets.yaml']) {
    const list = fileMarker(path, kind);
    if (list !== undefined && list.root !== '') {
      return { root: parentOf(list.root), name: kind.slice(0, -5) };
    }
  }
  return undefined;
}

function context(path: string): SourceContext {
  const [first = '', second = '', third] = path.split('/');
  if (second === '') {
    const kind = /^(nodes)\.(json|yaml)$/u.exec(first);
    return kind === null ? {} : { command: `kubectl get ${kind[1]} -o ${kind[2]}` };
  }
  if (third === 'logs.txt') {
    return { namespace: first, pod: `${first}/${second}` };
  }
  const list = /^([a-z-]{1,40})\.(json|yaml)$/u.exec(second);
  return list !== null && KINDS.includes(list[1] ?? '')
    ? { namespace: first, command: `kubectl get ${(list[1] ?? '').replace('-', '')} -n ${first} -o ${list[2]}` }
    : {};
}
