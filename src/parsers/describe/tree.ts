/**
 * The outline of a `kubectl describe` document: keys with their values, nested by indentation.
 *
 *     Containers:
 *       app:
 *         State:          Waiting
 *           Reason:       CrashLoopBackOff
 *
 * Lines without a key belong to the key above them: list items, tables, values that continue.
 */

export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly at: number;
  readonly indent: number;
  readonly children: Entry[];
  /** Lines below it that have no key, trimmed on the right. */
  readonly texts: { readonly at: number; readonly text: string }[];
  /** Termination message: all its lines, the first one without its key. */
  readonly message?: readonly { readonly at: number; readonly text: string }[];
}

export interface Outline {
  readonly top: readonly Entry[];
  /** Index after the last line. */
  readonly end: number;
}

const KEY = /^( *)([^\s:][^:]{0,80}):(?:\s+(.*))?$/u;
const TERMINATED_KEY = /^ {6}(?:Exit Code|Signal|Started|Finished):/u;
const MESSAGE_KEY = /^ {6}Message:\s+(.*)$/u;
/** The kubelet keeps 4 KiB of a termination message, or 80 lines of log. */
const MOST_MESSAGE_LINES = 120;

/** `Name:` and a value at column 0: the first line of a document. */
export function isDocumentStart(line: string): boolean {
  return /^Name:(?: {2,}|\t+)\S/u.test(line);
}

/**
 * Reads one document from line `from` on.
 *
 * @param line - text of a line, empty beyond the last one
 * @param lineCount - number of lines of the whole file
 */
export function readOutline(line: (at: number) => string, from: number, lineCount: number): Outline {
  const top: Entry[] = [];
  const stack: Entry[] = [];
  let at = from;
  while (at < lineCount) {
    const text = line(at);
    if (at > from && isDocumentStart(text)) {
      break;
    }
    const message = terminationMessage(line, at, lineCount, stack);
    if (message !== undefined) {
      const parent = stack.findLast((entry) => entry.indent < 6);
      parent?.children.push({
        key: 'Message',
        value: message[0]?.text ?? '',
        at,
        indent: 6,
        children: [],
        texts: [],
        message,
      });
      at += message.length;
      continue;
    }
    const current = stack[0];
    if (current !== undefined && RAW_SECTIONS.has(current.key) && !isTopKey(text)) {
      current.texts.push({ at, text: text.trimEnd() });
      at += 1;
      continue;
    }
    if (current?.key === 'Events' && current.indent === 0) {
      current.texts.push({ at, text: text.trimEnd() });
      at += 1;
      continue;
    }
    const entry = parseEntry(text, at);
    if (entry === undefined) {
      if (text.trim() !== '') {
        const indent = text.length - text.trimStart().length;
        const owner = stack.findLast((candidate) => candidate.indent < indent) ?? stack.at(-1);
        owner?.texts.push({ at, text: text.trimEnd() });
      }
      at += 1;
      continue;
    }
    while ((stack.at(-1)?.indent ?? -1) >= entry.indent) {
      stack.pop();
    }
    (stack.at(-1)?.children ?? top).push(entry);
    stack.push(entry);
    at += 1;
  }
  return { top, end: at };
}

/** Sections whose lines are a table: `key: value` in their messages is no key. */
const RAW_SECTIONS: ReadonlySet<string> = new Set(['Conditions', 'Non-terminated Pods', 'Allocated resources']);

function isTopKey(text: string): boolean {
  return /^[A-Z][\w ()/-]{1,60}:(?:\s|$)/u.test(text);
}

function parseEntry(text: string, at: number): Entry | undefined {
  if (text.length > 65_536) {
    return undefined;
  }
  const colon = text.indexOf(':');
  if (colon < 0) {
    return undefined;
  }
  const after = text.charCodeAt(colon + 1);
  const isKey = colon > 0 && colon < 100 && (Number.isNaN(after) || after === 32 || after === 9);
  const found = isKey ? KEY.exec(text.slice(0, 4096)) : null;
  if (found === null) {
    return undefined;
  }
  const key = found[2] ?? '';
  if (key.includes('  ') || key.includes('\t') || /^[-"'[{(]/u.test(key)) {
    return undefined;
  }
  const value = (found[3] === undefined ? '' : text.slice(colon + 1)).trim();
  return { key, value, at, indent: (found[1] ?? '').length, children: [], texts: [] };
}

/**
 * A terminated container's `Message:` is printed raw: its later lines stand at column 0, hold anything, and end at
 * the next state detail. Undefined when no such detail follows.
 */
function terminationMessage(
  line: (at: number) => string,
  at: number,
  lineCount: number,
  stack: readonly Entry[],
): readonly { readonly at: number; readonly text: string }[] | undefined {
  const state = stack.findLast((entry) => entry.indent < 6);
  if (
    state === undefined ||
    (state.key !== 'State' && state.key !== 'Last State') ||
    state.value.startsWith('Waiting')
  ) {
    return undefined;
  }
  const first = MESSAGE_KEY.exec(line(at));
  if (first === null) {
    return undefined;
  }
  const lines = [{ at, text: first[1] ?? '' }];
  for (let next = at + 1; next < lineCount && next <= at + MOST_MESSAGE_LINES; next += 1) {
    const text = line(next);
    if (TERMINATED_KEY.test(text)) {
      return lines;
    }
    lines.push({ at: next, text });
  }
  return lines.slice(0, 1);
}

/** First entry of a key; keys are compared without regard to case. */
export function entry(entries: readonly Entry[] | undefined, key: string): Entry | undefined {
  const wanted = key.toLowerCase();
  return entries?.find((candidate) => candidate.key.toLowerCase() === wanted);
}

/** Value of a key; undefined when absent, empty or `<none>` and the like. */
export function textOf(entries: readonly Entry[] | undefined, key: string): string | undefined {
  const value = entry(entries, key)?.value;
  return value === undefined || value === '' || /^<(?:none|unset|unknown|nil|no value)>$/u.test(value)
    ? undefined
    : value;
}

/** A field of several values: `Labels:`, `Taints:`: the first on the key's line, the others below it. */
export function listOf(entries: readonly Entry[] | undefined, key: string): readonly string[] | undefined {
  const found = entry(entries, key);
  if (found === undefined) {
    return undefined;
  }
  const below = [
    ...found.texts.map(({ at, text }) => ({ at, text })),
    ...found.children.map((child) => ({ at: child.at, text: `${child.key}: ${child.value}` })),
  ];
  const values = [found.value, ...below.toSorted((a, b) => a.at - b.at).map(({ text }) => text.trim())];
  return values.filter((value) => value !== '' && value !== '<none>');
}
