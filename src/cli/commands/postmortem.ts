import { loadReport } from '../load-report.ts';
import type { BundleArguments } from '../options.ts';
import { writeWhole } from '../output.ts';
import { readTemplates } from '../package-files.ts';
import type { Streams } from '../streams.ts';

export interface PostmortemArguments extends BundleArguments {
  readonly path: string;
  readonly output: string | undefined;
  readonly template: string | undefined;
}

/** The Markdown draft from a bundle or from a report that was written before. */
export async function postmortemCommand(args: PostmortemArguments, streams: Streams): Promise<number> {
  const templates = readTemplates(args.template);
  const report = await loadReport(args.path, args, streams);
  const { renderMarkdown } = await import('../../renderers/markdown.ts');
  const text = renderMarkdown(report, { templates });
  if (args.output === undefined) streams.stdout.write(text);
  else writeWhole([{ path: args.output, text }]);
  return 0;
}
