/**
 * `lsblk`: the block devices of a host as a tree.
 *
 *     NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS
 *     sda           8:0    0 465.8G  0 disk
 *     └─sda2        8:2    0 464.7G  0 part /
 *
 * Columns are as wide as their cells: numbers stand to the right, so that cells are read by type. A device that is
 * mounted twice has its further mount points on lines of their own.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';

const HEADER = /^NAME\s+(?:[A-Z:%-]+\s+){1,12}[A-Z:%]+\s*$/u;
const TREE = '(?:[│ |`]*[├└|`][─-]+)?';
const ROW = new RegExp(
  `^${TREE}([\\w.!:+-]{1,80})(?: +\\([\\d:]+\\))? +(\\d+:\\d+) +([01]) +([\\d.,]+[BKMGTPE]?) +([01]) +(\\w{2,12})(?: +(.*?))?\\s*$`,
  'u',
);
const FS_ROW = new RegExp(`^${TREE}([\\w.!:+-]{1,80})(?:\\s+(.*?))?\\s*$`, 'u');
const MOUNT_ONLY = /^[│ ]+(\/\S*|\[SWAP\])\s*$/u;
const MOST_LINE = 1000;

function isLsblkHeader(line: string): boolean {
  return line.length < 300 && HEADER.test(line) && /\b(?:MAJ:MIN|FSTYPE|MOUNTPOINTS?|ROTA)\b/u.test(line);
}

function addDevice(doc: DocumentBuilder, at: number, values: Readonly<Record<string, RowValue>>): void {
  doc.add({ at, kind: 'row', message: doc.line(at).trim(), row: { kind: 'BlockDevice', values } });
}

function readDevices(doc: DocumentBuilder, from: number): void {
  let isListing = false;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    if (line.length > MOST_LINE) {
      continue;
    }
    if (isLsblkHeader(line)) {
      isListing = true;
      doc.understood(at);
      continue;
    }
    const row = ROW.exec(line);
    if (row !== null) {
      const [, device = '', , , size = '', readOnly, type = '', mountPoint] = row;
      addDevice(doc, at, {
        device,
        type,
        size,
        readOnly: readOnly === '1',
        ...(mountPoint === undefined || mountPoint === '' ? {} : { mountPoint }),
      });
    } else if (isListing && MOUNT_ONLY.test(line)) {
      doc.belongs(at);
    } else if (isListing) {
      // Other columns (`lsblk -f`, `-o`): the device and its mount point are known by their shape.
      const found = FS_ROW.exec(line);
      const words = (found?.[2] ?? '').split(/\s+/u);
      const mountPoint = words.find((word) => word.startsWith('/') || word === '[SWAP]');
      const fsType = words.find((word) =>
        /^(?:ext[234]|xfs|btrfs|vfat|swap|LVM2_member|crypto_LUKS|ceph_bluestore|zfs_member|squashfs|iso9660|linux_raid_member)$/u.test(
          word,
        ),
      );
      if (found !== null && found[1] !== undefined) {
        addDevice(doc, at, {
          device: found[1],
          ...(fsType === undefined ? {} : { fsType }),
          ...(mountPoint === undefined ? {} : { mountPoint }),
        });
      }
    }
  }
}

export const lsblk = outputFormat({
  id: 'lsblk',
  samples: [
    {
      path: 'lsblk.txt',
      text: `NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINT
loop0         7:0    0  63.5M  1 loop /snap/core20/2015
sda           8:0    0 465.8G  0 disk 
├─sda1        8:1    0     1G  0 part /boot/efi
└─sda2        8:2    0 464.7G  0 part /
`,
    },
    {
      path: 'lsblk-f.txt',
      text: `NAME   FSTYPE FSVER LABEL UUID                                 FSAVAIL FSUSE% MOUNTPOINTS
sda                                                                           
└─sda1 ext4   1.0         5b1c2d3e-4f50-6172-8394-0b1c2d3e4f50   12.5G    74% /
`,
    },
  ],
  rate: (lines) =>
    lines.slice(0, 3).some(isLsblkHeader) ||
    shareOf(lines.slice(0, 100), (line) => line.length <= MOST_LINE && ROW.test(line)) > 0.8
      ? 0.97
      : 0,
  read: readDevices,
});
