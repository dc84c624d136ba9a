/**
 * Output of `kubectl get`, `kubectl events`, `kubectl top` and of tools that print the same tables (`flux get`).
 * One file may hold several tables, with or without headers, and what kubectl says of itself between them.
 */

import type { Row, Stamp } from '../../model/index.ts';
import { type AgeForm, formOfAges } from '../../time/age.ts';
import { createDocument, type DocumentBuilder, type Draft } from '../documents/builder.ts';
import { bareCommand, invocationOf, type KubectlCommand, parseKubectl, promptCommand } from '../documents/command.ts';
import {
  addEvent,
  captureTime,
  type EventData,
  parseObject,
  parseOccurrences,
  parseSource,
} from '../documents/events.ts';
import { isClusterWide, kindOfPath, kindOfResource } from '../documents/resources.ts';
import { ageOrInstant } from '../documents/stamps.ts';
import type { DocumentFormat, DocumentInput, DocumentResult, Sniff } from '../format.ts';
import { inferPodColumns, parseBareRow } from './bare-rows.ts';
import { kindOfColumns, kindOfSourceUrl, numberOf, rowOfCells, rulesOf } from './columns.ts';
import { isPowershellTail, parseKubectlMessage } from './messages.ts';
import { type Cells, type Column, parseHeader, parseRow, type RowRules } from './table.ts';

interface PendingRow {
  readonly at: number;
  last: number;
  readonly cells: Cells;
  /** Lines that a raw newline in the message pushed to column 0. */
  readonly more: string[];
  /** Of rows without a header. */
  readonly kind: string | undefined;
}

interface Table {
  readonly at: number;
  readonly columns: readonly Column[] | undefined;
  readonly kind: string | undefined;
  readonly rules: RowRules | undefined;
  readonly rows: PendingRow[];
  unread: number;
}

interface Section {
  readonly kubectl: KubectlCommand | undefined;
  readonly command: string | undefined;
  hasError: boolean;
}

export function parseKubectlOutput(input: DocumentInput): DocumentResult {
  const doc = createDocument(input);
  const invocation = invocationOf(input);
  let section: Section = {
    command: invocation.command,
    kubectl: parseKubectl(invocation.command),
    hasError: false,
  };
  let table: Table | undefined;
  for (let at = 0; at < invocation.outputAt; at += 1) {
    doc.understood(at);
  }
  for (let at = invocation.outputAt; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    if (line.trim() === '') {
      continue;
    }
    const command = promptCommand(line) ?? (table === undefined ? bareCommand(line) : undefined);
    if (command !== undefined) {
      finishTable(doc, table, section);
      table = undefined;
      section = { command, kubectl: parseKubectl(command), hasError: false };
      doc.understood(at);
      continue;
    }
    const said = parseKubectlMessage(line);
    if (said !== undefined && !(table?.columns !== undefined && table.rows.length > 0 && said.kind === 'note')) {
      section.hasError ||= said.kind === 'error';
      addMessage(doc, at, said, section);
      while (isPowershellTail(doc.line(at + 1))) {
        at += 1;
        doc.belongs(at);
      }
      continue;
    }
    const columns = parseHeader(line);
    if (columns !== undefined && isTableHeader(columns, table)) {
      finishTable(doc, table, section);
      const names = columns.map((column) => column.name);
      const kind = kindOfTable(names, doc, at, section);
      table = { at, columns, kind, rules: rulesOf(kind, names), rows: [], unread: 0 };
      doc.understood(at);
      continue;
    }
    table = addLine(doc, table, at, line, section);
  }
  finishTable(doc, table, section);
  return doc.result('keep');
}

/** A row of upper-case words is a header only where its names are known or nothing better is there. */
function isTableHeader(columns: readonly Column[], table: Table | undefined): boolean {
  const names = columns.map((column) => column.name);
  return kindOfColumns(names) !== undefined || names.some((name) => KNOWN_NAMES.has(name)) || table === undefined;
}

const KNOWN_NAMES: ReadonlySet<string> = new Set([
  'NAME',
  'NAMESPACE',
  'AGE',
  'STATUS',
  'READY',
  'LAST SEEN',
  'REASON',
  'MESSAGE',
  'NODE',
  'PHASE',
  'CREATED',
  'TIME',
  'KIND',
  'OBJECT',
]);

function addLine(
  doc: DocumentBuilder,
  table: Table | undefined,
  at: number,
  line: string,
  section: Section,
): Table | undefined {
  if (table?.columns !== undefined && table.rules !== undefined) {
    const cells = parseRow(line, table.columns, table.rules);
    if (cells !== undefined && !isContinuation(line, cells, table)) {
      table.rows.push({ at, last: at, cells, more: [], kind: undefined });
      return table;
    }
  }
  const bare = parseBareRow(line);
  if (bare !== undefined) {
    const target = table ?? { at, columns: undefined, kind: bare.kind, rules: undefined, rows: [], unread: 0 };
    target.rows.push({ at, last: at, cells: bare.cells, more: [], kind: bare.kind });
    return target;
  }
  const previous = table?.rows.at(-1);
  if (table !== undefined && previous !== undefined && table.kind === 'Event' && at - previous.last <= 3) {
    previous.more.push(line);
    previous.last = at;
    return table;
  }
  if (table === undefined) {
    return inferredTable(doc, at, section);
  }
  table.unread += 1;
  return table;
}

/** Under an events header with the user's own columns nearly every line can be sliced: a row begins with a time. */
function isContinuation(line: string, cells: Cells, table: Table): boolean {
  if (table.kind !== 'Event' || table.rows.length === 0) {
    return false;
  }
  const first = table.rows[0]?.cells;
  for (const column of ['LAST SEEN', 'LASTSEEN', 'TYPE', 'REASON', 'OBJECT']) {
    if (first?.get(column) !== undefined && first.get(column) !== '' && (cells.get(column) ?? '') === '') {
      return !/^\s/u.test(line) || cells.get('MESSAGE') === '';
    }
  }
  return false;
}

/** A table without any header whose rows are pods under the user's own columns. */
function inferredTable(doc: DocumentBuilder, at: number, section: Section): Table | undefined {
  const lines: string[] = [];
  for (let i = at; i < doc.lineCount && lines.length < 50; i += 1) {
    const line = doc.line(i);
    if (line.trim() === '') {
      break;
    }
    lines.push(line);
  }
  const names = inferPodColumns(lines);
  if (names === undefined) {
    return undefined;
  }
  const columns = names.map((name) => ({ name, start: Number.MAX_SAFE_INTEGER }));
  const table: Table = { at, columns, kind: 'Pod', rules: rulesOf('Pod', names), rows: [], unread: 0 };
  // Whatever printed it chose what to print.
  section.hasError = true;
  return addLine(doc, table, at, doc.line(at), section);
}

/** The header's kind; else the command's, the names' or the path's. */
function kindOfTable(names: readonly string[], doc: DocumentBuilder, at: number, section: Section): string | undefined {
  const byColumns = kindOfColumns(names);
  const nameColumn = names.indexOf('NAME');
  const firstCells = doc
    .line(at + 1)
    .trim()
    .split(/ {2,}|\t+/u);
  const prefix = nameColumn < 0 ? undefined : /^([a-z][a-z.\d]*)\//u.exec(firstCells[nameColumn] ?? '')?.[1];
  const byPrefix = prefix === undefined ? undefined : kindOfResource(prefix);
  const byCommand = section.kubectl?.kinds.length === 1 ? section.kubectl.kinds[0] : fluxKind(section.command);
  const urlColumn = names.indexOf('URL');
  if (byPrefix !== undefined && byColumns !== 'Event') {
    return byPrefix;
  }
  if (byCommand === 'ReplicationController') {
    return byCommand;
  }
  if (byColumns !== undefined) {
    return byColumns;
  }
  if (byCommand !== undefined) {
    return byCommand;
  }
  const byPath = kindOfPath(doc.input.path);
  if (byPath !== undefined && byPath !== 'Pod') {
    return byPath;
  }
  if (urlColumn >= 0 && names.includes('READY')) {
    return kindOfSourceUrl(firstCells.find((cell) => /^(?:\w+:\/\/|git@)/u.test(cell)) ?? '');
  }
  return byPath !== undefined && names.includes('STATUS') ? byPath : undefined;
}

/** `flux get kustomizations -A`, `flux get sources git`. */
function fluxKind(command: string | undefined): string | undefined {
  const found = /^flux\s+get\s+(?:(?:sources?\s+)?(\w+))/u.exec(command ?? '')?.[1];
  const sources: Readonly<Record<string, string>> = {
    git: 'GitRepository',
    helm: 'HelmRepository',
    oci: 'OCIRepository',
    chart: 'HelmChart',
  };
  return found === undefined ? undefined : (sources[found] ?? kindOfResource(found));
}

/** What Flux prints tells its kinds apart where neither header nor command does. */
function fluxKindOfMessage(cells: Cells): string | undefined {
  const message = cells.get('MESSAGE') ?? cells.get('STATUS') ?? '';
  if (!cells.has('READY')) {
    return undefined;
  }
  if (
    /^(?:Applied revision|kustomize build failed|Reconciliation in progress|dependency '|Source artifact not found)/u.test(
      message,
    )
  ) {
    return 'Kustomization';
  }
  if (
    /^(?:Release reconciliation|Helm (?:install|upgrade|test|rollback|uninstall)|HelmChart '|install retries|upgrade retries)/u.test(
      message,
    )
  ) {
    return 'HelmRelease';
  }
  return /^pulled '/u.test(message) ? 'HelmChart' : undefined;
}

function namespaceOf(cells: Cells, doc: DocumentBuilder, section: Section): string | undefined {
  const cell = cells.get('NAMESPACE') ?? cells.get('NS');
  if (cell !== undefined && cell !== '' && !cell.startsWith('<')) {
    return cell;
  }
  const asked = section.kubectl?.namespace;
  return asked !== undefined && asked !== 'all' ? asked : doc.input.context.namespace;
}

function finishTable(doc: DocumentBuilder, table: Table | undefined, section: Section): void {
  if (table === undefined) {
    return;
  }
  const form = formOfAges(table.rows.slice(0, 2000).flatMap(agesOf));
  if (table.kind === 'Event') {
    finishEvents(doc, table, section, form);
  } else {
    finishRows(doc, table, section, form);
  }
}

function agesOf(row: PendingRow): string[] {
  const ages: string[] = [];
  for (const column of ['AGE', 'LAST SEEN', 'FIRST SEEN', 'LASTSEEN', 'FIRSTSEEN']) {
    const cell = row.cells.get(column);
    if (cell !== undefined) {
      ages.push(...cell.split(/ \(x\d+ over |\)$/u).filter((part) => part !== ''));
    }
  }
  return ages;
}

function finishEvents(doc: DocumentBuilder, table: Table, section: Section, form: AgeForm): void {
  const clocks: { eventName: string; firstSeen: string }[] = [];
  for (const row of table.rows) {
    const event = eventOfCells(row, namespaceOf(row.cells, doc, section), form);
    addEvent(doc, event);
    const firstSeen = row.cells.get('FIRST SEEN');
    if (event.eventName !== undefined && firstSeen !== undefined) {
      clocks.push({ eventName: event.eventName, firstSeen });
    }
  }
  doc.collectedAt(captureTime(clocks, form));
  addListing(doc, table, section, 'Event');
}

/** Columns of the tables of every kubectl, and of custom columns under usual names. */
function eventOfCells(row: PendingRow, namespace: string | undefined, form: AgeForm): EventData {
  const { cells } = row;
  const get = (...names: string[]) => {
    for (const name of names) {
      const cell = cells.get(name);
      if (cell !== undefined && cell !== '' && !/^<(?:none|nil|unknown|unset)>$/u.test(cell)) {
        return cell;
      }
    }
    return undefined;
  };
  const seen = parseOccurrences(get('LAST SEEN', 'LASTSEEN', 'LAST', 'TIME', 'LASTTIMESTAMP', 'TIMESTAMP') ?? '', form);
  const firstSeen = get('FIRST SEEN', 'FIRSTSEEN', 'FIRST', 'FIRSTTIMESTAMP');
  const object = parseObject(get('OBJECT') ?? '');
  const oldKind = get('KIND');
  const name = get('NAME');
  // In old tables NAME and KIND are the object's; where OBJECT stands, NAME is the Event's own.
  const isOld = oldKind !== undefined && object.name === undefined;
  const eventName = isOld ? undefined : name;
  const oldName = isOld ? (name ?? '').replace(/\.[0-9a-f]{14,16}$/u, '') : undefined;
  const message = [get('MESSAGE', 'MSG', 'NOTE') ?? '', ...row.more].join('\n');
  const count = numberOf(get('COUNT'));
  return {
    at: row.at,
    last: row.last,
    type: get('TYPE'),
    reason: get('REASON') ?? '',
    message,
    kind: isOld ? (kindOfResource(oldKind) ?? oldKind) : object.kind,
    name: oldName ?? object.name,
    namespace,
    ...parseSource(get('SOURCE', 'FROM', 'COMPONENT')),
    fieldPath: get('SUBOBJECT'),
    count: seen.count ?? count,
    first: firstSeen === undefined ? seen.first : ageOrInstant(firstSeen, form),
    latest: seen.latest,
    eventName: eventName ?? (isOld && name !== oldName ? name : undefined),
  };
}

function finishRows(doc: DocumentBuilder, table: Table, section: Section, form: AgeForm): void {
  const drafts: { readonly draft: Draft; readonly key: string | undefined }[] = [];
  const lastOf = new Map<string, number>();
  for (const row of table.rows) {
    const kind = row.kind ?? kindOfRow(row.cells, table.kind);
    const namespace = isClusterWide(kind) ? undefined : namespaceOf(row.cells, doc, section);
    const state = rowOfCells(row.cells, { kind, namespace, ageForm: form });
    const draft = draftOfRow(doc, row, state, namespace, ageOrInstant(row.cells.get('AGE') ?? '', form));
    const key = state === undefined ? undefined : `${kind}/${namespace ?? ''}/${String(state.values['name'])}`;
    if (key !== undefined) {
      lastOf.set(key, drafts.length);
    }
    drafts.push({ draft, key });
  }
  // `get -w` prints an object again at each change: only the last state is the one at collection.
  for (const [index, { draft, key }] of drafts.entries()) {
    if (key !== undefined && lastOf.get(key) !== index) {
      const { row: _earlier, ...rest } = draft;
      doc.add(rest);
    } else {
      doc.add(draft);
    }
  }
  const kind =
    table.kind ?? (table.columns === undefined ? undefined : kindOfResource(section.kubectl?.kinds[0] ?? ''));
  if (kind !== undefined) {
    addListing(doc, table, section, kind);
  }
}

function kindOfRow(cells: Cells, kind: string | undefined): string {
  const prefix = /^([a-z][a-z.\d]*)\//u.exec(cells.get('NAME') ?? '')?.[1];
  const byPrefix = prefix === undefined ? undefined : kindOfResource(prefix);
  return byPrefix ?? kind ?? fluxKindOfMessage(cells) ?? 'Object';
}

/** @param created - when the object was made: the time of a state row */
function draftOfRow(
  doc: DocumentBuilder,
  row: PendingRow,
  state: Row | undefined,
  namespace: string | undefined,
  created: Stamp | undefined,
): Draft {
  const name = state?.values['name'];
  const node = state?.values['node'];
  const isPod = state?.kind === 'Pod';
  return {
    at: row.at,
    last: row.last,
    kind: 'row',
    message: doc.line(row.at).trim(),
    stamp: created,
    namespace,
    pod: isPod ? `${namespace ?? 'unknown'}/${String(name)}` : undefined,
    node: state?.kind === 'Node' ? String(name) : typeof node === 'string' ? node : undefined,
    row: state,
  };
}

/** Rows that name no other namespace than this one may still be all there are: only `-A` and a NAMESPACE column say so. */
function addListing(doc: DocumentBuilder, table: Table, section: Section, kind: string): void {
  const { kubectl } = section;
  const hasNamespaces = table.columns?.some((column) => column.name === 'NAMESPACE') ?? false;
  const namespace =
    isClusterWide(kind) || kubectl?.namespace === 'all' || (hasNamespaces && kubectl?.namespace === undefined)
      ? 'all'
      : (kubectl?.namespace ?? doc.input.context.namespace ?? 'unknown');
  const isPiped = kubectl === undefined && /\||\bgrep\b/u.test(section.command ?? '');
  doc.listing({
    kind,
    namespace,
    complete:
      table.columns !== undefined &&
      table.rows.length > 0 &&
      table.unread === 0 &&
      !section.hasError &&
      !(kubectl?.filtered ?? false) &&
      !isPiped &&
      !isCut(doc, table),
    rows: table.rows.length,
    at: table.at,
  });
}

/** The document ends inside of the table's last row. */
function isCut(doc: DocumentBuilder, table: Table): boolean {
  const lastRow = table.rows.at(-1);
  const lastColumn = table.columns?.at(-1)?.name;
  return (
    lastRow !== undefined &&
    lastColumn !== undefined &&
    lastRow.last === doc.lineCount - 1 &&
    !doc.input.text.endsWith('\n') &&
    lastRow.cells.get(lastColumn) === ''
  );
}

function addMessage(
  doc: DocumentBuilder,
  at: number,
  said: NonNullable<ReturnType<typeof parseKubectlMessage>>,
  section: Section,
): void {
  doc.add({
    at,
    kind: 'log',
    unit: 'kubectl',
    message: said.message,
    level: said.level,
    stamp: said.stamp,
    namespace: said.namespace ?? section.kubectl?.namespace?.replace(/^all$/u, ''),
    fields: { kind: said.resource, name: said.name },
  });
  if (said.kind !== 'empty' && said.kind !== 'error') {
    return;
  }
  const kinds =
    section.kubectl !== undefined && section.kubectl.kinds.length > 0
      ? section.kubectl.kinds
      : [said.resource ?? kindOfPath(doc.input.path)];
  for (const kind of kinds) {
    if (kind !== undefined) {
      const asked = section.kubectl?.namespace ?? doc.input.context.namespace;
      doc.listing({
        kind,
        namespace:
          said.namespace ??
          (isClusterWide(kind) || (said.kind === 'empty' && asked === undefined) ? 'all' : (asked ?? 'unknown')),
        complete: said.kind === 'empty' && !(section.kubectl?.filtered ?? false),
        rows: 0,
        at,
      });
    }
  }
}

function sniffTable(sniff: Sniff): number {
  let seen = 0;
  let said = 0;
  for (let at = 0; at < sniff.lines.length && at < 12; at += 1) {
    const line = sniff.lines[at] ?? '';
    if (parseKubectlMessage(line) !== undefined) {
      said += 1;
      continue;
    }
    const columns = parseHeader(line);
    const names = columns?.map((column) => column.name) ?? [];
    const kind = kindOfColumns(names);
    if (columns !== undefined && (kind !== undefined || names.some((name) => KNOWN_NAMES.has(name)))) {
      const rules = rulesOf(kind, names);
      const rows = sniff.lines.slice(at + 1, at + 21);
      const fitting = rows.filter((row) => parseRow(row, columns, rules) !== undefined).length;
      if (kind === 'Container' || kind === 'Sandbox') {
        return 0;
      }
      if (rows.length === 0 || kind === 'Event' || fitting >= rows.length * 0.3) {
        return kind === undefined ? 0.8 : 0.95;
      }
      return 0.3;
    }
    seen += 1;
    if (seen > 4) {
      break;
    }
  }
  const sample = sniff.lines.slice(0, 100);
  if (sample.length === 0) {
    return 0;
  }
  const bare = sample.filter((line) => parseBareRow(line) !== undefined).length;
  if (bare + said >= sample.length * 0.6) {
    return 0.9;
  }
  return sample.length >= 2 && inferPodColumns(sample) !== undefined ? 0.75 : 0;
}

export const kubectlTable: DocumentFormat = {
  kind: 'document',
  id: 'kubectl-table',
  samples: [
    {
      path: 'pods.txt',
      text: `$ kubectl get pods -A -o wide
NAMESPACE     NAME                          READY   STATUS              RESTARTS       AGE     IP           NODE    NOMINATED NODE   READINESS GATES
kube-system   coredns-5d78c9869d-abcde      0/1     ContainerCreating   0              56m     <none>       k8s-1   <none>           <none>
default       web-6c95785b9f-x9z            0/1     CrashLoopBackOff    4 (67s ago)    8m15s   10.0.1.15    k8s-1   <none>           <none>
`,
    },
    {
      path: 'events.txt',
      text: `LAST SEEN             TYPE      REASON             OBJECT           MESSAGE
2m4s (x12 over 30m)   Warning   BackOff            Pod/counted      Back-off  restarting   failed container
<unknown>             Normal    Scheduled          Pod/unknown      Successfully assigned
`,
    },
    {
      path: 'top.txt',
      text: `NAME   CPU(cores)   CPU%        MEMORY(bytes)   MEMORY%     
n1     3880m        97%         3900Mi          47%         
n2     <unknown>    <unknown>   <unknown>       <unknown>   
`,
    },
  ],
  sniff: sniffTable,
  parse: parseKubectlOutput,
};

/** A file that holds nothing but kubectl's own words. */
export const kubectlMessages: DocumentFormat = {
  kind: 'document',
  id: 'kubectl-messages',
  samples: [
    {
      path: 'cluster/nodes.txt',
      text: 'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n',
    },
    { path: 'pods.txt', text: 'No resources found in default namespace.\n' },
  ],
  sniff(sniff) {
    const lines = sniff.lines.filter(
      (line, index) => !(index === 0 && (promptCommand(line) ?? bareCommand(line)) !== undefined),
    );
    const isAll =
      lines.length > 0 &&
      lines.length <= 200 &&
      lines.every((line) => parseKubectlMessage(line) !== undefined || isPowershellTail(line));
    return isAll ? 0.97 : 0;
  },
  parse: parseKubectlOutput,
};
