/** Probe settings that matter for probe-caused restarts, from the one-line form of `kubectl describe`. */

import type { RowValue } from '../../model/index.ts';
import { parseGoDuration } from '../../time/durations.ts';

/** `http-get http://:8080/healthz delay=30s timeout=1s period=10s #success=1 #failure=3` */
export function probeValues(text: string): Readonly<Record<string, RowValue>> {
  const values: Record<string, RowValue> = {};
  const setting = (name: string) => new RegExp(`(?:^| )${name}=(\\S+)`, 'u').exec(text.slice(0, 2000))?.[1];
  const period = parseGoDuration(setting('period') ?? '');
  const delay = parseGoDuration(setting('delay') ?? '');
  const failures = setting('#failure');
  if (period !== undefined) values['livenessPeriodMs'] = period;
  if (delay !== undefined) values['livenessDelayMs'] = delay;
  if (failures !== undefined && /^\d{1,6}$/u.test(failures)) values['livenessFailures'] = Number(failures);
  return values;
}
