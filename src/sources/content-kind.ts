/**
 * What a file is, by its first bytes and never by its name.
 *
 * Compressions and archives by their magic numbers, tar by the checksum of its first header (old tars have no magic),
 * text by what is left. Text may hold holes of NUL bytes (unclean stop), escape sequences, and some bytes that are no
 * UTF-8; a file is binary when more than one byte in twenty is another control character.
 */

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';
export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';

export type ContentKind =
  | { readonly kind: 'text'; readonly encoding: TextEncoding }
  | { readonly kind: 'compressed'; readonly compression: Compression }
  | { readonly kind: 'tar' }
  | { readonly kind: 'zip' }
  | { readonly kind: 'journal' }
  | { readonly kind: 'binary'; readonly what: string };

/** Bytes of the beginning that {@link contentKind} wants to see. */
export const HEAD_BYTES = 8192;

const MAGICS: readonly (readonly [magic: string, kind: ContentKind])[] = [
  ['\x1f\x8b', { kind: 'compressed', compression: 'gzip' }],
  ['\x28\xb5\x2f\xfd', { kind: 'compressed', compression: 'zstd' }],
  ['\xfd7zXZ\0', { kind: 'compressed', compression: 'xz' }],
  ['PK\x03\x04', { kind: 'zip' }],
  ['PK\x05\x06', { kind: 'zip' }],
  ['LPKSHHRH', { kind: 'journal' }],
  ['\x7fELF', { kind: 'binary', what: 'program (ELF)' }],
  ['MZ\x90\0', { kind: 'binary', what: 'program (PE)' }],
  ['\xca\xfe\xba\xbe', { kind: 'binary', what: 'Java class or Mach-O file' }],
  ['\xcf\xfa\xed\xfe', { kind: 'binary', what: 'program (Mach-O)' }],
  ['\0asm', { kind: 'binary', what: 'WebAssembly module' }],
  ['\x89PNG', { kind: 'binary', what: 'image (PNG)' }],
  ['\xff\xd8\xff', { kind: 'binary', what: 'image (JPEG)' }],
  ['GIF8', { kind: 'binary', what: 'image (GIF)' }],
  ['%PDF-', { kind: 'binary', what: 'PDF document' }],
  ['SQLite format 3\0', { kind: 'binary', what: 'SQLite database' }],
  ['\xd4\xc3\xb2\xa1', { kind: 'binary', what: 'packet capture' }],
  ['\xa1\xb2\xc3\xd4', { kind: 'binary', what: 'packet capture' }],
  ['\x0a\x0d\x0d\x0a', { kind: 'binary', what: 'packet capture' }],
  ['ElfFile\0', { kind: 'binary', what: 'Windows event log' }],
  ['7z\xbc\xaf\x27\x1c', { kind: 'binary', what: '7z archive, which is not supported: pack it as .tar.gz or .zip' }],
  ['Rar!\x1a\x07', { kind: 'binary', what: 'RAR archive, which is not supported: pack it as .tar.gz or .zip' }],
];
/** Behind `BZh` and a digit: the first block, or the end of an empty stream. */
const BZIP2_BLOCKS = ['1AY&SY', '\x17rE8P\x90'];

/** @param head the first {@link HEAD_BYTES} of the file, or all of it */
export function contentKind(head: Uint8Array): ContentKind {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16)).toString('latin1');
  const known = MAGICS.find(([magic]) => start.startsWith(magic));
  if (known !== undefined) {
    return known[1];
  }
  if (/^BZh[1-9]/u.test(start) && BZIP2_BLOCKS.some((block) => start.startsWith(block, 4))) {
    return { kind: 'compressed', compression: 'bzip2' };
  }
  // A zstd frame to be skipped: 16 first bytes, three fixed ones.
  if (/^[P-_]/u.test(start) && start.startsWith('*M\x18', 1)) {
    return { kind: 'compressed', compression: 'zstd' };
  }
  if (isTarHeader(head)) {
    return { kind: 'tar' };
  }
  const encoding = encodingOf(head);
  return encoding === 'utf-8' && looksBinary(head)
    ? { kind: 'binary', what: 'binary data' }
    : { kind: 'text', encoding };
}

/** Does the sum of the first 512 bytes equal the checksum that they state? */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512 || block[0] === 0) {
    return false;
  }
  const stated = Number.parseInt(
    Buffer.from(block.subarray(148, 156)).toString('latin1').replace(/\0/gu, ' ').trim(),
    8,
  );
  let sum = 8 * 32;
  for (let i = 0; i < 512; i += 1) {
    sum += i >= 148 && i < 156 ? 0 : (block[i] ?? 0);
  }
  return sum === stated;
}

function encodingOf(head: Uint8Array): TextEncoding {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return 'utf-8-bom';
  }
  if (a === 0xff && b === 0xfe) {
    return 'utf-16le';
  }
  if (a === 0xfe && b === 0xff) {
    return 'utf-16be';
  }
  const length = Math.min(head.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    even += head[i] === 0 ? 1 : 0;
    odd += head[i + 1] === 0 ? 1 : 0;
  }
  // One half NUL, the other nearly free of it: a hole in a text has NUL bytes in both.
  const pairs = length / 2;
  if (pairs >= 2 && odd > pairs * 0.6 && even < pairs * 0.05) {
    return 'utf-16le';
  }
  return pairs >= 2 && even > pairs * 0.6 && odd < pairs * 0.05 ? 'utf-16be' : 'utf-8';
}

function looksBinary(head: Uint8Array): boolean {
  let seen = 0;
  let control = 0;
  let stray = 0;
  for (let i = 0; i < head.length; i += 1) {
    const byte = head[i] ?? 0;
    if (byte === 0) {
      continue;
    }
    seen += 1;
    if (byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b) {
      control += 1;
    } else if (byte >= 0x80) {
      const length = utf8Length(head, i);
      if (length === 0) {
        stray += 1;
      } else {
        seen += length - 1;
        i += length - 1;
      }
    }
  }
  return control > seen * 0.05 || stray > seen * 0.3;
}

/** Length of the valid UTF-8 sequence at `i`, 0 when there is none. A sequence that the end cuts counts as valid. */
function utf8Length(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] ?? 0;
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead >= 0xf5) {
    return 0;
  }
  for (let k = 1; k < length; k += 1) {
    const next = bytes[i + k];
    if (next === undefined) {
      return k;
    }
    if ((next & 0xc0) !== 0x80) {
      return 0;
    }
  }
  return length;
}
