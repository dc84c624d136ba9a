import type { Fact, Severity } from '../model/index.ts';

const BY_SEVERITY: Readonly<Record<Severity, number>> = { critical: 8, high: 4, medium: 2, low: 1 };

/** How much a fact weighs among the symptoms: by severity, and a little by its count. */
export function importance(fact: Fact): number {
  return BY_SEVERITY[fact.severity] * Math.min(2, 1 + Math.log2(1 + fact.count) / 8);
}

/** What an incident consists of: things that went wrong or changed, not controls and context. */
export function mayBelongToIncident(fact: Fact): boolean {
  return fact.polarity === 'symptom' || fact.polarity === 'condition' || fact.polarity === 'change';
}

/** Bad enough to make an incident by itself: configuration and changes alone are not. */
export function makesIncident(fact: Fact): boolean {
  if (fact.polarity !== 'symptom' && fact.polarity !== 'condition') return false;
  if (
    fact.nature === 'configuration' &&
    (fact.initiates === 'possible' || fact.initiates === 'unlikely' || fact.initiates === 'never')
  )
    return false;
  return fact.severity !== 'low';
}
