import type { Fact, PatternVerdict } from '../model/index.ts';
import type { IncidentRule, Link, Signature } from '../rules/schema.ts';
import type { Judge } from './judge.ts';

export interface UndecidedRules {
  readonly signatures: readonly Signature[];
  readonly links: readonly Link[];
  /** Signature ids behind a name that is an id or a tag. */
  byTag(name: string): readonly string[];
}

interface JudgedPattern {
  readonly rule: IncidentRule;
  readonly verdict: PatternVerdict;
}

/**
 * A beginning that would come before a root and that the bundle neither shows nor excludes: a derived cause whose
 * condition cannot be judged, or another root of a pattern that matches. While it is open the root is a guess.
 *
 * @param patterns - those that match the incident at least in part
 * @returns the clause for the report, undefined where nothing is open
 */
export function undecidedCause(
  root: Fact,
  facts: readonly Fact[],
  patterns: readonly JudgedPattern[],
  rules: UndecidedRules,
  judge: Judge,
): string | undefined {
  const found = new Set(facts.map((fact) => fact.signature));
  for (const signature of rules.signatures) {
    if (signature.kind !== 'derived' || found.has(signature.id)) continue;
    if (signature.initiates !== 'likely' && signature.initiates !== 'external') continue;
    const explains = rules.links.some(
      (link) =>
        link.type === 'causes' &&
        rules.byTag(link.effect).includes(root.signature) &&
        rules.byTag(link.cause).includes(signature.id),
    );
    if (explains && judge(signature.id, 'when', {}).value === 'unknown')
      return `it may come from something above it that cannot be judged: ${lowerFirst(signature.title)}`;
  }
  for (const { rule, verdict } of patterns) {
    const roots = new Set(rule.root.flatMap((name) => rules.byTag(name)));
    if (!roots.has(root.signature)) continue;
    const open = verdict.items.find((item, index) => {
      if (item.state !== 'unknown') return false;
      const asked = namesIn(rule.points[index]?.when ?? '').flatMap((name) => rules.byTag(name));
      return asked.some((id) => roots.has(id)) && !asked.includes(root.signature);
    });
    if (open) return `another beginning of "${rule.title}" cannot be judged: ${lowerFirst(open.title)}`;
  }
  return undefined;
}

function namesIn(condition: string): string[] {
  return [...condition.matchAll(/"([a-z0-9-]+)"/gu)].map(([, name]) => name ?? '');
}

/** `CoreDNS is absent` keeps its capitals, `The layer is missing` loses one. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+ /u.test(text) ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}` : text;
}
