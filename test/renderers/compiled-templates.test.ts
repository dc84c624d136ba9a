import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CompiledTemplates, compileTemplates, templatesHash } from '../../src/renderers/compiled-templates.ts';
import { renderMarkdown } from '../../src/renderers/markdown.ts';
import { sampleReport } from '../support/sample-report.ts';
import { templates } from '../support/templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'forensics-templates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('templates compiled ahead', () => {
  const file = join(folder, 'templates.cjs');
  writeFileSync(file, compileTemplates(templates));
  const compiled = createRequire(import.meta.url)(file) as CompiledTemplates;

  it('write the same document as their sources', () => {
    expect(renderMarkdown(sampleReport, { templates: { ...templates, compiled } })).toBe(
      renderMarkdown(sampleReport, { templates }),
    );
  });
  it('carry the hash of what they were made from', () => {
    expect(compiled.hash).toBe(templatesHash(templates));
    expect(templatesHash({ ...templates, postMortem: `${templates.postMortem} ` })).not.toBe(compiled.hash);
  });
});
