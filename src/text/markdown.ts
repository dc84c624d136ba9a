/**
 * Text from logs, made harmless for Markdown.
 *
 * Everything that a bundle says may hold pipes, backticks, brackets, HTML or line breaks. Prose goes through
 * {@link escapeMarkdown}, quotes through {@link codeSpan}, table cells additionally through {@link tableCell}.
 * The result is for CommonMark with the tables of GitHub; it still reads well in a pager.
 */

/** Control and other invisible characters, direction marks included: shown as U+FFFD rather than obeyed. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line, without characters that a terminal or browser would obey. */
export function plainLine(text: string): string {
  return text
    .replace(/[\r\n\t]+/gu, ' ')
    .replace(INVISIBLE, '\ufffd')
    .trim();
}

/** As text, never as markup. Underscores inside words stay as they are: they cannot begin an emphasis there. */
export function escapeMarkdown(text: string): string {
  return plainLine(text)
    .replace(/[\\`*[\]|~]/gu, '\\$&')
    .replace(/&(?=#?\w{1,32};)/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/^(\s*)>/u, '$1\\>')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(\s*)([#+=-])(?=\s|$|[-=#])/u, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/u, '$1\\$2')
    .replace(/\b(https?|ftp|mailto):/giu, '$1\\:')
    .replace(/\bwww\./giu, 'www\\.');
}

/**
 * A quote as a code span: a fence one longer than any run of backticks inside.
 *
 * An empty quote has no code span; it reads `(empty line)`.
 */
export function codeSpan(text: string): string {
  const line = plainLine(text);
  if (line === '') return '(empty line)';
  const longest = Math.max(0, ...[...line.matchAll(/`+/gu)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || line.startsWith(' ') || line.endsWith(' ') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A code span inside a table: pipes would end the cell there. */
export function codeCell(text: string): string {
  return codeSpan(text).replace(/\|/gu, '\\|');
}

/**
 * Commands or diagrams as a fenced block; the fence is longer than any run of backticks inside.
 *
 * Line breaks stay, other control characters do not.
 */
export function codeBlock(text: string, language = ''): string {
  const body = text
    .split(/\r\n|\r|\n/u)
    .map((line) => line.replace(/\t/gu, '  ').replace(INVISIBLE, '\ufffd'))
    .join('\n')
    .replace(/\n+$/u, '');
  const longest = Math.max(2, ...[...body.matchAll(/`+/gu)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}
