import type { Evidence, Fact, SourceRef } from '../model/index.ts';
import type { ReportEvidence } from '../model/report.ts';
import { isoTime } from './numbers.ts';

/** Numbers the evidence of a report: the same line with the same quote has one reference everywhere. */
export interface EvidenceIndex {
  /** Numbered on first use, `E1`, `E2`, … */
  readonly cite: (evidence: Evidence) => ReportEvidence;
  /** References of a fact's evidence, first ones first. */
  readonly refs: (fact: Fact | undefined, atMost?: number) => string[];
}

export function createEvidenceIndex(): EvidenceIndex {
  const cited = new Map<string, ReportEvidence>();

  function cite(evidence: Evidence): ReportEvidence {
    const { ref, quote, kind } = evidence;
    const key = `${ref.source}\n${ref.line}\n${ref.endLine ?? ref.line}\n${kind}\n${quote}`;
    const known = cited.get(key);
    if (known) return known;
    const fresh: ReportEvidence = {
      kind,
      source: ref.source,
      line: ref.line,
      endLine: ref.endLine ?? ref.line,
      time: evidence.time ? isoTime(evidence.time.at.earliest) : null,
      quote,
      ref: `E${cited.size + 1}`,
      derivation: evidence.derivation ? derivationText(evidence.derivation) : null,
    };
    cited.set(key, fresh);
    return fresh;
  }

  return {
    cite,
    refs: (fact, atMost = 1) => (fact?.evidence ?? []).slice(0, atMost).map((evidence) => cite(evidence).ref),
  };
}

function derivationText({ formula, inputs }: { formula: string; inputs: readonly SourceRef[] }): string {
  const places = inputs.slice(0, 4).map(({ source, line }) => `${source}:${line}`);
  return places.length === 0 ? formula : `${formula} (from ${places.join(', ')})`;
}
