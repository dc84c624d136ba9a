import type { Edge, Hypothesis, PatternVerdict, Question } from '../model/index.ts';
import { byText, firstOf } from '../text/order.ts';

const MOST_QUESTIONS = 10;

/**
 * The questions whose answers could move the verdict most: weak edges of the main chain first, then what would
 * settle a pattern, then conditions that the bundle could not answer.
 */
export function rankQuestions(
  asked: readonly (Question & { readonly edge: string })[],
  hypotheses: readonly Hypothesis[],
  edges: readonly Edge[],
  patterns: readonly PatternVerdict[],
  playbook: readonly Question[],
): Question[] {
  const chain = hypotheses[0]?.chain ?? [];
  const rival = new Set([...(hypotheses[0]?.explains ?? []), hypotheses[1]?.root, hypotheses[0]?.root]);
  const weakness = new Map(edges.map((edge) => [`${edge.from} -> ${edge.to}`, 1 - edge.weight]));
  const value = (question: Question & { readonly edge: string }): number => {
    const [from, to] = question.separates;
    const onChain = from !== undefined && to !== undefined && chain.includes(from) && chain.includes(to) ? 2 : 0;
    const touches = question.separates.some((id) => rival.has(id)) ? 1 : 0;
    return onChain + touches + (weakness.get(question.edge) ?? 0.5);
  };
  const ranked = [...asked].sort((a, b) =>
    firstOf(value(b) - value(a), byText(a.need, b.need), byText(a.edge, b.edge)),
  );
  const settle = patterns
    .filter((pattern) => pattern.verdict !== 'absent')
    .flatMap((pattern) =>
      pattern.items
        .filter((item) => item.state === 'unknown' && item.run !== undefined)
        .map(
          (item): Question => ({
            need: item.title,
            why: `would settle "${pattern.title}"`,
            run: item.run as string,
            separates: [],
          }),
        ),
    );
  const seen = new Set<string>();
  return [...ranked.slice(0, 6), ...settle, ...playbook, ...ranked.slice(6)]
    .filter((question) => !seen.has(question.need) && seen.add(question.need))
    .slice(0, MOST_QUESTIONS)
    .map(({ need, why, run, separates }) => ({ need, why, run, separates }));
}
