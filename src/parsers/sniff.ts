/**
 * Recognises the format of a file from its first lines and lines of its middle.
 *
 * A log format scores the share of the sampled lines that it recognises as first lines of records; lines that are
 * indented, belong to a record above or are banners do not count. A document format scores by its own judgement and
 * wins over logs only with a higher score. What path or collector suggest is a small advantage, never a decision.
 */

import type { SourceContext } from '../model/index.ts';
import { cleanLine } from './clean.ts';
import type { DocumentFormat, Format, Header, LineFormat, Sniff } from './format.ts';
import { isBlank, isIndented } from './header.ts';
import { openRecord } from './joiner.ts';

/** Below this share no format is the file's own. */
const LEAST_SCORE = 0.3;
/** An earlier log format of the table keeps its place against a later one that is hardly better. */
const TIE = 0.02;
const PRIOR = 0.05;
/** A log format that says itself that the file is not its own is better than none, but gives way to a document. */
const UNSUITED = 0.5;
/** A first look at so many lines decides clear cases. */
const FIRST_LOOK = 24;
const CLEAR = 0.9;
const MAX_LINES = 400;
export const SNIFFED_BYTES = 64 * 1024;
const MAX_LINE = 4096;

export interface Recognition {
  readonly format: Format | 'mixed' | 'text';
  /** Share of lines for logs, 0..1. */
  readonly score: number;
}

/** Lines that say nothing about the format. */
function isNoise(line: string): boolean {
  return line === '~' || /^(?:lines \d+-\d+|\.\.\.skipping\.\.\.|…skipping…|Defaulted container ")/u.test(line);
}

/**
 * @param head - beginning of the file, decoded
 * @param middle - lines from its middle, with a cut line at the begin and end; empty for small files
 */
export function sniffOf(path: string, context: SourceContext, head: string, middle = ''): Sniff {
  const wanted = (line: string): boolean => !isBlank(line) && !isNoise(line);
  const above = head.split('\n').map(cleanLine);
  const below = middle.split('\n').map(cleanLine).slice(1, -1);
  const fromHead = above.filter(wanted);
  const fromMiddle = below.filter(wanted);
  const half = Math.min(fromMiddle.length, MAX_LINES / 2);
  return {
    path,
    context,
    head: above.join('\n'),
    lines: [...fromHead.slice(0, MAX_LINES - half), ...fromMiddle.slice(0, half)].map((line) =>
      line.length > MAX_LINE && !line.startsWith('{') ? line.slice(0, MAX_LINE) : line,
    ),
  };
}

/**
 * Which lines may belong to a line above them whatever the format: indented ones, and those of blocks such as stack
 * traces. Found once for all formats, and only when one needs it.
 */
function weakLines(lines: readonly string[]): () => readonly boolean[] {
  let found: boolean[] | undefined;
  return () => {
    if (found === undefined) {
      let open: ReturnType<typeof openRecord> | undefined;
      found = lines.map((line) => {
        if (open?.general(line, false) !== undefined) {
          return true;
        }
        open = openRecord(line, undefined);
        return isIndented(line);
      });
    }
    return found;
  };
}

/** Share of the lines that can begin a record which the format knows. */
function shareOf(format: LineFormat, lines: readonly string[], weak: () => readonly boolean[]): number {
  const headers = lines.map((line) => format.parse(line));
  const matched = headers.filter((header) => header !== undefined).length;
  if (matched === 0 || matched === lines.length) {
    return matched === 0 ? 0 : 1;
  }
  let counted = 0;
  let above: { readonly header: Header; readonly line: string } | undefined;
  lines.forEach((line, at) => {
    const header = headers[at];
    if (header !== undefined) {
      counted++;
      above = { header, line };
      return;
    }
    const continued = above === undefined ? undefined : format.continues?.(line, above.header, above.line);
    if (weak()[at] !== true && continued === undefined && format.skips?.(line) !== true) {
      counted++;
      above = undefined;
    }
  });
  return counted === 0 ? 0 : matched / counted;
}

/** `count` lines, evenly spread, the first one always. */
function spread(lines: readonly string[], count: number): readonly string[] {
  return lines.length <= count
    ? lines
    : Array.from({ length: count }, (_, at) => lines[Math.floor((at * lines.length) / count)] as string);
}

function prior(format: Format, context: SourceContext): number {
  return context.formats?.includes(format.id) === true ? PRIOR : 0;
}

interface Rated<T> {
  readonly format: T;
  readonly score: number;
}

/** The best by score; the earlier one of those that differ by no more than `tie`. */
function best<T>(rated: readonly Rated<T>[], tie: number): Rated<T> | undefined {
  let winner: Rated<T> | undefined;
  for (const each of rated) {
    if (winner === undefined || each.score > winner.score + tie) {
      winner = each;
    }
  }
  return winner;
}

function rateLogs(
  formats: readonly LineFormat[],
  lines: readonly string[],
  context: SourceContext,
): Rated<LineFormat> | undefined {
  const weak = weakLines(lines);
  const rated: Rated<LineFormat>[] = [];
  for (const format of formats) {
    const share = shareOf(format, lines, weak);
    if (share > 0) {
      rated.push({ format, score: share + prior(format, context) });
    }
    // Nothing further down the table can be better.
    if (share === 1 && context.formats === undefined && format.suits?.(lines) !== false) {
      break;
    }
  }
  const suited = best(
    rated.filter(({ format }) => format.suits?.(lines) !== false),
    TIE,
  );
  const other = suited === undefined ? best(rated, TIE) : undefined;
  return other === undefined ? suited : { format: other.format, score: other.score * UNSUITED };
}

/** Share of lines that any format knows. */
function anyShare(formats: readonly LineFormat[], lines: readonly string[]): number {
  const counted = lines.filter((line) => !isIndented(line));
  const known = counted.filter((line) => formats.some((format) => format.parse(line) !== undefined));
  return counted.length === 0 ? 0 : known.length / counted.length;
}

/** @param formats - most specific first */
export function recognise(sniff: Sniff, formats: readonly Format[]): Recognition {
  const logs = formats.filter((format): format is LineFormat => format.kind === 'lines');
  const documents = formats.filter((format): format is DocumentFormat => format.kind === 'document');
  const { lines, context } = sniff;

  let log = rateLogs(logs, spread(lines, FIRST_LOOK), context);
  if (lines.length > FIRST_LOOK && (log === undefined || log.score < CLEAR)) {
    log = rateLogs(logs, lines, context);
  }
  const document = best(
    documents.map((format) => {
      const score = format.sniff(sniff);
      return { format, score: score > 0 ? score + prior(format, context) : 0 };
    }),
    0,
  );
  if (document !== undefined && document.score >= LEAST_SCORE && document.score > (log?.score ?? 0)) {
    return { format: document.format, score: Math.min(1, document.score) };
  }
  if (log !== undefined && log.score >= LEAST_SCORE) {
    return { format: log.format, score: Math.min(1, log.score) };
  }
  const share = anyShare(logs, spread(lines, FIRST_LOOK * 4));
  return share >= LEAST_SCORE || holdsTrace(lines)
    ? { format: 'mixed', score: share }
    : { format: 'text', score: share };
}

const TRACE =
  /^(?:panic: |fatal error: |SIGQUIT: quit|goroutine \d+ \[|Traceback \(most recent call last\):|Exception in thread ")/u;
const THROWN = /^(?:[\w.$]{0,200})(?:Error|Exception)(?::|\s|$)/u;

/** A crash without any header: its lines are one record, unlike those of a text. */
function holdsTrace(lines: readonly string[]): boolean {
  return lines.some((line, at) => TRACE.test(line) || (THROWN.test(line) && /^\s+at /u.test(lines[at + 1] ?? '')));
}
