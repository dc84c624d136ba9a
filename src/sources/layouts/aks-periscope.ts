/**
 * AKS Periscope.
 *
 *     2024-01-31T10-20-30Z/NODE/collector/systemlogs/kubelet, docker      journalctl -u
 *     …/NODE/collector/containerlogs/NS_POD_CONTAINER
 *     …/NODE/collector/kubeobjects/NS_pod_NAME, NS_service_NAME           kubectl describe
 *     …/NODE/collector/nodelogs/…  kubeletcmd/…  iptables/…  dns/…
 *
 * Newer versions leave the `collector` folder out.
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName } from './dates.ts';
import {
  containerLog,
  type DatedFile,
  folderMarker,
  type Layout,
  type LayoutRoot,
  type Marker,
  parentOf,
} from './layout.ts';

const COLLECTORS = [
  'kubeletcmd',
  'systemlogs',
  'nodelogs',
  'kubeobjects',
  'networkoutbound',
  'systemperf',
  'podscontainerlogs',
];

export const aksPeriscope: Layout = {
  id: 'aks-periscope',
  needs: 2,
  marker,
  context,
  collected,
};

function marker(path: string): Marker | undefined {
  for (const name of COLLECTORS) {
    const found = folderMarker(path, `collector/${name}`) ?? folderMarker(path, name);
    if (found !== undefined && found.root !== '') {
      return { root: parentOf(found.root), name: found.name.replace('collector/', '') };
    }
  }
  return undefined;
}

function context(path: string): SourceContext {
  const parts = path.split('/');
  const [node = ''] = parts;
  const [folder = '', file = ''] = parts[1] === 'collector' ? parts.slice(2) : parts.slice(1);
  switch (folder) {
    case 'systemlogs':
      return { node, unit: file, formats: ['journal-short'], command: `journalctl -u ${file}` };
    case 'containerlogs':
    case 'podscontainerlogs': {
      const [namespace = '', pod, container] = file.replace(/\.log$/u, '').split('_');
      // Newer versions write POD-CONTAINER, one JSON object with the log inside.
      return pod === undefined ? { node } : { node, ...containerLog(namespace, pod, container, false) };
    }
    case 'kubeobjects': {
      const [namespace = '', kind, name] = file.split('_');
      return kind === undefined || name === undefined
        ? { node }
        : { node, namespace, command: `kubectl describe ${kind} ${name} -n ${namespace}` };
    }
    default:
      return folder === '' ? {} : { node };
  }
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const stamp = dateInName(root.name);
  return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder' }];
}
