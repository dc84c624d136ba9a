import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import type { LogRecord } from '../src/model/index.ts';
import { folderOf } from './sources/pack.ts';
import { isoOf, readFiles } from './support/read-files.ts';

/**
 * What files look like in the wild, from bytes to records on the time axis. Parsers have tests of their own; here each
 * oddity passes through decoding, recognition, parsing and clocks together.
 */

const BOOT = '0123456789abcdef0123456789abcdef';
const EVENTS = [
  'NAMESPACE   LAST SEEN   TYPE      REASON             OBJECT          MESSAGE',
  'default     2m3s        Warning   FailedScheduling   pod/web-1       0/3 nodes are available',
  'default     <unknown>   Normal    Pulled             pod/web-2       Container image is there',
  'default     10m         Warning   BackOff            pod/web-3       Back-off restarting failed container',
].join('\n');
const COLLECTED = Date.UTC(2025, 0, 31, 12);

const said = (records: readonly LogRecord[]): string[] => records.map(({ message }) => message);
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

/** Every line is accounted for, and no line is unknown. */
function expectUnderstood(source: {
  readonly coverage: { lines: number; recognised: number; continuation: number; unknown: number };
}): void {
  const { lines, recognised, continuation, unknown } = source.coverage;
  expect({ sum: recognised + continuation + unknown, unknown }).toEqual({ sum: lines, unknown: 0 });
}

describe('encodings', () => {
  it('an events table of PowerShell: UTF-16LE with BOM and CRLF', async () => {
    const read = await readFiles({ 'events.txt': utf16(`${EVENTS.replaceAll('\n', '\r\n')}\r\n`) });
    const source = read.source();
    expect(source.coverage).toMatchObject({ format: 'kubectl-table', lines: 4, notes: ['decoded from UTF-16LE'] });
    expect(source.records.map(({ kind, fields }) => [kind, fields['reason']])).toEqual([
      ['kube-event', 'FailedScheduling'],
      ['kube-event', 'Pulled'],
      ['kube-event', 'BackOff'],
    ]);
    expectUnderstood(source);
  });

  it('a describe behind a UTF-8 BOM', async () => {
    const { records } = await readFiles({
      'pod.txt':
        '\ufeffName:         web-1\nNamespace:    default\nNode:         n1/192.0.2.7\nStatus:       Pending\nIP:           \nContainers:\n  app:\n    Image:      x\n    Ready:      False\nEvents:       <none>\n',
    });
    expect(records()[0]?.row).toMatchObject({ kind: 'Pod', values: { name: 'web-1', namespace: 'default' } });
  });

  it('a coloured journal', async () => {
    const line =
      'Jan 31 02:54:55 n1 kernel: \u001b[0;1;31m\u001b[0;1;39m\u001b[0;1;31mnfs: server a not responding\u001b[0m';
    const { records, source } = await readFiles({ 'journal.log': `${line}\n` });
    expect(records()).toMatchObject([{ message: 'nfs: server a not responding', unit: 'kernel' }]);
    expect(records()[0]?.raw).toContain('\u001b[0;1;31m');
    expect(source().coverage.format).toBe('journal-short');
  });

  it('escapes that kubectl wrote as ^[', async () => {
    const { records } = await readFiles({
      'events.txt': `${EVENTS}\ndefault     1m          Warning   Failed             pod/web-4       ^[[31mred^[[0m text\n`,
    });
    expect(said(records()).at(-1)).toContain('red text');
    expect(said(records()).join()).not.toContain('^[');
  });

  it('a hole of NUL bytes in the middle of a log', async () => {
    const text = Buffer.concat([
      Buffer.from('Jan 31 02:54:55 n1 kernel: before\n'),
      Buffer.alloc(4096),
      Buffer.from('Jan 31 05:00:00 n1 kernel: after\n'),
    ]);
    const { records } = await readFiles({ 'journal.log': text }, { collectedAt: COLLECTED });
    expect(said(records())).toEqual(['before', expect.stringMatching(/4,?096 NUL bytes/u), 'after']);
    expect(isoOf(records().at(-1))).toBe('2025-01-31T05:00:00.000Z');
  });

  it('a line of 10 MiB between others', { timeout: 20_000 }, async () => {
    const long = `Jan 31 02:54:56 n1 kubelet[7]: ${'x'.repeat(10 << 20)}`;
    const began = performance.now();
    const { records, source } = await readFiles({
      'journal.log': `Jan 31 02:54:55 n1 kernel: before\n${long}\nJan 31 02:54:57 n1 kernel: after\n`,
    });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(records().map(({ ref, message }) => [ref.line, message.slice(0, 6)])).toEqual([
      [1, 'before'],
      [2, 'xxxxxx'],
      [3, 'after'],
    ]);
    expect(source().coverage.lines).toBe(3);
    expect(source().diagnostics.map(({ code }) => code)).toEqual(['line-cut']);
  });

  it('parts of a rotated log have the years of their names and of the parts behind them', async () => {
    const { clocks } = await readFiles(
      {
        'a/messages-20240131': 'Jan 30 02:54:55 n1 kernel: of the name\n',
        'a/messages': 'Feb  8 02:54:55 n1 kernel: live\n',
        'b/syslog.2.gz': gzipSync('Nov 20 10:00:00 n2 kernel: oldest\n'),
        'b/syslog.1': 'Oct  1 10:00:00 n2 kernel: older\n',
        'b/syslog': 'Jan 12 10:00:00 n2 kernel: live too\n',
      },
      { collectedAt: Date.UTC(2026, 0, 20) },
    );
    const times = clocks.sources.flatMap(({ records }) =>
      records.map((record) => `${isoOf(record)?.slice(0, 10)} ${record.message}`),
    );
    expect(times).toEqual([
      '2025-02-08 live',
      '2024-01-30 of the name',
      '2026-01-12 live too',
      '2025-10-01 older',
      '2024-11-20 oldest',
    ]);
  });

  it('parts of a rotated log, packed or not, follow one another across New Year', async () => {
    const { clocks } = await readFiles(
      {
        'n1/kubelet.log.2.gz': gzipSync('Dec 31 23:50:00 n1 kubelet[7]: first\n'),
        'n1/kubelet.log.1.gz': gzipSync(
          'Dec 31 23:59:59 n1 kubelet[7]: second\nJan  1 00:10:00 n1 kubelet[7]: third\n',
        ),
        'n1/kubelet.log': 'Jan  1 00:20:00 n1 kubelet[7]: fourth\n',
      },
      { collectedAt: Date.UTC(2025, 0, 1, 1) },
    );
    const inTime = clocks.sources
      .flatMap(({ records }) => records)
      .sort((a, b) => (a.time?.at.earliest ?? 0) - (b.time?.at.earliest ?? 0));
    expect(inTime.map((record) => `${isoOf(record)} ${record.message}`)).toEqual([
      '2024-12-31T23:50:00.000Z first',
      '2024-12-31T23:59:59.000Z second',
      '2025-01-01T00:10:00.000Z third',
      '2025-01-01T00:20:00.000Z fourth',
    ]);
  });
});

describe('journals', () => {
  it('-x: catalog texts of both generations are no records', async () => {
    const { records, source } = await readFiles({
      'journal.log': [
        'Jan 31 02:54:55 n1 systemd[1]: Failed to start x.',
        '░░ Subject: A start job for unit x has failed',
        '░░ Defined-By: systemd',
        '░░ ',
        '░░ The job identifier is 42 and the job result is failed.',
        'Jan 31 02:54:56 n1 systemd[1]: y: Failed with result.',
        '-- Subject: Unit y has failed',
        '-- Defined-By: systemd',
        '-- ',
        '-- Unit y has failed.',
        'Jan 31 02:54:57 n1 systemd[1]: z',
      ].join('\n'),
    });
    expect(said(records())).toEqual(['Failed to start x.', 'y: Failed with result.', 'z']);
    expectUnderstood(source());
  });

  it.each([['-- Reboot --'], [`-- Boot ${BOOT} --`]])('%s tells the boots apart', async (marker) => {
    const { records } = await readFiles({
      'journal.log': `Jan 31 02:54:55 n1 kernel: a\n${marker}\nJan 31 02:58:55 n1 kernel: Linux version 6.1.0\nJan 31 02:58:56 n1 kernel: b\n`,
    });
    const boots = new Map(records().map(({ message, boot }) => [message, boot]));
    expect(boots.get('b')).toBe((boots.get('a') ?? 0) + 1);
  });

  it('takes years from the heading, across New Year', async () => {
    const { records } = await readFiles({
      'journal.log': [
        '-- Logs begin at Mon 2024-12-30 09:34:04 UTC, end at Thu 2025-01-02 16:19:19 UTC. --',
        'Dec 31 23:59:58 n1 kernel: old year',
        'Jan 01 00:00:01 n1 kernel: new year',
      ].join('\n'),
    });
    const logs = records().filter(({ unit }) => unit === 'kernel');
    expect(logs.map(isoOf)).toEqual(['2024-12-31T23:59:58.000Z', '2025-01-01T00:00:01.000Z']);
    expect(logs[0]?.time?.assumptions.join()).not.toContain('year assumed');
  });

  it('keeps a stamp of the program that lies before its neighbours, without a new year or boot', async () => {
    const { records } = await readFiles(
      {
        'journal.log':
          'Jan 31 02:54:55 n1 systemd[1]: a\nJan 31 02:54:41 n1 app[7]: late\nJan 31 02:54:56 n1 systemd[1]: b\n',
      },
      { collectedAt: COLLECTED },
    );
    expect(records().map(isoOf)).toEqual([
      '2025-01-31T02:54:55.000Z',
      '2025-01-31T02:54:41.000Z',
      '2025-01-31T02:54:56.000Z',
    ]);
    expect(new Set(records().map(({ boot }) => boot)).size).toBe(1);
  });

  it('a journal that was printed newest first, across New Year', async () => {
    const { records, clocks } = await readFiles(
      {
        'n1/journal.log': [
          'Jan 01 00:10:00 n1 kernel: fourth',
          'Jan 01 00:00:01 n1 kernel: third',
          'Dec 31 23:59:58 n1 kernel: second',
          'Dec 31 23:50:00 n1 kernel: first',
        ].join('\n'),
      },
      { collectedAt: Date.UTC(2025, 0, 1, 1) },
    );
    expect(records().map((record) => `${isoOf(record)} ${record.message}`)).toEqual([
      '2025-01-01T00:10:00.000Z fourth',
      '2025-01-01T00:00:01.000Z third',
      '2024-12-31T23:59:58.000Z second',
      '2024-12-31T23:50:00.000Z first',
    ]);
    const [volume] = clocks.volumes;
    expect(volume?.first?.at.earliest).toBe(Date.UTC(2024, 11, 31, 23, 50));
    expect(volume?.last?.at.earliest).toBe(Date.UTC(2025, 0, 1, 0, 10));
  });

  it('takes the zone of short lines from the payload of containerd', async () => {
    const at = (minute: number) =>
      `Jan 31 04:${minute}:41 n1 containerd[612]: time="2025-01-31T04:${minute}:41.5+02:00" level=info msg="line ${minute}"`;
    const { records, clocks } = await readFiles(
      { 'n1/journal.log': [at(10), at(11), at(12), 'Jan 31 04:13:00 n1 kernel: nfs: server a OK'].join('\n') },
      { collectedAt: COLLECTED },
    );
    expect(isoOf(records().at(-1))).toBe('2025-01-31T02:13:00.000Z');
    expect(clocks.clocks.find(({ clock }) => clock === 'node/n1')?.assumptions.join()).not.toContain('zone assumed');
  });

  it('keeps messages that are no text: blob, bytes, null', async () => {
    const { records } = await readFiles({
      'short.log': 'Jan 31 02:54:55 n1 app[7]: [15B blob data]\n',
      'entries.json': [
        `{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1738292218000000","_BOOT_ID":"${BOOT}","_HOSTNAME":"n1","MESSAGE":[27,91,51,49,109,114,101,100,27,91,48,109]}`,
        `{"__CURSOR":"s=2","__REALTIME_TIMESTAMP":"1738292219000000","_BOOT_ID":"${BOOT}","_HOSTNAME":"n1","MESSAGE":null}`,
      ].join('\n'),
    });
    expect(said(records('short.log'))).toEqual(['[15B blob data]']);
    expect(said(records('entries.json'))).toEqual(['red', expect.stringContaining('not stored')]);
    expect(isoOf(records('entries.json')[0])).toBe('2025-01-31T02:56:58.000Z');
  });

  it('export: a binary field may hold an empty line', async () => {
    const message = 'panic: x\n\ngoroutine 1 [running]:\nMESSAGE=not a field';
    const length = Buffer.alloc(8);
    length.writeUInt32LE(Buffer.byteLength(message));
    const { records, source } = await readFiles({
      'journal.export': Buffer.concat([
        Buffer.from(`__CURSOR=s=1\n__REALTIME_TIMESTAMP=1738292217000000\n_BOOT_ID=${BOOT}\n_HOSTNAME=n1\nMESSAGE\n`),
        length,
        Buffer.from(
          `${message}\n\n__CURSOR=s=2\n__REALTIME_TIMESTAMP=1738292218000000\n_BOOT_ID=${BOOT}\n_HOSTNAME=n1\nMESSAGE=next\n\n`,
        ),
      ]),
    });
    expect(source().coverage.format).toBe('journal-export');
    expect(said(records())).toEqual([message, 'next']);
  });

  it('identifiers with a blank, without pid, without host', async () => {
    const { records } = await readFiles({
      'a.log': 'Jan 31 02:54:55 n1 my app[78]: x\nJan 31 02:54:56 n1 myapp: y\n',
      'b.log': 'Jan 31 02:54:55 kubelet[7]: z\nJan 31 02:54:56 containerd[8]: z\nJan 31 02:54:57 systemd[1]: z\n',
    });
    expect(records('a.log').map(({ node, unit, process }) => [node, unit, process?.pid])).toEqual([
      ['n1', 'my app', 78],
      ['n1', 'myapp', undefined],
    ]);
    expect(records('b.log').map(({ node, unit }) => [node, unit])).toEqual([
      [undefined, 'kubelet'],
      [undefined, 'containerd'],
      [undefined, 'systemd'],
    ]);
  });

  it('joins a message of several lines with an empty one inside', async () => {
    const pad = ' '.repeat('Jan 31 02:56:57 n1 myapp[77]: '.length);
    const { records, source } = await readFiles({
      'journal.log': `Jan 31 02:56:57 n1 myapp[77]: panic: x\n${pad}\n${pad}goroutine 1 [running]:\n${pad}main.main()\nJan 31 02:56:58 n1 a: b\n`,
    });
    expect(said(records())).toEqual(['panic: x\n\ngoroutine 1 [running]:\nmain.main()', 'b']);
    expect(source().coverage).toMatchObject({ recognised: 2, continuation: 3, unknown: 0 });
  });

  it('reads French months', async () => {
    const { records } = await readFiles(
      {
        'journal.log': 'juil. 15 23:41:39 n1 k3s[5]: a\naoût 19 11:08:37 n1 k3s[5]: b\ndéc. 05 00:00:01 n1 k3s[5]: c\n',
      },
      { collectedAt: Date.UTC(2024, 11, 6) },
    );
    expect(records().map(isoOf)).toEqual([
      '2024-07-15T23:41:39.000Z',
      '2024-08-19T11:08:37.000Z',
      '2024-12-05T00:00:01.000Z',
    ]);
  });

  it('nothing logged is a fact: empty file, no entries, no resources', async () => {
    const { source, records } = await readFiles({
      'empty.log': '',
      'kubelet.log': '-- No entries --\n',
      'pods.txt': '$ kubectl get pods -n web\nNo resources found in web namespace.\n',
    });
    expect(source('empty.log').coverage).toMatchObject({ lines: 0 });
    expect(records('kubelet.log').map(({ message }) => message)).toEqual([expect.stringContaining('No entries')]);
    expect(source('pods.txt').listings).toMatchObject([{ kind: 'Pod', namespace: 'web', rows: 0 }]);
  });
});

describe('kernel logs', () => {
  const text = 'nfs: server a not responding, still trying';
  it.each([
    ['-T', `[Fri Jan 31 02:57:18 2025] ${text}`],
    ['--time-format reltime', `[Jan31 02:57] mark\n[ +18.000000] ${text}`],
    ['--time-format iso', `2025-01-31T02:57:18,100000+00:00 ${text}`],
    ['-T -x', `kern  :err   : [Fri Jan 31 02:57:18 2025] ${text}`],
  ])('dmesg %s', async (_, lines) => {
    const { records } = await readFiles({ 'n1/dmesg.txt': `${lines}\n` }, { collectedAt: COLLECTED });
    const record = records().find(({ message }) => message === text);
    const { earliest = 0, latest = 0 } = record?.time?.at ?? {};
    const at = Date.UTC(2025, 0, 31, 2, 57, 18);
    expect({ before: earliest <= at + 200, after: latest >= at }).toEqual({ before: true, after: true });
    expect(latest - earliest).toBeLessThanOrEqual(65_000);
  });

  it('dmesg with caller ids, deltas and a message of two lines', async () => {
    const { records, source } = await readFiles({
      'a/dmesg.txt': `[   12.345678] [  T1234] ${text}\n[   12.400000] [     C0] second\n`,
      'b/dmesg.txt': `[ 3720.650000 <  122.550000>] ${text}\n[ 3720.660000 <    0.010000>] first\n                              second\n`,
    });
    expect(said(records('a/dmesg.txt'))).toEqual([text, 'second']);
    expect(said(records('b/dmesg.txt'))).toEqual([text, 'first\nsecond']);
    expectUnderstood(source('b/dmesg.txt'));
  });

  it('raw dmesg has a time where an audit line anchors it, and none where nothing does', async () => {
    const read = await readFiles({
      'n1/dmesg.txt': `[  100.000000] audit: type=1400 audit(1738292100.000:42): x\n[  160.000000] ${text}\n`,
      'n2/dmesg.txt': `[  100.000000] systemd[1]: started\n[  160.000000] ${text}\n`,
    });
    const anchored = read.records('n1/dmesg.txt').at(-1)?.time?.at;
    expect(Math.abs((anchored?.earliest ?? 0) - 1_738_292_160_000)).toBeLessThan(2500);
    expect(read.records('n2/dmesg.txt').at(-1)?.time).toBeUndefined();
  });

  it('raw dmesg is anchored by lines that rsyslog wrote with both times', async () => {
    const line = (second: number) =>
      `Jan 31 02:5${second}:00 n1 kernel: [ ${3000 + second * 60}.000000] usb 1-${second}: new device number ${second}`;
    const read = await readFiles(
      {
        'n1/kern.log': [line(1), line(2), line(3), line(4)].join('\n'),
        'n1/dmesg.txt': `[ 3060.000000] usb 1-1: new device number 1\n[ 3300.000000] ${text}\n`,
      },
      { collectedAt: COLLECTED },
    );
    const at = read.records('n1/dmesg.txt').at(-1)?.time?.at;
    expect(Math.abs((at?.earliest ?? 0) - Date.UTC(2025, 0, 31, 2, 55))).toBeLessThan(3000);
  });

  it('the report of a hung task keeps a name with a colon, and the note that more are left out', async () => {
    const { records } = await readFiles({
      'journal.log':
        'Jan 31 02:54:55 n1 kernel: INFO: task kworker/u8:2:1234 blocked for more than 122 seconds.\n' +
        'Jan 31 02:54:55 n1 kernel: Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings\n',
    });
    expect(said(records())).toEqual([
      'INFO: task kworker/u8:2:1234 blocked for more than 122 seconds.',
      'Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings',
    ]);
  });

  it('two call traces at once stay apart by their callers', async () => {
    const { records } = await readFiles({
      'dmesg.txt':
        '[   10.000000] [   T11] INFO: task a:11 blocked for more than 122 seconds.\n' +
        '[   10.000001] [   T22] INFO: task b:22 blocked for more than 122 seconds.\n' +
        '[   10.000002] [   T11]  nfs_wait_bit+0x1/0x2\n[   10.000003] [   T22]  jbd2_log_wait+0x1/0x2\n',
    });
    expect(records().map(({ ref, fields }) => [ref.line, fields['caller']])).toEqual([
      [1, 'T11'],
      [2, 'T22'],
      [3, 'T11'],
      [4, 'T22'],
    ]);
  });

  it('an OOM kill leads to its pod by the uid in the path of the cgroup', async () => {
    const uid = '0b0a7f0c-9c3c-4a1e-8e9b-0d5a5d2a9f11';
    const { facts } = await analyze([
      folderOf({
        'n1/journal.log':
          'Jan 31 02:54:55 n1 kernel: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984\n' +
          `Jan 31 02:54:55 n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-1.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice/cri-1.scope,task=java,pid=4242,uid=0\n` +
          'Jan 31 02:54:55 n1 kernel: Memory cgroup out of memory: Killed process 4242 (java) total-vm:9000000kB, anon-rss:500000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1000kB oom_score_adj:984\n',
        'pods.json': JSON.stringify({
          kind: 'List',
          items: [{ kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', uid }, spec: { nodeName: 'n1' } }],
        }),
      }),
    ]);
    const pods = facts.facts.map(({ entities }) => entities['pod']);
    expect(pods).toContain('pod/shop/web-1');
  });
});

describe('kubectl', () => {
  it('an events table: unknown ages, counts, empty cells, cut and broken messages', async () => {
    const { records, source } = await readFiles(
      {
        'events.txt': [
          'LAST SEEN                 TYPE      REASON      OBJECT      SUBOBJECT                MESSAGE',
          '<unknown>                 Normal    Scheduled   pod/web-1                            Successfully assigned default/web-1 to n1',
          '2m3s (x12 over 30m)       Warning   BackOff     pod/web-1   spec.containers{app}     Back-off restarting failed container',
          '90s                       Warning   Failed      pod/web-2   spec.containers{app}     0/3 nodes are available....',
        ].join('\n'),
      },
      { collectedAt: COLLECTED },
    );
    expect(records().map(({ count, time }) => [count ?? 1, time !== undefined])).toEqual([
      [1, false],
      [12, true],
      [1, true],
    ]);
    const repeated = records()[1];
    expect(repeated?.time?.at.latest).toBeLessThanOrEqual(COLLECTED - 30 * 60_000);
    expect(repeated?.lastTime?.at.latest).toBeLessThanOrEqual(COLLECTED - 123_000);
    expectUnderstood(source());
  });

  it('rows of events without a header and with the columns of old clients', async () => {
    const { records } = await readFiles({
      'events-a.txt':
        'default   4m3s   Warning   FailedScheduling   pod/web-1   0/3 nodes are available\n' +
        'default   2m3s   Warning   BackOff            pod/web-2   Back-off restarting failed container\n',
      'events-b.txt':
        'LASTSEEN   FIRSTSEEN   COUNT     NAME      KIND      SUBOBJECT   TYPE      REASON             SOURCE              MESSAGE\n' +
        '4m         30m         7         web-1     Pod                   Warning   FailedScheduling   default-scheduler   no nodes available\n',
    });
    expect(records('events-a.txt').map(({ kind }) => kind)).toEqual(['kube-event', 'kube-event']);
    expect(records('events-b.txt')).toMatchObject([{ kind: 'kube-event', count: 7 }]);
  });

  it('`get all`: several tables in one file', async () => {
    const { source } = await readFiles({
      'all.txt': [
        'NAME        READY   STATUS    RESTARTS       AGE',
        'pod/web-1   0/1     Pending   0              5m',
        '',
        'NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE',
        'service/web   ClusterIP   10.43.0.7    <none>        80/TCP    5m',
        '',
        'NAME                  READY   UP-TO-DATE   AVAILABLE   AGE',
        'deployment.apps/web   0/1     1            0           5m',
      ].join('\n'),
    });
    expect(source().records.map(({ row }) => [row?.kind, row?.values['name']])).toEqual([
      ['Pod', 'web-1'],
      ['Service', 'web'],
      ['Deployment', 'web'],
    ]);
    expectUnderstood(source());
  });

  it('rows whose alignment a redaction broke, and restarts with an age', async () => {
    const { records } = await readFiles({
      'pods.txt': [
        'NAMESPACE     NAME                       READY   STATUS             RESTARTS       AGE   IP           NODE',
        'kube-system   coredns-5d78c9869d-abcde   0/1     CrashLoopBackOff   7 (2m3s ago)   9d    10.42.0.7    n1',
        'redacted-long-name   web-7   1/1     Running   0       9d    10.42.0.8    n1',
      ].join('\n'),
    });
    expect(records().map(({ row }) => row?.values)).toMatchObject([
      { name: 'coredns-5d78c9869d-abcde', restarts: 7, lastRestartMs: 123_000, status: 'CrashLoopBackOff' },
      { name: 'web-7', namespace: 'redacted-long-name', status: 'Running', restarts: 0 },
    ]);
  });

  it('a describe with last words at column 0 that look like a new document', async () => {
    const { source, records } = await readFiles({
      'pod.txt': [
        'Name:         web-1',
        'Namespace:    default',
        'Status:       Running',
        'Containers:',
        '  app:',
        '    State:          Waiting',
        '      Reason:       CrashLoopBackOff',
        '    Last State:     Terminated',
        '      Reason:       Error',
        '      Message:      first words',
        'Name:   not a document',
        'level=fatal msg="no such network" subsys=daemon',
        '      Exit Code:    1',
        '    Ready:          False',
        '    Restart Count:  6',
        'Events:       <none>',
      ].join('\n'),
    });
    const rows = records().filter(({ row }) => row?.kind === 'Pod');
    expect(rows.map(({ row }) => row?.values['name'])).toEqual(['web-1']);
    expect(JSON.stringify(source().records)).toContain('no such network');
    expectUnderstood(source());
  });

  it('events of a describe with tabs, and two describes without a blank line between them', async () => {
    const pod = (name: string) =>
      `Name:         ${name}\nNamespace:    default\nStatus:       Pending\nEvents:\n  Type     Reason     Age    From     Message\n  ----     ------     ----   ----     -------\n  Warning  Failed    \t4m28s  kubelet\t\tFailed to pull image "x"\n`;
    const { records } = await readFiles({ 'pods.txt': `${pod('a')}${pod('b')}` });
    expect(records().flatMap(({ row }) => (row?.kind === 'Pod' ? row.values['name'] : []))).toEqual(['a', 'b']);
    expect(records().flatMap(({ kind, pod: of }) => (kind === 'kube-event' ? of : []))).toEqual([
      'default/a',
      'default/b',
    ]);
  });

  const event = (name: string, second: number) => ({
    metadata: { name: `web-1.${name}`, namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web-1' },
    reason: 'BackOff',
    message: `again ${second}`,
    type: 'Warning',
    firstTimestamp: `2025-01-31T02:09:${second}Z`,
    lastTimestamp: `2025-01-31T02:59:${second}Z`,
    count: 4,
  });
  it.each([
    ['a bare array', JSON.stringify([event('a', 10), event('b', 11)]), 2],
    ['items that are null', '{"kind":"EventList","apiVersion":"v1","items":null}', 0],
    [
      'capitalised keys',
      '{"selfLink":"/x","Items":[{"InvolvedObject":{"Kind":"Node","Name":"n1"},"Reason":"DeletingAllPods","Message":"m","FirstTimestamp":"2017-11-02T09:18:19Z","LastTimestamp":"2017-11-03T03:21:47Z","Count":3,"Type":"Normal"}]}',
      1,
    ],
    [
      'lines of a watch',
      [event('a', 10), event('b', 11)]
        .map((object) => JSON.stringify({ type: 'ADDED', object: { kind: 'Event', ...object } }))
        .join('\n'),
      2,
    ],
    ['a list that was cut', `{"kind":"EventList","items":[${JSON.stringify(event('a', 10))},{"metadata":{"na`, 1],
  ])('events as %s', async (_, text, count) => {
    const { records, source } = await readFiles({ 'events.json': text });
    expect(records().filter(({ kind }) => kind === 'kube-event')).toHaveLength(count);
    expect(source().coverage.format).toBe('kubernetes-json');
  });

  it('events of events.k8s.io with a series', async () => {
    const { records } = await readFiles({
      'events.json': JSON.stringify({
        apiVersion: 'events.k8s.io/v1',
        kind: 'EventList',
        items: [
          {
            metadata: { name: 'web-1.x', namespace: 'default' },
            eventTime: '2025-01-31T02:58:40.123456Z',
            series: { count: 12, lastObservedTime: '2025-01-31T03:02:41.000000Z' },
            regarding: { kind: 'Pod', name: 'web-1', namespace: 'default' },
            reason: 'FailedScheduling',
            note: '0/3 nodes are available',
            type: 'Warning',
          },
        ],
      }),
    });
    const [only] = records();
    expect(only).toMatchObject({ count: 12, pod: 'default/web-1' });
    expect([isoOf(only), new Date(only?.lastTime?.at.earliest ?? 0).toISOString()]).toEqual([
      '2025-01-31T02:58:40.123Z',
      '2025-01-31T03:02:41.000Z',
    ]);
  });

  it('a file that is only an error of kubectl', async () => {
    const { source, records } = await readFiles({
      'nodes.txt': 'Unable to connect to the server: dial tcp 192.0.2.7:6443: connect: no route to host\n',
    });
    expect(source().coverage.format).toBe('kubectl-messages');
    expect(said(records())[0]).toContain('no route to host');
    expect(source().listings.filter(({ complete }) => complete)).toEqual([]);
  });

  // The suffix of an Event's name is the time of its first occurrence in nanoseconds.
  const suffix = (ms: number, nanos = 0n): string => (BigInt(ms) * 1_000_000n + nanos).toString(16).padStart(16, '0');
  it('the names in a wide events table tell when it was printed', async () => {
    const first = COLLECTED - 303_400;
    const { clocks, records } = await readFiles({
      'events.txt': [
        'LAST SEEN   TYPE      REASON    OBJECT      SUBOBJECT   SOURCE    MESSAGE    FIRST SEEN   COUNT   NAME',
        `5m3s        Warning   BackOff   pod/web-1               kubelet   Back-off   5m3s         1       web-1.${suffix(first)}`,
        `100s        Warning   BackOff   pod/web-2               kubelet   Back-off   100s         1       web-2.${suffix(COLLECTED - 100_700)}`,
        '60s         Warning   BackOff   pod/web-3               kubelet   Back-off   60s          1       web-3.other',
      ].join('\n'),
    });
    expect(clocks.collectedAt?.basis).toBe('rows that show both an age and a time');
    expect(records()[0]?.time?.at.earliest).toBe(first);
    const { earliest = 0, latest = 0 } = records()[2]?.time?.at ?? {};
    expect(Math.abs(earliest - (COLLECTED - 60_000))).toBeLessThanOrEqual(1500);
    expect(latest - earliest).toBeLessThanOrEqual(3000);
  });

  it('two events of one second are ordered by their names', async () => {
    const at = Date.UTC(2025, 0, 31, 2, 9, 10);
    const [a, b] = [suffix(at, 900_000_000n), suffix(at, 100_000_000n)];
    const { records } = await readFiles({ 'events.json': JSON.stringify([event(a, 10), event(b, 10)]) });
    expect(records().map(({ time }) => time?.at.earliest)).toEqual([at + 900, at + 100]);
  });
});

describe('container logs', () => {
  it('CRI pieces of two streams, and one that is never completed', async () => {
    const { records } = await readFiles({
      'var/log/pods/shop_web-1_0b0a7f0c-9c3c-4a1e-8e9b-0d5a5d2a9f11/app/0.log': [
        '2025-01-31T02:54:55.1Z stdout P first ',
        '2025-01-31T02:54:55.2Z stderr F other',
        '2025-01-31T02:54:55.3Z stdout F second',
        '2025-01-31T02:54:56.1Z stdout P never completed',
      ].join('\n'),
    });
    expect(said(records()).sort()).toEqual(['first second', 'never completed', 'other']);
    expect(records()[0]).toMatchObject({ pod: 'shop/web-1', container: 'app' });
  });

  it('docker pieces without a line feed', async () => {
    const { records } = await readFiles({
      'app-json.log':
        '{"log":"first ","stream":"stdout","time":"2025-01-31T02:54:55.1Z"}\n{"log":"second\\n","stream":"stdout","time":"2025-01-31T02:54:55.2Z"}\n',
    });
    expect(said(records())).toEqual(['first second']);
  });

  it('stacks of two pods that --prefix interleaved', async () => {
    const { records } = await readFiles({
      'logs.txt': [
        '[pod/a-1/app] panic: one',
        '[pod/b-1/app] panic: two',
        '[pod/a-1/app] ',
        '[pod/b-1/app] ',
        '[pod/a-1/app] goroutine 1 [running]:',
        '[pod/b-1/app] goroutine 2 [running]:',
      ].join('\n'),
    });
    const panics = records().filter(({ message }) => message.startsWith('panic: '));
    expect(said(panics)).toEqual([
      expect.stringMatching(/^panic: one(?!.*two)/su),
      expect.stringMatching(/^panic: two(?!.*one)/su),
    ]);
  });

  it('klog: blocks, headers with a blank, fatal lines with goroutines, JSON in ms and s', async () => {
    const { records } = await readFiles(
      {
        'klog.log': [
          'I0131 02:54:55.123456    1501 kubelet.go:10] "Generated config" config=<',
          '\tapiVersion: v1',
          ' >',
          'W0131 02:54:56.111423       1 controller.go:386 ] Resetting endpoints',
          'F0131 02:54:57.273166       1 election.go:92] leaderelection lost',
          'goroutine 1 [running]:',
          'main.main()',
          '\t/src/main.go:12 +0x1d',
        ].join('\n'),
        'ms.log': '{"ts":1738292095123.5,"caller":"a.go:1","msg":"in ms","v":0}\n',
        's.log': '{"ts":1738292095.1235,"caller":"a.go:1","msg":"in s","v":0}\n',
      },
      { collectedAt: COLLECTED },
    );
    expect(records('klog.log').map(({ level, ref }) => [level, ref.line])).toEqual([
      ['info', 1],
      ['warning', 4],
      ['crit', 5],
    ]);
    expect(said(records('klog.log'))).toMatchObject([
      expect.stringContaining('apiVersion: v1'),
      'Resetting endpoints',
      expect.stringContaining('main.main()'),
    ]);
    expect([isoOf(records('ms.log')[0]), isoOf(records('s.log')[0])]).toEqual([
      '2025-01-31T02:54:55.123Z',
      '2025-01-31T02:54:55.123Z',
    ]);
  });

  it('logrus and slog: empty values, bare brackets, lines without a time', async () => {
    const { records } = await readFiles({
      'cilium-agent.log': [
        'level=warning msg="generating BPF for endpoint failed" error= endpointID=12 subsys=endpoint',
        'time=2025-01-31T02:54:55.371642385Z level=warn msg="Cannot forward" uri-san=[spiffe://a/identity/3712] module=agent',
      ].join('\n'),
    });
    expect(records().map(({ level, time }) => [level, time !== undefined])).toEqual([
      ['warning', false],
      ['warning', true],
    ]);
    expect(records().map(({ fields }) => fields)).toMatchObject([
      { error: '', endpointID: '12' },
      { 'uri-san': '[spiffe://a/identity/3712]', module: 'agent' },
    ]);
  });

  it('Hubble: replies and lost events', async () => {
    const { records, source } = await readFiles(
      {
        'hubble.log': [
          'Jan 31 02:58:40.123: default/app-1:51234 (ID:1) <- 8.8.8.8:53 (world) to-endpoint FORWARDED (UDP)',
          'Jan 31 02:58:41.001: default/app-1:51234 (ID:1) -> 8.8.8.8:53 (world) policy-verdict:none EGRESS DENIED (UDP)',
          'EVENTS LOST: HUBBLE_RING_BUFFER CPU(0) 42',
        ].join('\n'),
      },
      { collectedAt: COLLECTED },
    );
    expect(source().coverage).toMatchObject({ format: 'hubble-compact', unknown: 0 });
    expect(isoOf(records()[1])).toBe('2025-01-31T02:58:41.001Z');
  });

  it('the status of a dead Cilium agent', async () => {
    const { records } = await readFiles({
      'cilium-status.txt':
        'Error: Cannot get status/health: Get "http://localhost/v1/healthz": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?\n',
    });
    expect(records().some(({ row }) => row?.kind === 'Component' && row.values['ready'] === false)).toBe(true);
  });

  it('CoreDNS: clients with v6 addresses, and no time at all', async () => {
    const { records, source } = await readFiles({
      'coredns.log': [
        '.:53',
        '[INFO] plugin/reload: Running configuration SHA512 = x',
        'CoreDNS-1.11.1',
        'linux/amd64, go1.20.7, ae2bbc2',
        '[INFO] [::1]:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,rd,ra 68 0.037990251s',
        '[ERROR] plugin/errors: 2 quay.io. A: read udp 10.42.0.7:41->192.0.2.1:53: i/o timeout',
      ].join('\n'),
    });
    expect(source().coverage).toMatchObject({ format: 'coredns', unknown: 0 });
    expect(records().at(-1)).toMatchObject({ level: 'err' });
    expect(records().at(-1)?.time).toBeUndefined();
  });

  it('etcd of old: capnslog and the lines of its gRPC library', async () => {
    const { records, source } = await readFiles({
      'etcd.log':
        '2020-07-29 10:38:33.889829 W | etcdserver: read-only range request took too long (2.1s) to execute\n' +
        'WARNING: 2020/07/29 10:38:34 grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379 0}\n' +
        '2020-07-29 10:38:35.000001 C | etcdserver: the clock difference against peer x is too high\n',
    });
    expect(source().coverage.unknown).toBe(0);
    expect(records().map(({ level }) => level)).toEqual(['warning', 'warning', 'crit']);
    expect(isoOf(records()[0])).toBe('2020-07-29T10:38:33.889Z');
  });

  it('zap on a console: stacks, and times as numbers', async () => {
    const { records } = await readFiles({
      'a.log':
        '2025-01-31T02:54:55.856Z\terror\tinternal/base.go:1\tExporting failed\ngithub.com/x/y.(*Z).Run\n\t/src/z.go:12\n2025-01-31T02:54:56.000Z\tinfo\ta.go:2\tnext\n',
      'b.log': '1.738292095123e+09\tINFO\tcontroller\tstarted\n',
    });
    expect(records('a.log').map(({ ref, level }) => [ref.line, ref.endLine ?? ref.line, level])).toEqual([
      [1, 3, 'err'],
      [4, 4, 'info'],
    ]);
    expect(isoOf(records('b.log')[0])).toBe('2025-01-31T02:54:55.123Z');
  });

  it('three layers of Talos: node, CRI, klog', async () => {
    const { records } = await readFiles({
      'logs.txt':
        '192.0.2.7: 2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 server_others.go:138] "Detected node IP" address="192.0.2.3"\n' +
        '192.0.2.7: 2021-11-30T19:13:21.567825192Z stderr F E1130 19:13:21.567737       1 server_others.go:140] "Failed" err="x"\n',
    });
    expect(records()[0]).toMatchObject({
      node: '192.0.2.7',
      level: 'info',
      message: expect.stringContaining('Detected node IP'),
      fields: { address: '192.0.2.3' },
    });
    expect(isoOf(records()[0])).toBe('2021-11-30T19:13:20.567Z');
    expect(records()[1]?.level).toBe('err');
  });

  it('a vlog line inside a prefix of Pebble', async () => {
    const { records } = await readFiles({
      'ovn.log':
        '2025-05-14T04:27:27.926Z [ovn-sb-db-server] 2025-05-14T04:27:27Z|00002|raft|INFO|term 7: starting election\n' +
        '2025-05-14T04:27:28.926Z [ovn-sb-db-server] 2025-05-14T04:27:28Z|00003|raft|WARN|no leader\n',
    });
    expect(records().map(({ level, message, unit }) => [level, message, unit])).toEqual([
      ['info', 'term 7: starting election module=raft', 'ovn-sb-db-server'],
      ['warning', 'no leader module=raft', 'ovn-sb-db-server'],
    ]);
  });
});
