/** What journalctl's line modes share: time, tail, markers, catalog text and the indentation of further lines. */
import type { Stamp } from '../../model/index.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, parseLooseTail, parseTail } from '../syslog/tail.ts';
import { indentedText } from './indent.ts';
import { parseMarker, skipsMarker } from './markers.ts';

interface LineTime {
  readonly stamp?: Stamp;
  readonly hints?: Readonly<Record<string, string>>;
  /** Characters up to and including the blank before host or identifier. */
  readonly length: number;
}

export interface JournalMode {
  readonly id: string;
  readonly samples: readonly FormatSample[];
  /** Undefined when the line does not begin with a time of this mode. */
  readTime(line: string): LineTime | undefined;
  /** `loose`: the time alone makes a header. `strict`: host and identifier must be there, too. */
  readonly tail: 'loose' | 'strict';
  readonly timeAt?: LineFormat['timeAt'];
  readonly stampOf?: LineFormat['stampOf'];
  readonly suits?: LineFormat['suits'];
  /** A further test on a strict tail. */
  accepts?(header: Header): boolean;
}

export function journalLineFormat(mode: JournalMode): LineFormat {
  return {
    kind: 'lines',
    id: mode.id,
    samples: mode.samples,
    role: 'envelope',
    parse(line) {
      const time = mode.readTime(line);
      if (time === undefined) {
        return parseMarker(line);
      }
      const rest = line.slice(time.length);
      const tail = mode.tail === 'loose' ? parseLooseTail(rest) : parseTail(rest);
      if (tail === undefined) {
        return undefined;
      }
      const header = headerOf(tail, time.stamp, true);
      const full = time.hints === undefined ? header : { ...header, hints: { ...time.hints, ...header.hints } };
      return mode.accepts === undefined || mode.accepts(full) ? full : undefined;
    },
    continues(line, _first, firstLine) {
      if (line.charCodeAt(0) !== 32) {
        return undefined;
      }
      const time = mode.readTime(firstLine);
      const tail = time === undefined ? undefined : parseTail(firstLine.slice(time.length));
      return time === undefined || tail === undefined
        ? undefined
        : indentedText(line, Buffer.byteLength(firstLine.slice(0, time.length)) + tail.bytesBefore);
    },
    skips: skipsMarker,
    ...(mode.timeAt === undefined ? {} : { timeAt: mode.timeAt }),
    ...(mode.stampOf === undefined ? {} : { stampOf: mode.stampOf }),
    ...(mode.suits === undefined ? {} : { suits: mode.suits }),
  };
}
