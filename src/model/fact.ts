import type { EntityKind, Layer } from './layer.ts';
import type { SourceRef } from './record.ts';
import type { TimeRef } from './time.ts';

/** `kind/name` or `kind/namespace/name`. */
export type EntityRef = `${EntityKind}/${string}`;

export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type Polarity = 'symptom' | 'condition' | 'change' | 'recovery' | 'healthy' | 'context';
export type Nature = 'event' | 'state' | 'configuration' | 'resource' | 'absence';
export type Initiates = 'external' | 'likely' | 'possible' | 'unlikely' | 'never';
export type AttributeValue = string | number | boolean;

export interface Evidence {
  readonly kind: 'log' | 'row' | 'absence' | 'silence' | 'derived';
  readonly ref: SourceRef;
  readonly time?: TimeRef;
  /** Exact substring of the source's line, at most 240 characters. */
  readonly quote: string;
  /** Of derived times and absences: how, and from which lines. */
  readonly derivation?: { readonly formula: string; readonly inputs: readonly SourceRef[] };
}

/** One episode of one signature on one key. */
export interface Fact {
  readonly id: string;
  readonly signature: string;
  readonly title: string;
  readonly summary: string;
  /** false: derived, no line of its own. */
  readonly observed: boolean;
  readonly entities: Readonly<Record<string, EntityRef>>;
  /** Captures of the pattern, cells of the row, and what derivations add. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Match text of the first record (message with its fields), cut at 2,000 characters. */
  readonly text: string;
  readonly onset?: TimeRef;
  readonly lastSeen?: TimeRef;
  readonly ended?: TimeRef | 'open';
  readonly count: number;
  readonly countIs: 'exact' | 'at-least';
  readonly polarity: Polarity;
  readonly nature: Nature;
  readonly severity: Severity;
  readonly layer: Layer;
  readonly component?: string;
  readonly initiates: Initiates;
  /** Did it happen: signature quality times join quality, 0..1. */
  readonly certainty: number;
  /** First, worst, last, then spread; at most 8. */
  readonly evidence: readonly Evidence[];
  /** Facts of the signature's group that were folded into this one (200 stuck pods are one graph node). */
  readonly members: readonly FactMember[];
}

export interface FactMember {
  readonly entities: Readonly<Record<string, EntityRef>>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly onset?: TimeRef;
  readonly count: number;
}
