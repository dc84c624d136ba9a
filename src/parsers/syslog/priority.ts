/** Syslog facilities and levels, by number and by name. RFC 5424 section 6.2.1; sys/syslog.h. */
import type { Level } from '../../model/index.ts';

const LEVELS: readonly Level[] = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const LEVEL_NAMES: Readonly<Record<string, Level>> = {
  emerg: 'emerg',
  panic: 'emerg',
  alert: 'alert',
  crit: 'crit',
  err: 'err',
  error: 'err',
  warn: 'warning',
  warning: 'warning',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
};
const FACILITIES: readonly string[] = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ' +
  'res0 res1 res2 res3 local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');

export interface Priority {
  readonly level: Level;
  /** `kern`, `daemon`; undefined for numbers that have no name. */
  readonly facility?: string;
}

/** The number of `<30>`: facility times eight plus level. */
export function parsePriority(number: number): Priority {
  const facility = FACILITIES[number >> 3];
  const level = LEVELS[number & 7] ?? 'info';
  return facility === undefined ? { level } : { level, facility };
}

/** 0..7 as in `PRIORITY=3`. */
export function levelOfNumber(number: number): Level | undefined {
  return LEVELS[number];
}

export function levelOfName(name: string): Level | undefined {
  return Object.hasOwn(LEVEL_NAMES, name) ? LEVEL_NAMES[name] : undefined;
}

export function isFacility(name: string): boolean {
  return FACILITIES.includes(name);
}
