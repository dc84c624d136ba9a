import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { matchTexts } from '../../src/match-texts.ts';
import { lintRules } from '../../src/rules/lint.ts';
import { readRules } from '../../src/rules/load.ts';
import { testRules } from '../../src/rules/test.ts';
import { ruleFolder } from './folders.ts';

/** The rules that docs/rules.md builds step by step are rules. */
const guide = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gmu)].map(([, text = '']) => text);

function ruleOf(id: RegExp): { readonly id: string; readonly text: string } {
  const text = blocks.find((block) => id.test(block)) ?? '';
  return { id: /^id: (\S+)$/mu.exec(text)?.[1] ?? '', text };
}

it('docs/rules.md holds a signature and a link that load, lint and prove themselves', { timeout: 60_000 }, async () => {
  const signature = ruleOf(/^kind: log$/mu);
  const link = ruleOf(/^id: \S+--\S+$/mu);
  const dir = ruleFolder({
    [`signatures/guide/${signature.id}.yaml`]: signature.text,
    [`links/guide/${link.id}.yaml`]: link.text,
  });
  const { ruleSet, problems } = await readRules([dir]);
  expect(problems.filter(({ file }) => file.startsWith(dir))).toEqual([]);
  const isOwn = (file: string) => file.startsWith(dir);
  expect([...ruleSet.files.values()].filter(({ file }) => isOwn(file))).toHaveLength(2);
  const results = testRules(ruleSet, { toMatchText: matchTexts }).filter(({ file }) => isOwn(file));
  expect(results.map(({ passed }) => passed)).toEqual([true, true]);
  const findings = lintRules(ruleSet, { toMatchText: matchTexts, isWanted: isOwn });
  expect(findings.filter(({ severity, file }) => severity === 'error' && isOwn(file))).toEqual([]);
});
