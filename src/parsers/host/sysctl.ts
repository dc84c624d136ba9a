/**
 * Kernel settings: `sysctl -a`, `cat /proc/sys/…`, a captured file below `proc/sys`.
 *
 *     fs.inotify.max_user_watches = 8192
 *     /proc/sys/fs/inotify/max_user_watches:8192
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';

const LINE = /^(?:#\s*)?((?:abi|crypto|debug|dev|fs|kernel|net|sunrpc|user|vm|xen)\.[\w.*/-]{1,200}) ?= ?(.{0,500})$/u;
const PREFIXED = /^(?:\/host)?\/proc\/sys\/([\w./-]{3,200}):(.{1,500})$/u;

/** `fs/inotify/max_user_watches` → `fs.inotify.max_user_watches`. */
function keyOfPath(path: string): string {
  return path.replaceAll('/', '.');
}

function addSetting(doc: DocumentBuilder, at: number, key: string, value: string): void {
  const text = value.trim();
  const setting: RowValue = /^-?\d{1,15}$/u.test(text) ? Number(text) : text;
  doc.add({
    at,
    kind: 'row',
    message: `${key} = ${text}`,
    fields: { key },
    row: { kind: 'Sysctl', values: { key, value: setting } },
  });
}

/** Files below /proc/sys that a `cat` names, in order. */
function namedFiles(command: string): readonly string[] {
  return [...command.slice(0, 2000).matchAll(/(?:^|\s)(?:\/host)?\/proc\/sys\/([\w./-]{3,200})(?=\s|$|;|\|)/gu)].map(
    (found) => keyOfPath(found[1] ?? ''),
  );
}

function keyOfSource(path: string): string | undefined {
  const found = /(?:^|\/)proc\/sys\/([\w./-]{3,200})$/u.exec(path)?.[1];
  return found === undefined ? undefined : keyOfPath(found.replace(/\.txt$/u, ''));
}

export const sysctl = outputFormat({
  id: 'sysctl',
  samples: [
    { path: 'sysctl-a.txt', text: 'fs.inotify.max_user_instances = 128\nfs.inotify.max_user_watches = 8192\n' },
    { path: 'node-checks.txt', text: '# cat /proc/sys/fs/inotify/max_user_watches\n8192\n' },
  ],
  rate(lines, command, path) {
    const sample = lines.slice(0, 100);
    if (shareOf(sample, (line) => LINE.test(line) || PREFIXED.test(line)) >= 0.6) return 0.95;
    const isShort = lines.length <= 40 && lines.every((line) => line.length < 500);
    return isShort &&
      (keyOfSource(path) !== undefined || (/^(?:cat|head|more)\b/u.test(command) && namedFiles(command).length > 0))
      ? 0.95
      : 0;
  },
  read(doc, from, command) {
    const files = namedFiles(command);
    const own = keyOfSource(doc.input.path);
    let next = 0;
    for (let at = from; at < doc.lineCount; at += 1) {
      const line = doc.line(at);
      const found = line.length < 1000 ? (LINE.exec(line) ?? PREFIXED.exec(line)) : null;
      if (found !== null && !line.startsWith('#')) {
        addSetting(doc, at, keyOfPath(found[1] ?? ''), found[2] ?? '');
        continue;
      }
      const key = files[next] ?? (next === 0 ? own : undefined);
      if (found === null && key !== undefined && line.trim() !== '' && !/^cat: |No such file/u.test(line)) {
        next += 1;
        addSetting(doc, at, key, line);
      }
    }
  },
});
