import type { Output } from './streams.ts';

const DELAY_MS = 500;
const REDRAW_MS = 100;
const BAR = 24;

export interface Progress {
  readonly update: (bytes: number, total: number) => void;
  /** Leaves an empty line for what follows. */
  readonly clear: () => void;
}

/**
 * A bar on a terminal for runs of more than half a second; nothing anywhere else.
 *
 * @param now - milliseconds of a monotonic clock
 */
export function createProgress(stderr: Output, isWanted: boolean, now: () => number): Progress {
  if (!isWanted || stderr.isTTY !== true) return { update: () => {}, clear: () => {} };
  const begin = now();
  let drawnAt = 0;
  let isDrawn = false;
  return {
    update: (bytes, total) => {
      const time = now();
      if (time - begin < DELAY_MS || time - drawnAt < REDRAW_MS) return;
      drawnAt = time;
      isDrawn = true;
      const share = total === 0 ? 1 : Math.min(1, bytes / total);
      const filled = Math.round(share * BAR);
      stderr.write(`\r\u001b[K[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.round(share * 100)} % read`);
    },
    clear: () => {
      if (isDrawn) stderr.write('\r\u001b[K');
    },
  };
}
