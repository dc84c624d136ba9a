import { anyHeader } from './parsers/header.ts';
import { logFormats } from './parsers/index.ts';
import { matchText } from './parsers/match-text.ts';
import { peel } from './parsers/peel.ts';

/**
 * What signatures are matched against for one raw line of a log, outside of any file: what the program said after every
 * envelope is off, and the line as it stands. For the tools of rule authors (`rules test`, `rules lint`, `rules new`).
 */
export function matchTexts(line: string): readonly string[] {
  const first = line.split('\n')[0] as string;
  const found = anyHeader(first, { format: 'mixed', all: logFormats });
  const said = matchText(found ? peel(found.header) : peel({ message: first }));
  return [...new Set([said, first])];
}
