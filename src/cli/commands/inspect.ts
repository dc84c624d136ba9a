import type { Inspection } from '../../inspect.ts';
import { userError } from '../../model/errors.ts';
import { bytesText, counted, percent, shorten, thousands } from '../../text/grammar.ts';
import { plainLine } from '../../text/markdown.ts';
import { analyzeOptions, type BundleArguments } from '../options.ts';
import { writeWhole } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Streams } from '../streams.ts';

export interface InspectArguments extends BundleArguments {
  readonly paths: readonly string[];
  readonly format: string | undefined;
  readonly output: string | undefined;
}

export async function inspectCommand(args: InspectArguments, streams: Streams): Promise<number> {
  if (args.format !== undefined && args.format !== 'text' && args.format !== 'json') {
    throw userError('OPTION_INVALID', `inspect has the formats text and json, not ${args.format}`);
  }
  const { timezone, collectedAt } = analyzeOptions(args);
  const progress = createProgress(streams.stderr, args.progress && !args.quiet, () => performance.now());
  const { inspect } = await import('../../inspect.ts');
  const inspection = await inspect(args.paths, {
    stdin: streams.stdin,
    onProgress: progress.update,
    ...(timezone === undefined ? {} : { timezone }),
    ...(collectedAt === undefined ? {} : { collectedAt }),
  });
  progress.clear();
  const text =
    args.format === 'json' ? `${JSON.stringify(inspection, null, 2)}\n` : describeInspection(inspection, args.verbose);
  if (args.output === undefined) streams.stdout.write(text);
  else writeWhole([{ path: args.output, text }]);
  return 0;
}

const MOST_FILES = 60;

function describeInspection(inspection: Inspection, isVerbose = false): string {
  const { files } = inspection;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const collected = inspection.collectedAt
    ? `${inspection.collectedAt.earliest} to ${inspection.collectedAt.latest} (${inspection.collectedAt.basis})`
    : 'not known';
  const lines = [
    `${plainLine(inspection.name)}: ${counted(files.length, 'file')}, ${bytesText(bytes)}, layout ${inspection.layout}`,
    `Collected: ${collected}`,
    `Nodes: ${inspection.nodes.length === 0 ? 'none named' : inspection.nodes.map(plainLine).join(', ')}`,
    '',
  ];
  const shown = isVerbose ? files : files.slice(0, MOST_FILES);
  lines.push(
    ...table([
      ['File', 'Format', 'Host', 'Lines', 'Understood', 'From', 'To', 'Longest gap'],
      ...shown.map((file) => [
        shorten(plainLine(file.path), 48),
        file.format,
        file.node === null ? '-' : plainLine(file.node),
        thousands(file.lines),
        file.lines === 0 ? '-' : percent(file.understood),
        time(file.first),
        time(file.last),
        file.longestGap === null ? '-' : `${Math.round(file.longestGap.seconds)} s from ${time(file.longestGap.from)}`,
      ]),
    ]),
  );
  if (files.length > shown.length) lines.push(`… and ${files.length - shown.length} more (--verbose or --format json)`);
  for (const file of shown.filter(({ notes }) => notes.length > 0))
    lines.push(`  ${plainLine(file.path)}: ${file.notes.map(plainLine).join('; ')}`);

  lines.push('', 'Clocks');
  if (inspection.clocks.length === 0) lines.push('  none: no file carries a time');
  for (const clock of inspection.clocks) {
    const off = clock.uncertaintyMs === undefined ? '' : `, off by at most ${clock.uncertaintyMs / 1000} s`;
    lines.push(
      `  ${plainLine(clock.clock)}: ${plainLine(clock.basis)}${clock.zone === undefined ? '' : `, zone ${plainLine(clock.zone)}`}${off}`,
    );
    for (const anchor of clock.anchors) lines.push(`    anchor: ${plainLine(anchor)}`);
    for (const assumption of clock.assumptions) lines.push(`    assumed: ${plainLine(assumption)}`);
  }
  lines.push(
    '',
    inspection.missing.length === 0 ? 'Nothing that the analysis usually asks for is missing.' : 'Missing',
  );
  for (const { what, question, run } of inspection.missing) lines.push(`  ${what}: ${question}`, `    ${run}`);
  if (inspection.diagnostics.length > 0) lines.push('', 'Remarks');
  for (const { severity, message, source } of inspection.diagnostics) {
    lines.push(`  ${severity}: ${source === null ? '' : `${plainLine(source)}: `}${plainLine(message)}`);
  }
  return `${lines.join('\n')}\n`;
}

function time(iso: string | null): string {
  return iso === null ? '-' : iso.slice(0, 19).replace('T', ' ');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
