const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/gu;
const SAFE_WORD = /^[A-Za-z0-9_./:@%+,=-]+$/u;
/** A line break or escape in a command would be obeyed. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

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
function isShellValue(value: string): boolean {
  return value !== '' && value.length <= 253 && !value.startsWith('-') && !CONTROL.test(value);
}

/**
 * Fills `{{name}}` in a command with shell-quoted values.
 *
 * Where the command has quotes around the placeholder itself, quoting again would undo them: only a value that needs no
 * quotes is filled in there.
 *
 * @returns the command, and the names that stay open: they read `<name>` for the reader to replace
 */
export function fillCommand(
  command: string,
  values: (name: string) => string | undefined,
): { readonly text: string; readonly open: readonly string[] } {
  const open = new Set<string>();
  const text = command.replace(PLACEHOLDER, (_, name: string, at: number) => {
    const value = values(name);
    const isSafe = value !== undefined && SAFE_WORD.test(value);
    if (value !== undefined && isShellValue(value) && (isSafe || !isInQuotes(command.slice(0, at)))) {
      return shellQuote(value);
    }
    open.add(name);
    return `<${name}>`;
  });
  return { text, open: [...open] };
}

/** Does a shell that has read this text wait for a closing quote? */
function isInQuotes(text: string): boolean {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\' && quote !== "'") at++;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}
