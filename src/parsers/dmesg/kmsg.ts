/**
 * Records of /dev/kmsg.
 *
 *     3,1402,3720650000,-,caller=T57;INFO: task nginx:12345 blocked for more than 120 seconds.
 *      SUBSYSTEM=x
 *
 * Priority (facility times eight plus level), sequence number, microseconds since boot, flags; then the text, with
 * unprintable bytes as `\xHH`. Lines of the dictionary begin with a blank and belong to the record above.
 * Format: Documentation/ABI/testing/dev-kmsg.
 */
import type { LineFormat } from '../format.ts';
import { parsePriority } from '../syslog/priority.ts';
import { dictionaryLine } from './dictionary.ts';
import { dmesgHeader } from './prefix.ts';

const HEADER = /^(\d{1,4}),(\d{1,20}),(\d{1,16}),[-c+](?:,([^;]{0,128}))?;/u;

export const kmsg: LineFormat = {
  kind: 'lines',
  id: 'kmsg',
  role: 'envelope',
  parse(line) {
    const match = HEADER.exec(line.slice(0, 256));
    if (match === null) {
      return undefined;
    }
    const [whole, priority, sequence = '', micros, extra] = match;
    const seconds = Number(micros) / 1e6;
    const caller = /(?:^|,)caller=([TC]\d{1,10})/u.exec(extra ?? '')?.[1];
    const header = dmesgHeader(
      {
        form: 'raw',
        stamp: { kind: 'boot', seconds, precisionMs: 0.001 },
        bootSeconds: seconds.toFixed(6),
        ...parsePriority(Number(priority)),
        ...(caller === undefined ? {} : { caller }),
        length: whole.length,
      },
      unescapeBytes(line.slice(whole.length)),
    );
    return { ...header, hints: { ...header.hints, 'kmsg.sequence': sequence } };
  },
  continues: dictionaryLine,
  samples: [
    {
      text: '3,1402,3720650000,-,caller=T57;INFO: task nginx:12345 blocked for more than 120 seconds.\n SUBSYSTEM=x',
      expect: {
        stamp: { kind: 'boot', seconds: 3720.65, precisionMs: 0.001 },
        unit: 'kernel',
        level: 'err',
        stream: '/kernel/T57',
        message: 'INFO: task nginx:12345 blocked for more than 120 seconds.',
      },
    },
    { text: '6,339,5140900,-;NET: Registered protocol family 10', expect: { level: 'info' } },
    {
      text: String.raw`12,340,5140901,c;a \x5c b \xc3\xa4`,
      expect: { level: 'warning', message: String.raw`a \ b ä` },
    },
  ],
};

const ESCAPES = /(?:\\x[0-9a-f]{2}){1,4096}/gu;

/** Undoes `\xHH`; neighbouring bytes may make one character of UTF-8. */
function unescapeBytes(text: string): string {
  return text.includes('\\x')
    ? text.replace(ESCAPES, (run) => Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'))
    : text;
}
