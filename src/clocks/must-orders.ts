/** Finds the pairs of records that must be in order, and what each says about the two clocks that wrote them. */
import type { LogRecord, MustOrder, OrderSide, ReadSource, Span } from '../model/index.ts';
import { instantField, isPlausible } from './wall.ts';

/** What one pair proves: clock `ahead` shows at least `leastMs` more than clock `behind`; negative: at most less. */
export interface OrderedPair {
  readonly ahead: string;
  readonly behind: string;
  readonly leastMs: number;
}

interface Occurrence {
  readonly clock: string;
  readonly at: Span;
}

interface CompiledSide extends OrderSide {
  readonly regex: RegExp | undefined;
}

const MAX_KEYS = 20_000;
const MAX_MATCHES = 200;
const MAX_TEXT = 8192;
const SECOND_MS = 1000;
/** Pairs that contradict their order by more are of different occurrences, or one has the wrong zone. */
const MAX_OFFSET_MS = 3_600_000;
/** Times that rest on an assumed zone, on neighbours or on ages show nothing about a clock. */
const EXACT: ReadonlySet<string> = new Set(['absolute', 'yearless', 'monotonic']);

/** @param sources with the times of their records */
export function orderedPairs(sources: readonly ReadSource[], orders: readonly MustOrder[]): readonly OrderedPair[] {
  return orders.flatMap(({ earlier, later }) => {
    const before = occurrencesOf(sources, earlier);
    return before.size === 0 ? [] : pairsOf(before, occurrencesOf(sources, later));
  });
}

function pairsOf(
  before: ReadonlyMap<string, readonly Occurrence[]>,
  after: ReadonlyMap<string, readonly Occurrence[]>,
): readonly OrderedPair[] {
  return [...before].flatMap(([key, [earlier, another]]) => {
    // What happened several times does not tell which of them the other record belongs to.
    if (earlier === undefined || another !== undefined) {
      return [];
    }
    return firstPerClock(after.get(key) ?? [])
      .filter(({ clock }) => clock !== earlier.clock)
      .map((later) => ({
        ahead: earlier.clock,
        behind: later.clock,
        leastMs: earlier.at.earliest - later.at.latest,
      }))
      .filter(({ leastMs }) => leastMs <= MAX_OFFSET_MS);
  });
}

function firstPerClock(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const first = new Map<string, Occurrence>();
  for (const occurrence of occurrences) {
    const known = first.get(occurrence.clock);
    if (known === undefined || occurrence.at.latest < known.at.latest) {
      first.set(occurrence.clock, occurrence);
    }
  }
  return [...first.values()];
}

/** By key; the same record in two files counts once. */
function occurrencesOf(sources: readonly ReadSource[], side: OrderSide): ReadonlyMap<string, readonly Occurrence[]> {
  const compiled = { ...side, regex: side.pattern === undefined ? undefined : new RegExp(side.pattern, 'gu') };
  const found = new Map<string, Occurrence[]>();
  for (const { records } of sources) {
    for (const record of records) {
      if (mayBe(record, compiled)) {
        addOccurrences(found, record, compiled);
      }
    }
  }
  return found;
}

function mayBe(record: LogRecord, { kind, rows, anchors, where, unless }: CompiledSide): boolean {
  if (kind === 'row' ? record.row?.kind !== rows : record.kind !== kind) {
    return false;
  }
  if (anchors.length > 0 && !anchors.some((anchor) => record.message.includes(anchor))) {
    return false;
  }
  return (
    Object.entries(where).every(([name, value]) => wordOf(record, name) === value) &&
    !Object.entries(unless).some(([name, value]) => wordOf(record, name) === value)
  );
}

function addOccurrences(found: Map<string, Occurrence[]>, record: LogRecord, side: CompiledSide): void {
  const at = side.time === undefined ? ownTime(record) : timeIn(record, side.time);
  if (at === undefined) {
    return;
  }
  for (const groups of matchesOf(record, side)) {
    const key = filled(side.key, record, groups);
    const clock = side.clock === undefined ? record.time?.clock : filled(side.clock, record, groups);
    if (key === undefined || clock === undefined) {
      continue;
    }
    const list = found.get(key) ?? [];
    const isKnown = list.some(
      (other) => other.clock === clock && other.at.earliest === at.earliest && other.at.latest === at.latest,
    );
    if (!isKnown && (list.length > 0 || found.size < MAX_KEYS)) {
      list.push({ clock, at });
      found.set(key, list);
    }
  }
}

type Groups = Readonly<Record<string, string | undefined>>;

function matchesOf(record: LogRecord, { regex }: CompiledSide): readonly Groups[] {
  if (regex === undefined) {
    return [{}];
  }
  const found: Groups[] = [];
  for (const match of record.message.slice(0, MAX_TEXT).matchAll(regex)) {
    found.push(match.groups ?? {});
    if (found.length >= MAX_MATCHES) {
      break;
    }
  }
  return found;
}

function ownTime({ time }: LogRecord): Span | undefined {
  return time !== undefined && EXACT.has(time.basis) && isPlausible(time.at.earliest) ? time.at : undefined;
}

/** Columns hold whole seconds, or what was written with its fraction. */
function timeIn(record: LogRecord, name: string): Span | undefined {
  const text = wordOf(record, name);
  const ms = instantField(text);
  if (text === undefined || ms === undefined || !isPlausible(ms)) {
    return undefined;
  }
  return { earliest: ms, latest: ms + (ms % SECOND_MS === 0 ? SECOND_MS - 1 : 0) };
}

/** Undefined where something that the template names is not known. */
function filled(template: string, record: LogRecord, groups: Groups): string | undefined {
  let isWhole = true;
  const text = template.replace(/\{\{(\w{1,40})\}\}/gu, (_, name: string) => {
    const value = groups[name] ?? wordOf(record, name);
    isWhole &&= value !== undefined && value !== '';
    return value ?? '';
  });
  return isWhole ? text : undefined;
}

function wordOf(record: LogRecord, name: string): string | undefined {
  const value = record.row?.values[name] ?? record.fields[name];
  if (typeof value === 'string') {
    return value;
  }
  const own: Readonly<Record<string, string | undefined>> = {
    node: record.node,
    pod: record.pod,
    namespace: record.namespace,
    unit: record.unit,
  };
  return own[name];
}
