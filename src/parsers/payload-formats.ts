import type { LineFormat } from './format.ts';
import { capnslog } from './payload/capnslog.ts';
import { coredns } from './payload/coredns.ts';
import { csvRow } from './payload/csv-row.ts';
import { envoy, java, plainIso, postgres, python } from './payload/dated-log.ts';
import { gluedJson } from './payload/glued-json.ts';
import { goLog } from './payload/go-log.ts';
import { hubbleCompact } from './payload/hubble-compact.ts';
import { hubbleJson } from './payload/hubble-json.ts';
import { jsonLine, klogJson, logrusJson, talosJson, zapJson } from './payload/json-log.ts';
import { klog } from './payload/klog.ts';
import { logfmt } from './payload/logfmt.ts';
import { logrusBracket, logrusConsole } from './payload/logrus-console.ts';
import { accessLog, nginxError } from './payload/nginx.ts';
import { zapConsole } from './payload/zap-console.ts';

/** Logs as programs write them: klog, logfmt, zap, CoreDNS, vlog. Most specific first. */
export const payloadFormats: readonly LineFormat[] = [
  klog,
  hubbleCompact,
  capnslog,
  hubbleJson,
  klogJson,
  zapJson,
  logrusJson,
  talosJson,
  jsonLine,
  logfmt,
  logrusBracket,
  logrusConsole,
  coredns,
  zapConsole,
  nginxError,
  goLog,
  accessLog,
  postgres,
  envoy,
  python,
  java,
  plainIso,
  csvRow,
  gluedJson,
];
