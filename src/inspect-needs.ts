/**
 * What an analysis usually asks for and a bundle does not have: which question stays open, and the read-only command
 * that would answer it.
 */

import type { ClockResult } from './clocks/index.ts';
import type { CollectedAt } from './clocks/result.ts';
import type { ReadSource } from './model/index.ts';
import { listed } from './text/grammar.ts';
import { byText, firstOf } from './text/order.ts';
import { fillCommand } from './text/shell.ts';

/** Something that a question about an incident needs and the bundle does not have. */
export interface MissingSource {
  readonly what: string;
  readonly question: string;
  /** A read-only command. */
  readonly run: string;
  /** An option of this program that says the same. */
  readonly option?: string;
}

export interface Holdings {
  readonly sources: readonly ReadSource[];
  /** Every node that something in the bundle names. */
  readonly nodes: readonly string[];
  readonly clocks: ClockResult['clocks'];
  readonly collectedAt: CollectedAt | undefined;
}

interface Need extends MissingSource {
  readonly isThere: (source: ReadSource) => boolean;
  /** Wanted of every node. */
  readonly ofNodes?: true;
}

const hasFormat =
  (pattern: RegExp) =>
  ({ coverage }: ReadSource) =>
    coverage.recognised > 0 && pattern.test(coverage.format);
const lists =
  (...kinds: string[]) =>
  ({ listings, records }: ReadSource) =>
    listings.some(({ kind }) => kinds.includes(kind)) ||
    records.some(({ row }) => row !== undefined && kinds.includes(row.kind));
const says =
  (...units: string[]) =>
  ({ records, context, volume }: ReadSource) =>
    (context.unit !== undefined && units.includes(context.unit)) ||
    (volume?.writers ?? []).some(({ name }) => units.includes(name)) ||
    records.some(({ unit }) => unit !== undefined && units.includes(unit));

/** A log that a pod is named for, or that neither names a host nor comes from one. */
function isPodLog({ context, volume, records, coverage }: ReadSource): boolean {
  if (volume === undefined || coverage.recognised === 0 || coverage.format === 'text') return false;
  if (context.pod !== undefined || context.container !== undefined) return true;
  if (records.some(({ pod }) => pod !== undefined)) return true;
  const isHost = /^(?:journal|syslog|dmesg|talos)/u.test(coverage.format) || context.unit !== undefined;
  return !isHost && context.node === undefined && volume.writers.every(({ node }) => node === undefined);
}

/** Servers that run kubelet and runtime in one process. */
const SERVERS = ['k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'] as const;
const MOST_NODES = 4;

/** Which question needs which source, in the order in which they help. */
const NEEDS: readonly Need[] = [
  {
    what: 'kernel messages',
    question: 'Did storage, memory or hardware fail below Kubernetes?',
    run: 'journalctl -k --utc -o short-iso --no-pager',
    isThere: (source) => hasFormat(/dmesg/u)(source) || says('kernel')(source),
    ofNodes: true,
  },
  {
    what: 'kubelet log',
    question: 'Why did pods not start, or a node not report?',
    run: 'journalctl -u kubelet -u k3s -u k3s-agent -u rke2-server -u rke2-agent --utc -o short-iso --no-pager',
    isThere: says('kubelet', ...SERVERS, 'microk8s.daemon-kubelite'),
    ofNodes: true,
  },
  {
    what: 'container runtime log',
    question: 'Did images, sandboxes or containers fail?',
    run: 'journalctl -u containerd -u crio -u docker --utc -o short-iso --no-pager',
    isThere: says('containerd', 'crio', 'cri-o', 'docker', 'dockerd', ...SERVERS),
  },
  {
    what: 'listing of nodes',
    question: 'How many nodes are there, and how many were lost?',
    run: 'kubectl get nodes -o wide',
    isThere: lists('Node'),
  },
  {
    what: 'listing of all pods',
    question: 'What is down, and is something missing altogether?',
    run: 'kubectl get pods -A -o wide',
    isThere: ({ listings }) => listings.some(({ kind, namespace }) => kind === 'Pod' && namespace === 'all'),
  },
  {
    what: 'Kubernetes Events',
    question: 'What did the cluster itself report, and when?',
    run: 'kubectl get events -A --sort-by=.lastTimestamp',
    isThere: ({ records }) => records.some(({ kind }) => kind === 'kube-event'),
  },
  {
    what: 'workloads',
    question: 'Is a CNI, DNS or proxy workload missing or short of pods?',
    run: 'kubectl get deployments,daemonsets,statefulsets -A -o wide',
    isThere: lists('Deployment', 'DaemonSet', 'StatefulSet'),
  },
  {
    what: 'services and endpoints',
    question: 'Do services have something behind them?',
    run: 'kubectl get services,endpoints -A -o wide',
    isThere: lists('Service', 'Endpoints', 'EndpointSlice'),
  },
  {
    what: 'logs of pods',
    question: 'What do the network agent, cluster DNS and the failing pods say themselves?',
    run: 'kubectl logs -n NAMESPACE POD --all-containers --timestamps',
    isThere: isPodLog,
  },
  {
    what: 'mount options of the nodes',
    question: 'Can a storage server hang the node (hard mounts)?',
    run: 'findmnt -t nfs,nfs4,cifs,ceph -o TARGET,SOURCE,FSTYPE,OPTIONS',
    isThere: lists('Mount'),
  },
];

export function missingFrom(holdings: Holdings): MissingSource[] {
  return [
    ...NEEDS.flatMap((need) => missingNeed(need, holdings)),
    ...missingEnds(holdings.sources),
    ...missingClocks(holdings),
  ];
}

/** Wholly missing, or of those nodes whose neighbours have it. */
function missingNeed({ what, question, run, isThere, ofNodes }: Need, { sources, nodes }: Holdings): MissingSource[] {
  const found = sources.filter(isThere);
  if (found.length === 0) return [{ what, question, run }];
  if (!ofNodes) return [];
  const having = new Set(found.flatMap(nodesOf).map(shortName));
  // A log that names no node may be anybody's.
  if (having.size === 0 || found.some((source) => nodesOf(source).length === 0)) return [];
  const without = nodes.filter((node) => !having.has(shortName(node)));
  return without.length === 0 ? [] : [{ what: `${what} of ${listed(without, MOST_NODES)}`, question, run }];
}

function nodesOf({ context, volume, records }: ReadSource): string[] {
  if (context.node !== undefined) return [context.node];
  return [
    ...(volume?.writers ?? []).flatMap(({ node }) => node ?? []),
    ...records.flatMap(({ node, kind }) => (kind === 'log' ? (node ?? []) : [])),
  ];
}

/** `worker-1.example.org` and `worker-1` are one node. */
function shortName(node: string): string {
  return node.split('.', 1)[0] as string;
}

/** The log of an instance before its restart tells why it ended. */
function missingEnds(sources: readonly ReadSource[]): MissingSource[] {
  if (sources.some(({ context }) => context.previous === true)) return [];
  const restarted = sources
    .flatMap(({ records }) => records)
    .flatMap(({ row }) => {
      const { namespace, name, restarts } = row?.kind === 'Pod' ? row.values : {};
      return typeof namespace === 'string' && typeof name === 'string' && typeof restarts === 'number' && restarts > 0
        ? [{ namespace, name, restarts }]
        : [];
    })
    .sort((a, b) => firstOf(b.restarts - a.restarts, byText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)));
  const worst = restarted[0];
  if (!worst) return [];
  const { namespace, name, restarts } = worst;
  return [
    {
      what: 'logs of containers before their restart',
      question: `Why did they end (${name}: ${restarts} ${restarts === 1 ? 'restart' : 'restarts'})?`,
      run: fillCommand('kubectl logs -n {{namespace}} {{name}} --all-containers --previous --timestamps', (key) =>
        key === 'name' ? name : namespace,
      ).text,
    },
  ];
}

function missingClocks({ clocks, collectedAt, sources }: Holdings): MissingSource[] {
  const assumed = (words: string) =>
    clocks.filter(({ assumptions }) => assumptions.some((text) => text.startsWith(words)));
  const zoneless = assumed('zone assumed');
  const missing: MissingSource[] = [];
  if (zoneless.length > 0) {
    const named = listed(
      zoneless.map(({ clock }) => clock.replace(/^(?:file|node)\//u, '')),
      MOST_NODES,
    );
    missing.push({
      what: `time zone of ${named}`,
      question: 'When did it happen on the time axis of the others?',
      run: 'timedatectl',
      option: '--timezone ZONE',
    });
  }
  const hasAges = sources.some(({ records }) => records.some(({ stamp }) => stamp?.kind === 'age'));
  if (assumed('year assumed').length > 0 || (hasAges && collectedAt === undefined)) {
    missing.push({
      what: 'time of collection',
      question: hasAges ? 'When was "5m ago"?' : 'Which year do the lines mean?',
      run: 'date -u +%Y-%m-%dT%H:%M:%SZ',
      option: '--collected-at TIME',
    });
  }
  return missing;
}
