/** Kubernetes Events as records, whichever form they came in: table, describe, YAML or JSON. */

import type { Stamp } from '../../model/index.ts';
import { type AgeForm, parseAge } from '../../time/age.ts';
import type { DocumentBuilder } from './builder.ts';
import { kindOfResource } from './resources.ts';
import { ageOrInstant, eventNameTime } from './stamps.ts';

export interface EventData {
  readonly at: number;
  readonly last?: number | undefined;
  readonly column?: number | undefined;
  readonly type: string | undefined;
  readonly reason: string;
  readonly message: string;
  /** Kind and name of the object that the Event is about. */
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly component?: string | undefined;
  readonly host?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly count?: number | undefined;
  readonly first?: Stamp | undefined;
  readonly latest?: Stamp | undefined;
  /** Identity of the object. */
  readonly uid?: string | undefined;
  /** When the API server stored it. */
  readonly created?: string | undefined;
  /** `metadata.name` of the Event: its hexadecimal part is the exact first time. */
  readonly eventName?: string | undefined;
}

const FIELD_PATH = /^(spec\.(?:(?:init|ephemeral)?[cC]ontainers)\{([^}]{0,253})\}): /u;
const PATH_CONTAINER = /\{([^}]{1,253})\}$/u;

export function addEvent(doc: DocumentBuilder, event: EventData): void {
  const prefix = FIELD_PATH.exec(event.message);
  const message = prefix === null ? event.message : event.message.slice(prefix[0].length);
  const fieldPath = event.fieldPath ?? prefix?.[1];
  const first = exactFirst(event);
  const latest = event.latest;
  const isPod = event.kind === 'Pod' && event.name !== undefined;
  const isOnNode = event.kind === 'Node' && event.name !== undefined;
  doc.add({
    at: event.at,
    last: event.last,
    column: event.column,
    kind: 'kube-event',
    message: message === '' ? `${event.reason}:` : `${event.reason}: ${message}`,
    stamp: first ?? latest,
    lastStamp: latest,
    node: event.host ?? (isOnNode ? event.name : undefined),
    unit: event.component,
    namespace: event.namespace,
    pod: isPod ? `${event.namespace ?? 'unknown'}/${event.name}` : undefined,
    container: fieldPath === undefined ? undefined : PATH_CONTAINER.exec(fieldPath)?.[1],
    // Tables of the oldest clients have no type.
    level: event.type === 'Warning' ? 'warning' : event.type === undefined ? undefined : 'info',
    count: event.count,
    fields: {
      type: event.type,
      reason: event.reason,
      object: event.kind === undefined || event.name === undefined ? undefined : `${event.kind}/${event.name}`,
      kind: event.kind,
      name: event.name,
      count: event.count === undefined ? undefined : String(event.count),
      fieldPath,
      event: event.eventName,
      uid: event.uid,
      created: event.created,
      reportedFrom: event.host,
    },
  });
}

/**
 * The first time with its sub-second part from the Event's name. The name decides alone where the document shows
 * only an age or nothing; an instant is kept when the two differ by more than a second: other controllers name otherwise.
 */
function exactFirst(event: EventData): Stamp | undefined {
  const named = event.eventName === undefined ? undefined : eventNameTime(event.eventName);
  if (named === undefined) {
    return event.first;
  }
  const exact: Stamp = { kind: 'instant', epochMs: Math.floor(named * 1000) / 1000, precisionMs: 1 };
  if (event.first === undefined || event.first.kind === 'age') {
    return exact;
  }
  if (event.first.kind !== 'instant' || event.first.precisionMs < 1000) {
    return event.first;
  }
  const distance = named - event.first.epochMs;
  return distance > -1000 && distance < 2000 ? exact : event.first;
}

export interface Occurrences {
  readonly first?: Stamp | undefined;
  readonly latest?: Stamp | undefined;
  readonly count?: number | undefined;
}

/** `2m4s (x12 over 30m)`: seen last 2m4s ago, 12 times since 30 minutes ago. */
export function parseOccurrences(cell: string, form: AgeForm): Occurrences {
  const repeated = /^(\S+) \(x(\d{1,9}) over ([^)]{1,24})\)$/u.exec(cell);
  if (repeated === null) {
    return { latest: ageOrInstant(cell, form) };
  }
  return {
    latest: ageOrInstant(repeated[1] ?? '', form),
    count: Number(repeated[2]),
    first: ageOrInstant(repeated[3] ?? '', form),
  };
}

/** `pod/web-1`, `Pod/web-1`, `deployment.apps/web` → kind and name. */
export function parseObject(cell: string): { readonly kind?: string; readonly name?: string } {
  const slash = cell.indexOf('/');
  if (slash <= 0) {
    return {};
  }
  const word = cell.slice(0, slash);
  return { kind: kindOfResource(word) ?? word, name: cell.slice(slash + 1) };
}

/** `kubelet`, `kubelet, node-1`. */
export function parseSource(cell: string | undefined): { readonly component?: string; readonly host?: string } {
  if (cell === undefined || cell === '' || cell.startsWith('<')) {
    return {};
  }
  // Clients up to 1.2 printed the structure as it is: `{kubelet node-1}`.
  const old = /^\{(\S{1,253})(?: (\S{0,253}))?\}$/u.exec(cell);
  if (old?.[1] !== undefined) {
    return { component: old[1], ...(old[2] ? { host: old[2] } : {}) };
  }
  const comma = cell.indexOf(', ');
  return comma < 0 ? { component: cell } : { component: cell.slice(0, comma), host: cell.slice(comma + 2).trim() };
}

/**
 * When a table with exact first times and ages of them was printed: the moments that all its rows allow.
 *
 * firstTimestamp is the name's time cut to whole seconds, so capture lies in [second + age, second + age + unit).
 */
export function captureTime(
  rows: readonly { readonly eventName: string; readonly firstSeen: string }[],
  form: AgeForm,
): Stamp | undefined {
  let earliest = Number.NEGATIVE_INFINITY;
  let latest = Number.POSITIVE_INFINITY;
  for (const { eventName, firstSeen } of rows) {
    const named = eventNameTime(eventName);
    const age = parseAge(firstSeen, form);
    if (named !== undefined && age !== undefined) {
      const second = Math.floor(named / 1000) * 1000;
      earliest = Math.max(earliest, second + age.ageMs);
      latest = Math.min(latest, second + age.ageMs + age.unitMs);
    }
  }
  return Number.isFinite(earliest)
    ? { kind: 'instant', epochMs: earliest, precisionMs: latest > earliest ? latest - earliest : 1000 }
    : undefined;
}
