import { importance } from '../model/importance.ts';
import type { Edge, Fact } from '../model/index.ts';
import type { ReportImpact, ReportIncident, Statement, StatementBasis } from '../model/report.ts';
import { capitalised, clause, counted, listed, percent, quoted, shorten } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { dayOf, isWide, lagText, momentPhrase, spanText } from '../time/display.ts';
import { describeDuration, describeDurationSpan } from '../time/durations.ts';
import { gapBetween } from '../time/span.ts';
import { chainEdge, type IncidentContext, namedHypothesis, worstFact } from './context.ts';
import { NOTHING_NAMED } from './impact.ts';
import { factClause, fillFromFact } from './names.ts';
import type { Course } from './phases.ts';
import { statement, weakestBasis } from './statement.ts';

/** The sentences of a post-mortem that only need the graph. People write the rest. */

/** Five sentences at most: cause, onset, spread, reach, course. */
export function summaryOf(context: IncidentContext, course: Course, impact: ReportImpact): Statement[] {
  const best = namedHypothesis(context);
  const root = best ? context.fact(best.root) : undefined;
  const sentences: Statement[] = [];
  if (best && root) {
    sentences.push(
      statement(`Most likely root cause (confidence ${best.confidence}): ${rootStatement(context, root)}`, 'inferred', {
        evidence: context.evidence.refs(root, 2),
        facts: [root.id],
      }),
    );
  } else sentences.push(...abstention(context));
  const begin = onsetStatement(context, course, 'short');
  if (begin) sentences.push(begin);
  const spread = spreadStatement(context);
  if (spread) sentences.push(spread);
  if (!impact.blastRadius.startsWith(NOTHING_NAMED)) sentences.push(reachStatement(context, impact));
  const going = courseStatement(context, course);
  if (going) sentences.push(going);
  return sentences.slice(0, 5);
}

/** The signature's own sentence about its fact as a cause, else the fact's summary. */
export function rootStatement(context: IncidentContext, root: Fact): string {
  const template = context.signature(root)?.root?.statement;
  return clause(template ? fillFromFact(template, root) : factClause(root));
}

/** Why no cause is named, and what was seen instead. */
function abstention(context: IncidentContext): Statement[] {
  const worst = worstFact(context);
  if (!worst) return [];
  return [
    statement(
      `${factClause(worst)}; the bundle does not show what caused it`,
      worst.observed ? 'observed' : 'derived',
      {
        evidence: context.evidence.refs(worst, 2),
        facts: [worst.id],
      },
    ),
  ];
}

function onsetStatement(
  context: IncidentContext,
  { onset, onsetFact, firstEvidence }: Course,
  detail: 'short' | 'full',
): Statement | undefined {
  if (!onset || !onsetFact) return undefined;
  const isDerived = onsetFact.onset?.basis === 'derived' || onset.latest - onset.earliest > 2000;
  const formula = onsetFact.evidence.find((evidence) => evidence.derivation)?.derivation?.formula;
  const source = isDerived
    ? `according to ${quoted(clause(onsetFact.title))}${formula && detail === 'full' ? ` (${clause(formula)})` : ''}`
    : '';
  const gap = firstEvidence ? gapBetween(onset, firstEvidence) : undefined;
  const before =
    gap && gap.least >= 1000 && isWide(onset)
      ? `, at least ${describeDuration(gap.least)} before the first line about it`
      : gap && gap.least >= 1000
        ? `, ${describeDurationSpan(gap.least, gap.greatest)} before the first line about it`
        : '';
  const signature = context.signature(onsetFact);
  const isNumbered = signature !== undefined && 'match' in signature && signature.match.repeats !== undefined;
  const text = isDerived
    ? `It began ${momentPhrase(onset)}${before}, ${source}`
    : isNumbered && onsetFact.count > 1
      ? `It was under way already ${momentPhrase(onset)}, by the number of its attempts`
      : `It began ${momentPhrase(onset)}`;
  return statement(text, isDerived ? 'derived' : 'observed', {
    evidence: context.evidence.refs(onsetFact),
    facts: [onsetFact.id],
  });
}

function spreadStatement(context: IncidentContext): Statement | undefined {
  const steps = chainSteps(context);
  if (steps.length === 0) return undefined;
  const shown = steps.length <= 5 ? steps : [...steps.slice(0, 3), ...steps.slice(-2)];
  const names = shown.map(({ effect }) => clause(effect.title));
  const text =
    steps.length > shown.length ? `${names.slice(0, 3).join('; ')}; …; ${names.slice(3).join('; ')}` : names.join('; ');
  const weak = steps.filter(({ edge }) => edge.basis === 'assumed').length;
  const caveat =
    weak === 0
      ? ''
      : ` – ${weak === 1 ? 'one of these steps is' : `${weak} of these steps are`} assumed, not evidenced`;
  const basis = weakestBasis(steps.map(({ edge }) => edge.basis));
  return statement(
    `It then ${basis === 'observed' ? '' : 'most likely '}led to${steps.length > 1 ? ', in this order' : ''}: ${text}${caveat}`,
    basis,
    {
      evidence: steps.flatMap(({ effect }) => context.evidence.refs(effect)),
      facts: steps.map(({ effect }) => effect.id),
      edges: steps.map(({ edge }) => edge.id),
    },
  );
}

function reachStatement(context: IncidentContext, impact: ReportImpact): Statement {
  const worst = worstFact(context);
  return statement(impact.blastRadius, 'derived', {
    evidence: worst ? context.evidence.refs(worst) : [],
    facts: worst ? [worst.id] : [],
  });
}

function courseStatement(context: IncidentContext, course: Course): Statement | undefined {
  const parts = course.durations.filter(({ name }) => name !== 'unnoticed').map(({ text }) => text);
  if (parts.length === 0) return undefined;
  const text = parts.join('; ');
  const grounds = course.silence?.fact ?? worstFact(context);
  return statement(capitalised(text), 'derived', {
    evidence: context.evidence.refs(grounds, 2),
    facts: grounds ? [grounds.id] : [],
  });
}

interface ChainStep {
  readonly cause: Fact;
  readonly effect: Fact;
  readonly edge: Edge;
  readonly lag: string;
}

const MOST_STEPS = 12;

/**
 * How the best hypothesis spread: each fact that it reaches with the strongest edge from the root or from what was told
 * before it, in display order. In a circle of waiting display order alone would begin with an effect of the last step.
 *
 * The main chain is always among them; where there are too many others, the weightier ones are.
 */
function chainSteps(context: IncidentContext): ChainStep[] {
  const best = namedHypothesis(context);
  if (!best) return [];
  const onChain = new Set(best.chain);
  const reached = new Set([best.root, ...best.chain, ...best.explains]);
  const into = causesInto(context.edges, reached);
  const from = new Map<string, Fact[]>();
  for (const effect of context.facts)
    for (const edge of into.get(effect.id) ?? []) from.set(edge.from, [...(from.get(edge.from) ?? []), effect]);
  const told = new Set([best.root]);
  const kinds = new Set<string>();
  const steps: ChainStep[] = [];
  const leadingEdge = (effect: Fact): Edge | undefined => {
    const at = best.chain.indexOf(effect.id);
    const before = at > 0 ? best.chain[at - 1] : undefined;
    const main = before !== undefined && told.has(before) ? chainEdge(context.edges, before, effect.id) : undefined;
    return main ?? into.get(effect.id)?.find((edge) => told.has(edge.from) && !isBackwards(context, edge));
  };
  const waiting = new Set<string>();
  const tell = (effect: Fact): void => {
    if (told.has(effect.id) || !reached.has(effect.id)) return;
    const edge = leadingEdge(effect);
    const cause = edge ? context.fact(edge.from) : undefined;
    if (!edge || !cause) {
      waiting.add(effect.id);
      return;
    }
    told.add(effect.id);
    if (isWorthAStep(context, effect, onChain, kinds))
      steps.push({ cause, effect, edge, lag: edgeLag(edge, cause, effect) });
    for (const next of from.get(effect.id) ?? []) if (waiting.has(next.id)) tell(next);
  };
  for (const effect of context.facts) tell(effect);
  const rank = (step: ChainStep) =>
    (onChain.has(step.effect.id) ? 100 : 0) + importance(step.effect) * step.edge.weight;
  const kept = new Set([...steps].sort((a, b) => rank(b) - rank(a)).slice(0, MOST_STEPS));
  return steps.filter((step) => kept.has(step));
}

/** What was over within minutes is in the timeline, and one reboot is told once, however many lines say it. */
function isWorthAStep(
  context: IncidentContext,
  effect: Fact,
  onChain: ReadonlySet<string>,
  kinds: Set<string>,
): boolean {
  if (effect.severity === 'low' && !onChain.has(effect.id)) return false;
  if (effect.polarity !== 'change') return true;
  const kind = context.tags(effect)[0] ?? effect.signature;
  return !kinds.has(kind) && kinds.add(kind) !== undefined;
}

/** A hold edge has no order of its own: to what was there before its cause, it did not lead. */
function isBackwards(context: IncidentContext, edge: Edge): boolean {
  const [cause, effect] = [context.fact(edge.from)?.onset, context.fact(edge.to)?.onset];
  return edge.graph === 'hold' && !!cause && !!effect && effect.at.latest < cause.at.earliest;
}

/** Edges by the fact that they lead into, start edges first, the heavier before the lighter. */
function causesInto(edges: readonly Edge[], within: ReadonlySet<string>): Map<string, Edge[]> {
  const into = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.type !== 'causes' || !within.has(edge.from) || !within.has(edge.to)) continue;
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
  }
  for (const own of into.values()) {
    own.sort(
      (a, b) => Number(a.graph === 'hold') - Number(b.graph === 'hold') || b.weight - a.weight || byText(a.id, b.id),
    );
  }
  return into;
}

/** Distance of the onsets in words; empty where one is not known or is only an age. */
export function edgeLag(edge: Edge, cause: Fact, effect: Fact): string {
  const spans = [cause.onset?.at, effect.onset?.at];
  if (spans.some((span) => span && span.latest - span.earliest > 6 * 3_600_000)) return '';
  const lag = edge.lagMs ?? (cause.onset && effect.onset ? gapBetween(cause.onset.at, effect.onset.at) : undefined);
  if (!lag) return '';
  // A cause is not later than its effect: the part of the interval that says so carries nothing.
  const least = edge.graph === 'start' ? Math.max(0, lag.least) : lag.least;
  return lag.greatest < 0 && edge.graph === 'start' ? '' : lagText(least, lag.greatest);
}

/** The spread as sentences: one per step, with lag and mechanism, worded after the edge's basis. */
export function chainStatements(context: IncidentContext): Statement[] {
  const best = namedHypothesis(context);
  const steps = chainSteps(context);
  return steps.map(({ cause, effect, edge, lag }, index) => {
    const before = index === 0 ? best?.root : steps[index - 1]?.effect.id;
    const since =
      before === cause.id ? lag : lag.replace(/later$/u, `after ${quoted(shorten(clause(cause.title), 60))}`);
    const mechanism = clause(edge.mechanism);
    const reason = {
      observed: mechanism,
      inferred: `most likely: ${mechanism}`,
      assumed: `assumed, not evidenced: ${mechanism}`,
    }[edge.basis];
    return statement(
      `${clause(effect.title)}${since === '' ? '' : `, ${since}`} – ${reason}${remarkOn(effect)}`,
      edge.basis,
      {
        evidence: [
          ...context.evidence.refs(effect, 2),
          ...edge.contributions.flatMap(({ evidence }) =>
            (evidence ?? []).slice(0, 1).map((item) => context.evidence.cite(item).ref),
          ),
          ...context.evidence.refs(cause),
        ],
        facts: [cause.id, effect.id],
        edges: [edge.id],
      },
    );
  });
}

export function rootCauseStatements(context: IncidentContext, course: Course): Statement[] {
  const best = namedHypothesis(context);
  const root = best ? context.fact(best.root) : undefined;
  if (!best || !root) return abstention(context);
  const grounds = { evidence: context.evidence.refs(root, 3), facts: [root.id] };
  const found = [statement(rootStatement(context, root), root.observed ? 'observed' : 'inferred', grounds)];
  const begin = onsetStatement(context, course, 'full');
  if (begin) found.push(begin);
  for (const edge of context.edges.filter(({ to, type }) => to === root.id && type === 'enables')) {
    const setting = context.fact(edge.from);
    if (!setting) continue;
    found.push(
      statement(`${clause(setting.title)}, exposed by ${clause(root.title)}: ${clause(edge.mechanism)}`, edge.basis, {
        evidence: [...context.evidence.refs(setting), ...context.evidence.refs(root)],
        facts: [setting.id, root.id],
        edges: [edge.id],
      }),
    );
  }
  const share = percent(best.counterfactual);
  const isAlone = context.facts.length === 1;
  const verdict =
    best.counterfactual >= 0.5
      ? `Without it, ${share} of the symptoms, by weight, would have no cause here: it is needed to explain them`
      : `Without it, only ${share} of the symptoms, by weight, would have no cause here: it need not be the only one`;
  if (!isAlone) found.push(statement(verdict, 'derived', grounds));
  if (best.capped.length > 0) {
    found.push(
      statement(
        `The confidence is ${best.confidence} and not higher: ${listed(best.capped.map(clause))}`,
        'derived',
        grounds,
      ),
    );
  }
  for (const evidence of best.contradictedBy.slice(0, 3)) {
    found.push(
      statement(`This speaks against it: ${quoted(shorten(evidence.quote, 120))}`, 'observed', {
        evidence: [context.evidence.cite(evidence).ref],
        facts: [root.id],
      }),
    );
  }
  const open = best.doesNotExplain
    .flatMap((id) => context.fact(id) ?? [])
    .sort((a, b) => importance(b) - importance(a));
  if (open.length > 0) {
    found.push(
      statement(
        `It does not explain ${listed(
          open.map((fact) => quoted(clause(fact.title))),
          4,
        )}`,
        'derived',
        { evidence: open.slice(0, 4).flatMap((fact) => context.evidence.refs(fact)), facts: open.map(({ id }) => id) },
      ),
    );
  }
  return found;
}

const MOST_EXCLUDED = 3;

/**
 * Explanations of the same group as a step, of which the bundle shows nothing: not found is not excluded, so the reader
 * should know them.
 */
function openReadings(context: IncidentContext, steps: readonly ChainStep[]): Statement[] {
  const { links, tags } = context.input.rules;
  const found: Statement[] = [];
  for (const { effect, edge } of steps) {
    const own = links.find(({ id }) => id === edge.rule);
    if (own?.oneOf === undefined) continue;
    const names = [effect.signature, ...context.tags(effect)];
    const told = new Set([edge.rule, ...context.edges.filter(({ to }) => to === effect.id).map(({ rule }) => rule)]);
    const others = links
      .filter(
        ({ id, oneOf, effect: into }) =>
          oneOf === own.oneOf && into !== undefined && names.includes(into) && !told.has(id),
      )
      .flatMap(({ cause }) => tags?.find(({ id }) => id === cause)?.means ?? []);
    if (others.length === 0) continue;
    const readings = others.map((one) => lowered(clause(one))).join('; ');
    found.push(
      statement(
        edge.basis === 'assumed'
          ? `Assumed, not evidenced: other readings of ${quoted(clause(effect.title))}, of which the bundle shows nothing and which it does not exclude: ${readings}`
          : `Not excluded, though the bundle shows nothing of them: other readings of ${quoted(clause(effect.title))}: ${readings}`,
        edge.basis === 'assumed' ? 'assumed' : 'observed',
        { evidence: context.evidence.refs(effect), facts: [effect.id] },
      ),
    );
  }
  return found;
}

function lowered(text: string): string {
  return /^(?:[A-Z][a-z]|A )/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** What the rule says about the finding beyond its title: the second sentence of the summary and what follows. */
function remarkOn(effect: Fact): string {
  const rest = /^[^\n]{0,400}?\. (?=[A-Z])(?<rest>[^\n]+)$/u.exec(effect.summary)?.groups?.['rest'];
  return rest === undefined ? '' : `. ${clause(rest)}`;
}

/** Other hypotheses, rival readings of chain steps, and what was excluded. */
export function alternativeStatements(context: IncidentContext): Statement[] {
  const named = namedHypothesis(context);
  const found: Statement[] = [];
  for (const hypothesis of context.incident.hypotheses.slice(named ? 1 : 0, 4)) {
    const root = context.fact(hypothesis.root);
    if (!root) continue;
    const missing = hypothesis.doesNotExplain.length;
    const gap = missing === 0 ? '' : `; it leaves ${counted(missing, 'finding')} unexplained`;
    const lead = named ? 'Less likely' : 'Possible, but not likely enough to be named the cause';
    found.push(
      statement(
        `${lead} (score ${Math.round(hypothesis.score)}${hypothesis.confidence === 'undetermined' ? '' : `, confidence ${hypothesis.confidence}`}): ${rootStatement(context, root)}${gap}`,
        'inferred',
        { evidence: context.evidence.refs(root, 2), facts: [root.id] },
      ),
    );
  }
  const byId = new Map(context.edges.map((edge) => [edge.id, edge]));
  const steps = chainSteps(context);
  for (const { effect, edge } of steps) {
    for (const id of edge.rivals) {
      const rival = byId.get(id);
      const cause = rival ? context.fact(rival.from) : undefined;
      if (!rival || !cause || rival.from === edge.from) continue;
      found.push(
        statement(
          `${rival.basis === 'assumed' ? 'Assumed, not evidenced' : 'Also likely'}: another reading of ${quoted(clause(effect.title))} is ${quoted(clause(cause.title))} – ${clause(rival.mechanism)}`,
          rival.basis === 'assumed' ? 'assumed' : 'inferred',
          {
            evidence: [...context.evidence.refs(cause), ...context.evidence.refs(effect)],
            facts: [cause.id, effect.id],
            edges: [rival.id],
          },
        ),
      );
    }
  }
  found.push(...openReadings(context, steps));
  let excluded = 0;
  const spoken = new Set<string>();
  const words: Partial<Record<string, string>> = { 'excluded-by-time': 'Excluded by time', refuted: 'Refuted' };
  for (const rejected of context.input.graph.rejected) {
    const cause = context.fact(rejected.from);
    const effect = context.fact(rejected.to);
    const word = words[rejected.reason];
    if (!cause || !effect || !word || !steps.some((step) => step.effect.id === effect.id)) continue;
    // One finding that explains nothing is told once, not for each thing that it does not explain.
    if (context.role(cause) === 'response' || spoken.has(`${word} ${cause.id}`) || excluded >= MOST_EXCLUDED) continue;
    spoken.add(`${word} ${cause.id}`);
    excluded++;
    found.push(
      statement(
        `${word}: ${quoted(clause(cause.title))} as cause of ${quoted(clause(effect.title))}, because ${clause(rejected.why)}`,
        'derived',
        {
          evidence: [...context.evidence.refs(cause), ...context.evidence.refs(effect)],
          facts: [cause.id, effect.id],
        },
      ),
    );
  }
  return found.slice(0, 10);
}

export function contributingOf(context: IncidentContext): ReportIncident['contributing'] {
  return context.facts
    .filter((fact) => context.role(fact) === 'contributing')
    .sort((a, b) => importance(b) - importance(a))
    .map((fact) => {
      const template = context.signature(fact)?.contributing;
      const said = statement(template ? fillFromFact(template, fact) : factClause(fact), basisOf(fact), {
        evidence: context.evidence.refs(fact, 2),
        facts: [fact.id],
      });
      return { fact: fact.id, statement: said.text, basis: said.basis, evidence: said.evidence };
    });
}

export function triggerOf(context: IncidentContext): ReportIncident['trigger'] {
  if (!namedHypothesis(context)) return null;
  const fact = context.facts.find((candidate) => context.role(candidate) === 'trigger');
  if (!fact) return null;
  const said = statement(`Most likely set off by: ${factClause(fact)}`, 'inferred', {
    evidence: context.evidence.refs(fact, 2),
    facts: [fact.id],
  });
  return { fact: fact.id, statement: said.text, basis: said.basis, evidence: said.evidence };
}

function basisOf(fact: Fact): StatementBasis {
  return fact.observed ? 'observed' : 'derived';
}

/** What was wrong already, so that nobody takes it for a consequence. */
export function preExistingStatements(context: IncidentContext): Statement[] {
  return context.facts
    .filter((fact) => context.role(fact) === 'pre-existing')
    .slice(0, 8)
    .map((fact) =>
      statement(`Older than the incident: ${factClause(fact)}`, basisOf(fact), {
        evidence: context.evidence.refs(fact),
        facts: [fact.id],
      }),
    );
}

/** Only what lines prove; the rest is for people to say. */
export function lessons(
  context: IncidentContext,
  course: Course,
): Pick<ReportIncident['statements'], 'wentWell' | 'wentWrong' | 'lucky'> {
  const healthy = context.input.graph.remarks
    .flatMap((id) => context.fact(id) ?? [])
    .filter(({ polarity }) => polarity === 'healthy');
  const recoveries = context.facts.filter(
    ({ polarity, severity }) => polarity === 'recovery' && severity !== 'critical',
  );
  const wentWell = [...recoveries, ...healthy]
    .slice(0, 5)
    .map((fact) =>
      statement(
        fact.polarity === 'healthy' ? `Not affected when collected: ${factClause(fact)}` : factClause(fact),
        basisOf(fact),
        { evidence: context.evidence.refs(fact), facts: [fact.id] },
      ),
    );
  const wentWrong: Statement[] = [];
  const unnoticed = course.durations.find(({ name }) => name === 'unnoticed');
  if (unnoticed && course.onsetFact && (unnoticed.greatestSeconds ?? 0) >= 60) {
    wentWrong.push(
      statement(`${capitalised(unnoticed.text)}: nothing that was collected tells of it earlier`, 'derived', {
        evidence: context.evidence.refs(course.onsetFact),
        facts: [course.onsetFact.id],
      }),
    );
  }
  if (course.silence) {
    const { fact, from, to } = course.silence;
    const until = to ? ` and resumes at ${spanText(to, dayOf(from.earliest))}` : '';
    wentWrong.push(
      statement(
        `The log stops at ${spanText(from, course.onset ? dayOf(course.onset.earliest) : undefined)}${until}, so what happened then is not recorded`,
        'observed',
        {
          evidence: context.evidence.refs(fact, 2),
          facts: [fact.id],
        },
      ),
    );
  }
  return { wentWell, wentWrong, lucky: [] };
}
