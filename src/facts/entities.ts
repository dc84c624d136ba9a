import type { EntityKind, EntityRef, LogRecord } from '../model/index.ts';
import { byText } from '../text/order.ts';

/** How sure a join is: certain keys merge, probable ones link, candidates stay candidates. */
export type JoinStrength = 'certain' | 'probable' | 'candidate';

export interface Relation {
  readonly from: EntityRef;
  readonly to: EntityRef;
  /** `runs-on`, `part-of`, `owned-by`, `backs`, `mounts`, `binds`, `serves`, `calls`. */
  readonly type: string;
  readonly strength: JoinStrength;
}

/** Two certain joins that disagree. */
export interface JoinConflict {
  readonly entity: EntityRef;
  readonly type: string;
  readonly values: readonly EntityRef[];
}

export interface EntityIndex {
  readonly relations: readonly Relation[];
  readonly conflicts: readonly JoinConflict[];
  /** `ns/name` of the pod with this UID (dashes or underscores), sandbox or container id (12 digits or more). */
  podOfId(id: string): string | undefined;
  podOfAddress(address: string): string | undefined;
  /** `ns/name` of every pod of this name. */
  podsNamed(name: string): readonly string[];
  nodeOfPod(pod: string): string | undefined;
  /** One spelling for a node that is written with and without its domain, or as an address. */
  nodeName(name: string): string;
  /** Pods on a node whose container or pod name begins with a kernel task name (first 15 characters). */
  podsOfTask(node: string, comm: string): readonly string[];
  /** The strongest chain of at most four relations between two entities, in either direction. */
  linked(a: EntityRef, b: EntityRef, type?: string): JoinStrength | undefined;
}

const WEAKER: Readonly<Record<JoinStrength, number>> = { certain: 2, probable: 1, candidate: 0 };
const STRENGTHS: readonly JoinStrength[] = ['candidate', 'probable', 'certain'];
/** Relations of which an entity has only one at a time. */
const SINGLE = new Set(['runs-on']);
const MAX_HOPS = 4;
const UID = /(?:\/pods\/|pod)([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/u;
const LONG_ID = /\b[0-9a-f]{64}\b/u;

export function ref(kind: EntityKind, name: string): EntityRef {
  return `${kind}/${name}`;
}

/** Name part of a reference: `pod/ns/name` gives `ns/name`. */
export function nameOf(entity: EntityRef): string {
  return entity.slice(entity.indexOf('/') + 1);
}

export function kindOf(entity: EntityRef): string {
  return entity.slice(0, entity.indexOf('/'));
}

/** Pod UID in a cgroup path or a kubelet directory, with dashes. */
/** Parsers write `unknown/name` where nothing tells the namespace. */
export const UNPLACED = 'unknown/';

/** `ns/name`, or the name alone where nothing tells the namespace. */
function placed(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function podUidIn(text: string): string | undefined {
  return UID.exec(text)?.[1]?.replaceAll('_', '-');
}

/** Container or sandbox id in a text. */
export function longIdIn(text: string): string | undefined {
  return LONG_ID.exec(text)?.[0];
}

export interface EntityCollector {
  relate(from: EntityRef, type: string, to: EntityRef, strength: JoinStrength): void;
  /** A UID, sandbox id or container id belongs to a pod. */
  identify(id: string, pod: string): void;
  alias(node: string, other: string): void;
  row(record: LogRecord): void;
  build(): EntityIndex;
}

function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== '<none>' ? value : undefined;
}

/** Collects identities and relations from records; `build` answers questions about them. */
export function collectEntities(): EntityCollector {
  const relations = new Map<string, Relation>();
  const podIds = new Map<string, string>();
  const addresses = new Map<string, Set<string>>();
  const podNames = new Map<string, Set<string>>();
  const nodeAliases = new Map<string, string>();
  const nodes = new Set<string>();
  const containers = new Map<string, Set<string>>();

  function relate(from: EntityRef, type: string, to: EntityRef, strength: JoinStrength): void {
    const key = `${from} ${type} ${to}`;
    const known = relations.get(key);
    if (!known || WEAKER[known.strength] < WEAKER[strength]) relations.set(key, { from, to, type, strength });
    if (type === 'runs-on') nodes.add(nameOf(to));
  }

  function knowPod(said: string): string {
    const pod = said.startsWith(UNPLACED) ? said.slice(UNPLACED.length) : said;
    const name = pod.slice(pod.indexOf('/') + 1);
    const known = podNames.get(name);
    if (known) known.add(pod);
    else podNames.set(name, new Set([pod]));
    return pod;
  }

  function identify(id: string, pod: string): void {
    podIds.set(id.replaceAll('_', '-'), knowPod(pod));
  }

  function alias(node: string, other: string): void {
    nodeAliases.set(other, node);
  }

  function podRow(values: Readonly<Record<string, unknown>>, pod: string): void {
    knowPod(pod);
    const at = ref('pod', pod);
    const beside = (name: string): string => `${pod.slice(0, pod.indexOf('/') + 1)}${name}`;
    const node = text(values['node']);
    if (node) relate(at, 'runs-on', ref('node', node), 'certain');
    const uid = text(values['uid']);
    if (uid) identify(uid, pod);
    const ip = text(values['ip']);
    if (ip && values['hostNetwork'] !== true) {
      const known = addresses.get(ip);
      if (known) known.add(pod);
      else addresses.set(ip, new Set([pod]));
    }
    const owner = text(values['ownerName']);
    if (owner) relate(at, 'owned-by', ref('workload', beside(owner)), 'certain');
    for (const claim of words(values['volumes'])) {
      relate(at, 'mounts', ref('claim', claim.includes('/') ? claim : beside(claim)), 'certain');
    }
    for (const container of words(values['containers'])) {
      const known = containers.get(pod);
      if (known) known.add(container);
      else containers.set(pod, new Set([container]));
    }
  }

  function row(record: LogRecord): void {
    const state = record.row;
    if (!state) return;
    const { values } = state;
    const name = text(values['name']);
    const namespace = text(values['namespace']);
    if (state.kind === 'Pod' && name) podRow(values, placed(namespace, name));
    else if (state.kind === 'Node' && name) {
      nodes.add(name);
      const ip = text(values['ip']);
      if (ip) alias(name, ip);
    } else if (state.kind === 'PersistentVolume' && name) {
      const volume = ref('volume', name);
      const claim = text(values['claim']);
      const server = text(values['nfsServer']);
      const storageClass = text(values['storageClass']);
      if (claim) relate(ref('claim', claim), 'binds', volume, 'certain');
      if (server) relate(volume, 'mounts', ref('nfs-server', server), 'certain');
      if (storageClass) relate(volume, 'part-of', ref('storage-class', storageClass), 'certain');
    } else if (state.kind === 'PersistentVolumeClaim' && name) {
      const volume = text(values['volume']);
      if (volume) relate(ref('claim', placed(namespace, name)), 'binds', ref('volume', volume), 'certain');
    } else if (state.kind === 'Mount') {
      const server = text(values['server']);
      const uid = podUidIn(String(values['mountPoint'] ?? ''));
      if (server && uid && podIds.has(uid)) {
        relate(ref('pod', podIds.get(uid) as string), 'mounts', ref('nfs-server', server), 'certain');
      }
      if (server && record.node) relate(ref('node', record.node), 'mounts', ref('nfs-server', server), 'certain');
    } else if (/WebhookConfiguration$/u.test(state.kind) && name) {
      for (const service of words(values['service'])) {
        relate(ref('webhook', name), 'calls', ref('service', service), 'certain');
      }
    } else if ((state.kind === 'Endpoints' || state.kind === 'EndpointSlice') && name) {
      for (const pod of words(values['pods'])) {
        relate(ref('pod', pod), 'backs', ref('service', placed(namespace, text(values['service']) ?? name)), 'certain');
      }
    }
  }

  function build(): EntityIndex {
    const sorted = [...relations.values()].sort((a, b) =>
      byText(`${a.from} ${a.type} ${a.to}`, `${b.from} ${b.type} ${b.to}`),
    );
    const around = new Map<
      EntityRef,
      { readonly to: EntityRef; readonly type: string; readonly strength: JoinStrength }[]
    >();
    const step = (from: EntityRef, to: EntityRef, relation: Relation) => {
      const known = around.get(from);
      const next = { to, type: relation.type, strength: relation.strength };
      if (known) known.push(next);
      else around.set(from, [next]);
    };
    const nodeOf = new Map<string, string>();
    const conflicts: JoinConflict[] = [];
    for (const relation of sorted) {
      step(relation.from, relation.to, relation);
      step(relation.to, relation.from, relation);
      if (relation.type === 'runs-on') {
        const pod = nameOf(relation.from);
        const before = nodeOf.get(pod);
        if (before === undefined) nodeOf.set(pod, nameOf(relation.to));
        else if (SINGLE.has(relation.type) && before !== nameOf(relation.to) && relation.strength === 'certain') {
          conflicts.push({ entity: relation.from, type: 'runs-on', values: [ref('node', before), relation.to] });
        }
      }
    }
    const shortNames = new Map<string, string>();
    for (const node of [...nodes].sort(byText)) {
      const short = node.split('.')[0] as string;
      if (!/^\d+$/u.test(short) && !shortNames.has(short)) shortNames.set(short, node);
    }
    const prefixes = [...podIds.keys()].filter((id) => id.length === 64);
    const podOfId = (id: string): string | undefined => {
      const exact = podIds.get(id.replaceAll('_', '-'));
      if (exact || id.length < 12 || id.length >= 64) return exact;
      const matching = prefixes.filter((known) => known.startsWith(id));
      return matching.length === 1 ? podIds.get(matching[0] as string) : undefined;
    };
    const podsOn = new Map<string, string[]>();
    for (const [pod, node] of nodeOf) {
      const known = podsOn.get(node);
      if (known) known.push(pod);
      else podsOn.set(node, [pod]);
    }
    const nodeName = (name: string): string =>
      nodeAliases.get(name) ?? (nodes.has(name) ? name : (shortNames.get(name.split('.')[0] as string) ?? name));
    const linked = (a: EntityRef, b: EntityRef, type?: string): JoinStrength | undefined => {
      if (a === b) return 'certain';
      let best: JoinStrength | undefined;
      let frontier: { readonly at: EntityRef; readonly strength: number; readonly seen: boolean }[] = [
        { at: a, strength: 2, seen: type === undefined },
      ];
      // A thing may be reached again by a stronger chain, or by one that has the wanted relation in it.
      const reached = new Map<string, number>();
      for (let hop = 0; hop < MAX_HOPS && frontier.length > 0; hop++) {
        const next: typeof frontier = [];
        for (const { at, strength, seen } of frontier) {
          for (const relation of around.get(at) ?? []) {
            const now = Math.min(strength, WEAKER[relation.strength]);
            const typed = seen || relation.type === type;
            if (relation.to === b) {
              if (typed && (best === undefined || WEAKER[best] < now)) best = STRENGTHS[now];
              continue;
            }
            // A node or namespace joins everything with everything: no path leads through one.
            if (relation.to === a || /^(?:node|namespace|cluster)\//u.test(relation.to)) continue;
            const key = `${relation.to} ${typed}`;
            if ((reached.get(key) ?? -1) >= now) continue;
            reached.set(key, now);
            next.push({ at: relation.to, strength: now, seen: typed });
          }
        }
        frontier = next;
      }
      return best;
    };
    return {
      relations: sorted,
      conflicts,
      podOfId,
      podOfAddress: (address) => {
        const known = addresses.get(address);
        return known?.size === 1 ? [...known][0] : undefined;
      },
      podsNamed: (name) => {
        const all = [...(podNames.get(name) ?? [])].sort(byText);
        // A listing without its namespace shows the same pod again.
        const known = all.filter((pod) => pod.includes('/'));
        return known.length > 0 ? known : all;
      },
      nodeOfPod: (pod) => nodeOf.get(pod),
      nodeName,
      podsOfTask: (node, comm) => {
        const task = comm.slice(0, 15);
        if (task.length < 3) return [];
        return (podsOn.get(nodeName(node)) ?? [])
          .filter((pod) => {
            const names = [pod.slice(pod.indexOf('/') + 1), ...(containers.get(pod) ?? [])];
            return names.some((name) => name === comm || name.startsWith(`${task}-`) || name.slice(0, 15) === task);
          })
          .sort(byText);
      },
      linked,
    };
  }

  return { relate, identify, alias, row, build };
}
