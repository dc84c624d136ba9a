import { stripAnsi } from '../text/ansi.ts';

/** kubectl writes the escape character of tables and descriptions as the two characters `^[`. */
const CARET_SEQUENCE = /\^\[\[[0-?]*[ -/]*[@-~]/gu;

/**
 * A physical line as parsers want it: without terminal sequences, carriage returns and NUL bytes. Of a line that was
 * overwritten by lone carriage returns (progress bars) the last state is kept. Columns of plain lines do not move.
 */
export function cleanLine(raw: string): string {
  let line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (line.includes('\u001b')) {
    line = stripAnsi(line);
  }
  if (line.includes('^[[')) {
    line = line.replace(CARET_SEQUENCE, '');
  }
  if (line.includes('\0')) {
    line = line.replaceAll('\0', '');
  }
  if (line.includes('\r')) {
    const shown = line.slice(line.lastIndexOf('\r') + 1);
    line = shown.trim() === '' ? line.replaceAll('\r', ' ') : shown;
  }
  return line;
}

/** Length of the run of NUL bytes that a line begins with: the hole that an unclean stop leaves in a file. */
export function leadingNuls(raw: string): number {
  let count = 0;
  while (count < raw.length && raw.charCodeAt(count) === 0) {
    count++;
  }
  return count;
}

/** A string of its own: slices keep the text that they were cut from alive. */
export function flat(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}
