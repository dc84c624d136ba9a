/**
 * `cilium status` of an agent, of an agent that does not run, and of cilium-cli.
 *
 *     Kubernetes:         Ok   1.30 (v1.30.1) [linux/amd64]
 *     Controller Status:  29/30 healthy
 *       Name             Last success   Last error   Count   Message
 *       sync-endpoints   5m12s ago      3s ago       41      dial tcp 10.96.0.1:443: i/o timeout
 */

import type { Row, RowValue, Stamp } from '../../model/index.ts';
import { parseAge } from '../../time/age.ts';
import { parseGoDuration } from '../../time/durations.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';

const KEY =
  /^(KVStore|ContainerRuntime|Kubernetes|Kubernetes APIs|KubeProxyReplacement|Host firewall|SRv6|CNI Chaining|CNI Config file|Cilium|Stale status|NodeMonitor|Cilium health daemon|IPAM|Allocated addresses|ClusterMesh|BandwidthManager|IPv4 BIG TCP|IPv6 BIG TCP|Routing|Attach Mode|Device Mode|Host Routing|Masquerading|Clock Source for BPF|Controller Status|Proxy Status|Global Identity Range|Hubble|KubeProxyReplacement Details|BPF Maps|Encryption|Cluster health|Modules Health|Local Node Status|Name|IPv6 Masquerading|Envoy DaemonSet|Identity range|Auth status):\s*(.*)$/u;
const AGENT_DOWN =
  /^(?:Get "?http:\/\/.*cilium\.sock|Error: cannot get status: |Is the agent running\?|Cannot get status)|cilium\.sock: connect: (?:no such file|connection refused)/u;
const CLI_PART = /^(?:[\s\\/_¯|‾-]*)(Cilium|Operator|Envoy DaemonSet|Hubble Relay|ClusterMesh):\s+(\S.*)$/u;
const CLI_WORKLOAD =
  /^(DaemonSet|Deployment)\s+(?:([\w-]+\/)?([\w-]+))\s+Desired: (\d+)(?:, Ready: (\d+)\/\d+)?(?:, Available: (\d+)\/\d+)?(?:, Unavailable: (\d+)\/\d+)?/u;
const CLI_ERROR = /^(?:Errors|Warnings):\s+(\S+)\s+(\S+)\s+(.*)$/u;
const CONTROLLER = /^\s+(\S.{0,200}?)\s{2,}(\S+ ago|never)\s{2,}(\S+ ago|never)\s{2,}(\d{1,9})\s{2,}(.*)$/u;

type Values = Record<string, RowValue>;

function add(
  doc: DocumentBuilder,
  at: number,
  values: Values,
  extra: { readonly stamp?: Stamp | undefined; readonly message?: string } = {},
): void {
  const row: Row = { kind: 'Component', values };
  doc.add({
    at,
    kind: 'row',
    message: extra.message ?? doc.line(at).trim(),
    unit: 'cilium-agent',
    stamp: extra.stamp,
    level: values['ready'] === false ? 'warning' : 'info',
    row,
  });
}

function readStatus(doc: DocumentBuilder, from: number): void {
  let isDown = false;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trimEnd();
    if (AGENT_DOWN.test(line)) {
      if (isDown) {
        doc.belongs(at);
      } else {
        isDown = true;
        add(doc, at, { component: 'cilium', state: 'not running', ready: false, message: line.trim() });
      }
      continue;
    }
    if (/^> Error while running '/u.test(line)) {
      doc.belongs(at);
      continue;
    }
    readKey(doc, at, line);
  }
}

function readKey(doc: DocumentBuilder, at: number, line: string): void {
  const workload = CLI_WORKLOAD.exec(line);
  if (workload !== null) {
    const [, kind = '', , name = '', desired = '0', ready, available, unavailable] = workload;
    const values: Values = { name, namespace: 'kube-system', desired: Number(desired) };
    if (ready !== undefined) values['readyCount'] = Number(ready);
    if (available !== undefined) values['available'] = Number(available);
    if (unavailable !== undefined) values['unavailable'] = Number(unavailable);
    doc.add({ at, kind: 'row', message: line.trim(), namespace: 'kube-system', row: { kind, values } });
    return;
  }
  const error = CLI_ERROR.exec(line);
  if (error !== null) {
    const pod = error[2] ?? '';
    doc.add({
      at,
      kind: 'log',
      message: error[3] ?? '',
      unit: 'cilium',
      level: line.startsWith('Errors') ? 'err' : 'warning',
      ...(/-[a-z0-9]{5}$/u.test(pod) ? { pod: `kube-system/${pod}`, namespace: 'kube-system' } : {}),
    });
    return;
  }
  const controller = CONTROLLER.exec(line);
  if (controller !== null) {
    const [, name = '', success = '', failure = '', count = '0', message = ''] = controller;
    if (Number(count) === 0) {
      doc.belongs(at);
      return;
    }
    add(
      doc,
      at,
      {
        component: `cilium/${name.trim()}`,
        state: 'failing',
        ready: false,
        failures: Number(count),
        lastSuccess: success,
        message,
      },
      { stamp: ageStamp(failure), message: `controller ${name.trim()} failing: ${message}` },
    );
    return;
  }
  const part = CLI_PART.exec(line);
  const found = KEY.exec(line);
  if (part !== null && /[¯\\/_]/u.test(line.slice(0, 14))) {
    const [, key = '', value = ''] = part;
    const isGood = /^OK$|^disabled$/iu.test(value);
    add(doc, at, { component: componentOf(key), state: value, ready: isGood, health: isGood ? 'Ok' : 'Failure' });
    return;
  }
  if (found === null) {
    if (/^\s/u.test(line)) doc.belongs(at);
    return;
  }
  addKey(doc, at, found[1] ?? '', (found[2] ?? '').trim());
}

function addKey(doc: DocumentBuilder, at: number, key: string, value: string): void {
  const [state = '', ...rest] = value.split(/\s{2,}|\t+/u);
  const message = rest.join(' ');
  if (key === 'IPAM') {
    const use = /(\d{1,9})\/(\d{1,9}) allocated/u.exec(value);
    if (use !== null) {
      const [used, total] = [Number(use[1]), Number(use[2])];
      add(doc, at, {
        component: 'cilium/ipam',
        state: used >= total ? 'exhausted' : 'ok',
        used,
        total,
        ready: used < total,
        message: value,
      });
      return;
    }
  }
  if (key === 'Controller Status' || key === 'Cluster health') {
    const share = /^(\d{1,9})\/(\d{1,9}) (healthy|reachable)/u.exec(value);
    if (share !== null) {
      const [good, total] = [Number(share[1]), Number(share[2])];
      const values: Values = {
        component: `cilium/${key === 'Cluster health' ? 'health' : 'controllers'}`,
        used: good,
        total,
        state: value,
      };
      values['ready'] = good >= total;
      add(doc, at, values);
      return;
    }
  }
  const word = /^(?:Ok|OK|Warning|Failure|Disabled|Error)\b/u.exec(state)?.[0];
  if (word === undefined) {
    doc.understood(at);
    return;
  }
  const isBad = word === 'Warning' || word === 'Failure' || word === 'Error';
  const values: Values = { component: componentOf(key), state: word, health: word };
  if (word !== 'Disabled') values['ready'] = !isBad;
  const said = [state.slice(word.length).trim(), message].filter((part) => part !== '').join(' ');
  if (said !== '') values['message'] = said;
  add(doc, at, values);
}

function componentOf(key: string): string {
  return key === 'Cilium' ? 'cilium' : `cilium/${key.toLowerCase().replaceAll(' ', '-')}`;
}

function ageStamp(text: string): Stamp | undefined {
  const bare = text.replace(/ ago$/u, '');
  const age = parseAge(bare);
  if (age !== undefined) {
    return { kind: 'age', ...age };
  }
  const ms = parseGoDuration(bare);
  return ms === undefined ? undefined : { kind: 'age', ageMs: ms, unitMs: 1000 };
}

export const ciliumStatus = outputFormat({
  id: 'cilium-status',
  samples: [
    {
      path: 'cilium-status.txt',
      text: `Kubernetes:              Ok         1.30 (v1.30.1) [linux/amd64]
Cilium:                  Ok         1.16.1 (v1.16.1-68f77e6)
IPAM:                    IPv4: 254/254 allocated from 10.0.1.0/24,
Controller Status:       29/30 healthy
  Name                   Last success   Last error   Count   Message
  sync-endpoints         5m12s ago      3s ago       41      dial tcp 10.96.0.1:443: i/o timeout
`,
    },
    {
      path: 'cmd/cilium-status---verbose.md',
      text: `Get "http:///var/run/cilium/cilium.sock/v1/healthz": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory
Is the agent running?
> Error while running 'cilium status --verbose':  exit status 1
`,
    },
  ],
  rate(lines, command) {
    const head = lines.slice(0, 20);
    if (
      head.length <= 6 &&
      head.some((line) => AGENT_DOWN.test(line)) &&
      head.some((line) => line.startsWith('Is the agent running?'))
    )
      return 0.97;
    const keys = head.filter((line) => KEY.test(line)).length;
    if (keys >= 3 && head.some((line) => /^(?:Cilium|KVStore|IPAM|Kubernetes):/u.test(line))) return 0.96;
    if (head.some((line) => CLI_WORKLOAD.test(line)) && head.some((line) => CLI_PART.test(line))) return 0.95;
    return /^(?:cilium|cilium-dbg) status\b/u.test(command) && keys > 0 ? 0.9 : 0;
  },
  read: readStatus,
});
