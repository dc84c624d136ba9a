/** Event objects of core/v1 and events.k8s.io/v1, in whichever capitals. */

import type { Stamp } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { addEvent } from '../documents/events.ts';
import { instantStamp } from '../documents/stamps.ts';
import { at, type DataNode, lastLine, number, text } from './data.ts';

export function isEvent(node: DataNode, kind: string | undefined): boolean {
  if (kind !== undefined && kind !== 'Event') {
    return false;
  }
  const isAudit = text(node, 'apiVersion')?.startsWith('audit.k8s.io') ?? false;
  const about = at(node, 'involvedObject') ?? at(node, 'regarding');
  return !isAudit && (about !== undefined || (kind === 'Event' && text(node, 'reason') !== undefined));
}

/** @returns last time, which proves that the collection came later */
export function addEventObject(doc: DocumentBuilder, node: DataNode, end: number): Stamp | undefined {
  const about = at(node, 'involvedObject') ?? at(node, 'regarding');
  const source = at(node, 'source') ?? at(node, 'deprecatedSource');
  const message = at(node, 'message') ?? at(node, 'note');
  const time = (...paths: string[]) => {
    for (const path of paths) {
      const stamp = instantStamp(text(node, path) ?? '');
      if (stamp !== undefined) {
        return stamp;
      }
    }
    return undefined;
  };
  const created = time('metadata.creationTimestamp', 'creationTimestamp');
  const latest = time('series.lastObservedTime', 'lastTimestamp', 'deprecatedLastTimestamp', 'eventTime') ?? created;
  const first = time('firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime') ?? created;
  const start = node.start;
  const lineAt = doc.lineOf(message?.start ?? start);
  const last = doc.lineOf(Math.max(0, end - 1));
  const column = columnOf(doc, lineAt, start, message?.start ?? start);
  addEvent(doc, {
    at: lineAt,
    last: lastLine(message, doc.lineOf),
    column,
    type: text(node, 'type'),
    reason: text(node, 'reason') ?? '',
    message: String(message?.scalar ?? '').trimEnd(),
    kind: text(about, 'kind'),
    name: text(about, 'name'),
    namespace:
      text(about, 'namespace') ??
      text(node, 'metadata.namespace') ??
      text(node, 'namespace') ??
      doc.input.context.namespace,
    component: text(source, 'component') ?? text(node, 'reportingComponent') ?? text(node, 'reportingController'),
    host: text(source, 'host') ?? hostOf(node),
    fieldPath: text(about, 'fieldPath'),
    uid: text(about, 'uid'),
    created: text(node, 'metadata.creationTimestamp'),
    count: number(node, 'series.count') ?? number(node, 'count') ?? number(node, 'deprecatedCount') ?? 1,
    first,
    latest,
    eventName: text(node, 'metadata.name') ?? text(node, 'name'),
  });
  doc.belongs(doc.lineOf(start), last);
  return latest;
}

/** The kubelet reports itself as instance by the name of its node. */
function hostOf(node: DataNode): string | undefined {
  const component = text(node, 'reportingComponent') ?? text(node, 'reportingController');
  const instance = text(node, 'reportingInstance');
  return component === 'kubelet' ? instance : undefined;
}

/** Where the stored text of a long line begins: at the object, or shortly before its message when that is far in. */
export function columnOf(doc: DocumentBuilder, line: number, start: number, telling: number): number {
  const lineStart = doc.startOf(line);
  if (start < lineStart) {
    return Math.max(0, telling - lineStart - 200);
  }
  return telling - start < 2000 ? start - lineStart : telling - lineStart - 200;
}
