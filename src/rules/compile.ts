import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { byText } from '../text/order.ts';
import { didYouMean } from '../text/suggest.ts';
import type { Condition, ConditionProblem } from './condition/ast.ts';
import { checkCondition, type Scope, type Vocabulary } from './condition/check.ts';
import { parseCondition } from './condition/parse.ts';
import type { RuleFile } from './files.ts';
import { byPlace, type RuleProblem } from './problem.ts';
import { playbookPlace, type RuleData, type RulePlace, vocabularyOf } from './rule-set.ts';
import {
  type DependencyModel,
  type IncidentRule,
  incidentSchema,
  type Link,
  linkSchema,
  type MustOrders,
  modelSchema,
  mustOrdersSchema,
  type Playbook,
  playbookSchema,
  type Roles,
  rolesSchema,
  type Signature,
  signatureSchema,
  type Tags,
  tagsSchema,
} from './schema.ts';
import { type RuleDocument, readDocuments } from './yaml.ts';

/**
 * Rule files in, checked rule data out.
 *
 * A broken rule is left out and reported with its place; nothing is thrown. Later folders win over earlier ones by id,
 * and `enabled: false` takes a rule out. This module pulls in the schemas and the parser of conditions, which cost a
 * third of a second to import: the loader only comes here when there is no compiled library for the files at hand.
 */

export const NO_RULES: RuleData = {
  signatures: [],
  links: [],
  incidents: [],
  playbooks: [],
  model: { requires: [], bypass: [] },
  roles: [],
  tags: [],
  mustOrders: [],
  disabled: [],
  files: {},
  conditions: {},
};

export interface CompiledFolder {
  readonly data: RuleData;
  readonly problems: readonly RuleProblem[];
}

type Rule =
  | { readonly kind: 'signatures'; readonly rule: Signature; readonly document: RuleDocument }
  | { readonly kind: 'links'; readonly rule: Link; readonly document: RuleDocument }
  | { readonly kind: 'incidents'; readonly rule: IncidentRule; readonly document: RuleDocument }
  | { readonly kind: 'playbooks'; readonly rule: Playbook; readonly document: RuleDocument };

interface WrittenCondition {
  readonly key: string;
  readonly text: string;
  readonly variables: Scope['variables'];
  readonly document: RuleDocument;
  readonly path: readonly PropertyKey[];
}

/**
 * Adds a folder's rules to others.
 *
 * @param base - rules that are already there; {@link NO_RULES} to begin with
 * @param shownAs - put before each path in messages and places: `rules/`
 */
export function compileFolder(base: RuleData, files: readonly RuleFile[], shownAs: string): CompiledFolder {
  const problems: RuleProblem[] = [];
  const report = (document: RuleDocument, path: readonly PropertyKey[], message: string, key?: string): void => {
    problems.push({ file: document.file, ...document.placeOf(path, key), property: dotted(path, key), message });
  };
  const rules: Rule[] = [];
  const disabled = new Set(base.disabled);
  const own = new Map<string, RuleDocument>();
  let { model, roles, tags, mustOrders } = base;
  const written: WrittenCondition[] = [];

  for (const file of files) {
    for (const document of readDocuments(file, `${shownAs}${file.path}`)) {
      for (const error of document.errors) problems.push({ file: document.file, property: '', ...error });
      if (document.errors.length > 0) continue;
      const folder = file.path.slice(0, Math.max(0, file.path.indexOf('/')));
      if (folder === '') {
        const name = file.path.replace(/\.yaml$/u, '');
        if (name === 'model') model = addModel(model, valid(modelSchema, document, report), document, written);
        else if (name === 'roles') roles = addRoles(roles, valid(rolesSchema, document, report));
        else if (name === 'must-orders')
          mustOrders = addMustOrders(mustOrders, valid(mustOrdersSchema, document, report));
        else tags = addTags(tags, valid(tagsSchema, document, report));
        continue;
      }
      const off = disabledId(document.value);
      const rule = off === undefined ? readRule(folder, document, report) : undefined;
      const id = off ?? rule?.rule.id;
      if (id === undefined) continue;
      // A playbook may be called like the rule that it repairs.
      const place = folder === 'playbooks' ? playbookPlace(id) : id;
      const earlier = own.get(place);
      if (earlier) {
        report(document, ['id'], `"${id}" is already the id of ${earlier.file}:${earlier.line}`);
        continue;
      }
      own.set(place, document);
      if (rule) {
        rules.push(rule);
        disabled.delete(id);
        written.push(...conditionsOf(rule));
      } else disabled.add(id);
    }
  }

  const pick = <T extends { readonly id: string }>(kind: Rule['kind'], kept: readonly T[]): T[] =>
    [
      ...kept.filter(({ id }) => !own.has(kind === 'playbooks' ? playbookPlace(id) : id)),
      ...rules.flatMap((rule) => (rule.kind === kind ? [rule.rule as unknown as T] : [])),
    ].sort((a, b) => byText(a.id, b.id));

  const places: Record<string, RulePlace> = {};
  for (const [id, place] of Object.entries(base.files)) if (!disabled.has(id)) places[id] = place;
  for (const { kind, rule, document } of rules) {
    const key = kind === 'playbooks' ? playbookPlace(rule.id) : rule.id;
    places[key] = { file: document.file, line: document.line };
  }

  const merged = {
    signatures: pick<Signature>('signatures', base.signatures),
    links: pick<Link>('links', base.links),
    incidents: pick<IncidentRule>('incidents', base.incidents),
    playbooks: pick<Playbook>('playbooks', base.playbooks),
    model,
    roles,
    tags,
    mustOrders,
    disabled: [...disabled].sort(byText),
    files: sortedRecord(places),
  };

  const { conditions, broken } = compileConditions(written, vocabularyOf(merged), problems);
  for (const [key, condition] of Object.entries(base.conditions)) {
    if (!own.has(key.slice(0, key.indexOf('#')))) conditions[key] ??= condition;
  }
  const sound = <T extends { readonly id: string }>(list: readonly T[]): T[] =>
    list.filter(({ id }) => !broken.has(id));
  return {
    data: {
      ...merged,
      signatures: sound(merged.signatures),
      links: sound(merged.links),
      incidents: sound(merged.incidents),
      conditions: sortedRecord(conditions),
    },
    problems: problems.sort(byPlace),
  };
}

type Report = (document: RuleDocument, path: readonly PropertyKey[], message: string, key?: string) => void;

const SCHEMAS = {
  signatures: signatureSchema,
  links: linkSchema,
  incidents: incidentSchema,
  playbooks: playbookSchema,
} as const;

function readRule(folder: string, document: RuleDocument, report: Report): Rule | undefined {
  const kind = folder as keyof typeof SCHEMAS;
  const rule = valid(SCHEMAS[kind] as z.ZodType<Rule['rule']>, document, report);
  return rule && ({ kind, rule, document } as Rule);
}

/** `{ id, enabled: false }`, with or without the rest of the rule. */
function disabledId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, enabled } = value as { id?: unknown; enabled?: unknown };
  return enabled === false && typeof id === 'string' ? id : undefined;
}

function valid<T>(schema: z.ZodType<T>, document: RuleDocument, report: Report): T | undefined {
  const result = schema.safeParse(document.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        report(
          document,
          issue.path,
          `unknown property${didYouMean(key, keysAt(schema, issue.path, document.value))}`,
          key,
        );
      }
    } else if (issue.code === 'invalid_value') {
      const value = valueAt(document.value, issue.path);
      const allowed = issue.values.map(String);
      const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
      const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
      report(document, issue.path, `${found}, allowed are ${allowed.join(', ')}${hint}`);
    } else if (issue.code === 'invalid_type' && valueAt(document.value, issue.path) === undefined) {
      report(document, issue.path, `is missing: a ${issue.expected} is needed`);
    } else report(document, issue.path, issue.message);
  }
  return undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}

/** Properties that the schema allows at a path, for suggestions. */
function keysAt(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  interface Definition {
    readonly type: string;
    readonly shape?: Readonly<Record<string, unknown>>;
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly valueType?: unknown;
    readonly options?: readonly unknown[];
    readonly items?: readonly unknown[];
  }
  const definition = (of: unknown): Definition | undefined => (of as { readonly def?: Definition } | undefined)?.def;
  let at: unknown = schema;
  const settle = (where: unknown): void => {
    for (let def = definition(at); def; def = definition(at)) {
      if (def.innerType) at = def.innerType;
      else if (def.options && def.type === 'union') {
        const kind = (where as { readonly kind?: unknown } | undefined)?.kind;
        const option = def.options.find((one) => {
          const allowed = definition(one)?.shape?.['kind'] as {
            readonly def?: { readonly values?: unknown[]; readonly entries?: object };
          };
          return allowed?.def?.values?.includes(kind) ?? Object.values(allowed?.def?.entries ?? {}).includes(kind);
        });
        if (!option) return;
        at = option;
      } else return;
    }
  };
  path.forEach((key, index) => {
    settle(valueAt(value, path.slice(0, index)));
    const def = definition(at);
    at = def?.shape?.[String(key)] ?? def?.element ?? def?.valueType;
  });
  settle(valueAt(value, path));
  return Object.keys(definition(at)?.shape ?? {});
}

function addModel(
  base: DependencyModel,
  more: DependencyModel | undefined,
  document: RuleDocument,
  written: WrittenCondition[],
): DependencyModel {
  if (!more) return base;
  const key = ({ who, needs }: DependencyModel['requires'][number]): string => `${who} ${needs}`;
  const own = new Set(more.requires.map(key));
  more.bypass.forEach((bypass, index) => {
    if (bypass.if === undefined) return;
    written.push({
      key: `model#bypass.${base.bypass.length + index}.if`,
      text: bypass.if,
      // The member of the deadlock, of whatever signature.
      variables: { f: { is: 'fact', names: ['*'] } },
      document,
      path: ['bypass', index, 'if'],
    });
  });
  return {
    requires: [...base.requires.filter((one) => !own.has(key(one))), ...more.requires],
    bypass: [...base.bypass, ...more.bypass],
  };
}

function addRoles(base: Roles, more: Roles | undefined): Roles {
  const own = new Set((more ?? []).map(({ role }) => role));
  // Own tables are searched first: the first role that fits a name wins.
  return [...(more ?? []), ...base.filter(({ role }) => !own.has(role))];
}

function addMustOrders(base: MustOrders, more: MustOrders | undefined): MustOrders {
  const own = new Set((more ?? []).map(({ id }) => id));
  return [...base.filter(({ id }) => !own.has(id)), ...(more ?? [])].sort((a, b) => byText(a.id, b.id));
}

function addTags(base: Tags, more: Tags | undefined): Tags {
  const own = new Set((more ?? []).map(({ id }) => id));
  return [...base.filter(({ id }) => !own.has(id)), ...(more ?? [])].sort((a, b) => byText(a.id, b.id));
}

/** Every condition that a rule holds, with the names it may use. */
function conditionsOf(written: Rule): WrittenCondition[] {
  const { rule, document } = written;
  const make = (
    path: readonly PropertyKey[],
    text: string | undefined,
    variables: Scope['variables'],
  ): WrittenCondition[] =>
    text === undefined ? [] : [{ key: `${rule.id}#${path.join('.')}`, text, variables, document, path }];
  switch (written.kind) {
    case 'signatures': {
      const signature = written.rule;
      if (signature.kind === 'row')
        return make(['where'], signature.where, { row: { is: 'row', kind: signature.rows } });
      return signature.kind === 'derived' || signature.kind === 'absence' ? make(['when'], signature.when, {}) : [];
    }
    case 'links': {
      const { cause, effect, when, named, supports, refutes } = written.rule;
      const sides: Scope['variables'] = { c: { is: 'fact', names: [cause] }, e: { is: 'fact', names: [effect] } };
      return [
        ...make(['when'], when, sides),
        ...make(['named'], named, sides),
        ...supports.flatMap((text, index) => make(['supports', index], text, sides)),
        ...refutes.flatMap((text, index) => make(['refutes', index], text, sides)),
      ];
    }
    case 'incidents':
      return written.rule.points.flatMap(({ when }, index) => make(['points', index, 'when'], when, {}));
    case 'playbooks':
      return [];
  }
}

function compileConditions(
  written: readonly WrittenCondition[],
  vocabulary: Vocabulary,
  problems: RuleProblem[],
): { readonly conditions: Record<string, Condition>; readonly broken: ReadonlySet<string> } {
  const conditions: Record<string, Condition> = {};
  const broken = new Set<string>();
  for (const { key, text, variables, document, path } of written) {
    const parsed = parseCondition(text);
    const found: readonly ConditionProblem[] =
      'problems' in parsed ? parsed.problems : checkCondition(parsed.expr, { variables, vocabulary });
    for (const { offset, message } of found) {
      problems.push({ file: document.file, ...document.placeIn(path, offset), property: dotted(path), message });
    }
    if (found.length > 0) broken.add(key.slice(0, key.indexOf('#')));
    if ('expr' in parsed && found.length === 0) conditions[key] = { text, expr: parsed.expr };
  }
  return { conditions, broken };
}

function dotted(path: readonly PropertyKey[], key?: string): string {
  return [...path, ...(key === undefined ? [] : [key])].map(String).join('.');
}

function sortedRecord<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byText(a, b)));
}

/** sha256 of the rules' meaning: places, formatting and file order do not matter. */
export function hashOf(data: RuleData): string {
  const { signatures, links, incidents, playbooks, model, roles, tags, mustOrders } = data;
  return createHash('sha256')
    .update(canonical({ signatures, links, incidents, playbooks, model, roles, tags, mustOrders }))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  return `{${entries
    .sort(([a], [b]) => byText(a, b))
    .map(([key, own]) => `${JSON.stringify(key)}:${canonical(own)}`)
    .join(',')}}`;
}
