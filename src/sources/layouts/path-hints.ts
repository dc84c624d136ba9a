/**
 * What a path tells whichever collector wrote it: the kubelet's and the runtimes' own layouts, conventions that many
 * scripts share, and names that hold a unit or a node. Hints never decide alone: the file's content does.
 */
import type { SourceContext } from '../../model/index.ts';
import { containerLog, hostName } from './layout.ts';

const CRI_POD = /(?:^|\/)([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_([0-9a-f-]{32,36})\/([a-z0-9.-]{1,63})\/\d{1,6}\.log/u;
const CRI_LINK = /(?:^|\/)([a-z0-9.-]{1,253})_([a-z0-9-]{1,63})_([a-z0-9.-]{1,63})-[0-9a-f]{64}\.log/u;
const MUST_GATHER_LOG =
  /(?:^|\/)namespaces\/([a-z0-9-]{1,63})\/pods\/([a-z0-9.-]{1,253})\/([a-z0-9.-]{1,63})\/[^/]{1,63}\/logs\/(current|previous|rotated)[^/]{0,20}(?:\.log|\/)/u;
const NAMESPACE_LOGS =
  /(?:^|\/)(?:pods\/logs|pod-?logs|podlogs|logs|namespaces|container-?logs)\/([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/([a-z0-9.-]{1,63}?)([-_.]prev(?:ious)?)?\.(?:log|txt)/u;
const BUGTOOL =
  /(?:^|\/)cilium-bugtool-([a-z0-9.-]{1,253}?)(?:-\d{8}-\d{6})?(?:\.tar\.gz|\.tgz|\.tar)?(?:\/[^/]{1,300})*\/cmd\/([^/]{1,255})\.md$/u;
const SYSDUMP_LOG = /(?:^|\/)logs-([a-z0-9.-]{1,253})-(\d{8}-\d{6})(-prev)?\.log$/u;
const SOS_COMMAND = /(?:^|\/)sos_commands\/([a-z0-9_.-]{1,60})\/(?:[^/]{1,255}\/)*([^/]{1,255})$/u;
const NODE_FOLDER = /(?:^|\/)nodes\/([A-Za-z0-9][A-Za-z0-9.-]{0,252})\//u;
const NAMESPACE_FOLDER = /(?:^|\/)namespaces\/([a-z0-9-]{1,63})\//u;
const PREVIOUS = /(?:[-_.]prev(?:ious)?)(?:\.log|\.txt|$)|(?:^|\/)previous(?:\.insecure)?\.log$/u;
const PACKED = /\.(?:gz|zst|xz|bz2)$/u;
const SUFFIX = /(?:\.(?:log|txt|out|md|json|export|\d{1,4}|\d{8}(?:-\d{6})?))+$/u;

/** Names of containers whose name may end a file's name, longest first where one ends another. */
const CILIUM_CONTAINERS = [
  'cilium-agent',
  'cilium-operator',
  'cilium-envoy',
  'hubble-relay',
  'mount-cgroup',
  'clean-cilium-state',
];
const HOST_UNITS: ReadonlySet<string> = new Set([
  'kubelet',
  'containerd',
  'docker',
  'dockerd',
  'crio',
  'cri-o',
  'k3s',
  'k3s-agent',
  'rke2-server',
  'rke2-agent',
  'etcd',
  'haproxy',
  'keepalived',
  'bootkube',
  'openvswitch',
  'ovs-vswitchd',
  'ovsdb-server',
  'systemd',
  'systemd-resolved',
  'systemd-networkd',
  'NetworkManager',
  'rancher-system-agent',
  'cloud-init',
]);
/** Logs of the machine itself. */
const HOST_LOG =
  /^(?:journal|journalctl|dmesg|kern|messages|syslog|daemon|kubelet|containerd|docker|crio|k3s|rke2|mount|mounts|df|ps|timedatectl|uptime|date)(?![a-z])/u;
const NODE_WORD =
  /(?:^|[-_.])(?:node|worker|master|control|controlplane|server|agent|host|cp|srv|ip|vm|rpi)(?:[-_.]?\d|[-_.]|$)|plane/u;
const KERNEL_FORMATS = ['dmesg-raw', 'dmesg-ctime', 'dmesg-iso', 'kmsg'];
const JOURNAL_FORMATS = ['journal-short', 'journal-iso', 'journal-full', 'journal-json', 'journal-export'];
const SYSLOG_FORMATS = ['syslog-3164', 'syslog-iso'];

export function pathHints(path: string): SourceContext {
  return { ...nameHints(path), ...folderHints(path), ...logHints(path) };
}

/** Paths of container logs. */
function logHints(path: string): SourceContext {
  const pod = CRI_POD.exec(path);
  if (pod !== null) {
    const [, namespace = '', name = '', , container] = pod;
    return { ...containerLog(namespace, name, container, false), formats: ['cri', 'docker-json'] };
  }
  const link = CRI_LINK.exec(path);
  if (link !== null) {
    const [, name = '', namespace = '', container] = link;
    return { ...containerLog(namespace, name, container, false), formats: ['cri', 'docker-json'] };
  }
  const gathered = MUST_GATHER_LOG.exec(path);
  if (gathered !== null) {
    const [, namespace = '', name = '', container, which] = gathered;
    return { ...containerLog(namespace, name, container, which === 'previous'), formats: ['k8s-ts'] };
  }
  const tool = BUGTOOL.exec(path);
  if (tool !== null) {
    const [, name = '', command = ''] = tool;
    return { ...containerLog('kube-system', name, 'cilium-agent', false), command: withBlanks(command) };
  }
  const dump = SYSDUMP_LOG.exec(path);
  if (dump !== null) {
    return sysdumpLog(dump[1] ?? '', dump[3] !== undefined);
  }
  const named = NAMESPACE_LOGS.exec(path);
  if (named !== null) {
    const [, namespace = '', name = '', container, previous] = named;
    return containerLog(namespace, name, container, previous !== undefined);
  }
  return PREVIOUS.test(path.replace(PACKED, '')) ? { previous: true } : {};
}

/** `cilium-x7k2p-cilium-agent`: pod, then container. */
function sysdumpLog(text: string, previous: boolean): SourceContext {
  const container = CILIUM_CONTAINERS.find((name) => text.endsWith(`-${name}`));
  const generated = /^(.{1,240}-[bcdfghjklmnpqrstvwxz2456789]{5})-([a-z0-9-]{1,63})$/u.exec(text);
  const pod = container === undefined ? generated?.[1] : text.slice(0, -container.length - 1);
  const formats = ['k8s-ts'];
  return pod === undefined
    ? { formats, ...(previous ? { previous } : {}) }
    : { ...containerLog('kube-system', pod, container ?? generated?.[2], previous), formats };
}

/** `cilium-status---verbose` → `cilium status --verbose`: each blank became a dash, and dashes stayed. */
function withBlanks(name: string): string {
  return name
    .split('---')
    .map((part) =>
      part
        .split('--')
        .map((words) => words.replaceAll('-', ' '))
        .join(' -'),
    )
    .join(' --')
    .replace(/^(ip6?tables) save\b/u, '$1-save')
    .replace(/^cilium (dbg|health|agent)\b/u, 'cilium-$1');
}

function folderHints(path: string): SourceContext {
  const node = NODE_FOLDER.exec(path)?.[1]?.replace(/\.(?:zip|tar|tgz|tar\.gz)$/u, '');
  const namespace = NAMESPACE_FOLDER.exec(path)?.[1];
  const command = SOS_COMMAND.exec(path)?.[2];
  const host = node === undefined ? undefined : hostName(node);
  return {
    ...(host === undefined ? {} : { node: host }),
    ...(namespace === undefined || namespace === 'all' ? {} : { namespace }),
    ...(command === undefined ? {} : sosCommand(command)),
  };
}

/** sosreport writes `_` for blanks and special characters alike. */
function sosCommand(fileName: string): SourceContext {
  const command = fileName.replace(/_+/gu, ' ').trim();
  const formats = /^dmesg/u.test(command) ? KERNEL_FORMATS : /^journalctl/u.test(command) ? JOURNAL_FORMATS : undefined;
  return { command, ...(formats === undefined ? {} : { formats }) };
}

/** Names of logs: `journal-node1.log`, `dmesg-worker-2.txt`, `kubelet.log.1.gz`, `node3/journalctl.log`. */
function nameHints(path: string): SourceContext {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1).replace(PACKED, '');
  const stem = name.replace(SUFFIX, '');
  const base = stem.slice(0, 120);
  const formats = formatsOf(base);
  const unit = unitOf(base) ?? unitBeforeNode(base);
  const node = nodeInName(base) ?? nodeOfFolder(path.slice(0, Math.max(0, slash)), base);
  return {
    ...(formats === undefined ? {} : { formats }),
    ...(unit === undefined ? {} : { unit }),
    ...(node === undefined ? {} : { node }),
  };
}

function formatsOf(name: string): readonly string[] | undefined {
  if (/^(?:dmesg|kmsg)/u.test(name)) {
    return KERNEL_FORMATS;
  }
  if (/^kern\b/u.test(name)) {
    return [...SYSLOG_FORMATS, ...KERNEL_FORMATS];
  }
  if (/^(?:journal|journalctl)(?:[-_.]|$)|[-_.]journal(?:ctl)?$/u.test(name)) {
    return JOURNAL_FORMATS;
  }
  return /^(?:messages|syslog|daemon)(?:[-_.]|$)/u.test(name) ? SYSLOG_FORMATS : undefined;
}

/** `kubelet`, `kubelet-journal`, `journalctl-u-k3s`, `journal_kubelet`, `kubelet.service`. */
function unitOf(name: string): string | undefined {
  if (/^(?:dmesg|kern|kmsg)(?![a-z])/u.test(name)) {
    return 'kernel';
  }
  const bare = name
    .replace(/^journal(?:ctl)?[-_. ]+(?:-?-?u(?:nit)?[-_= ]+)?/u, '')
    .replace(/[-_.](?:journal(?:ctl)?|service|logs?)$/u, '')
    .replace(/\.service$/u, '');
  return HOST_UNITS.has(bare) ? bare : undefined;
}

/** `kubelet-worker-2`, `k3s-cp1`: the unit, then the machine. */
function unitBeforeNode(name: string): string | undefined {
  const unit = /^(kubelet|k3s|containerd)[-_.]/u.exec(name)?.[1];
  return unit !== undefined && nodeInName(name) !== undefined ? unit : undefined;
}

/** What is left of `journal-node1` or `dmesg_worker-2` when it looks like a machine and not like an option. */
function nodeInName(name: string): string | undefined {
  const rest =
    /^(?:journal(?:ctl)?|dmesg|kubelet|syslog|messages|k3s|containerd|df|mounts?|ps)[-_.]([A-Za-z][A-Za-z0-9.-]{1,80})$/u.exec(
      name,
    )?.[1];
  if (rest === undefined || HOST_UNITS.has(rest) || (unitOf(name) !== undefined && unitOf(name) !== 'kernel')) {
    return undefined;
  }
  return NODE_WORD.test(rest) || /^[a-z]+[a-z-]*\d{1,4}$/u.test(rest) ? notAnOption(rest) : undefined;
}

function notAnOption(text: string): string | undefined {
  return /^(?:b|k|u|o|n|p|x|boot|since|last|until|full|all|errors?|previous|current|part|day|utc)[-_.]?\d*$/iu.test(
    text,
  )
    ? undefined
    : text;
}

/** A folder named like a machine that holds the machine's own logs. */
function nodeOfFolder(folder: string, name: string): string | undefined {
  const last = folder.slice(folder.lastIndexOf('/') + 1).replace(/\.(?:zip|tar|tgz|tar\.gz)$/u, '');
  return HOST_LOG.test(name) &&
    NODE_WORD.test(last) &&
    !/^(?:nodes?|hosts?|workers?|masters?|control-plane|agents?|servers?)$/u.test(last)
    ? hostName(last)
    : undefined;
}
