/**
 * Commands as they stand above their own output in captures:
 *
 *     $ kubectl get pods -A
 *     root@node-1:~ # firewall-cmd --list-all
 *     [root@node-1 ~]# free -m
 *     + kubectl get nodes                       (bash -x)
 *     > kubectl get nodes                       (other shells)
 *     k3s kubectl get pods -A                   (first line of a file, without any prompt)
 */

import type { SourceContext } from '../../model/index.ts';
import type { DocumentInput, Sniff } from '../format.ts';
import { isCommandLine } from './programs.ts';
import { kindOfResource } from './resources.ts';

const HOST_PROMPT = /^(?:\([\w.-]{1,40}\) ?)?\[?[\w.-]{1,64}@[\w.-]{1,80}(?:[ :][^#$%]{0,80}?)?\]?\s?[#$%] ?(\S.*)$/u;
const BARE_PROMPT = /^(?:(?:\/|~)[^\s#$]{0,60} ?)?[$❯] ?(\S.*)$/u;
const ROOT_PROMPT = /^(?:\[[^\]]{1,80}\] ?)?(?:bash-[\d.]+|sh-[\d.]+|\/|~)?# +(\S.*)$/u;
/** The kernel writes to the console wherever the cursor stands: behind a prompt, too. */
const CONSOLE_LINE = /^\[ {0,8}\d{1,9}\.\d{6}\] /u;
const TRACE_PROMPT = /^\++ (\S.*)$/u;
/** What stands before a command where the prompt has a sign of its own: `➜  infra git:(main) ✗ `, `PS C:\Users\me> `. */
const SIGN = /^(?:[➜⇒λ»▶%>] |PS [A-Z]:\\[^>]{0,90}> ?)[\w.~/: ()✗✓-]{0,90}$/u;
/** `%` and `>` begin lines of other programs, too: after them only commands that ask a cluster. */
const QUERY =
  /^(?:(?:kubectl|oc|k) (?:-\S+ +\S+ +){0,3}(?:get|describe|logs?|top|events|apply|delete|exec|rollout|version) ?|(?:helm|flux|k3s|crictl|journalctl) [\w-])/u;

/** The command of a line that shows a shell prompt, else undefined. */
export function promptCommand(line: string): string | undefined {
  if (line.length > 2000) {
    return undefined;
  }
  const host = HOST_PROMPT.exec(line)?.[1];
  if (host !== undefined) {
    return CONSOLE_LINE.test(host) ? undefined : host.trim();
  }
  const bare = BARE_PROMPT.exec(line)?.[1];
  if (bare !== undefined && /^[\w./~(-]/u.test(bare)) {
    return bare.trim();
  }
  const other = ROOT_PROMPT.exec(line)?.[1] ?? TRACE_PROMPT.exec(line)?.[1];
  return other !== undefined && isCommandLine(other) ? other.trim() : signPromptCommand(line);
}

function signPromptCommand(line: string): string | undefined {
  const at = line.search(/(?:kubectl|oc|k|helm|flux|k3s|crictl|journalctl) [a-z-]/u);
  const command = at > 0 && at < 120 && SIGN.test(line.slice(0, at)) ? line.slice(at).trim() : '';
  return QUERY.test(command) && isCommandLine(command) ? command : undefined;
}

/** A first line that is nothing but a command of a known program. */
export function bareCommand(line: string): string | undefined {
  const text = line.trim();
  return text.length < 300 &&
    isCommandLine(text) &&
    !/ {2,}|: /u.test(text) &&
    /^[\w./-]+(?: [\w./|'"=@:,*%-]+){0,24}$/u.test(text)
    ? text
    : undefined;
}

export interface Invocation {
  /** Without `sudo`, `time`, `watch`; undefined when nothing tells. */
  readonly command: string | undefined;
  /** Index of the first line that is output. */
  readonly outputAt: number;
}

/** The command of a document: its own first line, else what path or collector tell. */
export function invocationOf(input: DocumentInput): Invocation {
  const lines = input.text.slice(0, 4096).split('\n', 6);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').replace(/\r$/u, '');
    if (line.trim() === '' || line.startsWith('Script started on ')) {
      continue;
    }
    const command = promptCommand(line) ?? bareCommand(line);
    return command === undefined
      ? { command: givenCommand(input.context), outputAt: 0 }
      : { command: withoutWrapper(command), outputAt: at + 1 };
  }
  return { command: givenCommand(input.context), outputAt: 0 };
}

function givenCommand(context: SourceContext): string | undefined {
  return context.command === undefined ? undefined : withoutWrapper(context.command);
}

/** The command of a file while its format is still looked for. */
export function sniffedCommand(sniff: Sniff): string {
  return invocationOf({ path: sniff.path, context: sniff.context, text: sniff.head, firstLine: 1 }).command ?? '';
}

/** Lines of a file without the command above them. */
export function sniffedLines(sniff: Sniff): readonly string[] {
  const first = sniff.lines[0] ?? '';
  return (promptCommand(first) ?? bareCommand(first)) === undefined ? sniff.lines : sniff.lines.slice(1);
}

function withoutWrapper(command: string): string {
  return command.replace(/^(?:(?:sudo|time|watch)(?: +-\S+(?: +\d+)?)* +)+/u, '');
}

export interface KubectlCommand {
  /** `get`, `describe`, `top`, `events`, … */
  readonly verb: string;
  /** Kinds in the order given; unknown resources are left out. */
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  /** All words after the verb that are no flags: `logs web-0 app` has two. */
  readonly words: readonly string[];
  /** Of `-c`. */
  readonly container: string | undefined;
  /** `all`, a namespace, or undefined (the user's own). */
  readonly namespace: string | undefined;
  /** By name, selector or a pipe to another program. */
  readonly filtered: boolean;
  readonly wide: boolean;
  readonly watch: boolean;
}

const VALUED: ReadonlySet<string> = new Set([
  '-n',
  '--namespace',
  '-l',
  '--selector',
  '--field-selector',
  '-o',
  '--output',
  '--context',
  '--kubeconfig',
  '--sort-by',
  '-c',
  '--container',
  '--cluster',
  '--tail',
  '--since',
  '--since-time',
  '--request-timeout',
  '-s',
  '--server',
  '--as',
]);

/** `k3s kubectl get po -n kube-system -o wide | grep coredns`; undefined when it is not kubectl. */
export function parseKubectl(command: string | undefined): KubectlCommand | undefined {
  if (command === undefined) {
    return undefined;
  }
  const [first = '', ...pipes] = command.slice(0, 2000).split('|');
  const words = first.trim().split(/\s+/u);
  const at = words.findIndex((word) => /^(?:.*\/)?(?:kubectl|oc|k|kubectl\.exe|microk8s\.kubectl)$/u.test(word));
  if (at < 0 || at > 4) {
    return undefined;
  }
  let verb = '';
  let namespace: string | undefined;
  let container: string | undefined;
  let isFiltered = pipes.some((pipe) => !/^\s*(?:tee|cat|less|more|sort|column)\b/u.test(pipe));
  let wide = false;
  let watch = false;
  const positional: string[] = [];
  for (let i = at + 1; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const flag = equals > 0 ? word.slice(0, equals) : word;
    if (/^\d?>/u.test(word)) {
      break;
    }
    if (!word.startsWith('-')) {
      if (verb === '') {
        verb = word;
      } else {
        positional.push(word);
      }
      continue;
    }
    let value = equals > 0 ? word.slice(equals + 1) : undefined;
    if (value === undefined && VALUED.has(flag)) {
      i += 1;
      value = words[i] ?? '';
    }
    if (flag === '-A' || flag === '--all-namespaces') {
      namespace = 'all';
    } else if (flag === '-n' || flag === '--namespace') {
      namespace = value;
    } else if (flag === '-c' || flag === '--container') {
      container = value;
    } else if (/^-n\w/u.test(flag)) {
      namespace = flag.slice(2);
    } else if (flag === '-l' || flag === '--selector' || flag === '--field-selector') {
      isFiltered = true;
    } else if (flag === '-w' || flag === '--watch') {
      watch = true;
    } else if (word === '-owide' || value === 'wide') {
      wide = true;
    }
  }
  const slashed = positional.filter((word) => word.includes('/'));
  const resources =
    slashed.length > 0 ? slashed.map((word) => word.split('/')[0] ?? '') : (positional[0] ?? '').split(',');
  const names = slashed.length > 0 ? slashed.map((word) => word.split('/')[1] ?? '') : positional.slice(1);
  const kinds = verb === 'events' ? ['Event'] : resources.map(kindOfResource).filter((kind) => kind !== undefined);
  return {
    verb,
    kinds,
    names,
    words: positional,
    container,
    namespace,
    filtered: isFiltered || names.length > 0,
    wide,
    watch,
  };
}

interface LogTarget {
  readonly namespace?: string;
  /** `namespace/name`, or the name alone where the command has no namespace. */
  readonly pod: string;
  readonly container?: string;
}

/** Whose log `kubectl logs web-0 -n shop -c app` printed; undefined for other commands, selectors and workloads. */
export function logTargetOf(command: string): LogTarget | undefined {
  const kubectl = parseKubectl(command);
  if (kubectl === undefined || !/^logs?$/u.test(kubectl.verb) || / (?:-l|--selector)\b/u.test(command)) {
    return undefined;
  }
  const [first = '', second] = kubectl.words[0] === 'pod' ? kubectl.words.slice(1) : kubectl.words;
  const name = first.replace(/^pods?\//u, '');
  if (!/^[a-z0-9][a-z0-9.-]{2,252}$/u.test(name)) {
    return undefined;
  }
  const { namespace, container = second } = kubectl;
  return {
    pod: namespace === undefined ? name : `${namespace}/${name}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(container === undefined ? {} : { container }),
  };
}
