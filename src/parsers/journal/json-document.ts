/**
 * `journalctl -o json-pretty`, and the other JSON modes where messages are stored as arrays of bytes.
 *
 *     {
 *     <TAB>"MESSAGE" : "panic: x",
 *     <TAB>"__REALTIME_TIMESTAMP" : "1738292217000000"
 *     }
 *     {
 *
 * Objects follow each other without comma or bracket. `json`, `json-sse` and `json-seq` are usually read line by line
 * (json-line.ts); but what stands in an array of bytes cannot be found in the text of a line, so such files are read
 * whole. An object that is cut off is left as unknown lines.
 */
import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { addRecord } from './add-record.ts';
import { entryHeader } from './entry.ts';
import { parseJsonEntry } from './json-entry.ts';
import { bareObject, hasByteMessages, journalJsonLine } from './json-line.ts';
import { parseMarker } from './markers.ts';

const PRETTY_KEY = /^\t"[A-Z0-9_]{1,64}" : /u;
const MAX_OBJECT_LINES = 10_000;

export const journalJson: DocumentFormat = {
  kind: 'document',
  id: 'journal-json-pretty',
  sniff({ lines }) {
    if (
      lines[0] === '{' &&
      lines.slice(0, 64).some((line) => PRETTY_KEY.test(line) && line.includes('_TIMESTAMP" : '))
    ) {
      return 1;
    }
    return hasByteMessages(lines) && lines.slice(0, 4).some((line) => journalJsonLine.parse(line) !== undefined)
      ? 0.95
      : 0;
  },
  parse(input) {
    const document = createDocument(input);
    let at = 0;
    while (at < document.lineCount) {
      const line = document.line(at);
      const last = line === '{' ? lastOfObject(document.line, document.lineCount, at) : at;
      const text = last === undefined ? undefined : last === at ? bareObject(line) : joined(document.line, at, last);
      const entry = text === undefined ? undefined : parseJsonEntry(text);
      const header = entry === undefined ? parseMarker(line) : entryHeader(entry);
      if (header !== undefined) {
        addRecord(document, header, at, last ?? at);
      } else if (journalJsonLine.skips?.(line) === true) {
        document.understood(at);
      }
      at = (header === undefined ? at : (last ?? at)) + 1;
    }
    return document.result('keep');
  },
  samples: [
    {
      path: 'journal.json',
      text: [
        '{',
        '\t"MESSAGE" : "INFO: task nginx:12345 blocked for more than 120 seconds.",',
        '\t"SYSLOG_IDENTIFIER" : "kernel",',
        '\t"_TRANSPORT" : "kernel",',
        '\t"__CURSOR" : "s=f15a;i=1",',
        '\t"__REALTIME_TIMESTAMP" : "1738292217000000"',
        '}',
        '{',
        '\t"MESSAGE" : [',
        '\t\t114,',
        '\t\t101,',
        '\t\t100',
        '\t],',
        '\t"__CURSOR" : "s=f15a;i=2",',
        '\t"__REALTIME_TIMESTAMP" : "1738292218000000"',
        '}',
        '',
      ].join('\n'),
    },
  ],
};

function lastOfObject(line: (at: number) => string, lineCount: number, start: number): number | undefined {
  const limit = Math.min(lineCount, start + MAX_OBJECT_LINES);
  for (let at = start + 1; at < limit; at += 1) {
    const text = line(at);
    if (text === '}') {
      return at;
    }
    if (text === '{') {
      return undefined;
    }
  }
  return undefined;
}

function joined(line: (at: number) => string, from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join('\n');
}
