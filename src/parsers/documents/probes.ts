/** Settings of liveness probes that matter for restarts, and how long a container lives that never answers one. */

import type { RowValue } from '../../model/index.ts';
import { parseGoDuration } from '../../time/durations.ts';

/** Kubernetes' own defaults stand for what is not written. */
interface LivenessProbe {
  readonly delayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
}

/** Pods that set no other time get so long between the first signal and the second. */
const DEFAULT_GRACE_MS = 30_000;

/**
 * Attributes of a row from its container's probe. A container that answers none of its probes is told to end when
 * the last allowed one has failed: the first comes between `delay` and `delay + period` after the start, the others
 * one period apart, the last takes up to its timeout. A program that ignores the signal lives on for the grace time.
 */
export function livenessValues(probe: LivenessProbe, graceMs = DEFAULT_GRACE_MS): Readonly<Record<string, RowValue>> {
  const { delayMs, periodMs, timeoutMs, failures } = probe;
  return {
    livenessPeriodMs: periodMs,
    livenessDelayMs: delayMs,
    livenessFailures: failures,
    livenessKillsFromMs: delayMs + (failures - 1) * periodMs,
    livenessKillsUntilMs: delayMs + failures * periodMs + timeoutMs + graceMs,
  };
}

/** `http-get http://:8080/healthz delay=30s timeout=1s period=10s #success=1 #failure=3`, as describe prints it. */
export function probeValues(text: string): Readonly<Record<string, RowValue>> {
  const setting = (name: string) => new RegExp(`(?:^| )${name}=(\\S+)`, 'u').exec(text.slice(0, 2000))?.[1];
  const periodMs = parseGoDuration(setting('period') ?? '');
  const delayMs = parseGoDuration(setting('delay') ?? '');
  const timeoutMs = parseGoDuration(setting('timeout') ?? '');
  const failures = setting('#failure');
  const known = failures !== undefined && /^\d{1,6}$/u.test(failures) ? Number(failures) : undefined;
  if (periodMs !== undefined && delayMs !== undefined && known !== undefined) {
    return livenessValues({ delayMs, periodMs, timeoutMs: timeoutMs ?? 1000, failures: known });
  }
  return {
    ...(periodMs === undefined ? {} : { livenessPeriodMs: periodMs }),
    ...(delayMs === undefined ? {} : { livenessDelayMs: delayMs }),
    ...(known === undefined ? {} : { livenessFailures: known }),
  };
}
