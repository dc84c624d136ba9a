import { judgePattern } from '../correlation/patterns.ts';
import type { Fact, PatternVerdict } from '../model/index.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { IncidentRule } from '../rules/schema.ts';
import { type MutationResult, resultOf } from './result.ts';
import { make } from './satisfy.ts';
import { T0, timed } from './times.ts';
import { copyOf, emptyWorld, judgeIn, type World } from './world.ts';

const RANK = { absent: 0, partial: 1, confirmed: 2 } as const;

/**
 * Each incident rule with all its points met, then with one point after the other taken away, and the same where the
 * sources that would show it were not collected: less evidence never confirms more, and not found is not absent.
 */
export function mutateIncident(rule: IncidentRule, rules: RuleSet, facts: ReadonlyMap<string, Fact>): MutationResult[] {
  const result = (mutation: string, outcome: MutationResult['outcome'] | boolean, why: string) =>
    resultOf(rule.id, mutation, outcome, why);
  const whole = emptyWorld();
  rule.points.forEach((_, index) => {
    meet(whole, index, true);
  });
  const base = verdictIn(whole);
  const open = base.items.filter(({ state }) => state !== 'confirmed');
  if (open.length > 0) {
    const why = open.map(({ item, state, why: reason }) => `${item} is ${state}: ${reason}`).join('; ');
    return [result('all-points', 'not-testable', why)];
  }
  const results = [
    result('all-points', base.verdict === 'confirmed' && base.min === base.total, `${base.min} of ${base.total}`),
  ];
  rule.points.forEach((point, index) => {
    const without = copyOf(whole);
    meet(without, index, false);
    const less = verdictIn(without);
    const item = less.items[index];
    if (item?.state === 'confirmed') {
      results.push(result(`without-${point.item}`, 'not-testable', `could not be made false: ${item.why}`));
      return;
    }
    const falls = less.min <= base.min - point.score && RANK[less.verdict] <= RANK[base.verdict];
    results.push(
      result(`without-${point.item}`, falls, `${less.min} to ${less.max} of ${less.total}: ${less.verdict}`),
    );
    results.push(
      result(
        `not-found-${point.item}`,
        item?.state === 'not-found' ? 'passed' : 'not-testable',
        item?.state === 'not-found'
          ? item.why
          : `it cannot be told absent from any bundle: ${unprovable(point.when, rules)}`,
      ),
    );
    // Without the sources a point that rested on facts that are gone cannot be judged any more.
    const unseen = copyOf(without);
    unseen.isCovered = false;
    const blind = verdictIn(unseen);
    const decided = blind.items[index]?.state === 'not-found' && !restsOnFound(rule.points[index]?.when ?? '');
    results.push(
      result(
        `uncovered-${point.item}`,
        !decided && blind.max >= less.max && blind.min <= less.min,
        `${blind.min} to ${blind.max} of ${blind.total}, covered ${less.min} to ${less.max}; the point is ${blind.items[index]?.state}`,
      ),
    );
  });
  const fading = copyOf(whole);
  const verdicts = [base.verdict];
  rule.points.forEach((_, index) => {
    meet(fading, index, false);
    verdicts.push(verdictIn(fading).verdict);
  });
  const falls = verdicts.every((verdict, at) => at === 0 || RANK[verdict] <= RANK[verdicts[at - 1] ?? 'confirmed']);
  const none = emptyWorld();
  results.push(
    result(
      'fading',
      falls && verdictIn(none).verdict !== 'confirmed',
      `${verdicts.join(' > ')}; of nothing: ${verdictIn(none).verdict}`,
    ),
  );
  return results;

  function meet(world: World, index: number, want: boolean): void {
    const condition = rules.condition(rule.id, `points.${index}.when`);
    if (!condition) return;
    make(condition.expr, want, {
      mayAlter: !want,
      world,
      vars: {},
      resolve: rules.resolve,
      example: (names) => {
        const id = rules.resolve(names).find((one) => facts.has(one));
        const fact = id === undefined ? undefined : facts.get(id);
        return fact && { ...fact, onset: timed(T0), lastSeen: timed(T0) };
      },
    });
  }

  function verdictIn(world: World): PatternVerdict {
    return judgePattern(rule, judgeIn(world, rules));
  }
}

const MOST_NAMED = 3;

/** Signatures behind a point whose silence proves nothing: Events are gone after an hour, and some lines anyone writes. */
function unprovable(when: string, rules: RuleSet): string {
  const names = [...when.matchAll(/"([a-z0-9-]+)"/gu)].flatMap(([, name]) => name ?? []);
  const ids = [...new Set(names.flatMap((name) => rules.byTag(name)))];
  const among = (isMeant: (id: string) => boolean): string => {
    const found = ids.filter(isMeant);
    const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : '';
    return found.length === 0 ? '' : `${found.slice(0, MOST_NAMED).join(', ')}${more}`;
  };
  const kindOf = (id: string) => rules.byId.get(id);
  const events = among((id) => kindOf(id)?.kind === 'kube-event');
  const anybody = among((id) => {
    const signature = kindOf(id);
    return signature?.kind === 'log' && signature.sources.length === 0;
  });
  const reasons = [
    events === '' ? '' : `Events are kept for an hour (${events})`,
    anybody === '' ? '' : `any program may write it, so no source would have to show it (${anybody})`,
  ].filter((reason) => reason !== '');
  return reasons.length === 0 ? 'it rests on findings that are derived from others' : reasons.join('; ');
}

/** `not (some f in …)`: it is false because of what was found, whatever else was collected. */
function restsOnFound(when: string): boolean {
  return /\b(?:not|no|every)\b/u.test(when);
}
