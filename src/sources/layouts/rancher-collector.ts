/**
 * Rancher v2 / k3s / rke2 logs collector, run on one node.
 *
 *     HOST-2024-01-31_10_20_30/
 *       systeminfo/hostname, date, dmesg (-T), mount, dfh, ps …   networking/…   systemlogs/messages …
 *       journald/k3s, kubelet, rke2-server …
 *       k3s/kubectl/pods, nodes, events, nodesdescribe …          (rke2/, rke/, pod/, kubeadm/, k8s/ likewise)
 *       k3s/kubectl/poddescribe/NAMESPACE, nodes.json              (since 2024)
 *       k3s/podlogs/NAMESPACE-POD, NAMESPACE-POD-previous         or NAMESPACE_POD_UID/ folders
 *       k8s/containerlogs/etcd                                    docker logs -t
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName, dateInText } from './dates.ts';
import { anyMarker, containerLog, type DatedFile, hostName, type Layout, type LayoutRoot } from './layout.ts';

const DISTRIBUTION = /^(?:k3s|rke2|rke|pod|kubeadm|k8s)\//u;
/** Namespaces that the collector asks for; a pod's file begins with one of them. */
const NAMESPACES = [
  'kube-system',
  'kube-public',
  'cattle-system',
  'cattle-alerting',
  'cattle-logging-system',
  'cattle-logging',
  'cattle-pipeline',
  'cattle-prometheus',
  'cattle-global-data',
  'cattle-monitoring-system',
  'cattle-fleet-system',
  'cattle-fleet-local-system',
  'cattle-provisioning-capi-system',
  'ingress-nginx',
  'istio-system',
  'longhorn-system',
  'fleet-system',
  'fleet-default',
  'rancher-operator-system',
  'tigera-operator',
  'calico-system',
].sort((a, b) => b.length - a.length);
const CLUSTER_WIDE = [
  'nodes',
  'namespaces',
  'pv',
  'crds',
  'clusterroles',
  'clusterrolebindings',
  'apiservices',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'volumeattachments',
];
const SYSTEM_COMMANDS: Readonly<Record<string, string>> = {
  mount: 'mount',
  dfh: 'df -h',
  dfi: 'df -i',
  ps: 'ps auxfww',
  dmesg: 'dmesg -T',
  date: 'date',
  uptime: 'uptime',
  freem: 'free -m',
  sysctla: 'sysctl -a',
  lsblk: 'lsblk',
  'systemd-units': 'systemctl list-units',
};

export const rancherCollector: Layout = {
  id: 'rancher-collector',
  needs: 2,
  marker: (path) => anyMarker(path, ['systeminfo', 'journald', 'networking', 'systemlogs'], ['collector-output.log']),
  context,
  collected,
  node,
};

function context(path: string): SourceContext {
  const journal = /^journald\/([A-Za-z0-9@._-]{1,80})$/u.exec(path);
  if (journal !== null) {
    return { unit: journal[1] ?? '', formats: ['journal-short'], command: `journalctl --unit=${journal[1]}` };
  }
  const system = /^systeminfo\/([a-z-]{1,40})$/u.exec(path);
  if (system !== null) {
    const command = SYSTEM_COMMANDS[system[1] ?? ''];
    return command === undefined ? {} : { command };
  }
  if (!DISTRIBUTION.test(path)) {
    return {};
  }
  const [, folder, file = '', below = ''] = path.split('/');
  if (folder === 'kubectl') {
    return file === 'poddescribe' ? describedPods(below) : { command: kubectlCommand(file) };
  }
  if (folder === 'crictl') {
    return { command: file === 'psa' ? 'crictl ps -a' : `crictl ${file}` };
  }
  if (folder === 'containerlogs') {
    return { container: file, formats: ['k8s-ts'] };
  }
  return folder === 'podlogs' ? podLog(file) : {};
}

/** One file per namespace: `kubectl/poddescribe/kube-system`. */
function describedPods(namespace: string): SourceContext {
  return /^[a-z0-9-]{1,63}$/u.test(namespace) ? { namespace, command: `kubectl describe pods -n ${namespace}` } : {};
}

function kubectlCommand(file: string): string {
  const json = /^([a-z0-9.-]{1,80})\.json$/u.exec(file)?.[1];
  if (json !== undefined) {
    return `kubectl get ${json}${CLUSTER_WIDE.includes(json) ? '' : ' --all-namespaces'} -o json`;
  }
  if (file === 'nodesdescribe') {
    return 'kubectl describe nodes';
  }
  if (file === 'version' || file === 'api-resources') {
    return `kubectl ${file}`;
  }
  return `kubectl get ${file}${CLUSTER_WIDE.includes(file) ? '' : ' --all-namespaces'} -o wide`;
}

/** `kube-system-coredns-…`, also docker's `k8s_CONTAINER_POD_NAMESPACE_UID_N`. */
function podLog(file: string): SourceContext {
  const docker = /^k8s_([^_]{1,63})_([^_]{1,253})_([^_]{1,63})_[0-9a-f-]{32,36}_\d{1,6}$/u.exec(file);
  if (docker !== null) {
    return { ...containerLog(docker[3] ?? '', docker[2] ?? '', docker[1], false), formats: ['k8s-ts'] };
  }
  const namespace = NAMESPACES.find((name) => file.startsWith(`${name}-`));
  const previous = file.endsWith('-previous');
  const pod =
    namespace === undefined ? '' : file.slice(namespace.length + 1, previous ? -'-previous'.length : undefined);
  return namespace === undefined || pod === '' ? {} : containerLog(namespace, pod, undefined, previous);
}

function node(root: LayoutRoot): string | undefined {
  const name = root.text('systeminfo/hostname')?.trim().split('.')[0];
  if (name !== undefined && /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/u.test(name)) {
    return name;
  }
  const folder = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}?)-\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d$/u.exec(root.name)?.[1];
  return folder === undefined ? undefined : hostName(folder);
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  const stamp = dateInText(root.text('systeminfo/date') ?? '');
  if (stamp !== undefined) {
    return [{ stamp, basis: 'systeminfo/date' }];
  }
  const named = dateInName(root.name);
  return named === undefined ? [] : [{ stamp: named, basis: 'name of the folder' }];
}
