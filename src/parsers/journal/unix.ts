/**
 * `journalctl -o short-unix`: seconds since 1970 with six digits of fraction. Exact times.
 *
 *     1738292095.123456 node-1 kubelet[1501]: started
 */
import type { LineFormat } from '../format.ts';
import { journalLineFormat } from './line-format.ts';

const TIME = /^ {0,8}(\d{9,11})\.(\d{6}) /u;

export const journalUnix: LineFormat = journalLineFormat({
  id: 'journal-unix',
  tail: 'strict',
  readTime(line) {
    const match = TIME.exec(line.slice(0, 40));
    if (match === null) {
      return undefined;
    }
    const epochMs = Number(match[1]) * 1000 + Number((match[2] ?? '').slice(0, 3));
    return { stamp: { kind: 'instant', epochMs, precisionMs: 1 }, length: match[0].length };
  },
  samples: [
    {
      text: '1738292095.123456 node-1 systemd[1]: Started kubelet: The Kubernetes Node Agent.',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_095_123, precisionMs: 1 },
        node: 'node-1',
        unit: 'systemd',
        pid: 1,
        message: 'Started kubelet: The Kubernetes Node Agent.',
      },
    },
    { text: '1738292099.123456 node-1 kernel: INFO: task', expect: { unit: 'kernel', message: 'INFO: task' } },
    { text: '1738292098.123456 my app[78]: x', expect: { unit: 'app', pid: 78, message: 'x' } },
  ],
});
