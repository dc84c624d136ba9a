/**
 * Replicated Troubleshoot support bundle.
 *
 *     version.yaml  analysis.json  cluster-info/cluster_version.json
 *     cluster-resources/pods/kube-system.json  cluster-resources/events/default.json  cluster-resources/nodes.json
 *     cluster-resources/pods/logs/NAMESPACE/POD/CONTAINER.log, CONTAINER-previous.log
 *     host-collectors/system/…  execution-data/summary.txt
 */
import type { SourceContext } from '../../model/index.ts';
import { containerLog, folderMarker, type Layout } from './layout.ts';

/** Folders that are not called like the resource. */
const RESOURCES: Readonly<Record<string, string>> = {
  'network-policy': 'networkpolicies',
  'resource-quota': 'resourcequotas',
  ingress: 'ingresses',
  limitranges: 'limitranges',
  pvs: 'persistentvolumes',
  pvcs: 'persistentvolumeclaims',
};

export const troubleshoot: Layout = {
  id: 'troubleshoot',
  needs: 1,
  marker: (path) => folderMarker(path, 'cluster-resources'),
  context,
};

function context(path: string): SourceContext {
  const [top, kind = '', ...rest] = path.split('/');
  if (top !== 'cluster-resources') {
    return {};
  }
  if (kind === 'pods' && rest[0] === 'logs') {
    const [, namespace = '', pod = '', file = ''] = rest;
    const log = /^(.{1,63}?)(-previous)?\.log$/u.exec(file);
    return log === null ? {} : containerLog(namespace, pod, log[1], log[2] !== undefined);
  }
  const resource = RESOURCES[kind.replace(/\.json$/u, '')] ?? kind.replace(/\.json$/u, '').replaceAll('-', '');
  const namespaced = /^([a-z0-9-]{1,63})\.json$/u.exec(rest[0] ?? '');
  if (namespaced !== null) {
    return { namespace: namespaced[1] ?? '', command: `kubectl get ${resource} -n ${namespaced[1]} -o json` };
  }
  const whole = /^([a-z-]{1,60})\.json$/u.exec(kind);
  return whole === null || /errors$/u.test(whole[1] ?? '') ? {} : { command: `kubectl get ${resource} -A -o json` };
}
