/**
 * Structured logs with one JSON object per line: klog, zap (etcd, controller-runtime, Flux), logrus, Talos, and what
 * other programs and log collectors write with other names for the same things.
 *
 *     {"level":"warn","ts":"2023-03-01T15:14:22.192Z","caller":"x.go:1","msg":"took too long","took":"231ms"}
 *     {"ts":1624215726270.3562,"caller":"x.go:12","msg":"Pod status updated","v":0,"pod":{"name":"a","namespace":"b"}}
 *     {"log":"text\n","kubernetes":{"pod_name":"a","namespace_name":"b","container_name":"c","host":"n1"}}
 *
 * The message is what the program said; time, level and caller leave the fields; objects become compact JSON, except
 * `{"name","namespace"}`, which reads `namespace/name`. A line that a person shortened (`{"level":"warn",...,`) or that
 * was cut off is read as far as it goes. Documents of the Kubernetes API, journal entries and docker's own files are
 * not taken: they have readers of their own.
 */

import type { Level, Stamp } from '../../model/index.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, putField } from '../header-parts.ts';
import { levelOf, levelOfNumber } from '../levels.ts';
import { stampOfEpoch, stampOfText } from '../payload-time.ts';
import { fieldText, isObject, type JsonLine, type JsonValue, readJsonLine } from './json-object.ts';

type JsonKind = 'klog-json' | 'zap-json' | 'logrus-json' | 'talos-json' | 'json-line';

/** Best first: the first one present is taken. */
const TIME_KEYS = [
  'ts',
  'time',
  'timestamp',
  '@timestamp',
  't',
  'talos-time',
  'asctime',
  'datetime',
  'date',
  'eventtime',
  'receivetimestamp',
];
const LEVEL_KEYS = [
  'level',
  'severity',
  'lvl',
  'loglevel',
  'log_level',
  'levelname',
  'log.level',
  'severity_text',
  'severitytext',
  'talos-level',
];
const MESSAGE_KEYS = ['msg', 'message', '@message', 'textpayload', 'log', 'line', 'body', 'short_message'];
const KLOG_VERBOSITY = 'v';
/** What collectors wrap around a line to say where it comes from. */
const ORIGIN_KEYS: ReadonlySet<string> = new Set(['kubernetes', 'labels', 'resource', 'k8s']);
const OWN_READERS: ReadonlySet<string> = new Set([
  '__REALTIME_TIMESTAMP',
  '_BOOT_ID',
  '__CURSOR',
  'apiVersion',
  'flow',
  'lost_events',
  'node_status',
]);

const samplesOf: Readonly<Record<JsonKind, readonly FormatSample[]>> = {
  'klog-json': [
    {
      text: '{"ts":1624215726270.3562,"caller":"x.go:12","msg":"Pod status updated","v":0,"pod":{"name":"nginx-1","namespace":"default"},"status":"ready"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_624_215_726_270, precisionMs: 1 },
        level: 'info',
        message: 'Pod status updated',
        fields: { pod: 'default/nginx-1', status: 'ready' },
      },
    },
    {
      text: '{"ts":1580306777.04728,"caller":"kubelet.go:8","msg":"Failed to get status","err":"timeout \\"x\\""}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_580_306_777_047, precisionMs: 1 },
        level: 'err',
        message: 'Failed to get status',
        fields: { err: 'timeout "x"' },
      },
    },
    {
      text: '{"ts":1706669695123.5,"logger":"leader","caller":"a.go:9","msg":"lost lease","v":0}',
      expect: { level: 'info', message: 'lost lease', fields: { logger: 'leader' } },
    },
  ],
  'zap-json': [
    {
      text: '{"level":"warn","ts":"2023-03-01T15:14:22.192Z","caller":"etcdserver/util.go:166","msg":"apply request took too long","took":"231.023586ms","expected-duration":"200ms"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_677_683_662_192, precisionMs: 1 },
        level: 'warning',
        message: 'apply request took too long',
        fields: { took: '231.023586ms', 'expected-duration': '200ms' },
      },
    },
    {
      text: '{"level":"error","ts":"2025-01-31T03:05:10.001Z","msg":"Reconciler error","controller":"gitrepository","GitRepository":{"name":"apps","namespace":"flux-system"},"error":"failed to checkout: lookup github.com: i/o timeout"}',
      expect: {
        level: 'err',
        message: 'Reconciler error',
        fields: {
          controller: 'gitrepository',
          GitRepository: 'flux-system/apps',
          error: 'failed to checkout: lookup github.com: i/o timeout',
        },
      },
    },
    {
      text: '{"level":"info","ts":1580306777.04728,"logger":"setup","msg":"starting manager"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_580_306_777_047, precisionMs: 1 },
        level: 'info',
        message: 'starting manager',
        fields: { logger: 'setup' },
      },
    },
    {
      text: '{"level":"warn","ts":"2021-12-19T17:34:48.509+0800","logger":"etcd-client","msg":"retrying of unary invoker failed","attempt":0,"error":"rpc error: code = ResourceExhausted desc = etcdserver: mvcc: database space exc',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_639_906_488_509, precisionMs: 1 },
        level: 'warning',
        message: 'retrying of unary invoker failed',
      },
    },
  ],
  'logrus-json': [
    {
      text: '{"error":"exit status 1","level":"error","msg":"cannot start","time":"2025-01-31T03:05:10Z"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_710_000, precisionMs: 1000 },
        level: 'err',
        message: 'cannot start',
        fields: { error: 'exit status 1' },
      },
    },
    {
      text: '{"time":"2025-01-31T03:05:10.5+01:00","level":"WARN","msg":"slow","module":"agent"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_289_110_500, precisionMs: 100 },
        level: 'warning',
        message: 'slow',
        fields: { module: 'agent' },
      },
    },
    {
      text: '{"level":"fatal","msg":"no such network","time":"2025-01-31T03:05:10Z","network":{"mtu":1450}}',
      expect: { level: 'crit', message: 'no such network', fields: { network: '{"mtu":1450}' } },
    },
  ],
  'talos-json': [
    {
      text: '{"msg":"service[etcd](Running): Health check failed","talos-level":"info","talos-service":"machined","talos-time":"2021-11-10T10:48:49.294858021Z"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_636_541_329_294, precisionMs: 1 },
        unit: 'machined',
        level: 'info',
        message: 'service[etcd](Running): Health check failed',
      },
    },
    {
      text: '{"clock":6252819,"facility":"user","msg":"[talos] task startAllServices (1/1): starting\\n","priority":"warning","seq":711,"talos-level":"warn","talos-time":"2021-11-26T16:53:21.912Z"}',
      expect: { level: 'warning', message: '[talos] task startAllServices (1/1): starting' },
    },
    {
      text: '{"msg":"link up","talos-level":"debug","talos-time":"2021-11-26T16:53:22Z"}',
      expect: { level: 'debug', message: 'link up' },
    },
  ],
  'json-line': [
    {
      text: '{"level":"warn",...,"msg":"apply request took too long","took":"3.354978747s","expected-duration":"100ms",',
      expect: {
        level: 'warning',
        message: 'apply request took too long',
        fields: { took: '3.354978747s', 'expected-duration': '100ms' },
      },
    },
    {
      text: '{"@timestamp":"2025-01-31T03:05:10.123Z","log.level":"error","message":"no route to host","service":"a"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_738_292_710_123, precisionMs: 1 },
        level: 'err',
        message: 'no route to host',
        fields: { service: 'a' },
      },
    },
    {
      text: '{"log":"E0131 02:56:56.000000 1 a.go:1] \\"x\\"\\n","stream":"stderr","time":"2025-01-31T02:56:56.1Z","kubernetes":{"pod_name":"p","namespace_name":"n","container_name":"c","host":"w1"}}',
      expect: {
        node: 'w1',
        namespace: 'n',
        pod: 'n/p',
        container: 'c',
        message: 'E0131 02:56:56.000000 1 a.go:1] "x"',
      },
    },
    {
      text: '{"severity":"ERROR","timestamp":"2025-01-31T03:05:10Z","textPayload":"dial tcp: i/o timeout","resource":{"labels":{"pod_name":"p","namespace_name":"n"}}}',
      expect: { level: 'err', pod: 'n/p', message: 'dial tcp: i/o timeout' },
    },
    {
      text: '{"level":50,"time":1706669695123,"pid":17,"hostname":"web-1","msg":"connection lost"}',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_706_669_695_123, precisionMs: 1 },
        level: 'err',
        message: 'connection lost',
      },
    },
  ],
};

/** What the line is, or undefined when it is no log line of JSON. */
function kindOf(keys: ReadonlySet<string>, lower: ReadonlyMap<string, JsonValue>): JsonKind | undefined {
  for (const key of keys) {
    if (OWN_READERS.has(key)) {
      return undefined;
    }
  }
  if (keys.has('talos-level') || keys.has('talos-time')) {
    return 'talos-json';
  }
  const level = lower.get('level');
  if (keys.has('msg')) {
    const ts = lower.get('ts');
    if (typeof ts === 'number' && level === undefined && !lower.has('severity')) {
      return 'klog-json';
    }
    if (level !== undefined && ts !== undefined) {
      return 'zap-json';
    }
    if (typeof level === 'string' && typeof lower.get('time') === 'string') {
      return 'logrus-json';
    }
  }
  const said = MESSAGE_KEYS.some((key) => typeof lower.get(key) === 'string') || lower.has('jsonpayload');
  const placed =
    TIME_KEYS.some((key) => stampOfValue(lower.get(key)) !== undefined) ||
    LEVEL_KEYS.some((key) => levelOfValue(lower.get(key)) !== undefined);
  return said && placed && !isDockerLine(keys) ? 'json-line' : undefined;
}

/** docker's json-file and nothing else: that envelope has its own reader, which joins partial lines. */
function isDockerLine(keys: ReadonlySet<string>): boolean {
  return keys.has('log') && keys.has('stream') && keys.has('time') && keys.size === (keys.has('attrs') ? 4 : 3);
}

/** What was read last: several formats ask for the same line, and only one of them answers. */
let lastJson: JsonLine | undefined;
let lastRead: JsonLog | undefined;

interface JsonLog {
  readonly kind: JsonKind;
  readonly header: Header;
}

/** The kind of a JSON line and its header; for the line's text from `start` on. */
export function readJsonLog(line: string, start = 0): JsonLog | undefined {
  const json = readJsonLine(line, start);
  if (json === undefined) {
    return undefined;
  }
  if (json !== lastJson) {
    lastJson = json;
    lastRead = interpret(json);
  }
  return lastRead;
}

function interpret(json: JsonLine): JsonLog | undefined {
  const keys = new Set(json.pairs.map(([key]) => key));
  const lower = new Map<string, JsonValue>();
  for (const [key, value] of json.pairs) {
    const name = key.toLowerCase();
    if (!lower.has(name)) {
      lower.set(name, value);
    }
  }
  const kind = kindOf(keys, lower);
  return kind === undefined ? undefined : { kind, header: headerOfJson(kind, json, lower) };
}

function headerOfJson(kind: JsonKind, json: JsonLine, lower: ReadonlyMap<string, JsonValue>): Header {
  const payload = lower.get('jsonpayload');
  const inner = isObject(payload) ? Object.entries(payload) : [];
  const names = new Map(lower);
  for (const [key, value] of inner) {
    names.set(key.toLowerCase(), value);
  }
  const { key: timeKey, stamp } = timeOf(names);
  const levelKey = LEVEL_KEYS.find((key) => levelOfValue(names.get(key)) !== undefined);
  const messageKey = MESSAGE_KEYS.find((key) => typeof names.get(key) === 'string');
  const level = levelKey === undefined ? nestedLevel(names) : levelOfValue(names.get(levelKey));
  const hints: Record<string, string> = {};
  const fields: Record<string, string> = {};
  const skipped = new Set([timeKey, levelKey, messageKey, 'jsonpayload', ...droppedKeys(kind)]);
  let origin: Origin = {};
  for (const [key, value] of [...json.pairs, ...inner]) {
    const name = key.toLowerCase();
    if (ORIGIN_KEYS.has(name) && isObject(value)) {
      origin = { ...origin, ...originOf(merged(value)) };
    } else if (name === 'caller' && typeof value === 'string') {
      hints['source'] = value;
    } else if (!skipped.has(name)) {
      putField(fields, key, fieldText(value));
    }
  }
  const message = messageKey === undefined ? '' : String(names.get(messageKey)).replace(/[\r\n]+$/u, '');
  return headerOf({
    stamp,
    level: level ?? (kind === 'klog-json' ? (lower.has('err') ? 'err' : 'info') : undefined),
    unit: kind === 'talos-json' ? textOf(lower.get('talos-service')) : undefined,
    ...origin,
    message: json.rest === '' ? message : `${message} ${json.rest}`.trim(),
    fields,
    hints,
  });
}

/** The first of the usual names whose value is a time. */
function timeOf(names: ReadonlyMap<string, JsonValue>): { readonly key?: string; readonly stamp?: Stamp } {
  for (const key of TIME_KEYS) {
    const value = names.get(key);
    const stamp = value === undefined ? undefined : stampOfValue(value);
    if (stamp !== undefined) {
      return { key, stamp };
    }
  }
  return {};
}

interface Origin {
  readonly node?: string | undefined;
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
}

/** Where a collector says that the line comes from: fluent-bit, Loki and Google Cloud name the parts differently. */
function originOf(labels: { readonly [key: string]: JsonValue }): Origin {
  const pick = (...names: string[]) => names.map((name) => textOf(labels[name])).find((text) => text !== undefined);
  const namespace = pick('namespace_name', 'namespace', 'k8s_namespace_name');
  const pod = pick('pod_name', 'pod', 'k8s_pod_name');
  return {
    node: pick('host', 'node_name', 'node', 'k8s_node_name'),
    namespace,
    pod: pod === undefined || namespace === undefined ? pod : `${namespace}/${pod}`,
    container: pick('container_name', 'container', 'k8s_container_name'),
  };
}

function merged(value: { readonly [key: string]: JsonValue }): { readonly [key: string]: JsonValue } {
  const labels = value['labels'];
  return isObject(labels) ? { ...labels, ...value } : value;
}

/** Keys that say nothing of what happened, per kind. */
function droppedKeys(kind: JsonKind): readonly string[] {
  switch (kind) {
    case 'klog-json':
      return [KLOG_VERBOSITY];
    case 'talos-json':
      return ['talos-service', 'talos-time', 'talos-level', 'clock', 'facility', 'priority', 'seq'];
    default:
      return [];
  }
}

function stampOfValue(value: JsonValue | undefined): Stamp | undefined {
  if (typeof value === 'number') {
    return value >= 1e8 ? stampOfEpoch(value) : undefined;
  }
  if (typeof value === 'string') {
    return stampOfText(value);
  }
  const seconds = isObject(value) ? value['seconds'] : undefined;
  return typeof seconds === 'number' ? stampOfEpoch(seconds) : undefined;
}

function levelOfValue(value: JsonValue | undefined): Level | undefined {
  if (typeof value === 'number') {
    return levelOfNumber(value);
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  return /^-?\d{1,3}$/u.test(value) ? levelOfNumber(Number(value)) : levelOf(value);
}

/** ECS in its nested form: `{"log":{"level":"error"},"message":"…"}`. */
function nestedLevel(names: ReadonlyMap<string, JsonValue>): Level | undefined {
  const log = names.get('log');
  return isObject(log) ? levelOfValue(log['level']) : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function formatOf(id: JsonKind): LineFormat {
  return {
    kind: 'lines',
    id,
    // A collector's line holds the program's own line.
    role: id === 'json-line' ? 'both' : 'payload',
    samples: samplesOf[id],
    parse(line) {
      const read = readJsonLog(line);
      return read?.kind === id ? read.header : undefined;
    },
  };
}

export const klogJson: LineFormat = formatOf('klog-json');
export const zapJson: LineFormat = formatOf('zap-json');
export const logrusJson: LineFormat = formatOf('logrus-json');
export const talosJson: LineFormat = formatOf('talos-json');
export const jsonLine: LineFormat = formatOf('json-line');
