/** Instants as text, always UTC. */

const MAX_MS = 8.64e15;

/** `2025-01-31T02:54:55.123Z`, or undefined outside of what a date can hold. */
export function toIso(epochMs: number): string | undefined {
  const ms = Math.round(epochMs);
  return Math.abs(ms) <= MAX_MS ? new Date(ms).toISOString() : undefined;
}

/** `2025-01-31 02:54:55`, cut (not rounded) to seconds, or to minutes or days where the precision is no better. */
export function toReadable(epochMs: number, precisionMs = 1000): string {
  const iso = toIso(Math.floor(epochMs));
  if (iso === undefined) {
    return 'unknown time';
  }
  const day = iso.slice(0, -14);
  if (precisionMs >= 86_400_000) {
    return day;
  }
  return `${day} ${precisionMs >= 60_000 ? iso.slice(-13, -8) : iso.slice(-13, -5)}`;
}
