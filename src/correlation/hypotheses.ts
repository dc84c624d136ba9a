import { importance } from '../model/importance.ts';
import type { Confidence, Edge, Evidence, Fact, Hypothesis, ScoreTerm } from '../model/index.ts';
import { LAYERS } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { probabilityBefore } from '../time/span.ts';
import { makesIncident } from './membership.ts';
import { outgoing, pathTo, reachFrom } from './reach.ts';

const ORIGIN = { external: 1, likely: 0.9, possible: 0.6, unlikely: 0.3, never: 0 } as const;
const CHANGE_WINDOW_MS = 24 * 3_600_000;
/** Facts that are tried as roots at the most: those that best could be. */
const MOST_CANDIDATES = 48;
/** What the weaker of start and spread must reach for low, medium and high. */
const NEEDED = [0.3, 0.5, 0.75] as const;
const STEPS: readonly Confidence[] = ['undetermined', 'low', 'medium', 'high'];

export interface ScoringInput {
  readonly facts: readonly Fact[];
  readonly edges: readonly Edge[];
  /** Set of facts of the deadlock that a fact belongs to, if any. */
  readonly deadlockOf: (id: string) => ReadonlySet<string> | undefined;
  /** Share of affected objects inside the root's scope minus outside; undefined where there are no controls. */
  readonly contrast: (root: Fact) => { readonly value: number; readonly why: string } | undefined;
  /** Observations that speak against a root. */
  readonly contradictions: (root: Fact, reached: ReadonlySet<string>) => readonly Evidence[];
  /** A beginning before the root that the bundle cannot decide, as a clause. */
  readonly undecided?: (root: Fact) => string | undefined;
  readonly changes: readonly Fact[];
}

/** Ranks the facts of one incident as explanations of the others. Every term carries its reason. */
export function rankHypotheses(input: ScoringInput): Hypothesis[] {
  // Sums of fractions depend on their order: it must not be the reader's.
  const facts = [...input.facts].sort((a, b) => byText(a.id, b.id));
  const edges = [...input.edges].sort((a, b) => byText(a.id, b.id));
  const edgesFrom = outgoing(edges);
  const explained = new Map<string, number>();
  for (const edge of edges) {
    if (edge.type !== 'causes' || edge.graph !== 'start' || input.deadlockOf(edge.to)?.has(edge.from)) continue;
    explained.set(edge.to, Math.max(explained.get(edge.to) ?? 0, edge.weight));
  }
  const candidates = facts
    .filter((fact) => fact.initiates !== 'never' && (fact.polarity === 'symptom' || fact.polarity === 'condition'))
    .sort((a, b) => firstOf(promise(b, explained) - promise(a, explained), byText(a.id, b.id)))
    .slice(0, MOST_CANDIDATES);
  // What was set up that way explains nothing by having happened: it contributes.
  const symptoms = facts.filter(
    (fact) => fact.polarity !== 'change' && (fact.nature !== 'configuration' || makesIncident(fact)),
  );
  const total = symptoms.reduce((sum, fact) => sum + importance(fact), 0);

  const scored = candidates.map((root) => {
    const reach = reachFrom(root.id, edgesFrom);
    const at = (fact: Fact) => reach.strength.get(fact.id) ?? 0;
    const reached = symptoms.filter((fact) => at(fact) > 0);
    const coverage = symptoms.reduce((sum, fact) => sum + importance(fact) * at(fact), 0) / (total || 1);
    const others = reached.filter((fact) => fact.id !== root.id);
    const terms: ScoreTerm[] = [
      {
        name: 'coverage',
        value: coverage,
        weight: 0.4,
        why: `reaches ${others.length} of ${symptoms.length - 1} other findings, weighted by importance and path strength`,
      },
      {
        name: 'origin',
        value: ORIGIN[root.initiates],
        weight: 0.2,
        why: `such a fact is ${originWord(root)} to begin an incident by itself`,
      },
    ];
    const timed = others.filter((fact) => fact.onset && root.onset);
    if (timed.length > 0 && root.onset) {
      const rootAt = root.onset.at;
      const weights = timed.reduce((sum, fact) => sum + importance(fact), 0);
      const early =
        timed.reduce(
          (sum, fact) => sum + importance(fact) * probabilityBefore(rootAt, (fact.onset as { at: typeof rootAt }).at),
          0,
        ) / weights;
      terms.push({
        name: 'early',
        value: early,
        weight: 0.15,
        why: `began before what it reaches with a mean chance of ${early.toFixed(2)}`,
      });
    }
    terms.push({ name: 'direct', value: root.certainty, weight: 0.1, why: 'certainty that it happened' });
    const contrast = input.contrast(root);
    if (contrast) terms.push({ name: 'contrast', value: contrast.value, weight: 0.1, why: contrast.why });
    const change = input.changes.find((one) => one.id !== root.id && precedes(one, root));
    if (change) terms.push({ name: 'change', value: 1, weight: 0.05, why: `${change.title} came within 24 h before` });
    const weights = terms.reduce((sum, term) => sum + term.weight, 0);
    const mean = terms.reduce((sum, term) => sum + term.value * term.weight, 0) / weights;
    const contradictedBy = input.contradictions(root, new Set(reach.strength.keys()));
    const penalty = Math.min(30, 10 * contradictedBy.length);
    const into = explained.get(root.id) ?? 0;
    if (into > 0)
      terms.push({ name: 'explained', value: into, weight: 0, why: 'another finding explains it with this weight' });
    const score = 100 * mean * (1 - 0.8 * into) - penalty;
    const main = mainPath(root, symptoms, reach, edgesFrom);
    const heavy = symptoms.filter((fact) => fact.severity === 'critical' || fact.severity === 'high');
    const counted = heavy.length > 0 ? heavy : symptoms;
    const link =
      counted.reduce((sum, fact) => sum + importance(fact) * at(fact), 0) /
      (counted.reduce((sum, fact) => sum + importance(fact), 0) || 1);
    const start = root.certainty * (1 - into);
    return {
      root,
      reach,
      reached,
      coverage,
      terms,
      contradictedBy,
      score,
      main,
      link,
      start,
      into,
    };
  });
  scored.sort((a, b) =>
    firstOf(
      Math.round(b.score * 1000) - Math.round(a.score * 1000),
      (a.root.onset?.at.earliest ?? Number.POSITIVE_INFINITY) -
        (b.root.onset?.at.earliest ?? Number.POSITIVE_INFINITY) || 0,
      LAYERS.indexOf(a.root.layer) - LAYERS.indexOf(b.root.layer),
      byText(a.root.id, b.root.id),
    ),
  );
  return scored.map((one, index): Hypothesis => {
    const capped: string[] = [];
    const reached = Math.min(one.link, one.start);
    let level = NEEDED.filter((needed) => reached >= needed).length;
    const needed = NEEDED[level];
    if (needed !== undefined) capped.push(shortfall(one, `${needed} is needed for ${STEPS[level + 1]}`));
    const cap = (why: string) => {
      if (level > 2) level = 2;
      capped.push(why);
    };
    const weakest = one.main.reduce<Edge | undefined>(
      (worst, edge) => (!worst || edge.weight < worst.weight ? edge : worst),
      undefined,
    );
    if (weakest?.basis === 'assumed') cap('an assumed edge lies on the main chain');
    const runnerUp = scored[index + 1];
    if (runnerUp && one.score - runnerUp.score < 10 && !one.reach.strength.has(runnerUp.root.id))
      cap('the next hypothesis is within 10 points');
    if (!one.root.observed) cap('the root is derived, not observed');
    if (one.contradictedBy.length > 0) {
      level = Math.max(0, level - one.contradictedBy.length);
      capped.push('observations speak against it');
    }
    for (const doubt of [doubtOf(one.root, one.reached.length > 1), level > 1 && input.undecided?.(one.root)]) {
      if (!doubt) continue;
      level = Math.min(level, 1);
      capped.push(doubt);
    }
    if (one.coverage < 0.3) {
      level = 0;
      capped.push('it explains less than 30 % of what went wrong');
    }
    return {
      root: one.root.id,
      rank: index + 1,
      score: one.score,
      confidence: STEPS[level] as Confidence,
      terms: one.terms,
      chain: [one.root.id, ...one.main.map((edge) => edge.to)],
      // Changes that followed (a reboot) weigh nothing, but they are part of what it brought about.
      explains: facts
        .filter((fact) => fact.id !== one.root.id && one.reach.strength.has(fact.id))
        .map((fact) => fact.id),
      doesNotExplain: symptoms.filter((fact) => !one.reach.strength.has(fact.id)).map((fact) => fact.id),
      contradictedBy: one.contradictedBy,
      weakestEdge: weakest?.id ?? '',
      counterfactual: index < 5 ? counterfactual(one.root, symptoms, candidates, edgesFrom, explained) : 0,
      capped,
    };
  });
}

/** Why the numbers give no more: the weaker of "did it start this" and "does it reach what is grave". */
function shortfall(
  {
    link,
    start,
    into,
    root,
  }: { readonly link: number; readonly start: number; readonly into: number; readonly root: Fact },
  needed: string,
): string {
  if (link <= start) return `its paths to the grave findings weigh ${link.toFixed(2)} on average, ${needed}`;
  return into > 0
    ? `another finding explains it with ${into.toFixed(2)}, which leaves ${start.toFixed(2)}, ${needed}`
    : `it happened with a certainty of ${root.certainty.toFixed(2)}, ${needed}`;
}

/** What a finding alone does not show: that it began anything, or that anything came of it. */
function doubtOf(root: Fact, explainsOthers: boolean): string | undefined {
  if (root.initiates === 'unlikely')
    return 'such a finding rarely begins an incident by itself: what began it is not in the bundle';
  if (explainsOthers) return undefined;
  if (root.initiates === 'possible') return 'it explains no other finding, and may itself have a cause';
  return root.polarity === 'condition' || root.nature === 'configuration'
    ? 'it could bring about much, but nothing that was found comes from it'
    : undefined;
}

function promise(fact: Fact, explained: ReadonlyMap<string, number>): number {
  return ORIGIN[fact.initiates] * (1 - 0.8 * (explained.get(fact.id) ?? 0)) + importance(fact) / 100;
}

function originWord(fact: Fact): string {
  return fact.initiates === 'external' ? 'able, coming from outside,' : fact.initiates;
}

function precedes(change: Fact, root: Fact): boolean {
  if (!change.onset || !root.onset) return false;
  const lead = root.onset.at.latest - change.onset.at.earliest;
  return lead >= 0 && lead <= CHANGE_WINDOW_MS;
}

/**
 * The path that the report tells: to a finding where the spread ends, the graver and the longer the better. What goes
 * on to further findings is a step, not an end.
 */
function mainPath(
  root: Fact,
  symptoms: readonly Fact[],
  reach: ReturnType<typeof reachFrom>,
  edgesFrom: ReadonlyMap<string, readonly Edge[]>,
): Edge[] {
  const reached = symptoms.filter((fact) => fact.id !== root.id && reach.strength.has(fact.id));
  const ids = new Set(reached.map((fact) => fact.id));
  const ends = reached.filter(
    (fact) =>
      !(edgesFrom.get(fact.id) ?? []).some((edge) => edge.type === 'causes' && ids.has(edge.to) && edge.to !== fact.id),
  );
  let best: Edge[] = [];
  let most = -1;
  for (const fact of ends.length > 0 ? ends : reached) {
    const path = pathTo(fact.id, root.id, reach.via);
    const value = importance(fact) * (reach.strength.get(fact.id) as number) * (1 + 0.5 * path.length);
    if (value > most) {
      best = path;
      most = value;
    }
  }
  return best;
}

/** Share of importance that only this root reaches: what would not have happened in this model. */
function counterfactual(
  root: Fact,
  symptoms: readonly Fact[],
  candidates: readonly Fact[],
  edgesFrom: ReadonlyMap<string, readonly Edge[]>,
  explained: ReadonlyMap<string, number>,
): number {
  const own = reachFrom(root.id, edgesFrom).strength;
  const others = new Set<string>();
  for (const other of candidates) {
    if (other.id === root.id || (explained.get(other.id) ?? 0) >= 0.5) continue;
    for (const id of reachFrom(other.id, edgesFrom, root.id).strength.keys()) others.add(id);
  }
  const only = symptoms.filter((fact) => own.has(fact.id) && !others.has(fact.id));
  const all = symptoms.reduce((sum, fact) => sum + importance(fact), 0);
  return all === 0 ? 0 : only.reduce((sum, fact) => sum + importance(fact), 0) / all;
}
