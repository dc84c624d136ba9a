/**
 * Programs that begin a line with date, time and level in one of a few orders:
 *
 *     postgres   2025-01-31 02:54:55.123 UTC [1234] ERROR:  could not open file "base/1"
 *     envoy      [2025-01-31 02:58:40.123][15][warning][config] [source/config.cc:96] gRPC config stream closed
 *     python     2025-01-31 02:54:55,123 - worker - ERROR - lost connection          ERROR:root:lost connection
 *     java       2025-01-31 02:54:55,123 ERROR [main] o.e.Node - lost connection     OpenStack: … 1234 ERROR nova.x
 *     plain-iso  2025-01-31T02:58:40Z ERROR lost connection     2025-01-31T02:58:40.1Z 0 [ERROR] [MY-1] lost
 *
 * A time without zone is a wall clock.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { readIso, withZoneName } from '../payload-time.ts';
import { readZapColumns } from './zap-console.ts';

/** So much of a line is searched for its level. */
const HEAD = 240;

const POSTGRES =
  /^(?: ([A-Z]{2,5}))? \[(\d{1,10})\](?:: \[[^\]]{1,40}\])?(?: [\w.@[\]-]{1,128})?(?: [\w.@[\]-]{1,128})? (LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG\d?|STATEMENT|DETAIL|HINT|CONTEXT): {1,2}/u;
const ENVOY = /^\]\[(\d{1,10})\]\[(trace|debug|info|warning|warn|error|critical|off)\]\[([\w-]{1,40})\] ?/u;
const PYTHON = /^ - ([\w.:/ -]{1,80}) - (DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL) - /u;
const GUNICORN = /^\] \[(\d{1,10})\] \[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /u;
const PYTHON_BARE = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):([A-Za-z_][\w.-]{0,80}):(?=\S)/u;
const JAVA_LEVEL =
  /^(?:\]?\s*)((?:\[[^\]]{0,80}\]\s*|\d{1,10}\s+|\([^)]{0,80}\)\s*){0,3}?)\s*\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL)\s?\]?(?=[\s:[-]|$)\s*[:-]?\s*/u;
const SPRING = /^(\d{1,10}) --- \[[^\]]{0,120}\] (\S{1,160})\s+: /u;
const PLAIN_LEVEL =
  /^\]?\s{1,4}(?:\d{1,10} )?\[?(trace|debug|info|notice|warn|warning|err|error|severe|crit|critical|fatal|panic|TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|SEVERE|CRIT|CRITICAL|FATAL|PANIC|TRC|DBG|INF|WRN|FTL|Trace|Debug|Info|Note|Warning|Error|Fatal|System)\s{0,3}\]?(?=[\s:]|$):?\s{0,4}/u;

const postgresSamples: readonly FormatSample[] = [
  {
    text: '2025-01-31 02:54:55.123 UTC [1234] ERROR:  could not open file "base/1": Input/output error',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_123, precisionMs: 1 },
      pid: 1234,
      level: 'err',
      message: 'could not open file "base/1": Input/output error',
    },
  },
  {
    text: '2025-01-31 02:54:55.123 CET [77] app@orders FATAL:  the database system is starting up',
    expect: {
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_495_123, precisionMs: 1, zone: 'CET' },
      level: 'crit',
      message: 'the database system is starting up',
    },
  },
  {
    text: '2025-01-31 02:54:56 UTC [1] LOG:  database system was not properly shut down; automatic recovery in progress',
    expect: { level: 'info', pid: 1 },
  },
];

const envoySamples: readonly FormatSample[] = [
  {
    text: '[2025-01-31 02:58:40.123][15][warning][config] [./source/common/config/grpc_stream.h:163] gRPC config stream closed: 14, upstream connect error',
    expect: {
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_720_123, precisionMs: 1 },
      pid: 15,
      level: 'warning',
      message: 'gRPC config stream closed: 14, upstream connect error',
      fields: { component: 'config' },
    },
  },
  {
    text: '[2025-01-31 02:58:40.123][1][info][main] initializing epoch 0',
    expect: { level: 'info', message: 'initializing epoch 0', fields: { component: 'main' } },
  },
  {
    text: '[2025-01-31 02:58:41.001][1][critical][main] [source/server/server.cc:128] error initializing configuration',
    expect: { level: 'crit', message: 'error initializing configuration' },
  },
];

const pythonSamples: readonly FormatSample[] = [
  {
    text: '2025-01-31 02:54:55,123 - celery.worker - ERROR - consumer: Cannot connect to redis://redis:6379/0',
    expect: {
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_495_123, precisionMs: 1 },
      level: 'err',
      message: 'consumer: Cannot connect to redis://redis:6379/0',
      fields: { logger: 'celery.worker' },
    },
  },
  {
    text: '[2025-01-31 02:54:55 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:12)',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_000, precisionMs: 1000 },
      pid: 7,
      level: 'crit',
      message: 'WORKER TIMEOUT (pid:12)',
    },
  },
  {
    text: 'WARNING:urllib3.connectionpool:Retrying (Retry(total=2)) after connection broken',
    expect: {
      level: 'warning',
      message: 'Retrying (Retry(total=2)) after connection broken',
      fields: { logger: 'urllib3.connectionpool' },
    },
  },
];

const javaSamples: readonly FormatSample[] = [
  {
    text: '2025-01-31 02:54:55,123 ERROR [main] org.apache.zookeeper.ClientCnxn - Session 0x0 closed',
    expect: {
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_495_123, precisionMs: 1 },
      level: 'err',
      message: '[main] org.apache.zookeeper.ClientCnxn - Session 0x0 closed',
    },
  },
  {
    text: '2025-01-31 02:54:55.123  WARN 1 --- [nio-8080-exec-1] c.example.OrderService                   : retrying',
    expect: { level: 'warning', pid: 1, message: 'retrying', fields: { logger: 'c.example.OrderService' } },
  },
  {
    text: '[2025-01-31T02:54:55,123][WARN ][o.e.c.c.ClusterFormationFailureHelper] [es-0] master not discovered yet',
    expect: { level: 'warning', message: '[o.e.c.c.ClusterFormationFailureHelper] [es-0] master not discovered yet' },
  },
  {
    text: '2025-01-31 02:54:55.123 1234 ERROR nova.compute.manager [req-1] Instance failed to spawn',
    expect: { level: 'err', message: 'nova.compute.manager [req-1] Instance failed to spawn' },
  },
];

const plainSamples: readonly FormatSample[] = [
  {
    text: '2025-01-31T02:58:40Z ERROR leader election lost',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_320_000, precisionMs: 1000 },
      level: 'err',
      message: 'leader election lost',
    },
  },
  {
    text: '2025-01-31T02:58:40.123Z error Kustomization/apps.flux-system - Reconciliation failed after 1.2s',
    expect: { level: 'err', message: 'Kustomization/apps.flux-system - Reconciliation failed after 1.2s' },
  },
  {
    text: '2025-01-31T02:58:40.123456Z 0 [ERROR] [MY-010119] [Server] Aborting',
    expect: { level: 'err', message: '[MY-010119] [Server] Aborting' },
  },
  {
    text: '2025-01-31T02:58:40Z ERR Unable to obtain ACME certificate error="dial tcp: i/o timeout"',
    expect: { level: 'err', message: 'Unable to obtain ACME certificate error="dial tcp: i/o timeout"' },
  },
];

function parsePostgres(line: string): Header | undefined {
  const time = line.charCodeAt(10) === 32 ? readIso(line) : undefined;
  const match = time === undefined ? null : POSTGRES.exec(line.slice(time.end, time.end + 400));
  if (time === undefined || match === null) {
    return undefined;
  }
  const word = (match[3] ?? '').replace(/\d$/u, '');
  return headerOf({
    stamp: match[1] === undefined ? time.stamp : withZoneName(time.stamp, match[1]),
    pid: Number(match[2]),
    level: levelOf(word) ?? 'info',
    message: line.slice(time.end + match[0].length),
  });
}

function parseEnvoy(line: string): Header | undefined {
  const time = line.charCodeAt(0) === 91 ? readIso(line, 1) : undefined;
  const match = time === undefined ? null : ENVOY.exec(line.slice(time.end, time.end + 100));
  if (time === undefined || match === null) {
    return undefined;
  }
  const said = line.slice(time.end + match[0].length);
  const source = /^\[([^\]\s]{1,200}:\d{1,6})\] /u.exec(said.slice(0, 220));
  return headerOf({
    stamp: time.stamp,
    pid: Number(match[1]),
    level: levelOf(match[2] ?? ''),
    message: source === null ? said : said.slice(source[0].length),
    fields: { component: match[3] ?? '' },
    hints: source === null ? {} : { source: source[1] ?? '' },
  });
}

function parsePython(line: string): Header | undefined {
  const bare = PYTHON_BARE.exec(line.slice(0, 120));
  if (bare !== null) {
    return headerOf({
      level: levelOf(bare[1] ?? ''),
      message: line.slice(bare[0].length),
      fields: { logger: bare[2] ?? '' },
    });
  }
  const bracket = line.charCodeAt(0) === 91 ? 1 : 0;
  const time = readIso(line, bracket);
  if (time === undefined) {
    return undefined;
  }
  const rest = line.slice(time.end, time.end + HEAD);
  const match = bracket === 0 ? PYTHON.exec(rest) : null;
  if (match !== null) {
    return headerOf({
      stamp: time.stamp,
      level: levelOf(match[2] ?? ''),
      message: line.slice(time.end + match[0].length),
      fields: { logger: match[1] ?? '' },
    });
  }
  const gunicorn = bracket === 1 ? GUNICORN.exec(rest) : null;
  return gunicorn === null
    ? undefined
    : headerOf({
        stamp: time.stamp,
        pid: Number(gunicorn[1]),
        level: levelOf(gunicorn[2] ?? ''),
        message: line.slice(time.end + gunicorn[0].length),
      });
}

function parseJava(line: string): Header | undefined {
  const bracket = line.charCodeAt(0) === 91 ? 1 : 0;
  const time = readIso(line, bracket);
  // Milliseconds tell these from dates that stand in a text.
  if (time === undefined || precisionOf(time.stamp) > 1) {
    return undefined;
  }
  const comma = line.charAt(bracket + 19) === ',';
  if (time.stamp.kind === 'instant' && !comma) {
    return undefined;
  }
  const match = JAVA_LEVEL.exec(line.slice(time.end, time.end + HEAD));
  if (match === null) {
    return undefined;
  }
  const before = (match[1] ?? '').trim();
  const rest = line.slice(time.end + match[0].length).trimStart();
  const spring = SPRING.exec(rest.slice(0, 400));
  if (spring !== null) {
    return headerOf({
      stamp: time.stamp,
      level: levelOf(match[2] ?? ''),
      pid: Number(spring[1]),
      message: rest.slice(spring[0].length),
      fields: { logger: spring[2] ?? '' },
    });
  }
  return headerOf({
    stamp: time.stamp,
    level: levelOf(match[2] ?? ''),
    message: before === '' || /^\d+$/u.test(before) ? rest : `${before} ${rest}`,
  });
}

function parsePlain(line: string): Header | undefined {
  const bracket = line.charCodeAt(0) === 91 ? 1 : 0;
  const time = readIso(line, bracket);
  if (time === undefined) {
    return undefined;
  }
  const match = PLAIN_LEVEL.exec(line.slice(time.end, time.end + 48));
  if (match === null || (bracket === 1) !== (line.charAt(time.end) === ']')) {
    return undefined;
  }
  return headerOf({ stamp: time.stamp, ...leveled(line.slice(time.end), match) });
}

/**
 * Level and message of a text that begins with a level word. A word in small letters may as well be the first word of
 * the message (`error retrieving …`), so it stays there, except in `flux logs` (`error Kind/name.namespace - …`).
 */
function leveled(text: string, match: RegExpExecArray): Pick<Header, 'message'> & { readonly level: Header['level'] } {
  const word = match[1] ?? '';
  const rest = text.slice(match[0].length);
  const small = /^[a-z]/u.test(word) && !match[0].includes(']') && !match[0].includes(':');
  const keep = small && !/^[A-Z][A-Za-z]{2,40}\/\S{1,300} - /u.test(rest.slice(0, 400));
  return { level: levelOf(word), message: keep ? text.trimStart() : rest };
}

/**
 * Level and message of a program's line whose time an envelope has taken already: `ERROR lost`, `0 [ERROR] lost`,
 * `ERROR   setup   lost {"a": 1}`. Kernel texts (`INFO: task …`) look alike: a word with a colon stays.
 */
export function readLeveled(text: string): Header | undefined {
  const match = PLAIN_LEVEL.exec(` ${text.trimStart().slice(0, 48)}`);
  if (match === null) {
    return undefined;
  }
  const spaced = ` ${text.trimStart()}`;
  const after = spaced.slice(match[0].length);
  const columns = /\t| {2}/u.test(match[0].slice(1)) || after.startsWith('\t');
  if (columns && !match[0].includes(':')) {
    return headerOf({ level: levelOf(match[1] ?? ''), ...readZapColumns(after) });
  }
  const { level, message } = leveled(spaced, match);
  return headerOf({ level, message: match[0].includes(':') ? text : message });
}

function precisionOf(stamp: NonNullable<Header['stamp']>): number {
  return stamp.kind === 'age' ? Number.POSITIVE_INFINITY : stamp.precisionMs;
}

export const postgres: LineFormat = {
  kind: 'lines',
  id: 'postgres',
  role: 'payload',
  samples: postgresSamples,
  parse: parsePostgres,
};
export const envoy: LineFormat = {
  kind: 'lines',
  id: 'envoy',
  role: 'payload',
  samples: envoySamples,
  parse: parseEnvoy,
};
export const python: LineFormat = {
  kind: 'lines',
  id: 'python',
  role: 'payload',
  samples: pythonSamples,
  parse: parsePython,
};
export const java: LineFormat = { kind: 'lines', id: 'java', role: 'payload', samples: javaSamples, parse: parseJava };
export const plainIso: LineFormat = {
  kind: 'lines',
  id: 'plain-iso',
  role: 'payload',
  samples: plainSamples,
  parse: parsePlain,
};
