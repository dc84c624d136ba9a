/**
 * Bare values that a command left behind: what `wc` counted, a list of paths, the state of scrape targets.
 *
 *     $ ls -d /sys/fs/cgroup/devices/system.slice/run-r* | wc       /var/lib/kubelet/pods/ce59…/volumes/x
 *        5920    5920  473577                                       10.0.0.5:10250 /metrics/cadvisor down
 *
 * A count is a row with the command that was counted; what a path is the path of, nothing says.
 */

import { outputFormat, shareOf } from '../documents/simple-format.ts';

const COUNTED = /\|\s*wc(?:\s+-[lwcmL]+)?\s*$/u;
const COUNTS = /^\s*(\d{1,15})(?:\s+\d{1,15}){0,2}\s*$/u;

export const counts = outputFormat({
  id: 'wc',
  samples: [
    { path: 'count.txt', text: '$ ls -d /sys/fs/cgroup/devices/system.slice/run-r* | wc\n   5920    5920  473577\n' },
  ],
  rate: (lines, command) =>
    COUNTED.test(command.slice(0, 2000)) && shareOf(lines, (line) => COUNTS.test(line)) === 1 ? 0.95 : 0,
  read(doc, from, command) {
    const what = command.slice(0, 2000).replace(COUNTED, '').trim();
    for (let at = from; at < doc.lineCount; at += 1) {
      const value = COUNTS.exec(doc.line(at).slice(0, 100))?.[1];
      if (value !== undefined) {
        doc.add({
          at,
          kind: 'row',
          message: `${value} (${what})`,
          row: { kind: 'Count', values: { command: what, value: Number(value) } },
        });
      }
    }
  },
});

const PATH = /^\/[\w.@:%+~=,-]+(?:\/[\w.@:%+~=,-]*)+$/u;

export const paths = outputFormat({
  id: 'paths',
  samples: [
    {
      path: 'stale.txt',
      text: '/var/lib/kubelet/pods/ce591a55-9ad6-4bf2-bcec-ac29fc77fcad/volumes/kubernetes.io~nfs/data\n/var/lib/rancher/k3s/server/db/etcd\n',
    },
  ],
  rate: (lines) => (lines.every((line) => line.length < 4096 && PATH.test(line.trim())) ? 0.6 : 0),
  read(doc, from) {
    for (let at = from; at < doc.lineCount; at += 1) {
      const path = doc.line(at).trim();
      if (path.length < 4096 && PATH.test(path)) {
        doc.add({ at, kind: 'row', message: path, fields: { path } });
      }
    }
  },
});

/** Endpoint, what is asked there, and how it stands. */
const TARGET =
  /^\s*(?:[-*] )?((?:https?:\/\/)?(?:\[[\da-f:]+\]|[\w.-]{1,253}):\d{1,5}(?:\/\S*)?)\s+(?:([\w./-]{1,200})\s+)?\(?(up|down|healthy|unhealthy|reachable|unreachable)\)?\s*$/iu;
const GOOD = /^(?:up|healthy|reachable)$/iu;

export const targets = outputFormat({
  id: 'targets',
  samples: [
    {
      path: 'targets.txt',
      text: '10.0.0.5:10250 /metrics/cadvisor down\n10.0.0.6:10250 /metrics up\nnode-3.example:7472 speaker DOWN\n',
    },
  ],
  rate: (lines) => (shareOf(lines, (line) => line.length < 1000 && TARGET.test(line)) > 0.9 ? 0.8 : 0),
  read(doc, from) {
    for (let at = from; at < doc.lineCount; at += 1) {
      const found = doc.line(at).length < 1000 ? TARGET.exec(doc.line(at)) : null;
      if (found === null) {
        continue;
      }
      const [, endpoint = '', path, state = ''] = found;
      const ready = GOOD.test(state);
      doc.add({
        at,
        kind: 'row',
        message: doc.line(at).trim(),
        level: ready ? 'info' : 'warning',
        row: {
          kind: 'Target',
          values: { endpoint, state: state.toLowerCase(), ready, ...(path === undefined ? {} : { path }) },
        },
      });
    }
  },
});
