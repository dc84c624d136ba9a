/**
 * `dmesg -d` and `dmesg -t -d`: with the distance from the line before.
 *
 *     [ 3720.650000 <  122.550000>] INFO: task …       seconds since boot, distance ignored
 *     [<  122.550000>] INFO: task …                    only the distance: hint `reltime.delta`, see summed.ts
 */
import type { LineFormat } from '../format.ts';
import { isSummed } from './is-summed.ts';
import { dmesgLineFormat } from './line-format.ts';

export const dmesgDelta: LineFormat = dmesgLineFormat(
  'dmesg-delta',
  ['raw-delta', 'delta'],
  [
    {
      text: '[ 3720.650000 <  122.550000>] INFO: task nginx:12345 blocked for more than 120 seconds.',
      expect: {
        stamp: { kind: 'boot', seconds: 3720.65, precisionMs: 0.001 },
        unit: 'kernel',
        message: 'INFO: task nginx:12345 blocked for more than 120 seconds.',
      },
    },
    { text: '[<  122.550000>] EXT4-fs error (device sda1)', expect: { message: 'EXT4-fs error (device sda1)' } },
    {
      text: 'kern  :err   : [ 3720.650000 <   -0.000012>] small step back',
      expect: { level: 'err', message: 'small step back' },
    },
  ],
  { suits: (lines) => !isSummed(lines) },
);
