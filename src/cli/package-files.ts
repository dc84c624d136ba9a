import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userError } from '../model/errors.ts';
import { type CompiledTemplates, templatesHash } from '../renderers/compiled-templates.ts';
import type { Templates } from '../renderers/index.ts';

/** Files of the package, two folders up from here in src/ as in dist/. */
const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));
/** Written by the build. */
export const COMPILED_TEMPLATES = fileURLToPath(new URL('../../dist/templates.cjs', import.meta.url));

/**
 * The built-in templates; `own` takes the place of the post-mortem and may use the partials.
 *
 * @throws {UserError} `TEMPLATE_NOT_FOUND`
 */
export function readTemplates(own?: string): Templates {
  const partials = Object.fromEntries(
    readdirSync(resolve(TEMPLATES, 'partials'))
      .filter((name) => name.endsWith('.hbs'))
      .sort()
      .map((name) => [name.slice(0, -'.hbs'.length), readFileSync(resolve(TEMPLATES, 'partials', name), 'utf8')]),
  );
  const sources = { postMortem: own === undefined ? packaged('post-mortem.md.hbs') : ownTemplate(own), partials };
  const compiled = own === undefined ? compiledFrom(sources) : undefined;
  return { ...sources, ...(compiled && { compiled }) };
}

/** A stale file is as good as none. */
function compiledFrom(sources: Templates): CompiledTemplates | undefined {
  if (!existsSync(COMPILED_TEMPLATES)) return undefined;
  const compiled = createRequire(import.meta.url)(COMPILED_TEMPLATES) as CompiledTemplates;
  return compiled.hash === templatesHash(sources) ? compiled : undefined;
}

export function collectScript(): string {
  return packaged('collect.sh');
}

function packaged(name: string): string {
  return readFileSync(resolve(TEMPLATES, name), 'utf8');
}

function ownTemplate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw userError('TEMPLATE_NOT_FOUND', `cannot read the template ${path}`);
  }
}
