/**
 * `talosctl support`.
 *
 *     NODE/dmesg.log  NODE/controller-runtime.log  NODE/mounts  NODE/processes  NODE/summary
 *     NODE/io  NODE/devices  NODE/resources/TYPE.yaml
 *     NODE/service-logs/kubelet.log, kubelet.state
 *     NODE/kubernetes-logs/kube-system/CONTAINER.log, CONTAINER-exited.log
 *     kubernetesResources/nodes.yaml, systemPods.yaml
 *
 * NODE is what the node was called by: mostly its address. The logs themselves name no host.
 */
import type { SourceContext } from '../../model/index.ts';
import { folderMarker, type Layout, type Marker, parentOf } from './layout.ts';

export const talosSupport: Layout = {
  id: 'talos-support',
  needs: 1,
  marker,
  context,
};

function marker(path: string): Marker | undefined {
  const found = folderMarker(path, 'service-logs') ?? folderMarker(path, 'kubernetes-logs');
  return found === undefined || found.root === '' ? undefined : { root: parentOf(found.root), name: 'node' };
}

function context(path: string): SourceContext {
  const [node = '', folder = '', ...rest] = path.split('/');
  if (node === 'kubernetesResources') {
    const kind = folder === 'nodes.yaml' ? 'nodes' : folder === 'systemPods.yaml' ? 'pods -n kube-system' : undefined;
    return kind === undefined ? {} : { command: `kubectl get ${kind} -o yaml` };
  }
  if (folder === '') {
    return {};
  }
  if (folder === 'dmesg.log') {
    return { node, unit: 'kernel', formats: ['talos-dmesg'] };
  }
  if (folder === 'controller-runtime.log') {
    return { node, unit: 'controller-runtime' };
  }
  if (folder === 'processes' || folder === 'mounts') {
    return { node, command: `talosctl ${folder}` };
  }
  if (folder === 'service-logs') {
    const service = /^([a-z0-9-]{1,60})\.(log|state)$/u.exec(rest[0] ?? '');
    return service === null
      ? { node }
      : {
          node,
          unit: service[1] ?? '',
          ...(service[2] === 'state' ? { command: `talosctl service ${service[1]}` } : {}),
        };
  }
  if (folder === 'kubernetes-logs') {
    const [namespace = '', file = ''] = rest;
    const log = /^([a-z0-9-]{1,63}?)(-exited)?\.log$/u.exec(file);
    return log === null
      ? { node }
      : {
          node,
          namespace,
          container: log[1] ?? '',
          ...(log[2] === undefined ? {} : { previous: true }),
          formats: ['cri'],
        };
  }
  return { node };
}
