import { inspectionText } from '../../inspection-text.ts';
import { userError } from '../../model/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { analyzeOptions, type BundleArguments } from '../options.ts';
import { writeWhole } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Streams } from '../streams.ts';

export interface InspectArguments extends BundleArguments {
  readonly paths: readonly string[];
  readonly format: string | undefined;
  readonly output: string | undefined;
}

/** Ends with 3 when nothing was recognised, after saying what was there instead. */
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
    args.format === 'json' ? `${JSON.stringify(inspection, null, 2)}\n` : inspectionText(inspection, args.verbose);
  if (args.output === undefined) streams.stdout.write(text);
  else writeWhole([{ path: args.output, text }]);
  if (inspection.understood > 0) return EXIT.finished;
  const why = inspection.lines === 0 ? 'there is nothing to read' : 'no line has a known format';
  streams.stderr.write(`forensics: ${inspection.name}: ${why}\n`);
  return EXIT.unreadable;
}
