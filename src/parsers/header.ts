import type { Header, LineFormat } from './format.ts';

/** A line that begins a record, and the format that knows it. */
export interface FoundHeader {
  readonly header: Header;
  readonly format: LineFormat;
}

/** What the lines of one file are read with. */
export interface LineReading {
  /** The file's own format, `mixed` where lines of several formats stand side by side, `text` where none fits. */
  readonly format: LineFormat | 'mixed' | 'text';
  /** Every format of logs, most specific first. */
  readonly all: readonly LineFormat[];
  /** Longer lines were wrapped at so many characters by a terminal. */
  readonly wrapWidth?: number | undefined;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

export function isIndented(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === 32 || first === 9;
}

/** The header by the file's own format; of mixed and text files by the first format that knows the line. */
export function ownHeader(line: string, reading: LineReading): FoundHeader | undefined {
  const { format } = reading;
  if (format === 'mixed' || format === 'text') {
    return anyHeader(line, reading);
  }
  const header = format.parse(line);
  return header === undefined ? undefined : { header, format };
}

/** Where lines of several formats stand side by side, each of them is the file's own. */
export function isOwnFormat(format: LineFormat, reading: LineReading): boolean {
  return reading.format === 'mixed' || reading.format === format;
}

/** The header by any format, in table order. */
export function anyHeader(line: string, reading: LineReading): FoundHeader | undefined {
  for (const format of reading.all) {
    const header = format.parse(line);
    if (header !== undefined) {
      return { header, format };
    }
  }
  return undefined;
}

/** Lines that belong to a format but are no records. */
export function isBanner(line: string, reading: LineReading): boolean {
  const { format } = reading;
  if (format === 'mixed' || format === 'text') {
    return reading.all.some((each) => each.skips?.(line) === true);
  }
  return format.skips?.(line) === true;
}
