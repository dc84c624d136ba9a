import type { LogRecord } from '../model/index.ts';
import type { AbsenceSignature } from '../rules/schema.ts';
import { ref } from './entities.ts';
import { evidenceOf } from './evidence.ts';
import type { RoleFinder } from './roles.ts';
import type { Sighting } from './sighting.ts';
import { type ClusterState, SYSTEM_NAMESPACE } from './state.ts';

/**
 * A workload that is not there. Proof is a complete listing that would have shown it, or an explicit NotFound;
 * without either nothing is claimed.
 */
export function findAbsence(
  signature: AbsenceSignature,
  state: ClusterState,
  notFound: readonly { readonly record: LogRecord; readonly name: string }[],
  headerOf: (source: string, line: number) => LogRecord | undefined,
  roles: RoleFinder,
  mayUseListing: boolean,
): Sighting | undefined {
  const role = signature.subject.component;
  if (signature.unlessUp.some((other) => state.up(other) === true)) return undefined;
  if (isShown(signature, state)) return undefined;
  const explicit = notFound.find(
    ({ name }) => roles.ofWorkload(undefined, name) === role || roles.ofService(`${SYSTEM_NAMESPACE}/${name}`) === role,
  );
  const listing = explicit || !mayUseListing ? undefined : state.listed(signature.listings, SYSTEM_NAMESPACE);
  const record =
    explicit?.record ?? (listing && (headerOf(listing.source, listing.line) ?? firstOfListing(state, listing.source)));
  if (!record) return undefined;
  const place = listing && listing.namespace !== 'all' ? `namespace ${listing.namespace}` : 'the cluster';
  const because = explicit
    ? `the API server answered NotFound for ${explicit.name}`
    : `the listing of ${listing?.kind} in ${place} (${listing?.rows} rows) is complete and shows no ${role}`;
  return {
    signature,
    entities: { component: ref('component', role) },
    attributes: { component: role, proof: because, place },
    joinQuality: 1,
    onset: undefined,
    seen: undefined,
    lastSeen: record.time,
    boot: undefined,
    count: 1,
    text: record.message,
    evidence: [{ ...evidenceOf(record, [], 'absence'), derivation: { formula: because, inputs: [record.ref] } }],
    observed: true,
    component: role,
    stream: record.stream,
    seq: record.seq,
  };
}

/** Does some listing show a workload (or the service) of the role, working or not? */
export function isShown({ subject }: AbsenceSignature, state: ClusterState): boolean {
  return ['Pod', 'Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Service'].some((kind) =>
    state
      .rows(kind)
      .some((row) => row.role === subject.component && (subject.kind !== 'Service' || kind === 'Service')),
  );
}

function firstOfListing(state: ClusterState, source: string): LogRecord | undefined {
  for (const kind of ['Pod', 'DaemonSet', 'Deployment', 'Service', 'StatefulSet']) {
    const row = state.rows(kind).find((one) => one.record.ref.source === source);
    if (row) return row.record;
  }
  return undefined;
}
