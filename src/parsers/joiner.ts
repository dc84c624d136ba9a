import { MAX_JOINED_CHARS, MAX_JOINED_LINES } from '../text/record-limits.ts';
import { continuesBlock } from './continuation.ts';
import { type FoundHeader, isBlank, isIndented } from './header.ts';

/** A quote or brace that is left open is closed within so many lines, or was never meant to be. */
export const MAX_UNFINISHED_LINES = 8;

/** A broken logfmt record goes on with a pair. */
const PAIR = /^[A-Za-z_][\w.-]{0,63}=/u;

/**
 * How a line relates to the record above it. `text` is joined as a line of its own; `piece` was cut off by a line
 * break that the program did not write, so that the record reads `whole` now; `beyond` belongs to it, but the record is
 * full.
 */
export type Joined =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'piece'; readonly whole: string }
  | { readonly kind: 'beyond' }
  | undefined;

/** Is a quote or a JSON object open at the end? Looks at 16 KiB only. */
export function isUnfinished(text: string): boolean {
  const end = Math.min(text.length, MAX_JOINED_CHARS);
  const json = text.startsWith('{"');
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) {
      at++;
    } else if (code === 34) {
      quoted = !quoted;
    } else if (!quoted && json) {
      depth += code === 123 ? 1 : code === 125 ? -1 : 0;
    }
  }
  return quoted || depth > 0;
}

/**
 * The record that is being read: decides which lines below its first one belong to it. The decisions depend on the
 * lines since the first one only, so a reader may begin at any record.
 */
export interface OpenRecord {
  /** Asked first: does the record's own format know the line as its continuation? */
  specific(line: string): Joined;
  /** Is a quote or brace open, so that `closes` matters? */
  unfinished(): boolean;
  /**
   * Asked when the line begins no record by any format.
   *
   * @param closes - the open quote or brace is closed by this line or by one of the next few
   */
  general(line: string, closes: boolean): Joined;
}

/** A printed struct, `&PodSandboxMetadata{Name:etcd-a,Uid:3d,A`, holds no line break of its own. */
const OPEN_STRUCT = /[\w&]\{[^\s{}]{1,2000}$/u;

/** What an open quote encloses goes on in the next line: with a blank, unless a terminal broke it within a word. */
function rejoined(above: string, line: string): string {
  const isWithinWord = above.endsWith(' ') || (OPEN_STRUCT.test(above.slice(-2048)) && !isIndented(line));
  return isWithinWord ? above + line : `${above} ${line}`;
}

/** A wrapped line and its rest. Where a copy was padded with blanks, words and paths were kept whole. */
function unwrapped(above: string, line: string): string {
  if (!above.endsWith(' ')) {
    return above + line;
  }
  const text = above.trimEnd();
  return text.endsWith('-') || text.endsWith('/') ? text + line.trimStart() : `${text} ${line.trimStart()}`;
}

/**
 * @param found - undefined when nothing recognised the first line
 * @param wrapWidth - lines of exactly this length go on in the next one
 */
export function openRecord(first: string, found: FoundHeader | undefined, wrapWidth?: number): OpenRecord {
  let lines = 0;
  let size = 0;
  let text = first.slice(0, MAX_JOINED_CHARS);
  let whole = first;
  let lastLength = first.length;
  let open = isUnfinished(first);
  let openLines = 0;
  const logfmt =
    found === undefined ? /(?:^| )(?:level|msg)=/u.test(first.slice(0, 1024)) : found.format.id === 'logfmt';

  /** @param added - text of the line in the record; undefined for a piece of `whole` */
  function take(line: string, added: string | undefined): Joined {
    lines++;
    size += line.length + 1;
    lastLength = line.length;
    if (lines > MAX_JOINED_LINES || size > MAX_JOINED_CHARS) {
      return { kind: 'beyond' };
    }
    text += `\n${line}`;
    return added === undefined ? { kind: 'piece', whole } : { kind: 'text', text: added };
  }

  return {
    specific(line) {
      const added = found?.format.continues?.(line, found.header, first);
      return added === undefined ? undefined : take(line, added);
    },
    unfinished: () => open,
    general(line, closes) {
      const full = lines >= MAX_JOINED_LINES || size > MAX_JOINED_CHARS;
      if (!full && lastLength === wrapWidth && !isBlank(line)) {
        whole = unwrapped(whole, line);
        open = isUnfinished(whole);
        return take(line, undefined);
      }
      if (!full && open && closes && openLines < MAX_UNFINISHED_LINES) {
        openLines++;
        whole = rejoined(whole, line);
        open = isUnfinished(whole);
        return take(line, undefined);
      }
      open = false;
      if (isBlank(line)) {
        return take(line, '');
      }
      if (isIndented(line)) {
        return take(line, line);
      }
      if (!full && logfmt && PAIR.test(line)) {
        whole += whole.endsWith(' ') ? line : ` ${line}`;
        open = isUnfinished(whole);
        openLines = 0;
        return take(line, undefined);
      }
      return continuesBlock(line, text) ? take(line, line) : undefined;
    },
  };
}
