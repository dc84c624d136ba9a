import type { Span } from '../model/index.ts';
import { clockTime } from '../time/display.ts';
import { isTelling } from './context.ts';

/**
 * Fills `<onset>` of a read-only command with the time at which the incident began, as journalctl and git read it:
 * `'2025-11-14 02:50:49 UTC'`. Where that is not known, or only within hours, the placeholder stays.
 */
export function atOnset(run: string, onset: Span | undefined): string {
  return onset && isTelling(onset) ? run.replaceAll('<onset>', `'${clockTime(onset.earliest)} UTC'`) : run;
}
