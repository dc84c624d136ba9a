/**
 * nginx and ingress-nginx: error log and access log.
 *
 *     2025/01/31 02:54:55 [error] 31#31: *12 upstream timed out (110: Operation timed out) while connecting to upstream, …
 *     10.0.0.7 - - [31/Jan/2025:02:54:55 +0000] "GET /healthz HTTP/1.1" 503 190 "-" "kube-probe/1.30" …
 *
 * The error log has the local time of the process. Of an access line the fields client, method, path and status are
 * read; the level follows the status: 5xx is an error of ours, anything else information.
 */

import { isDate, utcMs } from '../../time/calendar.ts';
import { monthNumber } from '../../time/months.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso } from '../payload-time.ts';

const ERROR_TAIL = /^ \[(debug|info|notice|warn|error|crit|alert|emerg)\] (\d{1,10})#\d{1,10}: /u;
const ACCESS =
  /^(\S{1,255}) \S{1,64} \S{1,128} \[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\] "([A-Z]{3,10}) (\S{1,2000})(?: HTTP\/[\d.]{1,4})?" (\d{3}) /u;

const errorSamples: readonly FormatSample[] = [
  {
    text: '2025/01/31 02:54:55 [error] 31#31: *12 upstream timed out (110: Operation timed out) while connecting to upstream, client: 10.0.0.7, server: a.example, request: "GET / HTTP/1.1"',
    expect: {
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_495_000, precisionMs: 1000 },
      pid: 31,
      level: 'err',
      message:
        '*12 upstream timed out (110: Operation timed out) while connecting to upstream, client: 10.0.0.7, server: a.example, request: "GET / HTTP/1.1"',
    },
  },
  {
    text: '2025/01/31 02:54:55 [emerg] 1#1: host not found in upstream "api" in /etc/nginx/nginx.conf:32',
    expect: { level: 'emerg', message: 'host not found in upstream "api" in /etc/nginx/nginx.conf:32' },
  },
  {
    text: '2025/01/31 02:54:56 [warn] 7#7: *3 a client request body is buffered to a temporary file',
    expect: { level: 'warning', pid: 7 },
  },
];

const accessSamples: readonly FormatSample[] = [
  {
    text: '10.0.0.7 - - [31/Jan/2025:02:54:55 +0000] "GET /healthz HTTP/1.1" 503 190 "-" "kube-probe/1.30" 150 0.001',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      level: 'err',
      fields: { client: '10.0.0.7', method: 'GET', path: '/healthz', status: '503' },
    },
  },
  {
    text: '::1 - admin [31/Jan/2025:03:54:55 +0100] "POST /v2/ HTTP/2.0" 200 12 "-" "curl/8"',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      level: 'info',
      fields: { client: '::1', method: 'POST', path: '/v2/', status: '200' },
    },
  },
  {
    text: '192.168.1.4 - - [01/Feb/2025:00:00:00 +0000] "GET /v2/library/a/manifests/b HTTP/1.1" 429 98 "-" "containerd/1.7"',
    expect: { fields: { client: '192.168.1.4', method: 'GET', path: '/v2/library/a/manifests/b', status: '429' } },
  },
];

function parseError(line: string): Header | undefined {
  const time = line.charCodeAt(4) === 47 ? readIso(line) : undefined;
  const match = time === undefined ? null : ERROR_TAIL.exec(line.slice(time.end, time.end + 48));
  return time === undefined || match === null
    ? undefined
    : headerOf({
        stamp: time.stamp,
        pid: Number(match[2]),
        level: levelOf(match[1] ?? ''),
        message: line.slice(time.end + match[0].length),
      });
}

function parseAccess(line: string): Header | undefined {
  if (!line.includes('] "')) {
    return undefined;
  }
  const match = ACCESS.exec(line.slice(0, 4096));
  if (match === null) {
    return undefined;
  }
  const [, client = '', day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const [method = '', path = '', status = ''] = match.slice(11);
  const month = monthNumber(monthName);
  if (month === undefined || !isDate(Number(year), month, Number(day))) {
    return undefined;
  }
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1);
  const msOfDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  return headerOf({
    stamp: {
      kind: 'instant',
      epochMs: utcMs(Number(year), month, Number(day), msOfDay) - offset * 60_000,
      precisionMs: 1000,
    },
    level: status.startsWith('5') ? 'err' : 'info',
    message: line.slice(line.indexOf('] "') + 2).trimEnd(),
    fields: { client, method, path, status },
  });
}

export const nginxError: LineFormat = {
  kind: 'lines',
  id: 'nginx-error',
  role: 'payload',
  samples: errorSamples,
  parse: parseError,
};

export const accessLog: LineFormat = {
  kind: 'lines',
  id: 'access-log',
  role: 'payload',
  samples: accessSamples,
  parse: parseAccess,
};
