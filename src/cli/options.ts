import type { AnalyzeOptions } from '../analyze.ts';
import { userError } from '../model/errors.ts';

/** Options of every command that reads a bundle, as yargs hands them over. */
export interface BundleArguments {
  readonly rules: readonly string[];
  readonly builtinRules: boolean;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly timezone: string | undefined;
  readonly collectedAt: string | undefined;
  readonly redact: string;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

export function analyzeOptions(args: BundleArguments): AnalyzeOptions {
  if (args.jobs !== undefined && (!Number.isInteger(args.jobs) || args.jobs < 1)) {
    throw userError('OPTION_INVALID', '--jobs takes a whole number from 1');
  }
  const since = instant('--since', args.since);
  const until = instant('--until', args.until);
  if (since !== undefined && until !== undefined && since > until) {
    throw userError('OPTION_INVALID', '--since lies after --until');
  }
  const collectedAt = instant('--collected-at', args.collectedAt);
  const timezone = zone(args.timezone);
  return {
    ruleDirs: args.rules,
    builtinRules: args.builtinRules,
    redact: redaction(args.redact),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(collectedAt === undefined ? {} : { collectedAt }),
    ...(timezone === undefined ? {} : { timezone }),
  };
}

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/u;

/** Epoch milliseconds of an ISO time; without a zone it is UTC. */
function instant(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = ISO.exec(text);
  const full = match && text.length > 10 && match[1] === undefined ? `${text}Z` : text;
  const epochMs = match ? Date.parse(full.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(epochMs)) {
    throw userError('OPTION_INVALID', `${option} takes an ISO time such as 2025-01-31T02:54:55Z, not ${text}`);
  }
  return epochMs;
}

function zone(text: string | undefined): string | undefined {
  if (text === undefined || /^[+-]\d\d:?\d\d$/u.test(text)) return text;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    throw userError('OPTION_INVALID', `--timezone takes a zone such as Europe/Berlin or +02:00, not ${text}`);
  }
}

const REDACTIONS = ['secrets', 'secrets+addresses', 'none'] as const;

function redaction(text: string): (typeof REDACTIONS)[number] {
  const mode = REDACTIONS.find((known) => known === text);
  if (!mode) throw userError('OPTION_INVALID', `--redact takes ${REDACTIONS.join(', ')}, not ${text}`);
  return mode;
}
