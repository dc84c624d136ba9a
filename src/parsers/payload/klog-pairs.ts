/**
 * The body of structured klog lines: a Go-quoted message and pairs.
 *
 *     "Error syncing pod, skipping" err="failed to \"StartContainer\"" pod="default/a" logger={ name="x" }
 *
 * Bare values may hold blanks (`%+v` of structs); they end before the next ` key=` outside of brackets.
 * An unquoted body is free text and stays as it is.
 */

import { closingQuote, readQuoted } from '../../text/go-quote.ts';
import { putField } from '../header-parts.ts';

export interface KlogBody {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

const KEY = /[A-Za-z_][\w./-]*=/uy;
const BLANK = /\s/u;

export function readKlogBody(body: string): KlogBody {
  const text = body.trimEnd();
  if (!text.startsWith('"')) {
    return { message: text, fields: {} };
  }
  const quoted = readQuoted(text, 0);
  if (!quoted.closed) {
    return { message: quoted.value, fields: {} };
  }
  const fields = readKlogPairs(text, quoted.end);
  return fields === undefined ? { message: text, fields: {} } : { message: quoted.value, fields };
}

/** Pairs up to the end of the text; undefined when something else than pairs stands there. */
export function readKlogPairs(text: string, start: number): Record<string, string> | undefined {
  const fields: Record<string, string> = {};
  let at = skipBlanks(text, start);
  while (at < text.length) {
    const key = readKey(text, at);
    if (key === undefined) {
      return undefined;
    }
    at += key.length + 1;
    if (text.charAt(at) === '"') {
      const quoted = readQuoted(text, at);
      putField(fields, key, quoted.value);
      at = quoted.end;
    } else if (text.charAt(at) === '<' && (at + 1 === text.length || text.charAt(at + 1) === '\n')) {
      const block = readBlock(text, at + 1);
      putField(fields, key, block.value);
      at = block.end;
    } else {
      const end = bareEnd(text, at);
      putField(fields, key, text.slice(at, end));
      at = end;
    }
    at = skipBlanks(text, at);
  }
  return fields;
}

/** A value over several lines: each begins with a tab, the last line of the block with ` >`. */
function readBlock(text: string, start: number): { readonly value: string; readonly end: number } {
  const lines: string[] = [];
  let at = start;
  while (at < text.length) {
    const end = text.indexOf('\n', at + 1);
    const line = text.slice(at + 1, end < 0 ? text.length : end);
    if (line.startsWith(' >')) {
      return { value: lines.join('\n'), end: at + 3 };
    }
    lines.push(line.startsWith('\t') ? line.slice(1) : line);
    at = end < 0 ? text.length : end;
  }
  return { value: lines.join('\n'), end: text.length };
}

function bareEnd(text: string, start: number): number {
  let depth = 0;
  let quotesClose = true;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      // Once a quote stays open all later ones do; asking again would make this quadratic.
      const close: number = quotesClose ? closingQuote(text, at) : -1;
      quotesClose = close >= 0;
      at = quotesClose ? close : at;
    } else if (char === '{' || char === '[' || char === '(') {
      depth += 1;
    } else if (char === '}' || char === ']' || char === ')') {
      depth -= 1;
    } else if (depth <= 0 && BLANK.test(char) && readKey(text, at + 1) !== undefined) {
      return at;
    }
  }
  return text.length;
}

function readKey(text: string, at: number): string | undefined {
  KEY.lastIndex = at;
  return KEY.exec(text)?.[0].slice(0, -1);
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && BLANK.test(text.charAt(at))) {
    at += 1;
  }
  return at;
}
