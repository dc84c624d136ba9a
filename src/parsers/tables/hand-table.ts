/**
 * Tables that no known program prints: put together by hand, by a script or by a chat tool. Columns are parted by two
 * blanks, tabs or bars; headers are in any case. Known names of columns are read as the ones of kubectl, the rest is
 * kept as fields.
 *
 *     restarts  podAge   lastRestart   pod
 *           47   18.1h      18m ago    apps/web-84bf655c4c-p5n6q    Completed
 *
 *     | Node   | Status   | Message                |
 *     |--------|----------|------------------------|
 *     | node-2 | NotReady | Kubelet stopped posting |
 */

import type { RowValue, Stamp } from '../../model/index.ts';
import { barCells, isBarRule } from '../components/bars.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { kindOfResource } from '../documents/resources.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { POD_STATUS, rowOfCells } from './columns.ts';

/** Letters of a header to the column of kubectl that means the same. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['POD', 'pod podname pods'],
    ['NAME', 'name'],
    ['NAMESPACE', 'namespace ns'],
    ['NODE', 'node nodename'],
    ['RESTARTS', 'restarts restartcount restart numrestarts'],
    ['AGE', 'age podage nodeage uptime'],
    ['LAST RESTART', 'lastrestart lastrestarted restarted'],
    ['STATUS', 'status state phase podstatus nodestatus'],
    ['REASON', 'reason lastreason terminationreason laststate'],
    ['EXIT', 'exitcode exit lastexitcode'],
    ['READY', 'ready'],
    ['MESSAGE', 'message msg error'],
    ['IP', 'ip podip'],
    ['VERSION', 'version kubeletversion'],
  ].flatMap(([column = '', names = '']) => names.split(' ').map((name) => [name, column] as const)),
);
const MOST_LINE = 2000;
const MOST_COLUMNS = 20;
const HEADER_CELL = /^[\p{L}#][\p{L}\d _./()#%-]{0,39}$/u;

interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Cells of a line, or undefined for lines that are no row. */
function cellsOf(line: string): readonly Cell[] | undefined {
  if (line.length > MOST_LINE) {
    return undefined;
  }
  const bars = barCells(line);
  if (bars !== undefined) {
    return bars.map((text, index) => ({ text, start: index, end: index + 1 }));
  }
  const cells: Cell[] = [];
  for (const { 0: text, index } of line.matchAll(/[^\s](?:[^\s]| (?=[^\s]))*/gu)) {
    cells.push({ text, start: index, end: index + text.length });
  }
  return cells;
}

/** `+---+---+`, `|---|:--:|`, `-----  -----`: below or around a header. */
function isRule(line: string): boolean {
  return isBarRule(line) || /^[\s|:+=-]*[=-]{2}[\s|:+=-]*$/u.test(line.slice(0, MOST_LINE));
}

function columnOf(header: string): string | undefined {
  return NAMES.get(header.replace(/[^\p{L}]/gu, '').toLowerCase());
}

interface Header {
  readonly at: number;
  readonly names: readonly Cell[];
  readonly isBars: boolean;
}

/** Two known columns, or one of the pods and nodes that a table is about and whatever else. */
function headerOf(line: string, at: number): Header | undefined {
  const names = cellsOf(line);
  if (names === undefined || names.length < 2 || names.length > MOST_COLUMNS) {
    return undefined;
  }
  const isBars = barCells(line) !== undefined;
  const filled = names.filter(({ text }) => text !== '');
  if (filled.length < 2 || !filled.every(({ text }) => HEADER_CELL.test(text))) {
    return undefined;
  }
  const known = new Set(filled.flatMap(({ text }) => columnOf(text) ?? []));
  return known.size >= 2 && [...known].some((name) => name !== 'MESSAGE' && name !== 'VERSION')
    ? { at, names, isBars }
    : undefined;
}

/** Texts by header; what stands behind the last column is under the empty name. */
function assign(cells: readonly Cell[], { names, isBars }: Header): ReadonlyMap<string, string> | undefined {
  const row = new Map<string, string>();
  if (isBars || cells.length === names.length || cells.length === names.length + 1) {
    for (const [index, { text }] of cells.entries()) {
      row.set(names[index]?.text ?? '', text);
    }
    return cells.length > names.length + 1 ? undefined : row;
  }
  if (cells.length > names.length) {
    return undefined;
  }
  // Some cells are empty: each text belongs to the header that it stands below, or is nearest to.
  for (const { text, start, end } of cells) {
    let best: { readonly name: string; readonly distance: number } | undefined;
    for (const name of names) {
      const gap = Math.max(0, Math.max(start, name.start) - Math.min(end, name.end));
      const overlap = Math.max(0, Math.min(end, name.end) - Math.max(start, name.start));
      const distance = gap - overlap / 1000;
      if (best === undefined || distance < best.distance) best = { name: name.text, distance };
    }
    if (best === undefined || row.has(best.name)) {
      return undefined;
    }
    row.set(best.name, text);
  }
  return row;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `18.1h`, `18m ago`, `2 days`, `3h20m`: the last digit that is written is the width of what it can mean. */
function looseAge(text: string): { readonly ageMs: number; readonly unitMs: number } | undefined {
  const words = text.trim().toLowerCase().replace(/ ago$/u, '');
  if (words.length > 40 || !/^(?:\d{1,6}(?:\.\d{1,3})? ?[a-z]{1,8} ?){1,4}$/u.test(words)) {
    return undefined;
  }
  let ageMs = 0;
  let unitMs = 1000;
  for (const [, digits = '', word = ''] of words.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/gu)) {
    const unit = /^(?:[smhdw]|secs?|seconds?|mins?|minutes?|hours?|hrs?|days?|weeks?)$/u.test(word)
      ? UNITS[word.charAt(0)]
      : undefined;
    if (unit === undefined) {
      return undefined;
    }
    ageMs += Number(digits) * unit;
    unitMs = unit / 10 ** (digits.split('.')[1]?.length ?? 0);
  }
  return { ageMs: Math.round(ageMs), unitMs: Math.max(1, Math.round(unitMs)) };
}

/** Words for how a container ended; any other word behind a row means what the table does not say. */
const ENDS =
  /^(?:Completed|Error|OOMKilled|ContainerCannotRun|StartError|DeadlineExceeded|Evicted|ContainerStatusUnknown)$/u;

/** What a table is about; undefined where its columns do not tell. */
function kindOf(columns: ReadonlySet<string>): 'Pod' | 'Node' | undefined {
  if (columns.has('POD') || (columns.has('NAME') && columns.has('RESTARTS'))) {
    return 'Pod';
  }
  return columns.has('NODE') && (columns.has('STATUS') || columns.has('READY') || columns.has('VERSION'))
    ? 'Node'
    : undefined;
}

function addRow(doc: DocumentBuilder, at: number, row: ReadonlyMap<string, string>): void {
  const cells = new Map<string, string>();
  for (const [header, text] of row) {
    const column = columnOf(header);
    if (column !== undefined && text !== '') cells.set(column, text);
  }
  const kind = kindOf(new Set([...row.keys()].flatMap((header) => columnOf(header) ?? [])));
  const name = cells.get(kind === 'Node' ? 'NODE' : cells.has('POD') ? 'POD' : 'NAME') ?? '';
  const [owner = '', own] = name.split('/');
  const isQualified = own !== undefined && kindOfResource(owner) !== kind;
  const namespace = cells.get('NAMESPACE') ?? (isQualified ? owner : doc.input.context.namespace);
  const fields = Object.fromEntries([...row].filter(([header]) => header !== ''));
  const common = { at, kind: 'row', message: doc.line(at).trim(), fields } as const;
  const isName = /^[a-z0-9][a-z0-9.-]{0,252}$/u.test(own ?? owner);
  if (kind === undefined || !isName) {
    doc.add(common);
    return;
  }
  cells.set('NAME', name);
  if (kind === 'Node') cells.delete('NAMESPACE');
  const values: Record<string, RowValue> = {
    ...(rowOfCells(cells, { kind, namespace: kind === 'Node' ? undefined : namespace, ageForm: 'either' })?.values ??
      {}),
  };
  const age = looseAge(cells.get('AGE') ?? '');
  const restarted = looseAge(cells.get('LAST RESTART') ?? '');
  if (age !== undefined) values['ageMs'] = age.ageMs;
  if (kind === 'Pod') {
    if (restarted !== undefined) values['lastRestartMs'] = restarted.ageMs;
    addEnding(values, cells, row.get(''));
  }
  const stamp: Stamp | undefined = age === undefined ? undefined : { kind: 'age', ...age };
  const bare = own ?? owner;
  doc.add({
    ...common,
    stamp,
    namespace: kind === 'Pod' ? namespace : undefined,
    pod: kind === 'Pod' ? `${namespace ?? 'unknown'}/${bare}` : undefined,
    node: kind === 'Node' ? bare : typeof values['node'] === 'string' ? values['node'] : undefined,
    row: { kind, values },
  });
}

/** How the container of a pod ended, by columns or by a word behind the last one. */
function addEnding(
  values: Record<string, RowValue>,
  cells: ReadonlyMap<string, string>,
  trailing: string | undefined,
): void {
  const exit = /^-?\d{1,4}$/u.exec(cells.get('EXIT') ?? '')?.[0];
  const reason = cells.get('REASON') ?? trailing;
  const hasRestarted = typeof values['restarts'] === 'number' && values['restarts'] > 0;
  if (exit !== undefined) values['lastExitCode'] = Number(exit);
  if (reason !== undefined && ENDS.test(reason) && hasRestarted) {
    values['lastReason'] = reason;
  } else if (trailing !== undefined && values['status'] === undefined && POD_STATUS.test(trailing)) {
    values['status'] = trailing;
  }
}

function readTables(doc: DocumentBuilder, from: number): void {
  let header: Header | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    if (line.trim() === '') {
      continue;
    }
    if (isRule(line)) {
      doc.understood(at);
      continue;
    }
    const next = headerOf(line, at);
    if (next !== undefined) {
      header = next;
      doc.understood(at);
      continue;
    }
    const cells = header === undefined ? undefined : cellsOf(line);
    const row = header === undefined || cells === undefined ? undefined : assign(cells, header);
    if (row !== undefined && row.size >= 2) {
      addRow(doc, at, row);
    }
  }
}

export const handTable = outputFormat({
  id: 'table',
  samples: [
    {
      path: 'restarts.txt',
      text: `restarts  podAge   lastRestart   pod
      47   18.1h      18m ago    apps/web-84bf655c4c-p5n6q    Completed
      35   19.7h      17m ago    data/store-574d674bf8-x2v9q  Error
`,
    },
    {
      path: 'nodes.md',
      text: `| Node   | Status   | Message                 |
|--------|----------|-------------------------|
| node-1 | Ready    |                         |
| node-2 | NotReady | Kubelet stopped posting |
`,
    },
  ],
  rate(lines) {
    const at = lines.slice(0, 6).findIndex((line) => headerOf(line, 0) !== undefined);
    const header = at < 0 ? undefined : headerOf(lines[at] ?? '', 0);
    const rows = lines.slice(at + 1, at + 60).filter((line) => !isRule(line));
    if (header === undefined || rows.length === 0) {
      return 0;
    }
    const fitting = rows.filter((line) => (assign(cellsOf(line) ?? [], header)?.size ?? 0) >= 2).length;
    return fitting >= rows.length * 0.8 ? 0.72 : 0;
  },
  read: readTables,
});
