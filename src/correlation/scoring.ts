import { importance } from '../model/importance.ts';
import type { Edge, Evidence, Fact, ScoreTerm, Span } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { probabilityBefore } from '../time/span.ts';
import { makesIncident } from './membership.ts';
import { type Paths, pathsOf, type Reach, reachFrom } from './reach.ts';

/** How likely a fact is to begin an incident by itself, by what its rule says. */
export const ORIGIN = { external: 1, likely: 0.9, possible: 0.6, unlikely: 0.3, never: 0 } as const;
const CHANGE_WINDOW_MS = 24 * 3_600_000;
const WEIGHT = { coverage: 0.4, origin: 0.2, early: 0.15, direct: 0.1, contrast: 0.1, change: 0.05 } as const;
/** What an explanation of the root itself takes from it. */
const EXPLAINED = 0.8;

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

/** One incident as the arithmetic sees it: what is to be explained, and over which paths. */
export interface ScoringModel {
  readonly input: ScoringInput;
  /** Sorted by id: a fact's place here is its position among the paths. */
  readonly facts: readonly Fact[];
  readonly edges: readonly Edge[];
  readonly paths: Paths;
  readonly symptoms: readonly Symptom[];
  /** Weight of the heaviest cause of a fact from outside its own deadlock, by id. */
  readonly explained: ReadonlyMap<string, number>;
  /** Mean strength of the paths of a search to all symptoms, and to those that are grave. */
  readonly coverage: (reach: Reach) => number;
  readonly link: (reach: Reach) => number;
}

export interface ScoredRoot {
  readonly root: Fact;
  readonly reach: Reach;
  /** Symptoms that it leads to, without itself. */
  readonly others: readonly Symptom[];
  readonly coverage: number;
  readonly terms: readonly ScoreTerm[];
  readonly contradictedBy: readonly Evidence[];
  readonly score: number;
  /** Do its paths reach what is grave, and did it begin there? Both 0..1. */
  readonly link: number;
  readonly start: number;
  /** Weight with which another finding explains it. */
  readonly into: number;
}

export function scoringModel(input: ScoringInput): ScoringModel {
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
  // What was set up that way explains nothing by having happened: it contributes.
  const symptoms = facts
    .map((fact, at): Symptom => ({ fact, at, weight: importance(fact) }))
    .filter(({ fact }) => fact.polarity !== 'change' && (fact.nature !== 'configuration' || makesIncident(fact)));
  const heavy = symptoms.filter(({ fact }) => fact.severity === 'critical' || fact.severity === 'high');
  const counted = heavy.length > 0 ? heavy : symptoms;
  const [total, totalCounted] = [weightOf(symptoms), weightOf(counted)];
  return {
    input,
    facts,
    edges,
    paths,
    symptoms,
    explained,
    coverage: (reach) => meanReach(symptoms, total, reach),
    link: (reach) => meanReach(counted, totalCounted, reach),
  };
}

/** Weighs one fact as the root of all. Every term carries its reason. */
export function scoreRoot(root: Fact, model: ScoringModel): ScoredRoot {
  const { input, paths, symptoms } = model;
  const reach = reachFrom(paths.at.get(root.id) as number, paths);
  const others = symptoms.filter(({ at, fact }) => (reach.strength[at] as number) > 0 && fact.id !== root.id);
  const coverage = model.coverage(reach);
  const term = (name: keyof typeof WEIGHT, value: number, why: string): ScoreTerm => ({
    name,
    value,
    weight: WEIGHT[name],
    why,
  });
  const terms = [
    term(
      'coverage',
      coverage,
      `reaches ${others.length} of ${symptoms.length - 1} other findings, weighted by importance and path strength`,
    ),
    term('origin', ORIGIN[root.initiates], `such a fact is ${originWord(root)} to begin an incident by itself`),
  ];
  const early = root.onset && meanChanceBefore(root.onset.at, others);
  if (early !== undefined)
    terms.push(term('early', early, `began before what it reaches with a mean chance of ${early.toFixed(2)}`));
  terms.push(term('direct', root.certainty, 'certainty that it happened'));
  const contrast = input.contrast(root);
  if (contrast) terms.push(term('contrast', contrast.value, contrast.why));
  const change = input.changes.find((one) => one.id !== root.id && precedes(one, root));
  if (change) terms.push(term('change', 1, `${change.title} came within 24 h before`));
  const weights = terms.reduce((sum, { weight }) => sum + weight, 0);
  const mean = terms.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights;
  const contradictedBy = input.contradictions(root);
  const penalty = Math.min(30, 10 * contradictedBy.length);
  const into = model.explained.get(root.id) ?? 0;
  if (into > 0)
    terms.push({ name: 'explained', value: into, weight: 0, why: 'another finding explains it with this weight' });
  return {
    root,
    reach,
    others,
    coverage,
    terms,
    contradictedBy,
    score: 100 * mean * (1 - EXPLAINED * into) - penalty,
    link: model.link(reach),
    start: root.certainty * (1 - into),
    into,
  };
}

function originWord(fact: Fact): string {
  return fact.initiates === 'external' ? 'able, coming from outside,' : fact.initiates;
}

/** A change that came within a day before. */
function precedes(change: Fact, root: Fact): boolean {
  if (!change.onset || !root.onset) return false;
  const lead = root.onset.at.latest - change.onset.at.earliest;
  return lead >= 0 && lead <= CHANGE_WINDOW_MS;
}

/** A finding that a cause should explain. */
export interface Symptom {
  readonly fact: Fact;
  /** Its position among the paths. */
  readonly at: number;
  readonly weight: number;
}

export function weightOf(symptoms: readonly Symptom[]): number {
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
