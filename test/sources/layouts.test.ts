import { describe, expect, it } from 'vitest';
import type { Source, SourceContext } from '../../src/model/index.ts';
import { dateInName, dateInText } from '../../src/sources/layouts/dates.ts';
import { layouts, recogniseLayout } from '../../src/sources/layouts/index.ts';
import { pathHints } from '../../src/sources/layouts/path-hints.ts';

function source(path: string, text = 'x\n'): Source {
  return { path, bytes: text.length, context: {}, notes: [], read: () => [Buffer.from(text)] };
}

interface Case {
  readonly name?: string;
  /** Path to what its context must hold; texts of files that are read go to `texts`. */
  readonly files: Readonly<Record<string, SourceContext>>;
  readonly texts?: Readonly<Record<string, string>>;
  /** `basis under year-month-day time` of the hints. */
  readonly hints?: readonly string[];
}

const ID = '0123456789abcdef'.repeat(4);

const OWN = 'forensics-worker-7-20250131T030000Z';

const CASES: Readonly<Record<string, Case>> = {
  'forensics-collect': {
    name: OWN,
    files: {
      'manifest.txt': {},
      'host/worker-7/journalctl-b0.log': { node: 'worker-7', formats: ['journal-iso-precise', 'journal-iso'] },
      'host/worker-7/dmesg.txt': { node: 'worker-7', unit: 'kernel', command: 'dmesg' },
      'host/worker-7/mount.txt': { node: 'worker-7' },
      'cilium/worker-8/cilium-status.txt': { node: 'worker-8' },
      'cluster-resources/objects/daemonsets.apps.json': { command: 'kubectl get daemonsets.apps -A -o json' },
      'cluster-resources/events/all.json': { command: 'kubectl get events -A -o json' },
      'cluster-resources/tables/pods.txt': {},
      'cluster-resources/pods/logs/kube-system/coredns-a/coredns-previous.log': {
        namespace: 'kube-system',
        pod: 'kube-system/coredns-a',
        container: 'coredns',
        previous: true,
        formats: ['k8s-ts'],
      },
    },
    texts: {
      'manifest.txt': [
        'forensics-collect: 1',
        'collected: 2025-01-31T03:00:00Z',
        'host: worker-7',
        '',
        'path\texit\tbegin\tend\tcommand',
        'host/worker-7/dmesg.txt\t0\t2025-01-31T03:00:01Z\t2025-01-31T03:00:02Z\tdmesg',
        '-\tmissing\t2025-01-31T03:00:02Z\t2025-01-31T03:00:02Z\tnfsstat -m',
        'cluster-resources/tables/pods.txt\t0\t2025-01-31T03:04:00Z\t2025-01-31T03:04:05Z\tkubectl get pods -A -o wide',
        '',
        'finished: 2025-01-31T03:09:00Z',
        '',
      ].join('\n'),
    },
    hints: [
      'manifest.txt  2025-01-31T03:00:00.000Z exactly 541000',
      'manifest.txt cluster-resources/tables/pods.txt 2025-01-31T03:04:00.000Z exactly 6000',
      'name of the bundle  2025-01-31T03:00:00.000Z',
    ],
  },
  troubleshoot: {
    name: 'support-bundle-2025-01-31T15_54_39',
    files: {
      'version.yaml': {},
      'cluster-resources/nodes.json': { command: 'kubectl get nodes -A -o json' },
      'cluster-resources/events/default.json': {
        namespace: 'default',
        command: 'kubectl get events -n default -o json',
      },
      'cluster-resources/pods/logs/kube-system/coredns-5d7-x2k/coredns.log': {
        namespace: 'kube-system',
        pod: 'kube-system/coredns-5d7-x2k',
        container: 'coredns',
      },
      'cluster-resources/pods/logs/kube-system/coredns-5d7-x2k/coredns-previous.log': {
        container: 'coredns',
        previous: true,
      },
      'cluster-resources/pvcs/default.json': { command: 'kubectl get persistentvolumeclaims -n default -o json' },
      'cluster-resources/pvs.json': { command: 'kubectl get persistentvolumes -A -o json' },
      'cluster-resources/storage-classes.json': { command: 'kubectl get storageclasses -A -o json' },
      'cluster-resources/network-policy/default.json': { command: 'kubectl get networkpolicies -n default -o json' },
    },
    hints: ['name of the bundle  2025-1-31 57279000'],
  },
  'cluster-info-dump': {
    files: {
      'nodes.json': { command: 'kubectl get nodes -o json' },
      'kube-system/events.json': { namespace: 'kube-system', command: 'kubectl get events -n kube-system -o json' },
      'kube-system/pods.json': { command: 'kubectl get pods -n kube-system -o json' },
      'kube-system/coredns-abc/logs.txt': { namespace: 'kube-system', pod: 'kube-system/coredns-abc' },
    },
  },
  'cilium-sysdump': {
    files: {
      'cilium-sysdump-20250131-185842/k8s-nodes-20250131-185842.yaml': { command: 'kubectl get nodes -A -o yaml' },
      'cilium-sysdump-20250131-185842/logs-cilium-x7k2p-cilium-agent-20250131-185842.log': {
        pod: 'kube-system/cilium-x7k2p',
        container: 'cilium-agent',
        formats: ['k8s-ts'],
      },
      'cilium-sysdump-20250131-185842/logs-cilium-x7k2p-cilium-agent-20250131-185842-prev.log': { previous: true },
      'cilium-sysdump-20250131-185842/cilium-bugtool-cilium-x7k2p-20250131-185842/cmd/cilium-status---verbose.md': {
        pod: 'kube-system/cilium-x7k2p',
        command: 'cilium status --verbose',
      },
      'cilium-sysdump-20250131-185842/cilium-bugtool-cilium-x7k2p-20250131-185842/cmd/ip--4-n.md': {
        command: 'ip -4 n',
      },
      'cilium-sysdump-20250131-185842/cilium-bugtool-cilium-a9b8c-20250131-185842.tar.gz/cmd/cilium-endpoint-list.md': {
        pod: 'kube-system/cilium-a9b8c',
        container: 'cilium-agent',
        command: 'cilium endpoint list',
      },
      'cilium-sysdump-20250131-185842/ciliumnodes-20250131-185842.yaml': {
        command: 'kubectl get ciliumnodes -A -o yaml',
      },
      'cilium-sysdump-20250131-185842/hubble-flows-cilium-x7k2p-20250131-185842.json': { formats: ['hubble-json'] },
    },
    hints: ['name of the folder cilium-sysdump-20250131-185842 2025-1-31 68322000'],
  },
  'must-gather': {
    files: {
      'must-gather.local.1/quay-io-x/timestamp': {},
      'must-gather.local.1/quay-io-x/cluster-scoped-resources/core/nodes/master-0.yaml': {},
      'must-gather.local.1/quay-io-x/namespaces/openshift-dns/core/events.yaml': {
        namespace: 'openshift-dns',
        command: 'oc get events -n openshift-dns -o yaml',
      },
      'must-gather.local.1/quay-io-x/namespaces/openshift-dns/pods/dns-default-x/dns/dns/logs/previous.log': {
        namespace: 'openshift-dns',
        pod: 'openshift-dns/dns-default-x',
        container: 'dns',
        previous: true,
      },
      'must-gather.local.1/quay-io-x/host_service_logs/masters/kubelet_service.log': { unit: 'kubelet' },
      'must-gather.local.1/quay-io-x/host_service_logs/worker-3/crio_service.log': { unit: 'crio', node: 'worker-3' },
      'must-gather.local.1/quay-io-x/namespaces/openshift-dns/pods/dns-default-x/dns/dns/logs/rotated/0.log.20250131-025455.gz':
        { namespace: 'openshift-dns', pod: 'openshift-dns/dns-default-x', container: 'dns' },
      'must-gather.local.1/quay-io-x/nodes/worker-1/worker-1_logs_kubelet.gz': { node: 'worker-1', unit: 'kubelet' },
      'must-gather.local.1/quay-io-x/namespaces/openshift-dns/apps/replicasets.yaml': {
        namespace: 'openshift-dns',
        command: 'oc get replicasets -n openshift-dns -o yaml',
      },
    },
    texts: {
      'must-gather.local.1/quay-io-x/timestamp':
        '2025-01-31 03:00:00.123456789 +0000 UTC m=+0.01\n2025-01-31 03:10:00.5 +0000 UTC m=+600\n',
    },
    hints: ['timestamp must-gather.local.1/quay-io-x 2025-01-31T03:10:00.000Z'],
  },
  'openshift-installer': {
    files: {
      'log-bundle-20210525112000/bootstrap/journals/bootkube.log': { unit: 'bootkube', formats: ['journal-short'] },
      'log-bundle-20210525112000/bootstrap/containers/etcd-0123456789abcdef.log': { container: 'etcd' },
      'log-bundle-20210525112000/control-plane/10.0.0.5/journals/kubelet.log': { unit: 'kubelet' },
      'log-bundle-20210525112000/control-plane/master-0/journals/kubelet.log': { unit: 'kubelet', node: 'master-0' },
      'log-bundle-20210525112000/unit-status/bootkube.service.log': { unit: 'bootkube', formats: ['journal-short'] },
      'log-bundle-20210525112000/control-plane/master-0/unit-status/crio.service.txt': {
        unit: 'crio',
        node: 'master-0',
        command: 'systemctl status --full crio.service',
      },
      'log-bundle-20210525112000/resources/nodes.json': { command: 'oc get nodes -A -o json' },
    },
    hints: ['name of the folder log-bundle-20210525112000 2021-5-25 40800000'],
  },
  sosreport: {
    files: {
      'sosreport-compute4-00331-2022-02-10-hcvemqa/hostname': { node: 'compute4' },
      'sosreport-compute4-00331-2022-02-10-hcvemqa/date': {},
      'sosreport-compute4-00331-2022-02-10-hcvemqa/sos_commands/kernel/dmesg': { command: 'dmesg', node: 'compute4' },
      'sosreport-compute4-00331-2022-02-10-hcvemqa/sos_commands/logs/journalctl_--no-pager_--boot': {
        command: 'journalctl --no-pager --boot',
      },
      'sosreport-compute4-00331-2022-02-10-hcvemqa/var/log/kern.log.1': { formats: ['syslog-3164', 'syslog-iso'] },
    },
    texts: {
      'sosreport-compute4-00331-2022-02-10-hcvemqa/hostname': 'compute4.example.org\n',
      'sosreport-compute4-00331-2022-02-10-hcvemqa/date': 'Thu Feb 10 16:19:21 UTC 2022\n',
    },
    hints: ['date sosreport-compute4-00331-2022-02-10-hcvemqa 2022-02-10T16:19:21.000Z'],
  },
  'rancher-collector': {
    files: {
      'host3-2024-01-31_10_20_30/systeminfo/hostname': { node: 'host3' },
      'host3-2024-01-31_10_20_30/systeminfo/dmesg': { command: 'dmesg -T', unit: 'kernel', node: 'host3' },
      'host3-2024-01-31_10_20_30/journald/rke2-server': { unit: 'rke2-server', formats: ['journal-short'] },
      'host3-2024-01-31_10_20_30/rke2/kubectl/pods': { command: 'kubectl get pods --all-namespaces -o wide' },
      'host3-2024-01-31_10_20_30/rke2/kubectl/nodesdescribe': { command: 'kubectl describe nodes' },
      'host3-2024-01-31_10_20_30/rke2/kubectl/nodes.json': { command: 'kubectl get nodes -o json' },
      'host3-2024-01-31_10_20_30/rke2/kubectl/poddescribe/kube-system': {
        namespace: 'kube-system',
        command: 'kubectl describe pods -n kube-system',
      },
      'host3-2024-01-31_10_20_30/rke/kubectl/validatingwebhookconfigurations': {
        command: 'kubectl get validatingwebhookconfigurations -o wide',
      },
      'host3-2024-01-31_10_20_30/rke2/podlogs/cattle-logging-system-fluentd-0-previous': {
        pod: 'cattle-logging-system/fluentd-0',
        previous: true,
      },
      'host3-2024-01-31_10_20_30/rke2/podlogs/kube-system-coredns-7c4-x': { pod: 'kube-system/coredns-7c4-x' },
      [`host3-2024-01-31_10_20_30/k8s/podlogs/k8s_coredns_coredns-x_kube-system_${ID.slice(0, 32)}_3`]: {
        pod: 'kube-system/coredns-x',
        container: 'coredns',
      },
    },
    texts: { 'host3-2024-01-31_10_20_30/systeminfo/hostname': 'host3.example.org\n' },
    hints: ['name of the folder host3-2024-01-31_10_20_30 2024-1-31 37230000'],
  },
  'support-bundle-kit': {
    files: {
      'supportbundle_1-2_2024-01-31T10-20-30Z/metadata.yaml': {},
      'supportbundle_1-2_2024-01-31T10-20-30Z/yamls/cluster/kubernetes/nodes.yaml': {
        command: 'kubectl get nodes -o yaml',
      },
      'supportbundle_1-2_2024-01-31T10-20-30Z/yamls/namespaced/longhorn-system/kubernetes/pods.yaml': {
        namespace: 'longhorn-system',
        command: 'kubectl get pods -n longhorn-system -o yaml',
      },
      'supportbundle_1-2_2024-01-31T10-20-30Z/logs/longhorn-system/longhorn-manager-x/longhorn-manager.log': {
        pod: 'longhorn-system/longhorn-manager-x',
        container: 'longhorn-manager',
      },
      'supportbundle_1-2_2024-01-31T10-20-30Z/nodes/harvester-1.zip/harvester-1/logs/kubelet.log': {
        node: 'harvester-1',
        unit: 'kubelet',
      },
    },
    texts: {
      'supportbundle_1-2_2024-01-31T10-20-30Z/metadata.yaml':
        'projectName: Longhorn\nbundleCreatedAt: "2024-01-31T10:20:31Z"\n',
    },
    hints: ['metadata.yaml supportbundle_1-2_2024-01-31T10-20-30Z 2024-01-31T10:20:31.000Z'],
  },
  'talos-support': {
    files: {
      '10.5.0.3/dmesg.log': { node: '10.5.0.3', unit: 'kernel', formats: ['talos-dmesg'] },
      '10.5.0.3/controller-runtime.log': { node: '10.5.0.3', unit: 'controller-runtime' },
      '10.5.0.3/processes': { node: '10.5.0.3', command: 'talosctl processes' },
      '10.5.0.3/service-logs/kubelet.log': { node: '10.5.0.3', unit: 'kubelet' },
      '10.5.0.3/service-logs/etcd.state': { unit: 'etcd', command: 'talosctl service etcd' },
      '10.5.0.3/kubernetes-logs/kube-system/coredns-exited.log': {
        namespace: 'kube-system',
        container: 'coredns',
        previous: true,
      },
      'kubernetesResources/nodes.yaml': { command: 'kubectl get nodes -o yaml' },
    },
  },
  'kind-export': {
    files: {
      'kind-version.txt': {},
      'kind-worker2/journal.log': { node: 'kind-worker2', formats: ['journal-short'] },
      'kind-worker2/kubelet.log': { node: 'kind-worker2', unit: 'kubelet' },
      'kind-worker2/pods/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/0.log': {
        node: 'kind-worker2',
        pod: 'kube-system/coredns-x',
        container: 'coredns',
        formats: ['cri', 'docker-json'],
      },
    },
  },
  'eks-collector': {
    name: 'eks_i-0123456789abcdef0_2024-01-31_1020-UTC_0.7.6',
    files: {
      'kubelet/kubelet.log': { unit: 'kubelet' },
      'kernel/dmesg.current': { unit: 'kernel', formats: ['dmesg-raw'] },
      'kernel/dmesg.human.current': { formats: ['dmesg-ctime'] },
      'var_log/messages': { formats: ['syslog-3164'] },
      'system/instance-id.txt': {},
    },
    hints: ['name of the bundle  2024-01-31T10:20:00.000Z'],
  },
  'aks-periscope': {
    files: {
      '2024-01-31T10-20-30Z/aks-pool1-1/collector/systemlogs/kubelet': { node: 'aks-pool1-1', unit: 'kubelet' },
      '2024-01-31T10-20-30Z/aks-pool1-1/collector/kubeobjects/kube-system_pod_coredns-x': {
        node: 'aks-pool1-1',
        namespace: 'kube-system',
        command: 'kubectl describe pod coredns-x -n kube-system',
      },
      '2024-01-31T10-20-30Z/aks-pool1-1/collector/containerlogs/kube-system_coredns-x_coredns': {
        pod: 'kube-system/coredns-x',
        container: 'coredns',
      },
    },
    hints: ['name of the folder 2024-01-31T10-20-30Z 2024-01-31T10:20:30.000Z'],
  },
  'minikube-logs': { files: { 'minikube-logs.txt': {} } },
  files: {
    files: {
      'pods.txt': {},
      'journal-dev-ln01.log': { node: 'dev-ln01' },
      'node1/kubelet.log': { node: 'node1', unit: 'kubelet' },
    },
  },
};

function wordsOf(hint: ReturnType<typeof recogniseLayout>['hints'][number]): string {
  const { stamp } = hint;
  const time =
    stamp.kind === 'instant'
      ? new Date(stamp.epochMs).toISOString()
      : stamp.kind === 'wall'
        ? `${stamp.year}-${stamp.month}-${stamp.day} ${stamp.msOfDay}`
        : stamp.kind;
  const width = hint.exact === true && stamp.kind === 'instant' ? ` exactly ${stamp.precisionMs}` : '';
  return `${hint.basis} ${hint.under ?? ''} ${time}${width}`;
}

describe.each(Object.entries(CASES))('the layout %s', (id, { name = 'bundle', files, texts = {}, hints = [] }) => {
  const recognised = recogniseLayout(
    Object.keys(files).map((path) => source(path, texts[path])),
    name,
  );

  it('is recognised', () => {
    expect(recognised.id).toBe(id);
  });
  it.each(Object.entries(files))('says what %s is', (path, context) => {
    expect(recognised.sources.find((each) => each.path === path)?.context).toMatchObject(context);
  });
  it('dates the collection', () => {
    expect(recognised.hints.map(wordsOf)).toEqual(hints);
  });
});

describe('recogniseLayout', () => {
  it('has a case for every layout', () => {
    expect(layouts.map((layout) => layout.id).filter((id) => CASES[id] === undefined)).toEqual([]);
  });
  it('takes a file called manifest.txt for a proof only with our first line in it', () => {
    const files = (text: string) => [source('cluster-resources/nodes.json'), source('manifest.txt', text)];
    expect(recogniseLayout(files('v1.2.3\n'), 'b').id).toBe('troubleshoot');
    const own = recogniseLayout(files('forensics-collect: 1\n'), 'b');
    expect(own.id).toBe('forensics-collect');
    expect(own.sources[0]?.context).toEqual({});
  });
  it('names the bundle after the layout nearest to its root, and reads inner ones with their own', () => {
    const recognised = recogniseLayout(
      [
        source('cluster-resources/nodes.json'),
        source('hosts/sosreport-n7-2024-02-03-abc/sos_commands/kernel/dmesg'),
        source('hosts/sosreport-n7-2024-02-03-abc/hostname', 'n7\n'),
      ],
      'b',
    );
    expect(recognised.id).toBe('troubleshoot');
    expect(recognised.sources[1]?.context).toMatchObject({ node: 'n7', command: 'dmesg' });
  });
});

describe('path hints', () => {
  it.each<[string, SourceContext]>([
    [
      'var/log/pods/kube-system_coredns-x_0123abcd-0123-0123-0123-0123456789ab/coredns/3.log.20250131-025455.gz',
      { namespace: 'kube-system', pod: 'kube-system/coredns-x', container: 'coredns', formats: ['cri', 'docker-json'] },
    ],
    [
      `var/log/containers/coredns-x_kube-system_coredns-${ID}.log`,
      { namespace: 'kube-system', pod: 'kube-system/coredns-x', container: 'coredns', formats: ['cri', 'docker-json'] },
    ],
    [
      'podlogs/kube-system/coredns-x/coredns-previous.log',
      { namespace: 'kube-system', pod: 'kube-system/coredns-x', container: 'coredns', previous: true },
    ],
    [
      'journalctl-u-k3s.log',
      { unit: 'k3s', formats: ['journal-short', 'journal-iso', 'journal-full', 'journal-json', 'journal-export'] },
    ],
    [
      'kubelet-journal.txt',
      { unit: 'kubelet', formats: ['journal-short', 'journal-iso', 'journal-full', 'journal-json', 'journal-export'] },
    ],
    ['journals/kubelet.log.1.gz', { unit: 'kubelet' }],
    [
      'journal-boot-1.txt',
      { formats: ['journal-short', 'journal-iso', 'journal-full', 'journal-json', 'journal-export'] },
    ],
    [
      'dmesg-worker-2.txt',
      { unit: 'kernel', node: 'worker-2', formats: ['dmesg-raw', 'dmesg-ctime', 'dmesg-iso', 'kmsg'] },
    ],
    ['nodes/ip-10-0-0-1.internal/mounts.txt', { node: 'ip-10-0-0-1.internal' }],
    ['nodes/10.0.0.1/mounts.txt', {}],
    ['master-0/messages', { node: 'master-0', formats: ['syslog-3164', 'syslog-iso'] }],
    ['master-0/values.yaml', {}],
    ['case12/kubelet.log', { unit: 'kubelet' }],
    ['namespaces/flux-system/describe.txt', { namespace: 'flux-system' }],
    ['flux/source-controller-prev.log', { previous: true }],
    ['messages-20250131', { formats: ['syslog-3164', 'syslog-iso'] }],
    ['dmesg.txt', { unit: 'kernel', formats: ['dmesg-raw', 'dmesg-ctime', 'dmesg-iso', 'kmsg'] }],
    ['pods.txt', {}],
    ['agent.log', {}],
  ])('%s', (path, context) => {
    expect(pathHints(path)).toEqual(context);
  });
  it('read any path in linear time', () => {
    for (const part of ['a/', '_', 'a-', '.log', 'cmd/', 'logs-', 'nodes/']) {
      const started = performance.now();
      recogniseLayout([source(part.repeat(20_000))], 'b');
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});

describe('dates', () => {
  it.each([
    [
      'support-bundle-2025-01-31T15_54_39',
      { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 57_279_000, precisionMs: 1000 },
    ],
    ['x-2024-01-31T10-20-30Z', { kind: 'instant', epochMs: Date.UTC(2024, 0, 31, 10, 20, 30), precisionMs: 1000 }],
    ['logs-20250131-185842', { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 68_322_000, precisionMs: 1000 }],
    ['messages-20250131', { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 0, precisionMs: 86_400_000 }],
    [
      'sosreport-a-2022-02-10-abc',
      { kind: 'wall', year: 2022, month: 2, day: 10, msOfDay: 0, precisionMs: 86_400_000 },
    ],
    ['case-20251399', undefined],
    ['i-0123456789abcdef0', undefined],
    ['v1.29.3', undefined],
    ['ticket-12345678', undefined],
  ])('in the name %s', (name, stamp) => {
    expect(dateInName(name)).toEqual(stamp);
  });
  it.each([
    [
      'Fri Jan 31 03:04:05 PM CET 2025\n',
      { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 54_245_000, precisionMs: 1000, zone: 'CET' },
    ],
    [
      'started 2025-01-31T03:04:05+01:00',
      { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 2, 4, 5), precisionMs: 1000 },
    ],
    ['nothing', undefined],
  ])('in the text %j', (text, stamp) => {
    expect(dateInText(text)).toEqual(stamp);
  });
});
