/**
 * `journalctl -o short-monotonic`: seconds since boot.
 *
 *     [ 3601.123456] node-1 kubelet[1501]: started
 *
 * Looks like dmesg. One line cannot tell; a file can: see {@link isJournalMonotonic}. Kernel lines carry the kernel's
 * own stamp, so stamps step back a little within a file.
 */
import type { LineFormat } from '../format.ts';
import { journalLineFormat } from './line-format.ts';

const TIME = /^\[ {0,8}(\d{1,10})\.(\d{6})\] /u;
const HOST_AND_IDENT = /^\[ {0,8}\d{1,10}\.\d{6}\] ([^\s:[\]]{1,255}) ([^[\]: ]{1,128})(?:\[\d{1,10}\])?: /u;
const DMESG_HEADER = /^(?:[a-z]+\d? *: *[a-z]+ *: *|<\d{1,3}>)?\[ {0,8}\d{1,10}\.\d{6}\] /u;
/** First words of kernel messages that look like a host. */
const KERNEL_WORDS: ReadonlySet<string> = new Set([
  'kernel',
  'systemd',
  'audit',
  'usb',
  'pci',
  'ACPI',
  'EXT4-fs',
  'XFS',
  'EDAC',
  'scsi',
  'net',
  'block',
]);
const SHARE = 0.8;

/** `nvme nvme0: …`, `usb usb2-port1: …`: a subsystem of the kernel and its device, not a host and its program. */
function isDevice(first: string, second: string): boolean {
  return second.startsWith(first) && /^[\d_-]/u.test(second.slice(first.length));
}

/** Are these lines of `short-monotonic` rather than of dmesg: the same host and an identifier in four of five? */
export function isJournalMonotonic(lines: readonly string[]): boolean {
  let headers = 0;
  const hosts = new Map<string, number>();
  for (const line of lines) {
    if (!DMESG_HEADER.test(line.slice(0, 64))) {
      continue;
    }
    headers += 1;
    const [, host, ident = ''] = HOST_AND_IDENT.exec(line.slice(0, 512)) ?? [];
    if (host !== undefined && !KERNEL_WORDS.has(host) && !isDevice(host, ident)) {
      hosts.set(host, (hosts.get(host) ?? 0) + 1);
    }
  }
  return headers > 0 && Math.max(0, ...hosts.values()) >= SHARE * headers;
}

export const journalMonotonic: LineFormat = journalLineFormat({
  id: 'journal-monotonic',
  tail: 'strict',
  suits: isJournalMonotonic,
  readTime(line) {
    const match = TIME.exec(line.slice(0, 40));
    return match === null
      ? undefined
      : {
          stamp: { kind: 'boot', seconds: Number(`${match[1]}.${match[2]}`), precisionMs: 0.001 },
          length: match[0].length,
        };
  },
  accepts: (header) =>
    header.node !== undefined &&
    !KERNEL_WORDS.has(header.node) &&
    !header.node.includes(':') &&
    !isDevice(header.node, header.unit ?? ''),
  samples: [
    {
      text: '[ 3601.123456] node-1 myapp[77]: panic: x',
      expect: {
        stamp: { kind: 'boot', seconds: 3601.123456, precisionMs: 0.001 },
        node: 'node-1',
        unit: 'myapp',
        pid: 77,
        message: 'panic: x',
      },
    },
    {
      text: '[ 3600.000000] node-1 kernel: INFO: task',
      expect: { node: 'node-1', unit: 'kernel', message: 'INFO: task' },
    },
    { text: '[12345678.123456] node-1 k3s: x', expect: { node: 'node-1', unit: 'k3s', message: 'x' } },
  ],
});
