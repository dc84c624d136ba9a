import { describe, expect, it } from 'vitest';
import { mergeSightings } from '../../src/facts/episodes.ts';
import type { Sighting } from '../../src/facts/sighting.ts';
import { type Signature, signatureSchema } from '../../src/rules/schema.ts';
import { at } from '../support/facts.ts';

function signature(known: Partial<Signature> = {}): Signature {
  return signatureSchema.parse({
    id: 'it-failed',
    title: 'It failed on {{node}}',
    kind: 'log',
    match: { anchors: ['it failed'], pattern: 'it failed' },
    entities: { node: '@node' },
    layer: 'node',
    severity: 'high',
    examples: { match: [{ line: 'it failed' }], reject: [{ line: 'it worked', because: 'it did' }] },
    ...known,
  });
}

let line = 0;
function seen(of: Signature, seconds: number, node = 'n1', known: Partial<Sighting> = {}): Sighting {
  line++;
  return {
    signature: of,
    entities: { node: `node/${node}` },
    attributes: {},
    joinQuality: 1,
    component: undefined,
    onset: at(seconds),
    seen: at(seconds),
    lastSeen: at(seconds),
    boot: undefined,
    count: 1,
    text: 'it failed',
    evidence: [{ kind: 'log', ref: { source: 'a.log', line }, quote: 'it failed' }],
    observed: true,
    stream: 'a.log',
    seq: line,
    ...known,
  };
}

describe('sightings', () => {
  const failed = signature({ episode: { gap: '10m', closedBy: ['it-recovered'] } });
  const recovered = signature({ id: 'it-recovered', polarity: 'recovery' });

  it('of one key are one fact with a count, an onset and a last time', () => {
    const [fact, ...more] = mergeSightings([seen(failed, 60), seen(failed, 30), seen(failed, 90)]);
    expect(more).toEqual([]);
    expect(fact).toMatchObject({ count: 3, onset: at(30), lastSeen: at(90), title: 'It failed on n1' });
    expect(fact?.ended).toBeUndefined();
  });
  it('are another episode after the gap', () => {
    expect(mergeSightings([seen(failed, 0), seen(failed, 3600)])).toHaveLength(2);
  });
  it('end with the closing signature on the same node only', () => {
    const facts = mergeSightings([seen(failed, 0), seen(recovered, 16), seen(failed, 0, 'n2')]);
    const ended = facts
      .filter((fact) => fact.signature === 'it-failed')
      .map((fact) => [fact.entities['node'], fact.ended]);
    expect(ended).toEqual([
      ['node/n1', at(16)],
      ['node/n2', undefined],
    ]);
  });
  it('end with the boot', () => {
    expect(mergeSightings([seen(failed, 0, 'n1', { boot: 0 }), seen(failed, 60, 'n1', { boot: 1 })])).toHaveLength(2);
  });
  it('below their threshold are context', () => {
    const often = signature({ atLeast: { count: 3, within: '1m' } });
    const facts = (times: number[]) => mergeSightings(times.map((time) => seen(often, time)));
    expect(facts([0, 10])[0]?.polarity).toBe('context');
    expect(facts([0, 100, 200])[0]?.polarity).toBe('context');
    expect(facts([0, 10, 20])[0]?.polarity).toBe('symptom');
  });
  it('that number their attempts count as the greatest number, not as the sum', () => {
    const numbered = signature({
      match: { anchors: ['attempt '], pattern: 'attempt (?<attempt>\\d+)', repeats: 'attempt' },
      atLeast: { count: 100, within: '1m' },
    } as Partial<Signature>);
    const facts = (counts: number[]) =>
      mergeSightings(counts.map((count, index) => seen(numbered, index, 'n1', { count })));
    expect(facts([845, 846])[0]).toMatchObject({ count: 846, countIs: 'at-least', polarity: 'symptom' });
    expect(facts([4])[0]?.polarity).toBe('context');
  });
  it('give the same facts in any order', () => {
    const list = [seen(failed, 60), seen(failed, 30, 'n2'), seen(failed, 4000), seen(recovered, 70)];
    expect(mergeSightings([...list].reverse())).toEqual(mergeSightings(list));
  });
});
