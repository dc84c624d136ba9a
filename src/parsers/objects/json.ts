/**
 * JSON with the offset of each value, read item by item: lists of hundreds of megabytes never stand in memory as a
 * tree, and a document that was cut keeps the items before the cut.
 */

import { type DataNode, DEEPEST, LONGEST_SCALAR, SKIPPED_KEYS } from './data.ts';

/** What a list says of itself around its items. */
export interface ListHead {
  readonly start: number;
  /** `EventList`, `List`; undefined for bare arrays. */
  kind?: string;
  /** Number of items that were read whole. */
  items: number;
  complete: boolean;
}

export interface JsonHandler {
  /** A top-level object, or one item of a list. */
  object(node: DataNode, end: number, head: ListHead | undefined): void;
  /** A list has ended, or the text has. */
  list(head: ListHead, end: number): void;
  /** Text that is no JSON. */
  garbage(start: number, end: number): void;
  /** The text ends inside of a value. */
  cut(at: number): void;
}

interface Reader {
  readonly text: string;
  pos: number;
}

const FAILED = Symbol('not JSON');

/** Reads every JSON document of a text: one, several in a row, or one per line. */
export function readJson(text: string, handler: JsonHandler): void {
  const reader: Reader = { text, pos: 0 };
  while (true) {
    skipBlank(reader);
    if (reader.pos >= text.length) {
      return;
    }
    const start = reader.pos;
    const code = text.charCodeAt(start);
    const isRead =
      code === OPEN_BRACE
        ? readTopObject(reader, handler)
        : code === OPEN_BRACKET
          ? readItems(reader, { start, items: 0, complete: false }, handler)
          : false;
    if (isRead) {
      if (text.charCodeAt(reader.pos) === COMMA) {
        reader.pos += 1;
      }
      continue;
    }
    if ((code === OPEN_BRACE || code === OPEN_BRACKET) && reader.pos >= text.length) {
      handler.cut(start);
      return;
    }
    // Not JSON: go on at the next line that may begin a document.
    const next = nextDocument(text, Math.max(start + 1, reader.pos));
    handler.garbage(start, next);
    reader.pos = next;
  }
}

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const COLON = 58;
const QUOTE = 34;
const BACKSLASH = 92;

function nextDocument(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) {
      return text.length;
    }
    const code = text.charCodeAt(newline + 1);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      return newline + 1;
    }
    at = newline + 1;
  }
  return text.length;
}

/** An object at the top: its `items` are handed out one by one. */
function readTopObject(reader: Reader, handler: JsonHandler): boolean {
  const start = reader.pos;
  const entries = new Map<string, DataNode>();
  let head: ListHead | undefined;
  reader.pos += 1;
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.pos) === CLOSE_BRACE) {
    reader.pos += 1;
    return true;
  }
  while (true) {
    skipBlank(reader);
    const key = readKey(reader);
    if (key === undefined) {
      return fail(head, reader, handler);
    }
    skipBlank(reader);
    const code = reader.text.charCodeAt(reader.pos);
    if ((key === 'items' || key === 'Items') && code === OPEN_BRACKET) {
      head = { start, items: 0, complete: false, ...kindOf(entries) };
      if (!readItems(reader, head, handler, true)) {
        return fail(head, reader, handler);
      }
    } else {
      const value = readValue(reader, 1);
      if (value === FAILED) {
        return fail(head, reader, handler);
      }
      if (!SKIPPED_KEYS.has(key)) {
        entries.set(key, value);
      }
      if (key === 'items' && value.scalar === null) {
        head = { start, items: 0, complete: true, ...kindOf(entries) };
      }
    }
    skipBlank(reader);
    const after = reader.text.charCodeAt(reader.pos);
    reader.pos += 1;
    if (after === CLOSE_BRACE) {
      break;
    }
    if (after !== COMMA) {
      reader.pos -= 1;
      return fail(head, reader, handler);
    }
  }
  if (head === undefined) {
    handler.object({ start, entries }, reader.pos, undefined);
  } else {
    Object.assign(head, kindOf(entries));
    handler.list(head, reader.pos);
  }
  return true;
}

function fail(head: ListHead | undefined, reader: Reader, handler: JsonHandler): false {
  if (head !== undefined) {
    head.complete = false;
    handler.list(head, reader.pos);
  }
  return false;
}

function kindOf(entries: ReadonlyMap<string, DataNode>): { kind?: string } {
  const kind = entries.get('kind')?.scalar ?? entries.get('Kind')?.scalar;
  return typeof kind === 'string' ? { kind } : {};
}

function readItems(reader: Reader, head: ListHead, handler: JsonHandler, isInner = false): boolean {
  reader.pos += 1;
  const end = () => {
    if (!isInner) {
      handler.list(head, reader.pos);
    }
  };
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.pos) === CLOSE_BRACKET) {
    reader.pos += 1;
    head.complete = true;
    end();
    return true;
  }
  while (true) {
    skipBlank(reader);
    const value = readValue(reader, 1);
    if (value === FAILED) {
      end();
      return false;
    }
    if (value.entries !== undefined) {
      head.items += 1;
      handler.object(value, reader.pos, head);
    }
    skipBlank(reader);
    const after = reader.text.charCodeAt(reader.pos);
    reader.pos += 1;
    if (after === CLOSE_BRACKET) {
      head.complete = true;
      end();
      return true;
    }
    if (after !== COMMA) {
      reader.pos -= 1;
      end();
      return false;
    }
  }
}

/** Moves to the end of the text when the value is cut there, so that callers can tell a cut from garbage. */
function readValue(reader: Reader, depth: number): DataNode | typeof FAILED {
  const { text } = reader;
  const start = reader.pos;
  if (depth > DEEPEST) {
    return FAILED;
  }
  switch (text.charCodeAt(start)) {
    case OPEN_BRACE:
      return readObject(reader, depth);
    case OPEN_BRACKET:
      return readArray(reader, depth);
    case QUOTE: {
      const scalar = readString(reader);
      return scalar === undefined ? FAILED : { start, scalar };
    }
    default:
      return readWord(reader);
  }
}

function readObject(reader: Reader, depth: number): DataNode | typeof FAILED {
  const start = reader.pos;
  const entries = new Map<string, DataNode>();
  reader.pos += 1;
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.pos) === CLOSE_BRACE) {
    reader.pos += 1;
    return { start, entries };
  }
  while (true) {
    skipBlank(reader);
    const key = readKey(reader);
    if (key === undefined) {
      return FAILED;
    }
    skipBlank(reader);
    if (SKIPPED_KEYS.has(key)) {
      if (!skipValue(reader)) {
        return FAILED;
      }
    } else {
      const value = readValue(reader, depth + 1);
      if (value === FAILED) {
        return FAILED;
      }
      entries.set(key, value);
    }
    skipBlank(reader);
    const after = reader.text.charCodeAt(reader.pos);
    reader.pos += 1;
    if (after === CLOSE_BRACE) {
      return { start, entries };
    }
    if (after !== COMMA) {
      reader.pos -= 1;
      return FAILED;
    }
  }
}

function readArray(reader: Reader, depth: number): DataNode | typeof FAILED {
  const start = reader.pos;
  const items: DataNode[] = [];
  reader.pos += 1;
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.pos) === CLOSE_BRACKET) {
    reader.pos += 1;
    return { start, items };
  }
  while (true) {
    skipBlank(reader);
    const value = readValue(reader, depth + 1);
    if (value === FAILED) {
      return FAILED;
    }
    items.push(value);
    skipBlank(reader);
    const after = reader.text.charCodeAt(reader.pos);
    reader.pos += 1;
    if (after === CLOSE_BRACKET) {
      return { start, items };
    }
    if (after !== COMMA) {
      reader.pos -= 1;
      return FAILED;
    }
  }
}

/** A key and its colon. */
function readKey(reader: Reader): string | undefined {
  if (reader.text.charCodeAt(reader.pos) !== QUOTE) {
    return undefined;
  }
  const key = readString(reader);
  skipBlank(reader);
  if (key === undefined || reader.text.charCodeAt(reader.pos) !== COLON) {
    return undefined;
  }
  reader.pos += 1;
  return key;
}

function readString(reader: Reader): string | undefined {
  const { text } = reader;
  const start = reader.pos + 1;
  const end = endOfString(text, start);
  if (end < 0) {
    reader.pos = text.length;
    return undefined;
  }
  reader.pos = end + 1;
  const stop = Math.min(end, start + LONGEST_SCALAR);
  const raw = text.slice(start, stop);
  return raw.includes('\\') ? unescaped(raw) : raw;
}

/** Index of the closing quote, or -1. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (true) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      return -1;
    }
    let slashes = 0;
    while (quote - slashes - 1 >= from && text.charCodeAt(quote - slashes - 1) === BACKSLASH) {
      slashes += 1;
    }
    if (slashes % 2 === 0) {
      return quote;
    }
    at = quote + 1;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescaped(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gsu, (_whole, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (ESCAPES[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const WORD = /[\w.+-]{1,40}/uy;

function readWord(reader: Reader): DataNode | typeof FAILED {
  const start = reader.pos;
  WORD.lastIndex = start;
  const word = WORD.exec(reader.text)?.[0];
  if (word === undefined) {
    return FAILED;
  }
  reader.pos = start + word.length;
  if (reader.pos >= reader.text.length) {
    return FAILED;
  }
  if (word === 'null') return { start, scalar: null };
  if (word === 'true' || word === 'false') return { start, scalar: word === 'true' };
  const value = Number(word);
  return Number.isFinite(value) && /^-?\d/u.test(word)
    ? { start, scalar: Number.isInteger(value) && !Number.isSafeInteger(value) ? word : value }
    : FAILED;
}

/** Passes over a value without keeping it. */
function skipValue(reader: Reader): boolean {
  const { text } = reader;
  let depth = 0;
  while (reader.pos < text.length) {
    const code = text.charCodeAt(reader.pos);
    if (code === QUOTE) {
      const end = endOfString(text, reader.pos + 1);
      if (end < 0) {
        reader.pos = text.length;
        return false;
      }
      reader.pos = end + 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      reader.pos += 1;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) {
        return true;
      }
      depth -= 1;
      reader.pos += 1;
    } else if (code === COMMA && depth === 0) {
      return true;
    } else {
      reader.pos += 1;
    }
    if (depth === 0 && (code === QUOTE || code === CLOSE_BRACE || code === CLOSE_BRACKET)) {
      return true;
    }
  }
  return false;
}

function skipBlank(reader: Reader): void {
  const { text } = reader;
  while (reader.pos < text.length) {
    const code = text.charCodeAt(reader.pos);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) {
      return;
    }
    reader.pos += 1;
  }
}
