/**
 * Mounted file systems, from `mount`, `/proc/mounts`, `findmnt` and `nfsstat -m`.
 *
 *     10.0.0.5:/vol on /data type nfs4 (rw,relatime,vers=4.2,hard,proto=tcp)
 *     10.0.0.5:/vol /data nfs4 rw,relatime,vers=4.2,hard,proto=tcp 0 0
 *
 * `hard` is what an NFS mount is unless its options say `soft` or `softerr`.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';

interface Mount {
  readonly device: string;
  readonly mountPoint: string;
  readonly fsType: string;
  readonly options: readonly string[];
}

const MOUNT = /^(\S.{0,1000}?) on (\/.{0,2000}?) type ([\w.-]{1,40}) \(([^()]*)\)(?: \[.*\])?$/u;
const PROC = /^(\S+) (\/\S*) ([a-z][\w.-]{0,39}) (\S+) \d+ \d+$/u;
const FINDMNT = /^[\s│├└─|`-]*(\/\S*)\s+(\S+(?:\[\S+\])?)\s+([a-z][\w.-]{1,39})\s+((?:rw|ro)\b\S*)$/u;
const NFSSTAT_HEAD = /^(\/\S.{0,1000}?) from (\S+:\/?\S*)$/u;
const NFSSTAT_FLAGS = /^\s*Flags:\s+(\S+)$/u;

function parseMount(line: string): Mount | undefined {
  const text = line.trimEnd();
  if (text.length > 8192) {
    return undefined;
  }
  const mount = MOUNT.exec(text);
  if (mount !== null) {
    return build(mount[1], mount[2], mount[3], mount[4]);
  }
  const proc = PROC.exec(text);
  if (proc !== null) {
    return build(unescapeOctal(proc[1] ?? ''), unescapeOctal(proc[2] ?? ''), proc[3], proc[4]);
  }
  const tree = FINDMNT.exec(text);
  return tree === null ? undefined : build(tree[2], tree[1], tree[3], tree[4]);
}

function build(device = '', mountPoint = '', fsType = '', options = ''): Mount {
  return { device, mountPoint, fsType, options: options.split(',').filter((option) => option !== '') };
}

/** `/proc/mounts` writes blanks and tabs as `\040` and `\011`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/gu, (_whole, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function mountValues(mount: Mount): Readonly<Record<string, RowValue>> {
  const { device, mountPoint, fsType, options } = mount;
  const values: Record<string, RowValue> = { device, mountPoint, fsType, options };
  if (/^nfs\d?$/u.test(fsType)) {
    const remote = /^(\[[^\]]+\]|[^:/]+):(.*)$/u.exec(device);
    if (remote !== null) {
      values['server'] = (remote[1] ?? '').replace(/^\[|\]$/gu, '');
      values['path'] = remote[2] ?? '';
    }
    values['hard'] = !options.some((option) => option === 'soft' || option === 'softerr');
  } else if (/^(?:cifs|smb3)$/u.test(fsType)) {
    const remote = /^\/\/([^/]+)\/(.*)$/u.exec(device);
    if (remote !== null) {
      values['server'] = remote[1] ?? '';
      values['path'] = remote[2] ?? '';
    }
  }
  values['readOnly'] = options[0] === 'ro' || options.includes('ro');
  return values;
}

function addMount(doc: DocumentBuilder, at: number, mount: Mount, last = at): void {
  doc.add({ at, last, kind: 'row', message: doc.line(at).trim(), row: { kind: 'Mount', values: mountValues(mount) } });
}

function readMounts(doc: DocumentBuilder, from: number): void {
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    const head = NFSSTAT_HEAD.exec(line);
    const flags = head === null ? null : NFSSTAT_FLAGS.exec(doc.line(at + 1));
    if (head !== null && flags !== null) {
      const vers = /(?:^|,)vers=(\d)/u.exec(flags[1] ?? '')?.[1];
      addMount(doc, at, build(head[2], head[1], vers === '4' ? 'nfs4' : 'nfs', flags[1]), at + 1);
      at += 1;
      continue;
    }
    const mount = parseMount(line);
    if (mount !== undefined) {
      addMount(doc, at, mount);
    } else if (/^\s*TARGET\s+SOURCE\s/u.test(line)) {
      doc.understood(at);
    }
  }
}

export const mounts = outputFormat({
  id: 'mounts',
  samples: [
    { path: 'mount', text: '10.0.0.5:/vol on /data type nfs4 (rw,relatime,vers=4.2,hard,proto=tcp,addr=10.0.0.5)\n' },
    {
      path: 'proc/mounts',
      text: '/dev/sda1 / ext4 rw,relatime,errors=remount-ro 0 0\nproc /proc proc rw,nosuid 0 0\n',
    },
    {
      path: 'nfsstat-m.txt',
      text: '/data from 10.0.0.5:/vol\n Flags:\trw,relatime,vers=4.2,hard,proto=tcp,addr=10.0.0.5\n',
    },
  ],
  rate(lines) {
    const share = shareOf(
      lines.slice(0, 100),
      (line) =>
        parseMount(line) !== undefined ||
        NFSSTAT_HEAD.test(line) ||
        NFSSTAT_FLAGS.test(line) ||
        /^TARGET\s+SOURCE\s/u.test(line),
    );
    return share >= 0.6 ? 0.93 : 0;
  },
  read: readMounts,
});
