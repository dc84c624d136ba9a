import type { Fact, Role, Span, TimeRef } from '../model/index.ts';
import { LAYERS } from '../model/layer.ts';
import type { TimelineRow } from '../model/report.ts';
import { clause, counted } from '../text/grammar.ts';
import { byText, firstOf } from '../text/order.ts';
import { overlap } from '../time/span.ts';
import { isTelling } from './context.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { whereabouts } from './names.ts';
import { isoSpan } from './numbers.ts';

const MOST_ROWS = 40;
const PRINTED_MS = 1000;

/** Kept first when there are too many. */
const RANK: readonly Role[] = [
  'root-cause',
  'trigger',
  'impact',
  'contributing',
  'symptom',
  'response',
  'unexplained',
  'pre-existing',
  'collateral',
];

interface Row {
  readonly fact: Fact;
  readonly role: Role;
  readonly time: TimeRef;
  readonly what: TimelineRow['what'];
  readonly isOnChain: boolean;
}

/**
 * When things began and ended, 40 rows at most. `facts` come in display order, which the beginnings keep where times do
 * not speak against it: a cause stands before its effect where their spans overlap. An end stands before the first later beginning.
 *
 * Neighbours whose order the clocks do not tell are marked: spans of different clocks that overlap, and derived spans
 * of one clock that do. Records of one clock with exact times keep their order.
 */
export function timelineOf(
  facts: readonly { readonly fact: Fact; readonly role: Role }[],
  chain: ReadonlySet<string>,
  evidence: EvidenceIndex,
): { readonly rows: TimelineRow[]; readonly omitted: number } {
  const all = facts.flatMap(({ fact, role }): Row[] => {
    if (fact.polarity === 'healthy' || fact.polarity === 'context') return [];
    // The age of an object is not when its setting began to matter.
    if (fact.nature === 'configuration' && fact.onset && !isTelling(fact.onset.at)) return [];
    const isOnChain = chain.has(fact.id);
    const rows: Row[] = fact.onset ? [{ fact, role, time: fact.onset, what: 'begins', isOnChain }] : [];
    const ended = fact.ended === 'open' ? undefined : fact.ended;
    if (ended && fact.nature !== 'event') rows.push({ fact, role, time: ended, what: 'ends', isOnChain });
    return rows;
  });
  const worthiest = new Set([...all].sort(byWorth).slice(0, MOST_ROWS));
  const kept = told(all.filter((row) => worthiest.has(row)));
  const rows = kept.map((row, index): TimelineRow => {
    const neighbours = [kept[index - 1], kept[index + 1]].flatMap((other) => other ?? []);
    return {
      at: isoSpan(row.time.at),
      fact: row.fact.id,
      text: rowText(row),
      order: neighbours.some((other) => isOpenOrder(row.time, other.time)) ? 'not-determinable' : 'definite',
      what: row.what,
      where: whereabouts(row.fact),
      role: row.role,
      evidence: row.what === 'begins' ? evidence.refs(row.fact, 2) : lastRefs(row.fact, evidence),
    };
  });
  return { rows, omitted: all.length - kept.length };
}

function told(rows: readonly Row[]): Row[] {
  const ordered = inTime(rows.filter(({ what }) => what === 'begins'));
  for (const end of rows.filter(({ what }) => what === 'ends').sort(byTime)) {
    const own = ordered.findIndex(({ fact }) => fact.id === end.fact.id);
    const later = ordered.findIndex((row, index) => index > own && byTime(row, end) > 0);
    ordered.splice(later < 0 ? ordered.length : later, 0, end);
  }
  return ordered;
}

/** What definitely began before another stands before it, be it the effect: that is for the reader to wonder at. */
function inTime(rows: readonly Row[]): Row[] {
  const ordered: Row[] = [];
  for (const row of rows) {
    const later = ordered.findIndex((other) => isPlainlyBefore(row.time.at, other.time.at));
    ordered.splice(later < 0 ? ordered.length : later, 0, row);
  }
  return ordered;
}

/** By more than the seconds that are printed. */
function isPlainlyBefore(a: Span, b: Span): boolean {
  return isTelling(a) && isTelling(b) && a.latest + PRINTED_MS < b.earliest;
}

function isOpenOrder(a: TimeRef, b: TimeRef): boolean {
  if (!overlap(a.at, b.at)) return false;
  // A wide span is open itself; it does not make its neighbours so.
  if (isTelling(a.at) && !isTelling(b.at)) return false;
  const isExact = (time: TimeRef) => time.at.latest - time.at.earliest <= Math.max(1000, time.precisionMs);
  return a.clock !== b.clock || !isExact(a) || !isExact(b);
}

function rowText({ fact, what }: Row): string {
  const count =
    fact.count > 1 ? ` (${fact.countIs === 'at-least' ? 'at least ' : ''}${counted(fact.count, 'time')})` : '';
  return what === 'ends' ? `Ended: ${clause(fact.title)}` : `${clause(fact.title)}${count}`;
}

function lastRefs(fact: Fact, evidence: EvidenceIndex): string[] {
  const last = fact.evidence.at(-1);
  return last ? [evidence.cite(last).ref] : [];
}

function byWorth(a: Row, b: Row): number {
  return firstOf(
    Number(b.isOnChain) - Number(a.isOnChain),
    RANK.indexOf(a.role) - RANK.indexOf(b.role),
    Number(a.what === 'ends') - Number(b.what === 'ends'),
    byTime(a, b),
  );
}

function byTime(a: Row, b: Row): number {
  return firstOf(
    a.time.at.earliest - b.time.at.earliest,
    a.time.at.latest - b.time.at.latest,
    LAYERS.indexOf(a.fact.layer) - LAYERS.indexOf(b.fact.layer),
    byText(a.fact.id, b.fact.id),
    byText(a.what, b.what),
  );
}
