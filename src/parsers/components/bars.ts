/**
 * Tables drawn with bars, as `etcdctl -w table` prints them:
 *
 *     +---------------------------+------------------+---------+
 *     |         ENDPOINT          |        ID        | VERSION |
 *     +---------------------------+------------------+---------+
 *     | https://10.0.0.1:2379     | 8e9e05c52164694d |  3.5.10 |
 */

/** Cells of a row of such a table; undefined for any other line. */
export function barCells(line: string): readonly string[] | undefined {
  const text = line.trim();
  if (text.length < 3 || text.length > 8192 || !text.startsWith('|') || !text.endsWith('|')) {
    return undefined;
  }
  return text
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

export function isBarRule(line: string): boolean {
  return /^\s*\+(?:-+\+)+\s*$/u.test(line.slice(0, 2000));
}
