import { placeholders } from './template.ts';

const SAFE_WORD = /^[A-Za-z0-9_./:@%+,=-]+$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a line break or escape in a command would be obeyed
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/**
 * One word of a POSIX shell command, whatever the text holds.
 *
 * `it's` becomes `'it'\''s'`; words of safe characters stay as they are.
 */
export function shellQuote(word: string): string {
  return SAFE_WORD.test(word) ? word : `'${word.replace(/'/gu, "'\\''")}'`;
}

/**
 * May a value from a bundle stand in a command at all?
 *
 * Quoting does not help against a leading dash (it would be read as an option), nor does it make a line break readable.
 */
export function isShellValue(value: string): boolean {
  return value !== '' && value.length <= 253 && !value.startsWith('-') && !CONTROL.test(value);
}

/**
 * Fills `{{name}}` in a command with shell-quoted values.
 *
 * @returns the command, and the names that stay open: they read `<name>` for the reader to replace
 */
export function fillCommand(
  command: string,
  values: (name: string) => string | undefined,
): { readonly text: string; readonly open: readonly string[] } {
  const open = new Set<string>();
  let text = command;
  for (const name of new Set(placeholders(command))) {
    const value = values(name);
    const usable = value !== undefined && isShellValue(value);
    if (!usable) open.add(name);
    const shown = usable ? shellQuote(value) : `<${name}>`;
    text = text.replace(new RegExp(`\\{\\{\\s*${name.replace(/[.-]/gu, '\\$&')}\\s*\\}\\}`, 'gu'), () => shown);
  }
  return { text, open: [...open] };
}
