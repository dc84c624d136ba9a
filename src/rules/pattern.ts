/**
 * Are the regular expressions of rules safe to run on hostile lines?
 *
 * V8 backtracks, so the answer comes from the pattern's structure: no back-reference, no repetition inside an unbounded
 * repetition, nothing that lets an unanchored search start over at every character, at most two `.*` on one path.
 * Reads the syntax of flag `u` as far as that needs; a pattern that JavaScript rejects is reported as such.
 */

export interface PatternProblem {
  readonly offset: number;
  readonly message: string;
}

export interface Term {
  readonly start: number;
  /** End of the term with its quantifier. */
  end: number;
  readonly kind: 'text' | 'class' | 'any' | 'group' | 'assertion' | 'back-reference';
  /** Matches nearly every character: `.`, `\S`, `[^x]`. */
  readonly wide: boolean;
  readonly alternatives: readonly (readonly Term[])[];
  least: number;
  most: number;
}

interface Cursor {
  readonly source: string;
  at: number;
}

const GROUP_OPEN = /^\((?:\?(?:[:=!]|<[=!]|<(?<name>[^>]*)>)?)?/u;
const QUANTIFIER = /^(?:(?<sign>[*+?])|\{(?<least>\d+)(?<comma>,)?(?<most>\d*)\})\??/u;

function readAlternatives(cursor: Cursor): Term[][] {
  const alternatives: Term[][] = [[]];
  while (cursor.at < cursor.source.length) {
    const character = cursor.source[cursor.at];
    if (character === ')') break;
    if (character === '|') {
      cursor.at++;
      alternatives.push([]);
      continue;
    }
    (alternatives.at(-1) as Term[]).push(readTerm(cursor));
  }
  return alternatives;
}

function readTerm(cursor: Cursor): Term {
  const term = readAtom(cursor);
  const quantifier = QUANTIFIER.exec(cursor.source.slice(cursor.at, cursor.at + 24));
  if (quantifier) {
    const { sign, least, comma, most } = quantifier.groups ?? {};
    cursor.at += quantifier[0].length;
    term.least = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    term.most =
      sign === undefined
        ? comma === undefined
          ? Number(least)
          : most === '' || most === undefined
            ? Number.POSITIVE_INFINITY
            : Number(most)
        : sign === '?'
          ? 1
          : Number.POSITIVE_INFINITY;
  }
  term.end = cursor.at;
  return term;
}

function readAtom(cursor: Cursor): Term {
  const { source } = cursor;
  const start = cursor.at;
  const make = (kind: Term['kind'], wide = false, alternatives: Term[][] = []): Term => ({
    start,
    end: cursor.at,
    kind,
    wide,
    alternatives,
    least: 1,
    most: 1,
  });
  const character = source[start] as string;
  if (character === '(') {
    const open = GROUP_OPEN.exec(source.slice(start, start + 200)) as RegExpExecArray;
    cursor.at += open[0].length;
    const alternatives = readAlternatives(cursor);
    cursor.at++;
    return make(/^\(\?<?[=!]/u.test(open[0]) ? 'assertion' : 'group', false, alternatives);
  }
  if (character === '[') {
    cursor.at++;
    const negated = source[cursor.at] === '^';
    while (cursor.at < source.length && source[cursor.at] !== ']') cursor.at += source[cursor.at] === '\\' ? 2 : 1;
    cursor.at++;
    const body = source.slice(start, cursor.at);
    return make('class', negated || /\\[SWD]/u.test(body));
  }
  if (character === '\\') {
    const escaped =
      /^\\(?:k<[^>]*>|[1-9]\d*|u\{[^}]*\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|c[A-Za-z]|.)/su.exec(
        source.slice(start, start + 60),
      );
    const text = escaped?.[0] ?? '\\';
    cursor.at += text.length;
    if (/^\\(?:k<|[1-9])/u.test(text)) return make('back-reference');
    if (/^\\[bB]$/u.test(text)) return make('assertion');
    if (/^\\[SWD]$/u.test(text)) return make('class', true);
    if (/^\\(?:[swd]|[pP]\{)/u.test(text)) return make('class');
    return make('text');
  }
  cursor.at++;
  if (character === '.') return make('any', true);
  if (character === '^' || character === '$') return make('assertion');
  return make('text');
}

/** The alternatives of a pattern, each a sequence of terms; the pattern must be one that JavaScript takes. */
export function termsOf(source: string): readonly (readonly Term[])[] {
  return readAlternatives({ source, at: 0 });
}

function hasUnbounded(terms: readonly Term[]): boolean {
  return terms.some((term) => term.most === Number.POSITIVE_INFINITY || term.alternatives.some(hasUnbounded));
}

/** Greatest number of unbounded `.` on one path through the pattern. */
function dotsOnPath(terms: readonly Term[]): number {
  return terms.reduce((sum, term) => {
    const own = term.kind === 'any' && term.most === Number.POSITIVE_INFINITY ? 1 : 0;
    return sum + own + Math.max(0, ...term.alternatives.map(dotsOnPath));
  }, 0);
}

/** First terms that read text, on every alternative; empty where the path is anchored at the begin of the line. */
function leading(terms: readonly Term[]): Term[] {
  const first: Term[] = [];
  for (const term of terms) {
    if (term.kind === 'assertion') {
      if (term.alternatives.length === 0 && term.end - term.start === 1) return first;
      continue;
    }
    if (term.kind === 'group' && term.most === 1) first.push(...term.alternatives.flatMap(leading));
    else first.push(term);
    if (term.least > 0) return first;
  }
  return first;
}

function walk(terms: readonly Term[], visit: (term: Term) => void): void {
  for (const term of terms) {
    visit(term);
    for (const alternative of term.alternatives) walk(alternative, visit);
  }
}

/** Why the pattern must not be run on untrusted lines; empty when it may. */
export function patternProblems(source: string): PatternProblem[] {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return [{ offset: 0, message: String(error instanceof Error ? error.message : error) }];
  }
  const problems: PatternProblem[] = [];
  const alternatives = readAlternatives({ source, at: 0 });
  for (const terms of alternatives) {
    walk(terms, (term) => {
      const text = source.slice(term.start, term.end);
      if (term.kind === 'back-reference') problems.push({ offset: term.start, message: `back-reference ${text}` });
      if (term.most === Number.POSITIVE_INFINITY && term.alternatives.some(hasUnbounded)) {
        problems.push({ offset: term.start, message: `repetition inside a repetition: ${text}` });
      }
    });
    for (const term of leading(terms)) {
      if (term.wide && term.most === Number.POSITIVE_INFINITY) {
        const text = source.slice(term.start, term.end);
        problems.push({
          offset: term.start,
          message: `begins with ${text}: the search starts over at every character`,
        });
      }
    }
    const dots = dotsOnPath(terms);
    if (dots > 2) problems.push({ offset: 0, message: `${dots} unbounded dots on one path; two at most` });
  }
  return problems;
}

/** Names of the named groups, in order. */
export function captureNames(source: string): string[] {
  const names: string[] = [];
  const text = source.replace(/\\./gsu, '__').replace(/\[[^\]]*\]/gu, (found) => '_'.repeat(found.length));
  for (const [, name] of text.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/gu)) if (name !== undefined) names.push(name);
  return [...new Set(names)];
}

/**
 * The longest beginning of the pattern, cut between its outermost terms, that still matches the text.
 * Shows an author where a pattern and a line part.
 */
export function matchedPrefix(
  source: string,
  text: string,
): { readonly pattern: string; readonly matched: string } | undefined {
  const alternatives = readAlternatives({ source, at: 0 });
  const only = alternatives.length === 1 ? (alternatives[0] as Term[]) : [];
  for (let count = only.length - 1; count > 0; count--) {
    const pattern = source.slice(0, (only[count - 1] as Term).end);
    const found = new RegExp(pattern, 'u').exec(text);
    if (found && found[0] !== '') return { pattern, matched: found[0] };
  }
  return undefined;
}
