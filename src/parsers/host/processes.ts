/**
 * Processes: `ps` with any columns, `/proc/<pid>/status`, `/proc/<pid>/stack`, `/proc/<pid>/wchan`.
 * State `D` is uninterruptible sleep: the process waits for a disk, a file server or a lock in the kernel.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';

const COMMAND_COLUMNS: ReadonlySet<string> = new Set(['COMMAND', 'CMD', 'ARGS', 'COMM']);
const STATE_COLUMNS: ReadonlySet<string> = new Set(['STAT', 'S', 'STATE']);

function psColumns(line: string): readonly string[] | undefined {
  const names = line.trim().split(/\s+/u);
  const isHeader =
    names.length >= 2 &&
    names.length <= 30 &&
    names.includes('PID') &&
    names.every((name) => /^[%A-Z][A-Z0-9%+_-]*$/u.test(name)) &&
    names.some((name) => COMMAND_COLUMNS.has(name) || STATE_COLUMNS.has(name) || name === 'WCHAN');
  return isHeader ? names : undefined;
}

function readPs(doc: DocumentBuilder, from: number): void {
  let columns: readonly string[] | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    const header = psColumns(line);
    if (header !== undefined) {
      columns = header;
      doc.understood(at);
      continue;
    }
    const values = columns === undefined ? undefined : processValues(line, columns);
    if (values !== undefined) {
      doc.add({ at, kind: 'row', message: line.trim(), row: { kind: 'Process', values } });
    }
  }
}

/** The last column takes the rest; STARTED of `ps -eo lstart` has five words and is not supported in front of others. */
function processValues(line: string, columns: readonly string[]): Record<string, RowValue> | undefined {
  const text = line.slice(0, 8192).trim();
  const words = text.split(/\s+/u);
  const cells = new Map<string, string>();
  let offset = 0;
  for (let i = 0; i < columns.length; i += 1) {
    const word = words[i];
    if (word === undefined) {
      break;
    }
    const start = text.indexOf(word, offset);
    offset = start + word.length;
    cells.set(columns[i] ?? '', i === columns.length - 1 ? text.slice(start) : word);
  }
  const pid = cells.get('PID');
  if (pid === undefined || !/^\d{1,9}$/u.test(pid)) {
    return undefined;
  }
  const values: Record<string, RowValue> = { pid: Number(pid) };
  for (const [column, cell] of cells) {
    if (STATE_COLUMNS.has(column) && /^[RSDTtZXIWPK]/u.test(cell)) {
      values['state'] = cell.charAt(0);
    } else if (COMMAND_COLUMNS.has(column)) {
      values['command'] = cell;
    } else if (column === 'WCHAN' && cell !== '-' && cell !== '0') {
      values['wchan'] = cell;
    } else if (column === '%CPU' && /^[\d.]{1,8}$/u.test(cell)) {
      values['cpuPercent'] = Number(cell);
    } else if (column === '%MEM' && /^[\d.]{1,8}$/u.test(cell)) {
      values['memoryPercent'] = Number(cell);
    } else if (column === 'RSS' && /^\d{1,15}$/u.test(cell)) {
      values['rssKib'] = Number(cell);
    }
  }
  return values;
}

export const ps = outputFormat({
  id: 'ps',
  samples: [
    {
      path: 'ps-aux.txt',
      text: `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.1 168140 11520 ?        Ss   02:54   0:03 /sbin/init
root        4242  0.0  0.0      0     0 ?        D    02:57   0:00 [kworker/u8:2]
`,
    },
  ],
  rate(lines) {
    const head = lines.slice(0, 12).findIndex((line) => psColumns(line) !== undefined);
    if (head < 0) {
      return 0;
    }
    const columns = psColumns(lines[head] ?? '') ?? [];
    const share = shareOf(lines.slice(head + 1, head + 41), (line) => processValues(line, columns) !== undefined);
    return share >= 0.5 || lines.length === head + 1 ? 0.94 : 0;
  },
  read: readPs,
});

const FRAME = /^\s*(?:\[<[0-9a-fx]{0,18}>\] )?(?:\? )?([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?$/u;
const STATUS_LINE =
  /^(?:Name|Umask|State|Tgid|Ngid|Pid|PPid|TracerPid|Uid|Gid|FDSize|Groups|Vm\w+|Rss\w+|Threads|Sig\w+|Shd\w+|Cap\w+|NoNewPrivs|Seccomp\w*|Speculation_\w+|Cpus_allowed\w*|Mems_allowed\w*|(?:non)?voluntary_ctxt_switches|NS\w+|Kthread|HugetlbPages|CoreDumping|THP_enabled|untag_mask|x86_\w+):\s/u;

/** Process number in a path such as `proc/4242/stack` or `proc-4242-stack.txt`. */
function pidOfPath(path: string): number | undefined {
  const digits = /(?:^|[^\w])proc[/_-](\d{1,9})[/_-]/u.exec(path)?.[1] ?? /(?:pid|PID)[/_-]?(\d{1,9})/u.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readProc(doc: DocumentBuilder, from: number, command: string): void {
  const values: Record<string, RowValue> = {};
  const pid = pidOfPath(doc.input.path) ?? pidOfPath(command.replace(/^cat /u, ''));
  if (pid !== undefined) values['pid'] = pid;
  let first: number | undefined;
  let stateAt: number | undefined;
  const frames: string[] = [];
  let last = from;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    const frame = FRAME.exec(line)?.[1];
    if (frame !== undefined) {
      first ??= at;
      last = at;
      frames.push(frame);
      continue;
    }
    const field = STATUS_LINE.test(line) ? /^(\w+):\s+(.*)$/u.exec(line) : null;
    if (field === null) {
      continue;
    }
    first ??= at;
    doc.understood(at);
    const [, key, value = ''] = field;
    if (key === 'State' && /^[RSDTtZXIWPK]\b/u.test(value)) {
      values['state'] = value.charAt(0);
      stateAt = at;
    } else if (key === 'Name') values['command'] = value.trim();
    else if (key === 'Pid' && /^\d{1,9}$/u.test(value)) values['pid'] = Number(value);
    else if (key === 'Threads' && /^\d{1,9}$/u.test(value)) values['threads'] = Number(value);
  }
  if (frames.length > 0) {
    values['wchan'] = frames[0] ?? '';
    values['frames'] = frames.slice(0, 60);
  } else if (first === undefined && /wchan/u.test(`${doc.input.path} ${command}`)) {
    const word = /^\s*([A-Za-z_]\w{1,80}|0)\s*$/u.exec(doc.line(from))?.[1];
    if (word !== undefined && word !== '0') {
      values['wchan'] = word;
      first = from;
    }
  }
  if (first === undefined) {
    return;
  }
  const at = stateAt ?? first;
  doc.add({
    at,
    last: frames.length > 0 ? last : at,
    kind: 'row',
    message:
      frames.length > 0
        ? Array.from({ length: last - first + 1 }, (_, i) => doc.line((first ?? 0) + i).trim()).join('\n')
        : doc.line(at).trim(),
    row: { kind: 'Process', values },
  });
  doc.belongs(first, last);
}

export const procFiles = outputFormat({
  id: 'proc-process',
  samples: [
    { path: 'proc/4242/status', text: 'Name:\tkubelet\nState:\tD (disk sleep)\nTgid:\t4242\nPid:\t4242\n' },
    {
      path: 'proc/4242/stack',
      text: '[<0>] rpc_wait_bit_killable+0x11/0x70 [sunrpc]\n[<0>] nfs4_run_open_task+0x152/0x1d0 [nfsv4]\n',
    },
  ],
  rate(lines, command, path) {
    const sample = lines.slice(0, 60);
    if (shareOf(sample, (line) => FRAME.test(line)) >= 0.9) return 0.95;
    if (
      sample.some((line) => /^State:\s+[RSDTtZXIWPK] \(/u.test(line)) &&
      shareOf(sample, (line) => STATUS_LINE.test(line)) >= 0.8
    )
      return 0.98;
    return sample.length === 1 && /wchan/u.test(`${path} ${command}`) ? 0.8 : 0;
  },
  read: readProc,
});
