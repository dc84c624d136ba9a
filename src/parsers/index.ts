import { documentFormats } from './document-formats.ts';
import type { Format, LineFormat } from './format.ts';
import { lineFormats } from './line-formats.ts';
import { payloadFormats } from './payload-formats.ts';

/**
 * Ids whose recognition overlaps, most specific first: of two formats that take as many lines of a file, or
 * the same line, the earlier one wins. Ids that are not listed keep the order of their own lists and come last.
 */
const PRECEDENCE: readonly string[] = [
  'cri',
  'docker-json',
  'journal-json',
  'journal-json-pretty',
  'journal-export',
  'journal-verbose',
  'kmsg',
  'talos-dmesg',
  'kubectl-prefix',
  'talos-node',
  'ovs-vlog',
  'klog',
  'journal-full',
  'journal-unit',
  'journal-iso',
  'journal-iso-precise',
  'syslog-iso',
  'journal-unix',
  'journal-delta',
  'dmesg-raw',
  'dmesg-ctime',
  'dmesg-delta',
  'dmesg-reltime',
  'dmesg-iso',
  'journal-monotonic',
  'hubble-compact',
  'journal-short',
  'journal-precise',
  'syslog-3164',
  'syslog-5424',
  'zap-console',
  'pebble',
  'k8s-ts',
  'capnslog',
  'hubble-json',
  'klog-json',
  'zap-json',
  'logrus-json',
  'talos-json',
  'json-line',
  'logfmt',
  'logrus-bracket',
  'logrus-console',
  'compose',
  'coredns',
  'nginx-error',
  'go-log',
  'access-log',
  'postgres',
  'envoy',
  'python',
  'java',
  'plain-iso',
  'csv-row',
  'json-glued',
];

function rank(format: Format): number {
  const at = PRECEDENCE.indexOf(format.id);
  return at < 0 ? PRECEDENCE.length : at;
}

/** Every format, most specific first. The sort is stable. */
export const formats: readonly Format[] = [...lineFormats, ...payloadFormats, ...documentFormats].toSorted(
  (a, b) => rank(a) - rank(b),
);

/** The formats of logs, most specific first: the order in which a line is tried. */
export const logFormats: readonly LineFormat[] = formats.filter((format) => format.kind === 'lines');
