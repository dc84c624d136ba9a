/**
 * `journalctl --list-boots`.
 *
 *     IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY
 *      -1 0123456789abcdef0123456789abcdef Fri 2025-01-31 02:54:55 UTC Fri 2025-01-31 02:56:58 UTC
 *       0 fedcba9876543210fedcba9876543210 Fri 2025-01-31 03:00:00 UTC—Fri 2025-01-31 03:10:00 UTC       before 250
 *
 * One record of unit `journal` per boot, from its first to its last entry; hints `boot.id` and `boot.index`. Times
 * are exact when the zone is UTC, otherwise they carry the zone's name. A `--json` listing is not read here.
 */
import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { parseFullTime } from './full-time.ts';

const HEADING = /^IDX +BOOT ID +FIRST ENTRY +LAST ENTRY\s*$/u;
const ROW = /^ {0,8}(-?\d{1,6}) ([0-9a-f]{32}) (.{20,40}?)(?: *—| {1,2}(?=[A-Z][a-z]{2} \d{4}-))(.{20,40})$/u;

export const bootList: DocumentFormat = {
  kind: 'document',
  id: 'journal-boots',
  sniff({ lines }) {
    const rows = lines.slice(0, 20).filter((line) => HEADING.test(line) || ROW.test(line.slice(0, 140)));
    return lines.length > 0 && rows.length >= Math.min(20, lines.length) * 0.6 ? 1 : 0;
  },
  parse(input) {
    const document = createDocument(input);
    for (let at = 0; at < document.lineCount; at += 1) {
      const line = document.line(at).trimEnd();
      const row = ROW.exec(line.slice(0, 140));
      if (row === null) {
        if (HEADING.test(line)) {
          document.understood(at);
        }
        continue;
      }
      const [, index = '', id = '', first = '', last = ''] = row;
      document.add({
        at,
        kind: 'log',
        unit: 'journal',
        message: line.trim(),
        stamp: parseFullTime(first)?.stamp,
        lastStamp: parseFullTime(last)?.stamp,
        fields: { 'boot.id': id, 'boot.index': index },
      });
    }
    return document.result('keep');
  },
  samples: [
    {
      path: 'list-boots.txt',
      text: [
        'IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY                 ',
        ' -1 0123456789abcdef0123456789abcdef Fri 2025-01-31 02:54:55 UTC Fri 2025-01-31 02:56:58 UTC',
        '  0 fedcba9876543210fedcba9876543210 Fri 2025-01-31 03:00:00 UTC Fri 2025-01-31 03:10:00 UTC',
        '',
      ].join('\n'),
    },
    {
      path: 'list-boots-old.txt',
      text: ' 0 fedcba9876543210fedcba9876543210 Fri 2025-01-31 03:00:00 CET—Fri 2025-01-31 03:10:00 CET\n',
    },
  ],
};
