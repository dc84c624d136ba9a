/**
 * What follows the time in journalctl's line modes and in syslog files:
 *
 *     [ host SP ] ident [ "[" pid "]" ] ":" SP message
 *
 *     node-1 kubelet[1501]: E0131 02:56:56.000000    1501 pod_workers.go:1301] …
 *     node-1 my app[78]: the identifier may hold blanks
 *      kubelet[1606]: two blanks after the time where the host is missing
 *     myapp: no host, no pid
 *     alpine daemon.info kubelet[12]: busybox writes facility and level
 *     node-1 message repeated 3 times: [ nfs: server nas not responding]
 *
 * One scanner over bytes serves the parsers and the fast path of the scan, so both see the same headers.
 * Known gap: without a host, `my app[78]: x` reads as host `my`, as the text alone cannot tell.
 */
import type { Level, Stamp } from '../../model/index.ts';
import { stripAnsi } from '../../text/ansi.ts';
import type { Header } from '../format.ts';
import { isFacility, levelOfName } from './priority.ts';

/** Offsets into the bytes scanned. `pidStart` is -1 without a bracket. */
export interface TailBounds {
  hostEnd: number;
  identStart: number;
  identEnd: number;
  pidStart: number;
  pidEnd: number;
  messageStart: number;
}

/** A header longer than this is no header. */
const MAX_HEADER_BYTES = 300;
/** `message repeated 3 times: …`, `Plex Media Server: …`; with a pid in brackets there is less doubt. */
const MAX_WORDS = 4;
const MAX_WORDS_WITH_PID = 5;
/** Host and identifier hold no quotes, equals signs, commas, angles or braces: messages do. */
const FORBIDDEN = new Uint8Array(256);
for (const char of '\t"\'=,;<>{}|`?!$&*') {
  FORBIDDEN[char.charCodeAt(0)] = 1;
}

export function tailBounds(): TailBounds {
  return { hostEnd: 0, identStart: 0, identEnd: 0, pidStart: -1, pidEnd: 0, messageStart: 0 };
}

/** Finds the parts of a header in `[start, end)`; false when there is none. */
export function scanTail(bytes: Uint8Array, start: number, end: number, out: TailBounds): boolean {
  const limit = Math.min(end, start + MAX_HEADER_BYTES);
  let firstBlank = -1;
  let words = 0;
  let inWord = false;
  for (let i = start; i < limit; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === 32) {
      inWord = false;
      if (firstBlank < 0) {
        firstBlank = i;
      }
    } else if (byte === 58) {
      if (i + 1 === end || bytes[i + 1] === 32) {
        out.pidStart = -1;
        return finish(bytes, start, firstBlank, i, words, i + 1, end, out);
      }
      if (firstBlank >= 0) {
        return false;
      }
    } else if (byte === 91) {
      return scanPid(bytes, start, firstBlank, i, words, end, out);
    } else if (byte === 93 || FORBIDDEN[byte] === 1) {
      return false;
    } else if (!inWord) {
      inWord = true;
      words += 1;
    }
  }
  return false;
}

function scanPid(
  bytes: Uint8Array,
  start: number,
  firstBlank: number,
  open: number,
  words: number,
  end: number,
  out: TailBounds,
): boolean {
  const limit = Math.min(end, open + 24);
  let close = open + 1;
  while (close < limit && bytes[close] !== 93 && bytes[close] !== 32) {
    close += 1;
  }
  if (close === open + 1 || close >= limit || bytes[close] !== 93 || close + 1 >= end || bytes[close + 1] !== 58) {
    return false;
  }
  out.pidStart = open + 1;
  out.pidEnd = close;
  return finish(bytes, start, firstBlank, open, words, close + 2, end, out);
}

function finish(
  bytes: Uint8Array,
  start: number,
  firstBlank: number,
  identEnd: number,
  words: number,
  afterColon: number,
  end: number,
  out: TailBounds,
): boolean {
  const hasHost = firstBlank > start;
  let identStart = firstBlank < 0 ? start : firstBlank;
  while (identStart < identEnd && bytes[identStart] === 32) {
    identStart += 1;
  }
  const identWords = hasHost ? words - 1 : words;
  if (
    identStart === identEnd ||
    bytes[identEnd - 1] === 32 ||
    identWords > (out.pidStart < 0 ? MAX_WORDS : MAX_WORDS_WITH_PID)
  ) {
    return false;
  }
  out.hostEnd = hasHost ? firstBlank : start;
  out.identStart = identStart;
  out.identEnd = identEnd;
  out.messageStart = afterColon < end && bytes[afterColon] === 32 ? afterColon + 1 : afterColon;
  return true;
}

/** A header's parts as text. */
export interface Tail {
  readonly node?: string;
  /** The identifier as written; absent when the line names none. */
  readonly ident?: string;
  readonly pid?: number;
  readonly level?: Level;
  readonly message: string;
  /** Bytes before the message: journalctl indents further lines by as many blanks as the prefix has bytes. */
  readonly bytesBefore: number;
}

/** Headers are built by assignment: every candidate line passes here, and spreading parts costs several times as much. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const PID = /^\d{1,10}$/u;
/** A UTF-16 unit takes at most three bytes. */
const scratch = new Uint8Array(3 * MAX_HEADER_BYTES);
const bounds = tailBounds();
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The tail that `rest` begins with, or undefined. */
export function parseTail(rest: string): Tail | undefined {
  const head = rest.length > MAX_HEADER_BYTES ? rest.slice(0, MAX_HEADER_BYTES) : rest;
  const { written } = encoder.encodeInto(head, scratch);
  if (!scanTail(scratch, 0, written, bounds)) {
    return undefined;
  }
  // Of ASCII, offsets of bytes are those of characters.
  const text =
    written === head.length
      ? (from: number, to: number) => head.slice(from, to)
      : (from: number, to: number) => decoder.decode(scratch.subarray(from, to));
  const busybox = splitFacility(text(bounds.identStart, bounds.identEnd));
  const tail: Mutable<Tail> = {
    ident: busybox.ident,
    message: rest.slice(written === head.length ? bounds.messageStart : text(0, bounds.messageStart).length),
    bytesBefore: bounds.messageStart,
  };
  if (bounds.hostEnd > 0) {
    tail.node = text(0, bounds.hostEnd);
  }
  const pid = bounds.pidStart < 0 ? '' : text(bounds.pidStart, bounds.pidEnd);
  if (PID.test(pid)) {
    tail.pid = Number(pid);
  }
  if (busybox.level !== undefined) {
    tail.level = busybox.level;
  }
  return tail;
}

/** As {@link parseTail}, but a line without identifier becomes a message; for times that leave no doubt. */
export function parseLooseTail(rest: string): Tail {
  return parseTail(rest) ?? parseHostOnly(rest) ?? { message: rest.trimStart(), bytesBefore: 0 };
}

const HOST_ONLY = /^(\S{1,255}) ((?:last message repeated \d{1,9} times|-- MARK --)\b.*)$/su;

function parseHostOnly(rest: string): Tail | undefined {
  const match = rest.length > 400 ? null : HOST_ONLY.exec(rest);
  return match === null ? undefined : { node: match[1] ?? '', message: match[2] ?? '', bytesBefore: 0 };
}

/** busybox: `daemon.info kubelet`. */
function splitFacility(ident: string): { readonly ident: string; readonly level?: Level } {
  const match = ident.includes(' ') ? /^([a-z]{3,8}\d?)\.([a-z]{3,7}) (.+)$/u.exec(ident) : null;
  const level = match === null || !isFacility(match[1] ?? '') ? undefined : levelOfName(match[2] ?? '');
  return level === undefined ? { ident } : { ident: match?.[3] ?? ident, level };
}

const REPEATED = /^message repeated (\d{1,9}) times$/u;
const REPEATED_LAST = /^last message repeated (\d{1,9}) times?/u;

/**
 * The header of one journal or syslog line.
 *
 * @param escapes - rsyslog's `#011` for control characters is undone
 */
export function headerOf(tail: Tail, stamp: Stamp | undefined, escapes: boolean, level?: Level): Header {
  const { node, ident, pid } = tail;
  const repeated = ident?.startsWith('message repeated ') === true ? REPEATED.exec(ident) : null;
  const bare = repeated === null ? tail.message : bracketed(tail.message);
  const message = escapes ? unescapeControls(bare) : bare;
  const header: Mutable<Header> = { message };
  if (stamp !== undefined) {
    header.stamp = stamp;
  }
  if (node !== undefined) {
    header.node = node;
  }
  const known = level ?? tail.level;
  if (known !== undefined) {
    header.level = known;
  }
  const count = repeated?.[1] ?? (ident === undefined ? REPEATED_LAST.exec(message)?.[1] : undefined);
  if (count !== undefined) {
    header.count = Number(count);
  }
  if (ident === undefined || repeated !== null) {
    header.stream = `${node ?? ''}/`;
  } else if (ident === 'kernel') {
    Object.assign(header, kernelHeader(message, node));
  } else {
    header.unit = unitOf(ident);
    header.stream = `${node ?? ''}/${ident}`;
    if (pid !== undefined) {
      header.pid = pid;
      header.stream += `[${pid}]`;
    }
  }
  return header;
}

const KERNEL_STAMP = /^\[ *(\d{1,10}\.\d{3,6})\] ?/u;
const CALLER = /^\[ *([TC]\d{1,10})\] /u;

/** A kernel message, without the second stamp and the caller id that syslog daemons leave in it. */
export function kernelHeader(
  message: string,
  node: string | undefined,
): { unit: string; message: string; stream: string; hints?: Readonly<Record<string, string>> } {
  const stamp = KERNEL_STAMP.exec(message);
  const afterStamp = message.slice(stamp?.[0].length ?? 0);
  const caller = CALLER.exec(afterStamp);
  return {
    unit: 'kernel',
    message: afterStamp.slice(caller?.[0].length ?? 0),
    stream: `${node ?? ''}/kernel${caller === null ? '' : `/${caller[1]}`}`,
    ...(stamp === null ? {} : { hints: { 'boot.seconds': stamp[1] ?? '' } }),
  };
}

/** The unit of process 1, whose own name is what every other mode prints. */
const INIT_UNIT = 'init.scope';

/** `kubelet.service` and `user@0.service/kubelet.service` → `kubelet`. Other unit types keep their suffix. */
export function unitOf(ident: string): string {
  const last = ident.slice(ident.lastIndexOf('.service/') < 0 ? 0 : ident.lastIndexOf('/') + 1);
  if (last === INIT_UNIT) {
    return 'systemd';
  }
  return last.length > 8 && last.endsWith('.service') ? last.slice(0, -8) : last;
}

/** Undoes `#011` (tab), `#012` (newline), `#033` (escape, whose colour sequences go too): #000–#037 and #177. */
function unescapeControls(message: string): string {
  if (!message.includes('#0') && !message.includes('#177')) {
    return message;
  }
  const text = message.replace(/#(0[0-3][0-7]|177)/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return stripAnsi(text);
}

/** `[ text]` → `text`. */
function bracketed(message: string): string {
  const inner = message.startsWith('[') ? message.slice(1).trimStart() : message;
  const close = inner.trimEnd();
  return close.endsWith(']') ? close.slice(0, -1) : inner;
}
