/**
 * The manifest of `forensics collect-script`: when and where an archive was taken, and how each command ended.
 *
 *     forensics-collect: 1
 *     collected: 2025-01-31T02:54:55Z
 *     zone: +0100 CET
 *     host: worker-1
 *
 *     path    exit    begin    end    command                     (tabs)
 *     host/worker-1/dmesg.txt    1    2025-01-31T02:54:56Z    2025-01-31T02:54:56Z    dmesg
 *     finished: 2025-01-31T02:56:01Z
 *
 * It gives moments of collection, the zone of the host and remarks on commands that failed.
 */

import type { Diagnostic, LogRecord, Stamp } from '../model/index.ts';
import { createDocument } from './documents/builder.ts';
import type { DocumentFormat, DocumentInput, DocumentResult } from './format.ts';
import { stampOfText } from './payload-time.ts';

const FIRST_LINE = /^forensics-collect: \d{1,3}$/u;
const MOMENT = /^(?:collected|finished): (\S{10,40})$/u;
const ZONE = /^zone: ([+-]\d{4}) /u;
const HOST = /^host: ([A-Za-z0-9][A-Za-z0-9._-]{0,252})$/u;
const HEADING = 'path\texit\tbegin\tend\tcommand';
/** `timeout` reports this for a command that it had to stop. */
const STOPPED = '124';
const MAX_REMARKS = 50;

function parse(input: DocumentInput): DocumentResult {
  const lines = input.text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const collected: Stamp[] = [];
  const diagnostics: Diagnostic[] = [];
  lines.forEach((line, index) => {
    const moment = MOMENT.exec(line.slice(0, 80))?.[1];
    const stamp = moment === undefined ? undefined : stampOfText(moment);
    if (stamp !== undefined) {
      collected.push(stamp);
    }
    const [, exit = '', , , command = ''] = line === HEADING ? [] : line.split('\t', 5);
    if (diagnostics.length < MAX_REMARKS && exit !== '' && exit !== '0' && exit !== 'missing') {
      diagnostics.push({
        severity: 'info',
        code: exit === STOPPED ? 'collection-stopped' : 'collection-failed',
        message:
          exit === STOPPED
            ? `${command.slice(0, 200)} did not end in time when the bundle was collected`
            : `${command.slice(0, 200)} ended with status ${exit} when the bundle was collected`,
        source: input.path,
        line: input.firstLine + index,
      });
    }
  });
  return {
    records: clockOf(input, lines),
    listings: [],
    diagnostics,
    recognised: lines.filter((line) => line.trim() !== '').length,
    continuation: lines.filter((line, index) => line.trim() === '' && index < lines.length - 1).length,
    collected,
  };
}

/** The zone of the machine that the script ran on. */
function clockOf(input: DocumentInput, lines: readonly string[]): readonly LogRecord[] {
  const head = lines.slice(0, lines.indexOf(HEADING)).map((line) => line.slice(0, 300));
  const at = head.findIndex((line) => ZONE.test(line));
  const offset = ZONE.exec(head[at] ?? '')?.[1];
  const node = head.flatMap((line) => HOST.exec(line)?.[1] ?? [])[0];
  if (offset === undefined || node === undefined) {
    return [];
  }
  const doc = createDocument(input);
  doc.add({ at, kind: 'row', message: head[at] ?? '', node, row: { kind: 'Clock', values: { offset } } });
  return doc.result('drop').records;
}

export const collectManifest: DocumentFormat = {
  kind: 'document',
  id: 'collect-manifest',
  samples: [
    {
      path: 'forensics-worker-1-20250131T025455Z/manifest.txt',
      text: [
        'forensics-collect: 1',
        'collected: 2025-01-31T02:54:55Z',
        'zone: +0100 CET',
        'host: worker-1',
        'user: 0',
        '',
        HEADING,
        'host/worker-1/date.txt\t0\t2025-01-31T02:54:55Z\t2025-01-31T02:54:55Z\tdate',
        'host/worker-1/dmesg.txt\t1\t2025-01-31T02:54:56Z\t2025-01-31T02:54:56Z\tdmesg',
        'cluster-resources/tables/top-nodes.txt\t124\t2025-01-31T02:54:56Z\t2025-01-31T02:55:56Z\tkubectl top nodes',
        '-\tmissing\t2025-01-31T02:55:57Z\t2025-01-31T02:55:57Z\tchronyc -n tracking',
        '',
        'finished: 2025-01-31T02:56:01Z',
        '',
      ].join('\n'),
    },
  ],
  sniff: ({ head }) => (FIRST_LINE.test(head.slice(0, head.indexOf('\n')).trimEnd()) ? 1 : 0),
  parse,
};
