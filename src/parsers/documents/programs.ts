/**
 * Is a line the call of a program, or a sentence that begins with the name of one?
 *
 *     kubectl get pods -A                    containerd successfully booted in 0.1s
 *     systemctl status kubelet               cilium status looks fine
 *     ip route                               last message repeated 3 times
 *
 * Without a prompt in front only the words tell: what may follow the program, and words that no call holds.
 */

/** Programs with subcommands: one of them, or a flag, must follow. */
const SUBCOMMANDS: Readonly<Record<string, string>> = {
  'kubectl oc k':
    'get describe logs log events top exec apply delete create edit rollout scale drain cordon uncordon version cluster-info api-resources api-versions config auth wait patch explain port-forward debug cp run label annotate adm status project whoami kustomize diff certificate',
  'k3s rke2': 'kubectl crictl ctr server agent etcd-snapshot check-config secrets-encrypt certificate token',
  microk8s: 'kubectl status inspect start stop enable disable config ctr helm helm3 dbctl join add-node',
  flux: 'get check logs events reconcile stats tree trace version suspend resume',
  helm: 'list ls status history get install upgrade rollback template version repo uninstall',
  'cilium cilium-dbg':
    'status connectivity endpoint bpf service node policy identity config version sysdump monitor debuginfo clustermesh hubble encrypt map metrics statedb kvstore',
  'cilium-health': 'status get',
  'ovs-vsctl ovn-nbctl ovn-sbctl ovs-appctl ovs-ofctl': 'show list find lr-list ls-list cluster/status dump-flows',
  talosctl:
    'dmesg logs services service get health version support containers stats processes mounts netstat read list etcd time memory',
  etcdctl: 'endpoint member get alarm defrag snapshot version check compaction elect',
  'crictl nerdctl docker podman ctr':
    'ps pods inspect inspectp logs images image info version stats events exec pull rm stop start run network volume container containers c tasks task t i n ns namespace namespaces system statsp top compose -n',
  systemctl:
    'status show list-units list-timers list-jobs is-active is-failed is-enabled cat restart start stop daemon-reload get-default',
  ip: 'a addr address r route l link n neigh rule ru netns maddr xfrm tunnel',
  kubeadm: 'init join reset certs config token upgrade version',
  calicoctl: 'node get ipam version',
  hubble: 'observe status list version',
  'firewall-cmd ufw': 'status',
  'clusterctl istioctl linkerd argocd velero snap virsh':
    'describe get init version check proxy-status proxy-config app list backup restore analyze status stat viz move upgrade dominfo domstate dumpxml logs services',
  nft: 'list',
  bpftool: 'prog map net cgroup link',
  ceph: 'status health osd df mon pg -s',
  resolvectl: 'status query statistics dns domain',
  multipath: '-ll -l',
  chronyc: 'tracking sources sourcestats activity ntpdata makestep',
  timedatectl: 'status timesync-status show show-timesync',
  hostnamectl: 'status',
  bridge: 'link fdb vlan mdb',
  'kubelet containerd': '',
};

/** Programs of a host: flags, paths, addresses and the words that each knows may follow. */
const PLAIN: Readonly<Record<string, string>> = {
  ps: 'aux auxf auxww axf ef faux afx',
  mount: '',
  'cat head tail ls find grep zgrep wc df du findmnt nfsstat showmount rpcinfo free top vmstat iostat sar': '',
  'ifconfig ss netstat iptables iptables-save ip6tables ip6tables-save ipvsadm conntrack': '',
  'journalctl dmesg ntpq date uptime who last w uname hostname sysctl ulimit ping ping6 traceroute nslookup dig host':
    '',
  'curl wget nc openssl lsblk lsof smartctl lsmod modprobe lspci ethtool iscsiadm getenforce sestatus aa-status': '',
  'echo env stat id jq exit logout clear': '',
  openssl: 's_client x509 verify version req',
  iscsiadm: 'session node discovery',
};

/** Whatever they search for or show may be a word, next to a file or flag. */
const SEARCHES: ReadonlySet<string> = new Set(['grep', 'zgrep', 'find', 'echo', 'jq', 'tail', 'head']);
/** One name may follow. */
const ASKS_HOSTS: ReadonlySet<string> = new Set(['ping', 'ping6', 'nslookup', 'dig', 'traceroute', 'ethtool']);

function tableOf(table: Readonly<Record<string, string>>): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(table).flatMap(([names, words]) =>
      names.split(' ').map((name) => [name, new Set(words.split(' ').filter((word) => word !== ''))] as const),
    ),
  );
}

const WITH_SUBCOMMANDS = tableOf(SUBCOMMANDS);
const HOST_PROGRAMS = tableOf(PLAIN);
const WRAPPERS: ReadonlySet<string> = new Set(['sudo', 'time', 'watch', 'env', 'nohup', 'timeout']);

/** Words of sentences, never of calls. */
const PROSE: ReadonlySet<string> = new Set(
  (
    'is are was were be been has have had does did not the an and or but with without of to from by at on it that this ' +
    'looks look seems seem fine ok okay good bad wrong fails failed failing failure works working worked started starting ' +
    'stopped stopping successfully booted exited crashed died terminated shutting waiting unable cannot could would should ' +
    'can will after before because while when then still again already now too very only took lost jumped repeated better soon'
  ).split(' '),
);

/** A flag, a path, an address, an assignment, a number, a pattern: no word of a sentence. */
function isTechnical(word: string): boolean {
  return /^-/u.test(word) || (/[/.=:*$"'{}[\]@%\d|<>~_]/u.test(word) && !/^[a-z]+[.,:;]$/iu.test(word));
}

/** @param text - without a prompt */
export function isCommandLine(text: string): boolean {
  const [first = ''] = text.slice(0, 2000).split(/\s*(?:\||&&|\|\||;)\s*/u);
  const words = first.trim().split(/\s+/u);
  let at = 0;
  while (at < words.length && WRAPPERS.has(words[at] ?? '') && at + 1 < words.length) {
    at += 1;
    while (at < words.length && /^(?:-|\d+[smh]?$|\w+=)/u.test(words[at] ?? '')) {
      at += 1;
    }
  }
  const path = words[at] ?? '';
  const program = path.slice(path.lastIndexOf('/') + 1);
  const args = words.slice(at + 1);
  if (program === 'for') {
    return args[1] === 'in' && text.includes('do');
  }
  const isValue = (index: number): boolean => args[index - 1]?.startsWith('-') === true;
  const isProse = args.some((word, index) => PROSE.has(word.toLowerCase()) && !isValue(index));
  if (isProse && !SEARCHES.has(program)) {
    return false;
  }
  const subcommands = WITH_SUBCOMMANDS.get(program);
  if (subcommands !== undefined) {
    const next = args[0];
    return next !== undefined && (subcommands.has(next) || next.startsWith('-'));
  }
  const known = HOST_PROGRAMS.get(program);
  if (known === undefined) {
    return false;
  }
  const isFit = (word: string, index: number): boolean => isTechnical(word) || known.has(word) || isValue(index);
  return (
    args.every(isFit) ||
    (SEARCHES.has(program) && args.some(isTechnical)) ||
    (ASKS_HOSTS.has(program) && args.length <= 2 && args.every((word) => /^[\w.:-]+$/u.test(word)))
  );
}
