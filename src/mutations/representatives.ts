import { collectEntities } from '../facts/entities.ts';
import { mergeSightings } from '../facts/episodes.ts';
import { sightingOf } from '../facts/log-sightings.ts';
import { findRoles } from '../facts/roles.ts';
import { rowSighting } from '../facts/row-sightings.ts';
import type { Sighting } from '../facts/sighting.ts';
import { ENTITY_KINDS, type EntityKind, type EntityRef, type Fact, type LogRecord } from '../model/index.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { RowSignature, Signature } from '../rules/schema.ts';
import type { ReadExample } from './examples.ts';
import { T0, timed } from './times.ts';

const KINDS: ReadonlySet<string> = new Set(ENTITY_KINDS);

/**
 * One fact for each signature, made the way a bundle's facts are: from the first example that matches, from the first
 * row, or, where a signature has no examples, from what its rule says of it. Facts lack a place until they get one.
 */
export function representatives(rules: RuleSet, examples: readonly ReadExample[]): ReadonlyMap<string, Fact> {
  const roles = findRoles(rules.roles);
  const index = collectEntities().build();
  const found = new Map<string, Fact>();
  for (const { signature, because, matches } of examples) {
    if (because !== undefined || found.has(signature.id)) continue;
    const match = matches.find((one) => one.signature.id === signature.id);
    const fact = match && factOf(sightingOf(match, index, roles));
    if (fact) found.set(signature.id, fact);
  }
  for (const signature of rules.signatures) {
    if (found.has(signature.id)) continue;
    const fact = factOf(
      signature.kind === 'row'
        ? rowSighting(signature, stateRow(signature), { earliest: T0, latest: T0 }, index, roles)
        : saidOf(signature),
    );
    if (fact) found.set(signature.id, fact);
  }
  return found;

  function stateRow(signature: RowSignature) {
    const values = signature.examples.match[0] ?? {};
    const { name, namespace } = values;
    const row = { kind: signature.rows, values };
    const record: LogRecord = { ...bareRecord(signature), kind: 'row', row };
    const role =
      typeof name === 'string'
        ? roles.ofWorkload(typeof namespace === 'string' ? namespace : undefined, name)
        : undefined;
    return { record, row, role };
  }
}

function bareRecord({ id, title }: Signature): LogRecord {
  const ref = { source: `${id}/example`, line: 1 };
  return { id: `${id}/example:1`, ref, kind: 'log', stream: id, seq: 0, message: title, raw: title, fields: {} };
}

/** Enough repeats that the signature's own threshold is met. */
function factOf(sighting: Sighting): Fact | undefined {
  const { signature, seen } = sighting;
  const count = Math.max(sighting.count, signature.atLeast?.count ?? 1);
  return mergeSightings([{ ...sighting, count, seen: seen ?? timed(T0) }])[0];
}

/** Derived, absent and silent facts have no line to make them from: the rule's own entities stand for it. */
function saidOf(signature: Signature): Sighting {
  const record = bareRecord(signature);
  const entities: Record<string, EntityRef> = {};
  for (const role of Object.keys(signature.entities)) {
    if (KINDS.has(role)) entities[role] = `${role as EntityKind}/example`;
  }
  const component = signature.component ?? (signature.kind === 'absence' ? signature.subject.component : undefined);
  return {
    signature,
    entities,
    attributes: {},
    joinQuality: 1,
    onset: timed(T0),
    seen: timed(T0),
    lastSeen: timed(T0),
    boot: undefined,
    count: 1,
    text: signature.title,
    evidence: [{ kind: 'derived', ref: record.ref, quote: signature.title }],
    observed: false,
    component,
    stream: record.stream,
    seq: 0,
  };
}
