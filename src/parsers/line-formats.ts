import { barPrefix } from './container/bar-prefix.ts';
import { cri } from './container/cri.ts';
import { dockerJson } from './container/docker-json.ts';
import { k8sTimestamps } from './container/k8s-timestamps.ts';
import { kubectlPrefix } from './container/kubectl-prefix.ts';
import { pebble } from './container/pebble.ts';
import { dmesgCtime } from './dmesg/ctime.ts';
import { dmesgDelta } from './dmesg/delta.ts';
import { dmesgIso } from './dmesg/iso.ts';
import { kmsg } from './dmesg/kmsg.ts';
import { dmesgRaw } from './dmesg/raw.ts';
import { dmesgReltime } from './dmesg/reltime.ts';
import type { LineFormat } from './format.ts';
import { journalDelta } from './journal/delta.ts';
import { journalFull } from './journal/full.ts';
import { journalIso, journalIsoPrecise } from './journal/iso.ts';
import { journalJsonLine } from './journal/json-line.ts';
import { journalMonotonic } from './journal/monotonic.ts';
import { journalPrecise, journalShort } from './journal/short.ts';
import { journalUnix } from './journal/unix.ts';
import { ovsVlog } from './ovs-vlog.ts';
import { syslogIso } from './syslog/iso.ts';
import { syslog3164 } from './syslog/rfc3164.ts';
import { syslog5424 } from './syslog/rfc5424.ts';
import { talosDmesg } from './talos/dmesg.ts';
import { talosNode } from './talos/node-prefix.ts';

/** Logs that a collector or a system writes: journal, syslog, kernel, CRI. Most specific first. */
export const lineFormats: readonly LineFormat[] = [
  cri,
  dockerJson,
  journalJsonLine,
  kmsg,
  talosDmesg,
  kubectlPrefix,
  talosNode,
  ovsVlog,
  journalFull,
  journalIso,
  journalIsoPrecise,
  syslogIso,
  journalUnix,
  journalDelta,
  dmesgRaw,
  dmesgCtime,
  dmesgDelta,
  dmesgReltime,
  dmesgIso,
  journalMonotonic,
  journalShort,
  journalPrecise,
  syslog3164,
  syslog5424,
  pebble,
  k8sTimestamps,
  barPrefix,
];
