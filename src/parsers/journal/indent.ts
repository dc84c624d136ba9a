/**
 * Further lines of a multi-line journal message: indented by as many blanks as the prefix (up to and including `: `)
 * has bytes. What is indented more belongs to the message. journalctl prints a tab of the message as eight blanks.
 */

/** Fewer blanks than the shortest header has are somebody else's indentation. */
const LEAST_INDENT = 16;

/** The text without the prefix's indentation, or undefined when the line is not indented like that. */
export function indentedText(line: string, prefixBytes: number): string | undefined {
  let blanks = 0;
  while (blanks < line.length && blanks < prefixBytes && line.charCodeAt(blanks) === 32) {
    blanks += 1;
  }
  return blanks >= Math.min(LEAST_INDENT, prefixBytes) && blanks > 0 ? line.slice(blanks) : undefined;
}
