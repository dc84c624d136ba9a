/**
 * `cilium sysdump`.
 *
 *     cilium-sysdump-20250131-185842/
 *       logs-cilium-x7k2p-cilium-agent-20250131-185842.log, …-prev.log
 *       k8s-nodes-20250131-185842.yaml  k8s-events-…  k8s-pods-…  cilium-daemonset-…
 *       cilium-bugtool-cilium-x7k2p-20250131-185842/cmd/cilium-status---verbose.md      raw output, not Markdown
 *       cilium-bugtool-cilium-x7k2p-20250131-185842.tar.gz                              the same in newer versions
 *       ciliumnodes-20250131-185842.yaml, ciliumendpoints-…
 *       hubble-flows-cilium-x7k2p-20250131-185842.json
 *
 * The namespace is in no path; it is kube-system unless the installation chose another.
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName } from './dates.ts';
import { containerLog, type DatedFile, type Layout, type LayoutRoot, type Marker } from './layout.ts';

const STAMPED =
  /^(?:k8s-[a-z-]{1,60}|cilium-[a-z-]{1,60}|logs-[a-z0-9.-]{1,200}|hubble-flows-[a-z0-9.-]{1,200})-\d{8}-\d{6}/u;

export const ciliumSysdump: Layout = {
  id: 'cilium-sysdump',
  needs: 2,
  marker,
  context,
  collected,
};

function marker(path: string): Marker | undefined {
  for (let at = 0; at >= 0; at = path.indexOf('/', at) < 0 ? -1 : path.indexOf('/', at) + 1) {
    const rest = path.slice(at);
    const kind = ['k8s-', 'cilium-', 'logs-', 'hubble-flows-'].find((start) => rest.startsWith(start));
    if (kind !== undefined && !rest.startsWith('cilium-sysdump-') && STAMPED.test(rest.slice(0, 300))) {
      return { root: path.slice(0, at), name: kind };
    }
  }
  return undefined;
}

function context(path: string): SourceContext {
  const objects = /^k8s-([a-z-]{1,60}?)(?:-summary)?-\d{8}-\d{6}\.(yaml|txt|json)$/u.exec(path);
  if (objects !== null) {
    const output = objects[2] === 'txt' ? 'wide' : objects[2];
    return { command: `kubectl get ${objects[1]} -A -o ${output}` };
  }
  const custom = /^(cilium[a-z]{1,60})-\d{8}-\d{6}\.yaml$/u.exec(path);
  if (custom !== null) {
    return { command: `kubectl get ${custom[1]} -A -o yaml` };
  }
  const flows = /^hubble-flows-([a-z0-9.-]{1,200})-\d{8}-\d{6}\.json$/u.exec(path);
  return flows === null
    ? {}
    : { ...containerLog('kube-system', flows[1] ?? '', undefined, false), formats: ['hubble-json'] };
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const stamp = dateInName(root.name);
  return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder' }];
}
