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

/** A cause that has no line of its own and whose condition the bundle cannot decide. */
export interface OpenCause {
  readonly title: string;
  /** Signatures that it would explain. */
  readonly effects: ReadonlySet<string>;
}

/** Derived beginnings that were not found, but cannot be excluded either. */
export function openCauses(facts: readonly Fact[], rules: UndecidedRules, judge: Judge): OpenCause[] {
  const found = new Set(facts.map((fact) => fact.signature));
  return rules.signatures
    .filter(
      (signature) =>
        signature.kind === 'derived' &&
        !found.has(signature.id) &&
        (signature.initiates === 'likely' || signature.initiates === 'external') &&
        judge(signature.id, 'when', {}).value === 'unknown',
    )
    .map(({ id, title }) => ({
      title,
      effects: new Set(
        rules.links
          .filter((link) => link.type === 'causes' && rules.byTag(link.cause).includes(id))
          .flatMap((link) => rules.byTag(link.effect)),
      ),
    }));
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
  open: readonly OpenCause[],
  patterns: readonly JudgedPattern[],
  byTag: UndecidedRules['byTag'],
): string | undefined {
  const above = open.find(({ effects }) => effects.has(root.signature));
  if (above) return `it may come from something above it that cannot be judged: ${lowerFirst(above.title)}`;
  for (const { rule, verdict } of patterns) {
    const roots = new Set(rule.root.flatMap((name) => byTag(name)));
    if (!roots.has(root.signature)) continue;
    const item = verdict.items.find(({ state }, index) => {
      if (state !== 'unknown') return false;
      const asked = namesIn(rule.points[index]?.when ?? '').flatMap((name) => byTag(name));
      return asked.some((id) => roots.has(id)) && !asked.includes(root.signature);
    });
    if (item) return `another beginning of "${rule.title}" cannot be judged: ${lowerFirst(item.title)}`;
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
