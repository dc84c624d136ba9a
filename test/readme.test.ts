import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run } from './support/run-cli.ts';

/** The README against the program that it describes; `npm run readme` refreshes what it prints. */

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const bundle = fileURLToPath(new URL('../fixtures/nfs-dns-cilium-cascade/bundle', import.meta.url));

describe('the README', () => {
  it('shows what the program prints', async () => {
    const { stdout } = await run('analyze', bundle, '-f', 'text');
    // From the root cause to the end of the cascade.
    const shown = stdout.slice(stdout.indexOf('Root cause'), stdout.search(/^(?:Pattern|Contributing|Deadlock)/mu));
    const current = readme.replace(/^```text\n[\s\S]*?^```$/mu, () => `\`\`\`text\n${shown.trimEnd()}\n\`\`\``);
    await expect(current).toMatchFileSnapshot('../README.md');
  });

  const commands = [...readme.matchAll(/^forensics ([a-z-]+)/gmu)].map(([, name = '']) => name);
  it.each([...new Set(commands)])('knows the command %s', async (name) => {
    expect(await run(name, '--help')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([...readme.matchAll(/\]\((?!http)([^)#]+)\)/gu)].map(([, path = '']) => path))('leads to %s', (path) => {
    expect(() => readFileSync(new URL(`../${path}`, import.meta.url))).not.toThrow();
  });
});
