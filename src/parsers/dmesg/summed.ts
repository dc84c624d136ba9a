/**
 * A kernel log whose lines tell their distance from the line before: `dmesg -e` (`-H`) and `dmesg -t -d`.
 *
 *     [Jan31 02:57] nfs: server nas not responding, still trying       a mark when the minute changes
 *     [  +0.000100]       Not tainted 6.1.0-18-amd64
 *     [<    0.000000>] Linux version 6.1.0-18-amd64                    -t -d
 *     [<    0.004000>] Command line: …
 *
 * After a mark a line's time is the minute plus the sum of distances; as the mark's own seconds are unknown, it is
 * only known to lie between that and the end of the minute. Distances alone give a time only when the output begins
 * with the first line of a boot, and then to a second: dmesg prints no distance for the first line that is not at 0. dmesg prints a mark wherever the minute changes, so sums stay below a minute.
 */
import type { Stamp } from '../../model/index.ts';
import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { addRecord } from '../journal/add-record.ts';
import { isSummed } from './is-summed.ts';
import { continuesDmesg, dmesgHeader, parsePrefix } from './prefix.ts';

type Wall = Extract<Stamp, { readonly kind: 'wall' }>;

const MINUTE_MS = 60_000;
const FIRST_OF_BOOT = /^(?:Linux version |Booting Linux on )/u;

export const dmesgSummed: DocumentFormat = {
  kind: 'document',
  id: 'dmesg-reltime',
  sniff: ({ lines }) => (isSummed(lines.slice(0, 100)) ? 0.9 : 0),
  parse(input) {
    const document = createDocument(input);
    let mark: Wall | undefined;
    /** Seconds since the mark, or since boot. */
    let sum = 0;
    let sinceBoot: boolean | undefined;
    let open:
      | { at: number; line: string; header: ReturnType<typeof dmesgHeader>; message: string; last: number }
      | undefined;

    function finish(): void {
      if (open !== undefined) {
        addRecord(document, { ...open.header, message: open.message }, open.at, open.last);
      }
      open = undefined;
    }

    for (let at = 0; at < document.lineCount; at += 1) {
      const line = document.line(at);
      const prefix = parsePrefix(line);
      if (prefix === undefined) {
        const more = open === undefined || line === '' ? undefined : continuesDmesg(line, open.header, open.line);
        if (open !== undefined && more !== undefined) {
          open.message += `\n${more}`;
          open.last = at;
        } else {
          finish();
        }
        continue;
      }
      finish();
      const message = line.slice(prefix.length);
      sinceBoot ??= prefix.form === 'delta' && FIRST_OF_BOOT.test(message);
      if (prefix.stamp?.kind === 'wall') {
        mark = prefix.stamp;
        sum = 0;
      } else {
        sum += prefix.deltaSeconds ?? 0;
      }
      const stamp = prefix.deltaSeconds === undefined ? prefix.stamp : stampAfter(mark, sum, sinceBoot);
      const header = dmesgHeader(prefix, message);
      open = {
        at,
        line,
        header: stamp === undefined ? header : { ...header, stamp },
        message: header.message,
        last: at,
      };
    }
    finish();
    return document.result('keep');
  },
  samples: [
    {
      path: 'dmesg-e.txt',
      text: [
        '[Jan31 02:57] nfs: server nas not responding, still trying',
        '[  +0.000100]       Not tainted 6.1.0-18-amd64 #1',
        '[ +12.500000] multi-line first',
        '              multi-line second',
        '[Jan31 02:58] nfs: server nas OK',
        '',
      ].join('\n'),
    },
    {
      path: 'dmesg-delta.txt',
      text: '[<    0.000000>] Linux version 6.1.0\n[<    0.250000>] Command line: quiet\n[<    1.000000>] x\n',
    },
  ],
};

function stampAfter(mark: Wall | undefined, sumSeconds: number, sinceBoot: boolean): Stamp | undefined {
  if (mark !== undefined) {
    const sinceMark = Math.min(Math.max(0, sumSeconds * 1000), MINUTE_MS - 1);
    return { ...mark, msOfDay: mark.msOfDay + Math.floor(sinceMark), precisionMs: MINUTE_MS - Math.floor(sinceMark) };
  }
  return sinceBoot ? { kind: 'boot', seconds: Math.round(sumSeconds * 1e6) / 1e6, precisionMs: 1000 } : undefined;
}
