import { ENTITY_KINDS } from '../model/layer.ts';
import { byText, firstOf } from '../text/order.ts';
import { didYouMean } from '../text/suggest.ts';
import { placeholders } from '../text/template.ts';
import { type Expr, partsOf } from './condition/ast.ts';
import { COMMON_ROLES, FACT_FIELDS, plural } from './condition/check.ts';
import { captureNames, patternProblems } from './pattern.ts';
import { rowAttributes } from './row-attributes.ts';
import { anchorsOf, playbookPlace, type RuleSet } from './rule-set.ts';
import type { IncidentRule, Link, LogSignature, Playbook, Signature } from './schema.ts';
import { TO_WRITE } from './skeleton.ts';
import { slowestMs } from './slow-lines.ts';

/**
 * What schema and types cannot say about rules: unsafe patterns, rules that can never fire or say nothing, roots that
 * leave the reader without a next step.
 */
export interface LintFinding {
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case code: `anchor-too-short`. */
  readonly code: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** Dotted path in the rule; empty for the whole. */
  readonly property: string;
  readonly message: string;
}

export interface LintOptions {
  /** The texts that a pattern would meet for a raw line; the line itself when absent. */
  readonly toMatchText?: (line: string) => readonly string[];
  /** Run each pattern on adversarial lines of 10 kB and measure. Default true. */
  readonly timing?: boolean;
  /** Only rules of these files are looked at; all when absent. */
  readonly isWanted?: (file: string) => boolean;
}

const LEAST_ANCHOR_BYTES = 5;
const MOST_MS = 25;

/** Values of a template that come from the record or the engine, not from the rule. */
const RECORD_NAMES: readonly string[] = ['@node', '@pod', '@namespace', '@container', '@unit'];
/** Fields of events and structured records that entity templates may use. */
const FIELD_NAMES: readonly string[] = ['kind', 'name', 'namespace', 'reason', 'count', 'node', 'component'];

type Say = (severity: LintFinding['severity'], code: string, property: string, message: string) => void;

export function lintRules(ruleSet: RuleSet, options: LintOptions = {}): LintFinding[] {
  const findings: LintFinding[] = [];
  const sayOf =
    (rule: string): Say =>
    (severity, code, property, message) => {
      const { file, line } = ruleSet.files.get(rule) ?? { file: `rules/${rule}.yaml`, line: 1 };
      findings.push({ severity, code, rule: bareId(rule), file, line, property, message });
    };
  const isWanted = (place: string): boolean => options.isWanted?.(ruleSet.files.get(place)?.file ?? '') ?? true;
  const wanted = <T extends { readonly id: string }>(rules: readonly T[], placeOf = (id: string) => id): T[] =>
    rules.filter(({ id }) => isWanted(placeOf(id)));
  for (const signature of wanted(ruleSet.signatures)) lintSignature(signature, ruleSet, options, sayOf(signature.id));
  for (const link of wanted(ruleSet.links)) lintLink(link, ruleSet, sayOf(link.id));
  for (const incident of wanted(ruleSet.incidents)) lintIncident(incident, ruleSet, sayOf(incident.id));
  for (const playbook of wanted(ruleSet.playbooks, playbookPlace)) {
    lintPlaybook(playbook, ruleSet, sayOf(playbookPlace(playbook.id)));
  }
  for (const rule of ruleSet.files.keys()) if (isWanted(rule)) lintPlace(rule, ruleSet, sayOf(rule));
  lintModel(ruleSet, sayOf('model'));
  if (options.isWanted === undefined) lintTags(ruleSet, sayOf('tags'));
  if (options.isWanted === undefined) lintMustOrders(ruleSet, sayOf('must-orders'));
  lintDuplicates(ruleSet, options, isWanted, sayOf);
  return findings.sort((a, b) =>
    firstOf(
      byText(a.severity, b.severity),
      byText(a.file, b.file),
      a.line - b.line,
      byText(a.property, b.property),
      byText(a.message, b.message),
    ),
  );
}

/** `rules/links/x.yaml:1: error anchor-too-short: match.anchors.0: …` */
export function describeFinding(finding: LintFinding): string {
  const property = finding.property === '' ? '' : `${finding.property}: `;
  return `${finding.file}:${finding.line}: ${finding.severity} ${finding.code}: ${property}${finding.message}`;
}

function lintMustOrders({ mustOrders }: RuleSet, say: Say): void {
  for (const { id, ...order } of mustOrders) {
    for (const name of ['earlier', 'later'] as const) {
      const side = order[name];
      const property = `${id}.${name}`;
      for (const { message } of side.pattern === undefined ? [] : patternProblems(side.pattern)) {
        say('error', 'unsafe-pattern', `${property}.pattern`, message);
      }
      if ((side.kind === 'row') !== (side.rows !== undefined)) {
        say('error', 'rows-missing', property, 'rows and only rows name the kind of their object');
      }
      if (side.kind === 'log' && (side.anchors.length === 0 || side.pattern === undefined)) {
        say('error', 'anchors-missing', property, 'lines of a log are found by anchors and a pattern');
      }
      if (side.pattern !== undefined && side.examples === undefined) {
        say('error', 'examples-missing', property, 'a pattern needs lines that it matches and lines that it must not');
      }
    }
  }
}

function lintPlace(rule: string, ruleSet: RuleSet, say: Say): void {
  const file = ruleSet.files.get(rule)?.file ?? '';
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/u, '');
  const id = bareId(rule);
  if (name !== id) say('error', 'file-name', 'id', `the file is called ${name}, the rule ${id}`);
}

function bareId(place: string): string {
  return place.slice(place.indexOf('/') + 1);
}

function lintSignature(signature: Signature, ruleSet: RuleSet, options: LintOptions, say: Say): void {
  const tags = new Set(ruleSet.tags.map(({ id }) => id));
  signature.tags.forEach((tag, index) => {
    if (!tags.has(tag))
      say('error', 'unknown-tag', `tags.${index}`, `no tag is called "${tag}"${didYouMean(tag, tags)}`);
  });
  if (signature.component !== undefined) component(signature.component, 'component', ruleSet, say);
  signature.episode.closedBy.forEach((id, index) => {
    signatureName(id, `episode.closedBy.${index}`, ruleSet, say);
  });
  lintRoles(signature, say);
  lintTemplates(signature, ruleSet, say);
  lintRoot(signature, ruleSet, say);
  const anchors = anchorsOf(signature);
  for (const [index, anchor] of anchors.entries()) lintAnchor(anchor, index, anchors, say);
  lintFinished(signature, say);
  switch (signature.kind) {
    case 'log':
    case 'kube-event':
      lintMatch(signature, options, say);
      break;
    case 'row':
      if (rowAttributes(signature.rows) === undefined) {
        say('warning', 'unknown-rows', 'rows', `docs/rows.md does not list the kind ${signature.rows}`);
      }
      lintRowAttributes(signature, ruleSet, say);
      break;
    case 'absence':
      component(signature.subject.component, 'subject.component', ruleSet, say);
      signature.unlessUp.forEach((role, index) => {
        component(role, `unlessUp.${index}`, ruleSet, say);
      });
      if (signature.alsoProvedBy)
        lintPattern(signature.alsoProvedBy.pattern, 'alsoProvedBy.pattern', signature, options, say);
      break;
    case 'derived':
      signature.from.forEach((name, index) => {
        const found = signatureName(name, `from.${index}`, ruleSet, say);
        if (found.includes(signature.id))
          say('error', 'circular', `from.${index}`, 'a derived fact cannot rest on itself');
      });
      break;
    default:
      break;
  }
}

function component(name: string, property: string, ruleSet: RuleSet, say: Say): void {
  const known = ruleSet.vocabulary.components;
  if (!known.includes(name))
    say('error', 'unknown-component', property, `no role is called "${name}"${didYouMean(name, known)}`);
}

/** Signature ids behind a name; says so when there is no such name. */
function signatureName(name: string, property: string, ruleSet: RuleSet, say: Say): readonly string[] {
  const found = ruleSet.vocabulary.resolve(name);
  if (found === undefined) {
    say(
      'error',
      'unknown-id',
      property,
      `no signature or tag is called "${name}"${didYouMean(name, ruleSet.vocabulary.names)}`,
    );
  }
  return found ?? [];
}

function lintRoles(signature: Signature, say: Say): void {
  const kinds = new Set<string>(ENTITY_KINDS);
  for (const [role, template] of Object.entries(signature.entities)) {
    const kind = template.slice(0, Math.max(0, template.indexOf('/')));
    if (!kinds.has(role) && !kinds.has(kind)) {
      say(
        'error',
        'unknown-kind',
        `entities.${role}`,
        `"${role}" is no kind of entity, and "${template}" names none before a slash`,
      );
    }
  }
  const known = new Set([...Object.keys(signature.entities), ...COMMON_ROLES, 'component']);
  for (const property of ['key', 'group'] as const) {
    signature[property]?.forEach((role, index) => {
      if (known.has(role) || membersNamed(signature).has(role)) return;
      say(
        'error',
        'unknown-role',
        `${property}.${index}`,
        `the rule has no entity "${role}"${didYouMean(role, known)}`,
      );
    });
  }
}

/** Captures or cells of a signature. */
function membersNamed(signature: Signature): Set<string> {
  switch (signature.kind) {
    case 'log':
    case 'kube-event':
      return new Set([
        ...captureNames(signature.match.pattern),
        ...(signature.match.followed ? [signature.match.followed.as] : []),
      ]);
    case 'row':
      return new Set(rowAttributes(signature.rows)?.keys());
    default:
      return new Set();
  }
}

function lintTemplates(signature: Signature, ruleSet: RuleSet, say: Say): void {
  const members = new Set(ruleSet.vocabulary.members(signature.id).keys());
  const always = new Set([...members, ...COMMON_ROLES, ...Object.keys(FACT_FIELDS), 'collected']);
  const check = (property: string, template: string | undefined, more: readonly string[] = []): void => {
    for (const name of placeholders(template ?? '')) {
      if (always.has(name) || more.includes(name) || always.has(name.split('.')[0] as string)) continue;
      if (signature.kind === 'row' && rowAttributes(signature.rows) === undefined) continue;
      say(
        'error',
        'unknown-placeholder',
        property,
        `{{${name}}} is neither captured nor an entity${didYouMean(name, always)}`,
      );
    }
  };
  check('title', signature.title);
  check('summary', signature.summary);
  check('contributing', signature.contributing);
  check('root.statement', signature.root?.statement);
  signature.onset?.back?.forEach((sum, index) => {
    check(`onset.back.${index}`, sum);
  });
  if (
    'match' in signature &&
    signature.match.repeats !== undefined &&
    !membersNamed(signature).has(signature.match.repeats)
  ) {
    say('error', 'unknown-placeholder', 'match.repeats', `the pattern has no capture "${signature.match.repeats}"`);
  }
  if (signature.onset?.at !== undefined && !membersNamed(signature).has(signature.onset.at)) {
    say('error', 'unknown-placeholder', 'onset.at', `the pattern has no capture "${signature.onset.at}"`);
  }
  for (const [role, template] of Object.entries(signature.entities)) {
    if (template.startsWith('@')) {
      if (!RECORD_NAMES.includes(template)) {
        say(
          'error',
          'unknown-placeholder',
          `entities.${role}`,
          `there is no ${template}${didYouMean(template, RECORD_NAMES)}`,
        );
      }
      continue;
    }
    check(`entities.${role}`, template, [...FIELD_NAMES, ...RECORD_NAMES]);
  }
  if (signature.kind === 'log' || signature.kind === 'kube-event') {
    for (const name of captureNames(signature.match.pattern)) {
      if (Object.hasOwn(FACT_FIELDS, name) && name !== 'component' && name !== 'count') {
        say(
          'warning',
          'hidden-capture',
          'match.pattern',
          `conditions cannot reach the capture "${name}": every fact has a field of that name`,
        );
      }
    }
  }
}

function lintRoot(signature: Signature, ruleSet: RuleSet, say: Say): void {
  const { root, initiates } = signature;
  const playbook = root?.playbook === undefined ? undefined : ruleSet.playbookById.get(root.playbook);
  if (root?.playbook !== undefined && !playbook) {
    const known = ruleSet.playbooks.map(({ id }) => id);
    say(
      'error',
      'unknown-playbook',
      'root.playbook',
      `no playbook is called "${root.playbook}"${didYouMean(root.playbook, known)}`,
    );
  }
  if (initiates !== 'external' && initiates !== 'likely') return;
  if (!root) {
    say(
      'error',
      'root-missing',
      'root',
      `a signature that is ${initiates} to start an incident needs a root statement`,
    );
    return;
  }
  if (root.playbook === undefined) {
    say(
      'error',
      'playbook-missing',
      'root.playbook',
      `a signature that is ${initiates} to start an incident needs a playbook`,
    );
    return;
  }
  const asks = ruleSet.links.some((link) => link.ask.length > 0 && ruleSet.byTag(link.cause).includes(signature.id));
  if (playbook && playbook.questions.length === 0 && !asks) {
    say('error', 'question-missing', 'root.playbook', `${playbook.id} asks no question, and no link from here does`);
  }
}

/** What a skeleton leaves open. */
function lintFinished(signature: Signature, say: Say): void {
  if (signature.title.includes(TO_WRITE)) say('error', 'unfinished', 'title', 'is still to be written');
  if (signature.kind !== 'log' && signature.kind !== 'kube-event') return;
  signature.examples.reject.forEach(({ line, because }, index) => {
    if (line.includes(TO_WRITE) || because.includes(TO_WRITE)) {
      say('error', 'unfinished', `examples.reject.${index}`, 'is still to be written');
    }
  });
}

function lintAnchor(anchor: string, index: number, anchors: readonly string[], say: Say): void {
  const property = `match.anchors.${index}`;
  if (Buffer.byteLength(anchor) < LEAST_ANCHOR_BYTES) {
    say('error', 'anchor-too-short', property, `${JSON.stringify(anchor)} is shorter than ${LEAST_ANCHOR_BYTES} bytes`);
  }
  if (/["\\]/u.test(anchor)) {
    say(
      'error',
      'anchor-quoted',
      property,
      `${JSON.stringify(anchor)} holds a quote or backslash, which raw lines escape`,
    );
  }
  const shorter = anchors.find(
    (other, at) => at !== index && anchor.includes(other) && (other !== anchor || at < index),
  );
  if (shorter !== undefined) {
    say(
      'warning',
      'anchor-dead',
      property,
      `lines with ${JSON.stringify(anchor)} are found by ${JSON.stringify(shorter)}`,
    );
  }
  if (anchor.trim() !== anchor && anchor.trim().length < LEAST_ANCHOR_BYTES) {
    say('warning', 'anchor-blank', property, `${JSON.stringify(anchor)} is mostly blank space`);
  }
}

function lintPattern(source: string, property: string, signature: Signature, options: LintOptions, say: Say): boolean {
  const problems = patternProblems(source);
  for (const { message } of problems) say('error', 'unsafe-pattern', property, message);
  if (problems.length > 0) return false;
  if (options.timing !== false) {
    const examples = signature.kind === 'log' || signature.kind === 'kube-event' ? signature.examples.match : [];
    const seeds = [...anchorsOf(signature), ...examples.map(({ line }) => line)];
    const slow = slowestMs(source, seeds, MOST_MS);
    if (slow > MOST_MS) say('warning', 'slow-pattern', property, `takes ${Math.round(slow)} ms on a line of 10 kB`);
  }
  return true;
}

function lintMatch(signature: LogSignature, options: LintOptions, say: Say): void {
  const { match, examples } = signature;
  lintPattern(match.pattern, 'match.pattern', signature, options, say);
  if (match.unless !== undefined) lintPattern(match.unless, 'match.unless', signature, options, say);
  if (match.followed) lintPattern(match.followed.pattern, 'match.followed.pattern', signature, options, say);
  // An anchor that the pattern spells out is one of its alternatives; any other needs an example.
  const spelt = match.pattern.replace(/\\([^\w\s])/gu, '$1');
  match.anchors.forEach((anchor, index) => {
    if (!spelt.includes(anchor) && !examples.match.some(({ line }) => line.includes(anchor))) {
      say('warning', 'anchor-unproved', `match.anchors.${index}`, `no match example holds ${JSON.stringify(anchor)}`);
    }
  });
  examples.match.forEach(({ line, captures }, index) => {
    if (!match.anchors.some((anchor) => line.includes(anchor))) {
      say(
        'error',
        'example-without-anchor',
        `examples.match.${index}.line`,
        'holds none of the anchors, so the scan would drop it',
      );
    }
    for (const name of Object.keys(captures ?? {})) {
      if (!membersNamed(signature).has(name)) {
        say('error', 'unknown-capture', `examples.match.${index}.captures.${name}`, 'the pattern has no such capture');
      }
    }
  });
}

function lintRowAttributes(signature: Extract<Signature, { kind: 'row' }>, ruleSet: RuleSet, say: Say): void {
  const known = rowAttributes(signature.rows);
  const condition = ruleSet.condition(signature.id, 'where');
  if (!known || !condition) return;
  const visit = (expr: Expr): void => {
    if (expr.op === 'member' && expr.of.op === 'name' && expr.of.name === 'row' && !known.has(expr.name)) {
      say(
        'warning',
        'unknown-attribute',
        'where',
        `docs/rows.md has no ${signature.rows} attribute "${expr.name}"${didYouMean(expr.name, known.keys())}`,
      );
    }
    for (const part of partsOf(expr)) visit(part);
  };
  visit(condition.expr);
}

function lintLink(link: Link, ruleSet: RuleSet, say: Say): void {
  const sides = {
    c: signatureName(link.cause, 'cause', ruleSet, say),
    e: signatureName(link.effect, 'effect', ruleSet, say),
  };
  if (link.id !== `${link.cause}--${link.effect}`) {
    say('warning', 'link-id', 'id', `a link is called <cause>--<effect>: ${link.cause}--${link.effect}`);
  }
  for (const [side, name] of [
    ['c', link.cause],
    ['e', link.effect],
  ] as const) {
    if (sides[side].length === 0 && ruleSet.vocabulary.resolve(name) !== undefined) {
      say('warning', 'dead-link', side === 'c' ? 'cause' : 'effect', `no signature carries the tag "${name}"`);
    }
  }
  if (link.cause === link.effect) say('error', 'circular', 'effect', 'a fact cannot be its own cause');
  if (link.confidence !== 'definite' && link.ask.length === 0) {
    say('warning', 'ask-missing', 'ask', `a ${link.confidence} link says what would settle it`);
  }
  for (const name of placeholders(link.mechanism)) {
    const [side, member, ...rest] = name.split('.');
    if ((side !== 'c' && side !== 'e') || member === undefined) {
      say('error', 'unknown-placeholder', 'mechanism', `{{${name}}} begins with neither c. nor e.`);
    } else if (rest.length === 0 && sides[side].length > 0 && !hasMember(member, sides[side], ruleSet)) {
      say(
        'error',
        'unknown-placeholder',
        'mechanism',
        `no fact of ${side === 'c' ? link.cause : link.effect} has "${member}"`,
      );
    }
  }
}

function hasMember(member: string, signatures: readonly string[], ruleSet: RuleSet): boolean {
  if (Object.hasOwn(FACT_FIELDS, member) || COMMON_ROLES.some((role) => role === member || plural(role) === member))
    return true;
  return signatures.some((id) => {
    const members = ruleSet.vocabulary.members(id);
    return members.has(member) || [...members.keys()].some((name) => plural(name) === member);
  });
}

function lintIncident(incident: IncidentRule, ruleSet: RuleSet, say: Say): void {
  const total = incident.points.reduce((sum, { score }) => sum + score, 0);
  if (incident.confirmed > total) say('error', 'unreachable', 'confirmed', `the points add up to ${total}`);
  if (incident.partial > incident.confirmed) say('error', 'unreachable', 'partial', 'is above confirmed');
  incident.root.forEach((name, index) => {
    signatureName(name, `root.${index}`, ruleSet, say);
  });
  if (incident.playbook !== undefined && !ruleSet.playbookById.has(incident.playbook)) {
    say('error', 'unknown-playbook', 'playbook', `no playbook is called "${incident.playbook}"`);
  }
  const items = incident.points.map(({ item }) => item);
  items.forEach((item, index) => {
    if (items.indexOf(item) !== index) say('error', 'duplicate-item', `points.${index}.item`, `"${item}" stands twice`);
  });
  incident.points.forEach((point, index) => {
    if (point.run === undefined)
      say('warning', 'run-missing', `points.${index}.run`, 'says what to run where it cannot be judged');
  });
}

function lintPlaybook(playbook: Playbook, ruleSet: RuleSet, say: Say): void {
  const used =
    ruleSet.signatures.some(({ root }) => root?.playbook === playbook.id) ||
    ruleSet.incidents.some((incident) => incident.playbook === playbook.id);
  if (!used) say('warning', 'dead-playbook', 'id', 'no signature or incident names it');
  playbook.steps.forEach((step, index) => {
    if ((step.safety === 'disruptive' || step.safety === 'destructive') && step.risk === undefined) {
      say('warning', 'risk-missing', `steps.${index}.risk`, `a ${step.safety} step says what it risks`);
    }
  });
  playbook.questions.forEach((question, index) => {
    if (
      /\b(?:delete|apply|patch|edit|drain|cordon|rm|reboot|restart|scale|annotate|rollout restart)\s/u.test(
        question.run,
      )
    ) {
      say('error', 'question-changes', `questions.${index}.run`, 'a question only reads');
    }
  });
}

function lintModel(ruleSet: RuleSet, say: Say): void {
  ruleSet.model.requires.forEach(({ who, needs }, index) => {
    component(who, `requires.${index}.who`, ruleSet, say);
    component(needs, `requires.${index}.needs`, ruleSet, say);
    if (who === needs) say('error', 'circular', `requires.${index}`, `${who} cannot need itself`);
  });
  ruleSet.model.bypass.forEach(({ of }, index) => {
    component(of, `bypass.${index}.of`, ruleSet, say);
  });
}

function lintTags(ruleSet: RuleSet, say: Say): void {
  for (const { id } of ruleSet.tags) {
    if (ruleSet.byTag(id).length === 0) say('warning', 'dead-tag', id, 'no signature carries it');
    const namesake = ruleSet.byId.get(id);
    if (namesake && !namesake.tags.includes(id)) {
      say('error', 'ambiguous-name', id, `is a tag, and a signature of that name does not carry it`);
    }
  }
}

/** A line that proves one signature should not also fire another that says the same. */
function lintDuplicates(
  ruleSet: RuleSet,
  options: LintOptions,
  isWanted: (rule: string) => boolean,
  sayOf: (rule: string) => Say,
): void {
  const logs = ruleSet.signatures.filter((one): one is LogSignature => one.kind === 'log' || one.kind === 'kube-event');
  const compiled = logs.flatMap((signature) => {
    const { match } = signature;
    if (patternProblems(match.pattern).length > 0) return [];
    const unless = match.unless === undefined ? undefined : new RegExp(match.unless, 'u');
    return [{ signature, pattern: new RegExp(match.pattern, 'u'), unless, tags: tagKey(signature) }];
  });
  const reported = new Set<string>();
  for (const { id, examples, tags, kind } of logs) {
    const key = tagKey({ tags });
    if (key === '' || !isWanted(id)) continue;
    for (const [index, { line }] of examples.match.entries()) {
      const texts = options.toMatchText ? options.toMatchText(line) : [line];
      for (const other of compiled) {
        const pair = [id, other.signature.id].sort(byText).join(' ');
        if (other.signature.id === id || other.signature.kind !== kind || other.tags !== key || reported.has(pair))
          continue;
        if (!other.signature.match.anchors.some((anchor) => line.includes(anchor))) continue;
        if (!texts.some((text) => other.pattern.test(text) && !other.unless?.test(text))) continue;
        reported.add(pair);
        sayOf(id)(
          'warning',
          'duplicate',
          `examples.match.${index}.line`,
          `${other.signature.id} matches it too and has the same tags`,
        );
      }
    }
  }
}

function tagKey({ tags }: { readonly tags: readonly string[] }): string {
  return [...tags].sort(byText).join(' ');
}
