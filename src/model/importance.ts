import type { Fact, Severity } from './fact.ts';

const BY_SEVERITY: Readonly<Record<Severity, number>> = { critical: 8, high: 4, medium: 2, low: 1 };

/** How much a fact weighs among the symptoms: by severity, and a little by its count. */
export function importance(fact: Fact): number {
  return BY_SEVERITY[fact.severity] * Math.min(2, 1 + Math.log2(1 + fact.count) / 8);
}
