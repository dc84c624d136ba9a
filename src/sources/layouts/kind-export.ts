/**
 * `kind export logs`.
 *
 *     kind-version.txt  docker-info.txt
 *     NODE/journal.log, kubelet.log, containerd.log, serial.log, images.log, kubernetes-version.txt
 *     NODE/pods/NS_POD_UID/CONTAINER/0.log  NODE/containers/…
 */
import type { SourceContext } from '../../model/index.ts';
import { fileMarker, type Layout, type Marker, parentOf } from './layout.ts';

export const kindExport: Layout = {
  id: 'kind-export',
  needs: 1,
  marker,
  context,
};

function marker(path: string): Marker | undefined {
  const version = fileMarker(path, 'kind-version.txt');
  if (version !== undefined) {
    return version;
  }
  const node = fileMarker(path, 'kubernetes-version.txt');
  return node === undefined || node.root === ''
    ? undefined
    : { root: parentOf(node.root), name: 'kubernetes-version.txt' };
}

function context(path: string): SourceContext {
  const [node = '', file] = path.split('/');
  if (file === undefined) {
    return {};
  }
  const unit = /^(kubelet|containerd)\.log$/u.exec(file)?.[1];
  if (unit !== undefined) {
    return { node, unit, formats: ['journal-short'] };
  }
  return file === 'journal.log' ? { node, formats: ['journal-short'] } : { node };
}
