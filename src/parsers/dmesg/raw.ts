/**
 * dmesg: the kernel ring buffer as plain `dmesg` prints it.
 *
 *     [ 3720.650000] INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.
 *     kern  :err   : [ 3720.650000] …                  -x
 *     <3>[ 3720.650000] …                              -r
 *     [   12.345678] [  T1234] …                       kernels that print the caller
 *     [12345678.123456] line one
 *                       line two of the same message
 *
 * The bracket holds seconds since boot; nothing here says when that was. `journalctl -o short-monotonic` looks alike:
 * see journal/monotonic.ts. Every physical line of an oops or a hung task is a record of its own.
 */
import type { LineFormat } from '../format.ts';
import { isJournalMonotonic } from '../journal/monotonic.ts';
import { dmesgLineFormat } from './line-format.ts';
import { parsePrefix, parsePriorityPart } from './prefix.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** `[ 3720.650000] ` at `start` as ms since boot, or -1. */
function readSeconds(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  while (at < end && bytes[at] === 32 && at - start <= 10) {
    at += 1;
  }
  let seconds = 0;
  const from = at;
  for (; at < end && at - from < 13; at += 1) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) {
      break;
    }
    seconds = seconds * 10 + digit;
  }
  if (at === from || at - from > 12 || at + 8 > end || bytes[at] !== 46) {
    return -1;
  }
  let micros = 0;
  for (let i = 1; i <= 6; i += 1) {
    const digit = (bytes[at + i] ?? 0) - 48;
    if (digit < 0 || digit > 9) {
      return -1;
    }
    micros = micros * 10 + digit;
  }
  at += 7;
  return bytes[at] === 93 && (at + 1 === end || bytes[at + 1] === 32) ? seconds * 1000 + micros / 1000 : -1;
}

/** Where the bracket opens behind `kern  :err   : ` or `<3>`, or -1. */
function afterPriority(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (first !== 60 && (first < 97 || first > 122)) {
    return -1;
  }
  const limit = Math.min(end, start + 32);
  let open = start + 1;
  while (open < limit && bytes[open] !== 91) {
    open += 1;
  }
  const length = open - start;
  if (open === limit) {
    return -1;
  }
  let text = '';
  for (let i = start; i <= open; i += 1) {
    text += String.fromCharCode(bytes[i] ?? 0);
  }
  return parsePriorityPart(text).length === length ? open : -1;
}

/** A readable time after the raw one: rare, and then the whole prefix decides. */
function hasMoreTimes(bytes: Uint8Array, start: number, end: number): boolean {
  const limit = Math.min(end, start + 32);
  let close = start;
  while (close < limit && bytes[close] !== 93) {
    close += 1;
  }
  const next = close + 3 >= end || close === limit ? 0 : (bytes[close + 2] ?? 0);
  const after = bytes[close + 3] ?? 0;
  return (next >= 48 && next <= 57 && after >= 48 && after <= 57) || (next === 91 && after !== 32);
}

export const dmesgRaw: LineFormat = dmesgLineFormat(
  'dmesg-raw',
  ['raw'],
  [
    {
      text: 'kern  :err   : [ 3720.650000] INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      expect: {
        stamp: { kind: 'boot', seconds: 3720.65, precisionMs: 0.001 },
        unit: 'kernel',
        level: 'err',
        message: 'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      },
    },
    {
      text: '<3>[    0.000000] Linux version 6.1.0-18-amd64',
      expect: { stamp: { kind: 'boot', seconds: 0, precisionMs: 0.001 }, level: 'err' },
    },
    {
      text: '[   12.345678] [  T1234] e1000e: eth0 NIC Link is Down',
      expect: { unit: 'kernel', stream: '/kernel/T1234', message: 'e1000e: eth0 NIC Link is Down' },
    },
    {
      text: '[12345678.123456] multi-line first\n                  multi-line second',
      expect: { stamp: { kind: 'boot', seconds: 12_345_678.123456, precisionMs: 0.001 }, message: 'multi-line first' },
    },
    {
      text: '[   17.241999] [talos] hello failed {"component": "controller-runtime", "error": "connection refused"}',
      expect: { unit: 'talos', level: 'err', message: '[talos] hello failed', fields: { error: 'connection refused' } },
    },
    {
      text: '[    3.141592] systemd[1]: Detected architecture x86-64.',
      expect: { unit: 'systemd', pid: 1, message: 'Detected architecture x86-64.' },
    },
    {
      text: '[    1.000000] [Fri Feb 13 23:31:31 2009] 2009-02-13T23:31:31,123456+00:00 example',
      expect: { stamp: { kind: 'instant', epochMs: 1_234_567_891_123, precisionMs: 2000 }, message: 'example' },
    },
  ],
  {
    timeAt(bytes, start, end) {
      const open = bytes[start] === 91 ? start : afterPriority(bytes, start, end);
      if (open < 0) {
        return -1;
      }
      if (!hasMoreTimes(bytes, open, end)) {
        return readSeconds(bytes, open, end);
      }
      const prefix = parsePrefix(decoder.decode(bytes.subarray(start, Math.min(end, start + 200))));
      return prefix?.form === 'raw' && prefix.bootSeconds !== undefined ? Number(prefix.bootSeconds) * 1000 : -1;
    },
    stampOf: (ms) => ({ kind: 'boot', seconds: Math.round(ms * 1000) / 1e6, precisionMs: 0.001 }),
    suits: (lines) => !isJournalMonotonic(lines),
  },
);
