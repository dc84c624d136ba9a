/**
 * RFC 3164 files as rsyslog, syslog-ng and busybox write them (`/var/log/messages`, `syslog`, `kern.log`).
 *
 *     Feb  4 09:34:10 compute4 kernel: [    0.000000] Linux version 5.4.0-97-generic
 *     <30>Jan 31 02:54:55 node-1 kubelet[1501]: started
 *     Jan 31 02:58:45 node-1 message repeated 3 times: [ nfs: server nas not responding, still trying]
 *
 * Local time without year and zone. The day is padded with a blank. Kernel lines hold a second stamp, seconds since
 * boot: it goes to the hint `boot.seconds`. `#011` and the like are undone. Year and zone are left to the clocks.
 */
import { monthDayCursor, parseMonthDay, readMonthDay } from '../../time/month-day.ts';
import type { LineFormat } from '../format.ts';
import { yearlessOf } from '../stamps.ts';
import { looksLikeSyslog } from './looks-like-syslog.ts';
import { parsePriority } from './priority.ts';
import { headerOf, parseLooseTail } from './tail.ts';

const PRIORITY = /^<(\d{1,3})>/u;
const cursor = monthDayCursor();

export const syslog3164: LineFormat = {
  kind: 'lines',
  id: 'syslog-3164',
  role: 'envelope',
  parse(line) {
    const priority = line.charCodeAt(0) === 60 ? PRIORITY.exec(line) : null;
    const start = priority?.[0].length ?? 0;
    const time = parseMonthDay(start === 0 ? line : line.slice(start, start + 64));
    if (time === undefined || time.padding === 'zero' || line.charCodeAt(start + time.length) !== 32) {
      return undefined;
    }
    const { month, day, msOfDay, precisionMs } = time;
    const tail = parseLooseTail(line.slice(start + time.length + 1));
    const level = priority === null ? undefined : parsePriority(Number(priority[1])).level;
    return headerOf(tail, { kind: 'wall', month, day, msOfDay, precisionMs }, true, level);
  },
  timeAt(bytes, start, end) {
    let at = start;
    if (bytes[start] === 60) {
      const close = bytes.subarray(start + 1, Math.min(end, start + 5)).indexOf(62);
      if (close < 1 || !areDigits(bytes, start + 1, start + 1 + close)) {
        return -1;
      }
      at = start + close + 2;
    }
    const value = readMonthDay(bytes, at, end, cursor);
    return value >= 0 && cursor.padding !== 'zero' && cursor.at < end && bytes[cursor.at] === 32 ? value : -1;
  },
  stampOf: (value) =>
    yearlessOf(value, value % 1000 === 0 ? 1000 : value % 100 === 0 ? 100 : value % 10 === 0 ? 10 : 1),
  suits: (lines) => looksLikeSyslog(lines) || !lines.some((line) => parseMonthDay(line)?.padding === 'zero'),
  samples: [
    {
      text: 'Feb  4 09:34:10 compute4 kernel: [    0.000000] Linux version 5.4.0-97-generic (buildd@lcy02-amd64-032)',
      expect: {
        stamp: { kind: 'wall', month: 2, day: 4, msOfDay: 34_450_000, precisionMs: 1000 },
        node: 'compute4',
        unit: 'kernel',
        stream: 'compute4/kernel',
        message: 'Linux version 5.4.0-97-generic (buildd@lcy02-amd64-032)',
      },
    },
    {
      text: '<30>Jan 31 02:54:55 node-1 kubelet[1501]: started',
      expect: { node: 'node-1', unit: 'kubelet', pid: 1501, level: 'info', message: 'started' },
    },
    {
      text: 'Jan 31 02:58:45 node-1 message repeated 3 times: [ nfs: server nas.example not responding, still trying]',
      expect: { node: 'node-1', count: 3, message: 'nfs: server nas.example not responding, still trying' },
    },
    {
      text: 'Jan 31 02:58:46 node-1 last message repeated 2 times',
      expect: { node: 'node-1', count: 2, message: 'last message repeated 2 times' },
    },
    {
      text: 'Jan 31 02:54:55 alpine daemon.err kubelet[12]: failed#012second line',
      expect: { node: 'alpine', unit: 'kubelet', pid: 12, level: 'err', message: 'failed\nsecond line' },
    },
  ],
};

function areDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte < 48 || byte > 57) {
      return false;
    }
  }
  return to > from;
}
