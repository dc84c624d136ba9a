import type { AttributeValue, EntityRef, Evidence, TimeRef } from '../model/index.ts';
import type { Signature } from '../rules/schema.ts';

/** A signature seen once: on a line, on a row, or derived. Sightings of one key become a fact. */
export interface Sighting {
  readonly signature: Signature;
  readonly entities: Readonly<Record<string, EntityRef>>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Quality of the joins that gave the entities, 0..1. */
  readonly joinQuality: number;
  readonly onset: TimeRef | undefined;
  /** Time of the report itself; the onset may be derived from it. */
  readonly seen: TimeRef | undefined;
  readonly lastSeen: TimeRef | undefined;
  /** Ages at collection in ms, where the bundle does not tell when that was: they still order one file's rows. */
  readonly ages?: { readonly first: number; readonly last: number };
  readonly boot: number | undefined;
  readonly count: number;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly observed: boolean;
  /** An Event about a pod that is ready at collection and was never restarted: its trouble is over. */
  readonly settled?: boolean;
  readonly component: string | undefined;
  /** Order within the bundle where times are equal or unknown: `stream` then `seq`. */
  readonly stream: string;
  readonly seq: number;
}

/** Numbers are compared as numbers in conditions, ids stay text. */
export function attribute(value: string): AttributeValue {
  if (value === 'true') return true;
  if (value === 'false') return false;
  const number = Number(value);
  return value.length < 16 && String(number) === value ? number : value;
}
