/** Builds read sources for the tests of the clocks. */
import type { LogRecord, LogVolume, ReadSource, SourceContext, Stamp } from '../../src/model/index.ts';
import { monthNumber } from '../../src/time/months.ts';

export interface Line {
  readonly line: number;
  readonly stamp?: Stamp;
  readonly message?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly unit?: string;
}

export function logOf(
  path: string,
  lines: readonly Line[],
  more: { readonly context?: SourceContext; readonly volume?: Partial<LogVolume>; readonly format?: string } = {},
): ReadSource {
  const records = lines.map(
    ({ line, stamp, message = `line ${line}`, fields = {}, node, unit }): LogRecord => ({
      id: `${path}:${line}`,
      ref: { source: path, line },
      kind: 'log',
      stream: path,
      seq: line,
      message,
      fields,
      raw: message,
      ...(stamp === undefined ? {} : { stamp }),
      ...(node === undefined ? {} : { node }),
      ...(unit === undefined ? {} : { unit }),
    }),
  );
  const stamped = lines.filter((each) => each.stamp !== undefined);
  const [first] = stamped;
  const last = stamped.at(-1);
  return {
    path,
    context: more.context ?? {},
    coverage: {
      path,
      format: more.format ?? 'journal-short',
      bytes: 0,
      lines: 0,
      recognised: 0,
      continuation: 0,
      unknown: 0,
      notes: [],
    },
    records,
    volume: {
      ...(first?.stamp === undefined ? {} : { firstStamp: first.stamp, firstLine: first.line }),
      ...(last?.stamp === undefined ? {} : { lastStamp: last.stamp, lastLine: last.line }),
      writers: [],
      gaps: [],
      monthSteps: [],
      ...more.volume,
    },
    listings: [],
    diagnostics: [],
  };
}

/** A table: rows of one kind. */
export function tableOf(path: string, rows: readonly Partial<LogRecord>[]): ReadSource {
  const source = logOf(path, []);
  const { volume: _, ...rest } = source;
  return {
    ...rest,
    records: rows.map((row, i) => ({
      id: `${path}:${i + 2}`,
      ref: { source: path, line: i + 2 },
      kind: 'row',
      stream: path,
      seq: i + 2,
      message: '',
      fields: {},
      raw: '',
      ...row,
    })),
  };
}

/** `Jan 31 02:54:55`, with a year behind it or not. */
export function wall(text: string, zone?: string): Stamp {
  const [month = '', day = '', time = '', year] = text.split(' ');
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return {
    kind: 'wall',
    month: monthNumber(month) ?? 0,
    day: Number(day),
    msOfDay: Math.round(((hour * 60 + minute) * 60 + second) * 1000),
    precisionMs: 1000,
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(zone === undefined ? {} : { zone }),
  };
}

export function instant(iso: string, precisionMs = 1): Stamp {
  return { kind: 'instant', epochMs: Date.parse(iso), precisionMs };
}

export function boot(seconds: number): Stamp {
  return { kind: 'boot', seconds, precisionMs: 1 };
}

/** Earliest and latest as ISO times, by line. */
export function timesOf(source: ReadSource | undefined): Readonly<Record<number, string>> {
  return Object.fromEntries(
    (source?.records ?? []).map(({ ref, time }) => [
      ref.line,
      time === undefined ? 'none' : `${new Date(time.at.earliest).toISOString()} ${time.at.latest - time.at.earliest}`,
    ]),
  );
}
