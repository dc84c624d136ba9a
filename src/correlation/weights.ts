import type { EdgeBasis } from '../model/index.ts';

/** Edges below this weight are not made. */
export const DROPPED_BELOW = 0.25;
const OBSERVED_FROM = 0.75;
const INFERRED_FROM = 0.5;

export function basisOf(weight: number): EdgeBasis {
  return weight >= OBSERVED_FROM ? 'observed' : weight >= INFERRED_FROM ? 'inferred' : 'assumed';
}

/** Moves a weight by this share of what is missing to 1. */
export function raise(weight: number, by: number): number {
  return weight + (1 - weight) * by;
}
