/** `etcdctl endpoint status`, `endpoint health` and `member list`, as table, as plain lines, and with errors. */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { barCells, isBarRule } from './bars.ts';

const HEALTHY = /^(https?:\/\/\S+|[\w.:[\]-]+:\d+) is (healthy|unhealthy): (.*)$/u;
/** endpoint, id, version, db size, leader, learner, term, index, applied, errors */
const SIMPLE =
  /^((?:https?:\/\/)?[\w.:[\]-]+:\d+), ([0-9a-f]{6,16}), (\d[\w.-]*), ([\d.]+ \wB), (true|false), (true|false), (\d+), (\d+), (\d+), ?(.*)$/u;

function addMember(doc: DocumentBuilder, at: number, cells: ReadonlyMap<string, string>): void {
  const get = (...names: string[]) =>
    names.map((name) => cells.get(name)).find((cell) => cell !== undefined && cell !== '');
  const endpoint = get('ENDPOINT') ?? '';
  const values: Record<string, RowValue> = { component: 'etcd', endpoint };
  const health = get('HEALTH');
  const errors = get('ERRORS', 'ERROR');
  const leader = get('IS LEADER');
  if (leader !== undefined) values['isLeader'] = leader === 'true';
  const learner = get('IS LEARNER');
  if (learner !== undefined) values['isLearner'] = learner === 'true';
  const version = get('VERSION');
  if (version !== undefined) values['version'] = version;
  const size = /^([\d.]+)\s*([kMGT]?B)$/u.exec(get('DB SIZE') ?? '');
  if (size !== null) values['dbSizeBytes'] = Math.round(Number(size[1]) * (SCALES[size[2] ?? 'B'] ?? 1));
  for (const [name, column] of [
    ['raftTerm', 'RAFT TERM'],
    ['raftIndex', 'RAFT INDEX'],
    ['raftAppliedIndex', 'RAFT APPLIED INDEX'],
  ] as const) {
    const cell = get(column);
    if (cell !== undefined && /^\d{1,15}$/u.test(cell)) values[name] = Number(cell);
  }
  values['ready'] = health === undefined ? errors === undefined : health === 'true';
  values['health'] = values['ready'] ? 'healthy' : 'unhealthy';
  values['state'] = values['health'];
  if (errors !== undefined) values['message'] = errors;
  doc.add({
    at,
    kind: 'row',
    message: doc.line(at).trim(),
    unit: 'etcd',
    level: values['ready'] ? 'info' : 'warning',
    row: { kind: 'Component', values },
  });
}

const SCALES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const SIMPLE_COLUMNS = [
  'ENDPOINT',
  'ID',
  'VERSION',
  'DB SIZE',
  'IS LEADER',
  'IS LEARNER',
  'RAFT TERM',
  'RAFT INDEX',
  'RAFT APPLIED INDEX',
  'ERRORS',
];

/** id, status, name, peer addresses, client addresses, learner: `member list` without a table */
const MEMBER =
  /^([0-9a-f]{6,16}), (started|unstarted), ([\w.-]*), (https?:\/\/\S*|), (https?:\/\/\S*|)(?:, (true|false))?\s*$/u;
const MEMBER_COLUMNS = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'];

/** A member as the cluster knows it; whether it works, `member list` does not tell. */
function addListed(doc: DocumentBuilder, at: number, cells: ReadonlyMap<string, string>): void {
  const state = cells.get('STATUS') ?? '';
  const endpoint = cells.get('CLIENT ADDRS') || cells.get('PEER ADDRS') || '';
  const learner = cells.get('IS LEARNER');
  doc.add({
    at,
    kind: 'row',
    message: doc.line(at).trim(),
    unit: 'etcd',
    level: state === 'started' ? 'info' : 'warning',
    row: {
      kind: 'Component',
      values: {
        component: 'etcd/member',
        state,
        ...(endpoint === '' ? {} : { endpoint }),
        ...(learner === 'true' || learner === 'false' ? { isLearner: learner === 'true' } : {}),
        message: `member ${cells.get('NAME') || cells.get('ID') || ''} ${state}`,
      },
    },
  });
}

function readEtcd(doc: DocumentBuilder, from: number): void {
  let columns: readonly string[] | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trimEnd();
    if (isBarRule(line)) {
      doc.understood(at);
      continue;
    }
    const cells = barCells(line);
    if (cells?.includes('ENDPOINT') || cells?.includes('PEER ADDRS')) {
      columns = cells;
      doc.understood(at);
      continue;
    }
    if (cells !== undefined && columns !== undefined) {
      const add = columns.includes('PEER ADDRS') ? addListed : addMember;
      add(doc, at, new Map(columns.map((name, index) => [name, cells[index] ?? ''])));
      continue;
    }
    const member = MEMBER.exec(line.slice(0, 4096));
    if (member !== null) {
      addListed(doc, at, new Map(MEMBER_COLUMNS.map((name, index) => [name, member[index + 1] ?? ''])));
      continue;
    }
    const simple = SIMPLE.exec(line);
    if (simple !== null) {
      addMember(doc, at, new Map(SIMPLE_COLUMNS.map((name, index) => [name, simple[index + 1] ?? ''])));
      continue;
    }
    const health = HEALTHY.exec(line);
    if (health !== null) {
      const isHealthy = health[2] === 'healthy';
      addMember(
        doc,
        at,
        new Map([
          ['ENDPOINT', health[1] ?? ''],
          ['HEALTH', String(isHealthy)],
          ...(isHealthy ? [] : [['ERROR', health[3] ?? ''] as const]),
        ]),
      );
    }
  }
}

export const etcdStatus = outputFormat({
  id: 'etcdctl-endpoint',
  samples: [
    {
      path: 'etcdctl-endpoint-status.txt',
      text: `+-----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
|       ENDPOINT        |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX | ERRORS |
+-----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
| https://10.0.0.1:2379 | 8e9e05c52164694d |  3.5.10 |  2.1 GB |      true |      false |         7 |      90211 |              90211 | NOSPACE |
+-----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
`,
    },
    {
      path: 'etcdctl-endpoint-health.txt',
      text: 'https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\nhttps://10.0.0.2:2379 is unhealthy: failed to commit proposal: context deadline exceeded\n',
    },
    {
      path: 'etcdctl-member-list.txt',
      text: `+------------------+-----------+--------+-----------------------+-----------------------+------------+
|        ID        |  STATUS   |  NAME  |      PEER ADDRS       |     CLIENT ADDRS      | IS LEARNER |
+------------------+-----------+--------+-----------------------+-----------------------+------------+
| 8e9e05c52164694d |   started | node-1 | https://10.0.0.1:2380 | https://10.0.0.1:2379 |      false |
| 91bc3c398fb3c146 | unstarted |        | https://10.0.0.2:2380 |                       |      false |
+------------------+-----------+--------+-----------------------+-----------------------+------------+
`,
    },
    {
      path: 'etcd-members.txt',
      text: '8e9e05c52164694d, started, node-1, https://10.0.0.1:2380, https://10.0.0.1:2379, false\n91bc3c398fb3c146, unstarted, , https://10.0.0.2:2380, , false\n',
    },
  ],
  rate(lines) {
    const head = lines.slice(0, 60);
    const isHeader = (line: string) => barCells(line)?.some((cell) => cell === 'ENDPOINT' || cell === 'PEER ADDRS');
    if (head.some((line) => isHeader(line) === true)) return 0.96;
    if (head.some((line) => MEMBER.test(line.slice(0, 4096)))) return 0.9;
    return head.some((line) => HEALTHY.test(line) || SIMPLE.test(line)) ? 0.9 : 0;
  },
  read: readEtcd,
});
