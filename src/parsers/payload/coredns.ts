/**
 * CoreDNS: `[LEVEL] text` without a time (before 1.5 with an RFC 3339 time in front).
 *
 *     [ERROR] plugin/errors: 2 quay.io. A: read udp 10.244.0.5:40833->8.8.8.8:53: i/o timeout
 *     [INFO] [::1]:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,rd,ra,ad 68 0.037990251s
 *     CoreDNS-1.9.1
 *
 * The log plugin's lines give the fields client, port, id, type, name, proto, rcode and duration. The lines that a
 * start prints without level (zones, version, platform) are records: they mark restarts.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso } from '../payload-time.ts';

const LEVEL = /^\[(INFO|WARNING|ERROR|FATAL|PANIC|DEBUG)\] /u;
const START =
  /^(?:[a-z0-9.-]{0,120}\.:\d{1,5}(?: on \S{1,64})?|CoreDNS-\d+\.\d+\.\d+\S{0,20}|(?:linux|windows)\/\w{2,10}, go[\w.+-]{1,20}, \w{0,40})$/u;
const QUERY =
  /^(?<client>\[[^\]]{2,60}\]|[\d.]{7,15}):(?<port>\d{1,5}) - (?<id>\d{1,6}) "(?<type>\S{1,16}) \S{1,8} (?<name>\S{1,300}) (?<proto>\S{1,8}) \d{1,8} \S{1,6} \d{1,8}" (?<rcode>\S{1,16}) \S{1,40} \d{1,8} (?<duration>[\d.]{1,16}s)/u;

const samples: readonly FormatSample[] = [
  {
    text: '[INFO] [::1]:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,rd,ra,ad 68 0.037990251s',
    expect: {
      level: 'info',
      fields: {
        client: '::1',
        port: '50759',
        id: '29008',
        type: 'A',
        name: 'example.org.',
        proto: 'udp',
        rcode: 'NOERROR',
        duration: '0.037990251s',
      },
    },
  },
  {
    text: '[ERROR] plugin/errors: 2 ghcr.io. AAAA: read udp 10.244.0.5:52011->192.168.1.1:53: i/o timeout',
    expect: {
      level: 'err',
      message: 'plugin/errors: 2 ghcr.io. AAAA: read udp 10.244.0.5:52011->192.168.1.1:53: i/o timeout',
    },
  },
  {
    text: '2019-01-10T09:41:31.152Z [INFO] CoreDNS-1.3.0',
    expect: { stamp: { kind: 'instant', epochMs: 1_547_113_291_152, precisionMs: 1 }, message: 'CoreDNS-1.3.0' },
  },
  { text: '.:53', expect: { message: '.:53' } },
  { text: 'linux/arm64, go1.17.8, 4b597f8', expect: { message: 'linux/arm64, go1.17.8, 4b597f8' } },
];

function parse(line: string): Header | undefined {
  // `2019-01-10T…`; other dates belong to other programs.
  const time = line.charCodeAt(10) === 84 && line.charCodeAt(4) === 45 ? readIso(line) : undefined;
  if (time === undefined && line.charCodeAt(0) !== 91) {
    const text = line.length > 200 ? '' : line.trimEnd();
    return START.test(text) ? { message: text, level: 'info' } : undefined;
  }
  const from = time === undefined ? 0 : time.end + 1;
  const match = LEVEL.exec(line.slice(from, from + 12));
  if (match === null || (time !== undefined && line.charAt(time.end) !== ' ')) {
    return undefined;
  }
  const message = line.slice(from + match[0].length).trimEnd();
  const query = QUERY.exec(message.slice(0, 600))?.groups;
  return headerOf({
    stamp: time?.stamp,
    level: levelOf(match[1] ?? ''),
    message,
    fields: query === undefined ? {} : { ...query, client: (query['client'] ?? '').replace(/^\[|\]$/gu, '') },
  });
}

export const coredns: LineFormat = { kind: 'lines', id: 'coredns', role: 'payload', samples, parse };
