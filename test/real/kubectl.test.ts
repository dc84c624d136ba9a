/** Run by kubectl.sh, which renders the files; skipped without them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { LogRecord, Span } from '../../src/model/index.ts';
import { byText } from '../../src/text/order.ts';

const directory = process.env['REAL_KUBECTL'] ?? '';
const isThere = directory !== '' && existsSync(join(directory, 'cluster.json'));
const list = (folder: string) => (isThere ? readdirSync(join(directory, folder)).sort(byText) : []);
const POD = 'agent-5d7f8b9c6d-x2k9q';

interface Cluster {
  readonly now: number;
  readonly events: readonly {
    readonly reason: string;
    readonly firstTimestamp: string;
    readonly lastTimestamp: string;
  }[];
}

const cluster: Cluster = isThere
  ? JSON.parse(readFileSync(join(directory, 'cluster.json'), 'utf8'))
  : { now: 0, events: [] };
/** The commands ran one after another: ages are counted from a moment between the start and the end of all. */
const finished = isThere ? Date.parse(readFileSync(join(directory, 'finished'), 'utf8').trim()) : 0;
const RUN_MS = finished + 1000 - cluster.now;

async function read(path: string) {
  return await analyze([join(directory, path)], { collectedAt: finished });
}

function holds(span: Span | undefined, iso: string, slackMs: number): boolean {
  const at = Date.parse(iso);
  return span !== undefined && span.earliest - slackMs <= at && at <= span.latest + slackMs;
}

describe.skipIf(!isThere)('what kubectl really prints', () => {
  it.each(list('pods'))('pods as %s: the same pods, and one that crashes', async (file) => {
    const { report, sources } = await read(`pods/${file}`);
    const rows = sources.flatMap(({ records }) =>
      records.flatMap(({ row }) => (row?.kind === 'Pod' ? [row.values] : [])),
    );
    const agent = rows.find(({ name }) => name === POD);
    expect(agent).toMatchObject({ namespace: 'kube-system', restarts: 14, ready: false });
    expect(agent?.['status'] ?? agent?.['waitingReason']).toBe('CrashLoopBackOff');
    // The plain table does not show the node.
    if (file !== 'table.txt') expect(agent?.['node']).toBe('worker-7');
    if (file !== 'describe.txt') expect(rows.map(({ name }) => name)).toEqual([POD, 'web-0']);
    const crash = report.facts.filter(({ entities }) => Object.values(entities).includes(`pod/kube-system/${POD}`));
    expect(crash.length).toBeGreaterThan(0);
    expect(report.facts.filter(({ polarity }) => polarity === 'symptom').length).toBeGreaterThan(0);
  });

  it.each(list('events'))('Events as %s: the same Events at the same times', async (file) => {
    const { sources } = await read(`events/${file}`);
    const records = sources.flatMap((source) => source.records.filter(({ kind }) => kind === 'kube-event'));
    const wanted = cluster.events.filter(({ reason }) => file !== 'describe.txt' || reason === 'BackOff');
    const found = (reason: string): LogRecord | undefined => records.find(({ fields }) => fields['reason'] === reason);
    expect(records).toHaveLength(wanted.length);
    for (const { reason, firstTimestamp, lastTimestamp } of wanted) {
      const record = found(reason);
      const isAge = record?.lastTime?.basis === 'age' || record?.time?.basis === 'age';
      const slack = isAge ? RUN_MS : 0;
      expect(holds((record?.lastTime ?? record?.time)?.at, lastTimestamp, slack)).toBe(true);
      // The plain table shows neither the first time nor how often.
      if (file === 'table.txt') continue;
      expect(record?.count).toBe(reason === 'BackOff' ? 14 : 6);
      expect(holds(record?.time?.at, firstTimestamp, slack)).toBe(true);
    }
  });

  it('nodes as a table and as a description: the same node', async () => {
    for (const file of ['nodes.txt', 'describe-nodes.txt']) {
      const { sources } = await read(file);
      const [row] = sources.flatMap(({ records }) =>
        records.flatMap((record) => (record.row?.kind === 'Node' ? [record.row] : [])),
      );
      expect(row?.values).toMatchObject({ name: 'worker-7', ready: true, version: 'v1.30.1' });
    }
  });

  it('leaves no line of them unknown', async () => {
    for (const file of [
      ...list('pods').map((name) => `pods/${name}`),
      ...list('events').map((name) => `events/${name}`),
    ]) {
      const { sources } = await read(file);
      expect([file, ...sources.map(({ coverage }) => coverage.unknown)]).toEqual([file, 0]);
    }
  });
});
