/**
 * Hubble's compact flows (`hubble observe -o compact`) and what the client says beside them:
 *
 *     Jan 31 02:58:40.123: default/app-1:51234 (ID:3838) -> kube-system/coredns-a:53 (ID:12) policy-verdict:none EGRESS DENIED (UDP)
 *     Jan 31 02:58:41.001 [k8s-1]: 10.0.0.12:443 (kube-apiserver) <- kube-system/coredns-a:40122 (ID:12) to-endpoint FORWARDED (TCP Flags: ACK)
 *     Jan 31 02:58:40.123 [hubble-relay]: 2 nodes are unavailable: a, b
 *     EVENTS LOST: HUBBLE_RING_BUFFER CPU(0) 12
 *
 * UTC, without a year. Left of `<-` stands the client of the request that is answered.
 *
 * Format: cilium/cilium hubble/pkg/printer.
 */

import { monthNumber } from '../../time/months.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { yearlessStamp } from '../payload-time.ts';

const TIME = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d\.\d{3})(?: \[([^\]]{1,253})\])?: /u;
const VERDICTS: ReadonlySet<string> = new Set([
  'FORWARDED',
  'DROPPED',
  'ERROR',
  'AUDIT',
  'REDIRECTED',
  'TRACED',
  'TRANSLATED',
  'ALLOWED',
  'DENIED',
  'AUDITED',
]);

const samples: readonly FormatSample[] = [
  {
    text: 'Jan 31 02:58:40.123: default/app-1:51234 (ID:3838) -> kube-system/coredns-a:53 (ID:12) policy-verdict:none EGRESS DENIED (UDP)',
    expect: {
      stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_720_123, precisionMs: 1, utc: true },
      level: 'warning',
      fields: {
        verdict: 'DENIED',
        source: 'default/app-1',
        destination: 'kube-system/coredns-a',
        destination_port: '53',
      },
    },
  },
  {
    text: 'Jan 31 02:58:41.001 [k8s-1]: 10.0.0.12:443 (kube-apiserver) <- kube-system/coredns-a:40122 (ID:12) to-endpoint FORWARDED (TCP Flags: ACK)',
    expect: {
      node: 'k8s-1',
      level: 'info',
      fields: {
        verdict: 'FORWARDED',
        source: 'kube-system/coredns-a',
        destination: '10.0.0.12',
        destination_port: '443',
      },
    },
  },
  {
    text: 'Jan  3 02:58:40.123 [hubble-relay]: 2 nodes are unavailable: a, b',
    expect: { unit: 'hubble-relay', level: 'warning', message: '2 nodes are unavailable: a, b' },
  },
  { text: 'EVENTS LOST: HUBBLE_RING_BUFFER CPU(0) 12', expect: { level: 'warning' } },
];

function parse(line: string): Header | undefined {
  if (/^EVENTS LOST: [A-Z_]+ /u.test(line.slice(0, 80))) {
    return { level: 'warning', message: line.trimEnd() };
  }
  const match = TIME.exec(line.slice(0, 300));
  const month = match === null ? undefined : monthNumber(match[1] ?? '');
  const stamp = month === undefined ? undefined : yearlessStamp(month, Number(match?.[2]), match?.[3] ?? '');
  if (match === null || stamp?.kind !== 'wall') {
    return undefined;
  }
  const utc = { ...stamp, utc: true };
  const node = match[4];
  const message = line.slice(match[0].length).trimEnd();
  if (node === 'hubble-relay') {
    return headerOf({ stamp: utc, unit: node, level: /unavailable/u.test(message) ? 'warning' : 'info', message });
  }
  const fields = flowFields(message);
  if (fields === undefined) {
    return undefined;
  }
  const verdict = fields['verdict'] ?? '';
  const bad = verdict === 'DROPPED' || verdict === 'DENIED' || verdict === 'ERROR';
  return headerOf({ stamp: utc, node, level: bad ? 'warning' : 'info', message, fields });
}

function flowFields(message: string): Record<string, string> | undefined {
  const arrow = [' -> ', ' <- ', ' <> ']
    .map((text) => ({ text, at: message.indexOf(text) }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => a.at - b.at)[0];
  const verdict = lastVerdict(message);
  if (arrow === undefined || verdict === undefined) {
    return undefined;
  }
  const left = splitEndpoint(message.slice(0, arrow.at));
  const right = splitEndpoint(message.slice(arrow.at + 4));
  const [source, destination] = arrow.text === ' <- ' ? [right, left] : [left, right];
  return {
    verdict,
    source: source.name,
    destination: destination.name,
    ...(destination.port === undefined ? {} : { destination_port: destination.port }),
  };
}

/** The last word in front of ` (SUMMARY)`. */
function lastVerdict(message: string): string | undefined {
  for (let at = message.lastIndexOf(' ('), tries = 0; at > 0 && tries < 8; tries += 1) {
    const word = message.slice(message.lastIndexOf(' ', at - 1) + 1, at);
    if (VERDICTS.has(word)) {
      return word;
    }
    at = message.lastIndexOf(' (', at - 1);
  }
  return undefined;
}

function splitEndpoint(text: string): { readonly name: string; readonly port?: string } {
  const end = text.indexOf(' ');
  const word = end < 0 ? text : text.slice(0, end);
  const colon = word.lastIndexOf(':');
  const port = colon < 0 ? '' : word.slice(colon + 1);
  return /^\d{1,5}$/u.test(port) ? { name: word.slice(0, colon), port } : { name: word };
}

function skips(line: string): boolean {
  return /^TIMESTAMP(?:\s+NODE)?\s+SOURCE\s+DESTINATION\s+TYPE\s+VERDICT\s+SUMMARY\s*$/u.test(line.slice(0, 300));
}

export const hubbleCompact: LineFormat = {
  kind: 'lines',
  id: 'hubble-compact',
  role: 'payload',
  samples,
  parse,
  skips,
};
