import { userError } from '../../model/errors.ts';
import { didYouMean } from '../../text/suggest.ts';
import type { BundleArguments } from '../options.ts';
import { runAnalysis } from '../run-analysis.ts';
import type { Streams } from '../streams.ts';

export interface WhyNotArguments extends BundleArguments {
  readonly path: string;
  readonly rule: string;
}

export async function whyNotCommand(args: WhyNotArguments, streams: Streams): Promise<number> {
  const analysis = await runAnalysis([args.path], args, streams);
  const { whyNot } = await import('../../why-not.ts');
  const lines = whyNot(analysis, args.rule);
  if (!lines) {
    const { signatures, links, incidents } = analysis.rules;
    const known = [...signatures, ...links, ...incidents].map(({ id }) => id);
    throw userError('RULE_NOT_FOUND', `there is no rule ${args.rule}${didYouMean(args.rule, known)}`);
  }
  streams.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
