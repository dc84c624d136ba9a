/**
 * `journalctl -o verbose`: a heading per entry, one indented field per line.
 *
 *     Fri 2025-01-31 02:54:55.123456 UTC [s=fcd7…;i=1;b=0123…;m=d6958640;t=62cf7aad88000;x=f148…]
 *         PRIORITY=6
 *         MESSAGE=panic: runtime error: index out of range
 *                 goroutine 1 [running]:
 *
 * The readable time is local; the cursor holds the exact one (`t=`, hex microseconds since 1970), the time since boot
 * (`m=`) and the boot (`b=`). Further lines of a value are indented by 4 blanks and the width of the key and `=`.
 * Unprintable values read `[15B blob data]` and stay so.
 */
import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { addRecord } from './add-record.ts';
import { entryHeader } from './entry.ts';
import { parseMarker, skipsMarker } from './markers.ts';

const HEADING =
  /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})? \S{1,8} \[(s=[0-9a-f]{1,32};i=[0-9a-f]{1,16};b=([0-9a-f]{32});m=([0-9a-f]{1,16});t=([0-9a-f]{1,13});x=[0-9a-f]{1,16})\]$/u;
const FIELD = /^ {4}([A-Z0-9_]{1,64})=/u;

export const journalVerbose: DocumentFormat = {
  kind: 'document',
  id: 'journal-verbose',
  sniff: ({ lines }) => (lines.slice(0, 8).some((line) => HEADING.test(line.slice(0, 300))) ? 1 : 0),
  parse(input) {
    const document = createDocument(input);
    let fields = new Map<string, string[]>();
    let start = -1;
    let lastKey: string | undefined;

    function finish(end: number): void {
      const header = start < 0 ? undefined : entryHeader(fields);
      if (header !== undefined) {
        addRecord(document, header, start, end);
      }
      start = -1;
      lastKey = undefined;
      fields = new Map();
    }

    for (let at = 0; at < document.lineCount; at += 1) {
      const line = document.line(at);
      const heading = line.charCodeAt(0) === 32 || line === '' ? null : HEADING.exec(line.slice(0, 300));
      if (heading !== null) {
        finish(at - 1);
        start = at;
        const [, cursor = '', boot = '', monotonic = '', realtime = ''] = heading;
        fields.set('__CURSOR', [cursor]);
        fields.set('__REALTIME_TIMESTAMP', [String(Number.parseInt(realtime, 16))]);
        fields.set('__MONOTONIC_TIMESTAMP', [String(Number.parseInt(monotonic, 16))]);
        fields.set('_BOOT_ID', [boot]);
        continue;
      }
      const isText = line !== '' && line.charCodeAt(0) !== 32;
      if (start < 0 || isText) {
        finish(at - 1);
        const marker = parseMarker(line);
        if (marker !== undefined) {
          addRecord(document, marker, at, at);
        } else if (skipsMarker(line)) {
          document.understood(at);
        }
        continue;
      }
      const field = FIELD.exec(line);
      const values = lastKey === undefined ? undefined : fields.get(lastKey);
      if (field !== null) {
        lastKey = field[1] ?? '';
        const value = line.slice(field[0].length);
        if (lastKey !== '_BOOT_ID') {
          fields.set(lastKey, [...(fields.get(lastKey) ?? []), value]);
        }
      } else if (values !== undefined && lastKey !== undefined) {
        values.push(`${values.pop() ?? ''}\n${withoutIndent(line, lastKey.length + 5)}`);
      }
    }
    finish(document.lineCount - 1);
    return document.result('keep');
  },
  samples: [
    {
      path: 'journal-verbose.txt',
      text: [
        'Fri 2025-01-31 02:54:56.123456 UTC [s=f15a9fef57c4477ca9eb02cd47c008db;i=1;b=0123456789abcdef0123456789abcdef;m=d6a4c880;t=62cf7aae7c240;x=7665ed3f9308cd78]',
        '    _BOOT_ID=0123456789abcdef0123456789abcdef',
        '    _HOSTNAME=node-1',
        '    SYSLOG_IDENTIFIER=myapp',
        '    _PID=77',
        '    PRIORITY=3',
        '    MESSAGE=panic: x',
        '            ',
        '            goroutine 1:',
        '            \t/src/main.go:12',
        'Fri 2025-01-31 02:54:58.123456 UTC [s=f15a9fef57c4477ca9eb02cd47c008db;i=3;b=0123456789abcdef0123456789abcdef;m=d6c34d00;t=62cf7ab0646c0;x=c4894085cd2e1aa3]',
        '    MESSAGE=[15B blob data]',
        '    _COMM=k',
        '-- Boot fedcba9876543210fedcba9876543210 --',
        '',
      ].join('\n'),
    },
  ],
};

function withoutIndent(line: string, width: number): string {
  let blanks = 0;
  while (blanks < width && line.charCodeAt(blanks) === 32) {
    blanks += 1;
  }
  return line.slice(blanks);
}
