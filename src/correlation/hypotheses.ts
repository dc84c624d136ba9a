import { importance } from '../model/importance.ts';
import type { Confidence, Edge, Fact, Hypothesis } from '../model/index.ts';
import { LAYERS } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import { type Paths, pathTo, type Reach, reachFrom } from './reach.ts';
import {
  ORIGIN,
  type ScoredRoot,
  type ScoringInput,
  type Symptom,
  scoreRoot,
  scoringModel,
  weightOf,
} from './scoring.ts';

/** Facts that are tried as roots at the most: those that best could be. */
const MOST_CANDIDATES = 48;
/** Explanations that are told: the best one, and what else was considered. */
const MOST_HYPOTHESES = 5;
/** What the weaker of start and spread must reach for low, medium and high. */
const NEEDED = [0.3, 0.5, 0.75] as const;
const STEPS: readonly Confidence[] = ['undetermined', 'low', 'medium', 'high'];

/** Ranks the facts of one incident as explanations of the others. Every term carries its reason. */
export function rankHypotheses(input: ScoringInput): Hypothesis[] {
  const model = scoringModel(input);
  const { facts, paths, symptoms, explained } = model;
  const scored = facts
    .filter((fact) => fact.initiates !== 'never' && (fact.polarity === 'symptom' || fact.polarity === 'condition'))
    .map((fact) => ({ fact, promise: promise(fact, explained) }))
    .sort((a, b) => firstOf(b.promise - a.promise, byText(a.fact.id, b.fact.id)))
    .slice(0, MOST_CANDIDATES)
    .map(({ fact }) => scoreRoot(fact, model));
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
    const main = mainPath(one.others, one.reach, paths);
    const weakest = main.reduce<Edge | undefined>(
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
    for (const doubt of [doubtOf(one.root, one.others.length > 0), level > 1 && input.undecided?.(one.root)]) {
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
      chain: [one.root.id, ...main.map((edge) => edge.to)],
      // Changes that followed (a reboot) weigh nothing, but they are part of what it brought about.
      explains: facts
        .filter((fact, at) => fact.id !== one.root.id && (one.reach.strength[at] as number) > 0)
        .map((fact) => fact.id),
      doesNotExplain: symptoms.filter(({ at }) => one.reach.strength[at] === 0).map(({ fact }) => fact.id),
      contradictedBy: one.contradictedBy,
      weakestEdge: weakest?.id ?? '',
      counterfactual: counterfactual(one, rivals, symptoms, paths),
      capped,
    };
  });
}

/** Why the numbers give no more: the weaker of "did it start this" and "does it reach what is grave". */
function shortfall({ link, start, into, root }: ScoredRoot, needed: string): string {
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
  own: ScoredRoot,
  rivals: readonly ScoredRoot[],
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
