import { describe, expect, it } from 'vitest';
import { matchTexts } from '../../src/match-texts.ts';
import { loadRules } from '../../src/rules/load.ts';

const { mustOrders } = await loadRules([]);
const sides = mustOrders.flatMap(({ id, earlier, later }) => [
  { name: `${id} earlier`, side: earlier },
  { name: `${id} later`, side: later },
]);

/** Keys that the pattern finds in a line, as the clocks do. */
function keysOf(line: string, { pattern = '', anchors, key }: (typeof sides)[number]['side']): readonly string[] {
  return matchTexts(line)
    .filter((text) => anchors.some((anchor) => text.includes(anchor)))
    .flatMap((text) => [...text.matchAll(new RegExp(pattern, 'gu'))])
    .map(({ groups = {} }) => key.replace(/\{\{(\w+)\}\}/gu, (_, name: string) => groups[name] ?? '?'));
}

describe.each(sides.filter(({ side }) => side.pattern !== undefined))('$name', ({ side }) => {
  it.each(side.examples?.match ?? [])('finds $line', ({ line, key }) => {
    expect(keysOf(line, side)).toContain(key);
  });
  it.each(side.examples?.reject ?? [])('passes over $line ($because)', ({ line }) => {
    expect(keysOf(line, side)).toEqual([]);
  });
});

describe('must-orders', () => {
  it('join sides by keys of the same parts', () => {
    const parts = (key: string) => [...key.matchAll(/\{\{\w+\}\}/gu)].length;
    expect(mustOrders.filter(({ earlier, later }) => parts(earlier.key) !== parts(later.key))).toEqual([]);
  });
});
