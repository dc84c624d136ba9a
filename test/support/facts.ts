import type { Edge, Fact, TimeRef } from '../../src/model/index.ts';

/** An exact time on one node's clock, seconds after midnight UTC. */
export function at(seconds: number, until = seconds, clock = 'node/n1'): TimeRef {
  const day = Date.UTC(2025, 0, 31);
  return {
    at: { earliest: day + seconds * 1000, latest: day + until * 1000 },
    precisionMs: 1000,
    clock,
    basis: 'absolute',
    assumptions: [],
  };
}

export function fact(id: string, known: Partial<Fact> = {}): Fact {
  return {
    id,
    signature: id,
    title: id,
    summary: id,
    observed: true,
    entities: {},
    attributes: {},
    text: id,
    count: 1,
    countIs: 'exact',
    polarity: 'symptom',
    nature: 'event',
    severity: 'high',
    layer: 'node',
    initiates: 'possible',
    certainty: 0.9,
    evidence: [{ kind: 'log', ref: { source: `${id}.log`, line: 1 }, quote: id }],
    members: [],
    ...known,
  };
}

export function edge(from: string, to: string, weight: number, known: Partial<Edge> = {}): Edge {
  return {
    id: `${from}>${to}`,
    from,
    to,
    rule: `${from}--${to}`,
    graph: 'start',
    type: 'causes',
    weight,
    basis: weight >= 0.75 ? 'observed' : weight >= 0.5 ? 'inferred' : 'assumed',
    order: 'definite',
    mechanism: `${from} brings about ${to}.`,
    contributions: [],
    rivals: [],
    ...known,
  };
}
