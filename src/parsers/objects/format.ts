/**
 * API objects as `kubectl get -o json` or `-o yaml`, raw API answers, watches and older dumps write them: single
 * objects, lists, bare arrays, several documents in a row, one object per line.
 */

import type { Stamp } from '../../model/index.ts';
import { createDocument, type DocumentBuilder } from '../documents/builder.ts';
import { invocationOf, parseKubectl } from '../documents/command.ts';
import { isClusterWide, kindOfPath } from '../documents/resources.ts';
import type { DocumentFormat, DocumentInput, DocumentResult, Sniff } from '../format.ts';
import { at, child, type DataNode, text } from './data.ts';
import { addEventObject, isEvent } from './event.ts';
import { addFragment, isFragment } from './fragment.ts';
import { type ListHead, readJson } from './json.ts';
import { addObject } from './object.ts';
import { splitJson } from './split-json.ts';
import { splitYaml } from './split-yaml.ts';
import { cutYaml, parseYaml } from './yaml.ts';

/** Collects what single objects and lists yield, for listings and the collection time. */
interface Reading {
  readonly doc: DocumentBuilder;
  readonly fallbackKind: string | undefined;
  /** Objects of a watch, until it is known which state is the last. */
  readonly watched: { readonly node: DataNode; readonly end: number; readonly isGone: boolean }[];
  readonly counts: Map<string, { rows: number; readonly namespaces: Set<string>; readonly at: number }>;
  newest: Stamp | undefined;
}

function startReading(input: DocumentInput): Reading {
  const kubectl = parseKubectl(invocationOf(input).command);
  return {
    doc: createDocument(input),
    fallbackKind: itemKind(input.part?.listKind) ?? kubectl?.kinds[0] ?? kindOfPath(input.path),
    watched: [],
    counts: new Map(),
    newest: undefined,
  };
}

/** A list's kind without its `List`; undefined for `List` itself. */
function itemKind(listKind: string | undefined): string | undefined {
  return listKind !== undefined && listKind !== 'List' && listKind.endsWith('List') ? listKind.slice(0, -4) : undefined;
}

const WATCH_TYPES: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

function take(reading: Reading, node: DataNode, end: number, listKind: string | undefined): void {
  const type = text(node, 'type');
  const inner = child(node, 'object');
  if (type !== undefined && WATCH_TYPES.has(type) && inner?.entries !== undefined) {
    if (type !== 'BOOKMARK') {
      reading.watched.push({ node: inner, end, isGone: type === 'DELETED' });
    } else {
      reading.doc.understood(reading.doc.lineOf(node.start));
    }
    return;
  }
  addOne(reading, node, end, listKind, true);
}

function addOne(reading: Reading, node: DataNode, end: number, listKind: string | undefined, isLatest: boolean): void {
  const { doc } = reading;
  const kind = text(node, 'kind') ?? itemKind(listKind);
  if (kind === 'Status' && text(node, 'message') !== undefined) {
    addStatus(doc, node, end);
    return;
  }
  const inner = at(node, 'items');
  if (kind?.endsWith('List') && inner?.items !== undefined) {
    for (const item of inner.items) addOne(reading, item, end, kind, isLatest);
    return;
  }
  if (isEvent(node, kind)) {
    const last = addEventObject(doc, node, end);
    count(reading, 'Event', node);
    reading.newest = newer(reading.newest, last);
    return;
  }
  const known = kind ?? (at(node, 'metadata') === undefined ? undefined : reading.fallbackKind);
  if (known === undefined || !/^[A-Z]\w{1,100}$/u.test(known)) {
    addFragment(doc, node, end);
    return;
  }
  const newest = addObject(doc, node, { end, kind: known, isLatest });
  count(reading, known, node);
  reading.newest = newer(reading.newest, newest);
}

function newer(a: Stamp | undefined, b: Stamp | undefined): Stamp | undefined {
  return a?.kind === 'instant' && b?.kind === 'instant' && a.epochMs >= b.epochMs ? a : (b ?? a);
}

function count(reading: Reading, kind: string, node: DataNode): void {
  const known = reading.counts.get(kind) ?? {
    rows: 0,
    namespaces: new Set<string>(),
    at: reading.doc.lineOf(node.start),
  };
  known.rows += 1;
  if (known.namespaces.size < 3) {
    const about = at(node, 'involvedObject') ?? at(node, 'regarding');
    known.namespaces.add(text(node, 'metadata.namespace') ?? text(node, 'namespace') ?? text(about, 'namespace') ?? '');
  }
  reading.counts.set(kind, known);
}

/** An error of the API server in the place of objects. */
function addStatus(doc: DocumentBuilder, node: DataNode, end: number): void {
  const message = at(node, 'message');
  const line = doc.lineOf(message?.start ?? node.start);
  doc.add({
    at: line,
    kind: 'log',
    unit: 'kubectl',
    message: String(message?.scalar ?? ''),
    level: text(node, 'status') === 'Failure' ? 'err' : 'info',
    fields: { reason: text(node, 'reason') },
  });
  doc.belongs(doc.lineOf(node.start), doc.lineOf(Math.max(0, end - 1)));
}

/** States of a watch, oldest first: only the last one of an object is its state at collection. */
function finishWatch(reading: Reading): void {
  const last = new Map<string, number>();
  const keyOf = (node: DataNode) =>
    text(node, 'metadata.uid') ??
    `${text(node, 'kind')}/${text(node, 'metadata.namespace') ?? ''}/${text(node, 'metadata.name') ?? ''}`;
  for (const [index, { node }] of reading.watched.entries()) {
    last.set(keyOf(node), index);
  }
  for (const [index, { node, end, isGone }] of reading.watched.entries()) {
    const isLast = last.get(keyOf(node)) === index;
    if (isEvent(node, text(node, 'kind')) && !isLast) {
      // The last state of an Event holds all its counts.
      reading.doc.belongs(reading.doc.lineOf(node.start), reading.doc.lineOf(Math.max(0, end - 1)));
      continue;
    }
    addOne(reading, node, end, undefined, isLast && !isGone);
  }
}

function finish(
  reading: Reading,
  isCut: boolean,
  lists: readonly { readonly kind: string | undefined; readonly items: number; readonly at: number }[],
): DocumentResult {
  const { doc } = reading;
  finishWatch(reading);
  const kubectl = parseKubectl(invocationOf(doc.input).command);
  const isFiltered = kubectl?.filtered ?? false;
  for (const [kind, { rows, namespaces, at: line }] of reading.counts) {
    const isList = lists.length > 0 || doc.input.part?.isList === true;
    doc.listing({
      kind,
      namespace: namespaceOf(doc, kind, namespaces, kubectl?.namespace),
      complete: isList && !isCut && !isFiltered && reading.watched.length === 0,
      rows,
      at: line,
    });
  }
  for (const { kind, items, at: line } of lists) {
    const named = itemKind(kind) ?? (kubectl?.kinds.length === 1 ? kubectl.kinds[0] : kindOfPath(doc.input.path));
    if (items === 0 && named !== undefined && !reading.counts.has(named)) {
      const asked = kubectl?.namespace ?? doc.input.context.namespace;
      doc.listing({
        kind: named,
        namespace: isClusterWide(named) ? 'all' : (asked ?? 'unknown'),
        complete: !isCut && !isFiltered,
        rows: 0,
        at: line,
      });
    }
  }
  doc.collectedAt(reading.newest);
  return doc.result('keep');
}

/** Objects of several namespaces come from a listing of all of them; of one only, nothing tells. */
function namespaceOf(
  doc: DocumentBuilder,
  kind: string,
  namespaces: ReadonlySet<string>,
  asked: string | undefined,
): string {
  if (isClusterWide(kind) || asked === 'all' || namespaces.size > 1) {
    return 'all';
  }
  const [only = ''] = namespaces;
  return asked ?? (only === '' ? (doc.input.context.namespace ?? 'unknown') : only);
}

export function parseJsonObjects(input: DocumentInput): DocumentResult {
  const reading = startReading(input);
  const { doc } = reading;
  const lists: { kind: string | undefined; items: number; at: number }[] = [];
  /** Items without a kind wait for the kind of their list, which may stand behind them. */
  const waiting: { node: DataNode; end: number; head: ListHead }[] = [];
  let isCut = false;
  const flush = () => {
    for (const { node, end, head } of waiting) {
      take(reading, node, end, head.kind);
    }
    waiting.length = 0;
  };
  readJson(input.text, {
    object(node, end, head) {
      if (
        head !== undefined &&
        head.kind === undefined &&
        text(node, 'kind') === undefined &&
        waiting.length < 100_000
      ) {
        waiting.push({ node, end, head });
      } else {
        take(reading, node, end, head?.kind ?? input.part?.listKind);
      }
    },
    list(head, end) {
      flush();
      isCut ||= !head.complete;
      lists.push({ kind: head.kind, items: head.items, at: doc.lineOf(head.start) });
      doc.understood(doc.lineOf(head.start));
      doc.belongs(doc.lineOf(head.start), doc.lineOf(Math.max(0, end - 1)));
    },
    garbage(start, end) {
      const word = input.text.slice(start, Math.min(end, start + 5)).trim();
      if (word === 'null') {
        lists.push({ kind: undefined, items: 0, at: doc.lineOf(start) });
        doc.understood(doc.lineOf(start));
      }
    },
    cut(offset) {
      isCut = true;
      doc.remark(
        'warning',
        'document-truncated',
        'The text ends inside of an object; the objects before it were read.',
        doc.lineOf(offset),
      );
      doc.belongs(doc.lineOf(offset), doc.lineCount - 1);
    },
  });
  flush();
  return finish(reading, isCut, lists);
}

export function parseYamlObjects(input: DocumentInput): DocumentResult {
  const reading = startReading(input);
  const { doc } = reading;
  const skip = doc.startOf(invocationOf(input).outputAt);
  for (let line = 0; line < invocationOf(input).outputAt; line += 1) {
    doc.understood(line);
  }
  const lists: { kind: string | undefined; items: number; at: number }[] = [];
  let isCut = false;
  const body = input.text;
  for (const part of cutYaml(body, Math.min(skip, body.length))) {
    const spans = part.kind === 'list' ? part.items : [{ start: part.start, end: part.end }];
    let kind: string | undefined;
    if (part.kind === 'list') {
      kind = part.head
        .map(({ start, end }) => /^kind: *(\w+)/mu.exec(body.slice(start, Math.min(end, start + 4096)))?.[1])
        .find((one) => one !== undefined);
      kind ??= input.part?.listKind;
      lists.push({ kind, items: part.items.length, at: doc.lineOf(part.start) });
      doc.understood(doc.lineOf(part.start));
    }
    for (const span of spans) {
      const piece = parseYaml(body, span.start, span.end);
      if (piece.node === undefined) {
        isCut ||= part.kind === 'list';
        doc.remark(
          'warning',
          'yaml-unread',
          `A YAML document could not be read (${piece.problem}).`,
          doc.lineOf(span.start),
        );
        continue;
      }
      const { node } = piece;
      const found = part.kind === 'list' && node.items !== undefined ? node.items : [node];
      for (const one of found) {
        if (one.entries !== undefined && one.entries.size > 0) {
          take(reading, one, span.end, kind);
        }
      }
    }
    if (part.kind === 'list') {
      doc.belongs(doc.lineOf(part.start), doc.lineOf(Math.max(part.start, part.end - 1)));
    }
  }
  for (let line = 0; line < doc.lineCount; line += 1) {
    if (!doc.isTaken(line) && /^(?:---|\.\.\.|#)/u.test(doc.line(line))) {
      doc.understood(line);
    }
  }
  return finish(reading, isCut, lists);
}

const OBJECT_KEY = /"(?:kind|apiVersion|items|Items|involvedObject|InvolvedObject|regarding|metadata|ObjectMeta)"\s*:/u;
const LOG_KEY = /"(?:__REALTIME_TIMESTAMP|_BOOT_ID|MESSAGE|msg|talos-level|stream|verdict|flow|lost_events)"\s*:/u;

function sniffJson(sniff: Sniff): number {
  const head = sniff.head.slice(0, 8192).trimStart();
  const bare = head.trim();
  if (bare === 'null' || bare === '[]' || bare === '{}') {
    return kindOfPath(sniff.path) === undefined ? 0 : 0.8;
  }
  if (!head.startsWith('{') && !head.startsWith('[')) {
    return 0;
  }
  if (head.includes('audit.k8s.io/')) {
    return 0;
  }
  const first = head.slice(0, Math.max(200, head.indexOf('\n') < 0 ? head.length : head.indexOf('\n')));
  const isLineObject = /^\{.*\}\s*$/su.test(first);
  if (isLineObject && LOG_KEY.test(first) && !/"(?:involvedObject|regarding)"\s*:/u.test(first)) {
    return 0;
  }
  return OBJECT_KEY.test(head) ? 0.95 : 0;
}

function sniffYaml(sniff: Sniff): number {
  const lines = sniff.lines.filter((line) => !line.startsWith('#') && line.trim() !== '---').slice(0, 60);
  const start = lines.findIndex((line) =>
    /^(?:apiVersion|kind|items|metadata):|^- (?:apiVersion|kind|count|metadata|eventTime|firstTimestamp|involvedObject):/u.test(
      line,
    ),
  );
  if (start < 0 || start > 2) {
    return isFragment(lines) ? 0.8 : 0;
  }
  const shaped = lines.slice(start).filter((line) => /^\s*(?:- )?["'\w./-]+:(?:\s|$)|^\s*- /u.test(line)).length;
  const isObject = lines.some((line) => /^ *(?:- )?(?:kind|metadata|involvedObject|items):/u.test(line));
  return isObject && shaped >= (lines.length - start) * 0.5 ? 0.95 : 0;
}

export const jsonObjects: DocumentFormat = {
  kind: 'document',
  id: 'kubernetes-json',
  samples: [
    {
      path: 'events.json',
      text: `{"kind":"EventList","apiVersion":"v1","metadata":{},"items":[
{"metadata":{"name":"app-1.185a3b5cc3137495","namespace":"default"},"involvedObject":{"kind":"Pod","namespace":"default","name":"app-1"},"reason":"BackOff","message":"Back-off restarting failed container","source":{"component":"kubelet","host":"node-1"},"firstTimestamp":"2025-08-09T22:57:54Z","lastTimestamp":"2025-08-09T23:07:54Z","count":25,"type":"Warning"}
]}
`,
    },
  ],
  sniff: sniffJson,
  parse: parseJsonObjects,
  split: splitJson,
};

export const yamlObjects: DocumentFormat = {
  kind: 'document',
  id: 'kubernetes-yaml',
  samples: [
    {
      path: 'events.yaml',
      text: `apiVersion: v1
items:
- apiVersion: v1
  count: 12
  eventTime: null
  firstTimestamp: "2025-01-31T02:09:24Z"
  involvedObject: {kind: Pod, namespace: kube-system, name: coredns-5d78c9869d-abcde}
  kind: Event
  lastTimestamp: "2025-01-31T02:57:54Z"
  reason: FailedCreatePodSandBox
  type: Warning
kind: List
`,
    },
  ],
  sniff: sniffYaml,
  parse: parseYamlObjects,
  split: splitYaml,
};
