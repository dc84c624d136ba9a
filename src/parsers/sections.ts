/**
 * Composite files: several outputs in one file, each with a context of its own.
 *
 *     ==== START logs for container coredns of pod kube-system/coredns-a ====       kubectl cluster-info dump
 *     ==> kubelet <==                                                               minikube logs, tail -f
 *     $ kubectl get pods -A                                                         terminal captures, bash -x
 *     root@node-1:~# dmesg
 *     NAME   READY   STATUS …                                                       tables one after another
 *
 * Marker lines belong to no section: they are banners of the file.
 */

import type { SourceContext } from '../model/index.ts';
import { cleanLine } from './clean.ts';
import { bareCommand, logTargetOf, promptCommand } from './documents/command.ts';
import { isBlank } from './header.ts';

interface Section {
  /** Line number of the first line, 1-based; the marker stands above it. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  readonly context: SourceContext;
  /** For notes: `kubelet`, `kubectl get pods -A`. */
  readonly title?: string;
  /** Written by another program, on another clock, than the rest of the file. */
  readonly ownStream: boolean;
}

export interface Sections {
  readonly sections: readonly Section[];
  /** Lines that are markers. */
  readonly markers: number;
}

const POD_LOG = /^==== START logs for container (\S+) of pod ([^\s/]+)\/(\S+) ====$/u;
const POD_LOG_END = /^==== END logs for container \S+ of pod \S+ ====$/u;
const TITLED = /^(?:\* )?==> (\S.{0,200}?) <==\s*$/u;
const SCRIPT = /^Script (?:started|done) on /u;
/** Header of a table: names in capitals, at least two, two blanks or a tab apart. */
const TABLE_HEADER =
  /^[A-Z][A-Z0-9()/%_-]*(?: [A-Z0-9()/%_-]+)*(?:(?: {2,}|\t+)[A-Z][A-Z0-9()/%_-]*(?: [A-Z0-9()/%_-]+)*)+\s*$/u;
const DESCRIBE_START = /^Name: {2,}\S/u;
const PROMPT_HOST = /^(?:\([\w.-]{1,40}\) ?)?\[?[\w.-]{1,64}@([A-Za-z0-9][\w.-]{0,79})[ :\]~#$%]/u;

/** Titles of `minikube logs` that name a command rather than a component. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['describe nodes', 'kubectl describe nodes'],
  ['container status', 'crictl ps -a'],
  ['dmesg', 'dmesg'],
  ['kernel', 'uname -a'],
]);
const UNITS: ReadonlySet<string> = new Set(['kubelet', 'containerd', 'docker', 'crio', 'cri-o', 'k3s']);

interface Opening extends Omit<Section, 'firstLine' | 'lines'> {
  /** Old versions of minikube write `* ` before every line. */
  readonly starred?: boolean;
}

function titled(title: string, context: SourceContext): Opening {
  const name = title.replace(/ \[[^\]]*\]$/u, '');
  const command = COMMANDS.get(name.toLowerCase());
  if (command !== undefined) {
    return { title, ownStream: true, context: { ...context, command } };
  }
  if (UNITS.has(name.toLowerCase())) {
    return { title, ownStream: true, context: { ...context, unit: name.toLowerCase() } };
  }
  return /^[a-z0-9][a-z0-9.-]*$/u.test(name) && title !== name
    ? { title, ownStream: true, context: { ...context, container: name } }
    : { title, ownStream: true, context };
}

/** What a marker line opens; `undefined` for any other line. */
function openingOf(line: string, context: SourceContext, isFirst: boolean): Opening | undefined {
  const pod = POD_LOG.exec(line);
  if (pod !== null) {
    const [, container = '', namespace = '', name = ''] = pod;
    return {
      title: `${namespace}/${name} ${container}`,
      ownStream: true,
      context: { ...context, container, namespace, pod: `${namespace}/${name}` },
    };
  }
  if (POD_LOG_END.test(line) || SCRIPT.test(line)) {
    return { ownStream: false, context };
  }
  const title = TITLED.exec(line)?.[1];
  if (title !== undefined) {
    return { ...titled(title, context), starred: line.startsWith('* ') };
  }
  const command = promptCommand(line) ?? (isFirst ? bareCommand(line) : undefined);
  if (command === undefined) {
    return undefined;
  }
  const host = PROMPT_HOST.exec(line)?.[1];
  const node = host === undefined || host === 'localhost' || context.node !== undefined ? undefined : host;
  return {
    title: command.slice(0, 120),
    ownStream: false,
    context: { ...context, command, ...logTargetOf(command), ...(node === undefined ? {} : { node }) },
  };
}

/** `+ kubectl get pod x` below `At line:1 char:1` is the command that failed, shown once more. */
function isQuotedByPowershell(line: string, above: string | undefined): boolean {
  return line.startsWith('+ ') && above !== undefined && /^At line:\d+ char:\d+$/u.test(above.trim());
}

function startsDocument(line: string, above: string | undefined): boolean {
  return (above === undefined || isBlank(above)) && (TABLE_HEADER.test(line) || DESCRIBE_START.test(line));
}

/** Is this first line of a file a marker? Then the file is composite whatever its other lines look like. */
export function opensSection(line: string): boolean {
  return openingOf(line, {}, true) !== undefined;
}

/** Do the first lines of a file show that it is composite? `lines` are cleaned. */
export function isComposite(lines: readonly string[]): boolean {
  let documents = 0;
  let isFirst = true;
  for (const [at, line] of lines.entries()) {
    if (isBlank(line) || line.length > 2000) {
      continue;
    }
    if (!isQuotedByPowershell(line, lines[at - 1]) && openingOf(line, {}, isFirst) !== undefined) {
      return true;
    }
    if (startsDocument(line, lines[at - 1])) {
      documents++;
    }
    isFirst = false;
  }
  return documents > 1;
}

/** @param lines - physical lines of the whole file; those of the sections are the same strings */
export function splitSections(lines: readonly string[], context: SourceContext): Sections {
  const sections: Section[] = [];
  let markers = 0;
  let opening: Opening = { ownStream: false, context };
  let from = 0;
  let isFirst = true;

  function close(to: number): void {
    const { starred, ...rest } = opening;
    // Blank lines below a section only set it apart from the next one.
    let end = to;
    while (end > from && isBlank(lines[end - 1] as string)) end--;
    markers += to - end;
    const body = lines.slice(from, end);
    if (body.length > 0) {
      const plain = starred === true ? body.map((line) => (line.startsWith('* ') ? line.slice(2) : line)) : body;
      sections.push({ ...rest, firstLine: from + 1, lines: plain });
    }
  }

  let above: string | undefined;
  lines.forEach((raw, at) => {
    const line = raw.length > 2000 ? '' : cleanLine(raw);
    const before = above;
    above = raw.length > 2000 ? raw : line;
    if (isBlank(line)) {
      return;
    }
    const next = isQuotedByPowershell(line, before) ? undefined : openingOf(line, context, isFirst);
    if (next !== undefined) {
      close(at);
      markers++;
      opening = next;
      from = at + 1;
    } else if (at > from && startsDocument(line, before)) {
      close(at);
      from = at;
    }
    isFirst = false;
  });
  close(lines.length);
  return { sections, markers };
}
