/**
 * One JSON object on one line, also when it was damaged: shortened by hand with `...`, cut off, or followed by text.
 *
 *     {"level":"warn",...,"msg":"apply request took too long","took":"3.35s","expected-duration":"100ms",
 *
 * Keys keep their written order.
 */

import { closingQuote } from '../../text/go-quote.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface JsonLine {
  readonly pairs: readonly (readonly [key: string, value: JsonValue])[];
  /** False when the object was read by the lenient reader. */
  readonly whole: boolean;
  /** Text behind the object. */
  readonly rest: string;
}

const MAX_PAIRS = 500;

let lastText: string | undefined;
let lastLine: JsonLine | undefined;

/** The object that begins at the `{` of `start`; undefined when no pair can be read. The last answer is kept. */
export function readJsonLine(text: string, start = 0): JsonLine | undefined {
  const from = start === 0 ? text : text.slice(start);
  if (from !== lastText) {
    lastText = from;
    lastLine = readObject(from);
  }
  return lastLine;
}

function readObject(text: string): JsonLine | undefined {
  if (!/^\s{0,16}\{\s{0,16}"/u.test(text.slice(0, 40))) {
    return undefined;
  }
  const parsed = tryParse(text);
  if (isObject(parsed)) {
    return { pairs: Object.entries(parsed), whole: true, rest: '' };
  }
  return readLeniently(text);
}

function readLeniently(text: string): JsonLine | undefined {
  const pairs: (readonly [string, JsonValue])[] = [];
  let at = text.indexOf('{') + 1;
  while (at < text.length && pairs.length < MAX_PAIRS) {
    const char = text.charAt(at);
    if (char === '}') {
      at += 1;
      break;
    }
    if (char !== '"') {
      // Blanks, commas, and the dots or words that stand for what was left out.
      at += 1;
      continue;
    }
    const keyEnd = closingQuote(text, at);
    const colon = keyEnd < 0 ? -1 : skipBlanks(text, keyEnd + 1);
    if (keyEnd < 0 || text.charAt(colon) !== ':') {
      if (keyEnd < 0) {
        break;
      }
      at = keyEnd + 1;
      continue;
    }
    const value = readValue(text, skipBlanks(text, colon + 1));
    pairs.push([unescapeJson(text.slice(at + 1, keyEnd)), value.value]);
    at = value.end;
  }
  return pairs.length === 0 ? undefined : { pairs, whole: false, rest: text.slice(at).trim() };
}

function readValue(text: string, start: number): { readonly value: JsonValue; readonly end: number } {
  const char = text.charAt(start);
  if (char === '"') {
    const end = closingQuote(text, start);
    return end < 0
      ? { value: unescapeJson(text.slice(start + 1)), end: text.length }
      : { value: unescapeJson(text.slice(start + 1, end)), end: end + 1 };
  }
  if (char === '{' || char === '[') {
    const end = balancedEnd(text, start);
    const inner = text.slice(start, end);
    return { value: tryParse(inner) ?? inner, end };
  }
  let end = start;
  while (end < text.length && text.charAt(end) !== ',' && text.charAt(end) !== '}') {
    end += 1;
  }
  const bare = text.slice(start, end).trim();
  return { value: tryParse(bare) ?? bare, end };
}

function balancedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      const close = closingQuote(text, at);
      if (close < 0) {
        return text.length;
      }
      at = close;
    } else if (char === '{' || char === '[') {
      depth += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return text.length;
}

function unescapeJson(body: string): string {
  if (!body.includes('\\')) {
    return body;
  }
  const parsed = tryParse(`"${body}"`);
  return typeof parsed === 'string' ? parsed : body.replaceAll('\\"', '"');
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') {
    at += 1;
  }
  return at;
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

export function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value as a field holds it: strings as they are, an object of just name and namespace as `namespace/name` (as klog
 * and controller-runtime mean it), anything else as compact JSON.
 */
export function fieldText(value: JsonValue): string {
  if (typeof value === 'string') {
    return value;
  }
  if (isObject(value)) {
    const { name, namespace } = value;
    const plain = Object.keys(value).every((key) => key === 'name' || key === 'namespace');
    if (plain && typeof name === 'string' && (namespace === undefined || typeof namespace === 'string')) {
      return namespace ? `${namespace}/${name}` : name;
    }
  }
  return JSON.stringify(value);
}
