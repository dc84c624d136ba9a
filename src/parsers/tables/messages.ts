/**
 * What kubectl says itself, often into the same file because of `2>&1`: evidence about the API server at collection.
 *
 *     No resources found in default namespace.
 *     The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?
 *     E1121 07:49:54.399653   23996 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: …"
 */

import type { Level, Stamp } from '../../model/index.ts';
import { kindOfResource } from '../documents/resources.ts';

export interface KubectlMessage {
  readonly kind: 'empty' | 'error' | 'warning' | 'note';
  readonly message: string;
  readonly level: Level;
  /** Of empty listings: the namespace; undefined for all of them. */
  readonly namespace?: string;
  /** Kind that an error is about. */
  readonly resource?: string;
  readonly name?: string;
  readonly stamp?: Stamp;
}

const EMPTY = /^No resources found(?: in (\S+) namespace)?\.?$/u;
const ERROR =
  /^(?:Error from server(?: \(\w+\))?: |The connection to the server \S+ was refused|Unable to connect to the server: |error: |[Ee]rror: |Error executing |couldn't get (?:current server|resource list)|request log error: |Request log error: |W?arning: .*failed|Unauthorized$|bash: |sh: \d+: |-bash: |zsh: |\S+: command not found$|command terminated with |exit status \d+$)/u;
const NOTE =
  /^(?:Warning: |Flag --\S+ has been deprecated|Defaulted container |I\d{4} [\d:.]+ +\d+ \S+:\d+\] |W\d{4} [\d:.]+ +\d+ \S+:\d+\] )/u;
const KLOG =
  /^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3})\d{3} +\d+ (?:memcache|shortcut|cached_discovery|request|round_trippers|warnings|loader|aggregator|with_retry)\.go:\d+\] /u;
const NOT_FOUND = /^Error from server \(NotFound\): ([\w.-]+) "([^"]{1,253})" not found/u;
const NO_TYPE = /^error: the server doesn't have a resource type "([^"]{1,100})"/u;

/** Undefined when the line is nothing that kubectl says of itself. */
export function parseKubectlMessage(line: string): KubectlMessage | undefined {
  const text = line.trim().slice(0, 8192);
  if (text.length < 5) {
    return undefined;
  }
  const empty = EMPTY.exec(text);
  if (empty !== null) {
    return { kind: 'empty', message: text, level: 'info', ...(empty[1] === undefined ? {} : { namespace: empty[1] }) };
  }
  const klog = KLOG.exec(text);
  if (klog !== null) {
    const level = klog[1] === 'E' || klog[1] === 'F' ? 'err' : klog[1] === 'W' ? 'warning' : 'info';
    const msOfDay = ((Number(klog[4]) * 60 + Number(klog[5])) * 60 + Number(klog[6])) * 1000 + Number(klog[7]);
    return {
      kind: level === 'err' ? 'error' : 'warning',
      message: text.slice(klog[0].length),
      level,
      stamp: { kind: 'wall', month: Number(klog[2]), day: Number(klog[3]), msOfDay, precisionMs: 1 },
    };
  }
  const bare = text.startsWith('kubectl : ') ? text.slice('kubectl : '.length) : text;
  if (NOTE.test(bare)) {
    return { kind: bare.startsWith('Warning: ') ? 'warning' : 'note', message: bare, level: 'notice' };
  }
  if (!ERROR.test(bare)) {
    return undefined;
  }
  const missing = NOT_FOUND.exec(bare);
  const resource = kindOfResource(missing?.[1] ?? NO_TYPE.exec(bare)?.[1] ?? '');
  return {
    kind: 'error',
    message: bare,
    level: 'err',
    ...(resource === undefined ? {} : { resource }),
    ...(missing?.[2] === undefined ? {} : { name: missing[2] }),
  };
}

/** Lines of a PowerShell error block after its first one. */
export function isPowershellTail(line: string): boolean {
  return /^(?:At line:\d+ char:\d+|\+ |\s+\+ (?:CategoryInfo|FullyQualifiedErrorId)|\s*\+ ~+)/u.test(line);
}
