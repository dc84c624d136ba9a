import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userError } from '../model/errors.ts';
import type { Templates } from '../renderers/index.ts';

/** Files of the package, two folders up from here in src/ as in dist/. */
const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

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
  return { postMortem: own === undefined ? packaged('post-mortem.md.hbs') : ownTemplate(own), partials };
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
