import type { Fact, Span } from '../model/index.ts';
import { LAYERS } from '../model/layer.ts';
import type { ActionItem, RemediationStep, ReportQuestion } from '../model/report.ts';
import type { Playbook } from '../rules/schema.ts';
import { clause, sentence } from '../text/grammar.ts';
import { firstOf } from '../text/order.ts';
import { fillCommand } from '../text/shell.ts';
import { fillTemplate } from '../text/template.ts';
import { type IncidentContext, namedHypothesis } from './context.ts';
import { factValue } from './names.ts';
import { atOnset } from './onset-command.ts';

const MOST_STEPS = 14;
const MOST_ACTIONS = 8;
/** Below this the joins behind a fact's entities are guesses: they may not stand in a command. */
const CERTAIN_JOIN = 0.7;
const SAFETY = ['read-only', 'reversible', 'disruptive', 'destructive'] as const;

interface Source {
  readonly playbook: Playbook;
  readonly fact: Fact | undefined;
  /** Steps of the playbook to use, in this order; all when absent. */
  readonly only?: readonly string[];
}

/**
 * Repair in dependency order: the break point of a deadlock first, then the confirmed pattern's or the root's playbook
 * in its own order, then the playbooks of the chain from the lowest layer up.
 */
export function remediationOf(context: IncidentContext): RemediationStep[] {
  const steps: Omit<RemediationStep, 'order'>[] = breakPoints(context);
  const seen = new Set<string>();
  for (const { playbook, fact, only } of sources(context)) {
    const chosen = only ? only.flatMap((id) => playbook.steps.find((step) => step.id === id) ?? []) : playbook.steps;
    for (const step of chosen) {
      const key = step.title;
      if (seen.has(key)) continue;
      seen.add(key);
      const fill = (text: string | undefined) =>
        text ? fillCommand(text, (name) => certainValue(fact, name)) : { text: '', open: [] };
      const prose = (text: string) => fillTemplate(text, (name) => certainValue(fact, name));
      const parts = { check: fill(step.check), do: fill(step.do), verify: fill(step.verify), undo: fill(step.undo) };
      steps.push({
        layer: step.layer,
        title: prose(step.title),
        check: parts.check.text,
        do: parts.do.text,
        verify: parts.verify.text,
        safety: step.safety,
        risk: prose(step.risk ?? ''),
        undo: parts.undo.text,
        placeholders: [...new Set(Object.values(parts).flatMap(({ open }) => open))],
        for: fact?.title ?? playbook.title,
      });
    }
  }
  return steps.slice(0, MOST_STEPS).map((step, index) => ({ order: index + 1, ...step }));
}

/** Captures are text of the bundle; entities are joins and need to be certain. */
function certainValue(fact: Fact | undefined, name: string): string | undefined {
  if (!fact) return undefined;
  if (!Object.hasOwn(fact.attributes, name) && fact.certainty < CERTAIN_JOIN) return undefined;
  return factValue(fact, name);
}

function breakPoints(context: IncidentContext): Omit<RemediationStep, 'order'>[] {
  return context.incident.deadlocks.flatMap((deadlock) => {
    const best = deadlock.breakAt[0];
    if (!best) return [];
    const fact = context.fact(best.fact);
    const title = context.roleTitle(best.component);
    const member = deadlock.members.find(({ component }) => component === best.component);
    const safety = SAFETY.find((word) => best.safety.toLowerCase().startsWith(word)) ?? 'disruptive';
    const { text, open } = fillCommand(best.how, (name) => certainValue(fact, name));
    return [
      {
        layer: fact?.layer ?? 'apps',
        title: `Break the loop at ${title}`,
        check: member
          ? `${title} still waits for ${context.roleTitle(member.waitsFor)}: ${clause(fact?.title ?? title)}.`
          : `${title} is still down.`,
        do: text,
        verify: `${title} is ready before anything else is touched.`,
        safety,
        risk: safety === best.safety ? '' : sentence(best.safety),
        undo: '',
        placeholders: [...open],
        for: 'deadlock',
      },
    ];
  });
}

function sources(context: IncidentContext): Source[] {
  const found: Source[] = [];
  const best = namedHypothesis(context);
  const root = best ? context.fact(best.root) : undefined;
  for (const pattern of context.incident.patterns) {
    if (pattern.verdict === 'absent' || (pattern.verdict === 'partial' && best)) continue;
    const rule = context.input.rules.incidents.find(({ id }) => id === pattern.id);
    const playbook = context.playbook(rule?.playbook);
    if (!playbook) continue;
    const only = pattern.repair.filter((id) => playbook.steps.some((step) => step.id === id));
    found.push({ playbook, fact: root, ...(only.length > 0 ? { only } : {}) });
  }
  const rootPlaybook = root && context.playbook(context.signature(root)?.root?.playbook);
  if (rootPlaybook) found.push({ playbook: rootPlaybook, fact: root });
  const chain = (best?.chain ?? []).flatMap((id) => (id === best?.root ? [] : (context.fact(id) ?? [])));
  const layered = chain
    .map((fact, position) => ({ fact, position }))
    .sort((a, b) => firstOf(LAYERS.indexOf(a.fact.layer) - LAYERS.indexOf(b.fact.layer), a.position - b.position));
  for (const { fact } of layered) {
    const playbook = context.playbook(context.signature(fact)?.root?.playbook);
    if (playbook) found.push({ playbook, fact });
  }
  return found.filter(({ playbook }, index) => found.findIndex((other) => other.playbook.id === playbook.id) === index);
}

const ACTION_ORDER: readonly ActionItem['class'][] = ['prevent', 'mitigate', 'detect', 'process'];
const SHARE: Readonly<Record<ActionItem['class'], number>> = { prevent: 3, mitigate: 2, detect: 2, process: 1 };

/**
 * Prevention: removing the root before containing the spread before detecting earlier; at most eight.
 *
 * Each class has its share, so that a long list of preventions does not push out the alert that was missing.
 */
export function actionItemsOf(context: IncidentContext): ActionItem[] {
  const contributing = context.facts
    .filter((fact) => context.role(fact) === 'contributing')
    .flatMap((fact) => {
      const playbook = context.playbook(context.signature(fact)?.root?.playbook);
      return playbook ? [{ playbook, fact }] : [];
    });
  const [first, ...others] = sources(context);
  const ranked = [...(first ? [first] : []), ...contributing, ...others];
  const all = new Map<string, ActionItem>();
  for (const { playbook, fact } of ranked) {
    for (const action of playbook.actions) {
      const fill = (text: string) => fillCommand(text, (name) => certainValue(fact, name)).text;
      const text = fill(action.text);
      if (!all.has(text)) all.set(text, { class: action.class, text, done: fill(action.done) });
    }
  }
  const byClass = ACTION_ORDER.map((kind) => [...all.values()].filter((item) => item.class === kind));
  const chosen = new Set(byClass.flatMap((items, at) => items.slice(0, SHARE[ACTION_ORDER[at] ?? 'process'])));
  for (const item of byClass.flat()) {
    if (chosen.size >= MOST_ACTIONS) break;
    chosen.add(item);
  }
  return byClass.flat().filter((item) => chosen.has(item));
}

/** What the playbooks and undecided pattern points ask, after what the graph itself asks. */
export function questionsOf(context: IncidentContext, onset: Span | undefined): ReportQuestion[] {
  const asked: ReportQuestion[] = context.incident.questions.map(({ need, why, run, separates }) => ({
    need,
    why: sentence(why),
    run,
    separates: [...separates],
  }));
  for (const pattern of context.incident.patterns) {
    if (pattern.verdict === 'absent') continue;
    for (const item of pattern.items) {
      if (item.state !== 'unknown' || !item.run) continue;
      asked.push({
        need: item.title,
        why: `One point of “${pattern.title}” cannot be judged: ${clause(item.why)}.`,
        run: item.run,
        separates: [],
      });
    }
  }
  const [first] = sources(context);
  for (const { need, run, tells } of first?.playbook.questions ?? []) {
    const fill = (text: string) => fillCommand(text, (name) => certainValue(first?.fact, name)).text;
    asked.push({ need: fill(need), why: sentence(`It tells: ${fill(tells)}`), run: fill(run), separates: [] });
  }
  return distinctQuestions(asked.map((question) => ({ ...question, run: atOnset(question.run, onset) })));
}

const MOST_QUESTIONS = 10;

export function distinctQuestions(questions: readonly ReportQuestion[]): ReportQuestion[] {
  const seen = new Set<string>();
  return questions
    .filter(({ need, run }) => {
      const key = run === '' ? need : run;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, MOST_QUESTIONS);
}
