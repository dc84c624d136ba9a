import { expect, it } from 'vitest';
import { reportJsonSchema } from '../../src/model/report.ts';

it('schema/report.json is the current JSON Schema of the report', async () => {
  await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../schema/report.json');
});
