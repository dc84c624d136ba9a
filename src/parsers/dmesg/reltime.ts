/**
 * `dmesg -e` (`-H`, `--time-format reltime`): a mark per minute, distances in between.
 *
 *     [Jan31 02:57] nfs: server truenas.home.example not responding, still trying
 *     [  +0.000100]       Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1
 *
 * A single line of distance has no time of its own: it carries the hint `reltime.delta` (seconds). The document of the
 * same name (summed.ts) adds them up. Local time without year and zone.
 */
import type { LineFormat } from '../format.ts';
import { dmesgLineFormat } from './line-format.ts';

export const dmesgReltime: LineFormat = dmesgLineFormat(
  'dmesg-reltime',
  ['minute', 'reltime'],
  [
    {
      text: '[Jan31 02:57] nfs: server truenas.home.example not responding, still trying',
      expect: {
        stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_620_000, precisionMs: 60_000 },
        unit: 'kernel',
        message: 'nfs: server truenas.home.example not responding, still trying',
      },
    },
    {
      text: '[  +0.000100]       Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1',
      expect: { message: '      Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1' },
    },
    {
      text: '[Feb 4 09:34] Linux version 5.4.0-97-generic',
      expect: { stamp: { kind: 'wall', month: 2, day: 4, msOfDay: 34_440_000, precisionMs: 60_000 } },
    },
    {
      text: 'kern  :err   : [ +12.345678] I/O error, dev sda',
      expect: { level: 'err', message: 'I/O error, dev sda' },
    },
  ],
  // A file of such lines is the document's: only it knows the times between the marks.
  { suits: () => false },
);
