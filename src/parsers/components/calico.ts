/**
 * `calicoctl node status`: whether the routing daemon runs and how its sessions with the other nodes stand.
 *
 *     Calico process is running.
 *
 *     IPv4 BGP status
 *     +--------------+-------------------+-------+----------+--------------------------------+
 *     | PEER ADDRESS |     PEER TYPE     | STATE |  SINCE   |              INFO              |
 *     +--------------+-------------------+-------+----------+--------------------------------+
 *     | 10.0.0.3     | node-to-node mesh | start | 10:11:12 | Connect Socket: No route to host |
 */

import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { barCells, isBarRule } from './bars.ts';

const PROCESS = /^Calico process is (not )?running\.?$/u;
const BANNER = /^(?:IPv[46] BGP status|No IPv[46] (?:peers|BGP) found\.|The BGP backend process.*)$/u;

function readStatus(doc: DocumentBuilder, from: number): void {
  let columns: readonly string[] | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trim();
    const process = PROCESS.exec(line);
    if (process !== null) {
      const ready = process[1] === undefined;
      doc.add({
        at,
        kind: 'row',
        message: line,
        level: ready ? 'info' : 'err',
        row: { kind: 'Component', values: { component: 'calico', state: ready ? 'running' : 'stopped', ready } },
      });
      continue;
    }
    const cells = barCells(line);
    if (cells?.includes('PEER ADDRESS')) {
      columns = cells;
      doc.understood(at);
    } else if (isBarRule(line) || BANNER.test(line)) {
      doc.understood(at);
    } else if (cells !== undefined && columns !== undefined) {
      const get = (name: string) => cells[columns?.indexOf(name) ?? -1] ?? '';
      const ready = get('INFO').startsWith('Established');
      doc.add({
        at,
        kind: 'row',
        message: `BGP session with ${get('PEER ADDRESS')} ${get('STATE')}: ${get('INFO')}`,
        level: ready ? 'info' : 'warning',
        row: {
          kind: 'Component',
          values: {
            component: 'calico/bgp',
            endpoint: get('PEER ADDRESS'),
            state: get('STATE'),
            message: get('INFO'),
            ready,
          },
        },
      });
    }
  }
}

export const calicoStatus = outputFormat({
  id: 'calicoctl-node-status',
  samples: [
    {
      path: 'calicoctl-node-status.txt',
      text: `Calico process is running.

IPv4 BGP status
+--------------+-------------------+-------+----------+--------------------------------+
| PEER ADDRESS |     PEER TYPE     | STATE |  SINCE   |              INFO              |
+--------------+-------------------+-------+----------+--------------------------------+
| 10.0.0.2     | node-to-node mesh | up    | 09:24:30 | Established                    |
| 10.0.0.3     | node-to-node mesh | start | 10:11:12 | Connect Socket: No route to host |
+--------------+-------------------+-------+----------+--------------------------------+

IPv6 BGP status
No IPv6 peers found.
`,
    },
  ],
  rate: (lines) =>
    lines.slice(0, 20).some((line) => PROCESS.test(line.trim()) || barCells(line)?.includes('PEER ADDRESS') === true)
      ? 0.97
      : 0,
  read: readStatus,
});
