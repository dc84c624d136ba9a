import type { PatternItem, PatternVerdict } from '../model/index.ts';
import type { IncidentRule } from '../rules/schema.ts';
import type { Judge } from './judge.ts';

/**
 * Scores an incident rule: a range, because what the bundle cannot show counts neither way. Partial is everything
 * between confirmed and what cannot even be partial any more.
 */
export function judgePattern(rule: IncidentRule, judge: Judge): PatternVerdict {
  const items = rule.points.map((point, index): PatternItem => {
    const verdict = judge(rule.id, `points.${index}.when`, {});
    const state = verdict.value === true ? 'confirmed' : verdict.value === false ? 'not-found' : 'unknown';
    return {
      item: point.item,
      title: point.title,
      state,
      score: point.score,
      why: verdict.why,
      facts: state === 'confirmed' ? verdict.facts : [],
      ...(point.run !== undefined && state !== 'confirmed' && { run: point.run }),
    };
  });
  const sum = (states: readonly PatternItem['state'][]) =>
    items.filter((item) => states.includes(item.state)).reduce((total, item) => total + item.score, 0);
  const min = sum(['confirmed']);
  const max = min + sum(['unknown']);
  return {
    id: rule.id,
    title: rule.title,
    verdict: min >= rule.confirmed ? 'confirmed' : max < rule.partial ? 'absent' : 'partial',
    min,
    max,
    total: sum(['confirmed', 'unknown', 'not-found']),
    items,
    repair: rule.playbook === undefined ? [] : [rule.playbook],
  };
}
