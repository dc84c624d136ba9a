import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCommand } from '../../src/text/command.ts';
import { fillCommand, shellQuote } from '../../src/text/shell.ts';

it.each([
  ['worker-1', 'worker-1'],
  ['ns/pod', 'ns/pod'],
  ["it's", "'it'\\''s'"],
  ['$(rm -rf /)', "'$(rm -rf /)'"],
  ['a b', "'a b'"],
  ['', "''"],
  ['~root', "'~root'"],
  ['*', "'*'"],
])('quotes %j', (word, quoted) => {
  expect(shellQuote(word)).toBe(quoted);
});

it('comes out of a shell as it went in', () => {
  const words = fc.sample(
    fc.string({ unit: fc.constantFrom(...'a\'"$`\\ !*?[]{}();&|<>#~-=%'), minLength: 1, maxLength: 12 }),
    60,
  );
  const script = words.map((word) => `printf '%s\\n' ${shellQuote(word)}`).join('\n');
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`);
});

it.each([
  [{ node: 'worker-1' }, 'kubectl describe node worker-1', []],
  [{ node: 'a; reboot' }, "kubectl describe node 'a; reboot'", []],
  [{ node: '--all' }, 'kubectl describe node <node>', ['node']],
  [{ node: 'a\nreboot' }, 'kubectl describe node <node>', ['node']],
  [{}, 'kubectl describe node <node>', ['node']],
])('fills a command with %j', (values: Record<string, string>, text, open) => {
  expect(fillCommand('kubectl describe node {{node}}', (name) => values[name])).toEqual({ text, open });
});

it.each([
  ['grep "{{x}}" a.log', 'app', 'grep "app" a.log'],
  ['grep "{{x}}" a.log', '$(reboot)', 'grep "<x>" a.log'],
  ["awk '/{{x}}/'", "'; reboot; '", "awk '/<x>/'"],
  ['echo "a" {{x}}', '$(reboot)', 'echo "a" \'$(reboot)\''],
  ['echo \\" {{x}}', 'a b', "echo \\\" 'a b'"],
])('does not quote twice: %s with %s', (command, value, text) => {
  expect(fillCommand(command, () => value).text).toBe(text);
});

it('does not fill what a value brings along', () => {
  const values: Record<string, string> = { a: '{{b}}', b: 'x' };
  expect(fillCommand('cmd {{a}} {{b}}', (name) => values[name]).text).toBe("cmd '{{b}}' x");
});

it.each([
  ['kubectl get nodes', true],
  ['cat /proc/cgroups; crictl ps -q | wc -l', true],
  ['Restart the service, then look again.', false],
  ['Port 2049 and the export list answer.', false],
  ['chronyc tracking shows an offset below 100 ms.', false],
])('%s: a command? %s', (text, expected) => {
  expect(isCommand(text)).toBe(expected);
});
