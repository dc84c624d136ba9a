/**
 * The Events section of `kubectl describe`, also without its title, its header or its indentation:
 *
 *     Events:
 *       Type     Reason     Age                From               Message
 *       ----     ------     ----               ----               -------
 *       Warning  Unhealthy  2m1s (x2 over 8m)  kubelet, node-1    Startup probe failed: Get "http://…"
 *
 * A message with line breaks goes on at column 0. Some copies hold tabs.
 */

import { type AgeForm, formOfAges, isAgeWord } from '../../time/age.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { addEvent, type EventData, parseOccurrences, parseSource } from '../documents/events.ts';
import { ageOrInstant } from '../documents/stamps.ts';
import { sliceAt } from '../tables/table.ts';

/** What the describe document is about. */
export interface Owner {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  /** Of pods: where the kubelet's Events come from. */
  readonly node?: string | undefined;
}

const AGE = '(?:<unknown>|<invalid>|(?:\\d{1,5}[smhdy]){1,3})';
const ROW = new RegExp(
  `^\\s*(Normal|Warning)\\s+(\\w[\\w.-]{1,80})\\s+(${AGE}(?: \\(x\\d+ over ${AGE}\\))?)(?:\\s+(\\S.*))?$`,
  'u',
);
/** kubectl up to 1.7: `FirstSeen LastSeen Count From SubObjectPath Type Reason Message`. */
const OLD_ROW = new RegExp(
  `^\\s*(${AGE})\\s+(${AGE})\\s+(\\d+)\\s+(\\{?[\\w./-]+(?:[, ]+[\\w.-]+)?\\}?)\\s+(?:(spec\\.\\S+)\\s+)?(Normal|Warning)\\s+(\\w[\\w.-]*)(?:\\s+(\\S.*))?$`,
  'u',
);
const HEADER = /^\s*(?:Type\s+Reason\s+Age\s+From\s+Message|FirstSeen\s+LastSeen\s+Count\s+From\s)/u;
const DASHES = /^\s*-{2,}(?:\s+-{2,}){3,}\s*$/u;

interface Row {
  readonly at: number;
  last: number;
  readonly type: string;
  readonly reason: string;
  readonly age: string;
  readonly from: string;
  message: string;
  readonly firstSeen?: string;
  readonly count?: number;
  readonly path?: string;
}

/** Does this line look like a row of an Events section? */
export function isEventRow(line: string): boolean {
  return line.length < 65_536 && (ROW.test(line.slice(0, 2000)) || OLD_ROW.test(line.slice(0, 2000)));
}

export function isEventHeader(line: string): boolean {
  return HEADER.test(line);
}

/**
 * Reads the rows between two lines (`to` not included) into records.
 *
 * @returns number of Events
 */
export function readEvents(doc: DocumentBuilder, from: number, to: number, owner: Owner): number {
  const rows: Row[] = [];
  let starts: readonly number[] | undefined;
  let hasHeader = false;
  for (let at = from; at < to; at += 1) {
    const line = doc.line(at);
    if (HEADER.test(line)) {
      hasHeader = true;
      doc.understood(at);
      continue;
    }
    if (DASHES.test(line)) {
      starts = line.includes('\t') ? undefined : [...line.matchAll(/-+/gu)].map((group) => group.index);
      doc.understood(at);
      continue;
    }
    const row = readRow(line, at, starts, hasHeader || rows.length > 0);
    const previous = rows.at(-1);
    if (row !== undefined) {
      rows.push(row);
    } else if (line.trim() !== '' && previous !== undefined && at - previous.last <= 3) {
      previous.message += `\n${line.trimEnd()}`;
      previous.last = at;
    }
  }
  const form = formOfAges(
    rows.flatMap((row) => [...row.age.split(/ \(x\d+ over |\)$/u), row.firstSeen ?? ''].filter((part) => part !== '')),
  );
  const known = owner.name === undefined ? ownerOfRows(rows, owner) : owner;
  for (const row of rows) {
    addEvent(doc, eventOf(row, known, form));
  }
  return rows.length;
}

const ASSIGNED = /^Successfully assigned (?:([a-z0-9-]{1,63})\/)?([a-z0-9.-]{1,253}) to (\S{1,253})$/u;
const NAMED_POD = /\bpod "([a-z0-9.-]{1,253})_([a-z0-9-]{1,63})\([0-9a-f-]{36}\)"/u;
const NAMED_NODE = /^Node (\S{1,253}) (?:status is now: |has been rebooted)/u;

/** Events that were pasted without their object still name it: they all belong to the same one. */
function ownerOfRows(rows: readonly Row[], owner: Owner): Owner {
  let found = owner;
  for (const { reason, message, from } of rows) {
    const assigned = reason === 'Scheduled' ? ASSIGNED.exec(message) : null;
    if (assigned !== null) {
      return { kind: 'Pod', name: assigned[2], namespace: assigned[1] ?? owner.namespace, node: assigned[3] };
    }
    const pod = owner.kind === 'Node' || !from.startsWith('kubelet') ? null : NAMED_POD.exec(message.slice(0, 4096));
    if (pod !== null && found.name === undefined && /^(?:FailedMount|FailedAttachVolume|FailedSync)$/u.test(reason)) {
      found = { ...owner, kind: 'Pod', name: pod[1], namespace: pod[2] };
    }
    const node = NAMED_NODE.exec(message);
    if (node !== null && found.name === undefined) {
      found = { kind: 'Node', name: node[1] };
    }
  }
  return found;
}

function readRow(line: string, at: number, starts: readonly number[] | undefined, isSure: boolean): Row | undefined {
  if (starts !== undefined && starts.length === 5 && !line.includes('\t')) {
    const indent = starts[0] ?? 0;
    const cells = line.slice(0, indent).trim() === '' ? sliceAt(line, [0, ...starts.slice(1)]) : undefined;
    const [type = '', reason = '', age = '', from = '', message = ''] = cells ?? [];
    if (
      /^[A-Z]\w*$/u.test(type) &&
      /^\w[\w.-]*$/u.test(reason) &&
      isAgeWord(age.replace(/ \(x\d+ over [^)]{1,20}\)$/u, '')) &&
      !from.includes('  ')
    ) {
      return { at, last: at, type, reason, age, from, message };
    }
  }
  const found = ROW.exec(line.slice(0, 65_536));
  if (found !== null) {
    const [, type = '', reason = '', age = '', rest = ''] = found;
    const [from, message] = splitSource(rest.trimEnd());
    return { at, last: at, type, reason, age, from, message };
  }
  const old = isSure || /\{|spec\./u.test(line) ? OLD_ROW.exec(line.slice(0, 65_536)) : null;
  if (old === null) {
    return undefined;
  }
  const [, firstSeen = '', age = '', count = '', from = '', path, type = '', reason = '', message = ''] = old;
  return {
    at,
    last: at,
    type,
    reason,
    age,
    from: from.replace(/^\{|\}$/gu, '').replace(/^([\w./-]+) (?=\S)/u, '$1, '),
    message: message.trimEnd(),
    firstSeen,
    count: Number(count),
    ...(path === undefined ? {} : { path }),
  };
}

/** `kubelet, node-1   Pulling image "x"` at a run of blanks or a tab; with one blank only, after the component. */
function splitSource(rest: string): readonly [from: string, message: string] {
  const wide = /^(\S+(?:, \S+)?(?: \S+)*?)(?: {2,}| ?\t\s*)(.*)$/su.exec(rest.slice(0, 400));
  if (wide !== null && (wide[1] ?? '').length <= 200) {
    const from = wide[1] ?? '';
    // Runs of blanks further right belong to the message.
    if (!from.includes(': ') && from.split(' ').length <= 3) {
      return [from, rest.slice(from.length).trim()];
    }
  }
  const narrow = /^([a-z][\w./-]*(?:, \S+)?)(?:\s+|$)/u.exec(rest);
  return narrow === null ? ['', rest] : [narrow[1] ?? '', rest.slice(narrow[0].length).trim()];
}

function eventOf(row: Row, owner: Owner, form: AgeForm): EventData {
  const seen = parseOccurrences(row.age, form);
  const source = parseSource(row.from);
  const host = source.host ?? (source.component === 'kubelet' ? owner.node : undefined);
  return {
    at: row.at,
    last: row.last,
    type: row.type,
    reason: row.reason,
    message: row.message,
    kind: owner.kind,
    name: owner.name,
    namespace: owner.namespace,
    component: source.component,
    host: host ?? (owner.kind === 'Node' ? owner.name : undefined),
    fieldPath: row.path,
    count: row.count ?? seen.count ?? 1,
    first: row.firstSeen === undefined ? (seen.first ?? seen.latest) : ageOrInstant(row.firstSeen, form),
    latest: seen.latest,
  };
}
