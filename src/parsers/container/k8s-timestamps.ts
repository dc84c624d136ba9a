/**
 * `kubectl logs --timestamps`, `docker logs -t`: an instant and a blank before each line.
 *
 *     2025-09-11T15:54:39.123456789Z text
 *     2025-10-10T18:31:36.514787575+08:00 time=2025-10-10T10:31:36.514640592Z level=info msg="…"
 *
 * Nine digits from a kubelet, one to nine in copies; the offset is the node's zone. A blank line is the stamp alone.
 * Journal, syslog and CRI lines begin alike and come first in the list of formats.
 */
import { byteCursor, parseRfc3339, readRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { instantOf } from '../stamps.ts';

const cursor = byteCursor();

export const k8sTimestamps: LineFormat = {
  kind: 'lines',
  id: 'k8s-ts',
  role: 'envelope',
  parse(line) {
    const time = parseRfc3339(line);
    if (time === undefined || time.comma || (line.length > time.length && line.charCodeAt(time.length) !== 32)) {
      return undefined;
    }
    return {
      stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs },
      message: line.slice(time.length + 1),
    };
  },
  timeAt(bytes, start, end) {
    const value = readRfc3339(bytes, start, end, cursor);
    return value >= 0 && !cursor.comma && (cursor.at === end || bytes[cursor.at] === 32) ? value : -1;
  },
  stampOf: instantOf,
  samples: [
    {
      text: '2025-09-11T15:54:39.123456789Z line one',
      expect: { stamp: { kind: 'instant', epochMs: 1_757_606_079_123, precisionMs: 1 }, message: 'line one' },
    },
    {
      text: '2025-10-10T18:31:36.514787575+08:00 time=2025-10-10T10:31:36.514640592Z level=info msg="x"',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_760_092_296_514, precisionMs: 1 },
        message: 'time=2025-10-10T10:31:36.514640592Z level=info msg="x"',
      },
    },
    { text: '2025-09-11T15:54:39.5Z', expect: { message: '' } },
  ],
};
