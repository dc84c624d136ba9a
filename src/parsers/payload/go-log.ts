/**
 * Go's standard `log` package, bare or behind a short prefix:
 *
 *     2019/10/02 02:33:42 Failed to dial 0.0.0.0:2379
 *     WARNING: 2019/10/02 02:33:42 grpc: addrConn.createTransport failed     gRPC in etcd
 *     [restful] 2017/11/02 06:01:00 log.go:33: [restful/swagger] listing is available
 *
 * Local time of the process. A level is taken from the prefix or from a word that opens the message.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso } from '../payload-time.ts';

const PREFIX = /^(?:(?:\[[\w./-]{1,40}\]|[A-Za-z][\w./-]{0,40}:) ?){0,2}(?=\d{4}\/\d\d\/\d\d )/u;
const LEVEL_WORD = /^\s*\[?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|ERR|FATAL|PANIC)(?:\]:?|:)\s/u;
const SOURCE = /^([\w./-]{1,100}\.go:\d{1,6}): /u;

const samples: readonly FormatSample[] = [
  {
    text: '2019/10/02 02:33:42 Failed to dial 0.0.0.0:2379: connection error; please retry.',
    expect: {
      stamp: { kind: 'wall', year: 2019, month: 10, day: 2, msOfDay: 9_222_000, precisionMs: 1000 },
      message: 'Failed to dial 0.0.0.0:2379: connection error; please retry.',
    },
  },
  {
    text: 'WARNING: 2019/10/02 02:33:42 Failed to dial 0.0.0.0:2379: grpc: the connection is closing; please retry.',
    expect: {
      level: 'warning',
      message: 'Failed to dial 0.0.0.0:2379: grpc: the connection is closing; please retry.',
    },
  },
  {
    text: '[restful] 2017/11/02 06:01:00 log.go:33: [restful/swagger] listing is available at https://:443/swaggerapi',
    expect: { message: '[restful/swagger] listing is available at https://:443/swaggerapi' },
  },
  {
    text: '2023/05/04 10:11:12.123456 [ERROR] agent: Failed to join: dial tcp 10.0.0.1:8301: i/o timeout',
    expect: { level: 'err', message: 'agent: Failed to join: dial tcp 10.0.0.1:8301: i/o timeout' },
  },
];

function parse(line: string): Header | undefined {
  const prefix = PREFIX.exec(line.slice(0, 140));
  if (prefix === null) {
    return undefined;
  }
  const time = readIso(line, prefix[0].length);
  if (time === undefined || line.charAt(time.end) !== ' ') {
    return undefined;
  }
  const rest = line.slice(time.end + 1);
  const word = LEVEL_WORD.exec(rest.slice(0, 24));
  const said = word === null ? rest : rest.slice(word[0].length);
  const source = SOURCE.exec(said.slice(0, 120));
  const prefixWord = prefix[0].replace(/[[\]:\s]/gu, '');
  return headerOf({
    stamp: time.stamp,
    level: levelOf(word?.[1] ?? prefixWord),
    message: source === null ? said : said.slice(source[0].length),
    hints: source === null ? {} : { source: source[1] ?? '' },
  });
}

export const goLog: LineFormat = { kind: 'lines', id: 'go-log', role: 'payload', samples, parse };
