import type { Header } from './parsers/format.ts';
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
  return [...new Set([matchText(peeled(first)), first])];
}

/** The program that a raw line names as its writer: `kernel`. */
export function writerOf(line: string): string | undefined {
  return peeled(line.split('\n')[0] as string).unit;
}

function peeled(line: string): Header {
  const found = anyHeader(line, { format: 'mixed', all: logFormats });
  return peel(found ? found.header : { message: line });
}
