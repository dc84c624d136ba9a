import type { AttributeValue, LogRecord, Span, TimeRef } from '../model/index.ts';
import { ROW_ENTITY } from '../model/row-entity.ts';
import type { RowSignature } from '../rules/schema.ts';
import type { Asked } from './asked.ts';
import { type EntityIndex, ref } from './entities.ts';
import { crashLoopMs } from './onset.ts';
import { resolveEntities } from './resolve.ts';
import type { RoleFinder } from './roles.ts';
import { rowEvidence } from './row-evidence.ts';
import type { Sighting } from './sighting.ts';
import type { StateRow, Tri } from './state.ts';

const SAYINGS = ['reason', 'message', 'waitingReason', 'waitingMessage', 'readyReason', 'readyMessage'];

/**
 * The state of an object fits a `row` signature.
 *
 * @param asked - the attributes because of which it fits: their lines are quoted
 */
export function rowSighting(
  signature: RowSignature,
  state: StateRow,
  collectedAt: Span | undefined,
  index: EntityIndex,
  roles: RoleFinder,
  asked: readonly Asked[] = [],
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
  const kind = ROW_ENTITY[row.kind];
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
  const restarts = signature.onset?.crashLoop === 'restarts' ? row.values['restarts'] : undefined;
  const onset = stateOnset(record.time, row.values, collectedAt, typeof restarts === 'number' ? restarts : undefined);
  return {
    signature,
    entities,
    attributes: { ...resolved.attributes, ...attributes, ...sinceCreation(signature, row.values) },
    joinQuality: resolved.joinQuality,
    component: signature.component ?? state.role ?? resolved.component,
    onset,
    seen: onset,
    lastSeen: collectedAt === undefined ? undefined : collectorTime(collectedAt),
    boot: undefined,
    count: 1,
    text: textOf(record.message, captures),
    evidence: rowEvidence(signature, state, asked),
    observed: true,
    stream: record.stream,
    seq: record.seq,
  };
}

/** A row's cells and what its object says of itself, which a table holds in a cell and JSON or YAML in another line. */
function textOf(message: string, captures: Readonly<Record<string, string>>): string {
  const told = SAYINGS.flatMap((name) => captures[name] ?? []).filter((text) => !message.includes(text));
  return [message, ...told].join(' ');
}

/** What never started has waited since it was made, at least as long as its printed age says. */
function sinceCreation(
  { onset }: RowSignature,
  { restarts, ageMs }: Readonly<Record<string, unknown>>,
): Record<string, AttributeValue> {
  return onset?.neverStarted && restarts === 0 && typeof ageMs === 'number' ? { sinceMs: ageMs } : {};
}

/** A state that was seen at collection. */
export function collectorTime(at: Span): TimeRef {
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
 *
 * @param created - when the object came to be
 * @param restarts - of a crash loop: it has lasted at least their back-off
 */
export function stateOnset(
  created: TimeRef | undefined,
  values: Readonly<Record<string, unknown>>,
  collectedAt: Span | undefined,
  restarts?: number,
): TimeRef | undefined {
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
  const loop = restarts === undefined ? 0 : crashLoopMs(restarts);
  const age = values['ageMs'];
  const born =
    created?.at.earliest ?? (collectedAt && typeof age === 'number' ? collectedAt.earliest - age : undefined);
  if (!collectedAt || born === undefined) return undefined;
  const latest = collectedAt.latest - loop;
  const earliest = Math.min(born, latest);
  return {
    at: { earliest, latest },
    precisionMs: latest - earliest,
    clock: 'collector',
    basis: loop > 0 ? 'derived' : 'age',
    assumptions: [
      loop > 0
        ? `at least ${Math.round(loop / 60_000)} min of back-off before collection`
        : 'between creation and collection',
    ],
  };
}

/** Rows of a kind for which a condition is true; unknown counts as not shown. */
export function rowsWhere(rows: readonly StateRow[], judge: (row: StateRow) => Tri): readonly StateRow[] {
  // One object may come in several forms: the first that shows it all by itself speaks for it, else the first that fits.
  const chosen = new Map<string, { readonly row: StateRow; readonly isShown: boolean }>();
  for (const row of rows) {
    const { values } = row.row;
    const key = `${values['namespace'] ?? ''}/${values['name'] ?? `${row.record.ref.source}:${row.record.ref.line}`}`;
    const before = chosen.get(key);
    if (before?.isShown === true || judge(row) !== true) continue;
    const isShown = row.own === undefined || judge({ ...row, row: row.own }) === true;
    if (before === undefined || isShown) chosen.set(key, { row, isShown });
  }
  return [...chosen.values()].map(({ row }) => row);
}
