/**
 * logfmt pairs: `key=value key="Go quoted" empty= list=[a,b]`. A bare value ends at the next blank, whatever brackets
 * it holds. A quoted value that a cut left open ends with the text.
 */

import { readQuoted } from '../../text/go-quote.ts';

export interface Pairs {
  readonly pairs: readonly (readonly [key: string, value: string])[];
  /** Index behind the last pair; short of the end when something else than a pair follows. */
  readonly end: number;
  /** The last value's quote is not closed. */
  readonly open: boolean;
}

const KEY = /[A-Za-z_@][\w.@/-]{0,127}=/uy;

export function readPairs(text: string, start = 0): Pairs {
  const pairs: (readonly [string, string])[] = [];
  let open = false;
  let at = skipBlanks(text, start);
  let end = at;
  while (at < text.length) {
    KEY.lastIndex = at;
    const key = KEY.exec(text)?.[0];
    if (key === undefined) {
      break;
    }
    at += key.length;
    if (text.charAt(at) === '"') {
      const quoted = readQuoted(text, at);
      at = quoted.end;
      open = !quoted.closed;
      // A quote in the middle of a value that was not escaped: `"a"b` reads to the blank.
      const tail = at < text.length && !isBlank(text.charCodeAt(at)) ? bareEnd(text, at) : at;
      pairs.push([key.slice(0, -1), tail > at ? quoted.value + text.slice(at, tail) : quoted.value]);
      at = tail;
    } else {
      const to = bareEnd(text, at);
      pairs.push([key.slice(0, -1), text.slice(at, to)]);
      at = to;
    }
    end = at;
    at = skipBlanks(text, at);
  }
  return { pairs, end: at >= text.length ? text.length : end, open };
}

function bareEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isBlank(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
