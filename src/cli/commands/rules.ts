import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { userError } from '../../model/errors.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import { counted } from '../../text/grammar.ts';
import { didYouMean } from '../../text/suggest.ts';
import { EXIT } from '../exit-codes.ts';
import { isFolder, writeWhole } from '../output.ts';
import type { Streams } from '../streams.ts';

export interface RulesArguments {
  readonly rules: readonly string[];
  readonly builtinRules: boolean;
}

const LIST_FORMATS = ['text', 'json', 'md'] as const;

export interface RulesListArguments extends RulesArguments {
  readonly format: string | undefined;
  readonly output: string | undefined;
}

export async function rulesList(args: RulesListArguments, streams: Streams): Promise<number> {
  const format = LIST_FORMATS.find((known) => known === (args.format ?? 'text'));
  if (format === undefined) {
    throw userError('OPTION_INVALID', `rules list has the formats ${LIST_FORMATS.join(', ')}, not ${args.format}`);
  }
  const text = await listAs(format, await loaded(args));
  if (args.output === undefined) streams.stdout.write(text);
  else writeWhole([{ path: args.output, text }]);
  return EXIT.finished;
}

async function listAs(format: (typeof LIST_FORMATS)[number], ruleSet: RuleSet): Promise<string> {
  if (format === 'md') return (await import('../../rules/catalogue.ts')).renderCatalogue(ruleSet);
  const { listRules } = await import('../../rules/describe.ts');
  const rules = listRules(ruleSet);
  if (format === 'json') return `${JSON.stringify(rules, null, 2)}\n`;
  // Few ids are very long; they would push every title off the screen.
  const width = Math.min(44, Math.max(0, ...rules.map(({ id }) => id.length)));
  return rules
    .map(({ kind, id, title, severity, confidence }) => {
      const strength = (severity ?? confidence ?? '').padEnd(8);
      return `${kind.padEnd(9)} ${id.padEnd(width)}  ${strength}  ${title}\n`;
    })
    .join('');
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

interface FolderArguments extends RulesArguments {
  /** A folder of rules to look at; all rules when absent. */
  readonly dir: string | undefined;
}

/** Ends with 0 when nothing or only warnings were found, 1 with errors, 2 when a rule cannot be read at all. */
export async function rulesLint(
  args: FolderArguments & { readonly strict: boolean },
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
  const isWanted = wantedBy(args);
  const findings = lintRules(ruleSet, { toMatchText: matchTexts, ...(isWanted ? { isWanted } : {}) });
  for (const finding of findings) streams.stdout.write(`${describeFinding(finding)}\n`);
  const looked = [...ruleSet.files.values()].filter(({ file }) => isWanted?.(file) ?? true).length;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const parts = [
    counted(looked, 'rule'),
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : []),
    counted(errors, 'error'),
    counted(findings.length - errors, 'warning'),
  ];
  streams.stderr.write(`forensics: ${parts.join(', ')}\n`);
  if (problems.length > 0) return EXIT.usage;
  return errors > 0 || (args.strict && findings.length > 0) ? EXIT.found : EXIT.finished;
}

/**
 * Ends with 0 when every example and every mutation holds, 1 when one does not, 2 when a rule cannot be read at all.
 * What could not be tested is named on stderr: it is neither a pass nor a failure.
 */
export async function rulesTest(args: FolderArguments, streams: Streams): Promise<number> {
  const [{ readRules }, { testRules, describeFailure }, { describeProblem }, { matchTexts }, { mutateRules }] =
    await Promise.all([
      import('../../rules/load.ts'),
      import('../../rules/test.ts'),
      import('../../rules/problem.ts'),
      import('../../match-texts.ts'),
      import('../../mutations/index.ts'),
    ]);
  const { ruleSet, problems } = await readRules(dirs(args), builtin(args));
  for (const problem of problems) streams.stdout.write(`${describeProblem(problem)}\n`);
  const isWanted = wantedBy(args);
  const results = testRules(ruleSet, { toMatchText: matchTexts }).filter(({ file }) => isWanted?.(file) ?? true);
  const failed = results.filter(({ passed }) => !passed);
  for (const result of failed) streams.stdout.write(`${describeFailure(result)}\n`);
  const rules = new Set(results.map(({ rule }) => rule)).size;
  streams.stderr.write(
    `forensics: ${counted(results.length, 'example')} of ${counted(rules, 'rule')}, ${failed.length} failed\n`,
  );

  const placeOf = (rule: string): string => {
    const place = ruleSet.files.get(rule);
    return place ? `${place.file}:${place.line}` : rule;
  };
  const mutations = await mutateRules(ruleSet, (rule) => isWanted?.(ruleSet.files.get(rule)?.file ?? '') ?? true);
  const wrong = mutations.filter(({ outcome }) => outcome === 'failed');
  const open = mutations.filter(({ outcome }) => outcome === 'not-testable');
  for (const { rule, mutation, why } of wrong) streams.stdout.write(`${placeOf(rule)}: ${mutation}: ${why}\n`);
  for (const { rule, mutation, why } of open)
    streams.stderr.write(`forensics: ${rule}: ${mutation} is not testable: ${why}\n`);
  streams.stderr.write(
    `forensics: ${counted(mutations.length, 'mutation')}, ${wrong.length} failed, ${open.length} not testable\n`,
  );
  if (problems.length > 0) return EXIT.usage;
  return failed.length > 0 || wrong.length > 0 ? EXIT.found : EXIT.finished;
}

export interface NewRuleArguments {
  readonly line: string | undefined;
  /** FILE, or FOLDER for FOLDER/<id>.yaml. */
  readonly output: string | undefined;
}

export async function rulesNew(args: NewRuleArguments, streams: Streams): Promise<number> {
  const line = args.line ?? (await firstLine(streams.stdin));
  if (line.trim() === '')
    throw userError('LINE_MISSING', 'rules new takes a line of a log, as argument or on standard input');
  const [{ newRule }, { matchTexts, writerOf }] = await Promise.all([
    import('../../rules/skeleton.ts'),
    import('../../match-texts.ts'),
  ]);
  const writer = writerOf(line);
  const rule = (schema?: string): { readonly id: string; readonly text: string } =>
    newRule(line, {
      texts: matchTexts(line),
      ...(writer === undefined ? {} : { writer }),
      ...(schema === undefined ? {} : { schema }),
    });
  if (args.output === undefined) {
    streams.stdout.write(rule().text);
    return EXIT.finished;
  }
  const path = isFolder(args.output) ? join(args.output, `${rule().id}.yaml`) : args.output;
  if (existsSync(path)) throw userError('OUTPUT_FAILED', `${path} is already there`);
  writeWhole([{ path, text: rule(schemaFrom(path)).text }]);
  streams.stderr.write(`forensics: wrote ${path}\n`);
  return EXIT.finished;
}

/** Path of the editor's schema as seen from a rule file. */
function schemaFrom(path: string): string | undefined {
  const schema = fileURLToPath(new URL('../../../schema/signature.json', import.meta.url));
  const from = relative(dirname(resolve(path)), schema);
  return existsSync(schema) && !isAbsolute(from) ? from.split(sep).join('/') : undefined;
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

function dirs(args: FolderArguments): string[] {
  return [...args.rules, ...(args.dir === undefined ? [] : [args.dir])];
}

/** Of a folder that is named, only its own rules count; the others are there to be joined with. */
function wantedBy({ dir }: FolderArguments): ((file: string) => boolean) | undefined {
  if (dir === undefined) return undefined;
  const prefix = dir.endsWith('/') ? dir : `${dir}/`;
  return (file) => file.startsWith(prefix);
}

function builtin({ builtinRules }: RulesArguments): { builtin?: false } {
  return builtinRules ? {} : { builtin: false };
}
