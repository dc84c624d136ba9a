/**
 * Lines of journalctl's output that are no entries: boot boundaries, headings, remarks, catalog text.
 *
 *     -- Logs begin at Fri 2022-02-04 09:34:04 UTC, end at Thu 2022-02-10 16:19:19 UTC. --      systemd up to 246
 *     -- Journal begins at Fri 2021-08-06 14:40:59 UTC. --                                       247 and a few later
 *     -- Boot fedcba9876543210fedcba9876543210 --                                                newer
 *     -- Reboot --                                                                               older
 *     -- No entries --
 *     ░░ Subject: A start job for unit kubelet.service has finished successfully                 `-x`, newer
 *     -- Subject: Unit kubelet.service has finished start-up                                     `-x`, older
 *
 * Boundaries, headings and remarks become records of unit `journal` without a time; catalog text, cursors and the
 * pager's lines are skipped, as no rule may match them.
 */
import type { Header } from '../format.ts';

const BOOT = /^-- Boot ([0-9a-f]{32})(?: --)?$/u;
const RANGE =
  /^-- (?:Logs begin|Journal begins) at [^\s\d]{1,12} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([A-Za-z0-9+:-]{1,8})(?:, ends? at [^\s\d]{1,12} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([A-Za-z0-9+:-]{1,8}))?/u;
const REMARK =
  /^(?:Hint: You are currently not seeing messages from |No journal files were (?:found|opened)|Data from the specified boot |Journal file \S{1,512} (?:corrupted|is truncated), ignoring file)/u;

/** The record that a marker line stands for, or undefined when it is none. */
export function parseMarker(line: string): Header | undefined {
  const first = line.charCodeAt(0);
  if ((first !== 45 && first !== 72 && first !== 78 && first !== 68 && first !== 74) || line.length > 700) {
    return undefined;
  }
  const base = { unit: 'journal', message: line.trimEnd(), stream: 'journal' };
  if (first !== 45) {
    return REMARK.test(line) ? { ...base, level: 'warning' } : undefined;
  }
  const boot = BOOT.exec(base.message);
  if (boot !== null) {
    return { ...base, hints: { 'boot.marker': 'boot', 'boot.id': boot[1] ?? '' } };
  }
  if (/^-- Reboot(?: --)?$/u.test(base.message)) {
    return { ...base, hints: { 'boot.marker': 'reboot' } };
  }
  if (/^-- No entries(?: --)?$/u.test(base.message)) {
    return base;
  }
  const range = RANGE.exec(base.message);
  if (range === null) {
    return undefined;
  }
  const [, beginDate = '', beginTime = '', beginZone = '', endDate, endTime, endZone] = range;
  return {
    ...base,
    hints: {
      'year.anchor': `${endDate ?? beginDate}T${endTime ?? beginTime}`,
      'year.begin': `${beginDate}T${beginTime}`,
      'zone.name': endZone ?? beginZone,
    },
  };
}

/** Catalog text in both prefixes, `--show-cursor`, and what a pager leaves behind. */
export function skipsMarker(line: string): boolean {
  switch (line.charCodeAt(0)) {
    case 0x2591:
      return line.startsWith('░░');
    case 45:
      return (line === '--' || line.startsWith('-- ')) && parseMarker(line) === undefined;
    case 108:
      return /^lines \d{1,9}-\d{1,9}(?:\/\d{1,9})?(?: \((?:\d{1,3}%|END)\))?\s*$/u.test(line.slice(0, 80));
    case 40:
      return line.trimEnd() === '(END)';
    case 126:
      return line.trimEnd() === '~';
    case 0x2026:
    case 46:
      return (
        line.trimEnd() === '…skipping…' || line.trimEnd() === '...skipping...' || line.trimEnd() === '…skipping...'
      );
    default:
      return false;
  }
}
