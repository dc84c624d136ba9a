import type { AttributeValue, LogRecord, Span, TimeRef } from '../model/index.ts';
import type { RowSignature } from '../rules/schema.ts';
import { type EntityIndex, ref } from './entities.ts';
import { evidenceOf } from './log-sightings.ts';
import { crashLoopMs } from './onset.ts';
import { resolveEntities } from './resolve.ts';
import type { RoleFinder } from './roles.ts';
import type { Sighting } from './sighting.ts';
import type { StateRow, Tri } from './state.ts';

/** Kinds whose rows are named by an entity of their own. */
const OWN_KIND: Readonly<Record<string, string>> = {
  Pod: 'pod',
  Node: 'node',
  Service: 'service',
  PersistentVolume: 'volume',
  PersistentVolumeClaim: 'claim',
  StorageClass: 'storage-class',
  Namespace: 'namespace',
  Kustomization: 'kustomization',
  HelmRelease: 'helm-release',
  GitRepository: 'git-source',
  HelmRepository: 'git-source',
  OCIRepository: 'git-source',
};

/** The state of an object fits a `row` signature. */
export function rowSighting(
  signature: RowSignature,
  state: StateRow,
  collectedAt: Span | undefined,
  index: EntityIndex,
  roles: RoleFinder,
): Sighting {
  const { record, row } = state;
  const captures: Record<string, string> = {};
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(row.values)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      captures[name] = String(value);
      attributes[name] = value;
    } else captures[name] = value.join(',');
  }
  const kind = OWN_KIND[row.kind];
  const name = captures['name'];
  const named = captures['namespace'] === undefined ? name : `${captures['namespace']}/${name}`;
  const own: LogRecord = {
    ...record,
    ...(row.kind === 'Pod' && named !== undefined && { pod: named }),
    ...(captures['node'] !== undefined && { node: captures['node'] }),
    ...(row.kind === 'Node' && name !== undefined && { node: name }),
  };
  const resolved = resolveEntities(signature, own, captures, index, roles);
  const entities = { ...resolved.entities };
  if (kind && named !== undefined && !entities[kind]) entities[kind] = ref(kind as 'pod', named);
  const onset = onsetOf(signature, record, row.values, collectedAt);
  return {
    signature,
    entities,
    attributes: { ...resolved.attributes, ...attributes },
    joinQuality: resolved.joinQuality,
    component: signature.component ?? state.role ?? resolved.component,
    onset,
    seen: onset,
    lastSeen: collectedAt === undefined ? undefined : collectorTime(collectedAt),
    boot: undefined,
    count: 1,
    text: record.message,
    evidence: [evidenceOf(record, [captures['status'] ?? '', name ?? ''], 'row')],
    observed: true,
    stream: record.stream,
    seq: record.seq,
  };
}

function collectorTime(at: Span): TimeRef {
  return {
    at,
    precisionMs: at.latest - at.earliest,
    clock: 'collector',
    basis: 'age',
    assumptions: ['state at collection'],
  };
}

/**
 * When a state began: at the latest at collection, not before the object was created; an estimate from the back-off
 * where restarts are counted; the object's own transition time where it has one.
 */
function onsetOf(
  signature: RowSignature,
  record: LogRecord,
  values: Readonly<Record<string, unknown>>,
  collectedAt: Span | undefined,
): TimeRef | undefined {
  const created = record.time;
  const transition = values['lastTransition'];
  if (typeof transition === 'string') {
    const at = Date.parse(transition);
    if (Number.isFinite(at)) {
      return {
        at: { earliest: at, latest: at + 999 },
        precisionMs: 1000,
        clock: 'apiserver',
        basis: 'absolute',
        assumptions: [],
      };
    }
  }
  if (!collectedAt) return created && signature.rows !== 'Pod' ? created : undefined;
  const restarts = values['restarts'];
  const loop = signature.onset?.crashLoop === 'restarts' && typeof restarts === 'number' ? crashLoopMs(restarts) : 0;
  const latest = collectedAt.latest - loop;
  const earliest = created ? Math.min(created.at.earliest, latest) : latest;
  if (!created && loop === 0) return undefined;
  return {
    at: { earliest, latest },
    precisionMs: latest - earliest,
    clock: 'collector',
    basis: 'age',
    assumptions: [
      loop > 0
        ? `at least ${Math.round(loop / 60_000)} min of back-off before collection`
        : 'between creation and collection',
    ],
  };
}

/** Rows of a kind for which a condition is true; unknown counts as not shown. */
export function rowsWhere(rows: readonly StateRow[], judge: (row: StateRow) => Tri): readonly StateRow[] {
  // One object may come in several forms: the first that fits speaks for it, the others are the same object.
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = `${row.row.values['namespace'] ?? ''}/${row.row.values['name'] ?? `${row.record.ref.source}:${row.record.ref.line}`}`;
    if (seen.has(key) || judge(row) !== true) return false;
    if (row.row.values['name'] !== undefined) seen.add(key);
    return true;
  });
}
