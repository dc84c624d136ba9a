import type { InspectedFile, Inspection } from './inspect.ts';
import { bytesText, counted, percent, thousands } from './text/grammar.ts';
import { plainLine } from './text/markdown.ts';
import { ASSUMED_OFFSET_MS } from './time/clock-offset.ts';
import { describeDuration } from './time/durations.ts';
import { offsetText, toldOffsets } from './time/offset-text.ts';

/** An inspection for a terminal: first what there is, last what to do. Times are UTC. */

const MOST_FILES = 60;
const MOST_CLOCKS = 20;
const MOST_PATH = 56;
const ASSUMED_DIFFERENCE = `any two may be ${describeDuration(ASSUMED_OFFSET_MS)} apart, unless a line says otherwise`;
/** Said under "Missing" already, with what to do. */
const SAID: ReadonlySet<string> = new Set(['year-assumed', 'collection-time-unknown']);
/** Shorter ones are the rhythm of the log. */
const LEAST_GAP_S = 60;
/** Titles of sections stand beside the table only when asked for. */
const SECTION = /^line \d+: /u;

export function inspectionText(inspection: Inspection, isVerbose = false): string {
  return `${[
    ...head(inspection),
    '',
    ...fileTable(inspection.files, isVerbose),
    ...gapLines(inspection),
    ...clockLines(inspection.clocks, isVerbose),
    ...missingLines(inspection),
    ...remarkLines(inspection),
  ].join('\n')}\n`;
}

function head({
  name,
  layout,
  files,
  bytes,
  lines,
  understood,
  nodes,
  first,
  last,
  collectedAt,
}: Inspection): string[] {
  const known = lines === 0 ? 'no line' : `${thousands(lines)} lines, ${percent(understood)} understood`;
  const collector = layout === 'files' ? '' : `, collected by ${layout}`;
  return [
    `${plainLine(name)}: ${counted(files.length, 'file')}, ${bytesText(bytes)}, ${known}${collector}`,
    `Logs and Events: ${first === null || last === null ? 'none has a time' : `${momentOrSpan(first, last)} UTC`}`,
    `Collected: ${collectedAt ? `${timeSpan(collectedAt.earliest, collectedAt.latest)} UTC (${plainLine(collectedAt.basis)})` : 'not known'}`,
    `Nodes: ${nodes.length === 0 ? 'none named' : nodes.map(plainLine).join(', ')}`,
  ];
}

function fileTable(files: readonly InspectedFile[], isVerbose: boolean): string[] {
  const shown = isVerbose ? files : files.slice(0, MOST_FILES);
  if (files.length === 0) return ['No file could be read.'];
  const rows = shown.map((file) => [
    tail(plainLine(file.path), MOST_PATH),
    file.lines === 0 ? 'empty' : file.format === 'text' ? 'no known format' : file.format,
    file.node === null ? '-' : plainLine(file.node),
    thousands(file.lines),
    file.lines === 0 ? '-' : percent(file.understood),
    moment(file.first),
    file.first !== null && file.last !== null ? laterMoment(file.first, file.last) : '-',
    file.longestGap === null || file.longestGap.seconds < LEAST_GAP_S
      ? '-'
      : `${describeDuration(file.longestGap.seconds * 1000)} from ${laterMoment(file.first ?? '', file.longestGap.from)}`,
  ]);
  const lines = table([['File', 'Format', 'Host', 'Lines', 'Understood', 'From (UTC)', 'To', 'Longest gap'], ...rows]);
  if (files.length > shown.length) {
    lines.push(`… and ${counted(files.length - shown.length, 'file')} more (--verbose or --format json)`);
  }
  for (const { path, notes } of shown) {
    const told = notes.filter((note) => isVerbose || !SECTION.test(note));
    if (told.length > 0) lines.push(`  ${plainLine(path)}: ${told.map(plainLine).join('; ')}`);
  }
  return lines;
}

function gapLines({ gaps }: Inspection): string[] {
  if (gaps.length === 0) return [];
  return [
    '',
    'Silence: no log of the node has a line',
    ...gaps.map(({ node, from, to, seconds, before, after, bootFollows }) => {
      const where =
        before === after ? `in ${plainLine(before)}` : `${plainLine(before)} ends, ${plainLine(after)} begins`;
      return `  ${plainLine(node)}: ${describeDuration(seconds * 1000)}, ${timeSpan(from, to)} (${where}${bootFollows ? ', then a boot' : ''})`;
    }),
  ];
}

function clockLines(clocks: Inspection['clocks'], isVerbose: boolean): string[] {
  const lines = ['', clocks.length > 1 ? `Clocks (${ASSUMED_DIFFERENCE})` : 'Clocks'];
  if (clocks.length === 0) lines.push('  none: no file carries a time');
  const shown = isVerbose ? clocks : clocks.slice(0, MOST_CLOCKS);
  for (const { clock, basis, zone, anchors, assumptions } of shown) {
    lines.push(`  ${plainLine(clock)}: ${plainLine(basis)}${zone === undefined ? '' : `, zone ${plainLine(zone)}`}`);
    for (const anchor of anchors) lines.push(`    anchor: ${plainLine(anchor)}`);
    for (const assumption of assumptions) lines.push(`    assumed: ${plainLine(assumption)}`);
  }
  for (const { clock, offset } of toldOffsets(clocks)) lines.push(`  ${plainLine(offsetText(clock, offset))}`);
  if (clocks.length > shown.length)
    lines.push(`  … and ${counted(clocks.length - shown.length, 'clock')} more (--verbose)`);
  return lines;
}

function missingLines({ missing }: Inspection): string[] {
  if (missing.length === 0) return ['', 'Nothing that the analysis usually asks for is missing.'];
  return [
    '',
    'Missing: which question stays open, and what would answer it',
    ...missing.flatMap(({ what, question, run, option }) => [
      `  ${plainLine(what)}: ${plainLine(question)}`,
      `    ${plainLine(run)}${option === undefined ? '' : `   (or say ${option})`}`,
    ]),
    '  All of it at once: forensics collect-script > collect.sh && sh collect.sh',
  ];
}

function remarkLines({ diagnostics }: Inspection): string[] {
  const told = diagnostics.filter(({ code }) => !SAID.has(code));
  if (told.length === 0) return [];
  return [
    '',
    'Remarks',
    ...told.map(
      ({ severity, message, source }) =>
        `  ${severity}: ${source === null ? '' : `${plainLine(source)}: `}${plainLine(message)}`,
    ),
  ];
}

/** The end of a path tells more than its beginning. */
function tail(path: string, most: number): string {
  const points = [...path];
  return points.length <= most ? path : `…${points.slice(points.length - most + 1).join('')}`;
}

function moment(iso: string | null): string {
  return iso === null ? '-' : iso.slice(0, 19).replace('T', ' ');
}

/** Without the day where it is that of the earlier one. */
function laterMoment(earlier: string, later: string): string {
  return earlier.slice(0, 10) === later.slice(0, 10) ? later.slice(11, 19) : moment(later);
}

function momentOrSpan(from: string, to: string): string {
  return moment(from) === moment(to) ? moment(from) : timeSpan(from, to);
}

function timeSpan(from: string, to: string): string {
  return `${moment(from)} to ${laterMoment(from, to)}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 3 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
