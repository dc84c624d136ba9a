/** What the shapes of the kernel log share: one parser for all prefixes, and a format per form of the time. */
import type { FormatSample, LineFormat } from '../format.ts';
import { continuesDmesg, type DmesgTime, dmesgHeader, parsePrefix } from './prefix.ts';

export function dmesgLineFormat(
  id: string,
  forms: readonly DmesgTime[],
  samples: readonly FormatSample[],
  more: Pick<LineFormat, 'timeAt' | 'stampOf' | 'suits'> = {},
): LineFormat {
  return {
    kind: 'lines',
    id,
    role: 'envelope',
    samples,
    parse(line) {
      const prefix = parsePrefix(line);
      return prefix === undefined || !forms.includes(prefix.form)
        ? undefined
        : dmesgHeader(prefix, line.slice(prefix.length));
    },
    continues: continuesDmesg,
    ...more,
  };
}
