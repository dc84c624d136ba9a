/**
 * What copying did to a log: every line indented, long lines wrapped at the width of a terminal.
 */

import { isBlank } from './header.ts';

/** Below this a common length says nothing. */
const NARROWEST = 60;
const LEAST_FULL_LINES = 2;

/** The white space that every line begins with, `` when there is none. Blank lines do not count. */
export function commonIndent(lines: readonly string[]): string {
  let indent: string | undefined;
  for (const line of lines) {
    if (isBlank(line)) {
      continue;
    }
    const own = /^[ \t]*/u.exec(line)?.[0] ?? '';
    indent ??= own;
    while (!own.startsWith(indent)) {
      indent = indent.slice(0, -1);
    }
    if (indent === '') {
      return '';
    }
  }
  return indent ?? '';
}

/** The lines without their common indentation. Their numbers do not change. */
export function undented(lines: readonly string[], indent: string): readonly string[] {
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
}

/**
 * The width at which long lines were wrapped, or undefined: no line is longer, several have exactly this length, and
 * most of these are followed by a line that begins no record.
 *
 * @param lines - cleaned
 */
export function wrapWidthOf(lines: readonly string[], isHeader: (line: string) => boolean): number | undefined {
  const width = lines.reduce((longest, line) => Math.max(longest, line.length), 0);
  if (width < NARROWEST) {
    return undefined;
  }
  let full = 0;
  let goesOn = 0;
  lines.forEach((line, at) => {
    const next = lines[at + 1];
    if (line.length === width && next !== undefined) {
      full++;
      goesOn += isBlank(next) || isHeader(next) ? 0 : 1;
    }
  });
  return full >= LEAST_FULL_LINES && goesOn * 2 > full ? width : undefined;
}
