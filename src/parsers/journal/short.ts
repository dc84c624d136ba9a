/**
 * `journalctl` (`-o short`, the default) and `-o short-precise`.
 *
 *     Jan 31 02:54:55 node-1 systemd[1]: Started kubelet: The Kubernetes Node Agent.
 *     août 19 11:08:37 nlaptop systemd[1]: …                       month in the reader's language
 *     Oct 26 19:07:41  kubelet[1606]: …                            no host
 *     Jan 31 02:56:57 node-1 myapp[77]: panic: runtime error       further lines are indented
 *
 * No year and no zone: both are left to the clocks. The day is zero-padded; RFC 3164 files pad it with a blank.
 * Format: systemd src/shared/logs-show.c, output_short.
 */
import { type MonthDayTime, monthDayCursor, parseMonthDay, readMonthDay } from '../../time/month-day.ts';
import type { FormatSample, LineFormat } from '../format.ts';
import { yearlessOf } from '../stamps.ts';
import { looksLikeSyslog } from '../syslog/looks-like-syslog.ts';
import { journalLineFormat } from './line-format.ts';

const cursor = monthDayCursor();

function isHeader(time: Pick<MonthDayTime, 'digits' | 'padding'>, precise: boolean): boolean {
  return time.padding !== 'blank' && (precise ? time.digits === 6 : time.digits === 0);
}

function shortFormat(id: string, precise: boolean, samples: readonly FormatSample[]): LineFormat {
  return journalLineFormat({
    id,
    samples,
    tail: 'loose',
    readTime(line) {
      const time = parseMonthDay(line);
      if (time === undefined || !isHeader(time, precise) || line.charCodeAt(time.length) !== 32) {
        return undefined;
      }
      const { month, day, msOfDay, precisionMs } = time;
      return { stamp: { kind: 'wall', month, day, msOfDay, precisionMs }, length: time.length + 1 };
    },
    timeAt(bytes, start, end) {
      const value = readMonthDay(bytes, start, end, cursor);
      return value >= 0 && isHeader(cursor, precise) && cursor.at < end && bytes[cursor.at] === 32 ? value : -1;
    },
    stampOf: (value) => yearlessOf(value, precise ? 1 : 1000),
    suits: (lines) => !looksLikeSyslog(lines),
  });
}

export const journalShort: LineFormat = shortFormat('journal-short', false, [
  {
    text: 'Jan 31 02:54:55 node-1 systemd[1]: Started kubelet: The Kubernetes Node Agent.',
    expect: {
      stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_495_000, precisionMs: 1000 },
      node: 'node-1',
      unit: 'systemd',
      pid: 1,
      message: 'Started kubelet: The Kubernetes Node Agent.',
    },
  },
  {
    text: 'Oct 26 19:07:41  kubelet[1606]: W1026 19:07:41.543128    1606 raw.go:87] Error while processing event',
    expect: {
      unit: 'kubelet',
      pid: 1606,
      message: 'W1026 19:07:41.543128    1606 raw.go:87] Error while processing event',
    },
  },
  {
    text: [
      'Jan 31 02:56:57 node-1 myapp[77]: panic: runtime error: index out of range',
      '                                  ',
      '                                  goroutine 1 [running]:',
      '                                  main.main()',
      '                                          /src/main.go:12 +0x1d',
    ].join('\n'),
    expect: { node: 'node-1', unit: 'myapp', pid: 77, message: 'panic: runtime error: index out of range' },
  },
  {
    text: 'Feb 04 08:00:00 node-1 my app[78]: an identifier with a blank',
    expect: { node: 'node-1', unit: 'my app', pid: 78, message: 'an identifier with a blank' },
  },
  {
    text: 'août 19 11:08:37 nlaptop symphorien[4961]: test',
    expect: { stamp: { kind: 'wall', month: 8, day: 19, msOfDay: 40_117_000, precisionMs: 1000 }, node: 'nlaptop' },
  },
  {
    text: 'сен 24 10:00:01 узел kubelet[7]: [15B blob data]',
    expect: {
      stamp: { kind: 'wall', month: 9, day: 24, msOfDay: 36_001_000, precisionMs: 1000 },
      message: '[15B blob data]',
    },
  },
  { text: 'Jan 31 02:54:58 node-1 myapp: ', expect: { node: 'node-1', unit: 'myapp', message: '' } },
  {
    text: '-- Boot fedcba9876543210fedcba9876543210 --',
    expect: { unit: 'journal', message: '-- Boot fedcba9876543210fedcba9876543210 --' },
  },
]);

export const journalPrecise: LineFormat = shortFormat('journal-precise', true, [
  {
    text: 'Jan 31 02:54:55.123456 node-1 kubelet[1501]: started',
    expect: {
      stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_495_123, precisionMs: 1 },
      node: 'node-1',
      unit: 'kubelet',
      pid: 1501,
      message: 'started',
    },
  },
  {
    text: 'Jan 31 02:56:55.650000 node-1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
    expect: {
      node: 'node-1',
      unit: 'kernel',
      stream: 'node-1/kernel',
      message: 'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
    },
  },
  {
    text: 'Mär 04 02:56:55.650000 knoten k3s: kein pid',
    expect: { node: 'knoten', unit: 'k3s', message: 'kein pid' },
  },
]);
