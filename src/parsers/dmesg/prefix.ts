/**
 * The prefixes that dmesg, syslog(2) and consoles put before a kernel message.
 *
 *     kern  :err   : [ 3720.650000] …              dmesg -x: facility and level
 *     <3>[ 3720.650000] …                          dmesg -r, /proc/kmsg
 *     [ 3720.650000] …                             seconds since boot
 *     [ 3720.650000 <  122.550000>] …              -d
 *     [Fri Jan 31 02:56:55 2025] …                 -T; with `-T -d` the distance before the bracket closes
 *     [<  122.550000>] …                           -t -d
 *     [Jan31 02:56] …  [  +0.000100] …             -e
 *     2025-01-31T02:56:55,650000+00:00 …           --time-format iso
 *     [   12.345678] [  T1234] …                   caller id
 *     [    1.000000] [Fri Feb 13 23:31:31 2009] …  several time formats (util-linux 2.40)
 *
 * Readable times are computed by dmesg from the *current* clock: they are wrong by a second or two, and by far more
 * for lines before a suspend or a step of the clock. Format: util-linux sys-utils/dmesg.c.
 */
import type { Level, Stamp } from '../../model/index.ts';
import { isDate } from '../../time/calendar.ts';
import { monthNumber } from '../../time/months.ts';
import { parseRfc3339 } from '../../time/rfc3339.ts';
import { isYearlessDate } from '../../time/yearless.ts';
import type { Header } from '../format.ts';
import { isFacility, levelOfName, parsePriority } from '../syslog/priority.ts';
import { parseTail } from '../syslog/tail.ts';
import { isTalosMessage, levelOfText, splitTail } from '../talos/message.ts';

export type DmesgTime = 'raw' | 'raw-delta' | 'ctime' | 'delta' | 'minute' | 'reltime' | 'iso';

export interface DmesgPrefix {
  /** The first time of the line: it names the format. */
  readonly form: DmesgTime;
  readonly stamp?: Stamp;
  /** Seconds since the line before, of the forms `delta` and `reltime`. */
  readonly deltaSeconds?: number;
  readonly bootSeconds?: string;
  readonly level?: Level;
  readonly facility?: string;
  readonly caller?: string;
  /** Characters before the message. */
  readonly length: number;
}

/** What dmesg's own conversion of times is good for. */
const CONVERTED_PRECISION_MS = 2000;
const MAX_PREFIX = 200;
const DECODED = /^([a-z]{3,8}\d?) {0,6}: ?([a-z]{3,7}) {0,6}: ?/u;
const PRIORITY = /^<(\d{1,3})>/u;
const RAW = /^\[ {0,10}(\d{1,12}\.\d{6})( <[ -]{0,10}\d{1,12}\.\d{6}>)?\](?: |$)/u;
const CTIME =
  /^\[(?:\p{L}{1,6}\.?) (\p{L}{2,12}\.?) ( \d|\d\d?) (\d\d):(\d\d):(\d\d) (\d{4})(?: <[ -]{0,10}\d{1,12}\.\d{6}>)?\](?: |$)/u;
const DELTA = /^\[< {0,10}(-?\d{1,12}\.\d{6})>\](?: |$)/u;
const MINUTE = /^\[(\p{L}{2,12}\.?) ?(\d{1,2}) (\d\d):(\d\d)\](?: |$)/u;
const RELTIME = /^\[ {0,10}([+-]\d{1,12}\.\d{6})\](?: |$)/u;
const CALLER = /^\[ {0,10}([TC]\d{1,10})\] /u;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface TimePart {
  readonly form: DmesgTime;
  readonly stamp?: Stamp;
  readonly deltaSeconds?: number;
  readonly length: number;
}

/** Undefined when the line begins with no time of the kernel log. */
export function parsePrefix(line: string): DmesgPrefix | undefined {
  const head = line.length > MAX_PREFIX ? line.slice(0, MAX_PREFIX) : line;
  const priority = parsePriorityPart(head);
  const first = parseTime(head.slice(priority.length));
  if (first === undefined) {
    return undefined;
  }
  let length = priority.length + first.length;
  let { stamp } = first;
  let bootSeconds = stamp?.kind === 'boot' ? stamp.seconds : undefined;
  // A raw time may be followed by the same instant in readable forms; the iso one is exact.
  while (first.form === 'raw' || first.form === 'raw-delta' || first.form === 'ctime') {
    const next = parseTime(head.slice(length));
    if (next === undefined || next.form === first.form || next.stamp === undefined) {
      break;
    }
    bootSeconds ??= next.stamp.kind === 'boot' ? next.stamp.seconds : undefined;
    stamp = next.form === 'iso' || next.form === 'raw' ? next.stamp : stamp;
    length += next.length;
    if (next.form === 'iso') {
      break;
    }
  }
  const caller = CALLER.exec(head.slice(length));
  const prefix: Mutable<DmesgPrefix> = {
    form: first.form,
    length: length + (caller?.[0].length ?? 0),
    ...priority.parts,
  };
  if (stamp !== undefined) {
    prefix.stamp = stamp;
  }
  if (first.deltaSeconds !== undefined) {
    prefix.deltaSeconds = first.deltaSeconds;
  }
  if (bootSeconds !== undefined) {
    prefix.bootSeconds = bootSeconds.toFixed(6);
  }
  if (caller?.[1] !== undefined) {
    prefix.caller = caller[1];
  }
  return prefix;
}

/** The header of a kernel log line from its prefix and the text behind it. */
export function dmesgHeader(prefix: DmesgPrefix, message: string): Header {
  const header: Mutable<Header> = writer(message, prefix.caller);
  if (prefix.stamp !== undefined) {
    header.stamp = prefix.stamp;
  }
  if (prefix.level !== undefined) {
    header.level = prefix.level;
  }
  const hints: Record<string, string> = {};
  if (prefix.bootSeconds !== undefined) {
    hints['boot.seconds'] = prefix.bootSeconds;
  }
  if (prefix.form === 'minute') {
    hints['reltime.minute'] = 'true';
  }
  if (prefix.deltaSeconds !== undefined) {
    hints['reltime.delta'] = prefix.deltaSeconds.toFixed(6);
  }
  if (prefix.bootSeconds !== undefined || prefix.form === 'minute' || prefix.deltaSeconds !== undefined) {
    header.hints = hints;
  }
  return header;
}

/** Further lines of a message, indented by the width of the prefix. */
export function continuesDmesg(line: string, _first: Header, firstLine: string): string | undefined {
  const prefix = line.charCodeAt(0) === 32 ? parsePrefix(firstLine) : undefined;
  const width = prefix?.length ?? 0;
  return width > 0 && line.length >= width && line.slice(0, width).trim() === '' ? line.slice(width) : undefined;
}

/** systemd and its early-boot companions write to the kernel log under their own name. */
const USER_SPACE = /^(?:systemd[\w-]{0,32}|dracut[\w-]{0,32}|ignition|cloud-init)\[\d{1,10}\]: /u;

function writer(
  message: string,
  caller: string | undefined,
): Pick<Header, 'unit' | 'pid' | 'level' | 'message' | 'fields' | 'stream'> {
  const first = message.charCodeAt(0);
  const isNamed =
    (first === 115 || first === 100 || first === 105 || first === 99) && USER_SPACE.test(message.slice(0, 100));
  const tail = isNamed ? parseTail(message) : undefined;
  if (tail?.ident !== undefined && tail.pid !== undefined) {
    return { unit: tail.ident, pid: tail.pid, message: tail.message, stream: `/${tail.ident}[${tail.pid}]` };
  }
  if (isTalosMessage(message)) {
    return { unit: 'talos', level: levelOfText(message), ...splitTail(message), stream: '/kernel' };
  }
  return { unit: 'kernel', message, stream: caller === undefined ? '/kernel' : `/kernel/${caller}` };
}

/** `kern  :err   : ` or `<3>`; the length is 0 without either. */
export function parsePriorityPart(head: string): {
  readonly length: number;
  readonly parts: { readonly level?: Level; readonly facility?: string };
} {
  const first = head.charCodeAt(0);
  if (first === 60) {
    const match = PRIORITY.exec(head);
    return match === null
      ? { length: 0, parts: {} }
      : { length: match[0].length, parts: parsePriority(Number(match[1])) };
  }
  if (first >= 97 && first <= 122) {
    const match = DECODED.exec(head);
    const facility = match?.[1] ?? '';
    const level = levelOfName(match?.[2] ?? '');
    if (match !== null && level !== undefined && isFacility(facility)) {
      return { length: match[0].length, parts: { level, facility } };
    }
  }
  return { length: 0, parts: {} };
}

function parseTime(text: string): TimePart | undefined {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const time = parseRfc3339(text);
    return time?.comma === true && text.charCodeAt(time.length) === 32
      ? {
          form: 'iso',
          stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: CONVERTED_PRECISION_MS },
          length: time.length + 1,
        }
      : undefined;
  }
  if (first !== 91) {
    return undefined;
  }
  const raw = RAW.exec(text);
  if (raw !== null) {
    return {
      form: raw[2] === undefined ? 'raw' : 'raw-delta',
      stamp: { kind: 'boot', seconds: Number(raw[1]), precisionMs: 0.001 },
      length: raw[0].length,
    };
  }
  const reltime = RELTIME.exec(text);
  if (reltime !== null) {
    return { form: 'reltime', deltaSeconds: Number(reltime[1]), length: reltime[0].length };
  }
  const delta = DELTA.exec(text);
  if (delta !== null) {
    return { form: 'delta', deltaSeconds: Number(delta[1]), length: delta[0].length };
  }
  return parseCtime(text) ?? parseMinute(text);
}

function parseCtime(text: string): TimePart | undefined {
  const match = CTIME.exec(text);
  const month = match === null ? undefined : monthNumber(match[1] ?? '');
  if (match === null || month === undefined) {
    return undefined;
  }
  const [whole, , dayText, hour, minute, second, yearText] = match;
  const [day, year] = [Number(dayText), Number(yearText)];
  if (!isDate(year, month, day) || Number(hour) > 23 || Number(minute) > 59) {
    return undefined;
  }
  const msOfDay = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  return {
    form: 'ctime',
    stamp: { kind: 'wall', year, month, day, msOfDay, precisionMs: CONVERTED_PRECISION_MS },
    length: whole.length,
  };
}

function parseMinute(text: string): TimePart | undefined {
  const match = MINUTE.exec(text);
  const month = match === null ? undefined : monthNumber(match[1] ?? '');
  const day = Number(match?.[2]);
  if (match === null || month === undefined || !isYearlessDate(month, day) || Number(match[3]) > 23) {
    return undefined;
  }
  const msOfDay = (Number(match[3]) * 60 + Number(match[4])) * 60_000;
  return { form: 'minute', stamp: { kind: 'wall', month, day, msOfDay, precisionMs: 60_000 }, length: match[0].length };
}
