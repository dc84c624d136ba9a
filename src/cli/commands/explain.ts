import { userError } from '../../model/errors.ts';
import { explain } from '../../renderers/explain.ts';
import { loadReport } from '../load-report.ts';
import type { BundleArguments } from '../options.ts';
import type { Streams } from '../streams.ts';

export interface ExplainArguments extends BundleArguments {
  readonly path: string;
  readonly what: string | undefined;
}

/** Rule, lines, joins and arithmetic behind a fact, a hypothesis or an edge. */
export async function explainCommand(args: ExplainArguments, streams: Streams): Promise<number> {
  const report = await loadReport(args.path, args, streams);
  const result = explain(report, args.what);
  if (!result.isFound) throw userError('NOTHING_TO_EXPLAIN', result.text);
  streams.stdout.write(result.text);
  return 0;
}
