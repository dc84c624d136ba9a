/**
 * Recognises the format of a file from its first lines and lines of its middle.
 *
 * A log format scores the share of the sampled lines that it recognises as first lines of records; lines that are
 * indented, belong to a record above or are banners do not count. A document format scores by its own judgement and
 * wins over logs only with a higher score. What path or collector suggest is a small advantage, never a decision.
 */

import type { SourceContext } from '../model/index.ts';
import { cleanLine } from './clean.ts';
import type { DocumentFormat, Format, LineFormat, Sniff } from './format.ts';
import { isBlank, isIndented } from './header.ts';
import { openRecord } from './joiner.ts';

/** Below this share no format is the file's own. */
const LEAST_SCORE = 0.3;
/** An earlier format of the table keeps its place against a later one that is hardly better. */
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

function isPagerOrPrompt(line: string): boolean {
  return line === '~' || /^(?:lines \d+-\d+|\.\.\.skipping\.\.\.|…skipping…|Defaulted container ")/u.test(line);
}

/**
 * @param head - beginning of the file, decoded
 * @param middle - lines from its middle, with a cut line at the begin and end; empty for small files
 */
export function sniffOf(path: string, context: SourceContext, head: string, middle = ''): Sniff {
  const wanted = (line: string): boolean => !isBlank(line) && !isPagerOrPrompt(line);
  const above = head.split('\n').map(cleanLine);
  const below = middle.split('\n').map(cleanLine).slice(1, -1);
  const fromHead = above.filter(wanted);
  const fromMiddle = below.filter(wanted);
  const half = Math.min(fromMiddle.length, MAX_LINES / 2);
  return {
    path,
    context,
    head: above.join('\n'),
    lines: [...fromHead.slice(0, MAX_LINES - half), ...fromMiddle.slice(0, half)],
  };
}

interface Share {
  readonly matched: number;
  readonly counted: number;
}

/** How many of the lines that can begin a record does the format know? */
function shareOf(format: LineFormat, lines: readonly string[]): Share {
  let matched = 0;
  let counted = 0;
  let open: ReturnType<typeof openRecord> | undefined;
  for (const line of lines) {
    const text = line.length > MAX_LINE && !line.startsWith('{') ? line.slice(0, MAX_LINE) : line;
    const header = format.parse(text);
    if (header !== undefined) {
      matched++;
      counted++;
      open = openRecord(text, { header, format });
    } else if (
      !isIndented(text) &&
      format.skips?.(text) !== true &&
      open?.specific(text) === undefined &&
      open?.general(text, false) === undefined
    ) {
      counted++;
      open = openRecord(text, undefined);
    }
  }
  return { matched, counted };
}

function scoreOf({ matched, counted }: Share): number {
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

/** The best by score; the earlier one of nearly equals. */
function best<T>(rated: readonly Rated<T>[]): Rated<T> | undefined {
  let winner: Rated<T> | undefined;
  for (const each of rated) {
    if (winner === undefined || each.score > winner.score + TIE) {
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
  const rated = formats
    .map((format) => {
      const score = scoreOf(shareOf(format, lines));
      return { format, score: score > 0 ? score + prior(format, context) : 0 };
    })
    .filter(({ score }) => score > 0);
  const suited = best(rated.filter(({ format }) => format.suits?.(lines) !== false));
  const other = suited === undefined ? best(rated) : undefined;
  return other === undefined ? suited : { format: other.format, score: other.score * UNSUITED };
}

/** Share of lines that any format knows. */
function anyShare(formats: readonly LineFormat[], lines: readonly string[]): number {
  const counted = lines.filter((line) => !isIndented(line));
  const known = counted.filter((line) => formats.some((format) => format.parse(line.slice(0, MAX_LINE)) !== undefined));
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
  );
  if (document !== undefined && document.score >= LEAST_SCORE && document.score > (log?.score ?? 0)) {
    return { format: document.format, score: Math.min(1, document.score) };
  }
  if (log !== undefined && log.score >= LEAST_SCORE) {
    return { format: log.format, score: Math.min(1, log.score) };
  }
  const share = anyShare(logs, spread(lines, FIRST_LOOK * 4));
  return share >= LEAST_SCORE ? { format: 'mixed', score: share } : { format: 'text', score: share };
}
