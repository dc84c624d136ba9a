/**
 * The archive of this program's own `collect-script`.
 *
 *     forensics-HOST-20250131T025455Z/
 *       manifest.txt                                       when, zone, one line per file: path, exit, begin, end, command
 *       host/HOST/journalctl-b0.log, dmesg.txt, mount.txt, timedatectl.txt …
 *       cluster-resources/tables/KIND.txt, objects/KIND.json, events/all.json, describe/nodes.txt
 *       cluster-resources/pods/logs/NAMESPACE/POD/CONTAINER.log, CONTAINER-previous.log
 *       cilium/NODE/cilium-status.txt
 *
 * The manifest dates each command to the second: ages in a table are counted from the run of its own command.
 */
import type { SourceContext, Stamp } from '../../model/index.ts';
import { dateInText } from './dates.ts';
import {
  containerLog,
  type DatedFile,
  fileMarker,
  folderMarker,
  type Layout,
  type LayoutRoot,
  type Marker,
} from './layout.ts';

/** Enough for a line per file of the largest collection. */
const MANIFEST_BYTES = 1 << 20;
const FIRST_LINE = /^forensics-collect: \d{1,3}\r?\n/u;
const SECOND_MS = 1000;
/** Output that holds no ages: its times stand in it. */
const LOG = /(?:\.log|\.json|\.err|\/dmesg\.txt)$/u;
const JOURNAL_FORMATS = ['journal-iso-precise', 'journal-iso'];
const UNITS: Readonly<Record<string, SourceContext>> = {
  'dmesg.txt': { unit: 'kernel', formats: ['dmesg-raw'], command: 'dmesg' },
  messages: { formats: ['syslog-3164', 'syslog-iso'] },
  syslog: { formats: ['syslog-3164', 'syslog-iso'] },
  'kern.log': { unit: 'kernel', formats: ['syslog-3164', 'syslog-iso'] },
};

export const forensicsCollect: Layout = {
  id: 'forensics-collect',
  needs: 2,
  requires: 'manifest.txt',
  marker,
  isProved: (root) => FIRST_LINE.test(root.text('manifest.txt') ?? ''),
  context,
  collected,
};

function marker(path: string): Marker | undefined {
  return (
    fileMarker(path, 'manifest.txt') ??
    folderMarker(path, 'host') ??
    folderMarker(path, 'cluster-resources') ??
    folderMarker(path, 'cilium')
  );
}

function context(path: string): SourceContext {
  const [top = '', first = '', second = '', ...rest] = path.split('/');
  switch (top) {
    case 'host':
      return second === '' ? {} : { node: first, ...hostFile(second) };
    case 'cilium':
      return second === '' ? {} : { node: first };
    case 'cluster-resources':
      return clusterFile(first, second, rest);
    default:
      return {};
  }
}

function hostFile(name: string): SourceContext {
  return name.startsWith('journalctl-b') ? { formats: JOURNAL_FORMATS } : (UNITS[name] ?? {});
}

function clusterFile(folder: string, name: string, rest: readonly string[]): SourceContext {
  if (folder === 'pods' && name === 'logs') {
    const [namespace = '', pod = '', file = ''] = rest;
    const log = /^(.{1,253}?)(-previous)?\.log$/u.exec(file);
    return log === null ? {} : { ...containerLog(namespace, pod, log[1], log[2] !== undefined), formats: ['k8s-ts'] };
  }
  if (folder === 'events' && name === 'all.json') {
    return { command: 'kubectl get events -A -o json' };
  }
  const objects = folder === 'objects' ? /^([a-z0-9.-]{1,120})\.json$/u.exec(name) : null;
  return objects === null ? {} : { command: `kubectl get ${objects[1]} -A -o json` };
}

/** The run as a whole, and each table and description by its own command. */
function collected(root: LayoutRoot): readonly DatedFile[] {
  const lines = (root.text('manifest.txt', MANIFEST_BYTES) ?? '').split('\n');
  const begun = momentOf(lines, 'collected: ');
  const finished = momentOf(lines, 'finished: ');
  const whole = runOf(begun, finished ?? begun);
  const files = lines.flatMap((line): readonly DatedFile[] => {
    const [path = '', , begin = '', end = ''] = line.split('\t', 5);
    const stamp = path === '-' || LOG.test(path) ? undefined : runOf(dateInText(begin), dateInText(end));
    return stamp === undefined ? [] : [{ stamp, basis: 'manifest.txt', exact: true, path }];
  });
  return whole === undefined ? files : [{ stamp: whole, basis: 'manifest.txt', exact: true }, ...files];
}

function momentOf(lines: readonly string[], key: string): Stamp | undefined {
  const line = lines.find((each) => each.startsWith(key));
  return line === undefined ? undefined : dateInText(line.slice(key.length, 100));
}

/** Both ends are whole seconds, cut off. */
function runOf(begin: Stamp | undefined, end: Stamp | undefined): Stamp | undefined {
  if (begin?.kind !== 'instant') {
    return undefined;
  }
  const last = end?.kind === 'instant' && end.epochMs >= begin.epochMs ? end.epochMs : begin.epochMs;
  return { kind: 'instant', epochMs: begin.epochMs, precisionMs: last - begin.epochMs + SECOND_MS };
}
