import { userError } from '../model/errors.ts';
import { readRuleFiles } from './files.ts';
import { BUILTIN_RULES, readLibrary } from './library.ts';
import { byPlace, describeProblem, type RuleProblem } from './problem.ts';
import { buildRuleSet, type RuleData, type RuleSet } from './rule-set.ts';

export interface LoadOptions {
  /** Folder of the built-in rules; the package's own when absent. `false`: only its model, roles and tags. */
  readonly builtin?: string | false;
}

export interface ReadRules {
  /** Every rule that is sound. */
  readonly ruleSet: RuleSet;
  readonly problems: readonly RuleProblem[];
}

/**
 * Loads the built-in rules and further folders; later folders win by id, `enabled: false` takes a rule out.
 *
 * @param dirs - further folders, laid out like rules/
 * @throws {UserError} `RULES_INVALID` with one `file:line:column: property: message` per line, `RULES_NOT_FOUND`
 */
export async function loadRules(dirs: readonly string[], options: LoadOptions = {}): Promise<RuleSet> {
  const { ruleSet, problems } = await readRules(dirs, options);
  if (problems.length > 0) throw userError('RULES_INVALID', problems.map(describeProblem).join('\n'));
  return ruleSet;
}

/**
 * The same for tools that work on broken rules: leaves those out and says what is wrong with them.
 *
 * @throws {UserError} `RULES_NOT_FOUND`
 */
export async function readRules(dirs: readonly string[], options: LoadOptions = {}): Promise<ReadRules> {
  const problems: RuleProblem[] = [];
  const builtin = options.builtin === undefined || options.builtin === false ? BUILTIN_RULES : options.builtin;
  const files = readRuleFiles(builtin);
  if (!files) throw userError('RULES_NOT_FOUND', `there is no rule folder ${builtin}`);
  const wanted = options.builtin === false ? files.filter(({ path }) => !path.includes('/')) : files;

  const library = options.builtin === false ? undefined : readLibrary(wanted);
  let data: RuleData;
  let { hash } = library ?? { hash: '' };
  if (library) data = library.data;
  else {
    const { compileFolder, hashOf, NO_RULES } = await import('./compile.ts');
    const compiled = compileFolder(NO_RULES, wanted, builtin === BUILTIN_RULES ? 'rules/' : prefix(builtin));
    data = compiled.data;
    problems.push(...compiled.problems);
    hash = hashOf(data);
  }

  if (dirs.length > 0) {
    const { compileFolder, hashOf } = await import('./compile.ts');
    for (const dir of dirs) {
      const own = readRuleFiles(dir);
      if (!own) throw userError('RULES_NOT_FOUND', `there is no rule folder ${dir}`);
      if (own.length === 0) {
        throw userError('RULES_NOT_FOUND', `${dir} holds none of signatures/, links/, incidents/, playbooks/`);
      }
      const compiled = compileFolder(data, own, prefix(dir));
      data = compiled.data;
      problems.push(...compiled.problems);
    }
    hash = hashOf(data);
  }
  return { ruleSet: buildRuleSet(data, hash), problems: problems.sort(byPlace) };
}

function prefix(dir: string): string {
  return dir.endsWith('/') ? dir : `${dir}/`;
}
