/**
 * Was a file with `Mon DD HH:MM:SS host tag: …` lines written by a syslog daemon rather than by journalctl?
 *
 * In the first nine days of a month the padding tells; otherwise only what journalctl never writes: a priority,
 * escaped control characters, the daemon's own lines and repeat counts.
 */
import { parseMonthDay } from '../../time/month-day.ts';

const OWN_WORDS =
  / (?:rsyslogd|syslogd|syslog-ng)(?:\[\d{1,9}\])?: |#0(?:0[1-7]|1[0-7]|[23][0-7])| (?:last )?message repeated \d{1,9} times/u;

export function looksLikeSyslog(lines: readonly string[]): boolean {
  let blank = 0;
  let zero = 0;
  let own = 0;
  let indented = 0;
  for (const line of lines) {
    if (/^ {16}/u.test(line)) {
      indented += 1;
      continue;
    }
    const priority = /^<\d{1,3}>/u.exec(line)?.[0].length ?? 0;
    const time = parseMonthDay(priority === 0 ? line : line.slice(priority, priority + 64));
    if (time === undefined) {
      continue;
    }
    blank += time.padding === 'blank' ? 1 : 0;
    zero += time.padding === 'zero' ? 1 : 0;
    own += priority > 0 || OWN_WORDS.test(line.slice(0, 1024)) ? 1 : 0;
  }
  if (blank !== zero) {
    return blank > zero;
  }
  return own > 0 && indented === 0;
}
