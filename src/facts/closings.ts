import type { EntityRef } from '../model/index.ts';
import type { Sighting } from './sighting.ts';

/** Sightings that can close the episodes of one key, in their order. */
export interface Closings {
  /** The first one after `before`, and before `next` where there is a next one. */
  first(before: Sighting, next: Sighting | undefined): Sighting | undefined;
}

function agree(a: Sighting, b: Sighting, roles: readonly string[]): boolean {
  return roles.every((role) => {
    const one: EntityRef | undefined = a.entities[role];
    const other = b.entities[role];
    return one === undefined || other === undefined || one === other;
  });
}

/** Is `b` definitely not before the end of `a`? Without times, only within one stream. */
function after(a: Sighting, b: Sighting): boolean {
  const end = a.lastSeen ?? a.seen;
  if (end && b.seen) {
    // A repeated Event closes with its last occurrence, as the failure it closes was repeated too.
    const last = b.lastSeen ?? b.seen;
    return last.at.latest >= end.at.earliest && last.at.earliest >= end.at.earliest - 1;
  }
  if (a.ages && b.ages && a.stream === b.stream) return b.ages.last <= a.ages.last;
  return a.stream === b.stream && b.seq > a.seq;
}

/**
 * @param closing - sorted by the time at which they were seen
 * @param one - a sighting of the key: its entities in `roles` are those of all
 */
export function closingsOf(closing: readonly Sighting[], one: Sighting, roles: readonly string[]): Closings {
  const fitting = closing.length === 0 ? closing : closing.filter((other) => agree(other, one, roles));
  // In long lists of timed sightings those that ended before are skipped by halving.
  const isTimed = fitting.length > 16 && fitting.every(({ seen }) => seen !== undefined);
  const latestEnds: number[] = [];
  if (isTimed) {
    let latest = Number.NEGATIVE_INFINITY;
    for (const { seen, lastSeen } of fitting) {
      latest = Math.max(latest, (lastSeen ?? seen)?.at.earliest ?? latest);
      latestEnds.push(latest);
    }
  }

  function begin(before: Sighting): number {
    const end = before.lastSeen ?? before.seen;
    if (!isTimed || !end) return 0;
    let low = 0;
    let high = latestEnds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((latestEnds[middle] as number) < end.at.earliest - 1) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    first(before, next) {
      const nextEnd = isTimed ? (next?.lastSeen ?? next?.seen)?.at.earliest : undefined;
      for (let at = begin(before); at < fitting.length; at++) {
        const other = fitting[at] as Sighting;
        if (nextEnd !== undefined && (other.seen?.at.earliest ?? 0) > nextEnd + 1) return undefined;
        if (!after(before, other)) continue;
        if (next === undefined || (other.seen !== undefined && after(other, next))) return other;
      }
      return undefined;
    },
  };
}
