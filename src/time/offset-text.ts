import { describeDuration } from './durations.ts';
import type { Distance } from './span.ts';

/** How one clock differs from another, for people. */
export interface ToldOffset {
  readonly against: string;
  /** In ms; an open side is infinite. */
  readonly bounds: Distance;
  readonly pairs: number;
  readonly verdict: 'decided' | 'wide' | 'contradicted';
}

/** `node/w-2 runs 4.1 s to 5.9 s ahead of apiserver (23 pairs of records that must be in order)`. */
export function offsetText(clock: string, { against, bounds, pairs, verdict }: ToldOffset): string {
  const evidence = `(${pairs} pairs of records that must be in order)`;
  const { least, greatest } = bounds;
  if (verdict === 'contradicted') {
    return `${clock} was ${side(least)} and ${side(greatest)} ${against} ${evidence}: one of the two was set in between`;
  }
  if (least > 0) {
    const amount =
      greatest < Number.POSITIVE_INFINITY ? between(least, greatest) : `at least ${describeDuration(least)}`;
    return `${clock} runs ${amount} ahead of ${against} ${evidence}`;
  }
  const amount =
    least > Number.NEGATIVE_INFINITY ? between(-greatest, -least) : `at least ${describeDuration(-greatest)}`;
  return `${clock} runs ${amount} behind ${against} ${evidence}`;
}

function between(least: number, greatest: number): string {
  const [from, to] = [describeDuration(least), describeDuration(greatest)];
  return from === to ? from : `${from} to ${to}`;
}

function side(ms: number): string {
  return ms < 0 ? `${describeDuration(-ms)} behind` : `${describeDuration(ms)} ahead of`;
}

/** The differences to say: those from the API server, and of nodes among each other where that says no more. */
export function toldOffsets<O extends { readonly against: string }>(
  clocks: readonly { readonly clock: string; readonly offsets?: readonly O[] | undefined }[],
): readonly { readonly clock: string; readonly offset: O }[] {
  const central = new Set(
    clocks.filter(({ offsets = [] }) => offsets.some(({ against }) => against === SERVER)).map(({ clock }) => clock),
  );
  return clocks.flatMap(({ clock, offsets = [] }) =>
    offsets
      .filter(({ against }) => {
        if (clock === SERVER || against === SERVER) return against === SERVER;
        return clock < against && !(central.has(clock) && central.has(against));
      })
      .map((offset) => ({ clock, offset })),
  );
}

const SERVER = 'apiserver';
