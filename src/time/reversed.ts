/**
 * Newest line first: `journalctl -r`, and copies from web consoles.
 *
 * Stamps of a journal step back a little now and then (a program's own clock, kernel lines), so a file counts as
 * reversed only when more than nine of ten changes between neighbours go down, and there are at least three.
 */
const SHARE = 0.9;
const LEAST_CHANGES = 3;

/** @param values - times in file order on one scale; those below 0 stand for lines without a time */
export function isReversed(values: Iterable<number>): boolean {
  let before: number | undefined;
  let down = 0;
  let changes = 0;
  for (const value of values) {
    if (value < 0) {
      continue;
    }
    if (before !== undefined && value !== before) {
      changes += 1;
      down += value < before ? 1 : 0;
    }
    before = value;
  }
  return changes >= LEAST_CHANGES && down > SHARE * changes;
}
