/**
 * zap's console encoder, as controller-runtime in development mode, Istio and the OpenTelemetry collector print it:
 *
 *     TIME \t LEVEL \t [logger \t] [caller \t] message [\t {json}]
 *     2026-01-05T19:52:25Z    ERROR   setup   problem running manager {"error": "leader election lost"}
 *
 * Tabs, or runs of blanks where copying expanded them; then the JSON tail may stand behind a single blank. The time is
 * ISO 8601 or an epoch number. Stack lines (`pkg.func`, below it an indented `/path/file.go:12`) belong to the record.
 *
 * Format: go.uber.org/zap zapcore/console_encoder.go.
 */

import type { Stamp } from '../../model/index.ts';
import { isZapStackLine } from '../continuation.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, putField } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso, stampOfEpoch } from '../payload-time.ts';
import { fieldText, isObject, type JsonValue } from './json-object.ts';

const LEVEL = /(?:\t| {2,12})(DEBUG|INFO|WARN|WARNING|ERROR|DPANIC|PANIC|FATAL|TRACE)(?=\t| {2}|$)/iuy;
const EPOCH = /^\d{9,10}\.\d{1,9}(?:e[+-]?\d{1,2})?|^\d\.\d{3,16}e[+-]?\d{1,2}/u;
const CALLER = /^[\w./@-]{1,200}\.\w{1,4}:\d{1,6}$/u;
const NAME = /^[\w./:-]{1,120}$/u;

const samples: readonly FormatSample[] = [
  {
    text: '2025-04-24T22:09:20.856Z\terror\tinternal/queue_sender.go:128\tExporting failed. Dropping data.\t{"otelcol.component.id": "otlphttp/prometheus", "error": "no more retries left"}\ngo.opentelemetry.io/collector/exporter/exporterhelper/internal.NewQueueSender.func3\n     go.opentelemetry.io/collector/exporter@v0.120.0/exporterhelper/internal/queue_sender.go:128',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_745_532_560_856, precisionMs: 1 },
      level: 'err',
      message: 'Exporting failed. Dropping data.',
      fields: { 'otelcol.component.id': 'otlphttp/prometheus', error: 'no more retries left' },
    },
  },
  {
    text: '2026-01-05T19:52:25Z    ERROR   setup   problem running manager {"error": "leader election lost"}',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_767_642_745_000, precisionMs: 1000 },
      level: 'err',
      message: 'problem running manager',
      fields: { logger: 'setup', error: 'leader election lost' },
    },
  },
  {
    text: '1.580306777047284e+09\tINFO\tcontroller-runtime.manager\tstarting metrics server\t{"path": "/metrics"}',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_580_306_777_047, precisionMs: 1 },
      level: 'info',
      message: 'starting metrics server',
      fields: { logger: 'controller-runtime.manager', path: '/metrics' },
    },
  },
  {
    text: '2025-01-31T02:54:55.123456Z\twarn\tads\tADS: "10.0.0.5:4420" connection terminated',
    expect: {
      level: 'warning',
      message: 'ADS: "10.0.0.5:4420" connection terminated',
      fields: { logger: 'ads' },
    },
  },
];

function parse(line: string): Header | undefined {
  const first = line.charCodeAt(0);
  if (first < 48 || first > 57) {
    return undefined;
  }
  const time = readTime(line);
  if (time === undefined) {
    return undefined;
  }
  LEVEL.lastIndex = time.end;
  const match = LEVEL.exec(line);
  if (match === null) {
    return undefined;
  }
  return headerOf({
    stamp: time.stamp,
    level: levelOf(match[1] ?? ''),
    ...readZapColumns(line.slice(time.end + match[0].length)),
  });
}

/** What follows the level: logger, caller, message and the JSON tail. */
export function readZapColumns(text: string): Pick<Header, 'message' | 'fields' | 'hints'> {
  const { said, tail } = splitTail(text.replace(/^[\t ]+/u, '').trimEnd());
  const columns = said.split(/\t| {2,}/u).filter((column) => column !== '');
  const fields: Record<string, string> = {};
  const hints: Record<string, string> = {};
  let from = 0;
  if (columns.length > 1 && NAME.test(columns[0] ?? '') && !CALLER.test(columns[0] ?? '')) {
    putField(fields, 'logger', columns[0] ?? '');
    from += 1;
  }
  if (columns.length - from > 1 && CALLER.test(columns[from] ?? '')) {
    hints['source'] = columns[from] ?? '';
    from += 1;
  }
  for (const [key, value] of Object.entries(tail)) {
    putField(fields, key, fieldText(value));
  }
  return { message: columns.slice(from).join(' ').trim(), fields, hints };
}

function readTime(line: string): { readonly stamp: Stamp; readonly end: number } | undefined {
  const iso = readIso(line);
  if (iso !== undefined) {
    return iso;
  }
  const epoch = EPOCH.exec(line.slice(0, 40))?.[0];
  const stamp = epoch === undefined ? undefined : stampOfEpoch(Number(epoch));
  return epoch === undefined || stamp === undefined ? undefined : { stamp, end: epoch.length };
}

/** The JSON object that ends the line. It is looked for at the first few places where one may begin. */
function splitTail(text: string): { readonly said: string; readonly tail: { readonly [key: string]: JsonValue } } {
  if (!text.endsWith('}')) {
    return { said: text, tail: {} };
  }
  let at = text.search(/[\t ]\{"|^\{"|[\t ]\{\}$/u);
  for (let tries = 0; at >= 0 && tries < 4; tries += 1) {
    const open = text.indexOf('{', at);
    try {
      const tail = JSON.parse(text.slice(open)) as JsonValue;
      if (isObject(tail)) {
        return { said: text.slice(0, open).trimEnd(), tail };
      }
    } catch {
      // Not the place where the tail begins.
    }
    const next = text.slice(open + 1).search(/[\t ]\{"/u);
    at = next < 0 ? -1 : open + 1 + next;
  }
  return { said: text, tail: {} };
}

function continues(line: string, first: Header): string | undefined {
  const traced = first.level === 'err' || first.level === 'crit' || first.level === 'warning';
  return traced && line.length > 3 && isZapStackLine(line) ? line : undefined;
}

export const zapConsole: LineFormat = { kind: 'lines', id: 'zap-console', role: 'payload', samples, parse, continues };
