/**
 * `systemctl status`: a block per unit, then the last lines of its journal, which are left to the parsers of logs.
 *
 *     ● kubelet.service - kubelet: The Kubernetes Node Agent
 *          Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)
 *          Active: activating (auto-restart) (Result: exit-code) since Fri 2025-01-31 02:54:55 UTC; 5s ago
 *        Main PID: 4242 (code=exited, status=1/FAILURE)
 */

import type { RowValue, Stamp } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { isoOf } from '../documents/containers.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { parseDateOutput } from '../documents/stamps.ts';

const HEAD =
  /^\s*(?:[●○×↻*x•] )?([\w@:.\\-]{1,200}\.(?:service|socket|mount|target|timer|slice|scope|device|path|swap|automount))(?: - (.*))?$/u;
const ACTIVE =
  /^\s*Active: (active|inactive|failed|activating|deactivating|reloading|maintenance)(?: \((?!Result: )([^)]*)\))?(?: \(Result: ([^)]*)\))?(?: since ([^;]{10,60}))?(?:; (.+?) (?:ago|left))?$/u;
const DETAIL =
  /^\s*(?:Loaded|Active|Docs|Main PID|Process|Tasks|Memory|CPU|CGroup|Drop-In|Status|Condition|TriggeredBy|Triggers|Until|Invocation|IO|IP|Trigger|Listen|Accepted|Where|What|Error|Duration|FD Store|Device|Follow|Notice|Transient|start condition failed|Mem peak): ?|^\s*[└├│─]|^\s+[\w/"'(-]/u;

function readStatus(doc: DocumentBuilder, from: number): void {
  let at = from;
  while (at < doc.lineCount) {
    const head = HEAD.exec(doc.line(at));
    if (head === null || !hasDetails(doc, at)) {
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < doc.lineCount && doc.line(end).trim() !== '' && DETAIL.test(doc.line(end))) {
      end += 1;
    }
    addUnit(doc, at, end, head[1] ?? '');
    let last = end;
    while (last < doc.lineCount && !(HEAD.test(doc.line(last)) && hasDetails(doc, last))) {
      last += 1;
    }
    let first = end;
    while (first < last && doc.line(first).trim() === '') {
      first += 1;
    }
    doc.leaveAsLog(first, last - 1);
    at = last;
  }
}

function hasDetails(doc: DocumentBuilder, at: number): boolean {
  return [1, 2, 3, 4].some((ahead) => /^\s*(?:Loaded|Active): /u.test(doc.line(at + ahead)));
}

function addUnit(doc: DocumentBuilder, at: number, end: number, unit: string): void {
  const name = unit.replace(/\.service$/u, '');
  const values: Record<string, RowValue> = { component: name };
  let line = at;
  let since: Stamp | undefined;
  for (let i = at + 1; i < end; i += 1) {
    const text = doc.line(i);
    const active = ACTIVE.exec(text);
    if (active !== null) {
      const [, state = '', sub, result, when, age] = active;
      line = i;
      values['state'] = state;
      values['ready'] = state === 'active' || state === 'reloading';
      if (sub !== undefined) values['subState'] = sub;
      if (result !== undefined) values['result'] = result;
      values['health'] = `${state}${sub === undefined ? '' : ` (${sub})`}`;
      since = when === undefined ? undefined : parseDateOutput(when.trim());
      addCollection(doc, since, text.includes(' ago') ? age : undefined);
      continue;
    }
    const pid = /^\s*Main PID: (\d{1,9})(?: \(([^)]*)\))?/u.exec(text);
    if (pid !== null) {
      values['pid'] = Number(pid[1]);
      const status = /status=(\d{1,3})/u.exec(pid[2] ?? '')?.[1];
      if (status !== undefined) values['exitCode'] = Number(status);
    }
    const status = /^\s*Status: "(.*)"$/u.exec(text)?.[1];
    if (status !== undefined) values['message'] = status;
    if (/^\s*Loaded: .*(?:not-found|masked|bad-setting|error)/u.test(text)) {
      values['message'] = text.trim();
    }
  }
  const transition = isoOf(since);
  if (transition !== undefined) values['lastTransition'] = transition;
  doc.understood(at);
  doc.add({
    at: line,
    kind: 'row',
    message: doc.line(line).trim(),
    stamp: since,
    unit: name,
    level: values['ready'] === true ? 'info' : 'warning',
    row: { kind: 'Component', values },
  });
  doc.belongs(at, end - 1);
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  min: 60_000,
  h: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
  week: 604_800_000,
  weeks: 604_800_000,
  month: 2_629_800_000,
  months: 2_629_800_000,
  year: 31_557_600_000,
  years: 31_557_600_000,
};

/** `1 day 3h`, `13min`, `2min 5s`: the collection came that much after `since`. */
function addCollection(doc: DocumentBuilder, since: Stamp | undefined, age: string | undefined): void {
  if (since?.kind !== 'instant' || age === undefined) {
    return;
  }
  let ms = 0;
  let unit = 0;
  for (const [, digits, word] of age.matchAll(/(\d{1,6})\s?([a-z]+)/gu)) {
    unit = UNITS[word ?? ''] ?? 0;
    ms += Number(digits) * unit;
  }
  if (unit > 0 && unit <= 3_600_000) {
    doc.collectedAt({ kind: 'instant', epochMs: since.epochMs + ms, precisionMs: unit + since.precisionMs });
  }
}

export const systemctlStatus = outputFormat({
  id: 'systemctl-status',
  samples: [
    {
      path: 'systemctl-status-kubelet.txt',
      text: `● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)
     Active: activating (auto-restart) (Result: exit-code) since Fri 2025-01-31 02:54:55 UTC; 5s ago
   Main PID: 4242 (code=exited, status=1/FAILURE)

Jan 31 02:54:55 node-1 systemd[1]: kubelet.service: Failed with result 'exit-code'.
`,
    },
  ],
  rate(lines) {
    const head = lines.slice(0, 3).findIndex((line) => HEAD.test(line));
    return head >= 0 && lines.slice(head + 1, head + 8).some((line) => ACTIVE.test(line)) ? 0.97 : 0;
  },
  read: readStatus,
});
