/**
 * A log's format as the scan needs it: bytes first, text only for lines that bytes cannot judge.
 *
 * Formats without `timeAt` are read through `parse`: the beginning of the line is decoded as Latin-1, the whole line
 * only when the beginning alone is no header (JSON, long quotes). Lines that begin with the same bytes as one that was
 * parsed, up to an RFC 3339 time, are not parsed again: see learned-shapes.ts.
 */

import type { Stamp } from '../model/index.ts';
import { cleanLine, leadingNuls } from './clean.ts';
import type { Header } from './format.ts';
import { isBlank, isOwnFormat, type LineReading, ownHeader } from './header.ts';
import { learnShapes } from './learned-shapes.ts';
import { placeLines } from './place.ts';
import { isAlike, scaleOf, stampFrom } from './stamp-scale.ts';

const NO_TIME = -2;
const NOT_A_HEADER = -1;
const HEAD_BYTES = 512;
const MAX_PARSED = 1 << 16;
/** Docker cuts at 16 KiB: shorter lines are whole. */
const DOCKER_PIECE = 12_000;

interface ClassifiedLine {
  next(line: string): 'header' | 'banner' | 'blank' | 'joined' | 'beyond' | 'unknown';
}

/** Satisfies the scan's LineClassifier. */
export interface Classifier {
  timeAt(bytes: Uint8Array, start: number, end: number): number;
  stampOf(value: number): Stamp | undefined;
  reader(): ClassifiedLine;
  writerOf(
    line: string,
  ): { readonly name: string; readonly pid?: number; readonly node?: string; readonly column: number } | undefined;
  readonly joins: boolean;
  pieceAt?(bytes: Uint8Array, start: number, end: number): number;
}

function decode(bytes: Uint8Array, start: number, end: number, encoding: 'latin1' | 'utf8'): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString(encoding);
}

function parsedHeader(bytes: Uint8Array, start: number, end: number, reading: LineReading): Header | undefined {
  const length = end - start;
  if (length === 0) {
    return undefined;
  }
  const first = bytes[start] as number;
  if (length > HEAD_BYTES && first !== 123) {
    const found = ownHeader(decode(bytes, start, start + HEAD_BYTES, 'latin1'), reading);
    if (found !== undefined) {
      return found.header;
    }
  }
  return ownHeader(decode(bytes, start, Math.min(end, start + MAX_PARSED), 'latin1'), reading)?.header;
}

/** Times by `parse`, all on the scale of the first stamp. */
function parsedTimes(reading: LineReading): Pick<Classifier, 'timeAt' | 'stampOf' | 'pieceAt'> {
  let like: Stamp | undefined;
  let last: Header | undefined;
  const streams = numberStreams();
  const shapes = learnShapes();
  return {
    timeAt(bytes, start, end) {
      const known = like?.kind === 'instant' ? shapes.timeAt(bytes, start, end) : NOT_A_HEADER;
      if (known >= 0) {
        return known;
      }
      const header = parsedHeader(bytes, start, end, reading);
      last = header;
      if (header === undefined) {
        return NOT_A_HEADER;
      }
      const { stamp } = header;
      const value = stamp === undefined ? undefined : scaleOf(stamp);
      if (stamp === undefined || value === undefined || !(value >= 0)) {
        return NO_TIME;
      }
      like ??= stamp;
      if (!isAlike(stamp, like)) {
        return NO_TIME;
      }
      if (stamp.kind === 'instant' && reading.format !== 'mixed') {
        shapes.learn(bytes, start, end, value);
      }
      return value;
    },
    stampOf: (value) => (like === undefined ? undefined : stampFrom(value, like)),
    // Of mixed files every line is parsed: the line that is asked for is the one that was read last.
    ...(reading.format === 'mixed' ? { pieceAt: () => streams.pieceOf(last) } : {}),
  };
}

/** Numbers for the streams of a log; the sixteenth and later ones share the last. */
function numberStreams(): { pieceOf(header: Header | undefined): number } {
  const streams: string[] = [];
  return {
    pieceOf(header) {
      const name = header?.stream ?? '';
      if (!streams.includes(name) && streams.length < 15) {
        streams.push(name);
      }
      return Math.max(0, streams.indexOf(name)) * 2 + (header?.partial === true ? 1 : 0);
    },
  };
}

function timesOf(reading: LineReading): Pick<Classifier, 'timeAt' | 'stampOf' | 'pieceAt'> {
  const { format } = reading;
  if (format === 'text') {
    return { timeAt: () => NOT_A_HEADER, stampOf: () => undefined };
  }
  if (format === 'mixed' || format.timeAt === undefined || format.stampOf === undefined) {
    return parsedTimes(reading);
  }
  const { timeAt, stampOf } = format;
  return { timeAt: timeAt.bind(format), stampOf: stampOf.bind(format) };
}

/** `2016-10-06T00:17:09.66Z stdout P text`: the tag stands behind the second blank. */
function criPiece(bytes: Uint8Array, start: number, end: number): number {
  let blank = start;
  while (blank < end && bytes[blank] !== 32) {
    blank++;
  }
  const stream = bytes[blank + 4] === 101 ? 1 : 0;
  return stream * 2 + (blank + 8 < end && bytes[blank + 8] === 80 ? 1 : 0);
}

function piecesOf(reading: LineReading): Pick<Classifier, 'pieceAt'> {
  const { format } = reading;
  if (format === 'mixed' || format === 'text') {
    return {};
  }
  if (format.id === 'cri') {
    return { pieceAt: criPiece };
  }
  if (format.id !== 'docker-json') {
    return {};
  }
  const streams = numberStreams();
  let hasPieces = false;
  return {
    pieceAt(bytes, start, end) {
      if (end - start < DOCKER_PIECE && !hasPieces) {
        return 0;
      }
      hasPieces = true;
      return streams.pieceOf(format.parse(decode(bytes, start, Math.min(end, start + (1 << 20)), 'utf8')));
    },
  };
}

export function classifierOf(reading: LineReading): Classifier {
  const { format } = reading;

  function reader(): ClassifiedLine {
    const placer = placeLines(reading);
    const pieces = new Set<string>();

    /** As in readLines: no line continues a piece of output, or the output that it completes. */
    function takePiece({ stream = '', partial }: Header): void {
      if (partial === true) {
        pieces.add(stream);
        placer.end();
      } else if (pieces.delete(stream)) {
        placer.end();
      }
    }

    return {
      next(raw) {
        const nuls = leadingNuls(raw);
        if (nuls > 0) {
          placer.end();
        }
        const line = cleanLine(nuls > 0 ? raw.slice(nuls) : raw);
        if (nuls > 0 && isBlank(line)) {
          return 'unknown';
        }
        // Whether an open quote closes is only known further down: the window holds the lines either way.
        const place = placer.next(line, () => true);
        if (place.kind === 'header' && isOwnFormat(place.found.format, reading)) {
          takePiece(place.found.header);
        } else {
          pieces.clear();
        }
        return place.kind === 'joined' && place.joined.kind === 'beyond' ? 'beyond' : place.kind;
      },
    };
  }

  function writerOf(line: string): ReturnType<Classifier['writerOf']> {
    if (format === 'mixed' || format === 'text') {
      return undefined;
    }
    const header = format.parse(cleanLine(line));
    if (header?.unit === undefined) {
      return undefined;
    }
    const begin = header.node === undefined ? line.indexOf(header.unit) : line.indexOf(`${header.node} `);
    const name = header.unit.endsWith('.service') ? header.unit.slice(0, -8) : header.unit;
    return {
      name,
      ...(header.pid === undefined ? {} : { pid: header.pid }),
      ...(header.node === undefined ? {} : { node: header.node }),
      column: begin < 0 ? -1 : Buffer.byteLength(line.slice(0, begin)),
    };
  }

  return { ...timesOf(reading), reader, writerOf, joins: format !== 'text', ...piecesOf(reading) };
}
