import { describe, expect, it } from 'vitest';
import { collectEntities } from '../../src/facts/entities.ts';
import { rowSighting, rowsWhere, stateOnset } from '../../src/facts/row-sightings.ts';
import type { StateRow } from '../../src/facts/state.ts';
import type { LogRecord, Span } from '../../src/model/index.ts';
import { type RowSignature, signatureSchema } from '../../src/rules/schema.ts';
import { at } from '../support/facts.ts';
import { roles, row } from '../support/records.ts';

const collected: Span = { earliest: at(86_000).at.earliest, latest: at(86_000).at.latest };

function signature(rows: string, known: Partial<RowSignature> = {}): RowSignature {
  return signatureSchema.parse({
    id: 'it-is-bad',
    title: '{{name}} is bad',
    kind: 'row',
    rows,
    where: 'row.ready == false',
    layer: 'apps',
    severity: 'high',
    examples: { match: [{ ready: false }], reject: [{ row: { ready: true }, because: 'it works' }] },
    ...known,
  }) as RowSignature;
}

function see(rule: RowSignature, record: LogRecord, role?: string) {
  const state = { record, row: record.row as NonNullable<LogRecord['row']>, role };
  return rowSighting(rule, state, collected, collectEntities().build(), roles);
}

describe('the state of an object', () => {
  it.each([
    ['Pod', { namespace: 'db', name: 'pg-0', node: 'n1' }, { pod: 'pod/db/pg-0', node: 'node/n1' }],
    ['Node', { name: 'n1' }, { node: 'node/n1' }],
    ['Service', { namespace: 'db', name: 'pg' }, { service: 'service/db/pg' }],
    ['PersistentVolumeClaim', { namespace: 'db', name: 'data' }, { claim: 'claim/db/data' }],
    ['Kustomization', { namespace: 'flux-system', name: 'apps' }, { kustomization: 'kustomization/flux-system/apps' }],
    ['CertificateRequest', { namespace: 'db', name: 'tls-1' }, {}],
  ])('of a %s concerns it', (kind, values, entities) => {
    expect(see(signature(kind), row(kind, values)).entities).toEqual(entities);
  });
  it('is as old as an object that never started, where its rule says so', () => {
    const rule = signature('Pod', { onset: { neverStarted: 'restarts' } });
    const since = (restarts: number) =>
      see(rule, row('Pod', { name: 'a', restarts, ageMs: 60_000 })).attributes['sinceMs'];
    expect([since(0), since(1)]).toEqual([60_000, undefined]);
    expect(see(signature('Pod'), row('Pod', { name: 'a', restarts: 0, ageMs: 60_000 })).attributes).not.toHaveProperty(
      'sinceMs',
    );
  });
  it('has the cells as attributes, and the role of the object as component', () => {
    const sighting = see(
      signature('Pod'),
      row('Pod', { namespace: 'kube-system', name: 'coredns-1-x', restarts: 7, ready: false, images: ['a', 'b'] }),
      'cluster-dns',
    );
    expect(sighting.attributes).toMatchObject({ restarts: 7, ready: false, images: 'a,b' });
    expect(sighting.component).toBe('cluster-dns');
    expect(sighting.lastSeen).toMatchObject({ at: collected, assumptions: ['state at collection'] });
  });
});

describe('when a state began', () => {
  it('lies between creation and collection', () => {
    expect(stateOnset(at(1000), {}, collected)).toEqual({
      at: { earliest: at(1000).at.earliest, latest: collected.latest },
      precisionMs: 85_000_000,
      clock: 'collector',
      basis: 'age',
      assumptions: ['between creation and collection'],
    });
  });
  it('is at least the back-off of its restarts ago', () => {
    const onset = stateOnset(at(1000), {}, collected, 101);
    expect(onset?.at).toEqual({
      earliest: at(1000).at.earliest,
      latest: collected.latest - (10 + 20 + 40 + 80 + 160 + 95 * 300) * 1000,
    });
    expect(onset?.basis).toBe('derived');
  });
  it('is the transition that the object names', () => {
    expect(stateOnset(at(1000), { lastTransition: '2025-01-31T00:30:00Z' }, collected)).toEqual({
      at: { earliest: at(1800).at.earliest, latest: at(1800).at.earliest + 999 },
      precisionMs: 1000,
      clock: 'apiserver',
      basis: 'absolute',
      assumptions: [],
    });
  });
  it('is not known without creation or collection', () => {
    expect(stateOnset(undefined, {}, collected)).toBeUndefined();
    expect(stateOnset(at(1000), {}, undefined)).toBeUndefined();
    expect(stateOnset(undefined, { ageMs: 60_000 }, collected)?.at).toEqual({
      earliest: collected.earliest - 60_000,
      latest: collected.latest,
    });
  });
});

describe('rows that fit', () => {
  it('speak by the form that shows it itself rather than by one that others completed', () => {
    const [table, describe] = [
      row('Pod', { namespace: 'db', name: 'pg-0' }),
      row('Pod', { namespace: 'db', name: 'pg-0', lastReason: 'OOMKilled' }),
    ];
    const both = { kind: 'Pod', values: { namespace: 'db', name: 'pg-0', lastReason: 'OOMKilled' } };
    const states: StateRow[] = [table, describe].map((record) => ({
      record,
      row: both,
      own: record.row as NonNullable<LogRecord['row']>,
      role: undefined,
    }));
    const fitting = rowsWhere(states, ({ row: { values } }) => values['lastReason'] === 'OOMKilled');
    expect(fitting.map(({ record }) => record)).toEqual([describe]);
  });
  it('speak once for an object in several forms, and not where it is unknown', () => {
    const states: StateRow[] = [
      row('Pod', { namespace: 'db', name: 'pg-0', ready: false }),
      row('Pod', { namespace: 'db', name: 'pg-0', ready: false, node: 'n1' }),
      row('Pod', { namespace: 'db', name: 'pg-1' }),
      row('Pod', { namespace: 'web', name: 'pg-0', ready: false }),
    ].map((record) => ({ record, row: record.row as NonNullable<LogRecord['row']>, role: undefined }));
    const fitting = rowsWhere(states, ({ row: { values } }) =>
      values['ready'] === undefined ? 'unknown' : !values['ready'],
    );
    expect(fitting.map((state) => states.indexOf(state))).toEqual([0, 3]);
  });
});
