/**
 * RFC 5424.
 *
 *     <27>1 2025-01-31T02:58:40.123456Z node-1 kubelet 1501 - [meta seq="7"] lookup quay.io: Try again
 *
 * Any header field may be `-`. Structured data become the fields `meta.seq`. A time of `-` leaves the record without
 * one. A byte order mark before the message is dropped.
 */
import { parseRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { parsePriority } from './priority.ts';
import { headerOf } from './tail.ts';

const HEADER = /^<(\d{1,3})>1 (\S{1,48}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,64})(?: |$)/u;
const MAX_DATA = 16_384;

export const syslog5424: LineFormat = {
  kind: 'lines',
  id: 'syslog-5424',
  role: 'envelope',
  parse(line) {
    if (line.charCodeAt(0) !== 60) {
      return undefined;
    }
    const match = HEADER.exec(line.slice(0, 800));
    if (match === null) {
      return undefined;
    }
    const [whole, priority, timestamp = '', host = '', app = '', processId = '', messageId = ''] = match;
    const time = parseRfc3339(timestamp);
    if (timestamp !== '-' && time?.length !== timestamp.length) {
      return undefined;
    }
    const data = parseStructuredData(line.slice(whole.length, whole.length + MAX_DATA));
    const rest = line.slice(whole.length + data.length);
    const message = rest.startsWith(' ') ? rest.slice(1) : rest;
    const header = headerOf(
      {
        ...(host === '-' ? {} : { node: host }),
        ...(app === '-' ? {} : { ident: app }),
        ...(/^\d{1,10}$/u.test(processId) ? { pid: Number(processId) } : {}),
        message: message.charCodeAt(0) === 0xfeff ? message.slice(1) : message,
        bytesBefore: 0,
      },
      time === undefined ? undefined : { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs },
      true,
      parsePriority(Number(priority)).level,
    );
    const hints = messageId === '-' ? header.hints : { ...header.hints, 'syslog.msgid': messageId };
    return { ...header, fields: data.fields, ...(hints === undefined ? {} : { hints }) };
  },
  samples: [
    {
      text: '<27>1 2025-01-31T02:58:40.123456Z node-1 kubelet 1501 - [meta seq="7"] lookup quay.io: Try again',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_320_123, precisionMs: 1 },
        node: 'node-1',
        unit: 'kubelet',
        pid: 1501,
        level: 'err',
        fields: { 'meta.seq': '7' },
        message: 'lookup quay.io: Try again',
      },
    },
    {
      text: String.raw`<30>1 2025-01-31T02:58:40+01:00 - app - ID47 [a@1 k="x \"y\" \] \\"][b] \ufeffhello`.replace(
        String.raw`\ufeff`,
        '\ufeff',
      ),
      expect: { unit: 'app', level: 'info', fields: { 'a@1.k': String.raw`x "y" ] \ `.trimEnd() }, message: 'hello' },
    },
    { text: '<13>1 - node-1 - - - -', expect: { node: 'node-1', level: 'notice', message: '' } },
  ],
};

interface StructuredData {
  readonly fields: Readonly<Record<string, string>>;
  /** Characters read. */
  readonly length: number;
}

const ELEMENT = /\[([^\s=\]"]{1,64})/uy;
const PARAMETER = / +([^\s=\]"]{1,64})="((?:[^"\\]|\\.)*)"/suy;

/** `-` or `[id name="value" …][…]`; stops where the text is something else. */
function parseStructuredData(text: string): StructuredData {
  if (text.startsWith('-')) {
    return { fields: {}, length: 1 };
  }
  const fields = new Map<string, string>();
  let at = 0;
  for (;;) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(text);
    if (element === null) {
      break;
    }
    let next = at + element[0].length;
    for (;;) {
      PARAMETER.lastIndex = next;
      const parameter = PARAMETER.exec(text);
      if (parameter === null) {
        break;
      }
      fields.set(`${element[1]}.${parameter[1]}`, (parameter[2] ?? '').replace(/\\(["\\\]])/gu, '$1'));
      next += parameter[0].length;
    }
    if (text[next] !== ']') {
      break;
    }
    at = next + 1;
  }
  return { fields: Object.fromEntries(fields), length: at };
}
