import { expect, it } from 'vitest';
import { renderCatalogue } from '../../src/rules/catalogue.ts';
import { readRules } from '../../src/rules/load.ts';

it('docs/rule-catalogue.md lists the rules as they are (npm run catalogue)', async () => {
  const { ruleSet } = await readRules([]);
  await expect(renderCatalogue(ruleSet)).toMatchFileSnapshot('../../docs/rule-catalogue.md');
});
