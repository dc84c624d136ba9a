/**
 * `journalctl -o json`, one object per line; also `json-sse` (`data: {…}`) and `json-seq` (record separator before).
 *
 *     {"SYSLOG_IDENTIFIER":"myapp","PRIORITY":"3","MESSAGE":[27,91,51,…],"__REALTIME_TIMESTAMP":"1738292218000000",…}
 *
 * Read line by line, so that journals of any size pass through the scan. Its literal filter sees the line as written:
 * a message stored as an array of bytes is only found by the document form (json-document.ts), which takes files that
 * hold such messages near their beginning.
 */
import type { LineFormat } from '../format.ts';
import { entryHeader } from './entry.ts';
import { parseJsonEntry } from './json-entry.ts';

const KEY = /"(?:__REALTIME_TIMESTAMP|_BOOT_ID|__CURSOR)"/u;
const MAX_LOOK = 16_384;

/** The object of a line without what the streaming forms put before it; undefined when it cannot be one. */
export function bareObject(line: string): string | undefined {
  const start = line.charCodeAt(0) === 30 ? 1 : line.startsWith('data: {') ? 6 : 0;
  return line.charCodeAt(start) === 123 && line.trimEnd().endsWith('}') ? line.slice(start) : undefined;
}

const BYTE_MESSAGE = /"MESSAGE": ?\[\d/u;

/** Do messages of these lines stand as arrays of bytes, so that their text is not in the line? */
export function hasByteMessages(lines: readonly string[]): boolean {
  return lines.some((line) => BYTE_MESSAGE.test(line));
}

export const journalJsonLine: LineFormat = {
  kind: 'lines',
  id: 'journal-json',
  role: 'envelope',
  parse(line) {
    const object = bareObject(line);
    if (object === undefined || !(KEY.test(object.slice(0, MAX_LOOK)) || KEY.test(object.slice(-MAX_LOOK)))) {
      return undefined;
    }
    const entry = parseJsonEntry(object);
    return entry === undefined ? undefined : entryHeader(entry);
  },
  suits: (lines) => !hasByteMessages(lines),
  skips: (line) => line === 'data:' || line === '\u001e',
  samples: [
    {
      text: '{"SYSLOG_IDENTIFIER":"myapp","__MONOTONIC_TIMESTAMP":"3723000000","PRIORITY":"3","_SYSTEMD_UNIT":"myapp.service","MESSAGE":[27,91,51,49,109,114,101,100,27,91,48,109],"_PID":"77","_HOSTNAME":"node-1","_BOOT_ID":"0123456789abcdef0123456789abcdef","__REALTIME_TIMESTAMP":"1738292218000000","__CURSOR":"s=0"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_218_000, precisionMs: 1 },
        node: 'node-1',
        unit: 'myapp',
        pid: 77,
        level: 'err',
        message: 'red',
      },
    },
    {
      text: '{"MESSAGE":null,"_BOOT_ID":"0123456789abcdef0123456789abcdef","__REALTIME_TIMESTAMP":"1738292218000000","OBJ":["1","2"]}',
      expect: { unit: 'unknown', message: '(message of 4096 bytes or more, not stored)', fields: { OBJ: '1,2' } },
    },
    {
      text: 'data: {"MESSAGE":"INFO: task nginx:12345 blocked for more than 120 seconds.","SYSLOG_IDENTIFIER":"kernel","_TRANSPORT":"kernel","_SOURCE_MONOTONIC_TIMESTAMP":"3720650000","_BOOT_ID":"0123456789abcdef0123456789abcdef","__REALTIME_TIMESTAMP":"1738292218123456","_HOSTNAME":"node-1","__CURSOR":"s=0"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_218_123, precisionMs: 1 },
        unit: 'kernel',
        stream: 'node-1/kernel',
        message: 'INFO: task nginx:12345 blocked for more than 120 seconds.',
      },
    },
  ],
};
