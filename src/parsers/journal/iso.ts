/**
 * `journalctl -o short-iso` and `-o short-iso-precise`.
 *
 *     2025-01-31T02:54:55+0000 node-1 kubelet[1501]: …                    systemd up to 252
 *     2025-01-31T02:54:55.123456+00:00 node-1 kubelet[1501]: …            newer
 *
 * Exact times. journalctl writes a numeric offset, never `Z`, and no or six digits of fraction; host and identifier
 * must follow, as `kubectl logs --timestamps` begins alike.
 */
import { byteCursor, parseRfc3339, readRfc3339 } from '../../time/rfc3339.ts';
import type { FormatSample, LineFormat } from '../format.ts';
import { scanTail, tailBounds } from '../syslog/tail.ts';
import { journalLineFormat } from './line-format.ts';

const cursor = byteCursor();
const bounds = tailBounds();

function isoFormat(id: string, digits: number, samples: readonly FormatSample[]): LineFormat {
  return journalLineFormat({
    id,
    samples,
    tail: 'strict',
    readTime(line) {
      const time = parseRfc3339(line);
      if (
        time === undefined ||
        time.digits !== digits ||
        time.comma ||
        time.zone === 'Z' ||
        line.charCodeAt(time.length) !== 32
      ) {
        return undefined;
      }
      return {
        stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs },
        length: time.length + 1,
      };
    },
    timeAt(bytes, start, end) {
      const value = readRfc3339(bytes, start, end, cursor);
      if (value < 0 || cursor.digits !== digits || cursor.comma || cursor.zulu || bytes[cursor.at] !== 32) {
        return -1;
      }
      return cursor.at < end && scanTail(bytes, cursor.at + 1, end, bounds) ? value : -1;
    },
    stampOf: (epochMs) => ({ kind: 'instant', epochMs, precisionMs: digits === 0 ? 1000 : 1 }),
  });
}

export const journalIso: LineFormat = isoFormat('journal-iso', 0, [
  {
    text: '2025-01-31T02:54:55+0000 node-1 systemd[1]: Started kubelet: The Kubernetes Node Agent.',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      node: 'node-1',
      unit: 'systemd',
      pid: 1,
      message: 'Started kubelet: The Kubernetes Node Agent.',
    },
  },
  {
    text: '2025-01-31T03:54:55+01:00 node-1 kernel: nfs: server nas not responding, still trying',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      unit: 'kernel',
      message: 'nfs: server nas not responding, still trying',
    },
  },
  { text: '-- Reboot --', expect: { unit: 'journal', message: '-- Reboot --' } },
]);

export const journalIsoPrecise: LineFormat = isoFormat('journal-iso-precise', 6, [
  {
    text: '2025-01-31T02:56:56.000000+0000 node-1 kubelet[1501]: E0131 02:56:56.000000    1501 pod_workers.go:1301] "Error syncing pod, skipping" err="x" pod="default/a"',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_216_000, precisionMs: 1 },
      node: 'node-1',
      unit: 'kubelet',
      pid: 1501,
      message:
        'E0131 02:56:56.000000    1501 pod_workers.go:1301] "Error syncing pod, skipping" err="x" pod="default/a"',
    },
  },
  {
    text: '2025-01-31T02:54:58.123456+0000 node-1 k: [5B blob data]',
    expect: { node: 'node-1', unit: 'k', message: '[5B blob data]' },
  },
  {
    text: '2025-01-31T02:54:58.123456+00:00 kubelet[3]: no host',
    expect: { unit: 'kubelet', pid: 3, message: 'no host' },
  },
]);
