import { importance } from '../model/importance.ts';
import type { Confidence, Edge, Evidence, Fact, Hypothesis, ScoreTerm, Span } from '../model/index.ts';
import { LAYERS } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { probabilityBefore } from '../time/span.ts';
import { makesIncident } from './membership.ts';
import { type Paths, pathsOf, pathTo, type Reach, reachFrom } from './reach.ts';

const ORIGIN = { external: 1, likely: 0.9, possible: 0.6, unlikely: 0.3, never: 0 } as const;
const CHANGE_WINDOW_MS = 24 * 3_600_000;
/** Facts that are tried as roots at the most: those that best could be. */
const MOST_CANDIDATES = 48;
/** Explanations that are told: the best one, and what else was considered. */
const MOST_HYPOTHESES = 5;
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
  readonly contradictions: (root: Fact) => readonly Evidence[];
  /** A beginning before the root that the bundle cannot decide, as a clause. */
  readonly undecided?: (root: Fact) => string | undefined;
  readonly changes: readonly Fact[];
}

/** Ranks the facts of one incident as explanations of the others. Every term carries its reason. */
export function rankHypotheses(input: ScoringInput): Hypothesis[] {
  // Sums of fractions depend on their order: it must not be the reader's.
  const facts = [...input.facts].sort((a, b) => byText(a.id, b.id));
  const edges = [...input.edges].sort((a, b) => byText(a.id, b.id));
  const paths = pathsOf(
    facts.map((fact) => fact.id),
    edges,
  );
  const explained = new Map<string, number>();
  for (const edge of edges) {
    if (edge.type !== 'causes' || edge.graph !== 'start' || input.deadlockOf(edge.to)?.has(edge.from)) continue;
    explained.set(edge.to, Math.max(explained.get(edge.to) ?? 0, edge.weight));
  }
  const candidates = facts
    .filter((fact) => fact.initiates !== 'never' && (fact.polarity === 'symptom' || fact.polarity === 'condition'))
    .map((fact) => ({ fact, promise: promise(fact, explained) }))
    .sort((a, b) => firstOf(b.promise - a.promise, byText(a.fact.id, b.fact.id)))
    .slice(0, MOST_CANDIDATES)
    .map(({ fact }) => fact);
  // What was set up that way explains nothing by having happened: it contributes.
  const symptoms = facts.filter(
    (fact) => fact.polarity !== 'change' && (fact.nature !== 'configuration' || makesIncident(fact)),
  );
  const known = symptoms.map(
    (fact): Symptom => ({ fact, at: paths.at.get(fact.id) as number, weight: importance(fact) }),
  );
  const heavy = known.filter(({ fact }) => fact.severity === 'critical' || fact.severity === 'high');
  const counted = heavy.length > 0 ? heavy : known;
  const [total, totalCounted] = [weightOf(known), weightOf(counted)];

  const scored = candidates.map((root) => {
    const reach = reachFrom(paths.at.get(root.id) as number, paths);
    const reached = known.filter(({ at }) => (reach.strength[at] as number) > 0);
    const coverage = meanReach(known, total, reach);
    const others = reached.filter(({ fact }) => fact.id !== root.id);
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
    const early = root.onset && meanChanceBefore(root.onset.at, others);
    if (early !== undefined) {
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
    const contradictedBy = input.contradictions(root);
    const penalty = Math.min(30, 10 * contradictedBy.length);
    const into = explained.get(root.id) ?? 0;
    if (into > 0)
      terms.push({ name: 'explained', value: into, weight: 0, why: 'another finding explains it with this weight' });
    const score = 100 * mean * (1 - 0.8 * into) - penalty;
    const main = mainPath(others, reach, paths);
    const link = meanReach(counted, totalCounted, reach);
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
  // What another finding explains leads nowhere by itself.
  const rivals = scored.filter(({ into }) => into < 0.5);
  return scored.slice(0, MOST_HYPOTHESES).map((one, index): Hypothesis => {
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
    if (
      runnerUp &&
      one.score - runnerUp.score < 10 &&
      one.reach.strength[paths.at.get(runnerUp.root.id) as number] === 0
    )
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
        .filter((fact, at) => fact.id !== one.root.id && (one.reach.strength[at] as number) > 0)
        .map((fact) => fact.id),
      doesNotExplain: known.filter(({ at }) => one.reach.strength[at] === 0).map(({ fact }) => fact.id),
      contradictedBy: one.contradictedBy,
      weakestEdge: weakest?.id ?? '',
      counterfactual: counterfactual(one, rivals, known, paths),
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

/** A finding that a cause should explain. */
interface Symptom {
  readonly fact: Fact;
  /** Its position among the paths. */
  readonly at: number;
  readonly weight: number;
}

function weightOf(symptoms: readonly Symptom[]): number {
  return symptoms.reduce((sum, { weight }) => sum + weight, 0);
}

/** Mean strength of the paths to them, by importance; what is not reached counts as 0. */
function meanReach(symptoms: readonly Symptom[], total: number, { strength }: Reach): number {
  return symptoms.reduce((sum, { at, weight }) => sum + weight * (strength[at] as number), 0) / (total || 1);
}

/** Undefined where none of them has a time. */
function meanChanceBefore(root: Span, symptoms: readonly Symptom[]): number | undefined {
  let [sum, weights] = [0, 0];
  for (const { fact, weight } of symptoms) {
    if (!fact.onset) continue;
    sum += weight * probabilityBefore(root, fact.onset.at);
    weights += weight;
  }
  return weights === 0 ? undefined : sum / weights;
}

/**
 * The path that the report tells: to a finding where the spread ends, the graver and the longer the better. What goes
 * on to further findings is a step, not an end.
 *
 * @param reached - findings that the root leads to, without itself
 */
function mainPath(reached: readonly Symptom[], reach: Reach, paths: Paths): Edge[] {
  const isReached = new Uint8Array(reach.strength.length);
  for (const { at } of reached) isReached[at] = 1;
  const leadsOn = ({ at }: Symptom): boolean => {
    for (let slot = paths.first[at] as number; slot < (paths.first[at + 1] as number); slot++) {
      const to = paths.to[slot] as number;
      if (to !== at && isReached[to] === 1 && paths.edges[slot]?.type === 'causes') return true;
    }
    return false;
  };
  const ends = reached.filter((symptom) => !leadsOn(symptom));
  let best: Edge[] = [];
  let most = -1;
  for (const { at, weight } of ends.length > 0 ? ends : reached) {
    const path = pathTo(at, reach, paths);
    const value = weight * (reach.strength[at] as number) * (1 + 0.5 * path.length);
    if (value > most) {
      best = path;
      most = value;
    }
  }
  return best;
}

/** Share of importance that only this root reaches: what would not have happened in this model. */
function counterfactual(
  own: { readonly root: Fact; readonly reach: Reach },
  rivals: readonly { readonly root: Fact; readonly reach: Reach }[],
  symptoms: readonly Symptom[],
  paths: Paths,
): number {
  const root = paths.at.get(own.root.id) as number;
  const byOthers = new Uint8Array(own.reach.strength.length);
  for (const other of rivals) {
    if (other.root.id === own.root.id) continue;
    // Paths that do not meet the root are the same without it.
    const { strength } =
      other.reach.strength[root] === 0 ? other.reach : reachFrom(paths.at.get(other.root.id) as number, paths, root);
    for (let at = 0; at < strength.length; at++) if ((strength[at] as number) > 0) byOthers[at] = 1;
  }
  const only = symptoms.filter(({ at }) => (own.reach.strength[at] as number) > 0 && byOthers[at] === 0);
  const all = weightOf(symptoms);
  return all === 0 ? 0 : weightOf(only) / all;
}
