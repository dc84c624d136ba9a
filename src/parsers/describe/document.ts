/**
 * `kubectl describe`: one document per object, whole or in excerpts (only its Events, a few rows of its conditions).
 *
 * Per object: a state record on the line that tells most, its conditions, its containers' states and last words, and
 * its Events. Lines that are none of these are understood as part of the outline.
 */

import type { RowValue, Stamp } from '../../model/index.ts';
import { createDocument, type DocumentBuilder } from '../documents/builder.ts';
import { invocationOf, parseKubectl, promptCommand } from '../documents/command.ts';
import { addContainerStates, isoOf } from '../documents/containers.ts';
import { addEvent } from '../documents/events.ts';
import { isClusterWide, kindOfPath } from '../documents/resources.ts';
import { instantStamp } from '../documents/stamps.ts';
import type { DocumentFormat, DocumentInput, DocumentResult, Sniff } from '../format.ts';
import { parseKubectlMessage } from '../tables/messages.ts';
import { type Condition, conditionText, isBadCondition, parseCondition, parseNodeCondition } from './conditions.ts';
import { isEventHeader, isEventRow, type Owner, readEvents } from './events.ts';
import { customConditions, fillByKind, kindOfOutline } from './kinds.ts';
import { linePlaces } from './places.ts';
import { containersIn, labelsOf, readPod } from './pod.ts';
import { type Entry, entry, isDocumentStart, listOf, type Outline, readOutline, textOf } from './tree.ts';

export function parseDescribe(input: DocumentInput): DocumentResult {
  const doc = createDocument(input);
  const invocation = invocationOf(input);
  const kubectl = parseKubectl(invocation.command);
  for (let at = 0; at < invocation.outputAt; at += 1) {
    doc.understood(at);
  }
  const asked: Owner = {
    kind: kubectl?.verb === 'describe' ? kubectl.kinds[0] : ownerKindOfPath(input.path),
    name: kubectl?.names.length === 1 ? kubectl.names[0] : undefined,
    namespace: kubectl?.namespace === 'all' ? undefined : (kubectl?.namespace ?? input.context.namespace),
  };
  let at = invocation.outputAt;
  while (at < doc.lineCount) {
    if (isDocumentStart(doc.line(at))) {
      const outline = readOutline(doc.line, at, doc.lineCount);
      addObject(doc, at, outline, asked);
      at = outline.end;
      continue;
    }
    let end = at + 1;
    while (end < doc.lineCount && !isDocumentStart(doc.line(end))) {
      end += 1;
    }
    addExcerpt(doc, at, end, asked);
    at = end;
  }
  return doc.result('keep');
}

/** A file called `events` says nothing of what its Events are about. */
function ownerKindOfPath(path: string): string | undefined {
  const kind = kindOfPath(path);
  return kind === 'Event' ? undefined : kind;
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

function addObject(doc: DocumentBuilder, at: number, outline: Outline, asked: Owner): void {
  const { top } = outline;
  const kind = kindOfOutline(top) ?? asked.kind ?? 'Object';
  const name = textOf(top, 'Name') ?? '';
  const namespace = isClusterWide(kind) ? undefined : (textOf(top, 'Namespace') ?? asked.namespace);
  const subject: Subject = { kind, name, namespace };
  if (kind === 'Event') {
    addDescribedEvent(doc, at, top);
    doc.belongs(at, outline.end - 1);
    return;
  }
  const values: Record<string, RowValue> = { name, ...(namespace === undefined ? {} : { namespace }) };
  const labels = labelsOf(top);
  if (labels !== undefined && labels.length > 0) {
    values['labels'] = labels;
  }
  const created = instantStamp(
    textOf(top, 'CreationTimestamp') ??
      textOf(top, 'Start Time') ??
      textOf(entry(top, 'Metadata')?.children, 'Creation Timestamp') ??
      '',
  );
  const createdIso = isoOf(created);
  if (createdIso !== undefined) {
    values['created'] = createdIso;
  }
  const node = addKind(doc, at, subject, top, values, created);
  const events = top.findLast((one) => one.key === 'Events');
  if (events !== undefined) {
    doc.understood(events.at);
    readEvents(doc, events.at + 1, outline.end, { kind, name, namespace, node });
  }
  doc.belongs(at, outline.end - 1);
}

/** The object's state record and conditions; returns the node of pods. */
function addKind(
  doc: DocumentBuilder,
  at: number,
  subject: Subject,
  top: readonly Entry[],
  values: Record<string, RowValue>,
  created: Stamp | undefined,
): string | undefined {
  const { kind, name, namespace } = subject;
  const place = { namespace, ...(kind === 'Node' ? { node: name } : {}) };
  const title = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  if (kind === 'Pod') {
    const pod = readPod(top);
    Object.assign(values, pod.values);
    const named = `${namespace ?? 'unknown'}/${name}`;
    doc.understood(at);
    doc.add({
      at: pod.telling ?? at,
      kind: 'describe',
      message: stateText(title, values),
      stamp: created,
      namespace,
      pod: named,
      node: pod.node,
      row: { kind, values },
      places: pod.places,
    });
    for (const container of pod.containers) {
      addContainerStates(doc, container, { kind: 'describe', namespace, pod: named, node: pod.node });
    }
    const message = entry(top, 'Message');
    if (message !== undefined && message.value !== '') {
      doc.add({
        at: message.at,
        kind: 'describe',
        message: `${textOf(top, 'Reason') ?? 'Message'}: ${message.value}`,
        namespace,
        pod: named,
        node: pod.node,
        level: 'warning',
      });
    }
    addPodConditions(doc, top, namespace, named);
    return pod.node;
  }
  const conditions = kind === 'Node' || entry(top, 'Conditions') !== undefined ? conditionsOf(top) : [];
  const telling = kind === 'Node' ? fillNode(values, top, conditions) : fillByKind(kind, values, top);
  fillProgress(values, kind, conditions);
  doc.understood(at);
  doc.add({
    at: telling?.at ?? at,
    kind: 'describe',
    message: stateText(title, values),
    stamp: created,
    ...place,
    row: { kind, values },
    places: linePlaces(kind, top),
  });
  for (const condition of conditions) {
    addCondition(doc, condition, place);
  }
  for (const custom of customConditions(top)) {
    const type = custom.get('Type')?.value ?? '';
    const line = custom.get('Message') ?? custom.get('Status');
    if (line !== undefined && type !== '') {
      const transition = instantStamp(custom.get('Last Transition Time')?.value ?? '');
      addCondition(
        doc,
        {
          at: line.at,
          type,
          status: custom.get('Status')?.value ?? '',
          reason: custom.get('Reason')?.value,
          message: custom.get('Message')?.value,
          transition,
        },
        place,
      );
    }
  }
  return undefined;
}

function stateText(title: string, values: Readonly<Record<string, RowValue>>): string {
  const state = values['status'] ?? values['readyStatus'] ?? values['phase'];
  return state === undefined ? title : `${title} ${String(state)}`;
}

function conditionsOf(top: readonly Entry[]): readonly Condition[] {
  return (entry(top, 'Conditions')?.texts ?? [])
    .filter(({ text }) => !/^\s*(?:Type\s+Status|----)/u.test(text))
    .map(({ at, text }) => parseCondition(text, at))
    .filter((condition) => condition !== undefined);
}

function addPodConditions(
  doc: DocumentBuilder,
  top: readonly Entry[],
  namespace: string | undefined,
  pod: string,
): void {
  for (const condition of conditionsOf(top)) {
    if (condition.message !== undefined) {
      doc.add({
        at: condition.at,
        kind: 'describe',
        message: conditionText(condition),
        namespace,
        pod,
        stamp: condition.transition,
      });
    } else {
      doc.understood(condition.at);
    }
  }
}

/** `stamp` is the last heartbeat, `lastStamp` the change: a silent node went silent at the first and was noticed at the second. */
function addCondition(
  doc: DocumentBuilder,
  condition: Condition,
  place: { readonly namespace?: string | undefined; readonly node?: string | undefined },
  row?: { readonly kind: string; readonly values: Readonly<Record<string, RowValue>> },
): void {
  doc.add({
    at: condition.at,
    kind: 'describe',
    message: conditionText(condition),
    stamp: condition.heartbeat ?? condition.transition,
    lastStamp: condition.heartbeat === undefined ? undefined : condition.transition,
    ...place,
    level: isBadCondition(condition.type, condition.status) ? 'warning' : 'info',
    fields: { condition: condition.type, status: condition.status, reason: condition.reason },
    row,
  });
}

/** Attributes of a node; returns the line of its Ready condition. */
function fillNode(
  values: Record<string, RowValue>,
  top: readonly Entry[],
  conditions: readonly Condition[],
): { readonly at: number } | undefined {
  const put = (name: string, value: RowValue | undefined) => {
    if (value !== undefined && value !== '') values[name] = value;
  };
  const ready = fillNodeConditions(values, conditions);
  const roles = listOf(top, 'Roles')?.flatMap((role) => role.split(','));
  put('roles', roles !== undefined && roles.length > 0 ? roles : undefined);
  const taints = listOf(top, 'Taints');
  put('taints', taints);
  const unschedulable = entry(top, 'Unschedulable')?.value;
  if (unschedulable !== undefined) values['schedulable'] = unschedulable !== 'true';
  put('leaseRenewed', isoOf(instantStamp(textOf(entry(top, 'Lease')?.children, 'RenewTime') ?? '')));
  const addresses = entry(top, 'Addresses')?.children;
  put('ip', textOf(addresses, 'InternalIP'));
  const info = entry(top, 'System Info')?.children;
  put('bootId', textOf(info, 'Boot ID'));
  put('kernel', textOf(info, 'Kernel Version'));
  put('osImage', textOf(info, 'OS Image'));
  put('runtime', textOf(info, 'Container Runtime Version'));
  put('version', textOf(info, 'Kubelet Version'));
  if (typeof values['readyStatus'] === 'string') {
    const base = values['readyStatus'] === 'True' ? 'Ready' : 'NotReady';
    values['status'] = unschedulable === 'true' ? `${base},SchedulingDisabled` : base;
  }
  return ready;
}

function fillNodeConditions(values: Record<string, RowValue>, conditions: readonly Condition[]): Condition | undefined {
  const PRESSURES: Readonly<Record<string, string>> = {
    MemoryPressure: 'memoryPressure',
    DiskPressure: 'diskPressure',
    PIDPressure: 'pidPressure',
    NetworkUnavailable: 'networkUnavailable',
  };
  let ready: Condition | undefined;
  for (const condition of conditions) {
    const name = PRESSURES[condition.type];
    if (name !== undefined && condition.status !== 'Unknown') {
      values[name] = condition.status === 'True';
    }
    if (condition.type === 'Ready') {
      ready = condition;
    }
  }
  const shown = ready ?? conditions.find((condition) => condition.status === 'Unknown');
  if (ready !== undefined) {
    values['readyStatus'] = ready.status;
    if (ready.status !== 'Unknown') values['ready'] = ready.status === 'True';
    if (ready.reason !== undefined) values['readyReason'] = ready.reason;
    if (ready.message !== undefined) values['readyMessage'] = ready.message;
  }
  const heartbeat = isoOf(shown?.heartbeat);
  const transition = isoOf(shown?.transition);
  if (heartbeat !== undefined) values['lastHeartbeat'] = heartbeat;
  if (transition !== undefined) values['lastTransition'] = transition;
  return ready;
}

/** Conditions of workloads in the short table: `Progressing  False  ProgressDeadlineExceeded`. */
function fillProgress(values: Record<string, RowValue>, kind: string, conditions: readonly Condition[]): void {
  if (kind === 'Deployment') {
    const progressing = conditions.find((condition) => condition.type === 'Progressing');
    if (progressing !== undefined) values['progressing'] = progressing.status === 'True';
  }
  if (kind === 'Job') {
    values['conditionsTrue'] = conditions.filter((one) => one.status === 'True').map((one) => one.type);
  }
}

/** The generic printer's form of an Event: `First Timestamp:  2025-08-09T22:57:54Z`, `Involved Object:` and below. */
function addDescribedEvent(doc: DocumentBuilder, at: number, top: readonly Entry[]): void {
  const object = (entry(top, 'Involved Object') ?? entry(top, 'Regarding'))?.children;
  const source = (entry(top, 'Source') ?? entry(top, 'Deprecated Source'))?.children;
  const message = entry(top, 'Message') ?? entry(top, 'Note');
  const time = (...keys: string[]) => {
    for (const key of keys) {
      const stamp = instantStamp(textOf(top, key) ?? '');
      if (stamp !== undefined) return stamp;
    }
    return undefined;
  };
  const count = textOf(top, 'Count');
  const created = instantStamp(textOf(entry(top, 'Metadata')?.children, 'Creation Timestamp') ?? '');
  addEvent(doc, {
    at: message?.at ?? at,
    type: textOf(top, 'Type'),
    reason: textOf(top, 'Reason') ?? '',
    message: [message?.value ?? '', ...(message?.texts ?? []).map(({ text }) => text)].join('\n'),
    kind: textOf(object, 'Kind'),
    name: textOf(object, 'Name'),
    namespace: textOf(object, 'Namespace') ?? textOf(top, 'Namespace'),
    component: textOf(source, 'Component') ?? textOf(top, 'Reporting Component'),
    host: textOf(source, 'Host'),
    fieldPath: textOf(object, 'Field Path'),
    count: count !== undefined && /^\d{1,9}$/u.test(count) ? Number(count) : undefined,
    first: time('First Timestamp', 'Event Time') ?? created,
    latest: time('Last Timestamp', 'Event Time') ?? created,
    eventName: textOf(top, 'Name'),
  });
}

/** Lines without a `Name:` before them: Events alone, condition rows, parts of a pod's description. */
function addExcerpt(doc: DocumentBuilder, from: number, to: number, asked: Owner): void {
  const conditions: Condition[] = [];
  let eventsAt: number | undefined;
  for (let at = from; at < to; at += 1) {
    const line = doc.line(at);
    if (/^\s*Events:\s*(?:<none>)?\s*$/u.test(line) || isEventHeader(line) || isEventRow(line)) {
      eventsAt ??= at;
      if (line.includes('Events:')) {
        doc.understood(at);
      }
      break;
    }
    const command = promptCommand(line);
    if (command !== undefined) {
      doc.understood(at);
      continue;
    }
    const said = parseKubectlMessage(line);
    if (said !== undefined) {
      doc.add({ at, kind: 'log', unit: 'kubectl', message: said.message, level: said.level, stamp: said.stamp });
      continue;
    }
    const condition = parseNodeCondition(line, at);
    if (condition !== undefined) {
      conditions.push(condition);
    } else if (/^\s*(?:Conditions:\s*$|Type\s+Status|----[\s-]+$)/u.test(line)) {
      doc.understood(at);
    }
  }
  const outlineEnd = eventsAt ?? to;
  if (conditions.length > 0) {
    const name = asked.kind === 'Node' ? (asked.name ?? doc.input.context.node) : doc.input.context.node;
    const values: Record<string, RowValue> = name === undefined ? {} : { name };
    const ready = fillNodeConditions(values, conditions);
    const bearer = ready ?? conditions[0];
    for (const condition of conditions) {
      addCondition(doc, condition, { node: name }, condition === bearer ? { kind: 'Node', values } : undefined);
    }
  } else {
    addPartOfPod(doc, from, outlineEnd, asked);
  }
  if (eventsAt !== undefined) {
    readEvents(doc, eventsAt, to, asked);
  }
}

/** Containers of a pod whose description lost its beginning. */
function addPartOfPod(doc: DocumentBuilder, from: number, to: number, asked: Owner): void {
  if (to <= from) {
    return;
  }
  const outline = readOutline((at) => (at < to ? doc.line(at) : ''), from, to);
  const hasContainers = containersIn(outline.top).length > 0 || entry(outline.top, 'Init Containers') !== undefined;
  const kind = kindOfOutline(outline.top);
  if (!hasContainers && (kind === undefined || kind === 'Pod' || outline.top.length < 4)) {
    return;
  }
  const name = asked.name ?? '';
  if (hasContainers) {
    const pod = readPod(outline.top);
    const named = name === '' ? undefined : `${asked.namespace ?? 'unknown'}/${name}`;
    doc.add({
      at: pod.telling ?? from,
      kind: 'describe',
      message: stateText('Pod', pod.values),
      namespace: asked.namespace,
      pod: named,
      node: pod.node,
      row: { kind: 'Pod', values: { ...(name === '' ? {} : { name }), ...pod.values } },
    });
    for (const container of pod.containers) {
      addContainerStates(doc, container, {
        kind: 'describe',
        namespace: asked.namespace,
        pod: named ?? 'unknown/unknown',
        node: pod.node,
      });
    }
    doc.belongs(from, outline.end - 1);
  }
}

/** `Last State: Terminated` with what stands below it, and little else: an excerpt from inside of a container. */
function isContainerPart(lines: readonly string[]): boolean {
  const hasState = lines.some(
    (line, at) =>
      /^ *(?:Last )?State: +(?:Waiting|Running|Terminated)\s*$/u.test(line) &&
      /^ +(?:Reason|Exit Code|Started): /u.test(lines[at + 1] ?? ''),
  );
  const keyed = lines.filter((line) => /^ *[A-Z][\w ()/-]{1,40}:(?: {2,}|$)/u.test(line)).length;
  return hasState && keyed >= lines.length * 0.5;
}

function sniffDescribe(sniff: Sniff): number {
  const { lines } = sniff;
  if (lines.length === 0) {
    return 0;
  }
  const first = lines.findIndex((line, index) => index < 6 && isDocumentStart(line));
  if (first >= 0) {
    const outline = lines
      .slice(first, first + 80)
      .filter((line) => /^ *[A-Z][\w ()/-]{1,60}:(?:\s|$)/u.test(line)).length;
    return outline >= 3 ? 0.96 : outline >= 2 ? 0.7 : 0;
  }
  const head = lines.slice(0, 400);
  const hasTitle = head.slice(0, 40).some((line) => /^Events:\s*$/u.test(line)) && head.some(isEventHeader);
  if (hasTitle) {
    return 0.95;
  }
  if (head.slice(0, 5).some(isEventHeader)) {
    return 0.94;
  }
  const rows = head.filter((line, index) => isEventRow(line) || parseNodeCondition(line, index) !== undefined).length;
  if (rows > 0 && rows >= head.length * 0.3) {
    return 0.9;
  }
  const isPart =
    head.some((line) => /^(?:Init )?Containers:\s*$/u.test(line)) &&
    head.some((line) => /^ {4}(?:State|Last State):\s+\w/u.test(line));
  return isPart || isContainerPart(head) ? 0.85 : 0;
}

export const kubectlDescribe: DocumentFormat = {
  kind: 'document',
  id: 'kubectl-describe',
  samples: [
    {
      path: 'describe-node.txt',
      text: `Name:               k8s-1
Roles:              control-plane
CreationTimestamp:  Thu, 10 Nov 2022 18:08:02 +0000
Taints:             node.kubernetes.io/unreachable:NoSchedule
Unschedulable:      false
Conditions:
  Type             Status   LastHeartbeatTime                 LastTransitionTime                Reason              Message
  ----             ------   -----------------                 ------------------                ------              -------
  Ready            Unknown  Thu, 10 Nov 2022 18:54:17 +0000   Thu, 10 Nov 2022 18:55:01 +0000   NodeStatusUnknown   Kubelet stopped posting node status.
Events:              <none>
`,
    },
    {
      path: 'describe-pod.txt',
      text: `Events:
  Type     Reason          Age                   From               Message
  ----     ------          ----                  ----               -------
  Normal   SandboxChanged  3m34s (x48 over 13m)  kubelet, worker-1  Pod sandbox changed, it will be killed and re-created.
`,
    },
  ],
  sniff: sniffDescribe,
  parse: parseDescribe,
};
