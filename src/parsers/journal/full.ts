/**
 * `journalctl -o short-full` and `-o with-unit`.
 *
 *     Fri 2025-01-31 02:56:55 UTC node-1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.
 *     Fri 2025-01-31 02:54:55 CET node-1 kubelet.service[1501]: started
 *
 * The weekday is always English. The zone is a *name* of the reader's machine: `UTC`, `GMT` and numeric names (`-03`)
 * make exact times, the others are left to the clocks.
 */
import type { LineFormat } from '../format.ts';
import { parseFullTime } from './full-time.ts';
import { journalLineFormat } from './line-format.ts';

export const journalFull: LineFormat = journalLineFormat({
  id: 'journal-full',
  tail: 'loose',
  readTime(line) {
    const time = parseFullTime(line);
    // `[s=` begins the cursor of a verbose entry.
    return time === undefined || line.charCodeAt(time.length) !== 32 || line.startsWith('[s=', time.length + 1)
      ? undefined
      : { stamp: time.stamp, length: time.length + 1 };
  },
  samples: [
    {
      text: 'Fri 2025-01-31 02:56:55 UTC node-1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_215_000, precisionMs: 1000 },
        node: 'node-1',
        unit: 'kernel',
        message: 'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      },
    },
    {
      text: 'Fri 2025-01-31 03:54:55 CET node-1 kubelet.service[1501]: started',
      expect: {
        stamp: {
          kind: 'wall',
          year: 2025,
          month: 1,
          day: 31,
          msOfDay: 14_095_000,
          precisionMs: 1000,
          zone: 'CET',
        },
        unit: 'kubelet',
        pid: 1501,
        message: 'started',
      },
    },
    {
      text: 'Fri 2025-01-31 03:54:55 -03 node-1 user@1000.service/app.service[9]: x',
      expect: { stamp: { kind: 'instant', epochMs: 1_738_306_495_000, precisionMs: 1000 }, unit: 'app' },
    },
    { text: '-- No entries --', expect: { unit: 'journal', message: '-- No entries --' } },
  ],
});
