/**
 * One journal entry as fields, whatever form it was exported in, to a header.
 *
 * Values are text, several texts where a field occurs more than once, or `undefined` where the exporter left a value
 * out (JSON `null`: 4,096 bytes or more without `--all`). Times: `__REALTIME_TIMESTAMP` is when journald received the
 * entry; `_SOURCE_REALTIME_TIMESTAMP`, where there is one, when the program sent it, and then it counts, as in
 * journalctl's own output. Kernel entries carry the kernel's own seconds since boot in `_SOURCE_MONOTONIC_TIMESTAMP`:
 * their time is moved back by as much as they were received late.
 *
 * Format: systemd.journal-fields(7).
 */
import { stripAnsi } from '../../text/ansi.ts';
import type { Header } from '../format.ts';
import { levelOfNumber } from '../syslog/priority.ts';
import { kernelHeader, unitOf } from '../syslog/tail.ts';

export type EntryFields = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Shown in place of a message that the export left out. */
const MESSAGE_LEFT_OUT = '(message of 4096 bytes or more, not stored)';

/** journald's own plumbing and what the header already says; the rest of the fields is the program's. */
const PLUMBING = /^(?:_|SYSLOG_|MESSAGE$|MESSAGE_ID$|PRIORITY$|CODE_|TID$|INVOCATION_ID$|CONTAINER_|IMAGE_NAME$)/u;

/** Undefined without a message and without a time: no entry then. */
export function entryHeader(fields: EntryFields): Header | undefined {
  const received = micros(fields, '__REALTIME_TIMESTAMP');
  const hasMessage = fields.has('MESSAGE');
  if (received === undefined && !hasMessage) {
    return undefined;
  }
  const ident = first(fields, 'SYSLOG_IDENTIFIER') ?? first(fields, '_COMM') ?? 'unknown';
  const isKernel = first(fields, '_TRANSPORT') === 'kernel' || ident === 'kernel';
  const monotonic = micros(fields, '__MONOTONIC_TIMESTAMP');
  const delay = delayMicros(fields, isKernel, received, monotonic);
  const at = received === undefined ? undefined : received - delay;
  const node = first(fields, '_HOSTNAME');
  const pid = isKernel ? undefined : count(first(fields, '_PID') ?? first(fields, 'SYSLOG_PID'));
  const level = levelOfNumber(count(first(fields, 'PRIORITY')) ?? -1);
  const message = stripAnsi((hasMessage ? first(fields, 'MESSAGE') : '') ?? MESSAGE_LEFT_OUT);
  const kernel = isKernel ? kernelHeader(message, node) : undefined;
  const unit = isKernel && ident === 'kernel' ? 'kernel' : unitOf(ident);
  const own = ownFields(fields);
  return {
    ...(at === undefined
      ? {}
      : { stamp: { kind: 'instant', epochMs: Math.floor(at / 1000), precisionMs: 1 } as const }),
    ...(node === undefined ? {} : { node }),
    unit,
    ...(pid === undefined ? {} : { pid }),
    ...(level === undefined ? {} : { level }),
    ...container(fields),
    message: kernel?.message ?? message,
    stream: kernel?.stream ?? `${node ?? ''}/${ident}${pid === undefined ? '' : `[${pid}]`}`,
    ...(Object.keys(own).length === 0 ? {} : { fields: own }),
    hints: hints(fields, received, monotonic, delay),
  };
}

/** docker's journald driver names the container; Kubernetes labels are not part of it. */
function container(fields: EntryFields): Pick<Header, 'container'> {
  const name = first(fields, 'CONTAINER_NAME');
  return name === undefined ? {} : { container: name };
}

/** Fields that the program set itself, such as systemd's `UNIT` and `JOB_RESULT`. */
function ownFields(fields: EntryFields): Readonly<Record<string, string>> {
  const own: [string, string][] = [];
  for (const [key, values] of fields) {
    const text = values.filter((value) => value !== undefined).join(',');
    if (!PLUMBING.test(key) && key !== '' && text !== '') {
      own.push([key, text]);
    }
  }
  return Object.fromEntries(own);
}

/**
 * Time between writing and receiving, where the entry tells both: of the kernel by its own clock since boot, of
 * programs by the wall clock. journald reads what the kernel said before it started in one go.
 */
function delayMicros(
  fields: EntryFields,
  isKernel: boolean,
  received: number | undefined,
  monotonic: number | undefined,
): number {
  const [written, arrived] = isKernel
    ? [micros(fields, '_SOURCE_MONOTONIC_TIMESTAMP'), monotonic]
    : [micros(fields, '_SOURCE_REALTIME_TIMESTAMP'), received];
  return written === undefined || arrived === undefined ? 0 : arrived - written;
}

function hints(
  fields: EntryFields,
  received: number | undefined,
  monotonic: number | undefined,
  delay: number,
): Readonly<Record<string, string>> {
  const boot = first(fields, '_BOOT_ID');
  const systemdUnit = first(fields, '_SYSTEMD_UNIT');
  return {
    ...(boot === undefined ? {} : { 'boot.id': boot }),
    ...(monotonic === undefined ? {} : { 'boot.seconds': ((monotonic - delay) / 1e6).toFixed(6) }),
    ...(received === undefined || Math.abs(delay) < 1000
      ? {}
      : { 'time.received': String(Math.floor(received / 1000)) }),
    ...(systemdUnit === undefined ? {} : { 'systemd.unit': systemdUnit }),
  };
}

function first(fields: EntryFields, key: string): string | undefined {
  return fields.get(key)?.[0];
}

/** Microseconds since 1970 or since boot; undefined for anything but up to 17 digits. */
function micros(fields: EntryFields, key: string): number | undefined {
  const text = first(fields, key);
  return text !== undefined && /^\d{1,17}$/u.test(text) ? Number(text) : undefined;
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/u.test(text) ? Number(text) : undefined;
}
