import { readdirSync, readFileSync } from 'node:fs';
import type { Templates } from '../../src/renderers/index.ts';

const folder = new URL('../../templates/', import.meta.url);

/** The templates of the package, read from the repository. */
export const templates: Templates = {
  postMortem: readFileSync(new URL('post-mortem.md.hbs', folder), 'utf8'),
  partials: Object.fromEntries(
    readdirSync(new URL('partials/', folder))
      .sort()
      .map((name) => [name.replace(/\.hbs$/u, ''), readFileSync(new URL(`partials/${name}`, folder), 'utf8')]),
  ),
};
