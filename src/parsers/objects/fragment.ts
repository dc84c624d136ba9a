/**
 * Pieces of manifests without `apiVersion` and `kind`: a probe, the spec of a container, a list of images, the last
 * state of a container, cut out of an object and often indented as they stood there.
 *
 *     livenessProbe:                            image: registry.example/web:1.4
 *       initialDelaySeconds: 30                 image: registry.example/sidecar:2.0
 *       periodSeconds: 30
 *
 * Such a piece does not say whose it is: its rows have no name.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { endText, isoOf } from '../documents/containers.ts';
import { at, type DataNode, DEEPEST, number, text } from './data.ts';
import { putProbes, stateOf, type Values } from './rows.ts';

/** Keys that only API objects have, or that say what they mean wherever they stand. */
const TELLING =
  /^\s*(?:- )?(?:livenessProbe|readinessProbe|startupProbe|initialDelaySeconds|periodSeconds|failureThreshold|initContainers|containers|containerStatuses|imagePullPolicy|imagePullSecrets|terminationGracePeriodSeconds|volumeMounts|mountPath|persistentVolumeClaim|claimName|configMap|securityContext|hostNetwork|dnsPolicy|nodeSelector|tolerations|nodeAffinity|serviceAccountName|restartPolicy|lastState|restartCount|exitCode|storageClassName|accessModes|mountOptions|reclaimPolicy|matchLabels|podSelector):(?:\s|$)/u;
const PAIR = /^\s*(?:- )?["'\w./-]{1,253}:(?:\s|$)|^\s*- |^\s*[}\])]/u;

const IMAGE = /^\s*(?:- )?image:\s*["']?([\w.:/@-]{1,400})["']?\s*$/u;

/** Is every line of the shape of YAML, and does one of the keys come from the API? `lines` have no comments. */
export function isFragment(lines: readonly string[]): boolean {
  return (
    lines.length > 0 &&
    (lines.some((line) => TELLING.test(line)) || lines.every((line) => IMAGE.test(line))) &&
    lines.filter((line) => PAIR.test(line)).length >= lines.length * 0.9
  );
}

export function addFragment(doc: DocumentBuilder, node: DataNode, end: number): void {
  const first = doc.lineOf(node.start);
  const last = doc.lineOf(Math.max(0, end - 1));
  const before = doc.recordCount;
  addInner(doc, node, 0);
  // By lines: a list that someone filtered out repeats the key, and of equal keys a map keeps the last.
  for (let line = first; line <= last; line += 1) {
    const image = IMAGE.exec(doc.line(line).slice(0, 500))?.[1];
    if (image !== undefined) {
      doc.add({ at: line, kind: 'object', message: doc.line(line).trim(), row: { kind: 'Image', values: { image } } });
    }
  }
  if (doc.recordCount > before) {
    doc.belongs(first, last);
  }
}

function addInner(doc: DocumentBuilder, node: DataNode, depth: number): void {
  if (depth > DEEPEST) {
    return;
  }
  const { entries, items } = node;
  if (entries !== undefined) {
    addProbe(doc, node);
    addEnd(doc, node);
  }
  for (const inner of entries?.values() ?? []) {
    addInner(doc, inner, depth + 1);
  }
  for (const item of items ?? []) {
    addInner(doc, item, depth + 1);
  }
}

function named(node: DataNode): { readonly container?: string } {
  const container = text(node, 'name');
  return container === undefined ? {} : { container };
}

function addRow(doc: DocumentBuilder, from: DataNode, kind: string, values: Values, message?: string): void {
  const line = doc.lineOf(from.start);
  doc.add({ at: line, kind: 'object', message: message ?? doc.line(line).trim(), row: { kind, values } });
}

function addProbe(doc: DocumentBuilder, container: DataNode): void {
  const probe = at(container, 'livenessProbe');
  if (probe?.entries === undefined) {
    return;
  }
  const values: Values = { ...named(container) };
  putProbes(values, container);
  // Beside a probe alone nothing tells whether there is another one.
  if (at(container, 'startupProbe') !== undefined) values['hasStartupProbe'] = true;
  addRow(doc, at(probe, 'failureThreshold') ?? at(probe, 'periodSeconds') ?? probe, 'Probe', values);
}

/** `terminated:` of a container's state. */
function addEnd(doc: DocumentBuilder, state: DataNode): void {
  const terminated = at(state, 'terminated');
  const end = terminated === undefined ? undefined : stateOf(state, doc.lineOf, () => 0);
  if (terminated === undefined || end?.kind !== 'terminated') {
    return;
  }
  const values: Record<string, RowValue> = { state: 'terminated' };
  const put = (name: string, value: RowValue | undefined) => {
    if (value !== undefined) values[name] = value;
  };
  put('reason', end.reason);
  put('exitCode', number(terminated, 'exitCode'));
  put('started', isoOf(end.started));
  put('finished', isoOf(end.finished));
  const { started, finished } = end;
  if (started?.kind === 'instant' && finished?.kind === 'instant' && finished.epochMs >= started.epochMs) {
    values['ranMs'] = finished.epochMs - started.epochMs;
  }
  addRow(doc, at(terminated, 'exitCode') ?? at(terminated, 'reason') ?? terminated, 'Container', values, endText(end));
}
