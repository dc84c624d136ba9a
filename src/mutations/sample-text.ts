/**
 * A text that a pattern of a condition matches, made from its syntax: literals as they stand, the first alternative,
 * the least number of repetitions (one where none would do). Enough for what conditions are written in; look-around
 * and classes by property are not.
 *
 * @returns undefined where no such text was found
 */
export function sampleOf(source: string, flags: string): string | undefined {
  const text = alternatives({ source, at: 0 });
  return new RegExp(source, flags).test(text) ? text : undefined;
}

interface Cursor {
  readonly source: string;
  at: number;
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/u;
const CLASSES: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  S: 'a',
  W: ' ',
  b: '',
  B: '',
  n: '\n',
  t: '\t',
};
/** Tried for a class, in this order. */
const CANDIDATES = ['a', '1', '-', '.', 'A', '_', '/', ' ', ':', '"', '='];

function alternatives(cursor: Cursor): string {
  let first: string | undefined;
  let text = '';
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ')') {
    if (cursor.source[cursor.at] === '|') {
      cursor.at++;
      first ??= text;
      text = '';
    } else text += term(cursor);
  }
  return first ?? text;
}

function term(cursor: Cursor): string {
  const one = atom(cursor);
  const quantifier = QUANTIFIER.exec(cursor.source.slice(cursor.at, cursor.at + 24));
  if (!quantifier) return one;
  cursor.at += quantifier[0].length;
  return one.repeat(Math.max(1, Math.min(64, Number(quantifier[1] ?? 1))));
}

function atom(cursor: Cursor): string {
  const { source } = cursor;
  const character = source[cursor.at++] as string;
  if (character === '(') {
    const open = /^\?(?:[:=!]|<[=!]|<[^>]*>)/u.exec(source.slice(cursor.at, cursor.at + 80));
    cursor.at += open?.[0].length ?? 0;
    const inner = alternatives(cursor);
    cursor.at++;
    return open && /!$/u.test(open[0]) ? '' : inner;
  }
  if (character === '[') {
    const from = cursor.at - 1;
    while (cursor.at < source.length && source[cursor.at] !== ']') cursor.at += source[cursor.at] === '\\' ? 2 : 1;
    cursor.at++;
    const accepts = new RegExp(`^${source.slice(from, cursor.at)}$`, 'u');
    return CANDIDATES.find((candidate) => accepts.test(candidate)) ?? printable(accepts);
  }
  if (character === '\\') {
    const escaped = source[cursor.at++] as string;
    return CLASSES[escaped] ?? escaped;
  }
  return character === '.' ? 'a' : character === '^' || character === '$' ? '' : character;
}

function printable(accepts: RegExp): string {
  for (let code = 33; code < 127; code++) if (accepts.test(String.fromCharCode(code))) return String.fromCharCode(code);
  return '';
}
