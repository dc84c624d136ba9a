/**
 * `journalctl -o export` (and what systemd-journal-remote transfers).
 *
 *     __CURSOR=s=…
 *     __REALTIME_TIMESTAMP=1738292217000000
 *     MESSAGE
 *     <8 bytes, little-endian length><that many bytes>
 *     (empty line)
 *
 * The format is one of bytes, and is read as such: a value may hold newlines, NUL bytes, and bytes that are no UTF-8.
 * Where only text is left of it (an export inside of another file, a copy that lost NUL bytes), a length with a byte from
 * 128 on is not whole and only a hint: a value then ends before a line that begins a field, or before the empty line that
 * ends the entry. So does the last value of a file that was cut.
 * Format: systemd's JOURNAL_EXPORT_FORMATS.
 */
import { createDocument, type DocumentBuilder } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { addRecord } from './add-record.ts';
import { entryHeader } from './entry.ts';
import { splitExport } from './split-export.ts';

const KEY = /^([A-Z0-9_]{1,64})=/u;
const BARE_KEY = /^[A-Z0-9_]{1,64}$/u;
const FIRST_KEY = /^__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|SEQNUM)=/u;

export const journalExport: DocumentFormat = {
  kind: 'document',
  id: 'journal-export',
  countsBytes: true,
  split: splitExport,
  sniff: ({ lines }) => (/^__CURSOR=s=|^__REALTIME_TIMESTAMP=\d{16}$/u.test(lines[0]?.slice(0, 64) ?? '') ? 1 : 0),
  parse(input) {
    const document = createDocument(input);
    let fields = new Map<string, string[]>();
    let start = 0;
    let guessed = 0;

    function finish(end: number): void {
      const header = entryHeader(fields);
      if (header !== undefined) {
        addRecord(document, header, start, end);
      }
      fields = new Map();
    }

    function put(key: string, value: string): void {
      fields.set(key, [...(fields.get(key) ?? []), value]);
    }

    const binary = input.bytes === undefined ? undefined : byteLines(input.bytes, document.lineCount);
    let at = 0;
    while (at < document.lineCount) {
      const line = document.line(at);
      const key = KEY.exec(line)?.[1];
      if (line === '' || (key !== undefined && FIRST_KEY.test(line) && fields.has(key))) {
        finish(at - 1);
        start = line === '' ? at + 1 : at;
        if (line === '') {
          document.belongs(at);
          at += 1;
          continue;
        }
      }
      if (key !== undefined) {
        put(key, line.slice(key.length + 1));
        at += 1;
      } else if (BARE_KEY.test(line) && at + 1 < document.lineCount) {
        const value = binary?.valueAt(at + 1) ?? readBinary(document, at + 1);
        put(line, value.text);
        guessed += value.exact ? 0 : 1;
        at = value.next;
      } else {
        at += 1;
      }
    }
    finish(document.lineCount - 1);
    if (guessed > 0) {
      document.remark(
        'info',
        'journal-export-lengths',
        `${guessed} binary fields of a journal export were delimited by what follows them: their lengths did not survive as text`,
      );
    }
    return document.result('keep');
  },
  samples: [
    {
      path: 'journal.export',
      text: [
        '__CURSOR=s=f15a;i=1',
        '__REALTIME_TIMESTAMP=1738292217000000',
        '__MONOTONIC_TIMESTAMP=3722000000',
        '_BOOT_ID=0123456789abcdef0123456789abcdef',
        '_HOSTNAME=node-1',
        'SYSLOG_IDENTIFIER=myapp',
        '_PID=77',
        'PRIORITY=3',
        'MESSAGE',
        '\u0010\0\0\0\0\0\0\0panic: x\n\nline 3',
        '',
        '__CURSOR=s=f15a;i=2',
        '__REALTIME_TIMESTAMP=1738292218000000',
        'MESSAGE=one line',
        '',
      ].join('\n'),
    },
  ],
};

interface BinaryValue {
  readonly text: string;
  /** Index of the line after the value. */
  readonly next: number;
  readonly exact: boolean;
}

const FEED = 10;
/** A number of eight bytes, of which JavaScript counts seven. */
const LENGTH_BYTES = 8;

/** The bytes that a document was decoded from; undefined when their lines are not those of the text. */
function byteLines(bytes: Buffer, lineCount: number): { valueAt(line: number): BinaryValue | undefined } | undefined {
  const starts: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    starts.push(from);
    const feed = bytes.indexOf(FEED, from);
    from = feed < 0 ? bytes.length : feed + 1;
  }
  if (starts.length !== lineCount) {
    return undefined;
  }
  return {
    /** Undefined when the length leads out of the file, or not to the end of a line. */
    valueAt(line) {
      const from = (starts[line] ?? bytes.length) + LENGTH_BYTES;
      if (from > bytes.length || bytes.readUInt16LE(from - 2) !== 0) {
        return undefined;
      }
      const end = from + bytes.readUIntLE(from - LENGTH_BYTES, 6);
      if (end > bytes.length || (end < bytes.length && bytes[end] !== FEED)) {
        return undefined;
      }
      let next = line + 1;
      while (next < starts.length && (starts[next] as number) <= end) next += 1;
      return { text: bytes.toString('utf8', from, end), next, exact: true };
    },
  };
}

function readBinary(document: DocumentBuilder, at: number): BinaryValue {
  return readExact(document, at) ?? readDelimited(document, at);
}

/** By its length, when all eight bytes of it came through. */
function readExact(document: DocumentBuilder, at: number): BinaryValue | undefined {
  const { text } = document.input;
  const from = document.startOf(at);
  let length = 0;
  for (let i = 0; i < 8; i += 1) {
    const code = text.charCodeAt(from + i);
    if (Number.isNaN(code) || code > 127 || (i > 3 && code !== 0)) {
      return undefined;
    }
    length += code * 256 ** i;
  }
  const end = afterBytes(text, from + 8, length);
  if (end === undefined || text.charAt(end) !== '\n') {
    return undefined;
  }
  const next = document.lineOf(end) + 1;
  return endsValue(document, next) ? { text: text.slice(from + 8, end), next, exact: true } : undefined;
}

/** Index after as many characters as make `length` bytes of UTF-8. */
function afterBytes(text: string, from: number, length: number): number | undefined {
  let bytes = 0;
  let at = from;
  while (bytes < length && at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return bytes === length ? at : undefined;
}

function endsValue(document: DocumentBuilder, at: number): boolean {
  const line = document.line(at);
  return (
    at >= document.lineCount ||
    KEY.test(line) ||
    (BARE_KEY.test(line) && at + 1 < document.lineCount) ||
    (line === '' && (at + 1 >= document.lineCount || FIRST_KEY.test(document.line(at + 1))))
  );
}

/** Up to the next field or the end of the entry. The first line belongs to the value whatever it holds. */
function readDelimited(document: DocumentBuilder, at: number): BinaryValue {
  let next = at + 1;
  while (next < document.lineCount && !endsDelimited(document, next)) {
    next += 1;
  }
  const lines = Array.from({ length: next - at }, (_, index) => document.line(at + index));
  return { text: withoutLength(lines.join('\n')), next, exact: false };
}

/** A word in capitals alone on its line is more likely text than a field, unless it is a well-known one. */
function endsDelimited(document: DocumentBuilder, at: number): boolean {
  const line = document.line(at);
  return (
    KEY.test(line) ||
    line === 'MESSAGE' ||
    (line === '' && (at + 1 >= document.lineCount || FIRST_KEY.test(document.line(at + 1))))
  );
}

/**
 * Cuts off what is left of the length: all eight bytes, or those that are not NUL. Of the possible cuts the one whose
 * length fits best is taken; a value may be shorter than its length, as sequences were removed from it.
 */
function withoutLength(text: string): string {
  const nuls = /^[^\0]{0,4}\0{4,8}/u.exec(text)?.[0];
  if (nuls !== undefined) {
    return text.slice(nuls.length);
  }
  let best = { cut: 1, excess: Number.POSITIVE_INFINITY };
  for (let cut = 1; cut <= 3 && cut <= text.length; cut += 1) {
    const rest = Buffer.byteLength(text.slice(cut));
    const [least, greatest] = lengthsOf(text.slice(0, cut));
    const excess = greatest < rest ? Number.POSITIVE_INFINITY : Math.max(0, least - rest);
    if (excess < best.excess) {
      best = { cut, excess };
    }
  }
  return text.slice(best.cut);
}

/** Least and greatest length that these bytes can mean; U+FFFD stands for any byte from 128 on. */
function lengthsOf(bytes: string): readonly [number, number] {
  let least = 0;
  let greatest = 0;
  [...bytes].forEach((char, index) => {
    const code = char.codePointAt(0) ?? 0;
    least += (code === 0xfffd ? 128 : Math.min(code, 255)) * 256 ** index;
    greatest += (code === 0xfffd ? 255 : Math.min(code, 255)) * 256 ** index;
  });
  return [least, greatest];
}
