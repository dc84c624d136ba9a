import { main } from '../../src/cli/index.ts';

/** Runs the program in this process, with nothing on standard input. */
export async function run(...argv: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: (async function* () {})(),
    env: {},
  });
  return { code, stdout, stderr };
}
