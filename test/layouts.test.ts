/** What a line of each collector's bundle is of: node, namespace, pod, container, unit, and when it was collected. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { inspect } from '../src/inspect.ts';
import type { LogRecord } from '../src/model/index.ts';
import { folderOf } from './sources/pack.ts';

const JOURNAL =
  'Jan 31 02:54:55 n7 kubelet[1102]: E0131 02:54:55.119000    1102 kubelet.go:2407] "Node not found" node="n7"\n';
const KLOG = 'E0131 02:54:55.119000    1102 kubelet.go:2407] "Node not found" node="n7"\n';
const STAMPED = '2025-01-31T02:54:55.119000000Z [ERROR] plugin/errors: 2 example.org. A: read udp: i/o timeout\n';
const CRI = '2025-01-31T02:54:55.119000000Z stderr F [ERROR] plugin/errors: 2 example.org. A: i/o timeout\n';
const NODES = JSON.stringify({
  apiVersion: 'v1',
  kind: 'NodeList',
  items: [{ metadata: { name: 'n7', creationTimestamp: '2024-12-01T00:00:00Z' }, status: { conditions: [] } }],
});
const PODS = JSON.stringify({
  apiVersion: 'v1',
  kind: 'PodList',
  items: [
    {
      metadata: { name: 'coredns-x', namespace: 'kube-system', creationTimestamp: '2024-12-01T00:00:00Z' },
      spec: { nodeName: 'n7' },
      status: { phase: 'Running' },
    },
  ],
});

interface Case {
  readonly root: string;
  readonly files: Readonly<Record<string, string>>;
  /** Path to what its first record says of itself; read as far as given. */
  readonly of: Readonly<Record<string, Partial<Pick<LogRecord, 'node' | 'namespace' | 'pod' | 'container' | 'unit'>>>>;
  /** Where the time of collection comes from, and its first bound; absent where the bundle tells no date. */
  readonly collected?: readonly [basis: string, earliest: string];
}

const DNS = { namespace: 'kube-system', pod: 'kube-system/coredns-x', container: 'coredns' };

const CASES: Readonly<Record<string, Case>> = {
  troubleshoot: {
    root: 'support-bundle-2025-01-31T03_00_00',
    files: {
      'version.yaml': 'apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\n',
      'cluster-resources/nodes.json': NODES,
      'cluster-resources/pods/kube-system.json': PODS,
      'cluster-resources/pods/logs/kube-system/coredns-x/coredns.log': STAMPED,
    },
    of: { 'cluster-resources/pods/logs/kube-system/coredns-x/coredns.log': DNS },
    collected: ['name of the bundle', '2025-01-31T02:59:00.000Z'],
  },
  'cluster-info-dump': {
    root: 'dump',
    files: {
      'nodes.json': NODES,
      'kube-system/pods.json': PODS,
      'kube-system/events.json': '{"kind":"EventList","apiVersion":"v1","items":[]}',
      'kube-system/coredns-x/logs.txt': `==== START logs for container coredns of pod kube-system/coredns-x ====\n${STAMPED}==== END logs for container coredns of pod kube-system/coredns-x ====\n`,
    },
    of: { 'kube-system/coredns-x/logs.txt': DNS },
    collected: ['newest time in the bundle', '2025-01-31T02:54:55.119Z'],
  },
  'cilium-sysdump': {
    root: 'cilium-sysdump-20250131-030000',
    files: {
      'k8s-nodes-20250131-030000.yaml': NODES,
      'k8s-pods-20250131-030000.yaml': PODS,
      'logs-cilium-x7k2p-cilium-agent-20250131-030000.log':
        '2025-01-31T02:54:55.119000000Z time="2025-01-31T02:54:55Z" level=error msg="Cannot create endpoint" subsys=daemon\n',
      'cilium-bugtool-cilium-x7k2p-20250131-030000/cmd/cilium-status---verbose.md':
        'KVStore:                 Ok   Disabled\nKubernetes:              Ok   1.30 (v1.30.1) [linux/amd64]\nCilium:                  Failure   endpoint queue full\n',
    },
    of: {
      'logs-cilium-x7k2p-cilium-agent-20250131-030000.log': {
        namespace: 'kube-system',
        pod: 'kube-system/cilium-x7k2p',
        container: 'cilium-agent',
      },
    },
    collected: ['name of the bundle', '2025-01-31T02:59:00.000Z'],
  },
  'must-gather': {
    root: 'must-gather.local.42',
    files: {
      'quay-io-x/timestamp':
        '2025-01-31 02:58:00.123456789 +0000 UTC m=+0.01\n2025-01-31 03:00:00.5 +0000 UTC m=+120.5\n',
      'quay-io-x/cluster-scoped-resources/core/nodes/n7.yaml':
        '---\napiVersion: v1\nkind: Node\nmetadata:\n  name: n7\n',
      'quay-io-x/namespaces/kube-system/core/pods.yaml': PODS,
      'quay-io-x/namespaces/kube-system/pods/coredns-x/coredns/coredns/logs/current.log': STAMPED,
      'quay-io-x/host_service_logs/n7/kubelet_service.log': JOURNAL,
    },
    of: {
      'quay-io-x/namespaces/kube-system/pods/coredns-x/coredns/coredns/logs/current.log': DNS,
      'quay-io-x/host_service_logs/n7/kubelet_service.log': { node: 'n7', unit: 'kubelet' },
    },
    collected: ['timestamp', '2025-01-31T02:59:00.000Z'],
  },
  'openshift-installer': {
    root: 'log-bundle-20250131030000',
    files: {
      'bootstrap/journals/bootkube.log': JOURNAL.replace('kubelet[', 'bootkube.sh['),
      'control-plane/10.0.0.5/journals/kubelet.log': JOURNAL,
      [`control-plane/n7/containers/etcd-${'0123456789abcdef'.repeat(4)}.log`]:
        '{"level":"warn","ts":"2025-01-31T02:54:55.119Z","caller":"etcdserver/util.go:166","msg":"apply request took too long"}\n',
      'resources/nodes.json': NODES,
    },
    of: {
      'control-plane/10.0.0.5/journals/kubelet.log': { node: 'n7', unit: 'kubelet' },
      [`control-plane/n7/containers/etcd-${'0123456789abcdef'.repeat(4)}.log`]: { node: 'n7', container: 'etcd' },
    },
    collected: ['name of the bundle', '2025-01-31T02:59:00.000Z'],
  },
  sosreport: {
    root: 'sosreport-n7-00331-2025-01-31-hcvemqa',
    files: {
      hostname: 'n7.example.org\n',
      date: 'Fri Jan 31 03:00:00 UTC 2025\n',
      'sos_commands/kernel/dmesg':
        '[    0.000000] Linux version 6.1.0\n[ 1.000000] nfs: server nas not responding, still trying\n',
      'sos_commands/logs/journalctl_--no-pager': JOURNAL,
      'var/log/messages': JOURNAL,
    },
    of: {
      'sos_commands/kernel/dmesg': { node: 'n7', unit: 'kernel' },
      'var/log/messages': { node: 'n7', unit: 'kubelet' },
    },
    collected: ['date', '2025-01-31T02:59:00.000Z'],
  },
  'rancher-collector': {
    root: 'n7-2025-01-31_03_00_00',
    files: {
      'systeminfo/hostname': 'n7\n',
      'systeminfo/date': 'Fri Jan 31 03:00:00 UTC 2025\n',
      'journald/rke2-server': JOURNAL.replace('kubelet[', 'rke2['),
      'networking/ipaddrshow': '1: lo: <LOOPBACK,UP> mtu 65536\n',
      'rke2/podlogs/kube-system-coredns-x': STAMPED,
      'rke2/agent-logs/kubelet.log': KLOG,
    },
    of: {
      'journald/rke2-server': { node: 'n7', unit: 'rke2' },
      'rke2/podlogs/kube-system-coredns-x': { namespace: 'kube-system', pod: 'kube-system/coredns-x' },
      'rke2/agent-logs/kubelet.log': { node: 'n7', unit: 'kubelet' },
    },
    collected: ['systeminfo/date', '2025-01-31T02:59:00.000Z'],
  },
  'support-bundle-kit': {
    root: 'supportbundle_0a1b_2025-01-31T03-00-00Z',
    files: {
      'metadata.yaml': 'projectName: Longhorn\nbundleCreatedAt: "2025-01-31T03:00:00Z"\n',
      'yamls/cluster/kubernetes/nodes.yaml': NODES,
      'yamls/namespaced/kube-system/kubernetes/pods.yaml': PODS,
      'logs/kube-system/coredns-x/coredns.log': STAMPED,
      'nodes/n7.zip/n7/logs/kubelet.log': KLOG,
    },
    of: {
      'logs/kube-system/coredns-x/coredns.log': DNS,
      'nodes/n7.zip/n7/logs/kubelet.log': { node: 'n7', unit: 'kubelet' },
    },
    collected: ['metadata.yaml', '2025-01-31T02:59:00.000Z'],
  },
  'talos-support': {
    root: 'support',
    files: {
      'n7/dmesg.log':
        'kern:    info: [2025-01-31T02:54:55.119Z]: nfs: server nas not responding, still trying\nuser: warning: [2025-01-31T02:54:56.119Z]: [talos] service[kubelet](Running): Health check failed\n',
      'n7/service-logs/kubelet.log': KLOG,
      'n7/kubernetes-logs/kube-system/coredns.log': CRI,
      'kubernetesResources/nodes.yaml': NODES,
    },
    of: {
      'n7/dmesg.log': { node: 'n7', unit: 'kernel' },
      'n7/service-logs/kubelet.log': { node: 'n7', unit: 'kubelet' },
      'n7/kubernetes-logs/kube-system/coredns.log': { node: 'n7', namespace: 'kube-system', container: 'coredns' },
    },
    collected: ['newest time in the bundle', '2025-01-31T02:54:56.119Z'],
  },
  'kind-export': {
    root: 'logs',
    files: {
      'kind-version.txt': 'kind v0.23.0\n',
      'n7/kubernetes-version.txt': 'v1.30.0\n',
      'n7/kubelet.log': JOURNAL,
      'n7/pods/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/0.log': CRI,
    },
    of: {
      'n7/kubelet.log': { node: 'n7', unit: 'kubelet' },
      'n7/pods/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/0.log': { node: 'n7', ...DNS },
    },
    collected: ['newest time in the bundle', '2025-01-31T02:54:55.119Z'],
  },
  'eks-collector': {
    root: 'eks_i-0123456789abcdef0_2025-01-31_0300-UTC_0.7.6',
    files: {
      'kubelet/kubelet.log': JOURNAL,
      'system/instance-id.txt': 'i-0123456789abcdef0\n',
      'ipamd/pods.json': '{}\n',
      'var_log/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/0.log': CRI,
    },
    of: {
      'kubelet/kubelet.log': { node: 'n7', unit: 'kubelet' },
      'var_log/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/0.log': DNS,
    },
    collected: ['name of the bundle', '2025-01-31T02:59:00.000Z'],
  },
  'aks-periscope': {
    root: 'case',
    files: {
      '2025-01-31T03-00-00Z/n7/collector/systemlogs/kubelet': JOURNAL,
      '2025-01-31T03-00-00Z/n7/collector/containerlogs/kube-system_coredns-x_coredns': STAMPED,
      '2025-01-31T03-00-00Z/n7/collector/kubeobjects/kube-system_pod_coredns-x':
        'Name:             coredns-x\nNamespace:        kube-system\nNode:             n7/10.0.0.7\nStatus:           Running\n',
    },
    of: {
      '2025-01-31T03-00-00Z/n7/collector/systemlogs/kubelet': { node: 'n7', unit: 'kubelet' },
      '2025-01-31T03-00-00Z/n7/collector/containerlogs/kube-system_coredns-x_coredns': { node: 'n7', ...DNS },
    },
    collected: ['name of the folder', '2025-01-31T02:59:00.000Z'],
  },
  'minikube-logs': {
    root: 'case',
    files: {
      'minikube-logs.txt': `==> kubelet <==\n${JOURNAL}\n==> coredns [0123456789ab] <==\n[ERROR] plugin/errors: 2 example.org. A: i/o timeout\n`,
    },
    of: { 'minikube-logs.txt': { node: 'n7', unit: 'kubelet' } },
  },
  files: {
    root: 'whatever',
    files: { 'pods.json': PODS, 'n7/kubelet.log': JOURNAL, 'podlogs/kube-system/coredns-x/coredns.log': STAMPED },
    of: {
      'n7/kubelet.log': { node: 'n7', unit: 'kubelet' },
      'podlogs/kube-system/coredns-x/coredns.log': DNS,
    },
    collected: ['newest time in the bundle', '2025-01-31T02:54:55.119Z'],
  },
};

describe.each(Object.entries(CASES))('a bundle of %s', (id, { root, files, of, collected }) => {
  const folder = () => folderOf(files, root);

  it('is recognised, and its time of collection found', async () => {
    const { layout, collectedAt } = await inspect([folder()]);
    expect(layout).toBe(id);
    expect(collectedAt && [collectedAt.basis.replace(/^.*\//u, ''), collectedAt.earliest]).toEqual(
      collected ? [collected[0].replace(/^.*\//u, ''), collected[1]] : null,
    );
  });

  it('says of its lines whose they are', async () => {
    const { sources } = await analyze([folder()]);
    const told = Object.fromEntries(
      Object.keys(of).map((path) => {
        const source = sources.find((each) => each.path === path);
        const record = source?.records.find(({ kind }) => kind === 'log');
        const { node, namespace, pod, container } = { ...source?.context, ...record };
        const unit = record?.unit ?? source?.context.unit;
        return [path, JSON.parse(JSON.stringify({ node, namespace, pod, container, unit }))];
      }),
    );
    expect(told).toMatchObject(of);
  });
});
