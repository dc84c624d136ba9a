/**
 * Rows without a header: `--no-headers`, `grep`, one row pasted into a ticket. Recognised by the types of their cells.
 */

import { isAgeWord } from '../../time/age.ts';
import { POD_STATUS } from './columns.ts';
import type { Cells } from './table.ts';

const AGE = '(?:<unknown>|<invalid>|(?:\\d{1,5}[smhdy]){1,3})';
const DNS = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';

const EVENT = new RegExp(
  `^\\s*(?:(?<ns>[a-z0-9-]+)\\s{2,})?(?<last>${AGE}(?: \\(x\\d+ over ${AGE}\\))?)\\s{2,}(?<type>Normal|Warning)\\s{2,}(?<reason>\\w[\\w.-]*)\\s{2,}(?<object>[\\w.]+\\/\\S+)\\s{2,}(?<rest>.*)$`,
  'u',
);
const WIDE_TAIL = new RegExp(`^(?<mid>.*?)\\s{2,}(?<first>${AGE})\\s{2,}(?<count>\\d+)\\s{2,}(?<name>\\S+)\\s*$`, 'u');
const POD = new RegExp(
  `^\\s*(?:(?<ns>${DNS})\\s+)?(?:pods?/)?(?<name>${DNS})\\s+(?<ready>\\d+/\\d+)\\s+(?<status>[A-Z][\\w:/.-]*)\\s+(?<restarts>\\d+(?: \\(\\S+ ago\\))?)\\s+(?<age>${AGE})(?:\\s+(?<ip><none>|[\\da-f.:]+)\\s+(?<node>\\S+)(?:\\s+.*)?)?\\s*$`,
  'u',
);
const NODE = new RegExp(
  `^\\s*(?:nodes?/)?(?<name>${DNS})\\s+(?<status>(?:Ready|NotReady|Unknown)(?:,[A-Za-z]+)*)\\s+(?<roles><none>|[\\w,./-]+)\\s+(?<age>${AGE})\\s+(?<version>v\\d\\S*)(?:\\s+(?<ip><none>|[\\da-f.:]+)\\s.*)?\\s*$`,
  'u',
);

export interface BareRow {
  readonly kind: 'Event' | 'Pod' | 'Node';
  readonly cells: Cells;
}

export function parseBareRow(line: string): BareRow | undefined {
  const text = line.length > 16_384 ? line.slice(0, 16_384) : line;
  // A cheap look before three patterns: each needs an age and one of these words or a fraction.
  const pod = text.length < 2000 && /\d\/\d/u.test(text) ? POD.exec(text)?.groups : undefined;
  if (pod !== undefined && POD_STATUS.test(pod['status'] ?? '')) {
    return row('Pod', {
      NAMESPACE: pod['ns'],
      NAME: pod['name'],
      READY: pod['ready'],
      STATUS: pod['status'],
      RESTARTS: pod['restarts'],
      AGE: pod['age'],
      IP: pod['ip'],
      NODE: pod['node'],
    });
  }
  const node = text.length < 2000 && text.includes('Ready') ? NODE.exec(text)?.groups : undefined;
  if (node !== undefined) {
    return row('Node', {
      NAME: node['name'],
      STATUS: node['status'],
      ROLES: node['roles'],
      AGE: node['age'],
      VERSION: node['version'],
      'INTERNAL-IP': node['ip'],
    });
  }
  const event = /\b(?:Normal|Warning)\b/u.test(text.slice(0, 400)) ? EVENT.exec(text)?.groups : undefined;
  if (event === undefined) {
    return undefined;
  }
  const rest = event['rest'] ?? '';
  const wide = WIDE_TAIL.exec(rest)?.groups;
  const base = {
    NAMESPACE: event['ns'],
    'LAST SEEN': event['last'],
    TYPE: event['type'],
    REASON: event['reason'],
    OBJECT: event['object'],
  };
  if (wide === undefined) {
    return row('Event', { ...base, MESSAGE: rest.trim() });
  }
  const middle = splitMiddle(wide['mid'] ?? '');
  return row('Event', { ...base, ...middle, 'FIRST SEEN': wide['first'], COUNT: wide['count'], NAME: wide['name'] });
}

/** `[SUBOBJECT] [SOURCE] MESSAGE` of a wide row. */
function splitMiddle(text: string): Record<string, string | undefined> {
  let rest = text.trim();
  let subobject: string | undefined;
  let source: string | undefined;
  const path = /^((?:spec|status)\.\S+)\s{2,}/u.exec(rest);
  if (path !== null) {
    subobject = path[1];
    rest = rest.slice(path[0].length);
  }
  const component = /^([a-z][\w./-]*(?:, [\w.-]+)?)\s{2,}/u.exec(rest);
  if (component !== null) {
    source = component[1];
    rest = rest.slice(component[0].length);
  }
  return { SUBOBJECT: subobject, SOURCE: source, MESSAGE: rest };
}

function row(kind: BareRow['kind'], cells: Readonly<Record<string, string | undefined>>): BareRow {
  return {
    kind,
    cells: new Map(Object.entries(cells).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

/**
 * Columns of a table whose header is missing and whose order is the user's own, judged by what stands in them:
 * pod lists that someone printed with custom columns. Undefined unless one column holds nothing but pod states.
 */
export function inferPodColumns(rows: readonly string[]): readonly string[] | undefined {
  const split = rows.slice(0, 50).map((line) => line.trim().split(/ {2,}|\t+/u));
  const width = Math.min(...split.map((cells) => cells.length));
  if (split.length === 0 || width < 3 || width > 12) {
    return undefined;
  }
  const column = (index: number) => split.map((cells) => cells[index] ?? '');
  const names: (string | undefined)[] = Array.from({ length: width });
  const isAll = (cells: readonly string[], test: (cell: string) => boolean) => cells.every(test);
  for (let i = 0; i < width; i += 1) {
    const cells = column(i);
    const is = (test: (cell: string) => boolean) => isAll(cells, test);
    if (is((cell) => POD_STATUS.test(cell)) && !names.includes('STATUS')) names[i] = 'STATUS';
    else if (is((cell) => /^\d+\/\d+$/u.test(cell))) names[i] = 'READY';
    else if (is(isAgeWord)) names[i] = 'AGE';
    else if (is((cell) => /^\d{1,6}(?: \(\S+ ago\))?$/u.test(cell))) names[i] = 'RESTARTS';
    else if (is((cell) => /^(?:<none>|\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+)$/u.test(cell))) names[i] = 'IP';
    else if (i === width - 1 && cells.some((cell) => cell.includes(' '))) names[i] = 'MESSAGE';
  }
  if (!names.includes('STATUS')) {
    return undefined;
  }
  const dns = (cell: string) => /^[a-z0-9][a-z0-9.-]{0,252}$/u.test(cell);
  const free = names.flatMap((name, index) => (name === undefined && isAll(column(index), dns) ? [index] : []));
  const different = (index: number) => new Set(column(index)).size;
  // The pod's name has the random ending of its owner, or else the most different values.
  const generated = (index: number) => column(index).filter((cell) => /-[a-z0-9]{5}$|-\d+$/u.test(cell)).length;
  const nameAt = free.toSorted((a, b) => generated(b) - generated(a) || different(b) - different(a) || a - b)[0];
  if (nameAt === undefined) {
    return undefined;
  }
  names[nameAt] = 'NAME';
  const statusAt = names.indexOf('STATUS');
  for (const index of free.filter((at) => at !== nameAt)) {
    if (index < statusAt && !names.includes('NAMESPACE')) names[index] = 'NAMESPACE';
    else if (index > statusAt && !names.includes('NODE')) names[index] = 'NODE';
  }
  return names.map((name, index) => name ?? `COLUMN ${index + 1}`);
}
