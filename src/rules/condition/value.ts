import type { EntityRef, Fact, Row, RowValue, Span } from '../../model/index.ts';
import { describeDuration, parseGoDuration } from '../../time/durations.ts';
import type { Tri } from './env.ts';

/** What an expression can be worth while a condition runs. */
export type Value =
  | boolean
  | number
  | string
  | { readonly type: 'unknown'; readonly why: string }
  | { readonly type: 'duration'; readonly ms: number }
  /** A count or sum that is only known to lie between two bounds. */
  | { readonly type: 'range'; readonly least: number; readonly greatest: number; readonly facts: readonly string[] }
  | { readonly type: 'entity'; readonly ref: EntityRef }
  | TimeValue
  | ListValue
  | Fact
  | Row;

export interface TimeValue {
  readonly type: 'time';
  readonly at: Span;
  readonly clock: string;
  readonly label: string;
  /** End of the episode where it is known; `latest` is Infinity while it is open. */
  readonly end: Span | undefined;
}

export interface ListValue {
  readonly type: 'list';
  readonly items: readonly Value[];
  /** Is this all there is? Decides whether "none" may be said. */
  readonly complete: Tri;
  /** What is listed, for messages: `facts of dns-upstream-timeout`. */
  readonly label: string;
}

export interface Bounds {
  readonly least: number;
  readonly greatest: number;
}

const MOST_SHOWN = 60;

export function isFact(value: Value): value is Fact {
  return typeof value === 'object' && 'signature' in value;
}

export function isRow(value: Value): value is Row {
  return typeof value === 'object' && 'values' in value;
}

export function typeOf(value: Value): string {
  if (typeof value !== 'object') return typeof value;
  return 'type' in value ? value.type : isFact(value) ? 'fact' : 'row';
}

export function unknown(why: string): Value {
  return { type: 'unknown', why };
}

export function isUnknown(value: Value): value is Extract<Value, { readonly type: 'unknown' }> {
  return typeof value === 'object' && 'type' in value && value.type === 'unknown';
}

export function isList(value: Value): value is ListValue {
  return typeof value === 'object' && 'type' in value && value.type === 'list';
}

export function listOf(items: readonly Value[], label: string, complete: Tri = true): ListValue {
  return { type: 'list', items, complete, label };
}

/** A cell; names ending in `Ms` hold milliseconds. */
export function fromCell(cell: RowValue, name: string): Value {
  if (typeof cell === 'number') return name.endsWith('Ms') ? { type: 'duration', ms: cell } : cell;
  if (typeof cell === 'object') return listOf(cell, name);
  return cell;
}

/** Text of a value where it has one: names of entities, numbers as printed. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if ('type' in value && value.type === 'entity') return nameOf(value.ref);
  if (isFact(value)) return value.text;
  return undefined;
}

export function nameOf(ref: EntityRef): string {
  return ref.slice(ref.indexOf('/') + 1);
}

/**
 * Bounds of a number, a count or a duration (in ms). A captured text counts when it is a number; against a duration
 * also when it is one (`45s`), and a bare number then means seconds, as rules write captures.
 */
export function boundsOf(value: Value, againstDuration: boolean): Bounds | undefined {
  if (typeof value === 'number') return { least: value, greatest: value };
  if (typeof value === 'string') {
    const trimmed = value.trim();
    if (/^[+-]?\d{1,15}(?:\.\d{1,15})?$/u.test(trimmed)) {
      const number = Number(trimmed) * (againstDuration ? 1000 : 1);
      return { least: number, greatest: number };
    }
    const ms = againstDuration ? parseGoDuration(trimmed) : undefined;
    return ms === undefined ? undefined : { least: ms, greatest: ms };
  }
  if (typeof value === 'object' && 'type' in value) {
    if (value.type === 'range') return value;
    if (value.type === 'duration') return { least: value.ms, greatest: value.ms };
  }
  return undefined;
}

/** Equality of two single values. Values of different sorts are not equal. */
export function equal(a: Value, b: Value): Tri {
  if (isUnknown(a) || isUnknown(b)) return 'unknown';
  const duration = typeOf(a) === 'duration' || typeOf(b) === 'duration';
  const isNumeric = (value: Value): boolean => ['number', 'duration', 'range'].includes(typeOf(value));
  if (isNumeric(a) || isNumeric(b)) {
    const left = boundsOf(a, duration);
    const right = boundsOf(b, duration);
    if (!left || !right) return false;
    if (left.greatest < right.least || right.greatest < left.least) return false;
    return left.least === left.greatest && right.least === right.greatest ? true : 'unknown';
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') return textOf(a) === textOf(b);
  if (isFact(a) && isFact(b)) return a.id === b.id;
  return sameName(a, b);
}

function sameName(a: Value, b: Value): boolean {
  const left = spellings(a);
  const right = spellings(b);
  if (typeOf(a) === 'entity' && typeOf(b) === 'entity') {
    // Two entities of one kind are the same only by their full name.
    const [refA = '', nameA] = left;
    const [refB = '', nameB] = right;
    return refA === refB || (kindOf(refA) !== kindOf(refB) && nameA === nameB);
  }
  return left.some((spelling) => right.includes(spelling));
}

function kindOf(ref: string): string {
  return ref.slice(0, ref.indexOf('/'));
}

/** Reference, name, and last part of an entity; the pid of a process is no part of its name. */
function spellings(value: Value): string[] {
  if (typeof value === 'object' && 'type' in value && value.type === 'entity') {
    const name = nameOf(value.ref);
    const last = name.slice(name.lastIndexOf('/') + 1);
    const all = [value.ref, name, last];
    return value.ref.startsWith('process/') ? [...all, last.replace(/:\d+$/u, '')] : all;
  }
  const text = textOf(value);
  return text === undefined ? [] : [text];
}

/** Short form for messages. */
export function show(value: Value): string {
  if (typeof value === 'string') return value.length > MOST_SHOWN ? `"${value.slice(0, MOST_SHOWN)}…"` : `"${value}"`;
  if (typeof value !== 'object') return String(value);
  if (isFact(value)) return value.title;
  if (isRow(value)) return `${value.kind} ${String(value.values['name'] ?? '')}`.trim();
  switch (value.type) {
    case 'unknown':
      return 'unknown';
    case 'duration':
      return describeDuration(value.ms);
    case 'range':
      return value.least === value.greatest
        ? String(value.least)
        : value.greatest === Number.POSITIVE_INFINITY
          ? `at least ${value.least}`
          : `${value.least} to ${value.greatest}`;
    case 'entity':
      return value.ref;
    case 'time':
      return value.label;
    case 'list': {
      const shown = value.items.slice(0, 4).map(show).join(', ');
      return value.items.length > 4 ? `[${shown}, … ${value.items.length} in all]` : `[${shown}]`;
    }
  }
}
