import type { Fact } from '../model/index.ts';
import type { Statement } from '../model/report.ts';
import { clause } from '../text/grammar.ts';
import { byText, firstOf } from '../text/order.ts';
import { describeDurationSpan } from '../time/durations.ts';
import { gapBetween } from '../time/span.ts';
import { type IncidentContext, isTelling, namedHypothesis } from './context.ts';
import { whereabouts } from './names.ts';
import type { Course } from './phases.ts';
import { statement } from './statement.ts';

const WINDOW_MS = 24 * 3_600_000;
const MOST_CHANGES = 8;

/**
 * Changes of the day before the onset, the latest first: rollouts, upgrades, new configuration, nodes that joined or
 * booted, wherever in the bundle they were seen. That they came before says nothing about what they brought about.
 *
 * What the best hypothesis leads to and the trigger, which is told by itself, are left out.
 */
export function changeStatements(context: IncidentContext, { onset }: Course): Statement[] {
  if (!onset || !isTelling(onset)) return [];
  const explained = new Set(namedHypothesis(context)?.explains);
  const found = [...context.input.graph.facts.values()].flatMap((fact) => {
    const at = fact.polarity === 'change' && fact.onset && isTelling(fact.onset.at) ? fact.onset.at : undefined;
    if (!at || explained.has(fact.id) || context.role(fact) === 'trigger') return [];
    const gap = gapBetween(at, onset);
    return gap.greatest > 0 && gap.least + gap.greatest >= 0 && gap.least <= WINDOW_MS ? [{ fact, gap }] : [];
  });
  return found
    .sort((a, b) => firstOf(a.gap.greatest - b.gap.greatest, byText(a.fact.id, b.fact.id)))
    .slice(0, MOST_CHANGES)
    .map(({ fact, gap }) =>
      statement(
        `${clause(fact.title)}${placeOf(fact)}, ${describeDurationSpan(gap.least, gap.greatest)} before the onset`,
        fact.observed ? 'observed' : 'derived',
        { evidence: context.evidence.refs(fact, 2), facts: [fact.id] },
      ),
    );
}

/** Where it was, unless the title says so. */
function placeOf(fact: Fact): string {
  const place = whereabouts(fact);
  return place === '' || fact.title.includes(place) ? '' : ` (${place})`;
}
