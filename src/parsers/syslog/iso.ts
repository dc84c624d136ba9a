/**
 * rsyslog's file format (default of newer Debian and Ubuntu, `RSYSLOG_FileFormat`), syslog-ng with ISO dates.
 *
 *     2025-01-31T02:54:55.123456+01:00 node-1 kubelet[1501]: message
 *     2025-01-31T02:54:55.123Z node-1 kernel: [   12.345678] message
 *
 * Exact times, any number of digits. With `Z` the line must name a pid or the kernel: container logs with time stamps
 * look alike otherwise. Journal lines have the same shape and come first in the list of formats.
 */
import { byteCursor, parseRfc3339, readRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { instantOf } from '../stamps.ts';
import { parsePriority } from './priority.ts';
import { headerOf, parseTail, scanTail, tailBounds } from './tail.ts';

const PRIORITY = /^<(\d{1,3})>(?!\d)/u;
const cursor = byteCursor();
const bounds = tailBounds();

export const syslogIso: LineFormat = {
  kind: 'lines',
  id: 'syslog-iso',
  role: 'envelope',
  parse(line) {
    const priority = line.charCodeAt(0) === 60 ? PRIORITY.exec(line) : null;
    const start = priority?.[0].length ?? 0;
    const time = parseRfc3339(start === 0 ? line : line.slice(start, start + 48));
    if (time === undefined || time.comma || line.charCodeAt(start + time.length) !== 32) {
      return undefined;
    }
    const tail = parseTail(line.slice(start + time.length + 1));
    if (tail === undefined || (time.zone === 'Z' && tail.pid === undefined && tail.ident !== 'kernel')) {
      return undefined;
    }
    const level = priority === null ? undefined : parsePriority(Number(priority[1])).level;
    return headerOf(tail, { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs }, true, level);
  },
  timeAt(bytes, start, end) {
    const value = readRfc3339(bytes, start, end, cursor);
    if (value < 0 || cursor.comma || bytes[cursor.at] !== 32 || !scanTail(bytes, cursor.at + 1, end, bounds)) {
      return -1;
    }
    return cursor.zulu && !hasPid(bytes) && !isKernel(bytes) ? -1 : value;
  },
  stampOf: instantOf,
  samples: [
    {
      text: '2025-01-31T03:54:55.123456+01:00 node-1 kubelet[1501]: message',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_095_123, precisionMs: 1 },
        node: 'node-1',
        unit: 'kubelet',
        pid: 1501,
        message: 'message',
      },
    },
    {
      text: '2025-01-31T02:54:55.123Z node-1 kernel: [   12.345678] [  T1234] eth0: NIC Link is Down',
      expect: { node: 'node-1', unit: 'kernel', stream: 'node-1/kernel/T1234', message: 'eth0: NIC Link is Down' },
    },
    {
      text: '2025-01-31T02:54:55+00:00 node-1 rsyslogd: imuxsock lost 42 messages from pid 1501 due to rate-limiting',
      expect: { unit: 'rsyslogd', message: 'imuxsock lost 42 messages from pid 1501 due to rate-limiting' },
    },
  ],
};

function hasPid(bytes: Uint8Array): boolean {
  if (bounds.pidStart < 0 || bounds.pidEnd - bounds.pidStart > 10) {
    return false;
  }
  for (let i = bounds.pidStart; i < bounds.pidEnd; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte < 48 || byte > 57) {
      return false;
    }
  }
  return true;
}

const KERNEL = new TextEncoder().encode('kernel');

function isKernel(bytes: Uint8Array): boolean {
  return (
    bounds.identEnd - bounds.identStart === KERNEL.length &&
    KERNEL.every((byte, index) => bytes[bounds.identStart + index] === byte)
  );
}
