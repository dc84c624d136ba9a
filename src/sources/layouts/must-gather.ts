/**
 * `oc adm must-gather` and `oc adm inspect`.
 *
 *     must-gather.local.1234/IMAGE/
 *       timestamp                                        start and end of the run, as Go prints times
 *       cluster-scoped-resources/core/nodes/NODE.yaml
 *       namespaces/NS/core/events.yaml, pods.yaml …       lists
 *       namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log, previous.log
 *       namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/rotated/0.log.20250131-025455.gz
 *       host_service_logs/masters/kubelet_service.log   or workers/, or the name of a node
 *       nodes/NODE/NODE_logs_kubelet.gz
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInText } from './dates.ts';
import { type DatedFile, folderMarker, hostName, type Layout, type LayoutRoot, type Marker } from './layout.ts';

export const mustGather: Layout = {
  id: 'must-gather',
  needs: 1,
  marker,
  context,
  collected,
};

function marker(path: string): Marker | undefined {
  const scoped = folderMarker(path, 'cluster-scoped-resources');
  if (scoped !== undefined) {
    return scoped;
  }
  const namespaces = folderMarker(path, 'namespaces');
  const isInspect = path.includes('/core/') || path.includes('/logs/current.log') || path.includes('/pods/');
  return namespaces !== undefined && isInspect ? namespaces : undefined;
}

function context(path: string): SourceContext {
  const list = /^namespaces\/([a-z0-9-]{1,63})\/[a-z0-9.]{1,80}\/([a-z0-9]{1,60})\.yaml$/u.exec(path);
  if (list !== null) {
    return { namespace: list[1] ?? '', command: `oc get ${list[2]} -n ${list[1]} -o yaml` };
  }
  const service = /^host_service_logs\/([^/]{1,253})\/([A-Za-z0-9.-]{1,60})_service\.log/u.exec(path);
  if (service !== null) {
    const [, group = '', unit = ''] = service;
    // A folder for a role holds the lines of all its machines, one for a node only that node's.
    const node = ['masters', 'workers'].includes(group) ? undefined : hostName(group);
    return { unit, formats: ['journal-short'], ...(node === undefined ? {} : { node }) };
  }
  const node = /^nodes\/([A-Za-z0-9.-]{1,253})\/(?:\1_)?(?:logs_)?([a-z0-9-]{1,60})/u.exec(path);
  if (node === null) {
    return {};
  }
  const unit = node[2] ?? '';
  return {
    node: node[1] ?? '',
    ...(['kubelet', 'crio', 'NetworkManager', 'machine-config-daemon'].includes(unit) ? { unit } : {}),
  };
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const text = root.text('timestamp');
  const stamp = text === undefined ? undefined : dateInText(text);
  return stamp === undefined ? [] : [{ stamp, basis: 'timestamp' }];
}
