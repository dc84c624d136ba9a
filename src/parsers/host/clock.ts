/** What a host says about its own time: `date`, `timedatectl`, `uptime`. They date the collection. */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { isoOf } from '../documents/containers.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { parseDateOutput } from '../documents/stamps.ts';

function readDate(doc: DocumentBuilder, from: number): void {
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trim();
    const stamp = line === '' ? undefined : parseDateOutput(line);
    if (stamp !== undefined) {
      doc.collectedAt(stamp);
      doc.add({ at, kind: 'log', message: line, stamp, fields: { collected: isoOf(stamp) } });
    }
  }
}

export const date = outputFormat({
  id: 'date',
  samples: [
    { path: 'date.txt', text: 'Fri Jan 31 03:04:05 UTC 2025\n' },
    { path: 'date.txt', text: 'Fri 31 Jan 2025 03:04:05 AM CET\n' },
  ],
  rate(lines, command, path) {
    const [first = ''] = lines;
    const isNamed = /^date\b/u.test(command) || /(?:^|[/_-])date(?:\.\w+)?$/u.test(path);
    return lines.length <= 3 && parseDateOutput(first) !== undefined ? (isNamed || lines.length === 1 ? 0.95 : 0.5) : 0;
  },
  read: readDate,
});

const CLOCK_LINE =
  /^\s*(Local time|Universal time|RTC time|Time zone|Timezone|System clock synchronized|NTP synchronized|NTP enabled|NTP service|Network time on|systemd-timesyncd\.service active|RTC in local TZ|DST active):\s+(.*)$/u;

function readTimedatectl(doc: DocumentBuilder, from: number): void {
  const values: Record<string, RowValue> = {};
  let line: number | undefined;
  let first: number | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const found = CLOCK_LINE.exec(doc.line(at));
    if (found === null) {
      continue;
    }
    first ??= at;
    doc.understood(at);
    const [, key, value = ''] = found;
    switch (key) {
      case 'Universal time': {
        const stamp = parseDateOutput(value);
        doc.collectedAt(stamp);
        const iso = isoOf(stamp);
        if (iso !== undefined) values['time'] = iso;
        break;
      }
      case 'Time zone':
      case 'Timezone': {
        values['zone'] = value.split(' ')[0] ?? value;
        const offset = /([+-]\d{4})\)/u.exec(value)?.[1];
        if (offset !== undefined) values['offset'] = offset;
        break;
      }
      case 'System clock synchronized':
      case 'NTP synchronized':
        values['synchronized'] = value.trim() === 'yes';
        line = at;
        break;
      case 'NTP service':
      case 'NTP enabled':
      case 'Network time on':
      case 'systemd-timesyncd.service active':
        values['ntp'] = /^(?:active|yes)/u.test(value);
        break;
      default:
    }
  }
  const at = line ?? first;
  if (at !== undefined) {
    doc.add({ at, kind: 'row', message: doc.line(at).trim(), row: { kind: 'Clock', values } });
  }
}

export const timedatectl = outputFormat({
  id: 'timedatectl',
  samples: [
    {
      path: 'timedatectl.txt',
      text: `               Local time: Fri 2025-01-31 04:01:12 CET
           Universal time: Fri 2025-01-31 03:01:12 UTC
                 RTC time: Fri 2025-01-31 03:01:12
                Time zone: Europe/Berlin (CET, +0100)
System clock synchronized: no
              NTP service: inactive
          RTC in local TZ: no
`,
    },
  ],
  rate: (lines) => (lines.slice(0, 15).filter((line) => CLOCK_LINE.test(line)).length >= 3 ? 0.96 : 0),
  read: readTimedatectl,
});

const UPTIME =
  /^\s*(?:(\d\d:\d\d:\d\d)\s+)?up\s+(.{3,60}?),\s+(?:\d+ users?,\s+)?load averages?:\s+([\d.]+),?\s+([\d.]+),?\s+([\d.]+)/u;

/** `12 days,  3:04`, `5 min`, `2:41` in milliseconds. */
function upMs(text: string): number {
  const days = Number(/(\d{1,6}) days?/u.exec(text)?.[1] ?? 0);
  const clock = /(\d{1,2}):(\d\d)/u.exec(text);
  const minutes = Number(/(\d{1,4}) mins?\b/u.exec(text)?.[1] ?? 0);
  const hours = Number(/(\d{1,4}) (?:hours?|hrs?)\b/u.exec(text)?.[1] ?? 0);
  return ((days * 24 + hours + Number(clock?.[1] ?? 0)) * 60 + minutes + Number(clock?.[2] ?? 0)) * 60_000;
}

export const uptime = outputFormat({
  id: 'uptime',
  samples: [{ path: 'uptime', text: ' 03:01:12 up 12 days,  3:04,  2 users,  load average: 28.10, 27.20, 20.30\n' }],
  rate: (lines) => (lines.length <= 4 && UPTIME.test(lines[0] ?? '') ? 0.95 : 0),
  read(doc, from) {
    for (let at = from; at < doc.lineCount; at += 1) {
      const found = UPTIME.exec(doc.line(at));
      if (found !== null) {
        doc.add({
          at,
          kind: 'row',
          message: doc.line(at).trim(),
          row: {
            kind: 'Uptime',
            values: {
              uptimeMs: upMs(found[2] ?? ''),
              load1: Number(found[3]),
              load5: Number(found[4]),
              load15: Number(found[5]),
            },
          },
        });
      }
    }
  },
});
