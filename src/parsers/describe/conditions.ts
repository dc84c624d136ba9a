/**
 * Condition tables of `kubectl describe`: of nodes with times, of others with type, status and reason. One row pasted
 * without its header is enough for nodes, because their rows hold two dates.
 *
 *       Type    Status   LastHeartbeatTime                LastTransitionTime               Reason             Message
 *       Ready   Unknown  Thu, 28 Sep 2017 07:55:44 +0000  Thu, 28 Sep 2017 07:57:04 +0000  NodeStatusUnknown  Kubelet stopped posting node status.
 */

import type { Stamp } from '../../model/index.ts';
import { instantStamp } from '../documents/stamps.ts';

export interface Condition {
  readonly at: number;
  readonly type: string;
  /** `True`, `False`, `Unknown`. */
  readonly status: string;
  readonly heartbeat?: Stamp | undefined;
  readonly transition?: Stamp | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

const DATE = '[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d (?:[+-]\\d{4}|GMT|UTC)';
const NODE_ROW = new RegExp(
  `^\\s*([A-Z]\\w*)\\s+(True|False|Unknown)\\s+(${DATE})\\s+(${DATE})(?:\\s+(\\w+))?(?:\\s+(\\S.*))?$`,
  'u',
);
const ONE_DATE_ROW = new RegExp(
  `^\\s*([A-Z]\\w*)\\s+(True|False|Unknown)\\s+(${DATE})(?:\\s+(\\w+))?(?:\\s+(\\S.*))?$`,
  'u',
);
const SHORT_ROW = /^\s*([\w./-]*[A-Za-z]\w*)\s+(True|False|Unknown)(?:\s+(\w+))?(?:\s+(\S.*))?$/u;

/** A node's condition row, wherever it stands. */
export function parseNodeCondition(line: string, at: number): Condition | undefined {
  const text = line.slice(0, 8192);
  const both = text.includes(', ') ? NODE_ROW.exec(text) : null;
  if (both !== null) {
    return {
      at,
      type: both[1] ?? '',
      status: both[2] ?? '',
      heartbeat: instantStamp(both[3] ?? ''),
      transition: instantStamp(both[4] ?? ''),
      reason: both[5],
      message: both[6]?.trim(),
    };
  }
  return undefined;
}

/** A row inside of a `Conditions:` section. */
export function parseCondition(line: string, at: number): Condition | undefined {
  const full = parseNodeCondition(line, at);
  if (full !== undefined) {
    return full;
  }
  const text = line.slice(0, 8192);
  const one = text.includes(', ') ? ONE_DATE_ROW.exec(text) : null;
  if (one !== null) {
    return {
      at,
      type: one[1] ?? '',
      status: one[2] ?? '',
      transition: instantStamp(one[3] ?? ''),
      reason: one[4],
      message: one[5]?.trim(),
    };
  }
  const short = SHORT_ROW.exec(text);
  return short === null
    ? undefined
    : { at, type: short[1] ?? '', status: short[2] ?? '', reason: short[3], message: short[4]?.trim() };
}

/** `Ready=Unknown NodeStatusUnknown: Kubelet stopped posting node status.` */
export function conditionText(condition: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>): string {
  const head = `${condition.type}=${condition.status}`;
  const reason = condition.reason === undefined || condition.reason === '' ? '' : ` ${condition.reason}`;
  return condition.message === undefined || condition.message === ''
    ? `${head}${reason}`
    : `${head}${reason}: ${condition.message}`;
}

/** Conditions that are good when they are false: pressure, failure, degradation. */
export function isBadCondition(type: string, status: string): boolean {
  const isNegative =
    /Pressure|Unavailable|Problem|Deadlock|OutOfDisk|Failure|Failed|Degraded|Stalled|Error|Corrupt|Unhealthy|Readonly|Frequent|Disruption|Denied|Invalid|Dangling/u.test(
      type,
    );
  return isNegative ? status === 'True' : status === 'False' || (status === 'Unknown' && type === 'Ready');
}
