import type { Evidence, Fact } from './fact.ts';

export type EdgeBasis = 'observed' | 'inferred' | 'assumed';
export type EdgeOrder = 'definite' | 'probable' | 'possible' | 'unknown';
export type Confidence = 'high' | 'medium' | 'low' | 'undetermined';

/** One factor of an edge's weight, with its reason: the arithmetic that the report shows. */
export interface Contribution {
  /** `base`, `time`, `join`, `named`, `supports`, `refutes`, `rivals`. */
  readonly what: string;
  readonly factor: number;
  readonly why: string;
  readonly evidence?: readonly Evidence[];
}

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Id of the link rule, or `requires:<who>-><needs>` of the dependency model. */
  readonly rule: string;
  readonly graph: 'start' | 'hold';
  readonly type: 'causes' | 'enables' | 'aggravates';
  readonly weight: number;
  readonly basis: EdgeBasis;
  readonly order: EdgeOrder;
  /** One sentence, placeholders filled in. */
  readonly mechanism: string;
  /** Onset distance `to - from` in ms, least and greatest, where both are known. */
  readonly lagMs?: { readonly least: number; readonly greatest: number };
  readonly contributions: readonly Contribution[];
  /** Ids of edges of the same `oneOf` group into the same effect. */
  readonly rivals: readonly string[];
}

/** A pair that a link would join, and why it did not. */
export interface RejectedEdge {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
  readonly reason: 'excluded-by-time' | 'refuted' | 'too-weak' | 'other-scope' | 'unknown-condition';
  readonly why: string;
}

export interface Question {
  readonly need: string;
  readonly why: string;
  /** A read-only command. */
  readonly run: string;
  /** Fact or hypothesis ids that the answer would tell apart. */
  readonly separates: readonly string[];
}

export interface ScoreTerm {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
  readonly why: string;
}

export interface Hypothesis {
  readonly root: string;
  readonly rank: number;
  readonly score: number;
  readonly confidence: Confidence;
  readonly terms: readonly ScoreTerm[];
  /** Fact ids from the root along the strongest path to the worst effect. */
  readonly chain: readonly string[];
  readonly explains: readonly string[];
  readonly doesNotExplain: readonly string[];
  readonly contradictedBy: readonly Evidence[];
  /** Edge id; empty when the chain has no edge. */
  readonly weakestEdge: string;
  /** Share of symptom importance that nothing else reaches when the root is removed. */
  readonly counterfactual: number;
  /** Why the confidence is not higher, one clause each. */
  readonly capped: readonly string[];
}

export type Role =
  | 'root-cause'
  | 'trigger'
  | 'contributing'
  | 'symptom'
  | 'impact'
  | 'collateral'
  | 'pre-existing'
  | 'response'
  | 'unexplained';

export interface BreakPoint {
  readonly component: string;
  readonly fact: string;
  readonly how: string;
  readonly cost: number;
  readonly safety: string;
}

export interface Deadlock {
  /** In cycle order: each waits for the next, whose component `waitsFor` names. */
  readonly members: readonly { readonly component: string; readonly fact: string; readonly waitsFor: string }[];
  readonly edges: readonly string[];
  /** How the loop was entered, or that it cannot be told. */
  readonly entry: string;
  readonly breakAt: readonly BreakPoint[];
}

/** One item of an incident rule: true, false, or not judgeable. */
export interface PatternItem {
  readonly item: string;
  readonly title: string;
  readonly state: 'confirmed' | 'not-found' | 'unknown';
  readonly score: number;
  readonly why: string;
  readonly facts: readonly string[];
  /** What to run where the state is unknown. */
  readonly run?: string;
}

export interface PatternVerdict {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'confirmed' | 'partial' | 'absent';
  readonly min: number;
  readonly max: number;
  readonly total: number;
  readonly items: readonly PatternItem[];
  /** Remediation ids in dependency order. */
  readonly repair: readonly string[];
}

/** A connected set of facts with its ranked explanations. */
export interface IncidentGraph {
  readonly facts: readonly string[];
  readonly hypotheses: readonly Hypothesis[];
  readonly deadlocks: readonly Deadlock[];
  readonly patterns: readonly PatternVerdict[];
  readonly roles: Readonly<Record<string, Role>>;
  readonly questions: readonly Question[];
}

export interface CausalGraph {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly edges: readonly Edge[];
  readonly rejected: readonly RejectedEdge[];
  /** Worst first. */
  readonly incidents: readonly IncidentGraph[];
  /** Facts of no incident that are worth a word: healthy controls, context, remarks. */
  readonly remarks: readonly string[];
}
