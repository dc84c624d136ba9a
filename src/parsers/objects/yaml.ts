/**
 * YAML as kubectl and Go's marshaller write it, with the offset of each value. Block maps and lists, plain, quoted
 * and block scalars are read here, line by line; whatever else stands in a piece (flow collections, tags, comments
 * in odd places) goes to the `yaml` package with aliases turned off.
 */

import { createRequire } from 'node:module';
import { type DataNode, DEEPEST, LONGEST_SCALAR, SKIPPED_KEYS } from './data.ts';

type YamlPackage = typeof import('yaml');
const require = createRequire(import.meta.url);

/** Loaded on use: most bundles never need it, and it costs as much as reading a small one. */
function yamlPackage(): YamlPackage {
  return require('yaml') as YamlPackage;
}

/** A piece that is larger than this and needs the whole language is left unread. */
const MOST_FOR_PACKAGE = 4 << 20;

export type YamlPiece =
  | { readonly node: DataNode }
  | { readonly node: undefined; readonly problem: 'too-large' | 'not-yaml' | 'too-deep' };

/** Parses `text` between two offsets as one YAML value. */
export function parseYaml(text: string, start: number, end: number): YamlPiece {
  const quick = parseBlocks(text, start, end);
  if (quick !== undefined) {
    return { node: quick };
  }
  if (end - start > MOST_FOR_PACKAGE) {
    return { node: undefined, problem: 'too-large' };
  }
  if (isTooDeep(text, start, end)) {
    return { node: undefined, problem: 'too-deep' };
  }
  try {
    const document = yamlPackage().parseDocument(text.slice(start, end).replace(/^( *)\t+/gmu, '$1'), {
      schema: 'core',
      strict: false,
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const node = fromPackage(document.contents, { text, base: start }, 0);
    return node === undefined ? { node: undefined, problem: 'not-yaml' } : { node };
  } catch {
    // Nesting that exhausts the stack of the package.
    return { node: undefined, problem: 'too-deep' };
  }
}

/** No object is nested so deep; the package takes a kilobyte for each level, and its stack ends somewhere. */
const MOST_BRACKETS = 500;

/** Are brackets nested too deep, in one line or over lines that begin with one? */
function isTooDeep(text: string, start: number, end: number): boolean {
  let over = 0;
  let inLine = 0;
  let isFlow = false;
  let isBegin = true;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      over = isFlow ? Math.max(0, over + inLine) : over;
      inLine = 0;
      isFlow = false;
      isBegin = true;
    } else if (code === 91 || code === 123) {
      inLine++;
      isFlow ||= isBegin;
      isBegin = false;
      if (inLine > MOST_BRACKETS || over + (isFlow ? inLine : 0) > MOST_BRACKETS) {
        return true;
      }
    } else if (code === 93 || code === 125) {
      inLine--;
      isFlow ||= isBegin;
      isBegin = false;
    } else if (code !== 32 && code !== 45) {
      isBegin = false;
    }
  }
  return false;
}

interface Read {
  readonly text: string;
  /** Offset in the text at which the package began to read. */
  readonly base: number;
}

function fromPackage(node: unknown, read: Read, depth: number): DataNode | undefined {
  const { isAlias, isMap, isScalar, isSeq } = yamlPackage();
  const { text, base } = read;
  if (depth > DEEPEST || node === null || node === undefined || isAlias(node)) {
    return undefined;
  }
  if (isScalar(node)) {
    const { value } = node;
    const start = base + (node.range?.[0] ?? 0);
    if (value === null || value === undefined) return { start, scalar: null };
    if (typeof value === 'boolean') return { start, scalar: value };
    if (typeof value === 'number') {
      return {
        start,
        scalar: Number.isSafeInteger(value) || !Number.isInteger(value) ? value : (node.source ?? String(value)),
      };
    }
    const scalar = String(value).slice(0, LONGEST_SCALAR);
    const end = base + (node.range?.[1] ?? 0);
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const breaks = text.indexOf('\n', start);
    if (breaks < 0 || breaks >= end - 1) return { start, scalar };
    // The header of a block stands above its text.
    return { start: isBlock ? breaks + 1 : start, end, isLiteral: node.type === 'BLOCK_LITERAL', scalar };
  }
  if (isMap(node)) {
    const entries = new Map<string, DataNode>();
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (key !== undefined && !SKIPPED_KEYS.has(key)) {
        const keyStart = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
        entries.set(key, fromPackage(pair.value, read, depth + 1) ?? { start: base + keyStart, scalar: null });
      }
    }
    return { start: base + (node.range?.[0] ?? 0), entries };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => fromPackage(item, read, depth + 1)).filter((item) => item !== undefined);
    return { start: base + (node.range?.[0] ?? 0), items };
  }
  return undefined;
}

interface Lines {
  readonly text: string;
  /** Offsets of line starts, and one past the end. */
  readonly starts: readonly number[];
  /** Blanks before the text; -1 for blank lines and comments. */
  readonly indents: readonly number[];
}

interface Parsed {
  readonly node: DataNode;
  /** Index of the first line after it. */
  readonly next: number;
}

/** Undefined when the piece holds anything beyond the block style. */
function parseBlocks(text: string, start: number, end: number): DataNode | undefined {
  const starts: number[] = [];
  const indents: number[] = [];
  let at = start;
  while (at < end) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline >= end ? end : newline;
    let column = at;
    while (column < stop && text.charCodeAt(column) === 32) {
      column += 1;
    }
    const code = column < stop ? text.charCodeAt(column) : 13;
    if (code === 9) {
      return undefined;
    }
    starts.push(at);
    indents.push(code === 13 || code === 35 ? -1 : column - at);
    at = stop + 1;
  }
  starts.push(at);
  const lines: Lines = { text, starts, indents };
  const first = nextLine(lines, 0);
  if (first < 0) {
    return { start, scalar: null };
  }
  const parsed = parseNode(lines, first, indents[first] ?? 0, 0);
  return parsed !== undefined && nextLine(lines, parsed.next) < 0 ? parsed.node : undefined;
}

/** The next line with content from `from` on, or -1. */
function nextLine(lines: Lines, from: number): number {
  for (let i = from; i < lines.indents.length; i += 1) {
    if ((lines.indents[i] ?? -1) >= 0) {
      return i;
    }
  }
  return -1;
}

/** Text of a line from a column on, without the line's end. */
function rest(lines: Lines, i: number, column: number): string {
  const start = (lines.starts[i] ?? 0) + column;
  let end = (lines.starts[i + 1] ?? 0) - 1;
  while (end > start && (lines.text.charCodeAt(end - 1) === 13 || lines.text.charCodeAt(end - 1) === 32)) {
    end -= 1;
  }
  return lines.text.slice(start, end);
}

function parseNode(lines: Lines, i: number, column: number, depth: number): Parsed | undefined {
  if (depth > DEEPEST) {
    return undefined;
  }
  const content = rest(lines, i, column);
  if (content === '-' || content.startsWith('- ')) {
    return parseList(lines, i, column, depth);
  }
  if (keyLength(content) >= 0) {
    return parseMap(lines, i, column, depth);
  }
  return parseScalar(lines, i, column, content, column - 1);
}

function parseList(lines: Lines, from: number, column: number, depth: number): Parsed | undefined {
  const items: DataNode[] = [];
  const start = (lines.starts[from] ?? 0) + column;
  let i = from;
  while (true) {
    const content = rest(lines, i, column);
    if (content !== '-' && !content.startsWith('- ')) {
      break;
    }
    const inner = content.slice(1).trimStart();
    let parsed: Parsed | undefined;
    if (inner === '' || inner.startsWith('#')) {
      const next = nextLine(lines, i + 1);
      const indent = next < 0 ? -1 : (lines.indents[next] ?? -1);
      parsed =
        indent > column
          ? parseNode(lines, next, indent, depth + 1)
          : { node: { start: (lines.starts[i] ?? 0) + column, scalar: null }, next: i + 1 };
    } else {
      parsed = parseInline(lines, i, column + (content.length - inner.length), column, depth + 1);
    }
    if (parsed === undefined) {
      return undefined;
    }
    items.push(parsed.node);
    const next = nextLine(lines, parsed.next);
    if (next < 0 || (lines.indents[next] ?? -1) < column) {
      return { node: { start, items }, next: parsed.next };
    }
    if ((lines.indents[next] ?? -1) > column) {
      return undefined;
    }
    i = next;
  }
  return { node: { start, items }, next: i };
}

/** What follows `- ` on its line. */
function parseInline(lines: Lines, i: number, column: number, parent: number, depth: number): Parsed | undefined {
  const content = rest(lines, i, column);
  if (content === '-' || content.startsWith('- ')) {
    return parseList(lines, i, column, depth);
  }
  if (keyLength(content) >= 0) {
    return parseMap(lines, i, column, depth);
  }
  return parseScalar(lines, i, column, content, parent);
}

function parseMap(lines: Lines, from: number, column: number, depth: number): Parsed | undefined {
  if (depth > DEEPEST) {
    return undefined;
  }
  const entries = new Map<string, DataNode>();
  const start = (lines.starts[from] ?? 0) + column;
  let i = from;
  while (true) {
    const content = rest(lines, i, column);
    const length = keyLength(content);
    if (length < 0) {
      return undefined;
    }
    const key = plainKey(content.slice(0, length));
    if (key === undefined) {
      return undefined;
    }
    const afterColon = content.slice(length + 1);
    const value = afterColon.trimStart();
    let parsed: Parsed | undefined;
    if (value === '' || value.startsWith('#')) {
      const next = nextLine(lines, i + 1);
      const indent = next < 0 ? -1 : (lines.indents[next] ?? -1);
      const isList = indent === column && /^-(?: |$)/u.test(rest(lines, next, column).slice(0, 2));
      parsed =
        indent > column || isList
          ? SKIPPED_KEYS.has(key)
            ? { node: { start, scalar: null }, next: skipNested(lines, next, column, isList) }
            : parseNode(lines, next, indent, depth + 1)
          : { node: { start: (lines.starts[i] ?? 0) + column, scalar: null }, next: i + 1 };
    } else {
      parsed = parseScalar(lines, i, column + length + 1 + (afterColon.length - value.length), value, column);
    }
    if (parsed === undefined) {
      return undefined;
    }
    if (!SKIPPED_KEYS.has(key)) {
      entries.set(key, parsed.node);
    }
    const next = nextLine(lines, parsed.next);
    if (next < 0 || (lines.indents[next] ?? -1) < column) {
      return { node: { start, entries }, next: parsed.next };
    }
    if ((lines.indents[next] ?? -1) > column) {
      return undefined;
    }
    const following = rest(lines, next, column);
    if (following === '-' || following.startsWith('- ')) {
      return { node: { start, entries }, next };
    }
    i = next;
  }
}

/** First line after everything that is nested below a key. */
function skipNested(lines: Lines, from: number, column: number, isList: boolean): number {
  let i = from;
  while (i < lines.indents.length) {
    const indent = lines.indents[i] ?? -1;
    if (
      indent >= 0 &&
      (indent < column || (indent === column && !(isList && rest(lines, i, column).startsWith('-'))))
    ) {
      return i;
    }
    i += 1;
  }
  return i;
}

/** Length of the key before `: ` or a colon at the end; -1 when there is none. */
function keyLength(content: string): number {
  const first = content.charCodeAt(0);
  if (first === 34 || first === 39) {
    const close = content.indexOf(first === 34 ? '"' : "'", 1);
    return close > 0 && content.charCodeAt(close + 1) === 58 && isEndOrBlank(content, close + 2) ? close + 1 : -1;
  }
  // Flow, anchors, tags and the like never begin a plain key.
  if ('[]{}&*!|>%@`?,#'.includes(content.charAt(0))) {
    return -1;
  }
  let at = content.indexOf(':');
  while (at >= 0 && at < 1024) {
    if (isEndOrBlank(content, at + 1)) {
      return content.lastIndexOf(' #', at) >= 0 ? -1 : at;
    }
    at = content.indexOf(':', at + 1);
  }
  return -1;
}

function isEndOrBlank(content: string, at: number): boolean {
  return at >= content.length || content.charCodeAt(at) === 32;
}

function plainKey(key: string): string | undefined {
  const quote = key.charAt(0);
  if (quote === '"' || quote === "'") {
    const inner = key.slice(1, -1);
    return inner.includes('\\') || inner.includes("'") ? undefined : inner;
  }
  return key;
}

const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/u;

/** @param parent - column of the key or dash that the value belongs to: deeper lines continue it */
function parseScalar(lines: Lines, i: number, column: number, content: string, parent: number): Parsed | undefined {
  const parsed = parseOneScalar(lines, i, column, content, parent);
  if (parsed === undefined || parsed.next <= i + 1) {
    return parsed;
  }
  return { node: { ...parsed.node, end: (lines.starts[parsed.next] ?? lines.text.length) - 1 }, next: parsed.next };
}

function parseOneScalar(lines: Lines, i: number, column: number, content: string, parent: number): Parsed | undefined {
  const start = (lines.starts[i] ?? 0) + column;
  const first = content.charAt(0);
  if (first === '|' || first === '>') {
    return blockScalar(lines, i, content, parent, start);
  }
  if (first === '"' || first === "'") {
    return quotedScalar(lines, i, column, first, start);
  }
  if (content === '{}') return { node: { start, entries: new Map() }, next: i + 1 };
  if (content === '[]') return { node: { start, items: [] }, next: i + 1 };
  if ('[]{}&*!%@`'.includes(first)) {
    return undefined;
  }
  const comment = content.indexOf(' #');
  let value = comment < 0 ? content : content.slice(0, comment).trimEnd();
  let next = i + 1;
  if (comment < 0) {
    // Long plain scalars are folded onto deeper lines.
    const parts = [value];
    while (next < lines.indents.length && (lines.indents[next] ?? -1) > parent) {
      parts.push(rest(lines, next, lines.indents[next] ?? 0));
      next += 1;
    }
    if (parts.length > 1) {
      value = parts.join(' ');
      return { node: { start, scalar: value.slice(0, LONGEST_SCALAR) }, next };
    }
  }
  return { node: { start, scalar: plainValue(value) }, next };
}

function plainValue(value: string): string | number | boolean | null {
  if (value === 'null' || value === '~' || value === 'Null' || value === 'NULL') return null;
  if (value === 'true' || value === 'True') return true;
  if (value === 'false' || value === 'False') return false;
  return NUMBER.test(value) ? Number(value) : value.slice(0, LONGEST_SCALAR);
}

function blockScalar(lines: Lines, i: number, header: string, parent: number, start: number): Parsed | undefined {
  const found = /^([|>])(?:([1-9])?([+-])?|([+-])([1-9]))?(?:\s+#.*)?$/u.exec(header);
  if (found === null) {
    return undefined;
  }
  const isFolded = found[1] === '>';
  const explicit = found[2] ?? found[5];
  let indent = explicit === undefined ? -1 : Math.max(0, parent) + Number(explicit);
  const parts: string[] = [];
  let next = i + 1;
  let length = 0;
  let contentStart = start;
  for (; next < lines.starts.length - 1; next += 1) {
    const lineStart = lines.starts[next] ?? 0;
    const raw = rest(lines, next, 0);
    const blanks = raw.length - raw.trimStart().length;
    if (raw.trim() === '') {
      parts.push('');
      continue;
    }
    if (indent < 0) {
      indent = blanks;
      contentStart = lineStart + blanks;
    }
    if (blanks < indent || blanks <= parent) {
      break;
    }
    const line = raw.slice(indent);
    length += line.length;
    if (length <= LONGEST_SCALAR) {
      parts.push(line);
    }
  }
  while (parts.at(-1) === '') {
    parts.pop();
  }
  const value = isFolded ? parts.join(' ') : parts.join('\n');
  return { node: { start: contentStart, scalar: value, isLiteral: !isFolded }, next };
}

function quotedScalar(lines: Lines, i: number, column: number, quote: string, start: number): Parsed | undefined {
  const parts: string[] = [];
  let next = i;
  let from = column + 1;
  while (next < lines.starts.length - 1 && next - i < 20_000) {
    const line = rest(lines, next, from);
    const close = quote === '"' ? closingDouble(line) : closingSingle(line);
    if (close >= 0) {
      const tail = line.slice(close + 1).trim();
      if (tail !== '' && !tail.startsWith('#')) {
        return undefined;
      }
      parts.push(line.slice(0, close));
      const value = quote === '"' ? unescapeDouble(fold(parts)) : fold(parts).replaceAll("''", "'");
      return { node: { start, scalar: value.slice(0, LONGEST_SCALAR) }, next: next + 1 };
    }
    parts.push(line);
    next += 1;
    const raw = next < lines.starts.length - 1 ? rest(lines, next, 0) : '';
    from = raw.length - raw.trimStart().length;
  }
  return undefined;
}

/** Line breaks inside of quotes read as one blank, empty lines as line breaks; `\` at the end of a line joins. */
function fold(parts: readonly string[]): string {
  let value = parts[0] ?? '';
  let breaks = 0;
  for (const part of parts.slice(1)) {
    if (part === '') {
      breaks += 1;
      continue;
    }
    if (breaks > 0) {
      value += '\n'.repeat(breaks);
    } else if (/(?:^|[^\\])(?:\\\\)*\\$/u.test(value.slice(-64))) {
      value = value.slice(0, -1);
    } else {
      value += ' ';
    }
    value += part;
    breaks = 0;
  }
  return value;
}

function closingDouble(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 92) {
      at += 1;
    } else if (code === 34) {
      return at;
    }
  }
  return -1;
}

function closingSingle(line: string): number {
  for (let at = line.indexOf("'"); at >= 0; at = line.indexOf("'", at + 2)) {
    if (line.charAt(at + 1) !== "'") {
      return at;
    }
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function unescapeDouble(raw: string): string {
  return raw.includes('\\')
    ? raw.replace(
        /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U00([01][0-9a-fA-F]{5})|(.))/gsu,
        (
          _whole,
          two: string | undefined,
          four: string | undefined,
          eight: string | undefined,
          letter: string | undefined,
        ) => {
          const hex = two ?? four ?? eight;
          if (hex === undefined) return ESCAPES[letter ?? ''] ?? letter ?? '';
          const code = Number.parseInt(hex, 16);
          return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
        },
      )
    : raw;
}

interface YamlSpan {
  readonly start: number;
  readonly end: number;
}

export interface YamlPart {
  readonly kind: 'object' | 'list';
  /** The object itself, or what stands around the items of a list. */
  readonly head: readonly YamlSpan[];
  readonly items: readonly YamlSpan[];
  readonly start: number;
  readonly end: number;
  /** `items: []` or `items: null`. */
  readonly isEmptyList: boolean;
}

/** Cuts a text into its documents, and lists into their items, by lines alone. */
export function* cutYaml(text: string, from = 0): Iterable<YamlPart> {
  let at = from;
  while (at < text.length) {
    const end = nextSeparator(text, at);
    if (text.slice(at, Math.min(end, at + 4096)).trim() !== '' || end - at > 4096) {
      yield splitDocument(text, at, end);
    }
    const newline = text.indexOf('\n', end);
    at = end >= text.length || newline < 0 ? text.length : newline + 1;
  }
}

/** Start of the next `---` line at or after `from`, else the end of the text. */
function nextSeparator(text: string, from: number): number {
  if (text.startsWith('---', from) && /^(?:\s|$)/u.test(text.slice(from + 3, from + 4))) {
    return from;
  }
  for (let at = text.indexOf('\n---', from); at >= 0; at = text.indexOf('\n---', at + 1)) {
    const after = text.charCodeAt(at + 4);
    if (Number.isNaN(after) || after === 10 || after === 13 || after === 32) {
      return at + 1;
    }
  }
  return text.length;
}

function splitDocument(text: string, start: number, end: number): YamlPart {
  const items: YamlSpan[] = [];
  const head: YamlSpan[] = [];
  let headFrom = start;
  let itemFrom = -1;
  let indent = -1;
  let isList = false;
  let isEmptyList = false;
  let hasContent = false;
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline >= end ? end : newline;
    const line = text.slice(at, Math.min(stop, at + 80)).trimEnd();
    if (!isList && /^[iI]tems:\s*(?:\[\]|null|~)$/u.test(line)) {
      isEmptyList = true;
    } else if (!isList && (/^[iI]tems:$/u.test(line) || (!hasContent && line.startsWith('- ')))) {
      isList = true;
      const isBare = line.startsWith('- ');
      if (at > headFrom) head.push({ start: headFrom, end: at });
      if (isBare) {
        indent = 0;
        itemFrom = at;
      }
    } else if (isList && indent < 0 && /^ *- /u.test(line)) {
      indent = line.length - line.trimStart().length;
      itemFrom = at;
    } else if (isList && indent >= 0) {
      const blanks = line.length - line.trimStart().length;
      const isItem = blanks === indent && line.startsWith('- ', blanks);
      const isOver =
        line !== '' && blanks <= indent && !isItem && !line.startsWith('#') && (blanks < indent || indent === 0);
      if (itemFrom >= 0 && (isItem || isOver)) {
        items.push({ start: itemFrom, end: at });
        itemFrom = isItem ? at : -1;
        if (isOver) {
          isList = false;
          headFrom = at;
          indent = -2;
        }
      }
    }
    hasContent ||= line !== '' && !line.startsWith('#');
    at = stop + 1;
  }
  if (itemFrom >= 0) {
    items.push({ start: itemFrom, end });
  } else if (headFrom < end && (!isList || items.length === 0)) {
    head.push({ start: headFrom, end });
  }
  const kind = items.length > 0 || isEmptyList || isList ? 'list' : 'object';
  return { kind, head, items, start, end, isEmptyList };
}
