/** Names of archives and of what is in them. */

const ARCHIVE_SUFFIX = /(?:\.tar)?\.(?:tar|tgz|tbz2?|txz|tzst|zip|gz|zst|xz|bz2)$/iu;
const MAX_NAME = 1000;

/** Base name of the input without the suffixes of archives: `bundle.tar.gz` → `bundle`. */
export function bundleName(fileName: string): string {
  const name = fileName.replace(ARCHIVE_SUFFIX, '');
  return name === '' ? fileName : name;
}

/**
 * A member's path inside of its archive: `/`-separated, without `.` and empty parts and without control characters.
 * Undefined for names that lead out of the archive: absolute ones and those with `..`.
 */
export function memberPath(name: string): string | undefined {
  if (name === '' || name.length > MAX_NAME || name.startsWith('/') || /^[A-Za-z]:[\\/]/u.test(name)) {
    return undefined;
  }
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) {
    return undefined;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break lines of reports and terminals.
  return parts.join('/').replace(/[\u0000-\u001f\u007f]/gu, '?');
}

/** Text of an archive for messages: no control characters, not longer than a line. */
export function printable(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
  const text = name.replace(/[\u0000-\u001f\u007f]/gu, '?');
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
