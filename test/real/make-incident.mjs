/**
 * Writes the journal of an incident fixture in export form, for journal.sh.
 *
 *     node make-incident.mjs DIRECTORY
 *
 * DIRECTORY/incident.export holds both boots of the node, DIRECTORY/incident.kmsg the kernel lines of the first one for
 * `dmesg -F`. The fixture has whole seconds: lines of one second get a millisecond each, so that their order stays.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
const NODE = join(import.meta.dirname, '../../fixtures/nfs-dns-cilium-cascade/bundle/k8s-cp-01');
const BOOTS = [
  { id: '0123456789abcdef0123456789abcdef', file: 'journal-previous-boot.log' },
  { id: 'fedcba9876543210fedcba9876543210', file: 'journal-current-boot.log' },
];
const MACHINE = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const LINE = /^Nov (\d\d) (\d\d):(\d\d):(\d\d) (\S+) ([^\s:[]+)(?:\[(\d+)\])?: (.*)$/u;

const entries = [];
const kernel = [];
for (const [index, { id, file }] of BOOTS.entries()) {
  let bootedAt;
  let second;
  let within = 0;
  for (const line of readFileSync(join(NODE, file), 'utf8').trimEnd().split('\n')) {
    const found = LINE.exec(line);
    if (found === null) throw new Error(`not a journal line: ${line}`);
    const [, day, hour, minute, sec, host, ident, pid, message] = found;
    const atMs = Date.UTC(2025, 10, Number(day), Number(hour), Number(minute), Number(sec));
    within = atMs === second ? within + 1 : 0;
    second = atMs;
    // The first line comes a few seconds after the boot.
    bootedAt ??= atMs - 5000;
    const realtime = (atMs + within) * 1000;
    const monotonic = realtime - bootedAt * 1000;
    const isKernel = ident === 'kernel';
    entries.push({
      __REALTIME_TIMESTAMP: String(realtime),
      __MONOTONIC_TIMESTAMP: String(monotonic),
      _BOOT_ID: id,
      _MACHINE_ID: MACHINE,
      _HOSTNAME: host,
      SYSLOG_IDENTIFIER: ident,
      _TRANSPORT: isKernel ? 'kernel' : 'stdout',
      PRIORITY: isKernel ? '3' : '6',
      ...(isKernel
        ? { _SOURCE_MONOTONIC_TIMESTAMP: String(monotonic) }
        : { _SYSTEMD_UNIT: ident === 'systemd' ? 'init.scope' : `${ident}.service` }),
      ...(pid === undefined ? {} : { _PID: pid }),
      MESSAGE: message,
    });
    if (isKernel && index === 0) kernel.push({ seconds: monotonic / 1e6, message, atMs: atMs + within });
  }
}

writeFileSync(
  join(directory, 'incident.export'),
  entries
    .map(
      (entry) =>
        `${Object.entries(entry)
          .map(([key, value]) => `${key}=${value}\n`)
          .join('')}\n`,
    )
    .join(''),
);

// A line that tells the wall clock, as machines with auditing have it.
const [first] = kernel;
const audit = `audit: type=2000 audit(${(first.atMs / 1000).toFixed(3)}:1): state=initialized audit_enabled=0 res=1`;
writeFileSync(
  join(directory, 'incident.kmsg'),
  [{ seconds: first.seconds, message: audit }, ...kernel]
    .map(({ seconds, message }) => `<3>[${seconds.toFixed(6).padStart(12)}] ${message}\n`)
    .join(''),
);
