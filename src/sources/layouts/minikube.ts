/**
 * `minikube logs`: one file whose sections begin with `==> kubelet <==`. Known by the file's name; the sections
 * themselves are told apart when the file is read.
 */
import { type Layout, type Marker, parentOf } from './layout.ts';

export const minikube: Layout = {
  id: 'minikube-logs',
  needs: 1,
  marker,
  context: () => ({}),
};

function marker(path: string): Marker | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^minikube[-_.]?(?:logs?|start)[^/]{0,60}\.(?:txt|log)$/u.test(name.slice(0, 120))
    ? { root: parentOf(`${path}/`), name: 'minikube' }
    : undefined;
}
