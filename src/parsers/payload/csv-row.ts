/**
 * Log exports of cloud consoles as CSV or TSV: one cell is the time, one the program's own line.
 *
 *     timestamp,message
 *     1706669695123,"E0131 02:54:55.123456       1 a.go:1] ""lost lease"""
 *     2025-01-31T02:54:55.123Z,ERROR,my-cluster,dial tcp: i/o timeout
 *
 * Without names for the columns the longest cell that is no time is the message; a cell that is a level word gives the
 * level. The message may be the line of another format. Rows whose cells hold line ends begin a record here and go on
 * in the following lines.
 */

import type { Stamp } from '../../model/index.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { stampOfText } from '../payload-time.ts';

const MAX_CELLS = 64;
const MAX_LINE = 64 * 1024;
const HEADING = /^"?(?:@?timestamp|time|date|eventtime|receive_?timestamp|insertid|severity)"?[,;\t]/iu;
/** Cheap: a time somewhere that fills its cell's beginning. */
const HAS_TIME = /(?:^|[,;\t])"?(?:\d{4}-\d\d-\d\d[T ]\d\d:|\d{13}(?:["',;\t]|\d{3}))/u;

const samples: readonly FormatSample[] = [
  {
    text: '1706669695123,"E0131 02:54:55.123456       1 a.go:1] ""lost lease"" err=""x"""',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_706_669_695_123, precisionMs: 1 },
      message: 'E0131 02:54:55.123456       1 a.go:1] "lost lease" err="x"',
    },
  },
  {
    text: '2025-01-31T02:54:55.123Z,ERROR,my-cluster,dial tcp 10.96.0.1:443: i/o timeout',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_738_292_095_123, precisionMs: 1 },
      level: 'err',
      message: 'dial tcp 10.96.0.1:443: i/o timeout',
    },
  },
  {
    text: '"2025-01-31 02:54:55.123","kube-controller-manager","failed to renew lease, giving up"',
    expect: { message: 'failed to renew lease, giving up' },
  },
  {
    text: '2025-01-31T02:54:55Z\tkube-system\tcoredns-a\t[ERROR] plugin/errors: 2 ghcr.io. A: i/o timeout',
    expect: { message: '[ERROR] plugin/errors: 2 ghcr.io. A: i/o timeout' },
  },
];

function parse(text: string): Header | undefined {
  const line = text.trimEnd();
  if (line.length > MAX_LINE || !HAS_TIME.test(line.slice(0, 512))) {
    return undefined;
  }
  const separator = separatorOf(line);
  const cells = separator === undefined ? undefined : splitRow(line, separator);
  if (cells === undefined || cells.length < 2) {
    return undefined;
  }
  let stamp: Stamp | undefined;
  let level: Header['level'];
  let message = '';
  for (const cell of cells) {
    const time = stamp === undefined || cell.length < 36 ? stampOfText(cell) : undefined;
    const word = level === undefined ? levelOf(cell) : undefined;
    if (time !== undefined) {
      stamp ??= time;
    } else if (word !== undefined) {
      level = word;
    } else if (cell.length > message.length) {
      message = cell;
    }
  }
  return stamp === undefined || message === '' ? undefined : headerOf({ stamp, level, message });
}

/** The separator behind the first cell; a quoted cell may hold any character. */
function separatorOf(line: string): string | undefined {
  const end = line.startsWith('"') ? quotedEnd(line, 0) + 1 : line.search(/[,;\t]/u);
  const char = end <= 0 ? '' : line.charAt(end);
  return char === ',' || char === ';' || char === '\t' ? char : undefined;
}

/** Cells of a row; undefined when it is no row: a quote that opens inside of a cell stays text. */
function splitRow(line: string, separator: string): readonly string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length && cells.length < MAX_CELLS) {
    if (line.charAt(at) === '"') {
      const end = quotedEnd(line, at);
      if (end < 0) {
        cells.push(line.slice(at + 1).replaceAll('""', '"'));
        return cells;
      }
      if (end + 1 < line.length && line.charAt(end + 1) !== separator) {
        return undefined;
      }
      cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = line.indexOf(separator, at);
      // The message comes last more often than not, and tools forget to quote it.
      cells.push(line.slice(at, end < 0 ? line.length : end));
      if (end < 0) {
        return cells;
      }
      at = end + 1;
    }
  }
  return cells;
}

/** Index of the quote that closes the cell, `""` being a quote of the text; -1 when the line ends first. */
function quotedEnd(line: string, start: number): number {
  let at = line.indexOf('"', start + 1);
  while (at >= 0 && line.charAt(at + 1) === '"') {
    at = line.indexOf('"', at + 2);
  }
  return at;
}

function skips(line: string): boolean {
  return HEADING.test(line.slice(0, 64)) && !/\d/u.test(line.slice(0, 200)) && line.length < 1000;
}

export const csvRow: LineFormat = { kind: 'lines', id: 'csv-row', role: 'both', samples, parse, skips };
