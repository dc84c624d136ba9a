/**
 * What is in a bundle before any rule runs: files, formats, coverage, clocks, gaps, and what to collect next.
 */

import { type ClockResult, resolveClocks } from './clocks/index.ts';
import { type LogGap, logGaps } from './inspect-gaps.ts';
import { type MissingSource, missingFrom } from './inspect-needs.ts';
import type { EpochMs, LogRecord, ReadSource, Span, TimedVolume } from './model/index.ts';
import { readSources } from './read.ts';
import { orderMarkers } from './reading/order-markers.ts';
import { loadRules } from './rules/load.ts';
import { compileLiterals } from './scan/literals.ts';
import { openBundle } from './sources/index.ts';
import { byText } from './text/order.ts';
import { toIso } from './time/iso.ts';

export interface InspectOptions {
  readonly timezone?: string;
  readonly collectedAt?: EpochMs;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onProgress?: (bytes: number, total: number) => void;
}

export interface InspectedFile {
  readonly path: string;
  readonly format: string;
  /** The one host that the file speaks for; null for listings of the cluster. */
  readonly node: string | null;
  readonly bytes: number;
  readonly lines: number;
  /** Recognised lines and their continuations over all lines, 0 to 1; 0 for text of no known format. */
  readonly understood: number;
  /** First and last line or Event. The state of objects has no times of its own. */
  readonly first: string | null;
  readonly last: string | null;
  /** The longest stretch without a line. */
  readonly longestGap: { readonly from: string; readonly to: string; readonly seconds: number } | null;
  readonly notes: readonly string[];
}

export interface Inspection {
  readonly name: string;
  readonly layout: string;
  readonly collectedAt: { readonly earliest: string; readonly latest: string; readonly basis: string } | null;
  readonly bytes: number;
  readonly lines: number;
  readonly understood: number;
  /** First and last line or Event of all files. */
  readonly first: string | null;
  readonly last: string | null;
  readonly files: readonly InspectedFile[];
  readonly nodes: readonly string[];
  /** Stretches in which no log of a node has a line. */
  readonly gaps: readonly LogGap[];
  readonly clocks: ClockResult['clocks'];
  readonly missing: readonly MissingSource[];
  readonly diagnostics: readonly { severity: string; code: string; message: string; source: string | null }[];
}

/** @throws UserError `BUNDLE_NOT_FOUND`, `BUNDLE_UNREADABLE` */
export async function inspect(paths: readonly string[], options: InspectOptions = {}): Promise<Inspection> {
  const { stdin, timezone, collectedAt, onProgress } = options;
  const bundle = await openBundle(paths, stdin ? { stdin } : {});
  try {
    const { mustOrders } = await loadRules([]);
    const read = await readSources(bundle, compileLiterals([]), new Map(), {
      markers: orderMarkers(mustOrders),
      ...(onProgress ? { onProgress } : {}),
    });
    const clocks = resolveClocks(read, bundle.collectionHints, {
      ...(timezone === undefined ? {} : { timezone }),
      ...(collectedAt === undefined ? {} : { collectedAt }),
      mustOrders,
    });
    const volumes = new Map(clocks.volumes.map((volume) => [volume.path, volume]));
    const files = clocks.sources.map((source) => inspectFile(source, volumes.get(source.path)));
    const nodes = nodesIn(clocks.sources);
    const lines = sum(files.map((file) => file.lines));
    return {
      name: bundle.name,
      layout: bundle.layout,
      collectedAt: clocks.collectedAt ? { ...isoSpan(clocks.collectedAt.at), basis: clocks.collectedAt.basis } : null,
      bytes: sum(files.map((file) => file.bytes)),
      lines,
      understood: lines === 0 ? 0 : round(sum(clocks.sources.map(understoodLines)) / lines),
      // ISO times of equal length sort like the instants.
      first: files.flatMap(({ first }) => first ?? []).sort(byText)[0] ?? null,
      last:
        files
          .flatMap(({ last }) => last ?? [])
          .sort(byText)
          .at(-1) ?? null,
      files,
      nodes,
      gaps: logGaps(clocks.volumes, new Set(clocks.sources.filter(isKernelLog).map(({ path }) => path))),
      clocks: clocks.clocks,
      missing: missingFrom({ sources: clocks.sources, nodes, clocks: clocks.clocks, collectedAt: clocks.collectedAt }),
      diagnostics: [...bundle.diagnostics, ...read.flatMap((source) => source.diagnostics), ...clocks.diagnostics].map(
        ({ severity, code, message, source }) => ({ severity, code, message, source: source ?? null }),
      ),
    };
  } finally {
    bundle.close();
  }
}

function nodesIn(sources: readonly ReadSource[]): string[] {
  const nodes = sources.flatMap(({ records, context, volume }) => [
    ...(context.node === undefined ? [] : [context.node]),
    ...(volume?.writers ?? []).flatMap(({ node }) => node ?? []),
    ...records.flatMap(({ node, row }) =>
      row?.kind === 'Node' && typeof row.values['name'] === 'string' ? row.values['name'] : (node ?? []),
    ),
  ]);
  return [...new Set(nodes)].sort(byText);
}

/** The kernel has nothing to say for hours: its silence alone shows nothing. */
function isKernelLog({ coverage }: ReadSource): boolean {
  return /^(?:dmesg|kmsg|talos-dmesg)/u.test(coverage.format);
}

function understoodLines({ coverage }: ReadSource): number {
  return coverage.format === 'text' ? 0 : coverage.recognised + coverage.continuation;
}

function inspectFile(source: ReadSource, volume: TimedVolume | undefined): InspectedFile {
  const { coverage, records } = source;
  const times = records
    .filter(isMoment)
    .flatMap(({ time, lastTime }) => [time?.at, lastTime?.at].flatMap((at) => at ?? []));
  const first = volume?.first?.at.earliest ?? least(times.map(({ earliest }) => earliest));
  const last = volume?.last?.at.latest ?? greatest(times.map(({ latest }) => latest));
  const gaps = (volume?.gaps ?? []).map(({ from, to }) => ({ from: from.time.at.latest, to: to.time.at.earliest }));
  const gap = gaps.sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  return {
    path: source.path,
    format: coverage.format,
    node: hostOf(source, volume) ?? null,
    bytes: coverage.bytes,
    lines: coverage.lines,
    understood: coverage.lines === 0 ? 0 : round(understoodLines(source) / coverage.lines),
    first: first === undefined ? null : iso(first),
    last: last === undefined ? null : iso(last),
    longestGap: gap ? { from: iso(gap.from), to: iso(gap.to), seconds: round((gap.to - gap.from) / 1000) } : null,
    notes: coverage.notes,
  };
}

/** Something that happened then; rows have the time at which their object was made. */
function isMoment({ kind, fields }: LogRecord): boolean {
  return (kind === 'log' && fields['collected'] === undefined) || kind === 'kube-event';
}

/** What the path says, else the node that every record names; the objects of a listing are on many nodes. */
function hostOf({ context, records, coverage }: ReadSource, volume: TimedVolume | undefined): string | undefined {
  if (context.node !== undefined) return context.node;
  if (volume?.node !== undefined) return volume.node;
  if (/^(?:kubectl|kubernetes)/u.test(coverage.format)) return undefined;
  const named = new Set(records.map(({ node }) => node));
  return named.size === 1 ? [...named][0] : undefined;
}

function iso(epochMs: number): string {
  return toIso(epochMs) ?? 'unknown';
}

function isoSpan(span: Span): { earliest: string; latest: string } {
  return { earliest: iso(span.earliest), latest: iso(span.latest) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
