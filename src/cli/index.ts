import { userError } from '../model/errors.ts';
import { TOOL_VERSION } from '../version.ts';
import { describeError } from './exit-codes.ts';
import type { BundleArguments } from './options.ts';
import type { Streams } from './streams.ts';

/**
 * The command line. Commands load what they need when they run, so that help and version come at once.
 *
 * @param argv - arguments without node and script
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    if (argv.length === 1 && argv[0] === '--version') {
      streams.stdout.write(`${TOOL_VERSION}\n`);
      return 0;
    }
    return await run(argv, streams);
  } catch (error) {
    const { text, code } = describeError(error);
    streams.stderr.write(`${text}\n`);
    return code;
  }
}

type Handler = () => Promise<number>;

/** Stands for `-` while yargs parses: as a positional it would come out empty. */
const STDIN = '\u0001stdin';

function pathOf(word: string): string {
  return word === STDIN ? '-' : word;
}

async function run(argv: readonly string[], streams: Streams): Promise<number> {
  // yargs runs handlers while it parses; the chosen one is kept and run afterwards, so that its errors stay its own.
  const chosen: { handler?: Handler } = {};
  let shown = '';
  const parser = await createParser(streams, (handler) => {
    chosen.handler = handler;
  });
  await parser.parseAsync(
    argv.map((word) => (word === '-' ? STDIN : word)),
    {},
    (_error, _args, output) => {
      shown = output;
    },
  );
  if (chosen.handler) return chosen.handler();
  if (shown !== '') streams.stdout.write(`${shown.trimEnd()}\n`);
  return 0;
}

async function createParser(streams: Streams, choose: (handler: Handler) => void) {
  const { default: yargs } = await import('yargs');
  const parser = yargs()
    .scriptName('forensics')
    .locale('en')
    .usage('$0 <command>\n\nTurns a Kubernetes support bundle into a causal timeline and a post-mortem, offline.')
    .parserConfiguration({ 'duplicate-arguments-array': true, 'strip-dashed': true, 'strip-aliased': true })
    .strict()
    .demandCommand(1, 'a command is needed, for example: forensics analyze bundle.tar.gz')
    .recommendCommands()
    .version(TOOL_VERSION)
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? userError('USAGE', usageMessage(message));
    });

  const bundle = <T>(command: import('yargs').Argv<T>) =>
    command
      .option('rules', { ...many, describe: 'Folder with further rules; repeatable' })
      .option('builtin-rules', { type: 'boolean', default: true, describe: 'Use --no-builtin-rules to leave them out' })
      .option('since', { ...once, describe: 'Only from this ISO time on' })
      .option('until', { ...once, describe: 'Only up to this ISO time' })
      .option('timezone', { ...once, describe: 'Zone of logs that name none, for example Europe/Berlin' })
      .option('collected-at', { ...once, describe: 'When the bundle was collected, ISO time' })
      .option('redact', { ...once, default: 'secrets', describe: 'secrets, secrets+addresses or none' })
      .option('jobs', { type: 'number', describe: 'Threads at most; the report is the same for any number' })
      .option('progress', { type: 'boolean', default: true, describe: 'Use --no-progress to hide the bar' })
      .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'Only errors on stderr' })
      .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'Remarks on the analysis on stderr' })
      .option('color', { type: 'boolean', default: true, describe: 'Use --no-color for none; NO_COLOR is respected' });
  const output = { ...once, alias: 'o', describe: 'FILE; with several formats a FOLDER. Written whole or not at all' };
  const template = { ...once, describe: 'Handlebars template in place of the built-in post-mortem' };

  return parser
    .command(
      'analyze <path..>',
      'Find the cause in a folder, archive, file or - for stdin; several paths are one incident',
      (command) =>
        bundle(command)
          .positional('path', { type: 'string', array: true, demandOption: true })
          .option('format', { ...many, alias: 'f', describe: 'md, html, json, junit or text; repeatable' })
          .option('output', output)
          .option('fail-on', {
            ...once,
            default: 'none',
            describe: 'Exit 1 from this level on: info (SEV4), warning (SEV3), error (SEV2), critical (SEV1)',
          })
          .option('template', template)
          .option('baseline', { ...once, describe: 'JSON report whose incidents are known and do not count' }),
      (args) =>
        choose(async () => {
          const { analyzeCommand } = await import('./commands/analyze.ts');
          return analyzeCommand(
            {
              ...common(args),
              paths: args.path.map(pathOf),
              format: args.format,
              output: args.output,
              failOn: args.failOn ?? 'none',
              template: args.template,
              baseline: args.baseline,
            },
            streams,
          );
        }),
    )
    .command(
      'postmortem <path>',
      'Write the Markdown draft from a JSON report or a bundle',
      (command) =>
        bundle(command)
          .positional('path', { type: 'string', demandOption: true })
          .option('output', { ...output, describe: 'FILE instead of stdout' })
          .option('template', template),
      (args) =>
        choose(async () => {
          const { postmortemCommand } = await import('./commands/postmortem.ts');
          return postmortemCommand(
            { ...common(args), path: pathOf(args.path), output: args.output, template: args.template },
            streams,
          );
        }),
    )
    .command(
      'explain <path> [what]',
      'Show rule, lines, joins and arithmetic behind a fact, hypothesis or edge',
      (command) =>
        bundle(command)
          .positional('path', { type: 'string', demandOption: true, describe: 'JSON report or bundle' })
          .positional('what', { type: 'string', describe: 'Fact or signature, edge, from->to, or hypothesis-1' }),
      (args) =>
        choose(async () => {
          const { explainCommand } = await import('./commands/explain.ts');
          return explainCommand({ ...common(args), path: pathOf(args.path), what: args.what }, streams);
        }),
    )
    .command(
      'why-not <path> <rule>',
      'Show which condition of a rule failed, and how near it came',
      (command) =>
        bundle(command)
          .positional('path', { type: 'string', demandOption: true })
          .positional('rule', { type: 'string', demandOption: true }),
      (args) =>
        choose(async () => {
          const { whyNotCommand } = await import('./commands/why-not.ts');
          return whyNotCommand({ ...common(args), path: pathOf(args.path), rule: args.rule }, streams);
        }),
    )
    .command(
      'inspect <path..>',
      'Show files, formats, coverage, clocks, gaps and what to collect next',
      (command) =>
        bundle(command)
          .positional('path', { type: 'string', array: true, demandOption: true })
          .option('format', { ...once, alias: 'f', describe: 'text or json' })
          .option('output', { ...output, describe: 'FILE instead of stdout' }),
      (args) =>
        choose(async () => {
          const { inspectCommand } = await import('./commands/inspect.ts');
          return inspectCommand(
            { ...common(args), paths: args.path.map(pathOf), format: args.format, output: args.output },
            streams,
          );
        }),
    )
    .command('rules', 'List, show, check, test and begin rules', (command) => {
      const rules = command
        .option('rules', { ...many, describe: 'Folder with further rules; repeatable' })
        .option('builtin-rules', {
          type: 'boolean',
          default: true,
          describe: 'Use --no-builtin-rules to leave them out',
        });
      return rules
        .command(
          'list',
          'One line per rule',
          (list) =>
            list
              .option('format', { ...once, alias: 'f', describe: 'text, json or md (the catalogue)' })
              .option('output', { ...output, describe: 'FILE instead of stdout' }),
          (args) =>
            choose(async () =>
              (await import('./commands/rules.ts')).rulesList(
                { ...args, format: args.format, output: args.output },
                streams,
              ),
            ),
        )
        .command(
          'show <id>',
          'A rule with what it is joined with',
          (show) => show.positional('id', { type: 'string', demandOption: true }),
          (args) => choose(async () => (await import('./commands/rules.ts')).rulesShow(args, streams)),
        )
        .command(
          'lint [dir]',
          'Check rules; exit 1 with errors, 2 when a rule cannot be read',
          (lint) =>
            lint
              .positional('dir', { type: 'string', describe: 'Look only at the rules of this folder' })
              .option('strict', { type: 'boolean', default: false, describe: 'Exit 1 with warnings, too' }),
          (args) =>
            choose(async () => (await import('./commands/rules.ts')).rulesLint({ ...args, dir: args.dir }, streams)),
        )
        .command(
          'test [dir]',
          'Run the examples of the rules; exit 1 when one fails',
          (test) => test.positional('dir', { type: 'string', describe: 'Run only those of this folder' }),
          (args) =>
            choose(async () => (await import('./commands/rules.ts')).rulesTest({ ...args, dir: args.dir }, streams)),
        )
        .command(
          'new [line]',
          'Begin a signature from a line of a log, given here or on stdin',
          (begin) =>
            begin
              .positional('line', { type: 'string' })
              .option('output', { ...output, describe: 'FILE, or FOLDER for FOLDER/<id>.yaml, instead of stdout' }),
          (args) =>
            choose(async () =>
              (await import('./commands/rules.ts')).rulesNew({ line: args.line, output: args.output }, streams),
            ),
        )
        .demandCommand(1, 'rules needs one of list, show, lint, test, new');
    })
    .command(
      'schema <which> [kind]',
      'Print a JSON Schema: report, or rules [signature|link|incident|playbook]',
      (command) =>
        command
          .positional('which', { choices: ['report', 'rules'] as const, demandOption: true })
          .positional('kind', { type: 'string' }),
      (args) =>
        choose(async () => {
          const { schemaCommand } = await import('./commands/schema.ts');
          return schemaCommand({ which: args.which, kind: args.kind }, streams);
        }),
    )
    .command(
      'collect-script',
      'Print a POSIX shell script that gathers a good bundle, with read-only commands',
      (command) => command,
      () =>
        choose(async () => {
          const { collectScript } = await import('./package-files.ts');
          streams.stdout.write(collectScript());
          return 0;
        }),
    )
    .completion('completion', 'Print a completion script for bash or zsh')
    .epilogue(
      'Exit codes: 0 finished; 1 finished, something at or above --fail-on; 2 wrong use; 3 the input cannot be analyzed; 70 a fault of the program.',
    );
}

/** What yargs says about a wrong call, as a reader would. */
function usageMessage(message: string): string {
  const text = message.replace(/\s+/gu, ' ').trim();
  const plain = /^Not enough non-option arguments/u.test(text)
    ? 'an argument is missing, or an unknown option took it'
    : text.charAt(0).toLowerCase() + text.slice(1);
  return `${plain} (see forensics --help)`;
}

/** An option that makes sense once: the last one counts. */
const once = {
  type: 'string',
  requiresArg: true,
  coerce: (value: string | readonly string[] | undefined): string | undefined =>
    typeof value === 'object' ? value.at(-1) : value,
} as const;

/** An option that may be given again: always a list. */
const many = {
  type: 'string',
  requiresArg: true,
  coerce: (value: string | readonly string[] | undefined): readonly string[] =>
    value === undefined ? [] : typeof value === 'string' ? [value] : value,
  default: [] as string[],
  defaultDescription: 'none',
} as const;

/** What yargs leaves loose: options as they were typed. */
interface Loose {
  readonly rules: readonly string[];
  readonly builtinRules: boolean;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly timezone: string | undefined;
  readonly collectedAt: string | undefined;
  readonly redact: string | undefined;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

function common(args: Loose): BundleArguments {
  return {
    rules: args.rules,
    builtinRules: args.builtinRules,
    since: args.since,
    until: args.until,
    timezone: args.timezone,
    collectedAt: args.collectedAt,
    redact: args.redact ?? 'secrets',
    jobs: args.jobs,
    progress: args.progress,
    quiet: args.quiet,
    verbose: args.verbose,
    color: args.color,
  };
}
