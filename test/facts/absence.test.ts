import { describe, expect, it } from 'vitest';
import { findAbsence, isShown } from '../../src/facts/absence.ts';
import { buildState } from '../../src/facts/state.ts';
import type { Listing, LogRecord } from '../../src/model/index.ts';
import { type AbsenceSignature, signatureSchema } from '../../src/rules/schema.ts';
import { record, roles, row, source } from '../support/records.ts';

function absent(known: Partial<AbsenceSignature> = {}): AbsenceSignature {
  return signatureSchema.parse({
    id: 'dns-absent',
    title: 'Cluster DNS is absent',
    kind: 'absence',
    subject: { kind: 'Deployment', component: 'cluster-dns' },
    listings: ['Deployment', 'Pod'],
    layer: 'dns',
    severity: 'critical',
    ...known,
  }) as AbsenceSignature;
}

const complete: Listing = { kind: 'Pod', namespace: 'all', complete: true, rows: 1, source: 'pods.txt', line: 1 };
const other = row(
  'Pod',
  { namespace: 'kube-system', name: 'metrics-server-0', ready: true },
  { ref: { source: 'pods.txt', line: 2 } },
);
/** More than what somebody searched for. */
const others = ['metrics-server-0', 'etcd-a', 'kube-scheduler-a'].map((name) =>
  row('Pod', { namespace: 'kube-system', name, ready: true }, { ref: { source: 'pods.txt', line: 2 } }),
);
const application = row('Pod', { namespace: 'shop', name: 'cart-0' }, { ref: { source: 'pods.txt', line: 2 } });

interface Given {
  readonly records?: readonly LogRecord[];
  readonly listings?: readonly Listing[];
  readonly notFound?: readonly { readonly record: LogRecord; readonly name: string }[];
  readonly signature?: AbsenceSignature;
  readonly mayUseListing?: boolean;
}

function find({
  records = others,
  listings = [complete],
  notFound = [],
  signature = absent(),
  mayUseListing = true,
}: Given) {
  const state = buildState([source('pods.txt', records, { listings })], roles);
  return findAbsence(signature, state, notFound, () => undefined, roles, mayUseListing);
}

describe('an absence', () => {
  it('is shown by a complete listing that would have had it', () => {
    expect(find({})).toMatchObject({
      entities: { component: 'component/cluster-dns' },
      attributes: { proof: 'the listing of Pod in the cluster (1 rows) is complete and shows no cluster-dns' },
      evidence: [{ kind: 'absence', ref: { source: 'pods.txt', line: 2 } }],
    });
  });
  it('is shown by an explicit answer, without a listing', () => {
    const answer = record('Error from server (NotFound): deployments.apps "coredns" not found');
    expect(find({ listings: [], notFound: [{ record: answer, name: 'coredns' }] })).toMatchObject({
      attributes: { proof: 'the API server answered NotFound for coredns' },
      evidence: [{ quote: 'Error from server (NotFound): deployments.apps "coredns" not found' }],
    });
  });
  it.each([
    ['no listing', { listings: [] }],
    ['a listing of another namespace', { listings: [{ ...complete, namespace: 'shop' }] }],
    ['a cut listing', { listings: [{ ...complete, complete: false }] }],
    ['a listing of another kind', { listings: [{ ...complete, kind: 'Service' }] }],
    ['a listing that proves little alone', { mayUseListing: false }],
    ['a part of a listing, without the objects of the system', { records: [application] }],
    ['NotFound of something else', { listings: [], notFound: [{ record: record('x'), name: 'web' }] }],
    [
      'a pod of it, though it crashes',
      { records: [other, row('Pod', { namespace: 'kube-system', name: 'coredns-1-x', ready: false })] },
    ],
  ] satisfies [string, Given][])('is not shown by %s', (_, given) => {
    expect(find(given)).toBeUndefined();
  });
  it('is not told where another component does the work', () => {
    const signature = absent({ subject: { kind: 'DaemonSet', component: 'service-proxy' }, unlessUp: ['cni'] });
    const place = { ref: { source: 'pods.txt', line: 2 } };
    const cilium = (ready: boolean) => row('Pod', { namespace: 'kube-system', name: 'cilium-x', ready }, place);
    expect(find({ signature, records: [...others, cilium(true)] })).toBeUndefined();
    expect(find({ signature, records: [...others, cilium(false)] })).toMatchObject({ component: 'service-proxy' });
  });
});

describe('what is shown', () => {
  it('is a workload of the role for workloads, and its service for services', () => {
    const state = (...rows: readonly LogRecord[]) => buildState([source('a', rows)], roles);
    const service = row('Service', { namespace: 'kube-system', name: 'kube-dns' });
    expect(isShown(absent(), state(row('Deployment', { namespace: 'kube-system', name: 'coredns' })))).toBe(true);
    expect(isShown(absent(), state(other))).toBe(false);
    const wanted = absent({ subject: { kind: 'Service', component: 'cluster-dns' } });
    expect(isShown(wanted, state(service))).toBe(true);
    expect(isShown(wanted, state(row('Deployment', { namespace: 'kube-system', name: 'coredns' })))).toBe(false);
  });
});
