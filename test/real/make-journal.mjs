/**
 * Writes a journal in export form and what is in it, for journal.sh.
 *
 *     node make-journal.mjs DIRECTORY
 *
 * DIRECTORY/journal.export is for systemd-journal-remote, DIRECTORY/kmsg for `dmesg -F`, DIRECTORY/expected.json for
 * journal.test.ts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
const BOOTS = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const MACHINE = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

/** [boot, seconds after the one before, fields, message as bytes or text] */
const ENTRIES = [
  [0, 0, { SYSLOG_IDENTIFIER: 'kernel', _TRANSPORT: 'kernel', PRIORITY: '5' }, 'Linux version 6.1.0-18-amd64'],
  [0, 1.5, { SYSLOG_IDENTIFIER: 'systemd', _PID: '1', PRIORITY: '6' }, 'Started kubelet: The Kubernetes Node Agent.'],
  [
    0,
    0.25,
    { SYSLOG_IDENTIFIER: 'myapp', _PID: '77', PRIORITY: '3' },
    'panic: runtime error\n\ngoroutine 1 [running]:\n  main.go:12',
  ],
  [0, 1, { SYSLOG_IDENTIFIER: 'my app', _PID: '78', PRIORITY: '6' }, 'an identifier with a blank\nand two lines'],
  [0, 1, { SYSLOG_IDENTIFIER: 'myäpp', _PID: '79', PRIORITY: '6' }, 'wide characters ä\nindented by bytes'],
  [0, 1, { SYSLOG_IDENTIFIER: 'nopid', PRIORITY: '4' }, 'no pid: here'],
  [0, 1, { _COMM: 'fromcomm', _PID: '80', PRIORITY: '6' }, 'no identifier'],
  [0, 1, { SYSLOG_IDENTIFIER: 'color', _PID: '81', PRIORITY: '3' }, '\u001b[31mred\u001b[0m alert'],
  [0, 1, { SYSLOG_IDENTIFIER: 'empty', _PID: '83', PRIORITY: '6' }, ''],
  [
    0,
    120.526544,
    { SYSLOG_IDENTIFIER: 'kernel', _TRANSPORT: 'kernel', PRIORITY: '3' },
    'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
  ],
  [
    0,
    1,
    { SYSLOG_IDENTIFIER: 'sourced', _PID: '84', PRIORITY: '6', earlier: 3 },
    'sent three seconds before it was received',
  ],
  [1, 59_284, { SYSLOG_IDENTIFIER: 'kernel', _TRANSPORT: 'kernel', PRIORITY: '5' }, 'Linux version 6.1.0-18-amd64'],
  [
    1,
    2,
    { SYSLOG_IDENTIFIER: 'kubelet', _PID: '1501', PRIORITY: '6', _SYSTEMD_UNIT: 'kubelet.service' },
    'Flag --cgroup-driver has been deprecated',
  ],
  [1, 1, { SYSLOG_IDENTIFIER: 'rke2', _PID: '9', PRIORITY: '6' }, 'x'.repeat(300)],
];

let realtime = 1_738_292_095_123_456;
let monotonic = 0;
let boot = -1;
const expected = [];
const chunks = [];
for (const [ofBoot, after, { earlier, ...fields }, message] of ENTRIES) {
  realtime += Math.round(after * 1e6);
  monotonic = ofBoot === boot ? monotonic + Math.round(after * 1e6) : 12_000_000;
  boot = ofBoot;
  const isKernel = fields._TRANSPORT === 'kernel';
  const source = earlier === undefined ? undefined : realtime - earlier * 1e6;
  const entry = {
    __REALTIME_TIMESTAMP: String(realtime),
    __MONOTONIC_TIMESTAMP: String(monotonic),
    _BOOT_ID: BOOTS[boot],
    _MACHINE_ID: MACHINE,
    _HOSTNAME: 'node-1',
    ...(isKernel ? { _SOURCE_MONOTONIC_TIMESTAMP: String(monotonic) } : {}),
    ...(source === undefined ? {} : { _SOURCE_REALTIME_TIMESTAMP: String(source) }),
    ...fields,
    MESSAGE: message,
  };
  chunks.push(...Object.entries(entry).map(([key, value]) => exportField(key, value)), Buffer.from('\n'));
  expected.push({
    boot,
    epochMs: Math.floor((source ?? realtime) / 1000),
    receivedMs: Math.floor(realtime / 1000),
    bootSeconds: monotonic / 1e6,
    unit: fields.SYSLOG_IDENTIFIER ?? fields._COMM,
    ...(fields._PID === undefined ? {} : { pid: Number(fields._PID) }),
    message,
  });
}

const KERNEL = [
  [5, 0, 'Linux version 6.1.0-18-amd64'],
  [6, 0.004, 'Command line: quiet'],
  [3, 61.5, 'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.'],
  [6, 61.500113, '      Not tainted 6.1.0-18-amd64 #1'],
  [4, 62.5, '[  T1234] a "quoted" } brace'],
  [4, 12_345_678.123456, 'e1000e: eth0 NIC Link is Down'],
];

writeFileSync(join(directory, 'journal.export'), Buffer.concat(chunks));
writeFileSync(
  join(directory, 'kmsg'),
  KERNEL.map(([priority, seconds, text]) => `<${priority}>[${seconds.toFixed(6).padStart(12)}] ${text}\n`).join(''),
);
writeFileSync(
  join(directory, 'expected.json'),
  JSON.stringify({
    journal: expected,
    kernel: KERNEL.map(([priority, seconds, text]) => ({ priority, seconds, text })),
  }),
);

function exportField(key, value) {
  const bytes = Buffer.from(value);
  if ([...bytes].every((byte) => byte >= 32)) {
    return Buffer.from(`${key}=${value}\n`);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${key}\n`), length, bytes, Buffer.from('\n')]);
}
