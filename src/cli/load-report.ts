import { readFileSync, statSync } from 'node:fs';
import { userError } from '../model/errors.ts';
import type { IncidentReport } from '../model/report.ts';
import type { BundleArguments } from './options.ts';
import { runAnalysis } from './run-analysis.ts';
import type { Streams } from './streams.ts';

const MOST_BYTES = 256 << 20;

/**
 * A report: read from the JSON that `analyze --format json` wrote, or made from a bundle.
 *
 * A JSON file counts as a report when it says so itself; any other JSON file is a bundle of one file.
 */
export async function loadReport(path: string, args: BundleArguments, streams: Streams): Promise<IncidentReport> {
  const report = path === '-' ? undefined : await readReport(path);
  return report ?? (await runAnalysis([path], args, streams)).report;
}

/**
 * @returns undefined when the file is no report
 * @throws {UserError} `REPORT_UNREADABLE` when it claims to be one and is none of this version
 */
export async function readReport(path: string): Promise<IncidentReport | undefined> {
  if (!path.toLowerCase().endsWith('.json')) return undefined;
  let parsed: unknown;
  try {
    if (statSync(path).size > MOST_BYTES) return undefined;
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (!isReportLike(parsed)) return undefined;
  const { incidentReportSchema } = await import('../model/report.ts');
  const checked = incidentReportSchema.safeParse(parsed);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const place = issue ? `${issue.path.join('.') || 'document'}: ${issue.message}` : 'unknown form';
  throw userError('REPORT_UNREADABLE', `${path} is no report of this version: ${place}`);
}

function isReportLike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('tool' in value) || !('schemaVersion' in value)) return false;
  const { tool } = value;
  return typeof tool === 'object' && tool !== null && 'name' in tool && tool.name === 'forensics';
}
