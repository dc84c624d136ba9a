/**
 * `journalctl -o short-full` and `-o with-unit`.
 *
 *     Fri 2025-01-31 02:56:55 UTC node-1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.
 *     Fri 2025-01-31 02:54:55 CET node-1 kubelet.service[1501]: started
 *
 * The weekday is always English. The zone is a *name* of the reader's machine: `UTC`, `GMT` and numeric names (`-03`)
 * make exact times, the others are left to the clocks.
 */
import { isDate, utcMs } from '../../time/calendar.ts';
import type { LineFormat } from '../format.ts';
import { journalLineFormat } from './line-format.ts';

const TIME =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{6}))? ([A-Za-z]{1,6}|[+-]\d\d(?:\d\d)?) /u;

export const journalFull: LineFormat = journalLineFormat({
  id: 'journal-full',
  tail: 'loose',
  readTime(line) {
    const match = TIME.exec(line.slice(0, 64));
    if (match === null) {
      return undefined;
    }
    const [whole, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction, zone = ''] = match;
    if (!isDate(Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59) {
      return undefined;
    }
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3));
    const msOfDay = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + ms;
    const precisionMs = fraction === undefined ? 1000 : 1;
    const offset = offsetMinutes(zone);
    return {
      stamp:
        offset === undefined
          ? { kind: 'wall', ...date, msOfDay, precisionMs, zone }
          : {
              kind: 'instant',
              epochMs: utcMs(date.year, date.month, date.day, msOfDay) - offset * 60_000,
              precisionMs,
            },
      length: whole.length,
    };
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

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'UTC' || zone === 'GMT') {
    return 0;
  }
  const match = /^([+-])(\d\d)(\d\d)?$/u.exec(zone);
  if (match === null) {
    return undefined;
  }
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
