import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/index.ts';
import { buildReport } from '../../src/report/index.ts';
import { at, line, makeFact, makeGraph, makeHypothesis, makeIncident, sampleInput } from '../support/sample-graph.ts';

const root = makeFact('root', { title: 'The disk failed', onset: at('02:50:00') });
const change = (id: string, from: string, to = from, known: Partial<Fact> = {}): Fact =>
  makeFact(id, {
    title: `${id} was changed`,
    polarity: 'change',
    onset: at(from, to),
    evidence: [line('a.log', 1, id)],
    ...known,
  });

/** Changes of an incident that began at 02:50:00, as told. */
function changes(...others: readonly Fact[]): string[] {
  const incident = makeIncident({
    facts: ['root'],
    hypotheses: [makeHypothesis('root', { chain: ['root'] })],
    roles: { root: 'root-cause' },
  });
  const report = buildReport({ ...sampleInput, graph: makeGraph([root, ...others], { incidents: [incident] }) });
  return report.incidents.flatMap(({ statements }) => statements.changes.map(({ text }) => text));
}

describe('changes before the onset', () => {
  it('are told with their distance, the latest first, wherever they were seen', () => {
    const [first, second, ...more] = changes(change('early', '01:50:00'), change('late', '02:40:00', '02:41:00'));
    expect(more).toEqual([]);
    expect(first).toMatch(/^late was changed.* 9 min to 10 min(?: 1 s)? before the onset\.$/u);
    expect(second).toMatch(/^early was changed.* 1 h before the onset\.$/u);
  });
  it('are not what came after it, nor what is not a change', () => {
    expect(
      changes(change('after', '02:50:01'), change('symptom', '02:40:00', '02:40:00', { polarity: 'symptom' })),
    ).toEqual([]);
  });
  it('are not told by the age of an object, which says nothing about the day', () => {
    expect(changes(change('vague', '00:10:00', '02:49:00'))).toEqual([]);
  });
});
