/**
 * `dmesg --json`.
 *
 *     { "dmesg": [ { "pri": 3, "time": 3720.650000, "msg": "INFO: task …" }, { "fac": "kern", "pri": "err", … } ] }
 *
 * Each object of the list is read on its own, so that a file that is cut off yields what is whole. `pri` is a number
 * (facility times eight plus level) or, with `-x`, a name; `caller` is there where the kernel prints it. Of a file read
 * with `-F`, util-linux 2.38 appends the rest of that file to each message: it is cut off.
 */
import type { Level, Stamp } from '../../model/index.ts';
import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat } from '../format.ts';
import { addRecord } from '../journal/add-record.ts';
import { levelOfName, parsePriority } from '../syslog/priority.ts';
import { dmesgHeader, parsePrefix } from './prefix.ts';

/** What follows a message in the file it was read from. */
const REST_OF_FILE = /\n(?:<\d{1,4}>[\s\S]*)?$/u;
/** Before util-linux 2.40 the caller is part of the message. */
const CALLER = /^\[ {0,10}([TC]\d{1,10})\] /u;
const BEGIN = /^\s*\{\s*"dmesg"\s*:\s*\[/u;

export const dmesgJson: DocumentFormat = {
  kind: 'document',
  id: 'dmesg-json',
  sniff: ({ head }) => (BEGIN.test(head.slice(0, 200)) ? 1 : 0),
  parse(input) {
    const document = createDocument(input);
    const begin = BEGIN.exec(input.text.slice(0, 200))?.[0].length ?? 0;
    for (let at = 0; at <= document.lineOf(begin) && at < document.lineCount; at += 1) {
      document.understood(at);
    }
    for (const { from, to } of objects(input.text, begin)) {
      const header = headerOf(input.text.slice(from, to));
      if (header !== undefined) {
        addRecord(document, header, document.lineOf(from), document.lineOf(to - 1));
      }
    }
    for (let at = document.lineCount - 1; at >= 0 && /^[\s\]}]*$/u.test(document.line(at)); at -= 1) {
      document.understood(at);
    }
    return document.result('keep');
  },
  samples: [
    {
      path: 'dmesg.json',
      text: [
        '{',
        '   "dmesg": [',
        '      {',
        '         "pri": 3,',
        '         "time":  3720.650000,',
        '         "msg": "INFO: task nginx:12345 blocked for more than 120 seconds."',
        '      },{',
        '         "fac": "kern",',
        '         "pri": "warn",',
        '         "time":  3721.000000,',
        '         "caller": "T1",',
        '         "msg": "a \\"quoted\\" } brace"',
        '      }',
        '   ]',
        '}',
        '',
      ].join('\n'),
    },
  ],
};

/** The objects of the list: offsets of their braces. Strings are skipped; nested objects belong to theirs. */
function* objects(text: string, start: number): Generator<{ readonly from: number; readonly to: number }> {
  let depth = 0;
  let from = 0;
  const token = /["{}\]]/gu;
  token.lastIndex = start;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const at = match.index;
    if (match[0] === '"') {
      token.lastIndex = afterString(text, at);
    } else if (match[0] === '{') {
      from = depth === 0 ? at : from;
      depth += 1;
    } else if (match[0] === '}') {
      depth -= 1;
      if (depth === 0) {
        yield { from, to: at + 1 };
      }
      if (depth < 0) {
        return;
      }
    } else if (depth === 0) {
      return;
    }
  }
}

function afterString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) {
      at += 1;
    } else if (code === 34) {
      return at + 1;
    }
  }
  return text.length;
}

function headerOf(json: string): ReturnType<typeof dmesgHeader> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const entry: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
  const message = entry.get('msg');
  if (typeof message !== 'string') {
    return undefined;
  }
  const stamp = stampOf(entry.get('time'));
  const level = levelOf(entry.get('pri'));
  const text = message.replace(REST_OF_FILE, '');
  const inText = CALLER.exec(text);
  const caller = entry.get('caller') ?? inText?.[1];
  return dmesgHeader(
    {
      form: 'raw',
      ...(stamp === undefined ? {} : { stamp }),
      ...(stamp?.kind === 'boot' ? { bootSeconds: stamp.seconds.toFixed(6) } : {}),
      ...(level === undefined ? {} : { level }),
      ...(typeof caller === 'string' ? { caller } : {}),
      length: 0,
    },
    text.slice(inText?.[0].length ?? 0),
  );
}

function stampOf(time: unknown): Stamp | undefined {
  if (typeof time === 'number' && time >= 0) {
    return { kind: 'boot', seconds: time, precisionMs: 0.001 };
  }
  return typeof time === 'string' ? (parsePrefix(`[${time}] `) ?? parsePrefix(`${time} `))?.stamp : undefined;
}

function levelOf(priority: unknown): Level | undefined {
  if (typeof priority === 'number' && Number.isInteger(priority) && priority >= 0 && priority < 1024) {
    return parsePriority(priority).level;
  }
  return typeof priority === 'string' ? levelOfName(priority) : undefined;
}
