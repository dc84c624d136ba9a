import type { Fact } from '../model/index.ts';

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
