/**
 * capnslog: etcd up to 3.3 and flannel.
 *
 *     2019-10-02 02:20:17.576248 I | pkg/flags: recognized and used environment variable ETCD_DATA_DIR=/var/lib/etcd
 *
 * No zone; mostly UTC. The package stays in front of the message, because people quote it so.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOfLetter } from '../levels.ts';
import { readIso } from '../payload-time.ts';

const AFTER_TIME = /^ ([CEWNIDT]) \| /u;

const samples: readonly FormatSample[] = [
  {
    text: '2019-10-02 02:20:17.576248 I | pkg/flags: recognized and used environment variable ETCD_DATA_DIR=/var/lib/etcd',
    expect: {
      stamp: { kind: 'wall', year: 2019, month: 10, day: 2, msOfDay: 8_417_576, precisionMs: 1 },
      level: 'info',
      message: 'pkg/flags: recognized and used environment variable ETCD_DATA_DIR=/var/lib/etcd',
    },
  },
  {
    text: "2020-07-29 10:38:33.889829 C | etcdserver: recovering backend from snapshot error: snap: snapshot file doesn't exist",
    expect: { level: 'crit' },
  },
  {
    text: '2019-02-07 13:05:55.848860 I | etcdmain: rejected connection from "10.0.0.1:53120" (error "tls: bad certificate")',
    expect: { level: 'info' },
  },
];

function parse(line: string): Header | undefined {
  const time = line.charCodeAt(10) === 32 && line.charCodeAt(19) === 46 ? readIso(line) : undefined;
  const match = time === undefined ? null : AFTER_TIME.exec(line.slice(time.end, time.end + 8));
  return time === undefined || match === null
    ? undefined
    : headerOf({
        stamp: time.stamp,
        level: levelOfLetter(match[1] ?? ''),
        message: line.slice(time.end + match[0].length),
      });
}

export const capnslog: LineFormat = { kind: 'lines', id: 'capnslog', role: 'payload', samples, parse };
