/**
 * `openshift-install gather bootstrap`.
 *
 *     log-bundle-20210525112000/
 *       bootstrap/journals/bootkube.log, kubelet.log …   bootstrap/containers/NAME-ID.log
 *       control-plane/10.0.0.5/journals/kubelet.log      control-plane/10.0.0.5/containers/etcd-ID.log
 *       unit-status/bootkube.service.log, .txt           control-plane/10.0.0.5/unit-status/…
 *       resources/nodes.json, pods.json …
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName } from './dates.ts';
import { type DatedFile, folderMarker, hostName, type Layout, type LayoutRoot } from './layout.ts';

export const installerLogBundle: Layout = {
  id: 'openshift-installer',
  needs: 1,
  marker: (path) =>
    folderMarker(path, 'bootstrap/journals') ??
    folderMarker(path, 'bootstrap/containers') ??
    (path.includes('/journals/') ? folderMarker(path, 'control-plane') : undefined),
  context,
  collected,
};

function context(path: string): SourceContext {
  const found =
    /^(?:bootstrap|(?:control-plane|worker)\/([^/]{1,253}))\/(journals|containers)\/([^/]{1,255})\.log/u.exec(path);
  if (found !== null) {
    const [, host = '', folder, file = ''] = found;
    const node = hostName(host);
    const where = node === undefined ? {} : { node };
    return folder === 'journals'
      ? { ...where, unit: file, formats: ['journal-short'] }
      : { ...where, container: file.replace(/-[0-9a-f]{12,64}$/u, ''), formats: ['k8s-ts', 'cri'] };
  }
  const unit = /^(?:(?:control-plane|worker)\/([^/]{1,253})\/)?unit-status\/([^/]{1,120})\.(log|txt)$/u.exec(path);
  if (unit !== null) {
    const [, host = '', name = '', kind] = unit;
    const node = hostName(host);
    return {
      unit: name.replace(/\.service$/u, ''),
      ...(node === undefined ? {} : { node }),
      ...(kind === 'log' ? { formats: ['journal-short'] } : { command: `systemctl status --full ${name}` }),
    };
  }
  const list = /^resources\/([a-z]{1,60})\.(json|yaml)$/u.exec(path);
  return list === null ? {} : { command: `oc get ${list[1]} -A -o ${list[2]}` };
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const stamp = dateInName(root.name);
  return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder' }];
}
