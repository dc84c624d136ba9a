/**
 * Which name servers a host asks: `resolvectl status` (`systemd-resolve --status`) and `/etc/resolv.conf`.
 *
 *     Link 2 (eth0)                                        nameserver 10.96.0.10
 *     Current DNS Server: 192.168.1.1                      search default.svc.cluster.local svc.cluster.local
 *            DNS Servers: 192.168.1.1                      options ndots:5
 *
 * One row for all of a host and one for each link with servers.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';

const LINK = /^Link \d{1,6} \(([\w.@:-]{1,40})\)\s*$/u;
const FIELD = /^\s*(?:\w[\w /.-]{0,40}): ?(.*)$/u;
const SERVER = /^[\da-fA-F.:]{2,45}(?:%\w+)?(?:#\S+)?$/u;

interface Scope {
  readonly at: number;
  readonly name: string | undefined;
  last: number;
  readonly values: Record<string, RowValue>;
  readonly servers: string[];
  readonly domains: string[];
}

function readResolvectl(doc: DocumentBuilder, from: number): void {
  let scope: Scope | undefined;
  let list: string[] | undefined;
  const close = () => {
    if (scope === undefined) return;
    const { at, last, name, values, servers, domains } = scope;
    if (servers.length === 0 && name !== undefined) {
      doc.understood(at);
      doc.belongs(at + 1, last);
    } else {
      const row = { ...(name === undefined ? {} : { interface: name }), ...values, servers, domains };
      doc.add({
        at,
        last,
        kind: 'row',
        message: `${doc.line(at).trim()}: ${servers.join(' ')}`,
        row: { kind: 'Resolver', values: row },
      });
    }
  };
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).slice(0, 1000);
    const link = LINK.exec(line)?.[1];
    if (link !== undefined || /^Global\s*$/u.test(line)) {
      close();
      scope = { at, last: at, name: link, values: {}, servers: [], domains: [] };
      list = undefined;
      continue;
    }
    const trimmed = line.trim();
    if (scope === undefined || trimmed === '') {
      continue;
    }
    const found = FIELD.exec(line);
    const key = found === null || SERVER.test(trimmed) ? undefined : trimmed.slice(0, trimmed.indexOf(':'));
    const value = key === undefined ? trimmed : (found?.[1] ?? '').trim();
    if (key === undefined && list === undefined) {
      continue;
    }
    scope.last = at;
    if (key !== undefined) {
      list = key === 'DNS Servers' ? scope.servers : key === 'DNS Domain' ? scope.domains : undefined;
      if (key === 'Current DNS Server') scope.values['current'] = value;
      if (key === 'resolv.conf mode') scope.values['mode'] = value;
    }
    list?.push(...value.split(/\s+/u).filter((word) => word !== ''));
  }
  close();
}

export const resolvectl = outputFormat({
  id: 'resolvectl',
  samples: [
    {
      path: 'resolvectl.txt',
      text: `Global
         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
  resolv.conf mode: stub
Current DNS Server: 10.96.0.10
       DNS Servers: 10.96.0.10 192.168.1.1

Link 2 (eth0)
    Current Scopes: DNS
Current DNS Server: 192.168.1.1
       DNS Servers: 192.168.1.1
                    192.168.1.2
        DNS Domain: home.example
`,
    },
  ],
  rate: (lines) =>
    lines.slice(0, 20).some((line) => LINK.test(line) || /^Global\s*$/u.test(line)) &&
    lines.some((line) =>
      /^\s*(?:(?:Current )?DNS Servers?|resolv\.conf mode|Current Scopes|DNSSEC setting|LLMNR setting):/u.test(line),
    )
      ? 0.96
      : 0,
  read: readResolvectl,
});

const DIRECTIVE = /^\s*(nameserver|search|domain|options|sortlist)\s+(\S.*?)\s*$/u;

export const resolvConf = outputFormat({
  id: 'resolv-conf',
  samples: [
    {
      path: 'resolv.conf',
      text: '# written by the network manager\nnameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n',
    },
  ],
  rate(lines) {
    const told = lines.filter((line) => !/^\s*[#;]/u.test(line));
    return told.length > 0 &&
      told.every((line) => line.length < 1000 && DIRECTIVE.test(line)) &&
      told.some((line) => line.trim().startsWith('nameserver'))
      ? 0.96
      : 0;
  },
  read(doc, from) {
    const servers: string[] = [];
    const domains: string[] = [];
    const options: string[] = [];
    let first: number | undefined;
    for (let at = from; at < doc.lineCount; at += 1) {
      const line = doc.line(at);
      if (/^\s*[#;]/u.test(line)) doc.understood(at);
      const found = line.length < 1000 ? DIRECTIVE.exec(line) : null;
      if (found === null) {
        continue;
      }
      const [, what = '', text = ''] = found;
      const words = text.split(/\s+/u);
      doc.understood(at);
      if (what === 'nameserver') {
        servers.push(...words.slice(0, 1));
        first ??= at;
      } else if (what === 'search' || what === 'domain') domains.push(...words);
      else if (what === 'options') options.push(...words);
    }
    if (first !== undefined) {
      const values: Record<string, RowValue> = { servers, domains, options };
      doc.add({
        at: first,
        kind: 'row',
        message: `nameserver ${servers.join(' ')}`,
        row: { kind: 'Resolver', values },
      });
    }
  },
});
