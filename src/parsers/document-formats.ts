import { collectManifest } from './collect-manifest.ts';
import { calicoStatus } from './components/calico.ts';
import { ciliumStatus } from './components/cilium.ts';
import { crictlTables } from './components/crictl.ts';
import { dockerTables } from './components/docker.ts';
import { etcdStatus } from './components/etcd.ts';
import { talosServices } from './components/talos.ts';
import { kubectlDescribe } from './describe/document.ts';
import type { DocumentFormat } from './format.ts';
import { containerState } from './fragments/container-state.ts';
import { messages } from './fragments/messages.ts';
import { counts, paths, targets } from './fragments/values.ts';
import { lsblk } from './host/block-devices.ts';
import { procStat, procUptime } from './host/boot-time.ts';
import { date, timedatectl, uptime } from './host/clock.ts';
import { mounts } from './host/mounts.ts';
import { dnsLookup, firewalld, ipLinks, iptablesSave, ping } from './host/network.ts';
import { procFiles, ps } from './host/processes.ts';
import { resolvConf, resolvectl } from './host/resolver.ts';
import { df, free } from './host/space.ts';
import { sysctl } from './host/sysctl.ts';
import { systemctlStatus } from './host/systemctl.ts';
import { journalDocuments } from './journal/documents.ts';
import { jsonObjects, yamlObjects } from './objects/format.ts';
import { handTable } from './tables/hand-table.ts';
import { kubectlMessages, kubectlTable } from './tables/kubectl.ts';

/** Files that are understood as a whole: tables, describe, objects, command output. */
export const documentFormats: readonly DocumentFormat[] = [
  collectManifest,
  ...journalDocuments,
  kubectlMessages,
  ciliumStatus,
  talosServices,
  crictlTables,
  dockerTables,
  calicoStatus,
  etcdStatus,
  kubectlTable,
  kubectlDescribe,
  jsonObjects,
  yamlObjects,
  systemctlStatus,
  mounts,
  lsblk,
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
  resolvectl,
  resolvConf,
  counts,
  targets,
  containerState,
  handTable,
  paths,
  messages,
];
