/** One API object as records: its state, its conditions, its containers' states and last words. */

import type { Level, RowValue, Stamp } from '../../model/index.ts';
import { conditionText, isBadCondition } from '../describe/conditions.ts';
import type { DocumentBuilder, DraftPlace } from '../documents/builder.ts';
import { addContainerStates, type Container, podValues } from '../documents/containers.ts';
import { isClusterWide } from '../documents/resources.ts';
import { instantStamp } from '../documents/stamps.ts';
import { at, type DataNode, flag, lastLine, list, number, pairs, text } from './data.ts';
import { columnOf } from './event.ts';
import { type NodePlaces, placesOf, podPlaces } from './places.ts';
import { FILLS, fillCustom, put, putOwner, putProbes, stateOf, type Values } from './rows.ts';

/** Items of a list that may be quoted. */
const MOST_PLACES = 20;
/** Characters of a long line that are kept before a value: its key stands there. */
const BEFORE_PLACE = 80;

export interface ObjectPlace {
  /** Offset after the object. */
  readonly end: number;
  readonly kind: string;
  /** False for earlier states of a watched object: they have no row. */
  readonly isLatest: boolean;
}

/** @returns the newest moment that the object itself speaks of as past */
export function addObject(doc: DocumentBuilder, node: DataNode, place: ObjectPlace): Stamp | undefined {
  const { kind, end } = place;
  const name = text(node, 'metadata.name') ?? text(node, 'name') ?? '';
  const namespace = isClusterWide(kind)
    ? undefined
    : (text(node, 'metadata.namespace') ?? text(node, 'namespace') ?? doc.input.context.namespace);
  const values: Values = {};
  put(values, 'name', name);
  put(values, 'namespace', namespace);
  put(values, 'uid', text(node, 'metadata.uid'));
  put(values, 'labels', pairs(node, 'metadata.labels'));
  const created = instantStamp(text(node, 'metadata.creationTimestamp') ?? '');
  if (created?.kind === 'instant') {
    values['created'] = new Date(created.epochMs).toISOString();
  }
  if (text(node, 'metadata.deletionTimestamp') !== undefined && kind !== 'Pod') {
    values['terminating'] = true;
  }
  const pod = kind === 'Pod' ? `${namespace ?? 'unknown'}/${name}` : undefined;
  const nodeName = kind === 'Pod' ? text(node, 'spec.nodeName') : kind === 'Node' ? name : undefined;
  const common = { kind: 'object', namespace, pod, node: nodeName } as const;
  const containers = kind === 'Pod' ? containersOf(doc, node) : [];
  const filled = kind === 'Pod' ? fillPod(values, node, containers) : undefined;
  const telling = filled ? filled.telling : (FILLS[kind] ?? fillCustom)(values, node);
  const places = filled ? podPlaces(node, filled.worst) : placesOf(kind, node);
  const from =
    typeof telling === 'number' ? telling : (telling?.start ?? at(node, 'metadata.name')?.start ?? node.start);
  const line = doc.lineOf(from);
  const state = values['status'] ?? values['readyStatus'] ?? values['phase'];
  const title = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  doc.add({
    ...common,
    at: line,
    column: columnOf(doc, line, node.start, from),
    message: state === undefined ? title : `${title} ${String(state)}`,
    stamp: created,
    ...(place.isLatest ? { row: { kind, values }, places: draftPlaces(doc, places) } : {}),
  });
  for (const container of containers) {
    addContainerStates(doc, container, { kind: 'object', namespace, pod: pod ?? '', node: nodeName });
  }
  const newest = addConditions(doc, node, common);
  if (kind === 'Pod') {
    addPodMessage(doc, node, common);
  }
  if (kind === 'ConfigMap') {
    addSettings(doc, node, name, namespace);
  }
  doc.belongs(doc.lineOf(node.start), doc.lineOf(Math.max(0, end - 1)));
  return later(newest, instantStamp(text(node, 'spec.renewTime') ?? ''));
}

function draftPlaces(doc: DocumentBuilder, places: NodePlaces): Readonly<Record<string, readonly DraftPlace[]>> {
  return Object.fromEntries(
    Object.entries(places).map(([name, nodes]) => [
      name,
      nodes.slice(0, MOST_PLACES).map(({ start }) => {
        const line = doc.lineOf(start);
        return { at: line, column: Math.max(0, start - doc.startOf(line) - BEFORE_PLACE) };
      }),
    ]),
  );
}

interface Common {
  readonly kind: 'object';
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly node: string | undefined;
}

function addConditions(doc: DocumentBuilder, node: DataNode, common: Common): Stamp | undefined {
  let newest: Stamp | undefined;
  for (const condition of list(node, 'status.conditions').slice(0, 100)) {
    const type = text(condition, 'type');
    const status = text(condition, 'status');
    if (type === undefined || status === undefined) {
      continue;
    }
    const heartbeat = instantStamp(text(condition, 'lastHeartbeatTime') ?? '');
    const transition = instantStamp(text(condition, 'lastTransitionTime') ?? '');
    newest = later(later(newest, heartbeat), transition);
    const reason = text(condition, 'reason');
    const message = text(condition, 'message');
    const isBad = isBadCondition(type, status);
    if (!isBad && message === undefined) {
      continue;
    }
    const from = (at(condition, 'message') ?? at(condition, 'status') ?? condition).start;
    const line = doc.lineOf(from);
    const level: Level = isBad ? 'warning' : 'info';
    doc.add({
      ...common,
      at: line,
      last: lastLine(at(condition, 'message'), doc.lineOf),
      column: columnOf(doc, line, condition.start, from),
      message: conditionText({ type, status, reason, message }),
      stamp: heartbeat ?? transition,
      lastStamp: heartbeat === undefined ? undefined : transition,
      level,
      fields: { condition: type, status, reason },
    });
  }
  return newest;
}

function later(a: Stamp | undefined, b: Stamp | undefined): Stamp | undefined {
  if (a?.kind !== 'instant' || b?.kind !== 'instant') {
    return a ?? b;
  }
  return b.epochMs > a.epochMs ? b : a;
}

function containersOf(doc: DocumentBuilder, node: DataNode): readonly Container[] {
  const columnAt = (offset: number) => Math.max(0, offset - doc.startOf(doc.lineOf(offset)) - 40);
  return [
    ['initContainers', 'initContainerStatuses', true] as const,
    ['containers', 'containerStatuses', false] as const,
  ].flatMap(([group, statusGroup, isInit]) => {
    const statuses = new Map(list(node, `status.${statusGroup}`).map((status) => [text(status, 'name') ?? '', status]));
    const specs = new Map(list(node, `spec.${group}`).map((spec) => [text(spec, 'name') ?? '', spec]));
    return [...new Set([...specs.keys(), ...statuses.keys()])].map((name) => {
      const status = statuses.get(name);
      return {
        name,
        isInit,
        image: text(specs.get(name), 'image') ?? text(status, 'image'),
        ready: flag(status, 'ready'),
        restarts: number(status, 'restartCount'),
        state: stateOf(at(status, 'state'), doc.lineOf, columnAt),
        lastState: stateOf(at(status, 'lastState'), doc.lineOf, columnAt),
      };
    });
  });
}

interface FilledPod {
  /** The place that tells most. */
  readonly telling: DataNode | undefined;
  /** The container that the row speaks of. */
  readonly worst: Container | undefined;
}

function fillPod(values: Values, node: DataNode, containers: readonly Container[]): FilledPod {
  const phase = text(node, 'status.phase');
  put(values, 'phase', phase);
  const { values: fromContainers, worst } = podValues(containers, phase);
  Object.assign(values, fromContainers);
  const reason = text(node, 'status.reason');
  put(values, 'reason', reason);
  put(values, 'message', text(node, 'status.message'));
  const isTerminating = text(node, 'metadata.deletionTimestamp') !== undefined;
  if (reason !== undefined) values['status'] = reason;
  if (isTerminating) values['status'] = 'Terminating';
  values['terminating'] = isTerminating;
  put(values, 'ip', text(node, 'status.podIP'));
  put(values, 'node', text(node, 'spec.nodeName'));
  put(values, 'started', text(node, 'status.startTime'));
  values['hostNetwork'] = flag(node, 'spec.hostNetwork') === true;
  put(values, 'qos', text(node, 'status.qosClass'));
  put(values, 'restartPolicy', text(node, 'spec.restartPolicy'));
  putOwner(values, node);
  const claims = list(node, 'spec.volumes').flatMap((volume) => text(volume, 'persistentVolumeClaim.claimName') ?? []);
  if (claims.length > 0) values['volumes'] = claims;
  const conditions = at(node, 'status.conditions')?.items;
  if (conditions !== undefined) {
    values['conditionsFalse'] = conditions.flatMap((one) =>
      text(one, 'status') === 'False' ? [text(one, 'type') ?? 'unknown'] : [],
    );
  }
  const specs = list(node, 'spec.containers');
  const chosen = specs.find((spec) => text(spec, 'name') === worst?.name) ?? specs[0];
  putProbes(values, chosen, number(node, 'spec.terminationGracePeriodSeconds'));
  put(values, 'memoryLimit', text(chosen, 'resources.limits.memory'));
  put(values, 'cpuRequest', text(chosen, 'resources.requests.cpu'));
  const telling = worstNode(node, worst) ?? at(node, 'status.message') ?? at(node, 'status.phase');
  return { telling, worst };
}

function worstNode(node: DataNode, worst: Container | undefined): DataNode | undefined {
  if (worst === undefined) {
    return undefined;
  }
  const status = list(node, `status.${worst.isInit ? 'initContainerStatuses' : 'containerStatuses'}`).find(
    (one) => text(one, 'name') === worst.name,
  );
  const state =
    worst.state !== undefined && worst.state.kind !== 'running' ? `state.${worst.state.kind}` : 'lastState.terminated';
  return at(status, `${state}.reason`) ?? at(status, state);
}

function addPodMessage(doc: DocumentBuilder, node: DataNode, common: Common): void {
  const message = at(node, 'status.message');
  if (typeof message?.scalar === 'string' && message.scalar !== '') {
    const line = doc.lineOf(message.start);
    doc.add({
      ...common,
      at: line,
      last: lastLine(message, doc.lineOf),
      column: columnOf(doc, line, message.start, message.start),
      message: `${text(node, 'status.reason') ?? 'Message'}: ${message.scalar}`,
      level: 'warning',
    });
  }
}

const MOST_SETTINGS = 200;

/** Short values of config maps as settings: `coredns/Corefile` is too long, `cilium-config/mtu` is one. */
function addSettings(doc: DocumentBuilder, node: DataNode, name: string, namespace: string | undefined): void {
  let count = 0;
  for (const [key, value] of at(node, 'data')?.entries ?? []) {
    const scalar = value.scalar;
    if (
      count >= MOST_SETTINGS ||
      scalar === undefined ||
      scalar === null ||
      String(scalar).length > 200 ||
      String(scalar).includes('\n')
    ) {
      continue;
    }
    count += 1;
    const line = doc.lineOf(value.start);
    const setting: Record<string, RowValue> = { key: `${name}/${key}`, value: settingValue(String(scalar)) };
    put(setting, 'namespace', namespace);
    doc.add({
      at: line,
      column: columnOf(doc, line, value.start, value.start),
      kind: 'object',
      namespace,
      message: `${key}: ${String(scalar)}`,
      row: { kind: 'Setting', values: setting },
    });
  }
}

function settingValue(value: string): RowValue {
  return /^-?\d{1,15}$/u.test(value) ? Number(value) : value;
}
