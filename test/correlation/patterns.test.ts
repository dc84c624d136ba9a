import { describe, expect, it } from 'vitest';
import { judgePattern } from '../../src/correlation/patterns.ts';
import { incidentSchema } from '../../src/rules/schema.ts';

const rule = incidentSchema.parse({
  id: 'collapse',
  title: 'Collapse',
  points: [
    { item: 'one', title: 'One', score: 2, when: 'a', run: 'see one' },
    { item: 'two', title: 'Two', when: 'b', run: 'see two' },
    { item: 'three', title: 'Three', when: 'c' },
    { item: 'four', title: 'Four', when: 'd' },
  ],
  confirmed: 4,
  partial: 2,
  root: ['cause'],
  playbook: 'repair',
});

type Word = true | false | 'unknown';

function judged(...values: Word[]) {
  return judgePattern(rule, (_, property) => {
    const index = Number(property.split('.')[1]);
    return { value: values[index] as Word, why: `why ${index}`, facts: [`f${index}`] };
  });
}

describe('a pattern', () => {
  it.each([
    [[true, true, true, false], 'confirmed', 4, 4],
    [[true, true, true, 'unknown'], 'confirmed', 4, 5],
    [[true, true, 'unknown', 'unknown'], 'partial', 3, 5],
    [[true, false, false, false], 'partial', 2, 2],
    [[false, true, false, 'unknown'], 'partial', 1, 2],
    [[false, true, false, false], 'absent', 1, 1],
    [[false, false, false, false], 'absent', 0, 0],
    [['unknown', 'unknown', 'unknown', 'unknown'], 'partial', 0, 5],
  ] satisfies [Word[], string, number, number][])('of points %j is %s', (values, verdict, min, max) => {
    expect(judged(...values)).toMatchObject({ verdict, min, max, total: 5 });
  });
  it('lists each point with its facts, or with what would settle it', () => {
    expect(judged(true, 'unknown', false, true).items).toEqual([
      { item: 'one', title: 'One', state: 'confirmed', score: 2, why: 'why 0', facts: ['f0'] },
      { item: 'two', title: 'Two', state: 'unknown', score: 1, why: 'why 1', facts: [], run: 'see two' },
      { item: 'three', title: 'Three', state: 'not-found', score: 1, why: 'why 2', facts: [] },
      { item: 'four', title: 'Four', state: 'confirmed', score: 1, why: 'why 3', facts: ['f3'] },
    ]);
  });
  it('names its repair', () => {
    expect(judged(true, true, true, true).repair).toEqual(['repair']);
  });
});
