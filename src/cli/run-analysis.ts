import type { Analysis } from '../analyze.ts';
import { userError } from '../model/errors.ts';
import { analyzeOptions, type BundleArguments } from './options.ts';
import { createProgress } from './progress.ts';
import type { Streams } from './streams.ts';

/**
 * Analyses a bundle with progress and remarks on stderr.
 *
 * @throws {UserError} `BUNDLE_UNRECOGNISED` when no file of it was understood
 */
export async function runAnalysis(
  paths: readonly string[],
  args: BundleArguments,
  streams: Streams,
): Promise<Analysis> {
  const options = analyzeOptions(args);
  const progress = createProgress(streams.stderr, args.progress && !args.quiet, () => performance.now());
  const { analyze } = await import('../analyze.ts');
  const begin = performance.now();
  let analysis: Analysis;
  try {
    analysis = await analyze(paths, { ...options, stdin: streams.stdin, onProgress: progress.update });
  } finally {
    progress.clear();
  }
  const { report } = analysis;
  // Plain text is searched for known messages though no line of it is understood: that is an analysis.
  const isSearched = report.bundle.files.some(({ format, lines }) => format === 'text' && lines > 0);
  if (report.coverage.filesUnderstood === 0 && !isSearched) {
    throw userError(
      'BUNDLE_UNRECOGNISED',
      `nothing in ${paths.join(', ')} was recognised as a log or listing; forensics inspect shows what was read`,
    );
  }
  if (!args.quiet) {
    const wanted = report.diagnostics.filter(({ severity }) => args.verbose || severity === 'error');
    for (const { severity, message, source, line } of wanted) {
      const place = source === null ? '' : `${source}${line === null ? '' : `:${line}`}: `;
      streams.stderr.write(`forensics: ${severity}: ${place}${message}\n`);
    }
  }
  if (args.verbose) {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const { files, lines } = report.coverage;
    streams.stderr.write(`forensics: read ${files} files, ${lines} lines in ${seconds} s\n`);
  }
  return analysis;
}
