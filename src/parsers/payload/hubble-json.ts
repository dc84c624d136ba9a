/**
 * Hubble flows as JSON (`hubble observe -o jsonpb`, sysdumps; the older `-o json` has the bare flow):
 *
 *     {"flow":{"time":"…","verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED",…},"node_name":"n","time":"…"}
 *     {"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"12"},"node_name":"n","time":"…"}
 *     {"node_status":{"state_change":"NODE_UNAVAILABLE","node_names":["b"]}}
 *
 * The message reads like Hubble's compact form, with the drop reason behind the verdict.
 *
 * Format: cilium/cilium api/v1/flow, hubble/pkg/printer.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, putField } from '../header-parts.ts';
import { stampOfText } from '../payload-time.ts';
import { isObject, type JsonValue, readJsonLine } from './json-object.ts';

type JsonObject = { readonly [key: string]: JsonValue };

const FLOW_KEYS = /"(?:verdict|lost_events|node_status)":/u;

const samples: readonly FormatSample[] = [
  {
    text: '{"flow":{"time":"2025-01-31T02:58:40.123456789Z","verdict":"DROPPED","drop_reason":133,"drop_reason_desc":"POLICY_DENIED","IP":{"source":"10.0.1.5","destination":"10.0.0.53","ipVersion":"IPv4"},"l4":{"UDP":{"source_port":51234,"destination_port":53}},"source":{"namespace":"default","pod_name":"app-1","identity":3838},"destination":{"namespace":"kube-system","pod_name":"coredns-a","identity":12},"node_name":"k8s-1","Summary":"UDP"},"node_name":"k8s-1","time":"2025-01-31T02:58:40.123456789Z"}',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_320_123, precisionMs: 1 },
      node: 'k8s-1',
      message: 'default/app-1:51234 (ID:3838) -> kube-system/coredns-a:53 (ID:12) DROPPED POLICY_DENIED (UDP)',
      fields: {
        verdict: 'DROPPED',
        drop_reason: 'POLICY_DENIED',
        protocol: 'UDP',
        source: 'default/app-1',
        destination: 'kube-system/coredns-a',
        destination_port: '53',
      },
    },
  },
  {
    text: '{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"12"},"node_name":"k8s-1","time":"2025-01-31T02:58:41Z"}',
    expect: { node: 'k8s-1', level: 'warning', message: 'EVENTS LOST: HUBBLE_RING_BUFFER 12' },
  },
  {
    text: '{"node_status":{"state_change":"NODE_UNAVAILABLE","node_names":["a","b"],"message":"timed out"}}',
    expect: { level: 'warning', message: 'NODE_UNAVAILABLE a, b: timed out' },
  },
  {
    text: '{"time":"2025-01-31T02:58:40.5Z","verdict":"FORWARDED","IP":{"source":"10.0.1.5","destination":"10.0.0.53"},"l4":{"TCP":{"source_port":4420,"destination_port":443}},"source":{"labels":["reserved:host"],"identity":1},"destination":{"labels":["reserved:world"],"identity":2},"event_type":{"type":4},"is_reply":true,"Summary":"TCP Flags: SYN, ACK"}',
    expect: {
      level: 'info',
      message: '10.0.0.53:443 (world) <- 10.0.1.5:4420 (host) FORWARDED (TCP Flags: SYN, ACK)',
    },
  },
];

function parse(line: string): Header | undefined {
  const json = FLOW_KEYS.test(line.slice(0, 16_384)) ? readJsonLine(line) : undefined;
  if (json === undefined) {
    return undefined;
  }
  const top: JsonObject = Object.fromEntries(json.pairs);
  const outer = { node: textOf(top['node_name']), stamp: stampOfText(textOf(top['time']) ?? '') };
  const lost = top['lost_events'];
  if (isObject(lost)) {
    const count = textOf(lost['num_events_lost']) ?? String(lost['num_events_lost'] ?? '?');
    return headerOf({ ...outer, level: 'warning', message: `EVENTS LOST: ${textOf(lost['source']) ?? '?'} ${count}` });
  }
  const status = top['node_status'];
  if (isObject(status)) {
    return headerOf({ ...outer, ...statusHeader(status) });
  }
  const flow = top['flow'] ?? top;
  if (!isObject(flow) || textOf(flow['verdict']) === undefined) {
    return undefined;
  }
  if (top['flow'] === undefined && !('Summary' in flow) && !('event_type' in flow)) {
    return undefined;
  }
  return flowHeader(flow, outer);
}

function statusHeader(status: JsonObject): Pick<Header, 'level' | 'message'> {
  const names = Array.isArray(status['node_names'])
    ? status['node_names'].filter((name) => typeof name === 'string')
    : [];
  const change = textOf(status['state_change']) ?? 'NODE_STATUS';
  const text = textOf(status['message']);
  return {
    level: /UNAVAILABLE|ERROR|GONE/u.test(change) ? 'warning' : 'info',
    message: `${change} ${names.join(', ')}`.trim() + (text === undefined ? '' : `: ${text}`),
  };
}

function flowHeader(
  flow: JsonObject,
  outer: Pick<{ [K in keyof Header]: Header[K] | undefined }, 'node' | 'stamp'>,
): Header {
  const verdict = textOf(flow['verdict']) ?? '';
  const ip = objectOf(flow['IP']);
  const [protocol, l4] = Object.entries(objectOf(flow['l4']))[0] ?? [undefined, {}];
  const ports = objectOf(l4);
  const source = endpoint(objectOf(flow['source']), textOf(ip['source']), ports['source_port']);
  const destination = endpoint(objectOf(flow['destination']), textOf(ip['destination']), ports['destination_port']);
  const reason = textOf(flow['drop_reason_desc']);
  const summary = textOf(flow['Summary']);
  // Hubble prints a reply in the direction of its request.
  const path =
    flow['is_reply'] === true ? `${destination.text} <- ${source.text}` : `${source.text} -> ${destination.text}`;
  const fields: Record<string, string> = {};
  const put = (key: string, value: string | undefined) => {
    if (value !== undefined && value !== '') {
      putField(fields, key, value);
    }
  };
  put('verdict', verdict);
  put('drop_reason', reason);
  put('protocol', protocol);
  put('source', source.name);
  put('destination', destination.name);
  put('destination_port', numberText(ports['destination_port']));
  put('direction', textOf(flow['traffic_direction']));
  const dns = objectOf(objectOf(flow['l7'])['dns']);
  put('query', textOf(dns['query']));
  put('rcode', numberText(dns['rcode']));
  const words = [path, verdict, ...(reason === undefined ? [] : [reason]), ...(summary ? [`(${summary})`] : [])];
  return headerOf({
    node: textOf(flow['node_name']) ?? outer.node,
    stamp: stampOfText(textOf(flow['time']) ?? '') ?? outer.stamp,
    level: verdict === 'DROPPED' || verdict === 'ERROR' ? 'warning' : 'info',
    message: words.join(' '),
    fields,
  });
}

function endpoint(
  end: JsonObject,
  ip: string | undefined,
  port: JsonValue | undefined,
): { readonly name: string; readonly text: string } {
  const pod = textOf(end['pod_name']);
  const namespace = textOf(end['namespace']);
  const name = pod === undefined ? (ip ?? 'unknown') : namespace === undefined ? pod : `${namespace}/${pod}`;
  const reserved = (Array.isArray(end['labels']) ? end['labels'] : [])
    .filter((label) => typeof label === 'string')
    .find((label) => label.startsWith('reserved:'));
  const identity = end['identity'];
  const who =
    reserved !== undefined ? ` (${reserved.slice(9)})` : typeof identity === 'number' ? ` (ID:${identity})` : '';
  return { name, text: `${name}${typeof port === 'number' ? `:${port}` : ''}${who}` };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}

export const hubbleJson: LineFormat = { kind: 'lines', id: 'hubble-json', role: 'payload', samples, parse };
