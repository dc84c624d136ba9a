/**
 * `dmesg -T`, also with `-d`: readable local times.
 *
 *     [Fri Jan 31 02:57:18 2025] nfs: server truenas.home.example not responding, still trying
 *     [Fri Jan 31 02:56:55 2025 <  122.550000>] …
 *
 * No zone, and computed from the clock of the moment of reading: good for two seconds at best (prefix.ts).
 */
import type { LineFormat } from '../format.ts';
import { dmesgLineFormat } from './line-format.ts';

export const dmesgCtime: LineFormat = dmesgLineFormat(
  'dmesg-ctime',
  ['ctime'],
  [
    {
      text: '[Fri Jan 31 02:57:18 2025] nfs: server truenas.home.example not responding, still trying',
      expect: {
        stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_638_000, precisionMs: 2000 },
        unit: 'kernel',
        message: 'nfs: server truenas.home.example not responding, still trying',
      },
    },
    {
      text: 'kern  :warn  : [Sat Feb  1 02:56:55 2025 <  122.550000>] e1000e: eth0 NIC Link is Down',
      expect: {
        stamp: { kind: 'wall', year: 2025, month: 2, day: 1, msOfDay: 10_615_000, precisionMs: 2000 },
        level: 'warning',
        message: 'e1000e: eth0 NIC Link is Down',
      },
    },
    {
      text: '[Fri Jan 31 02:57:18 2025] line one\n                           line two',
      expect: { message: 'line one' },
    },
    {
      text: '[Mo Mär  4 02:57:18 2024] Knoten: deutsche Ausgabe',
      expect: { stamp: { kind: 'wall', year: 2024, month: 3, day: 4, msOfDay: 10_638_000, precisionMs: 2000 } },
    },
  ],
);
