/**
 * `dmesg --time-format iso`: a comma before the fraction, no host.
 *
 *     2025-01-31T02:57:18,100000+00:00 nfs: server truenas.home.example not responding, still trying
 *
 * Zone and digits are there, but the time is dmesg's conversion: good for two seconds at best (prefix.ts).
 */
import { byteCursor, readRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { dmesgLineFormat } from './line-format.ts';
import { parsePrefix } from './prefix.ts';

const cursor = byteCursor();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const dmesgIso: LineFormat = dmesgLineFormat(
  'dmesg-iso',
  ['iso'],
  [
    {
      text: '2025-01-31T02:57:18,100000+00:00 nfs: server truenas.home.example not responding, still trying',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_238_100, precisionMs: 2000 },
        unit: 'kernel',
        message: 'nfs: server truenas.home.example not responding, still trying',
      },
    },
    {
      text: 'kern  :crit  : 2025-01-31T03:57:18,100000+01:00 Oops: 0000',
      expect: { level: 'crit', message: 'Oops: 0000' },
    },
    {
      text: '2025-01-31T02:57:18,100000+00:00 [   C0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [kworker/0:1:9]',
      expect: { stream: '/kernel/C0', message: 'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [kworker/0:1:9]' },
    },
  ],
  {
    timeAt(bytes, start, end) {
      const first = bytes[start] ?? 0;
      if (first < 48 || first > 57) {
        const text = decoder.decode(bytes.subarray(start, Math.min(end, start + 200)));
        const prefix = first === 60 || (first >= 97 && first <= 122) ? parsePrefix(text) : undefined;
        return prefix?.form === 'iso' && prefix.stamp?.kind === 'instant' ? prefix.stamp.epochMs : -1;
      }
      const value = readRfc3339(bytes, start, end, cursor);
      return value >= 0 && cursor.comma && cursor.at < end && bytes[cursor.at] === 32 ? value : -1;
    },
    stampOf: (epochMs) => ({ kind: 'instant', epochMs, precisionMs: 2000 }),
  },
);
