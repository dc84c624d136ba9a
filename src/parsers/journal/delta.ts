/**
 * `journalctl -o short-delta` (systemd 252 and later): seconds since boot and since the line before.
 *
 *     [ 3601.123456                ] node-1 kubelet[1501]: first line of the output
 *     [ 3720.650000 <  120.526544 >] node-1 kernel: INFO: task …
 *     [   12.000000 <59284.040000*>] node-1 systemd[1]: first line of another boot, by wall clocks
 *
 * The distance is not kept: it follows from the stamps, except across boots (hint `journal.delta`).
 */
import type { LineFormat } from '../format.ts';
import { journalLineFormat } from './line-format.ts';

const TIME = /^\[ {0,8}(\d{1,10}\.\d{6})(?: < {0,8}(\d{1,10}\.\d{6})([ *])>| {16})\] /u;

export const journalDelta: LineFormat = journalLineFormat({
  id: 'journal-delta',
  tail: 'strict',
  readTime(line) {
    const match = TIME.exec(line.slice(0, 80));
    if (match === null) {
      return undefined;
    }
    const acrossBoots = match[3] === '*';
    return {
      stamp: { kind: 'boot', seconds: Number(match[1]), precisionMs: 0.001 },
      ...(acrossBoots ? { hints: { 'journal.delta': match[2] ?? '' } } : {}),
      length: match[0].length,
    };
  },
  samples: [
    {
      text: '[ 3720.650000 <  120.526544 >] node-1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      expect: {
        stamp: { kind: 'boot', seconds: 3720.65, precisionMs: 0.001 },
        node: 'node-1',
        unit: 'kernel',
        message: 'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      },
    },
    {
      text: '[ 3600.123456                ] node-1 systemd[1]: Started kubelet.',
      expect: { stamp: { kind: 'boot', seconds: 3600.123456, precisionMs: 0.001 }, unit: 'systemd', pid: 1 },
    },
    {
      text: '[   12.000000 <59284.040000*>] node-1 systemd[1]: Booted.',
      expect: { stamp: { kind: 'boot', seconds: 12, precisionMs: 0.001 }, message: 'Booted.' },
    },
  ],
});
