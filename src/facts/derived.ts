import type { Fact } from '../model/index.ts';
import type { Verdict } from '../rules/condition/evaluate.ts';
import type { DerivedSignature } from '../rules/schema.ts';
import type { Sighting } from './sighting.ts';

const MOST_EVIDENCE = 6;

/** A latent fact: no line of its own, it rests on others. */
export function deriveFact(signature: DerivedSignature, verdict: Verdict, from: readonly Fact[]): Sighting | undefined {
  if (verdict.value !== true) return undefined;
  const named = new Set(verdict.facts);
  const basis = named.size > 0 ? from.filter((fact) => named.has(fact.id)) : from;
  const sources = basis.length > 0 ? basis : from;
  if (sources.length === 0) return undefined;
  // What one of them is about, the whole is, unless another one is about something else of that kind.
  const shared = Object.fromEntries(
    sources
      .flatMap((fact) => Object.entries(fact.entities))
      .filter(([role, entity]) =>
        sources.every((fact) => fact.entities[role] === undefined || fact.entities[role] === entity),
      ),
  );
  const timed = sources
    .filter((fact) => fact.onset)
    .sort((a, b) => (a.onset?.at.latest ?? 0) - (b.onset?.at.latest ?? 0));
  // The whole is true once its last part is.
  const onset = timed.at(-1)?.onset;
  return {
    signature,
    entities: shared,
    attributes: { because: verdict.why },
    joinQuality: 1,
    onset: onset && { ...onset, basis: 'derived' },
    seen: onset,
    lastSeen: timed.at(-1)?.lastSeen,
    boot: undefined,
    count: 1,
    text: verdict.why,
    evidence: sources
      .flatMap((fact) => fact.evidence.slice(0, 1))
      .slice(0, MOST_EVIDENCE)
      .map((evidence) => ({
        ...evidence,
        kind: 'derived' as const,
        derivation: { formula: verdict.why, inputs: [evidence.ref] },
      })),
    observed: false,
    component: signature.component,
    stream: 'derived',
    seq: 0,
  };
}
