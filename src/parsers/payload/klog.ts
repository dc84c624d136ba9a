/**
 * klog and glog: the text logs of Kubernetes components, cert-manager, ingress-nginx, kube-ovn.
 *
 *     E0131 02:56:56.000000    1501 pod_workers.go:1301] "Error syncing pod, skipping" err="x" pod="default/a"
 *     Lmmdd hh:mm:ss.uuuuuu threadid file:line] message
 *
 * Local time of the process, without year and zone. `source` is kept as a hint, so that a line reads the same in all
 * of klog's versions. A trace (`Trace[1]: … (started: 2019-08-23 14:32:28.9 +0800 CST …) (total time: 5s)`) tells
 * year and zone: hints `year.anchor` (year of this line), `time.outer`, `time.inner` and `time.zoneless`, see peel.ts.
 *
 * Also taken: a pasted line number before the header, the line as one CSV cell (`"W0925 … ""x"" …"`), glog's
 * `ERROR: logging before flag.Parse: `, and lines that lost all before `file.go:12] `.
 *
 * Format: kubernetes/klog internal/buffer, internal/serialize.
 */

import type { Stamp } from '../../model/index.ts';
import { parseGoDuration } from '../../time/durations.ts';
import { fromYearlessMs, isYearlessDate, yearlessMs } from '../../time/yearless.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOfLetter } from '../levels.ts';
import { millisOf, stampOfText, yearlessStamp } from '../payload-time.ts';
import { readKlogBody, readKlogPairs } from './klog-pairs.ts';

const HEADER = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) +(\d{1,10}) ([^\s:\]]{1,200}:\d{1,6}) ?\](?: |$)/u;
const BEFORE_HEADER = /^(?:\s*\d{1,7}[:|]?\s+|\s+|ERROR: logging before flag\.Parse: )(?=[IWEF]\d{4} )/u;
const HEADLESS = /^([\w-]{1,80}\.go:\d{1,6})\] /u;
const TRACE_START = /\(started: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^()]{0,60})\)/u;
const TRACE_START_OF_DAY = /\((\d\d)-[A-Z][a-z]{2}-(\d{4}) \d\d:\d\d:\d\d\.\d{3}\)/u;
const TRACE_TOTAL = /\(total time: ([\d.hmsnuµ]{1,30})\)/u;

const samples: readonly FormatSample[] = [
  {
    text: 'E0131 02:56:56.000000    1501 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"a\\"" pod="default/a" podUID=7f3c',
    expect: {
      stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_616_000, precisionMs: 1 },
      level: 'err',
      pid: 1501,
      message: 'Error syncing pod, skipping',
      fields: { err: 'failed to "StartContainer" for "a"', pod: 'default/a', podUID: '7f3c' },
    },
  },
  {
    text: 'E0802 17:43:52.274624 1 leaderelection.go:330] error retrieving resource lock kube-system/ovn-config: context deadline exceeded',
    expect: {
      level: 'err',
      pid: 1,
      message: 'error retrieving resource lock kube-system/ovn-config: context deadline exceeded',
    },
  },
  {
    text: 'W1102 06:01:09.111423       1 controller.go:386 ] Resetting endpoints for master service "kubernetes" to &{{ } {kubernetes  default',
    expect: {
      level: 'warning',
      message: 'Resetting endpoints for master service "kubernetes" to &{{ } {kubernetes  default',
    },
  },
  {
    text: '  703 E0619 12:07:04.072121       6 pod.go:1762] failed to get static ip 10.0.1.254, err NoAvailableAddress',
    expect: { level: 'err', pid: 6, message: 'failed to get static ip 10.0.1.254, err NoAvailableAddress' },
  },
  {
    text: '"W0925 14:57:13.024456      12 dispatcher.go:191] Failed calling webhook, failing closed a.svc: failed calling webhook ""a.svc"": no endpoints available"',
    expect: {
      level: 'warning',
      message: 'Failed calling webhook, failing closed a.svc: failed calling webhook "a.svc": no endpoints available',
    },
  },
  {
    text: 'I0823 14:32:33.954766    6017 trace.go:81] Trace[1612309990]: "SQL Commit" (started: 2019-08-23 14:32:28.945805097 +0800 CST m=+4038.658662768) (total time: 5.008937729s):\nTrace[1612309990]: [5.008937729s] [5.008223267s] END',
    expect: { level: 'info', pid: 6017 },
  },
  {
    text: 'I0131 02:54:55.123456    1501 kubelet.go:10] "Generated config" config=<\n\tapiVersion: v1\n\tkind: X\n >  node="a"',
    expect: { level: 'info', message: 'Generated config', fields: { config: '' } },
  },
  {
    text: 'ERROR: logging before flag.Parse: W1103 03:53:28.278013       1 server.go:64] No cloud provider',
    expect: { level: 'warning', message: 'No cloud provider' },
  },
  {
    text: 'F0802 17:43:54.273166 1 election.go:92] leaderelection lost',
    expect: { level: 'crit', message: 'leaderelection lost' },
  },
];

function parse(line: string): Header | undefined {
  const text = unwrap(line);
  const match = HEADER.exec(text.length > 512 ? text.slice(0, 512) : text);
  if (match === null) {
    return parseHeadless(text);
  }
  const [whole, letter = '', month, day, clock = '', pid, source = ''] = match;
  const stamp = yearlessStamp(Number(month), Number(day), clock);
  if (stamp === undefined) {
    return undefined;
  }
  const body = readKlogBody(text.slice(whole.length));
  return headerOf({
    stamp,
    level: levelOfLetter(letter),
    pid: Number(pid),
    message: body.message,
    fields: body.fields,
    hints: { source, ...traceHints(body.message, stamp) },
  });
}

/** Undoes what copying did to the line: CSV quotes, line numbers, glog's remark. */
function unwrap(line: string): string {
  const first = line.charCodeAt(0);
  if (first >= 65 && first <= 90 && first !== 69) {
    return line;
  }
  if (line.startsWith('"') && /^"[IWEF]\d{4} /u.test(line)) {
    const cell = line.trimEnd();
    return cell.slice(1, cell.endsWith('"') ? -1 : undefined).replaceAll('""', '"');
  }
  const before = BEFORE_HEADER.exec(line.slice(0, 80));
  return before === null ? line : line.slice(before[0].length);
}

function parseHeadless(text: string): Header | undefined {
  const match = HEADLESS.exec(text.slice(0, 100));
  if (match === null) {
    return undefined;
  }
  const body = readKlogBody(text.slice(match[0].length));
  return headerOf({ message: body.message, fields: body.fields, hints: { source: match[1] ?? '' } });
}

/** A trace is logged at its end: start plus total time is the instant of the line. */
function traceHints(message: string, stamp: Stamp): Readonly<Record<string, string>> {
  if (!message.startsWith('Trace[')) {
    return {};
  }
  const text = message.slice(0, 4096);
  const totalMs = parseGoDuration(TRACE_TOTAL.exec(text)?.[1] ?? '') ?? 0;
  const started = stampOfText((TRACE_START.exec(text)?.[1] ?? '').slice(0, 48).trim());
  const startedMs = started === undefined ? undefined : millisOf(started);
  if (started?.kind === 'instant' && startedMs !== undefined) {
    const endedMs = Math.floor(startedMs + totalMs);
    const year = nearestYear(stamp, endedMs);
    return {
      'year.anchor': String(year),
      'time.outer': String(millisOf(stamp, year)),
      'time.inner': String(endedMs),
      'time.zoneless': 'outer',
    };
  }
  const day = TRACE_START_OF_DAY.exec(text);
  return day === null || stamp.kind !== 'wall'
    ? {}
    : { 'year.anchor': String(Number(day[2]) + (stamp.month === 1 && stamp.day === 1 && day[1] === '31' ? 1 : 0)) };
}

/** The year in which a month-day stamp lies closest to an instant. */
function nearestYear(stamp: Stamp, epochMs: number): number {
  const year = new Date(epochMs).getUTCFullYear();
  const distance = (candidate: number) => Math.abs((millisOf(stamp, candidate) ?? 0) - epochMs);
  return [year, year - 1, year + 1].reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

function continues(line: string, first: Header, firstLine: string): string | undefined {
  if (firstLine.endsWith('=<')) {
    if (line.startsWith('\t')) {
      return line.slice(1);
    }
    if (line.startsWith(' >')) {
      const pairs = readKlogPairs(line, 2) ?? {};
      return Object.entries(pairs)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ');
    }
  }
  if (first.message.startsWith('Trace[')) {
    const number = first.message.slice(0, first.message.indexOf(']') + 1);
    return number.length > 7 && line.startsWith(number) ? line : undefined;
  }
  return undefined;
}

/**
 * Milliseconds since 1 January of a leap year. The common shape is read from its fixed columns; for the others the
 * line is parsed.
 */
function timeAt(bytes: Uint8Array, start: number, end: number): number {
  const letter = bytes[start] ?? 0;
  const plain = letter === 73 || letter === 87 || letter === 69 || letter === 70;
  if (plain && bytes[start + 5] === 32 && bytes[start + 8] === 58 && bytes[start + 11] === 58) {
    return fixedColumns(bytes, start, end);
  }
  // `"W0925`, `  703 E0619`, `ERROR: logging`
  if (letter === 34 || letter === 32 || letter === 9 || letter === 69 || (letter >= 48 && letter <= 57)) {
    return mayBeWrapped(bytes, start, end) ? parsedTime(bytes, start, end) : -1;
  }
  return -1;
}

function fixedColumns(bytes: Uint8Array, start: number, end: number): number {
  const month = two(bytes, start + 1);
  const day = two(bytes, start + 3);
  const hour = two(bytes, start + 6);
  const minute = two(bytes, start + 9);
  const second = two(bytes, start + 12);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || !isYearlessDate(month, day)) {
    return -1;
  }
  // The rest of the header must be there: `.uuuuuu threadid file:line]`.
  if (!hasSource(bytes, start + 14, end)) {
    return -1;
  }
  let ms = 0;
  if (bytes[start + 14] === 46) {
    for (let digit = 0, weight = 100; digit < 3; digit += 1, weight /= 10) {
      const value = (bytes[start + 15 + digit] ?? 0) - 48;
      if (value < 0 || value > 9) {
        break;
      }
      ms += value * weight;
    }
  }
  return yearlessMs(month, day, Math.min(((hour * 60 + minute) * 60 + second) * 1000 + ms, 86_399_999));
}

function hasSource(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  if (bytes[at] === 46) {
    at += 1;
    const digits = skipDigits(bytes, at, end);
    if (digits === at || digits > at + 9) {
      return false;
    }
    at = digits;
  }
  const blanks = at;
  while (at < end && bytes[at] === 32) {
    at += 1;
  }
  const tid = skipDigits(bytes, at, end);
  if (at === blanks || tid === at || tid > at + 10 || bytes[tid] !== 32) {
    return false;
  }
  const file = tid + 1;
  at = file;
  while (at < end && at - file <= 200) {
    const byte = bytes[at] ?? 0;
    if (byte === 58 || byte === 93 || byte === 32 || (byte >= 9 && byte <= 13)) {
      break;
    }
    at += 1;
  }
  if (at === file || bytes[at] !== 58) {
    return false;
  }
  const line = skipDigits(bytes, at + 1, end);
  if (line === at + 1 || line > at + 7) {
    return false;
  }
  const close = bytes[line] === 32 ? line + 1 : line;
  return close < end && bytes[close] === 93 && (close + 1 === end || bytes[close + 1] === 32);
}

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) {
    at += 1;
  }
  return at;
}

function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/** Cheap look for `I0131 ` within the first 64 bytes. */
function mayBeWrapped(bytes: Uint8Array, start: number, end: number): boolean {
  const limit = Math.min(end - 6, start + 64);
  for (let at = start + 1; at < limit; at += 1) {
    const letter = bytes[at];
    if (
      (letter === 73 || letter === 87 || letter === 69 || letter === 70) &&
      two(bytes, at + 1) >= 0 &&
      two(bytes, at + 3) >= 0 &&
      bytes[at + 5] === 32
    ) {
      return true;
    }
  }
  return false;
}

const decoder = new TextDecoder();

function parsedTime(bytes: Uint8Array, start: number, end: number): number {
  const stamp = parse(decoder.decode(bytes.subarray(start, Math.min(end, start + 1024))))?.stamp;
  return stamp?.kind === 'wall' ? yearlessMs(stamp.month, stamp.day, stamp.msOfDay) : -1;
}

function stampOf(value: number): Stamp {
  return { kind: 'wall', ...fromYearlessMs(value), precisionMs: 1 };
}

export const klog: LineFormat = {
  kind: 'lines',
  id: 'klog',
  role: 'payload',
  samples,
  parse,
  continues,
  timeAt,
  stampOf,
};
