import type { Level } from '../model/index.ts';

const WORDS: Readonly<Record<string, Level>> = {
  emerg: 'emerg',
  emergency: 'emerg',
  alert: 'alert',
  crit: 'crit',
  critical: 'crit',
  fatal: 'crit',
  fata: 'crit',
  ftl: 'crit',
  panic: 'crit',
  pani: 'crit',
  pnc: 'crit',
  dpanic: 'crit',
  emer: 'crit',
  err: 'err',
  error: 'err',
  erro: 'err',
  eror: 'err',
  severe: 'err',
  failure: 'err',
  warn: 'warning',
  warning: 'warning',
  wrn: 'warning',
  notice: 'notice',
  info: 'info',
  inf: 'info',
  information: 'info',
  informational: 'info',
  log: 'info',
  normal: 'info',
  default: 'info',
  debug: 'debug',
  debu: 'debug',
  dbg: 'debug',
  trace: 'debug',
  trac: 'debug',
  trc: 'debug',
  fine: 'debug',
  verbose: 'debug',
};

/** The level that a word means, in any case of letters; fatal and panic are `crit`. */
export function levelOf(word: string): Level | undefined {
  return word.length > 13 || !/^[A-Za-z]+$/u.test(word) ? undefined : WORDS[word.toLowerCase()];
}

/** Severity letter of glog and klog (`IWEF`) or of capnslog (`CEWNIDT`). */
export function levelOfLetter(letter: string): Level | undefined {
  switch (letter) {
    case 'C':
    case 'F':
      return 'crit';
    case 'E':
      return 'err';
    case 'W':
      return 'warning';
    case 'N':
      return 'notice';
    case 'I':
      return 'info';
    case 'D':
    case 'T':
      return 'debug';
    default:
      return undefined;
  }
}

/** A numeric `level`: pino and bunyan count 10 (trace) to 60 (fatal); logr counts verbosity, negative in zap. */
export function levelOfNumber(value: number): Level | undefined {
  if (!Number.isFinite(value)) {
    return undefined;
  }
  if (value >= 10) {
    return value >= 60 ? 'crit' : value >= 50 ? 'err' : value >= 40 ? 'warning' : value >= 30 ? 'info' : 'debug';
  }
  return value === 0 ? 'info' : 'debug';
}
