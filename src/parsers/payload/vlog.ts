/**
 * vlog of Open vSwitch and OVN, in files and on stderr:
 *
 *     2022-02-10T16:09:29.498Z|00121|connmgr|INFO|br-tun<->tcp:127.0.0.1:6633: 8 flow_mods in the 6 s
 *     ovs|00012|poll_loop(handler12)|WARN|Dropped 12 log messages in last 60 seconds        behind a syslog header
 *
 * UTC. The module becomes the field `module` (thread in `thread`); the sequence number, which begins again at 00001
 * with the process, the hint `sequence`.
 *
 * Format: openvswitch/ovs lib/vlog.c.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso } from '../payload-time.ts';

const TAIL = /^\|(\d{5,12})\|([^|]{1,80})\|(EMER|ERR|WARN|INFO|DBG)\|/u;

const samples: readonly FormatSample[] = [
  {
    text: '2022-02-10T16:09:29.498Z|00121|connmgr|INFO|br-tun<->tcp:127.0.0.1:6633: 8 flow_mods in the 6 s starting 10 s ago (8 adds)',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_644_509_369_498, precisionMs: 1 },
      level: 'info',
      message: 'br-tun<->tcp:127.0.0.1:6633: 8 flow_mods in the 6 s starting 10 s ago (8 adds)',
      fields: { module: 'connmgr' },
    },
  },
  {
    text: '2025-05-14T04:27:27Z|00002|raft|INFO|term 29: 336045 ms timeout expired, starting election (vote)',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_747_196_847_000, precisionMs: 1000 },
      message: 'term 29: 336045 ms timeout expired, starting election (vote)',
    },
  },
  {
    text: '2025-01-31T02:58:41.002Z|00345|poll_loop(handler12)|WARN|Dropped 12 log messages in last 60 seconds (most recently, 5 seconds ago) due to excessive rate',
    expect: { level: 'warning', fields: { module: 'poll_loop', thread: 'handler12' } },
  },
  {
    text: 'ovs|00012|ovs_numa|ERR|cannot read /sys/devices/system/node',
    expect: { level: 'err', message: 'cannot read /sys/devices/system/node', fields: { module: 'ovs_numa' } },
  },
];

function parse(line: string): Header | undefined {
  const time = readIso(line);
  const from = time?.end ?? /^(?:ovs|ovn)(?:-\w{1,20})?(?=\|)/u.exec(line.slice(0, 32))?.[0].length;
  const match = from === undefined ? null : TAIL.exec(line.slice(from, from + 160));
  if (from === undefined || match === null) {
    return undefined;
  }
  const thread = /^([^(]+)\((.*)\)$/u.exec(match[2] ?? '');
  const module: string = thread?.[1] ?? match[2] ?? '';
  return headerOf({
    stamp: time?.stamp,
    level: levelOf(match[3] ?? ''),
    message: line.slice(from + match[0].length),
    fields: thread === null ? { module } : { module, thread: thread[2] ?? '' },
    hints: { sequence: match[1] ?? '' },
  });
}

export const ovsVlog: LineFormat = { kind: 'lines', id: 'ovs-vlog', role: 'payload', samples, parse };
