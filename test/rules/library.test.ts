import { describe, expect, it } from 'vitest';
import { matchTexts } from '../../src/match-texts.ts';
import { describeFinding, lintRules } from '../../src/rules/lint.ts';
import { readRules } from '../../src/rules/load.ts';
import { describeProblem } from '../../src/rules/problem.ts';
import { describeFailure, testRules } from '../../src/rules/test.ts';

/** The rules that ship: each loads, keeps the lint rules, and proves itself on its own examples. */
const { ruleSet, problems } = await readRules([]);

describe('the built-in rules', () => {
  it('load', () => {
    expect(problems.map(describeProblem)).toEqual([]);
  });

  it('have no lint errors', { timeout: 120_000 }, () => {
    const errors = lintRules(ruleSet, { toMatchText: matchTexts }).filter(({ severity }) => severity === 'error');
    expect(errors.map(describeFinding)).toEqual([]);
  });

  it('match and reject their examples', () => {
    const results = testRules(ruleSet, { toMatchText: matchTexts });
    expect(results.length).toBeGreaterThanOrEqual(ruleSet.signatures.length);
    expect(results.filter(({ passed }) => !passed).map(describeFailure)).toEqual([]);
  });
});
