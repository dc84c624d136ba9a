import { join } from 'node:path';
import { userError } from '../../model/errors.ts';
import type { IncidentReport } from '../../model/report.ts';
import { didYouMean } from '../../text/suggest.ts';
import { EXIT } from '../exit-codes.ts';
import { readReport } from '../load-report.ts';
import type { BundleArguments } from '../options.ts';
import { isFolder, type OutputFile, writeWhole } from '../output.ts';
import { readTemplates } from '../package-files.ts';
import { runAnalysis } from '../run-analysis.ts';
import type { Streams } from '../streams.ts';

export interface AnalyzeArguments extends BundleArguments {
  readonly paths: readonly string[];
  readonly format: readonly string[];
  readonly output: string | undefined;
  readonly failOn: string;
  readonly template: string | undefined;
  readonly baseline: string | undefined;
}

/** File names where several formats go into one folder. */
const FILE_NAMES: Readonly<Record<string, string>> = {
  md: 'post-mortem.md',
  html: 'post-mortem.html',
  json: 'report.json',
  junit: 'junit.xml',
  text: 'summary.txt',
};
const BY_EXTENSION: Readonly<Record<string, string>> = {
  html: 'html',
  htm: 'html',
  json: 'json',
  xml: 'junit',
  txt: 'text',
  md: 'md',
};

export async function analyzeCommand(args: AnalyzeArguments, streams: Streams): Promise<number> {
  const { renderers } = await import('../../renderers/index.ts');
  const formats = chosenFormats(args, streams, [...renderers.keys()]);
  const threshold = thresholdOf(args.failOn);
  if (formats.length > 1 && args.output === undefined) {
    throw userError('OPTION_INVALID', 'several formats need --output FOLDER');
  }
  if (args.template !== undefined && !formats.some((format) => format === 'md' || format === 'html')) {
    throw userError('OPTION_INVALID', '--template is for the formats md and html');
  }
  const templates = readTemplates(args.template);
  const baseline = args.baseline === undefined ? undefined : await readBaseline(args.baseline);
  const analysis = await runAnalysis(args.paths, args, streams);
  const report = baseline ? markKnown(analysis.report, baseline) : analysis.report;

  const colour = args.output === undefined && wantsColour(args, streams);
  const rendered = formats.map((format) => {
    const renderer = renderers.get(format);
    return { format, text: renderer?.render(report, { templates, colour: colour && format === 'text' }) ?? '' };
  });
  if (args.output === undefined) for (const { text } of rendered) streams.stdout.write(text);
  else {
    const files = outputFiles(args.output, rendered);
    writeWhole(files);
    if (!args.quiet && streams.stderr.isTTY === true) {
      streams.stderr.write(`${verdictLine(report)}\n${files.map(({ path }) => `  ${path}`).join('\n')}\n`);
    }
  }
  return isAtLeast(report, threshold) ? EXIT.found : EXIT.finished;
}

function chosenFormats(args: AnalyzeArguments, streams: Streams, known: readonly string[]): string[] {
  const wanted = [...new Set(args.format.flatMap((format) => format.split(',')))].filter((format) => format !== '');
  for (const format of wanted) {
    if (!known.includes(format)) {
      throw userError(
        'OPTION_INVALID',
        `there is no format ${format}${didYouMean(format, known)}; formats are ${known.join(', ')}`,
      );
    }
  }
  if (wanted.length > 0) return wanted;
  if (args.output !== undefined && !isFolder(args.output)) {
    const extension = /\.(\w+)$/u.exec(args.output)?.[1]?.toLowerCase() ?? '';
    return [(Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined) ?? 'md'];
  }
  return [args.output === undefined && streams.stdout.isTTY === true ? 'text' : 'md'];
}

/** Several formats, or a folder that exists: files with fixed names in it. */
function outputFiles(output: string, rendered: readonly { format: string; text: string }[]): OutputFile[] {
  const isInFolder = rendered.length > 1 || isFolder(output);
  return rendered.map(({ format, text }) => ({
    path: isInFolder ? join(output, FILE_NAMES[format] ?? `report.${format}`) : output,
    text,
  }));
}

function wantsColour(args: { readonly color: boolean }, { stdout, env }: Streams): boolean {
  const isForbidden = !args.color || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return stdout.isTTY === true && !isForbidden;
}

const LEVELS = ['info', 'warning', 'error', 'critical'] as const;
const LEVEL_OF = { SEV4: 'info', SEV3: 'warning', SEV2: 'error', SEV1: 'critical' } as const;

/** Index into {@link LEVELS}, or past its end for `none`. */
function thresholdOf(failOn: string): number {
  if (failOn === 'none') return LEVELS.length;
  const index = (LEVELS as readonly string[]).indexOf(failOn);
  if (index < 0) throw userError('OPTION_INVALID', `--fail-on takes none, ${LEVELS.join(', ')}, not ${failOn}`);
  return index;
}

function isAtLeast(report: IncidentReport, threshold: number): boolean {
  return report.incidents.some(({ severity, known }) => !known && LEVELS.indexOf(LEVEL_OF[severity]) >= threshold);
}

async function readBaseline(path: string): Promise<IncidentReport> {
  const baseline = await readReport(path);
  if (!baseline) throw userError('BASELINE_UNREADABLE', `--baseline: ${path} is no JSON report of forensics`);
  return baseline;
}

/** An incident is known when the baseline has one whose best hypothesis has the same signature on the same entities. */
function markKnown(report: IncidentReport, baseline: IncidentReport): IncidentReport {
  const known = new Set(baseline.incidents.map((incident) => fingerprint(baseline, incident)));
  return {
    ...report,
    incidents: report.incidents.map((incident) => ({ ...incident, known: known.has(fingerprint(report, incident)) })),
  };
}

function fingerprint(report: IncidentReport, incident: IncidentReport['incidents'][number]): string {
  const root = incident.hypotheses[0]?.root ?? incident.facts[0];
  const fact = report.facts.find(({ id }) => id === root);
  const entities = Object.entries(fact?.entities ?? {})
    .filter(([, ref]) => !/^(?:boot|process|container)\//u.test(ref))
    .map(([role, ref]) => `${role}=${ref}`)
    .sort();
  return [fact?.signature ?? '', ...entities].join('\n');
}

function verdictLine(report: IncidentReport): string {
  const main = report.incidents[0];
  if (!main) return 'forensics: no incident found';
  const also = report.incidents.length > 1 ? ` (and ${report.incidents.length - 1} more)` : '';
  return `forensics: ${main.severity} ${main.title}${also}`;
}
