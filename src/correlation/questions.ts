import type { Edge, Hypothesis, PatternVerdict, Question } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';
import type { MissingEvidence } from './missing.ts';
import { type ScoringInput, scoreRoot, scoringModel } from './scoring.ts';
import { basisOf, DROPPED_BELOW, raise } from './weights.ts';

const MOST_QUESTIONS = 10;
/** So many of those that the arithmetic ranks come before what settles a pattern and what the playbook asks. */
const MOST_FIRST = 6;
/** Links whose answers are tried at the most; each costs two scores of two roots. */
const MOST_TRIED = 24;
/** In large incidents as many as cost the scores of so many facts and edges. */
const MOST_SCORED = 40_000;
/** Answers about the mechanism prove a link like its own text would, support or refute it like a condition. */
const PROVEN = 0.5;
const SUPPORTED = 0.2;
const REFUTED = 0.3;

/** What a link would know: is it so (`holds`, `proves`), or does something speak for it or against it? */
export interface AskedQuestion extends Question {
  /** `<cause> -> <effect>` */
  readonly edge: string;
  readonly rule: string;
  readonly kind: 'holds' | 'proves' | 'supports' | 'refutes';
  readonly from: string;
  readonly to: string;
  /** Weight of an edge that is not there before the answer is known. */
  readonly weight: number;
}

export interface QuestionInput {
  readonly asked: readonly AskedQuestion[];
  readonly missing: readonly MissingEvidence[];
  readonly hypotheses: readonly Hypothesis[];
  /** What the hypotheses were ranked from. */
  readonly scoring: ScoringInput;
  readonly patterns: readonly PatternVerdict[];
  readonly playbook: readonly Question[];
}

/**
 * The questions whose answers could move the verdict most: by how far the better of two answers pushes the two best
 * hypotheses apart or together, then by their place on the main chain; then what would settle a pattern, what the
 * playbook asks, and the rest.
 */
export function rankQuestions({ asked, missing, hypotheses, scoring, patterns, playbook }: QuestionInput): Question[] {
  const value = placeOf(hypotheses, scoring.edges);
  const nearest = [...asked].sort((a, b) =>
    firstOf(value(b) - value(a), byText(a.need, b.need), byText(a.edge, b.edge), byText(a.rule, b.rule)),
  );
  const movement = movementOf(scoring, hypotheses);
  const tried = new Map<string, number>();
  const most = Math.min(MOST_TRIED, Math.floor(MOST_SCORED / (1 + scoring.facts.length + scoring.edges.length)));
  const moves = (question: AskedQuestion): number => {
    const key = `${question.edge} ${question.rule} ${question.kind}`;
    const known = tried.get(key);
    if (known !== undefined || tried.size >= most) return known ?? 0;
    const points = movement(question);
    tried.set(key, points);
    return points;
  };
  const ranked = [
    ...nearest.map((question) => ({ question: question as Question, points: moves(question) })),
    ...missing.map(({ question, kind }) => ({ question, points: worthOf(kind, hypotheses[0], scoring) })),
  ]
    .map((one) => ({ ...one, points: Math.round(one.points * 10) }))
    .sort((a, b) => b.points - a.points)
    .map(({ question }) => question);
  const settle = patterns
    .filter((pattern) => pattern.verdict !== 'absent')
    .flatMap((pattern) =>
      pattern.items
        .filter((item) => item.state === 'unknown' && item.run !== undefined)
        .map(
          (item): Question => ({
            need: item.title,
            why: `It would settle “${pattern.title}”`,
            run: item.run as string,
            separates: [],
          }),
        ),
    );
  const seen = new Set<string>();
  const once = (question: Question): boolean => !seen.has(question.need) && seen.add(question.need) !== undefined;
  const own = ranked.filter(once);
  return [...own.slice(0, MOST_FIRST), ...[...settle, ...playbook].filter(once), ...own.slice(MOST_FIRST)]
    .slice(0, MOST_QUESTIONS)
    .map(({ need, why, run, separates }) => ({ need, why, run, separates }));
}

/** Where a question stands to the story: on its chain, beside it, elsewhere; weak links first. */
function placeOf(hypotheses: readonly Hypothesis[], edges: readonly Edge[]): (question: AskedQuestion) => number {
  const chain = new Set(hypotheses[0]?.chain ?? []);
  const rival = new Set([...(hypotheses[0]?.explains ?? []), hypotheses[1]?.root, hypotheses[0]?.root]);
  const weakness = new Map(edges.map((edge) => [`${edge.from} -> ${edge.to}`, 1 - edge.weight]));
  return ({ from, to, edge }) => {
    const onChain = chain.has(from) && chain.has(to) ? 2 : 0;
    const touches = rival.has(from) || rival.has(to) ? 1 : 0;
    return onChain + touches + (weakness.get(edge) ?? 0.5);
  };
}

/** Points of score by which the better of two answers changes the lead of the best hypothesis over the second. */
export function movementOf(
  scoring: ScoringInput,
  [best, second]: readonly Hypothesis[],
): (question: Omit<AskedQuestion, keyof Question>) => number {
  const roots = [best, second].map((one) => one && scoring.facts.find(({ id }) => id === one.root));
  const lead = (edges: readonly Edge[]): number => {
    const model = scoringModel({ ...scoring, edges });
    const [first, other] = roots.map((root) => (root ? scoreRoot(root, model).score : 0));
    return (first ?? 0) - (other ?? 0);
  };
  let now: number | undefined;
  return (question) => {
    if (roots[0] === undefined) return 0;
    now ??= lead(scoring.edges);
    const before = now;
    const change = ANSWERS[question.kind];
    const moved = [change.yes, change.no].map((answer) =>
      Math.abs(lead(answered(scoring.edges, question, answer)) - before),
    );
    return Math.max(...moved);
  };
}

type Answer = (weight: number) => number;
const unchanged: Answer = (weight) => weight;
const never: Answer = () => 0;
const ANSWERS: Readonly<Record<AskedQuestion['kind'], { readonly yes: Answer; readonly no: Answer }>> = {
  holds: { yes: unchanged, no: never },
  proves: { yes: (weight) => raise(weight, PROVEN), no: never },
  supports: { yes: (weight) => raise(weight, SUPPORTED), no: unchanged },
  refutes: { yes: (weight) => weight * REFUTED, no: unchanged },
};

/** The edges as they would be with this answer. */
function answered(
  edges: readonly Edge[],
  { from, to, rule, kind, weight: missing }: Omit<AskedQuestion, keyof Question>,
  answer: Answer,
): Edge[] {
  const isMeant = (edge: Edge): boolean => edge.from === from && edge.to === to && edge.rule === rule;
  const added: Edge[] =
    kind === 'holds' && !edges.some(isMeant)
      ? [{ ...NEW_EDGE, id: `${rule}@${from}>${to}@answer`, from, to, rule, weight: missing, basis: basisOf(missing) }]
      : [];
  return [...edges, ...added]
    .map((edge) => {
      if (!isMeant(edge)) return edge;
      const weight = answer(edge.weight);
      return { ...edge, weight, basis: basisOf(weight) };
    })
    .filter(({ weight }) => weight >= DROPPED_BELOW);
}

const NEW_EDGE: Omit<Edge, 'id' | 'from' | 'to' | 'rule' | 'weight' | 'basis'> = {
  graph: 'start',
  type: 'causes',
  order: 'unknown',
  mechanism: '',
  contributions: [],
  rivals: [],
};

/** A log could show a cause of the root, if only a weak one; controls give or take the whole term. */
function worthOf(kind: MissingEvidence['kind'], best: Hypothesis | undefined, scoring: ScoringInput): number {
  const root = best && scoring.facts.find(({ id }) => id === best.root);
  if (!best || !root) return 0;
  if (kind !== 'control') return (kind === 'log' ? 1 : 0.25) * best.score * 0.8 * DROPPED_BELOW;
  const scoreWith = (value: number) =>
    scoreRoot(root, scoringModel({ ...scoring, contrast: () => ({ value, why: '' }) })).score;
  return Math.max(Math.abs(scoreWith(1) - best.score), Math.abs(scoreWith(0) - best.score));
}
