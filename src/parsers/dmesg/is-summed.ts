/** Do most of these lines tell only their distance from the line before (`dmesg -e`, `dmesg -t -d`)? */
import { parsePrefix } from './prefix.ts';

export function isSummed(lines: readonly string[]): boolean {
  let summed = 0;
  let others = 0;
  for (const line of lines) {
    if (line.charCodeAt(0) === 32) {
      continue;
    }
    const form = parsePrefix(line)?.form;
    const isDistance = form === 'reltime' || form === 'minute' || form === 'delta';
    summed += isDistance ? 1 : 0;
    others += isDistance ? 0 : 1;
  }
  return summed > others;
}
