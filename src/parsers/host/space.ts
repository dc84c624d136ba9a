/**
 * Space on disks and in memory: `df` in its variants, with or without a header, and `free`.
 *
 *     /dev/sda1        57G   42G   13G  77% /
 *     kube-srv-2:  /dev/sda1  78% /  |  /dev/sdb1  45% /mnt/data
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';

const HEADER = /^Filesystem\s+(?:Type\s+)?(?:Inodes|Size|1K-blocks|1M-blocks|512-blocks|1024-blocks|\S*[Bb]locks)\s+/u;
const SIZE = '(?:[\\d.,]+(?:[KMGTPEkB]i?B?)?|-)';
const ROW = new RegExp(
  `^(\\S+)\\s+(?:([a-z][\\w.-]{1,30})\\s+)?(${SIZE})\\s+(${SIZE})\\s+(${SIZE})\\s+(\\d{1,3}%|-)\\s+(/\\S*(?: \\S+)*)$`,
  'u',
);
/** The rest of a row whose device was so long that df broke the line. */
const BROKEN = new RegExp(`^\\s+(${SIZE})\\s+(${SIZE})\\s+(${SIZE})\\s+(\\d{1,3}%|-)\\s+(/\\S*)$`, 'u');
const SHORT = /(?:^|[\s|,;])(\/dev\/\S+|[\w.-]+:\/\S*)\s+(?:[\d.]+[KMGT]?\s+){0,3}(\d{1,3})%\s+(\/\S*)/gu;

interface Usage {
  readonly device: string;
  readonly type?: string | undefined;
  readonly percent: string;
  readonly mountPoint: string;
  readonly size?: string | undefined;
  readonly free?: string | undefined;
}

function addUsage(doc: DocumentBuilder, at: number, usage: Usage, inodes: boolean, node?: string, last = at): void {
  const used = /^\d/u.test(usage.percent) ? Number.parseInt(usage.percent, 10) : undefined;
  const values: Record<string, RowValue> = { device: usage.device, mountPoint: usage.mountPoint };
  if (used !== undefined) values['usedPercent'] = used;
  values['inodes'] = inodes;
  if (usage.type !== undefined) values['fsType'] = usage.type;
  if (usage.size !== undefined && usage.size !== '-') values['size'] = usage.size;
  if (usage.free !== undefined && usage.free !== '-') values['free'] = usage.free;
  if (node !== undefined) values['node'] = node;
  doc.add({ at, last, kind: 'row', message: doc.line(at).trim(), node, row: { kind: 'Filesystem', values } });
}

function readDf(doc: DocumentBuilder, from: number, command: string): void {
  let inodes = /^df\b.*\s-\w*i/u.test(command) || /df[_-]+\w*i\b/u.test(doc.input.path);
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trimEnd();
    if (HEADER.test(line)) {
      inodes = /\bInodes\b/u.test(line);
      doc.understood(at);
      continue;
    }
    const row = line.length < 4096 ? ROW.exec(line) : null;
    if (row !== null) {
      const [, device = '', type, size, , free, percent = '', mountPoint = ''] = row;
      addUsage(doc, at, { device, type, size, free, percent, mountPoint }, inodes);
      continue;
    }
    const below = /^\S+$/u.test(line) ? BROKEN.exec(doc.line(at + 1).trimEnd()) : null;
    if (below !== null) {
      const [, size, , free, percent = '', mountPoint = ''] = below;
      addUsage(doc, at, { device: line, size, free, percent, mountPoint }, inodes, undefined, at + 1);
      at += 1;
      continue;
    }
    const node = /^([a-z0-9][\w.-]{0,80}):\s/u.exec(line)?.[1];
    for (const found of line.slice(0, 4096).matchAll(SHORT)) {
      addUsage(doc, at, { device: found[1] ?? '', percent: found[2] ?? '', mountPoint: found[3] ?? '' }, inodes, node);
    }
  }
}

export const df = outputFormat({
  id: 'df',
  samples: [
    {
      path: 'df-h.txt',
      text: `Filesystem      Size  Used Avail Use% Mounted on
/dev/sda1        57G   42G   13G  77% /
tmpfs           1.6G  2.1M  1.6G   1% /run
`,
    },
    { path: 'df.txt', text: '/dev/sda1   57G   42G   13G  77% /\n' },
  ],
  rate(lines, command) {
    if (lines.slice(0, 3).some((line) => HEADER.test(line))) {
      return 0.96;
    }
    const isUsage = (line: string) => line.length < 4096 && (ROW.test(line.trimEnd()) || line.search(SHORT) >= 0);
    const share = shareOf(lines.slice(0, 100), isUsage);
    return share >= 0.6 ? 0.92 : share > 0 && /^df\b/u.test(command) ? 0.8 : 0;
  },
  read: readDf,
});

const FREE_HEADER = /^\s+total\s+used\s+free\b/u;
const FREE_ROW =
  /^(Mem|Swap|Total):\s+([\d.]+\S*)\s+([\d.]+\S*)\s+([\d.]+\S*)(?:\s+([\d.]+\S*)\s+([\d.]+\S*)(?:\s+([\d.]+\S*))?)?\s*$/u;
const SCALES: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40, B: 1 };

/** Bytes of a cell; the command's flag gives the unit of plain numbers, KiB without one. */
function bytesOf(cell: string | undefined, unit: number): number | undefined {
  const found = /^([\d.]{1,20})([KMGTB])?i?B?$/u.exec(cell ?? '');
  if (found === null) {
    return undefined;
  }
  const value = Number(found[1]) * (found[2] === undefined ? unit : (SCALES[found[2]] ?? 1));
  return Number.isFinite(value) ? Math.round(value) : undefined;
}

function readFree(doc: DocumentBuilder, from: number, command: string): void {
  const letter =
    /(?:^|[^a-z])free[ _-]+(?:\S+[ _])*-?([bkmg])\b/u.exec(
      `${command} ${doc.input.path.replace(/\.\w+$/u, '')}`,
    )?.[1] ?? 'k';
  const unit = letter === 'b' ? 1 : (SCALES[letter.toUpperCase()] ?? 1024);
  const values: Record<string, RowValue> = {};
  let line: number | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const row = FREE_ROW.exec(doc.line(at));
    if (row === null) {
      if (FREE_HEADER.test(doc.line(at)) || /^-\/\+ buffers\/cache:/u.test(doc.line(at))) doc.understood(at);
      continue;
    }
    const [, what, total, used, free, , , available] = row;
    doc.understood(at);
    const put = (name: string, cell: string | undefined) => {
      const bytes = bytesOf(cell, unit);
      if (bytes !== undefined) values[name] = bytes;
    };
    if (what === 'Mem') {
      line = at;
      put('totalBytes', total);
      put('usedBytes', used);
      put('freeBytes', free);
      put('availableBytes', available);
    } else if (what === 'Swap') {
      put('swapTotalBytes', total);
      put('swapUsedBytes', used);
    }
  }
  const { totalBytes, availableBytes } = values;
  if (typeof totalBytes === 'number' && typeof availableBytes === 'number' && totalBytes > 0) {
    values['availablePercent'] = Math.round((availableBytes / totalBytes) * 100);
  }
  if (line !== undefined) {
    doc.add({ at: line, kind: 'row', message: doc.line(line).trim(), row: { kind: 'Memory', values } });
  }
}

export const free = outputFormat({
  id: 'free',
  samples: [
    {
      path: 'free-m.txt',
      text: `               total        used        free      shared  buff/cache   available
Mem:            6941        3430        1747           1        1764        3310
Swap:              0           0           0
`,
    },
  ],
  rate: (lines) =>
    lines.slice(0, 3).some((line) => FREE_HEADER.test(line)) && lines.some((line) => line.startsWith('Mem:'))
      ? 0.96
      : 0,
  read: readFree,
});
