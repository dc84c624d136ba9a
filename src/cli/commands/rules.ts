import { stringify } from 'yaml';
import { userError } from '../../model/errors.ts';
import { didYouMean } from '../../text/suggest.ts';
import { EXIT } from '../exit-codes.ts';
import type { Streams } from '../streams.ts';

export interface RulesArguments {
  readonly rules: readonly string[];
  readonly builtinRules: boolean;
}

export async function rulesList(args: RulesArguments & { readonly json: boolean }, streams: Streams): Promise<number> {
  const { listRules } = await import('../../rules/describe.ts');
  const rules = listRules(await loaded(args));
  if (args.json) streams.stdout.write(`${JSON.stringify(rules, null, 2)}\n`);
  else {
    const width = Math.max(0, ...rules.map(({ id }) => id.length));
    for (const { kind, id, title, severity } of rules) {
      streams.stdout.write(`${kind.padEnd(9)} ${id.padEnd(width)}  ${(severity ?? '').padEnd(8)} ${title}\n`);
    }
  }
  return EXIT.finished;
}

export async function rulesShow(args: RulesArguments & { readonly id: string }, streams: Streams): Promise<number> {
  const { describeRule } = await import('../../rules/describe.ts');
  const ruleSet = await loaded(args);
  const found = describeRule(ruleSet, args.id);
  if (!found) {
    const known = [...ruleSet.files.keys()];
    throw userError('RULE_NOT_FOUND', `there is no rule ${args.id}${didYouMean(args.id, known)}`);
  }
  const joins = [
    ['caused by', found.causedBy],
    ['can cause', found.canCause],
    ['used by', found.usedBy],
  ] as const;
  const comments = joins.filter(([, ids]) => ids.length > 0).map(([word, ids]) => `# ${word}: ${ids.join(', ')}`);
  streams.stdout.write(
    `${[`# ${found.kind}, ${found.file}:${found.line}`, ...comments].join('\n')}\n${stringify(found.rule, { lineWidth: 110 })}`,
  );
  return EXIT.finished;
}

export async function rulesLint(
  args: RulesArguments & { readonly dir: string | undefined },
  streams: Streams,
): Promise<number> {
  const [{ readRules }, { lintRules, describeFinding }, { describeProblem }, { matchTexts }] = await Promise.all([
    import('../../rules/load.ts'),
    import('../../rules/lint.ts'),
    import('../../rules/problem.ts'),
    import('../../match-texts.ts'),
  ]);
  const { ruleSet, problems } = await readRules(dirs(args), builtin(args));
  for (const problem of problems) streams.stdout.write(`${describeProblem(problem)}\n`);
  const findings = lintRules(ruleSet, { toMatchText: matchTexts });
  for (const finding of findings) streams.stdout.write(`${describeFinding(finding)}\n`);
  const errors = problems.length + findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length + problems.length - errors;
  streams.stderr.write(`forensics: ${ruleSet.files.size} rules, ${errors} errors, ${warnings} warnings\n`);
  return errors > 0 ? EXIT.usage : EXIT.finished;
}

export async function rulesTest(
  args: RulesArguments & { readonly dir: string | undefined },
  streams: Streams,
): Promise<number> {
  const [{ testRules, describeFailure }, { matchTexts }] = await Promise.all([
    import('../../rules/test.ts'),
    import('../../match-texts.ts'),
  ]);
  const { loadRules } = await import('../../rules/load.ts');
  const results = testRules(await loadRules(dirs(args), builtin(args)), { toMatchText: matchTexts });
  const failed = results.filter(({ passed }) => !passed);
  for (const result of failed) streams.stdout.write(`${describeFailure(result)}\n`);
  streams.stderr.write(`forensics: ${results.length} examples, ${failed.length} failed\n`);
  return failed.length > 0 ? EXIT.found : EXIT.finished;
}

export async function rulesNew(args: { readonly line: string | undefined }, streams: Streams): Promise<number> {
  const line = args.line ?? (await firstLine(streams.stdin));
  if (line.trim() === '')
    throw userError('LINE_MISSING', 'rules new takes a line of a log, as argument or on standard input');
  const [{ newRule }, { matchTexts }] = await Promise.all([
    import('../../rules/skeleton.ts'),
    import('../../match-texts.ts'),
  ]);
  streams.stdout.write(newRule(line, { texts: matchTexts(line) }));
  return EXIT.finished;
}

async function firstLine(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdin) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\n') || text.length > 65_536) break;
  }
  return text.split(/\r?\n/u, 1)[0] ?? '';
}

async function loaded(args: RulesArguments) {
  const { loadRules } = await import('../../rules/load.ts');
  return loadRules(args.rules, builtin(args));
}

function dirs(args: RulesArguments & { readonly dir: string | undefined }): string[] {
  return [...args.rules, ...(args.dir === undefined ? [] : [args.dir])];
}

function builtin({ builtinRules }: RulesArguments): { builtin?: false } {
  return builtinRules ? {} : { builtin: false };
}
