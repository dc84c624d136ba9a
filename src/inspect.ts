/**
 * What is in a bundle before any rule runs: files, formats, coverage, clocks, gaps, and what to collect next.
 */

import { type ClockResult, resolveClocks } from './clocks/index.ts';
import type { EpochMs, ReadSource, Span, TimedVolume } from './model/index.ts';
import { readSources } from './read.ts';
import { compileLiterals } from './scan/literals.ts';
import { openBundle } from './sources/index.ts';
import { byText } from './text/order.ts';

export interface InspectOptions {
  readonly timezone?: string;
  readonly collectedAt?: EpochMs;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onProgress?: (bytes: number, total: number) => void;
}

interface InspectedFile {
  readonly path: string;
  readonly format: string;
  readonly node: string | null;
  readonly bytes: number;
  readonly lines: number;
  /** Recognised lines and their continuations over all lines, 0 to 1. */
  readonly understood: number;
  readonly first: string | null;
  readonly last: string | null;
  /** The longest stretch without a line. */
  readonly longestGap: { readonly from: string; readonly to: string; readonly seconds: number } | null;
  readonly notes: readonly string[];
}

/** Something that a question about an incident needs and the bundle does not have. */
interface MissingSource {
  readonly what: string;
  readonly question: string;
  /** A read-only command. */
  readonly run: string;
}

export interface Inspection {
  readonly name: string;
  readonly layout: string;
  readonly collectedAt: { readonly earliest: string; readonly latest: string; readonly basis: string } | null;
  readonly files: readonly InspectedFile[];
  readonly nodes: readonly string[];
  readonly clocks: ClockResult['clocks'];
  readonly missing: readonly MissingSource[];
  readonly diagnostics: readonly { severity: string; code: string; message: string; source: string | null }[];
}

/** @throws UserError `BUNDLE_NOT_FOUND`, `BUNDLE_UNREADABLE` */
export async function inspect(paths: readonly string[], options: InspectOptions = {}): Promise<Inspection> {
  const { stdin, timezone, collectedAt, onProgress } = options;
  const bundle = await openBundle(paths, stdin ? { stdin } : {});
  try {
    const read = await readSources(bundle, compileLiterals([]), new Map(), onProgress ? { onProgress } : {});
    const clocks = resolveClocks(read, bundle.collectionHints, {
      ...(timezone === undefined ? {} : { timezone }),
      ...(collectedAt === undefined ? {} : { collectedAt }),
    });
    const volumes = new Map(clocks.volumes.map((volume) => [volume.path, volume]));
    const nodes = clocks.sources.flatMap(({ records, context }) => [
      ...(context.node === undefined ? [] : [context.node]),
      ...records.flatMap(({ node }) => node ?? []),
    ]);
    return {
      name: bundle.name,
      layout: bundle.layout,
      collectedAt: clocks.collectedAt ? { ...isoSpan(clocks.collectedAt.at), basis: clocks.collectedAt.basis } : null,
      files: clocks.sources.map((source) => inspectFile(source, volumes.get(source.path))),
      nodes: [...new Set(nodes)].sort(byText),
      clocks: clocks.clocks,
      missing: missingFrom(clocks.sources),
      diagnostics: [...bundle.diagnostics, ...read.flatMap((source) => source.diagnostics), ...clocks.diagnostics].map(
        ({ severity, code, message, source }) => ({ severity, code, message, source: source ?? null }),
      ),
    };
  } finally {
    bundle.close();
  }
}

function inspectFile(source: ReadSource, volume: TimedVolume | undefined): InspectedFile {
  const { coverage, records, context } = source;
  const times = records.flatMap(({ time, lastTime }) => [time?.at, lastTime?.at]).flatMap((at) => at ?? []);
  const first = volume?.first?.at.earliest ?? least(times.map(({ earliest }) => earliest));
  const last = volume?.last?.at.latest ?? greatest(times.map(({ latest }) => latest));
  const gaps = (volume?.gaps ?? []).map(({ from, to }) => ({ from: from.time.at.latest, to: to.time.at.earliest }));
  const gap = gaps.sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  return {
    path: source.path,
    format: coverage.format,
    node: context.node ?? volume?.node ?? records.find(({ node }) => node !== undefined)?.node ?? null,
    bytes: coverage.bytes,
    lines: coverage.lines,
    understood: coverage.lines === 0 ? 0 : round((coverage.recognised + coverage.continuation) / coverage.lines),
    first: first === undefined ? null : iso(first),
    last: last === undefined ? null : iso(last),
    longestGap: gap ? { from: iso(gap.from), to: iso(gap.to), seconds: round((gap.to - gap.from) / 1000) } : null,
    notes: coverage.notes,
  };
}

interface Need extends MissingSource {
  readonly isThere: (source: ReadSource) => boolean;
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

/** Which question needs which source. */
const NEEDS: readonly Need[] = [
  {
    what: 'kernel messages of the nodes',
    question: 'Did storage, memory or hardware fail below Kubernetes?',
    run: 'journalctl -k --utc -o short-iso --no-pager',
    isThere: (source) => hasFormat(/dmesg/u)(source) || says('kernel')(source),
  },
  {
    what: 'kubelet log',
    question: 'Why did pods not start, or a node not report?',
    run: 'journalctl -u kubelet --utc -o short-iso --no-pager',
    isThere: says('kubelet', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent', 'microk8s.daemon-kubelite'),
  },
  {
    what: 'container runtime log',
    question: 'Did images, sandboxes or containers fail?',
    run: 'journalctl -u containerd -u crio --utc -o short-iso --no-pager',
    isThere: says('containerd', 'crio', 'cri-o', 'docker', 'dockerd', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'),
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
    isThere: lists('Pod'),
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
    what: 'mount options of the nodes',
    question: 'Can a storage server hang the node (hard mounts)?',
    run: 'findmnt -t nfs,nfs4,cifs,ceph -o TARGET,SOURCE,FSTYPE,OPTIONS',
    isThere: lists('Mount'),
  },
];

function missingFrom(sources: readonly ReadSource[]): MissingSource[] {
  return NEEDS.filter(({ isThere }) => !sources.some(isThere)).map(({ what, question, run }) => ({
    what,
    question,
    run,
  }));
}

function iso(epochMs: number): string {
  const ms = Math.round(epochMs);
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : 'unknown';
}

function isoSpan(span: Span): { earliest: string; latest: string } {
  return { earliest: iso(span.earliest), latest: iso(span.latest) };
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
