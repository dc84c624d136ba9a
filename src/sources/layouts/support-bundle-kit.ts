/**
 * rancher/support-bundle-kit: Harvester, Longhorn, Rancher.
 *
 *     supportbundle_UUID_2024-01-31T10-20-30Z/
 *       metadata.yaml                                       bundleCreatedAt
 *       yamls/cluster/kubernetes/nodes.yaml                 yamls/namespaced/NS/kubernetes/pods.yaml
 *       logs/NS/POD/CONTAINER.log, CONTAINER.log.1
 *       nodes/NODE.zip                                      logs of the machine
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName, dateInText } from './dates.ts';
import { anyMarker, containerLog, type DatedFile, type Layout, type LayoutRoot } from './layout.ts';

export const supportBundleKit: Layout = {
  id: 'support-bundle-kit',
  needs: 2,
  marker: (path) => anyMarker(path, ['yamls'], ['metadata.yaml', 'bundleGenerationError.log']),
  context,
  collected,
};

function context(path: string): SourceContext {
  const list = /^yamls\/(?:cluster|namespaced\/([a-z0-9-]{1,63}))\/(?:[^/]{1,120}\/){1,3}([a-z0-9]{1,60})\.yaml$/u.exec(
    path,
  );
  if (list !== null) {
    const namespace = list[1];
    return namespace === undefined
      ? { command: `kubectl get ${list[2]} -o yaml` }
      : { namespace, command: `kubectl get ${list[2]} -n ${namespace} -o yaml` };
  }
  const log = /^logs\/([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/([a-z0-9.-]{1,63}?)\.log(\.\d{1,3})?$/u.exec(path);
  if (log !== null) {
    return containerLog(log[1] ?? '', log[2] ?? '', log[3], log[4] !== undefined);
  }
  const node = /^nodes\/([A-Za-z0-9.-]{1,253})\.zip\//u.exec(path)?.[1];
  return node === undefined ? {} : { node };
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const line = /^bundleCreatedAt: .{1,60}$/mu.exec(root.text('metadata.yaml') ?? '')?.[0];
  const stamp = line === undefined ? undefined : dateInText(line);
  if (stamp !== undefined) {
    return [{ stamp, basis: 'metadata.yaml' }];
  }
  const named = dateInName(root.name);
  return named === undefined ? [] : [{ stamp: named, basis: 'name of the folder' }];
}
