/**
 * When the machine was booted, as the kernel states it: `btime` of `/proc/stat` and the seconds of `/proc/uptime`.
 *
 *     btime 1738288495
 *     11058.38 8432.02
 *
 * `btime` is the wall clock now minus the seconds since boot: a clock that was set since moves it.
 */

import { outputFormat } from '../documents/simple-format.ts';

const BTIME = /^btime (\d{9,10})$/u;
/** Other lines of /proc/stat. */
const COUNTER = /^(?:cpu\d{0,4}|intr|ctxt|processes|procs_running|procs_blocked|softirq|page|swap)\s+\d/u;
const UPTIME = /^(\d{1,9})\.(\d\d) \d{1,12}\.\d\d$/u;

export const procStat = outputFormat({
  id: 'proc-stat',
  samples: [
    {
      path: 'proc/stat',
      text: 'cpu  10132153 290696 3084719 46828483\nctxt 1990473\nbtime 1738288495\nprocesses 2915\n',
    },
    { path: 'boot-time.txt', text: '$ cat /proc/stat\nbtime 1738288495\n' },
  ],
  rate: (lines) =>
    lines.some((line) => BTIME.test(line)) && lines.every((line) => BTIME.test(line) || COUNTER.test(line)) ? 0.98 : 0,
  read(doc, from) {
    for (let at = from; at < doc.lineCount; at += 1) {
      const line = doc.line(at).slice(0, 200);
      const seconds = BTIME.exec(line)?.[1];
      if (seconds !== undefined) {
        const epochMs = Number(seconds) * 1000;
        doc.add({
          at,
          kind: 'row',
          message: line,
          fields: { 'boot.at': String(epochMs) },
          row: { kind: 'Uptime', values: { bootedAt: new Date(epochMs).toISOString() } },
        });
      } else if (COUNTER.test(line)) {
        doc.understood(at);
      }
    }
  },
});

export const procUptime = outputFormat({
  id: 'proc-uptime',
  samples: [
    { path: 'proc/uptime', text: '11058.38 8432.02\n' },
    { path: 'boot-time.txt', text: '$ cat /proc/uptime\n11058.38 8432.02\n' },
  ],
  rate: (lines, command, path) =>
    lines.length === 1 && UPTIME.test(lines[0] ?? '') && /(?:^|[/ ])(?:proc\/)?uptime$/u.test(command || path)
      ? 0.95
      : 0,
  read(doc, from) {
    const found = UPTIME.exec(doc.line(from));
    if (found !== null) {
      const uptimeMs = Number(found[1]) * 1000 + Number(found[2]) * 10;
      doc.add({ at: from, kind: 'row', message: doc.line(from), row: { kind: 'Uptime', values: { uptimeMs } } });
    }
  },
});
