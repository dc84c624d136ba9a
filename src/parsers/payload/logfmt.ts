/**
 * logfmt: logrus (containerd, CRI-O, dockerd, k3s, Cilium), Go's slog, go-kit (Prometheus), Grafana.
 *
 *     time="2025-01-31T03:02:41.123456789Z" level=error msg="failed" error="sandbox \"3d00\": timeout"
 *     time=2026-06-06T08:23:03.371642385Z level=info msg="Starting GC" module=agent.datapath first=false
 *     level=warn msg="Waiting for k8s node information" subsys=daemon
 *
 * Cilium before 1.18 prints no time. Time, level, message and caller leave the fields; the others keep their order.
 * Cilium's banner (letters of `_ | \ /` in `msg`) is no record.
 *
 * Format: sirupsen/logrus text_formatter.go, log/slog TextHandler.
 */

import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, putField } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { stampOfText } from '../payload-time.ts';
import { readPairs } from './logfmt-pairs.ts';

const TIME_KEYS: ReadonlySet<string> = new Set(['time', 'ts', 't', 'timestamp', '@timestamp']);
const LEVEL_KEYS: ReadonlySet<string> = new Set(['level', 'lvl', 'severity']);
const MESSAGE_KEYS: ReadonlySet<string> = new Set(['msg', 'message']);
const BEGINS = /^\s{0,4}(?:time|ts|t|timestamp|level|lvl|severity|msg)=\S/u;
const BANNER = /^[\s_|/\\]{2,}$/u;

const samples: readonly FormatSample[] = [
  {
    text: 'time="2025-01-31T03:02:41.123456789Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:a,Attempt:0,} failed, error" error="failed to setup network for sandbox \\"3d00\\": plugin type=\\"cilium-cni\\" failed (add)"',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_561_123, precisionMs: 1 },
      level: 'err',
      message: 'RunPodSandbox for &PodSandboxMetadata{Name:a,Attempt:0,} failed, error',
      fields: { error: 'failed to setup network for sandbox "3d00": plugin type="cilium-cni" failed (add)' },
    },
  },
  {
    text: 'level=warning msg="generating BPF for endpoint failed, keeping stale directory." containerID= datapathPolicyRevision=0 endpointID=1694 subsys=endpoint',
    expect: {
      level: 'warning',
      message: 'generating BPF for endpoint failed, keeping stale directory.',
      fields: { containerID: '', datapathPolicyRevision: '0', endpointID: '1694', subsys: 'endpoint' },
    },
  },
  {
    text: 'time=2026-06-06T08:23:03.371642385Z level=info msg="Starting SPIFFE" module=agent uri-san=[spiffe://spiffe.cilium/identity/3712] k8sApiVersion=""',
    expect: {
      level: 'info',
      message: 'Starting SPIFFE',
      fields: { module: 'agent', 'uri-san': '[spiffe://spiffe.cilium/identity/3712]', k8sApiVersion: '' },
    },
  },
  {
    text: 'ts=2025-01-31T03:02:41.123Z caller=main.go:1105 level=error component="scrape manager" err="context deadline exceeded"',
    expect: { level: 'err', message: '', fields: { component: 'scrape manager', err: 'context deadline exceeded' } },
  },
  {
    text: 'level=error msg="Cannot forward proxied DNS lookup" DNSRequestID=25283 error="failed to dial connection to 10.42.4.240:53: ',
    expect: {
      level: 'err',
      message: 'Cannot forward proxied DNS lookup',
      fields: { DNSRequestID: '25283', error: 'failed to dial connection to 10.42.4.240:53: ' },
    },
  },
];

function parse(line: string): Header | undefined {
  const begins = BEGINS.test(line.slice(0, 64));
  if (!begins && (!line.includes('=') || line.length < 16)) {
    return undefined;
  }
  const { pairs, end } = readPairs(line);
  const known = pairs.filter(([key]) => TIME_KEYS.has(key) || LEVEL_KEYS.has(key) || MESSAGE_KEYS.has(key)).length;
  // A line that begins like logfmt may be damaged further on; any other must be pairs from end to end.
  if (begins ? pairs.length < 2 || known === 0 : pairs.length < 3 || known === 0 || end < line.length) {
    return undefined;
  }
  return headerOfPairs(pairs, line.slice(end).trim());
}

/** Time, level and message by their usual names, the rest as fields. */
function headerOfPairs(pairs: readonly (readonly [string, string])[], rest = ''): Header | undefined {
  let time: string | undefined;
  let level: string | undefined;
  let message: string | undefined;
  const fields: Record<string, string> = {};
  const hints: Record<string, string> = {};
  for (const [key, value] of pairs) {
    if (time === undefined && TIME_KEYS.has(key)) {
      time = value;
    } else if (level === undefined && LEVEL_KEYS.has(key)) {
      level = value;
    } else if (message === undefined && MESSAGE_KEYS.has(key)) {
      message = value;
    } else if (key === 'caller') {
      hints['source'] = value;
    } else {
      putField(fields, key, value);
    }
  }
  const stamp = time === undefined ? undefined : stampOfText(time);
  const known = level === undefined ? undefined : levelOf(level);
  if (stamp === undefined && known === undefined && message === undefined) {
    return undefined;
  }
  const text = rest === '' ? (message ?? '') : `${message ?? ''} ${rest}`.trim();
  return headerOf({ stamp, level: known, message: text, fields, hints });
}

function skips(line: string): boolean {
  return line.startsWith('level=info msg="') && BANNER.test(parse(line.slice(0, 512))?.message ?? '');
}

export const logfmt: LineFormat = { kind: 'lines', id: 'logfmt', role: 'payload', samples, parse, skips };
