import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/model/index.ts';
import type { LineFormat } from '../../src/parsers/format.ts';
import { lineFormats } from '../../src/parsers/line-formats.ts';
import { readLines } from '../../src/parsers/lines.ts';
import { recognise, sniffOf } from '../../src/parsers/sniff.ts';
import { isReversed } from '../../src/time/reversed.ts';

function formatOf(id: string): LineFormat {
  const found = lineFormats.find((format) => format.id === id);
  if (found === undefined) {
    throw new Error(`no format ${id}`);
  }
  return found;
}

function recognised(lines: readonly string[]): string {
  const { format } = recognise(sniffOf('file', {}, lines.join('\n')), lineFormats);
  return typeof format === 'string' ? format : format.id;
}

function read(id: string, lines: readonly string[]): readonly LogRecord[] {
  return readLines(lines, 1, formatOf(id), { path: 'file', context: {}, all: lineFormats }).records;
}

const short = (id: string, text: string) => read(id, [text])[0];

describe('recognition of system logs', () => {
  it.each([
    ['journal-short', ['Jan 31 02:54:55 n1 systemd[1]: a', 'Jan 31 02:54:56 n1 kubelet[15]: b']],
    ['journal-short', ['Feb 04 02:54:55 n1 systemd[1]: a', 'Feb 10 02:54:56 n1 kubelet[15]: b']],
    ['syslog-3164', ['Feb  4 09:34:10 c kernel: [    0.000000] Linux version 5', 'Feb 10 09:34:10 c cron[1]: b']],
    ['syslog-3164', ['Jan 31 02:54:55 n1 rsyslogd: imjournal: begin to drop messages', 'Jan 31 02:54:56 n1 k[15]: b']],
    ['syslog-3164', ['<30>Jan 31 02:54:55 n1 kubelet[1]: a', '<30>Jan 31 02:54:55 n1 kubelet[1]: b']],
    ['journal-precise', ['Jan 31 02:54:55.123456 n1 systemd[1]: a']],
    ['journal-iso', ['2025-01-31T02:54:55+0000 n1 systemd[1]: a', '2025-01-31T02:54:55+0000 n1 kernel: b']],
    ['journal-iso-precise', ['2025-01-31T02:54:55.123456+0000 n1 systemd[1]: a']],
    ['syslog-iso', ['2025-01-31T02:54:55.123Z n1 systemd[1]: a']],
    ['journal-full', ['Fri 2025-01-31 02:54:55 UTC n1 systemd[1]: a', '-- Reboot --']],
    ['journal-unix', ['1738292095.123456 n1 systemd[1]: a']],
    ['journal-delta', ['[ 3600.123456                ] n1 systemd[1]: a', '[ 3601.123456 <    1.000000 >] n1 k[2]: b']],
    [
      'journal-monotonic',
      [
        '[ 3600.1234560] x',
        '[ 3600.123456] n1 systemd[1]: a',
        '[ 3601.123456] n1 kernel: b',
        '[ 3602.123456] n1 k[2]: c',
      ],
    ],
    [
      'dmesg-raw',
      [
        '[ 3600.123456] usb 1-1: new high-speed USB device',
        '[ 3601.123456] EXT4-fs (sda1): mounted',
        '[ 3602.123456] usb 1-1: gone',
      ],
    ],
    ['dmesg-raw', ['kern  :err   : [ 3600.123456] usb 1-1: a', 'user  :warn  : [ 3600.123456] b']],
    [
      'dmesg-raw',
      ['[1180532.573917] EDAC MC1: 128 CE memory read error', '[1180532.573925] EDAC MC1: 147 CE memory read error'],
    ],
    ['dmesg-raw', ['[   89.895139] nvme nvme0: I/O 900 QID 2 timeout, aborting']],
    ['dmesg-ctime', ['[Fri Jan 31 02:57:18 2025] nfs: server a not responding']],
    ['dmesg-iso', ['2025-01-31T02:57:18,100000+00:00 nfs: server a not responding']],
    ['kmsg', ['6,339,5140900,-;NET: Registered protocol family 10', ' SUBSYSTEM=x']],
    [
      'talos-dmesg',
      ['kern:    info: [2022-07-28T11:49:42.489473063Z]: a', 'user: warning: [2022-07-28T11:49:43Z]: [talos] b'],
    ],
    ['cri', ['2016-10-06T00:17:09.669794202Z stdout P a', '2016-10-06T00:17:09.669794203Z stderr F b']],
    ['k8s-ts', ['2025-09-11T15:54:39.123456789Z I0911 15:54:39.123456       1 a.go:1] "x"', '2025-09-11T15:54:39Z']],
    ['k8s-ts', ['2025-09-11T15:54:39.123Z [INFO] plugin/ready: a', '2025-09-11T15:54:39.123Z [error] b']],
    ['pebble', ['2025-05-14T04:27:27.926Z [ovn-sb] 2025-05-14T04:27:27Z|00001|vlog|INFO|a']],
    ['ovs-vlog', ['2022-02-10T16:09:29.498Z|00121|connmgr|INFO|br-tun<->tcp:127.0.0.1:6633: a']],
    ['kubectl-prefix', ['[pod/a/b] 2025-09-11T15:54:39.123456789Z x', '[pod/a/c] y']],
    ['compose', ['web-1  | a', 'db-1   | b']],
    ['docker-json', ['{"log":"a\\n","stream":"stdout","time":"2016-10-20T18:39:20Z"}']],
    ['syslog-5424', ['<27>1 2025-01-31T02:58:40.123456Z n1 kubelet 1501 - - a']],
    ['talos-node', ['172.20.1.2: 2021-11-30T19:13:20.5Z stderr F a', '172.20.1.3: {"msg":"b"}']],
  ])('%s', (id, lines) => {
    expect(recognised(lines)).toBe(id);
  });
});

describe('journal lines', () => {
  it('loses colours', () => {
    const record = short(
      'journal-short',
      'Jan 31 02:54:55 n1 k[1]: \u001b[0;1;31m\u001b[0;1;39m\u001b[0;1;31mred\u001b[0m',
    );
    expect(record?.message).toBe('red');
  });

  it.each(['░░ Subject: A start job has failed', '░░ ', '-- Subject: Unit x has failed', '-- ', '--'])(
    'skips catalog text: %s',
    (catalog) => {
      const records = read('journal-short', [
        'Jan 31 02:54:55 n1 systemd[1]: a',
        catalog,
        'Jan 31 02:54:56 n1 systemd[1]: b',
      ]);
      expect(records.map(({ message }) => message)).toEqual(['a', 'b']);
    },
  );

  it('turns boot boundaries into records', () => {
    const records = read('journal-short', ['-- Reboot --', '-- Boot fedcba9876543210fedcba9876543210 --']);
    expect(records.map(({ unit, message, fields }) => ({ unit, message, fields }))).toEqual([
      { unit: 'journal', message: '-- Reboot --', fields: { 'boot.marker': 'reboot' } },
      {
        unit: 'journal',
        message: '-- Boot fedcba9876543210fedcba9876543210 --',
        fields: { 'boot.marker': 'boot', 'boot.id': 'fedcba9876543210fedcba9876543210' },
      },
    ]);
  });

  it.each([
    [
      '-- Logs begin at Fri 2022-02-04 09:34:04 UTC, end at Thu 2022-02-10 16:19:19 UTC. --',
      '2022-02-10T16:19:19',
      'UTC',
    ],
    [
      '-- Journal begins at Mon 2023-08-28 17:12:05 EDT, ends at Tue 2023-11-21 17:00:31 EST. --',
      '2023-11-21T17:00:31',
      'EST',
    ],
    ['-- Journal begins at Fri 2021-08-06 14:40:59 UTC. --', '2021-08-06T14:40:59', 'UTC'],
  ])('takes year and zone from %s', (line, anchor, zone) => {
    expect(short('journal-short', line)?.fields).toMatchObject({ 'year.anchor': anchor, 'zone.name': zone });
  });

  it('keeps "no entries" and missing rights as records', () => {
    const records = read('journal-short', [
      '-- No entries --',
      'Hint: You are currently not seeing messages from other users and the system.',
      "      Users in groups 'adm', 'systemd-journal' can see all messages.",
      '      Pass -q to turn off this notice.',
    ]);
    expect(records.map(({ unit, level, ref }) => [unit, level, ref.line])).toEqual([
      ['journal', undefined, 1],
      ['journal', 'warning', 2],
    ]);
  });

  it('joins an indented message with an empty inner line, also where blanks at line ends were stripped', () => {
    const indent = ' '.repeat(34);
    for (const empty of [indent, '']) {
      const [record, next] = read('journal-short', [
        'Jan 31 02:56:57 node-1 myapp[77]: panic: runtime error',
        empty,
        `${indent}goroutine 1 [running]:`,
        `${indent}        /src/main.go:12 +0x1d`,
        'Jan 31 02:56:58 node-1 myapp[77]: next',
      ]);
      expect(record?.message).toBe('panic: runtime error\n\ngoroutine 1 [running]:\n        /src/main.go:12 +0x1d');
      expect(next?.message).toBe('next');
    }
  });

  it('counts the indentation in bytes, as journalctl does', () => {
    const [record] = read('journal-short', [
      'Jan 31 02:54:56 node-1 myäpp[77]: panic: x',
      `${' '.repeat(35)}  two blanks`,
    ]);
    expect(record?.message).toBe('panic: x\n  two blanks');
  });

  it.each([
    ['Jan 31 02:54:57 node-1 my app[78]: x', { node: 'node-1', unit: 'my app', pid: 78 }],
    ['Jan 31 02:54:57 node-1 myapp: no pid', { node: 'node-1', unit: 'myapp', pid: undefined }],
    ['Jan 31 02:54:57 kubelet[7]: no host', { node: undefined, unit: 'kubelet', pid: 7 }],
    ['Jan 31 02:54:57  kubelet[7]: no host', { node: undefined, unit: 'kubelet', pid: 7 }],
    ['Jan 31 02:54:57 node-1 (sd-pam)[9]: x', { node: 'node-1', unit: '(sd-pam)', pid: 9 }],
    ['Jan 31 02:54:57 fe80::1 kernel: x', { node: 'fe80::1', unit: 'kernel', pid: undefined }],
    ['Jan 31 02:54:57 node-1 k[9]:', { node: 'node-1', unit: 'k', pid: 9 }],
    ['Jan 31 02:54:57 text without any header, "quoted: yes"', { node: undefined, unit: undefined, pid: undefined }],
  ])('splits host, identifier and pid of %s', (line, expected) => {
    const record = short('journal-short', line);
    expect({ node: record?.node, unit: record?.unit, pid: record?.process?.pid }).toEqual(expected);
  });

  it.each([
    ['juil. 15 23:41:39', 7, 15],
    ['déc. 05 23:41:39', 12, 5],
    ['Mär 04 23:41:39', 3, 4],
    ['ene 31 23:41:39', 1, 31],
    ['gen 31 23:41:39', 1, 31],
    ['out 31 23:41:39', 10, 31],
    ['mrt 31 23:41:39', 3, 31],
    ['paź 31 23:41:39', 10, 31],
    ['maj 31 23:41:39', 5, 31],
    ['сен 24 23:41:39', 9, 24],
  ])('knows the month of %s', (time, month, day) => {
    expect(short('journal-short', `${time} host k3s[569842]: x`)?.stamp).toEqual({
      kind: 'wall',
      month,
      day,
      msOfDay: 85_299_000,
      precisionMs: 1000,
    });
  });

  it('keeps stamps that step back within a file as they are', () => {
    const records = read('journal-short', [
      'Jan 31 02:54:57 n k[1]: a',
      'Jan 31 02:54:55 n k[1]: b',
      'Jan 31 02:54:58 n k[1]: c',
    ]);
    expect(records.map(({ stamp }) => (stamp?.kind === 'wall' ? stamp.msOfDay / 1000 : 0))).toEqual([
      10_497, 10_495, 10_498,
    ]);
  });

  it('tells a reversed file from one whose stamps step back now and then', () => {
    expect(isReversed([9, 8, 8, -1, 7, 5, 4])).toBe(true);
    expect(isReversed([1, 2, 3, 2, 4, 5])).toBe(false);
    expect(isReversed([3, 2])).toBe(false);
    expect(isReversed([])).toBe(false);
  });

  it('takes NUL bytes in the middle as a record of their own', () => {
    const records = read('journal-short', ['Jan 31 02:54:55 n k[1]: a', `${'\0'.repeat(64)}Jan 31 03:00:00 n k[1]: b`]);
    expect(records.map(({ message }) => message)).toEqual(['a', '64 NUL bytes', 'b']);
  });
});

describe('syslog lines', () => {
  it('moves the second stamp of kernel lines to a hint', () => {
    const record = short(
      'syslog-3164',
      'Feb  4 09:34:10 c kernel: [ 4301.999258] audit: type=1400 audit(1644450589.972:424): x',
    );
    expect([record?.message, record?.fields]).toEqual([
      'audit: type=1400 audit(1644450589.972:424): x',
      { 'boot.seconds': '4301.999258' },
    ]);
  });

  it('undoes escapes of control characters, and drops colours that were escaped', () => {
    expect(short('syslog-3164', 'Feb  4 09:34:10 c k[1]: a#011b#012c #033[31mred#033[0m #100')?.message).toBe(
      'a\tb\nc red #100',
    );
  });

  it('counts repeats', () => {
    const record = short(
      'syslog-3164',
      'Jan 31 02:58:45 n message repeated 3 times: [ nfs: server a [b] not responding]',
    );
    expect([record?.count, record?.message, record?.unit]).toEqual([3, 'nfs: server a [b] not responding', undefined]);
  });
});

describe('kernel log lines', () => {
  it('leaves each line of a hung task its own record, and the name of the task whole', () => {
    const records = read('dmesg-raw', [
      '[ 3720.650000] INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      '[ 3720.650100]       Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1',
      '[ 3720.650200] Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings',
    ]);
    expect(records.map(({ message, ref }) => [message, ref.line])).toEqual([
      ['INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.', 1],
      ['      Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1', 2],
      ['Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings', 3],
    ]);
  });

  it('joins a message of several lines by its indentation', () => {
    const [record] = read('dmesg-raw', [
      '[12345678.123456] line one',
      '                  line two',
      '[12345678.123457] next',
    ]);
    expect(record?.message).toBe('line one\nline two');
  });

  it('keeps interleaved call traces apart by their caller', () => {
    const streams = ['[   12.345678] [  T1234] Call Trace:', '[   12.345679] [    C0] Call Trace:'].map(
      (line) => formatOf('dmesg-raw').parse(line)?.stream,
    );
    expect(streams).toEqual(['/kernel/T1234', '/kernel/C0']);
  });

  it('keeps the pod uid of an OOM kill in the message', () => {
    const line =
      '[99.000001] oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/kubepods/burstable/pod0330b2c1-a15b-4cdd-b5e5-72d4a90bee82/abc,task=java,pid=77,uid=0';
    expect(short('dmesg-raw', line)?.message).toContain('/pod0330b2c1-a15b-4cdd-b5e5-72d4a90bee82/');
  });

  it('gives an iso time with its offset', () => {
    expect(short('dmesg-iso', '2025-01-31T02:57:18,100000-05:00 x')?.stamp).toMatchObject({
      epochMs: 1_738_310_238_100,
    });
  });
});

describe('container log lines', () => {
  it('puts partial lines together per stream, at the time of the first part', () => {
    const records = read('cri', [
      '2016-10-06T00:17:09.669794202Z stdout P log content 1',
      '2016-10-06T00:17:09.669794203Z stderr F other',
      '2016-10-06T00:17:09.700000000Z stdout F  and more',
      '2016-10-06T00:17:10.000000000Z stdout P cut o',
    ]);
    expect(
      records.map(({ message, stamp, ref }) => [message, stamp?.kind === 'instant' && stamp.epochMs, ref]),
    ).toEqual([
      ['log content 1 and more', 1_475_713_029_669, { source: 'file', line: 1, endLine: 3 }],
      ['other', 1_475_713_029_669, { source: 'file', line: 2 }],
      ['cut o', 1_475_713_030_000, { source: 'file', line: 4 }],
    ]);
  });

  it('puts docker lines without a line feed together', () => {
    const records = read('docker-json', [
      '{"log":"a ","stream":"stdout","time":"2016-10-20T18:39:20Z"}',
      '{"log":"x\\n","stream":"stderr","time":"2016-10-20T18:39:21Z"}',
      '{"log":"b\\n","stream":"stdout","time":"2016-10-20T18:39:22Z"}',
    ]);
    expect(records.map(({ message }) => message)).toEqual(['a b', 'x']);
  });

  it('names the pod of a prefix where the path tells the namespace', () => {
    const context = { path: 'file', context: { namespace: 'shop' }, all: lineFormats };
    const { records } = readLines(['[pod/a/app] x', '[pod/b/app] y'], 1, formatOf('kubectl-prefix'), context);
    expect(records.map(({ pod, container, stream }) => [pod, container, stream])).toEqual([
      ['shop/a', 'app', 'file#shop/a'],
      ['shop/b', 'app', 'file#shop/b'],
    ]);
  });

  it('keeps lines of several pods apart', () => {
    const streams = ['[pod/a/app] goroutine 1 [running]:', '[pod/b/app] Traceback (most recent call last):'].map(
      (line) => formatOf('kubectl-prefix').parse(line)?.stream,
    );
    expect(streams).toEqual(['a/app', 'b/app']);
  });
});

describe('talos', () => {
  it('takes the level of its own lines from their text', () => {
    const levels = ['[talos] task x (1/1): done, 2ms', '[talos] controller failed', '[talos] retrying'].map(
      (text) => formatOf('talos-dmesg').parse(`user: warning: [2024-02-19T20:45:36Z]: ${text}`)?.level,
    );
    expect(levels).toEqual(['info', 'err', 'warning']);
  });

  it.each(['error: the server does not have a resource type', 'web: listening', 'panic: x', 'a:b: c'])(
    'does not take a word before a colon for a node: %s',
    (line) => {
      expect(formatOf('talos-node').parse(line)).toBeUndefined();
    },
  );
});
