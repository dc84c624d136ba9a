/**
 * Go's quoted strings (`strconv.Quote`), as klog, logrus, slog and zap print values.
 *
 *     "failed to get sandbox image \"pause:3.1\": Try again"
 *
 * Reading is lenient: an unknown escape stays as it stands, and a string that a person or a terminal cut off ends
 * with the text.
 */

export interface Quoted {
  /** Without the quotes, unescaped once. */
  readonly value: string;
  /** Index behind the closing quote; the length of the text when it is missing. */
  readonly end: number;
  readonly closed: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '/': '/',
};
const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** Reads the quoted string that begins with the `"` at `start`. */
export function readQuoted(text: string, start: number): Quoted {
  const end = closingQuote(text, start);
  return end < 0
    ? { value: unquoteGo(text.slice(start + 1)), end: text.length, closed: false }
    : { value: unquoteGo(text.slice(start + 1, end)), end: end + 1, closed: true };
}

/** Index of the `"` that closes the one at `start`, or -1. */
export function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 1;
    } else if (code === QUOTE) {
      return at;
    }
  }
  return -1;
}

/** Undoes one level of escapes: `\"` → `"`, `\n` → a line end, `\xc3\xa9` → `é` (bytes are UTF-8). */
export function unquoteGo(body: string): string {
  let at = body.indexOf('\\');
  if (at < 0) {
    return body;
  }
  const parts: string[] = [];
  let from = 0;
  while (at >= 0 && at + 1 < body.length) {
    const found = readEscape(body, at);
    if (found !== undefined) {
      parts.push(body.slice(from, at), found.value);
      from = found.end;
      at = body.indexOf('\\', from);
    } else {
      at = body.indexOf('\\', at + 1);
    }
  }
  parts.push(body.slice(from));
  return parts.join('');
}

/**
 * Removes the backslashes before quotes at every level, so that an error text reads the same however often it was
 * quoted on its way: `image \\\"pause:3.1\\\"` → `image "pause:3.1"`.
 */
export function plainQuotes(text: string): string {
  return text.includes('\\"') ? text.replace(/(?<!\\)\\+"/gu, '"') : text;
}

function readEscape(body: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const letter = body.charAt(at + 1);
  const simple = SIMPLE[letter];
  if (simple !== undefined) {
    return { value: simple, end: at + 2 };
  }
  if (letter === 'x') {
    return readBytes(body, at);
  }
  if (letter === 'u' || letter === 'U') {
    const digits = letter === 'u' ? 4 : 8;
    const hex = body.slice(at + 2, at + 2 + digits);
    if (hex.length < digits || !/^[0-9a-fA-F]+$/u.test(hex)) {
      return undefined;
    }
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), end: at + 2 + digits };
  }
  return undefined;
}

/** Neighbouring `\xHH` are the bytes of UTF-8 characters. */
function readBytes(body: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const bytes: number[] = [];
  let at = start;
  while (body.charAt(at) === '\\' && body.charAt(at + 1) === 'x') {
    const hex = body.slice(at + 2, at + 4);
    if (!/^[0-9a-fA-F]{2}$/u.test(hex)) {
      break;
    }
    bytes.push(Number.parseInt(hex, 16));
    at += 4;
  }
  return bytes.length === 0 ? undefined : { value: new TextDecoder().decode(Uint8Array.from(bytes)), end: at };
}
