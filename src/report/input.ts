import type { CausalGraph, Diagnostic, Evidence, FileCoverage, Span } from '../model/index.ts';
import type { IncidentRule, Playbook, Roles, Signature } from '../rules/schema.ts';
import type { RedactionMode } from './redact.ts';

/** The part of the rule set that a report is written from. */
export interface ReportRules {
  /** Of all rule files; printed so that a reader can tell which rules spoke. */
  readonly hash: string;
  readonly signatures: readonly Signature[];
  readonly links: readonly {
    readonly id: string;
    readonly cause?: string;
    readonly effect?: string;
    /** Group of explanations that compete for the effect. */
    readonly oneOf?: string | undefined;
  }[];
  /** What the classes mean that causes and effects of links may name. */
  readonly tags?: readonly { readonly id: string; readonly means: string }[];
  readonly incidents: readonly IncidentRule[];
  readonly playbooks: readonly Playbook[];
  readonly roles: Roles;
}

/** A file of the bundle with the times that it spans, where they are known. */
export interface ReportFile extends FileCoverage {
  readonly first?: Span;
  readonly last?: Span;
}

/** What is known about one clock of the bundle. */
export interface ClockSummary {
  /** `node/worker-1`, `apiserver`, `collector` */
  readonly clock: string;
  /** How its times were resolved, in words: `yearless, year from the collection time`. */
  readonly basis: string;
  readonly zone?: string;
  /** Systematic: how far off its times may be against other clocks. */
  readonly uncertaintyMs?: number;
  readonly anchors: readonly string[];
  readonly assumptions: readonly string[];
  /** How it differs from others, as far as records that must be in order tell; an open side is infinite. */
  readonly offsets?: readonly {
    readonly against: string;
    readonly bounds: { readonly least: number; readonly greatest: number };
    readonly pairs: number;
    readonly verdict: 'decided' | 'wide' | 'contradicted';
  }[];
}

/** Something that no rule explains: a new message, a burst, a silence. */
export interface AnomalyInput {
  readonly kind: string;
  readonly title: string;
  readonly score: number;
  readonly count: number;
  readonly at?: Span;
  readonly evidence: readonly Evidence[];
}

export interface ReportInput {
  readonly toolVersion: string;
  readonly rules: ReportRules;
  readonly bundle: { readonly name: string; readonly hash: string; readonly files: readonly ReportFile[] };
  readonly collectedAt?: { readonly span: Span; readonly basis: string };
  readonly graph: CausalGraph;
  readonly clocks: readonly ClockSummary[];
  readonly diagnostics: readonly Diagnostic[];
  readonly redact: RedactionMode;
  /** Names of the nodes in a complete listing; absent where no such listing was read. */
  readonly nodes?: readonly string[];
  readonly anomalies?: readonly AnomalyInput[];
  /** Stretches without any line, in words. */
  readonly silences?: readonly string[];
}
