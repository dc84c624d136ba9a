/**
 * From the outside to what the program said: envelopes and payloads of one line, at most four deep.
 *
 *     172.20.1.2: 2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 a.go:138] "Detected" ip="x"
 *     └ node ───┘ └ CRI ───────────────────────────────┘ └ klog ───────────────────────────────────────────────────┘
 *
 * The payload's level, fields and message win. Node, unit, pid, pod and container of the outer header stay; the payload
 * only fills gaps. Of the times:
 *
 * - the outermost complete one (date and zone) wins; one of whole seconds takes the payload's fraction when both agree
 *   within two seconds, whatever the difference of their zones;
 * - an outer one without year or zone gives way to a complete one of the payload; of a payload that knows the year it
 *   takes the year;
 * - where one of both has no zone, or both are complete and differ by more than two seconds, both are kept as hints:
 *   `time.outer` and `time.inner`, in milliseconds, a wall clock read as if it were UTC, a missing year taken from the
 *   other one (the nearest). `time.zoneless` (`outer` or `inner`) names the one without zone: its milliseconds minus
 *   those of the other are its writer's offset from UTC. Two times without zone tell nothing and leave no hints.
 *
 * A seconds-since-boot payload becomes the hint `boot.seconds`; `source` is the program's `file.go:12`; `year.anchor`
 * begins with the year of the line.
 */

import type { Stamp } from '../model/index.ts';
import type { Header, LineFormat } from './format.ts';
import { headerOf } from './header-parts.ts';
import { lineFormats } from './line-formats.ts';
import { readLeveled } from './payload/dated-log.ts';
import { payloadFormats } from './payload-formats.ts';
import { millisOf, wallOf } from './payload-time.ts';

const MAX_DEPTH = 4;
const AGREE_MS = 2000;
const QUARTER_MS = 15 * 60_000;
/** No zone is farther from UTC. A greater difference is another moment, not another zone. */
const MAX_ZONE_MS = 15 * 3_600_000;
const SECOND_MS = 1000;

/** Envelopes that may stand inside another one; a journal line does not. */
const INNER_ENVELOPES: ReadonlySet<string> = new Set([
  'cri',
  'docker-json',
  'kubectl-prefix',
  'k8s-ts',
  'pebble',
  'talos-dmesg',
  'ovs-vlog',
]);

const innerFormats: readonly LineFormat[] = [
  ...lineFormats.filter((format) => INNER_ENVELOPES.has(format.id)),
  ...payloadFormats,
];

/** The header of a line with all that its message holds unwrapped. Returns the same header when that is nothing. */
export function peel(header: Header): Header {
  let current = header;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const found = innerHeader(current.message);
    if (found === undefined) {
      return withLevel(current);
    }
    current = merge(current, found.header);
    if (found.format.role === 'payload') {
      return current;
    }
  }
  return current;
}

function innerHeader(message: string): { readonly header: Header; readonly format: LineFormat } | undefined {
  if (!mayBeHeader(message)) {
    return undefined;
  }
  for (const format of innerFormats) {
    const header = format.parse(message);
    // An envelope that takes nothing off would be found again.
    if (header !== undefined && (header.message !== message || header.stamp !== undefined)) {
      return { header, format };
    }
  }
  return undefined;
}

/**
 * Cheap: every payload format begins with a digit, a bracket, a brace, a quote or an upper-case letter of its header,
 * or holds `=`, `{"` or a Go source position.
 */
function mayBeHeader(message: string): boolean {
  return /^[\s]{0,8}[\d[{"'.(<]|^[\s\w]{0,16}(?:\[|:)|=|\{"|\.go:|^[IWEF]\d{4} |^[A-Z][a-z]{2} [ \d]\d|^linux|^CoreDNS|^EVENTS|\] "/u.test(
    message.slice(0, 2048),
  );
}

/** Container output behind its runtime's time: the level stands alone in front of the text. */
function withLevel(header: Header): Header {
  if (header.level !== undefined || header.unit !== undefined || header.stamp === undefined) {
    return header;
  }
  const inner = readLeveled(header.message);
  return inner === undefined ? header : merge(header, inner);
}

function merge(outer: Header, inner: Header): Header {
  const time = mergeTimes(outer.stamp, inner.stamp);
  return headerOf({
    stamp: time.stamp,
    node: outer.node ?? inner.node,
    unit: outer.unit ?? inner.unit,
    pid: outer.pid ?? inner.pid,
    level: inner.level ?? outer.level,
    namespace: outer.namespace ?? inner.namespace,
    pod: outer.pod ?? inner.pod,
    container: outer.container ?? inner.container,
    message: inner.message,
    fields: { ...outer.fields, ...inner.fields },
    count: outer.count ?? inner.count,
    partial: outer.partial ?? inner.partial,
    stream: outer.stream ?? inner.stream,
    // A trace's own pair of times says more than a pair without a zone.
    hints: { ...outer.hints, ...time.hints, ...inner.hints },
  });
}

interface MergedTime {
  readonly stamp: Stamp | undefined;
  readonly hints: Readonly<Record<string, string>>;
}

function mergeTimes(outer: Stamp | undefined, inner: Stamp | undefined): MergedTime {
  if (outer === undefined || inner === undefined) {
    return { stamp: outer ?? inner, hints: {} };
  }
  if (inner.kind === 'boot') {
    return { stamp: outer, hints: { 'boot.seconds': String(inner.seconds) } };
  }
  const pair = comparable(outer, inner);
  if (pair === undefined) {
    return { stamp: outer.kind === 'boot' || outer.kind === 'age' ? inner : outer, hints: {} };
  }
  const differenceMs = pair.innerMs - pair.outerMs;
  const hints = pairHints(isComplete(outer), isComplete(inner), pair, differenceMs);
  if (Math.abs(differenceMs) > MAX_ZONE_MS) {
    return { stamp: outer, hints };
  }
  if (!isComplete(outer) && isComplete(inner)) {
    return { stamp: withFraction(inner, outer), hints };
  }
  return { stamp: refined(outer, inner, pair.innerMs, pair.outerMs), hints };
}

function pairHints(
  outerComplete: boolean,
  innerComplete: boolean,
  pair: { readonly outerMs: number; readonly innerMs: number },
  differenceMs: number,
): Readonly<Record<string, string>> {
  if (outerComplete === innerComplete && (!outerComplete || Math.abs(differenceMs) <= AGREE_MS)) {
    return {};
  }
  return {
    'time.outer': String(pair.outerMs),
    'time.inner': String(pair.innerMs),
    ...(outerComplete && innerComplete ? {} : { 'time.zoneless': outerComplete ? 'inner' : 'outer' }),
  };
}

/** Date, time and zone are all known. */
function isComplete(stamp: Stamp): boolean {
  return stamp.kind === 'instant' || (stamp.kind === 'wall' && stamp.utc === true && stamp.year !== undefined);
}

/** Both on one line of milliseconds, with the year of one for the other that lacks it. */
function comparable(outer: Stamp, inner: Stamp): { readonly outerMs: number; readonly innerMs: number } | undefined {
  const outerYear = yearOf(outer);
  const innerYear = yearOf(inner);
  if (outerYear === undefined && innerYear !== undefined) {
    const innerMs = millisOf(inner);
    return innerMs === undefined ? undefined : pairOf(nearest(outer, innerMs, innerYear), innerMs);
  }
  const outerMs = millisOf(outer);
  if (outerYear !== undefined && innerYear === undefined && outerMs !== undefined) {
    return pairOf(outerMs, nearest(inner, outerMs, outerYear));
  }
  return pairOf(outerMs, millisOf(inner));
}

function pairOf(
  outerMs: number | undefined,
  innerMs: number | undefined,
): { readonly outerMs: number; readonly innerMs: number } | undefined {
  return outerMs === undefined || innerMs === undefined ? undefined : { outerMs, innerMs };
}

function yearOf(stamp: Stamp): number | undefined {
  if (stamp.kind === 'instant') {
    return wallOf(stamp.epochMs).year;
  }
  return stamp.kind === 'wall' ? stamp.year : undefined;
}

/** A yearless stamp in the year that brings it closest; around New Year that is not the other one's. */
function nearest(stamp: Stamp, ms: number, year: number): number | undefined {
  const [first, ...others] = [year, year - 1, year + 1].map((each) => millisOf(stamp, each));
  return others.reduce(
    (best, each) =>
      best !== undefined && each !== undefined && Math.abs(each - ms) < Math.abs(best - ms) ? each : best,
    first,
  );
}

/** The outer stamp with the payload's fraction of a second, or with its year, where these are missing. */
/** A payload that prints whole seconds, behind a header without a year that prints fractions of the same second. */
function withFraction(inner: Stamp, outer: Stamp): Stamp {
  if (inner.kind !== 'instant' || outer.kind !== 'wall') {
    return inner;
  }
  const isFiner = inner.precisionMs === SECOND_MS && outer.precisionMs < SECOND_MS;
  const second = (ms: number) => Math.floor((ms % QUARTER_MS) / SECOND_MS);
  return isFiner && second(inner.epochMs) === second(outer.msOfDay)
    ? { ...inner, epochMs: inner.epochMs + (outer.msOfDay % SECOND_MS), precisionMs: outer.precisionMs }
    : inner;
}

function refined(outer: Stamp, inner: Stamp, innerMs: number, outerMs: number): Stamp {
  // The zones may differ by quarters of an hour.
  const rest = (((innerMs - outerMs) % QUARTER_MS) + QUARTER_MS) % QUARTER_MS;
  const driftMs = rest > QUARTER_MS / 2 ? rest - QUARTER_MS : rest;
  const finer = Math.abs(driftMs) <= AGREE_MS && precisionOf(inner) < precisionOf(outer);
  if (outer.kind === 'instant') {
    return finer ? { ...outer, epochMs: outer.epochMs + driftMs, precisionMs: precisionOf(inner) } : outer;
  }
  if (outer.kind !== 'wall') {
    return outer;
  }
  const { year, month, day, msOfDay } = wallOf(outerMs + (finer ? driftMs : 0));
  const knowsYear = outer.year !== undefined || yearOf(inner) !== undefined;
  return {
    ...outer,
    ...(knowsYear ? { year } : {}),
    month,
    day,
    msOfDay,
    precisionMs: finer ? precisionOf(inner) : outer.precisionMs,
  };
}

function precisionOf(stamp: Stamp): number {
  return stamp.kind === 'age' ? stamp.unitMs : stamp.precisionMs;
}
