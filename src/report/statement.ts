import type { Statement, StatementBasis } from '../model/report.ts';
import { sentence } from '../text/grammar.ts';

export interface Grounds {
  readonly evidence: readonly string[];
  readonly facts?: readonly string[];
  readonly edges?: readonly string[];
}

const MOST_EVIDENCE = 6;

/**
 * One sentence of the report with what it rests on. Its wording follows the basis.
 *
 * A claim that should be observed or derived but has no line behind it is not made as such: it becomes an assumption
 * and says so.
 */
export function statement(text: string, basis: StatementBasis, grounds: Grounds): Statement {
  const evidence = [...new Set(grounds.evidence)].slice(0, MOST_EVIDENCE);
  const honest = evidence.length === 0 && (basis === 'observed' || basis === 'derived') ? 'assumed' : basis;
  return {
    text: sentence(worded(text, honest)),
    basis: honest,
    evidence,
    facts: [...new Set(grounds.facts ?? [])],
    edges: [...new Set(grounds.edges ?? [])],
  };
}

function worded(text: string, basis: StatementBasis): string {
  switch (basis) {
    case 'observed':
    case 'derived':
      return text;
    case 'inferred':
      return /\blikel(?:y|ier)\b/iu.test(text) ? text : `Most likely: ${text}`;
    case 'assumed':
      return /\bassumed, not evidenced\b/iu.test(text) ? text : `Assumed, not evidenced: ${text}`;
  }
}

const STRENGTH: readonly StatementBasis[] = ['observed', 'derived', 'inferred', 'assumed'];

/** The weakest of several: a chain is only as good as that. */
export function weakestBasis(bases: readonly StatementBasis[]): StatementBasis {
  return STRENGTH[Math.max(0, ...bases.map((basis) => STRENGTH.indexOf(basis)))] ?? 'assumed';
}
