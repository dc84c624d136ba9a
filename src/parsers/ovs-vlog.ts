/**
 * vlog of Open vSwitch and OVN daemons.
 *
 *     2022-02-10T16:09:29.498Z|00121|connmgr|INFO|br-tun<->tcp:127.0.0.1:6633: 8 flow_mods …
 *     2025-01-31T02:58:41.002Z|00345|poll_loop(handler12)|WARN|Dropped 12 log messages in last 60 seconds …
 *     ovs|00012|reconnect|ERR|…                                  behind a syslog or journal header: no time
 *
 * Times are UTC. The module becomes the field `module`; the sequence number, which starts again with the process and
 * has gaps where lines were lost, the hint `vlog.sequence`. Format: openvswitch lib/vlog.c.
 */
import type { Level } from '../model/index.ts';
import { byteCursor, parseRfc3339, readRfc3339 } from '../time/rfc3339.ts';
import type { LineFormat } from './format.ts';
import { instantOf } from './stamps.ts';

const REST = /^\|(\d{5,12})\|([^|(]{1,64})(?:\(([^|)]{1,64})\))?\|(EMER|ERR|WARN|INFO|DBG)\|/u;
const PROGRAM = /^[A-Za-z][\w-]{0,31}(?=\|)/u;
const LEVELS: Readonly<Record<string, Level>> = {
  EMER: 'crit',
  ERR: 'err',
  WARN: 'warning',
  INFO: 'info',
  DBG: 'debug',
};
const cursor = byteCursor();

export const ovsVlog: LineFormat = {
  kind: 'lines',
  id: 'ovs-vlog',
  role: 'both',
  parse(line) {
    const time = parseRfc3339(line);
    const start = time?.length ?? PROGRAM.exec(line)?.[0].length;
    const match = start === undefined ? null : REST.exec(line.slice(start, start + 200));
    if (start === undefined || match === null || (time !== undefined && (time.zone !== 'Z' || time.comma))) {
      return undefined;
    }
    const [whole, sequence = '', module = '', thread, level = ''] = match;
    const known = LEVELS[level];
    return {
      ...(time === undefined
        ? {}
        : { stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs } as const }),
      ...(known === undefined ? {} : { level: known }),
      message: line.slice(start + whole.length),
      fields: { module, ...(thread === undefined ? {} : { thread }) },
      hints: { 'vlog.sequence': sequence },
    };
  },
  timeAt(bytes, start, end) {
    const value = readRfc3339(bytes, start, end, cursor);
    return value >= 0 && !cursor.comma && cursor.zulu && isRest(bytes, cursor.at, end) ? value : -1;
  },
  stampOf: instantOf,
  samples: [
    {
      text: '2022-02-10T16:09:29.498Z|00121|connmgr|INFO|br-tun<->tcp:127.0.0.1:6633: 8 flow_mods in the 6 s starting 10 s ago (8 adds)',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_644_509_369_498, precisionMs: 1 },
        level: 'info',
        fields: { module: 'connmgr' },
        message: 'br-tun<->tcp:127.0.0.1:6633: 8 flow_mods in the 6 s starting 10 s ago (8 adds)',
      },
    },
    {
      text: '2025-05-14T04:27:27Z|00002|raft|INFO|term 29: 336045 ms timeout expired, starting election (vote)',
      expect: { stamp: { kind: 'instant', epochMs: 1_747_196_847_000, precisionMs: 1000 }, fields: { module: 'raft' } },
    },
    {
      text: '2025-01-31T02:58:41.002Z|00345|poll_loop(handler12)|WARN|Dropped 12 log messages in last 60 seconds (most recently, 5 seconds ago) due to excessive rate',
      expect: { level: 'warning', fields: { module: 'poll_loop', thread: 'handler12' } },
    },
    {
      text: 'ovs|00012|reconnect|ERR|tcp:127.0.0.1:6640: connection dropped',
      expect: { level: 'err', fields: { module: 'reconnect' }, message: 'tcp:127.0.0.1:6640: connection dropped' },
    },
  ],
};

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Five digits between bars are near proof; the regex confirms. */
function isRest(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 10 > end || bytes[at] !== 124 || (bytes[at + 1] ?? 0) - 48 > 9 || (bytes[at + 1] ?? 0) < 48) {
    return false;
  }
  return REST.test(decoder.decode(bytes.subarray(at, Math.min(end, at + 200))));
}
