/**
 * Tables as Go's tabwriter prints them: upper-case header, columns padded with blanks, at least two or three between
 * them, the last cell free text.
 *
 *     NAMESPACE     NAME                       READY   STATUS             RESTARTS      AGE
 *     default       web-6c95785b9f-x9z         0/1     CrashLoopBackOff   4 (67s ago)   8m15s
 *
 * Rows are sliced at the starts of the header's names. Redaction, tabs and `-w` break that: such rows are split at
 * runs of blanks instead, with empty cells put where the types of the other cells leave room.
 */

export interface Column {
  readonly name: string;
  readonly start: number;
}

export type Cells = ReadonlyMap<string, string>;

/** Header names that hold a blank, and the short ones that may follow them after a single one. */
const SPACED_NAMES: readonly string[] = [
  'LAST SEEN',
  'FIRST SEEN',
  'NOMINATED NODE',
  'READINESS GATES',
  'NODE SELECTOR',
  'LAST SCHEDULE',
  'ACCESS MODES',
  'RECLAIM POLICY',
  'SOURCE KIND',
  'SOURCE NAME',
  'SECURITY IDENTITY',
  'ENDPOINT STATE',
  'ENDPOINT ID',
  'IDENTITY ID',
  'INGRESS ENFORCEMENT',
  'EGRESS ENFORCEMENT',
  'VISIBILITY POLICY',
  'SYNC STATUS',
  'HEALTH STATUS',
  'API SERVER AVAILABLE',
  'POD ID',
  'LAST CHANGE',
  'LAST EVENT',
  'LAST SUCCESS',
  'LAST ERROR',
  'IS LEADER',
  'IS LEARNER',
  'RAFT TERM',
  'RAFT INDEX',
  'RAFT APPLIED INDEX',
  'DB SIZE',
  'IN USE',
  'PEER ADDRS',
  'CLIENT ADDRS',
  'ALLOWED DISRUPTIONS',
  'MIN AVAILABLE',
  'MAX UNAVAILABLE',
  'OS IMAGE',
  'APP VERSION',
  'MOUNTED ON',
  'RUNTIME ENGINE',
  'PENDING CHANGES',
  'PRIVATE KEY',
  'LAST HEARTBEAT',
  'IMAGE ID',
];

const NAME = /^[A-Z](?:[A-Z0-9 %/_.:#-]|\([A-Za-z%]{1,10}\))*$/u;

/** Undefined when the line is no header: fewer than two upper-case names. */
export function parseHeader(line: string): readonly Column[] | undefined {
  if (line.length > 2000 || !/^\s*[A-Z]/u.test(line)) {
    return undefined;
  }
  const columns: Column[] = [];
  for (const found of line.matchAll(/\S+(?: \S+)*/gu)) {
    const chunk = found[0];
    if (chunk.length > 60 || !NAME.test(chunk)) {
      return undefined;
    }
    pushNames(chunk, found.index, columns);
  }
  return columns.length >= 2 && columns.length <= 60 ? columns : undefined;
}

/** `LAST SEEN TYPE` is two names: kubectl once padded with one blank only. */
function pushNames(chunk: string, start: number, columns: Column[]): void {
  const spaced = SPACED_NAMES.find((name) => chunk.startsWith(`${name} `));
  if (spaced !== undefined) {
    columns.push({ name: spaced, start });
    pushNames(chunk.slice(spaced.length + 1), start + spaced.length + 1, columns);
    return;
  }
  const space = chunk.indexOf(' ');
  const rest = space < 0 ? '' : chunk.slice(space + 1);
  if (space > 0 && SPACED_NAMES.some((name) => rest === name || rest.startsWith(`${name} `))) {
    columns.push({ name: chunk.slice(0, space), start });
    pushNames(rest, start + space + 1, columns);
    return;
  }
  columns.push({ name: chunk, start });
}

export interface RowRules {
  /** Does the cell fit its column? An empty one is asked too. */
  fits(column: string, cell: string): boolean;
  /** Columns that may be empty. */
  readonly emptiable: ReadonlySet<string>;
  /** Columns whose text may hold runs of blanks: it is never split. */
  readonly free: ReadonlySet<string>;
}

/** Cells by column name, or undefined when the row cannot be read under this header. */
export function parseRow(line: string, columns: readonly Column[], rules: RowRules): Cells | undefined {
  const text = line.length > 65_536 ? line.slice(0, 65_536) : line;
  return slice(text, columns, rules) ?? splitAtTabs(text, columns, rules) ?? split(text, columns, rules);
}

/** Cells cut at given starts; the last one takes the rest. Undefined when a start falls into a word. */
export function sliceAt(line: string, starts: readonly number[]): readonly string[] | undefined {
  // tabwriter counts code points.
  const chars = hasSurrogates(line) ? Array.from(line) : line;
  const cells: string[] = [];
  for (let i = 0; i < starts.length; i += 1) {
    const start = starts[i] ?? 0;
    const end = starts[i + 1] ?? chars.length;
    const before = start === 0 ? ' ' : chars[start - 1];
    if (start < chars.length && before !== ' ') {
      return undefined;
    }
    const part = chars.slice(start, end);
    cells.push((typeof part === 'string' ? part : part.join('')).trim());
  }
  return cells;
}

function hasSurrogates(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      return true;
    }
  }
  return false;
}

function slice(line: string, columns: readonly Column[], rules: RowRules): Cells | undefined {
  if (line.includes('\t')) {
    return undefined;
  }
  const starts = columns.map((column, index) => (index === 0 ? 0 : column.start));
  const parts = sliceAt(line, starts);
  if (parts === undefined) {
    return undefined;
  }
  const cells = new Map<string, string>();
  for (let i = 0; i < columns.length; i += 1) {
    const name = columns[i]?.name ?? '';
    const cell = parts[i] ?? '';
    const isFree = rules.free.has(name) && i >= columns.length - 4;
    if ((!isFree && i < columns.length - 1 && cell.includes('  ')) || !rules.fits(name, cell)) {
      return undefined;
    }
    cells.set(name, cell);
  }
  return cells;
}

/** Columns padded with blanks and parted by one tab each: two tabs in a row are an empty cell. */
function splitAtTabs(line: string, columns: readonly Column[], rules: RowRules): Cells | undefined {
  const parts = line.includes('\t') ? line.split('\t') : [];
  if (parts.length !== columns.length) {
    return undefined;
  }
  const cells = new Map(columns.map(({ name }, index) => [name, (parts[index] ?? '').trim()] as const));
  return [...cells].every(([name, cell]) => rules.fits(name, cell)) ? cells : undefined;
}

const MOST_GUESSES = 400;

/** Cells of a row whose columns do not stand under their names. */
function split(line: string, columns: readonly Column[], rules: RowRules): Cells | undefined {
  const parts: { readonly text: string; readonly start: number; readonly end: number }[] = [];
  for (const found of line.matchAll(/[^\s](?:[^\s]| (?! ))*/gu)) {
    parts.push({ text: found[0].trimEnd(), start: found.index, end: found.index + found[0].trimEnd().length });
    if (parts.length > 200) {
      break;
    }
  }
  const names = columns.map((column) => column.name);
  let guesses = 0;

  /** Assigns parts from `part` on to columns from `column` on. */
  function assign(column: number, part: number): readonly string[] | undefined {
    guesses += 1;
    if (guesses > MOST_GUESSES) {
      return undefined;
    }
    if (column === names.length) {
      return part >= parts.length ? [] : undefined;
    }
    const name = names[column] ?? '';
    const isLast = column === names.length - 1;
    const current = parts[part];
    if (current !== undefined) {
      const longest = rules.free.has(name) ? parts.length - part : 1;
      for (let taken = isLast ? longest : 1; taken >= 1 && taken <= longest; taken += isLast ? -1 : 1) {
        const text = taken === 1 ? current.text : line.slice(current.start, parts[part + taken - 1]?.end);
        if (rules.fits(name, text)) {
          const rest = assign(column + 1, part + taken);
          if (rest !== undefined) {
            return [text, ...rest];
          }
        }
      }
    }
    if ((rules.emptiable.has(name) || current === undefined) && rules.fits(name, '')) {
      const rest = assign(column + 1, part);
      return rest === undefined ? undefined : ['', ...rest];
    }
    return undefined;
  }

  if (parts.length < 2) {
    return undefined;
  }
  const cells = assign(0, 0);
  return cells === undefined ? undefined : new Map(names.map((name, index) => [name, cells[index] ?? '']));
}
