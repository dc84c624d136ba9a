/**
 * A JSON log line behind other text, where a line end was lost:
 *
 *     Flag --x has been deprecated, …{"level":"warn","ts":"2021-12-19T17:34:48.509+0800","msg":"retrying failed"}
 *
 * The object is the record; the text before it becomes the field `prefix`, so that rules still see it.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { readJsonLog } from './json-log.ts';

const OBJECT = /\{"(?:level|ts|time|msg|severity|@timestamp)":/u;
const MAX_BEFORE = 2048;

const samples: readonly FormatSample[] = [
  {
    text: 'Flag --insecure-port has been deprecated, This flag has no effect now.{"level":"warn","ts":"2021-12-19T17:34:48.509+0800","logger":"etcd-client","msg":"retrying of unary invoker failed","error":"mvcc: database space exceeded"}',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_639_906_488_509, precisionMs: 1 },
      level: 'warning',
      message: 'retrying of unary invoker failed',
      fields: {
        logger: 'etcd-client',
        error: 'mvcc: database space exceeded',
        prefix: 'Flag --insecure-port has been deprecated, This flag has no effect now.',
      },
    },
  },
  {
    text: 'etcd says {"level":"info","ts":"2025-01-31T03:05:10.001Z","msg":"elected leader"}',
    expect: { level: 'info', message: 'elected leader', fields: { prefix: 'etcd says' } },
  },
  {
    text: '> {"level":"fatal","ts":"2025-01-31T03:05:10.001Z","msg":"discovery failed","error":"no space"}',
    expect: { level: 'crit', message: 'discovery failed', fields: { error: 'no space', prefix: '>' } },
  },
];

function parse(line: string): Header | undefined {
  if (!line.includes('{"')) {
    return undefined;
  }
  const at = line.slice(0, MAX_BEFORE).search(OBJECT);
  const prefix = at <= 0 ? '' : line.slice(0, at).trim();
  if (prefix === '') {
    return undefined;
  }
  const read = readJsonLog(line, at);
  // The message must be the program's own, not an error text with a JSON body in it.
  if (read === undefined || read.header.level === undefined || read.header.message === '') {
    return undefined;
  }
  const { header } = read;
  return headerOf({ ...header, fields: { ...header.fields, prefix } });
}

export const gluedJson: LineFormat = { kind: 'lines', id: 'json-glued', role: 'payload', samples, parse };
