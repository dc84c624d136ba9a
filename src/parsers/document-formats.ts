import { collectManifest } from './collect-manifest.ts';
import { ciliumStatus } from './components/cilium.ts';
import { crictlTables } from './components/crictl.ts';
import { etcdStatus } from './components/etcd.ts';
import { talosServices } from './components/talos.ts';
import { kubectlDescribe } from './describe/document.ts';
import type { DocumentFormat } from './format.ts';
import { procStat, procUptime } from './host/boot-time.ts';
import { date, timedatectl, uptime } from './host/clock.ts';
import { mounts } from './host/mounts.ts';
import { dnsLookup, firewalld, ipLinks, iptablesSave, ping } from './host/network.ts';
import { procFiles, ps } from './host/processes.ts';
import { df, free } from './host/space.ts';
import { sysctl } from './host/sysctl.ts';
import { systemctlStatus } from './host/systemctl.ts';
import { journalDocuments } from './journal/documents.ts';
import { jsonObjects, yamlObjects } from './objects/format.ts';
import { kubectlMessages, kubectlTable } from './tables/kubectl.ts';

/** Files that are understood as a whole: tables, describe, objects, command output. */
export const documentFormats: readonly DocumentFormat[] = [
  collectManifest,
  ...journalDocuments,
  kubectlMessages,
  ciliumStatus,
  talosServices,
  crictlTables,
  etcdStatus,
  kubectlTable,
  kubectlDescribe,
  jsonObjects,
  yamlObjects,
  systemctlStatus,
  mounts,
  df,
  free,
  ps,
  procFiles,
  ipLinks,
  iptablesSave,
  firewalld,
  timedatectl,
  date,
  uptime,
  procStat,
  procUptime,
  sysctl,
  ping,
  dnsLookup,
];
