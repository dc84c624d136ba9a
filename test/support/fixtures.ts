import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** Folders below fixtures/ that hold a `bundle`, as paths relative to fixtures/, sorted. */
export function fixtureNames(under = ''): string[] {
  const here = join(FIXTURES, under);
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'make' && entry.name !== 'bundle')
    .flatMap((entry) => {
      const name = under === '' ? entry.name : `${under}/${entry.name}`;
      return [...(existsSync(join(FIXTURES, name, 'bundle')) ? [name] : []), ...fixtureNames(name)];
    })
    .sort();
}

export function bundleOf(name: string): string {
  return join(FIXTURES, name, 'bundle');
}

/** Fixtures of healthy clusters: nothing may be found in them. */
export function isHealthy(name: string): boolean {
  return name.startsWith('healthy/');
}
