import { describe, expect, it } from 'vitest';
import { buildEdges } from '../../src/correlation/edges.ts';
import type { Judge } from '../../src/correlation/judge.ts';
import type { Fact } from '../../src/model/index.ts';
import { type Link, linkSchema } from '../../src/rules/schema.ts';
import { at, fact } from '../support/facts.ts';

const verdicts =
  (known: Record<string, true | false | 'unknown'>): Judge =>
  (_rule, property) => ({ value: known[property] ?? 'unknown', why: property, facts: [] });

function link(known: Partial<Link> = {}): Link {
  return linkSchema.parse({
    id: 'cause--effect',
    cause: 'cause',
    effect: 'effect',
    scope: 'node',
    within: '10m',
    order: 'strict',
    confidence: 'strong',
    mechanism: 'It does.',
    ...known,
  });
}

function build(rules: Link[], facts: Fact[], judge: Judge = verdicts({})) {
  return buildEdges(rules, facts, { judge, linked: () => undefined, signaturesOf: (name) => [name] });
}

const cause = fact('cause', { entities: { node: 'node/n1' }, onset: at(100) });
const effect = fact('effect', { entities: { node: 'node/n1' }, onset: at(160) });

describe('an edge', () => {
  it('carries base, time and join as visible arithmetic', () => {
    const [edge] = build([link()], [cause, effect]).edges;
    expect(edge).toMatchObject({
      weight: 0.85,
      basis: 'observed',
      order: 'definite',
      lagMs: { least: 60_000, greatest: 60_000 },
    });
    expect(edge?.contributions.map(({ what, factor }) => [what, factor])).toEqual([
      ['base', 0.85],
      ['join', 1],
      ['time', 1],
    ]);
  });
  it('is not made against the order of time, and says so', () => {
    const late = { ...cause, onset: at(300) };
    const built = build([link()], [late, effect]);
    expect(built.edges).toEqual([]);
    expect(built.rejected).toMatchObject([{ reason: 'excluded-by-time' }]);
  });
  it('is not made outside the window, measured from the end of the cause', () => {
    const far = { ...effect, onset: at(1000) };
    expect(build([link()], [cause, far]).edges).toEqual([]);
    expect(build([link()], [{ ...cause, lastSeen: at(900) }, far]).edges).toHaveLength(1);
  });
  it('is not made between different nodes', () => {
    const elsewhere = { ...effect, entities: { node: 'node/n2' as const } };
    expect(build([link()], [cause, elsewhere]).edges).toEqual([]);
  });
  it('is weaker where the node of one side is unknown', () => {
    const [edge] = build([link()], [cause, { ...effect, entities: {} }]).edges;
    expect(edge?.weight).toBeCloseTo(0.85 * 0.75);
  });
  it('leads to what no rule knows only forward in time, and never holds it', () => {
    const states = link({ order: 'any', mode: 'both' });
    const made = (onset: Fact['onset'], isUnknown: boolean) =>
      buildEdges([states], [cause, { ...effect, ...(onset && { onset }) }], {
        judge: verdicts({}),
        linked: () => undefined,
        signaturesOf: (name) => [name],
        isUnknown: ({ id }) => isUnknown && id === 'effect',
      }).edges.map(({ graph }) => graph);
    expect(made(at(160), true)).toEqual(['start']);
    expect(made(at(40), true)).toEqual([]);
    expect(made(at(40), false)).toEqual(['hold', 'start']);
  });
  it('is not made on an unknown condition, which becomes a question', () => {
    const asking = link({
      when: 'c.count > 1',
      ask: [{ need: 'the journal', run: 'journalctl', tells: 'it would show' }],
    });
    const built = build([asking], [cause, effect], verdicts({ when: 'unknown' }));
    expect(built.edges).toEqual([]);
    expect(built.questions).toMatchObject([{ need: 'the journal', separates: ['cause', 'effect'] }]);
  });
  it('is raised by the effect naming its cause and cut by a refutation', () => {
    const named = build([link({ named: 'true' })], [cause, effect], verdicts({ named: true })).edges[0]?.weight;
    const refuted = build([link({ refutes: ['true'] })], [cause, effect], verdicts({ 'refutes.0': true })).edges[0]
      ?.weight;
    expect(named).toBeCloseTo(0.925);
    expect(refuted).toBeCloseTo(0.255);
  });
  it('yields to a heavier rival into the same effect', () => {
    const other = fact('other', { entities: { node: 'node/n1' }, onset: at(120) });
    const rivals = [
      link({ oneOf: 'why' }),
      link({ id: 'other--effect', cause: 'other', oneOf: 'why', confidence: 'probable' }),
    ];
    const weights = build(rivals, [cause, other, effect]).edges.map(({ rule, weight }) => [
      rule,
      Math.round(weight * 100) / 100,
    ]);
    expect(weights).toEqual([
      ['cause--effect', 0.85],
      ['other--effect', 0.42],
    ]);
  });
  it('needs no time where states hold each other', () => {
    const { edges } = build([link({ mode: 'both', order: 'any' })], [{ ...cause, onset: at(300) }, effect]);
    expect(edges.map((one) => one.graph).sort()).toEqual(['hold', 'start']);
  });
});
