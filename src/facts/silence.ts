import type { EntityRef, Evidence, LogRecord, ReadSource, TimedVolume, TimeRef } from '../model/index.ts';
import type { RestartSignature, SilenceSignature } from '../rules/schema.ts';
import { matchesGlob } from '../text/glob.ts';
import { byText } from '../text/order.ts';
import { type EntityIndex, ref } from './entities.ts';
import { evidenceOf } from './evidence.ts';
import type { RoleFinder } from './roles.ts';
import type { Sighting } from './sighting.ts';

const LEAST_GAP_MS = 120_000;
const TIMES_MEDIAN = 10;
/** A log that is often quiet for minutes says nothing by being quiet once more: its fourth longest gap is usual. */
const USUAL_GAPS = 4;
const TIMES_USUAL = 2;

/** The record of a line, where it was kept: first and last lines of a log always are. */
export type RecordAt = (source: string, line: number) => LogRecord | undefined;

export function recordsByLine(sources: readonly ReadSource[]): RecordAt {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const byLine = new Map<string, Map<number, LogRecord>>();
  return (path, line) => {
    const known = byLine.get(path);
    if (known) return known.get(line);
    const lines = new Map<number, LogRecord>();
    for (const record of byPath.get(path)?.records ?? []) {
      if (!lines.has(record.ref.line)) lines.set(record.ref.line, record);
    }
    byLine.set(path, lines);
    return lines.get(line);
  };
}

function common(
  signature: SilenceSignature | RestartSignature,
  node: string | undefined,
  component: string | undefined,
) {
  const entities: Record<string, EntityRef> = node === undefined ? {} : { node: ref('node', node) };
  return { signature, entities, joinQuality: 1, boot: undefined, count: 1, observed: false, component } as const;
}

interface Silence {
  readonly volume: TimedVolume;
  readonly from: { readonly line: number; readonly time: TimeRef };
  readonly to: { readonly path: string; readonly line: number; readonly time: TimeRef };
  readonly bootFollows: boolean;
}

/**
 * Stretches in which a node's log says nothing: longer than 120 s and than ten times the usual distance of its lines,
 * while another log of the bundle goes on, or ended by another boot. Quiet alone is no fact.
 */
export function findSilences(
  signature: SilenceSignature,
  volumes: readonly TimedVolume[],
  recordAt: RecordAt,
  index: EntityIndex,
): Sighting[] {
  const wanted = volumes.filter((volume) => volume.writers.length > 1 || matchesGlob(volume.path, signature.stream));
  const found: Sighting[] = [];
  for (const silence of [...wanted.flatMap(insideOne), ...betweenFiles(wanted, recordAt)]) {
    const { volume, from, to, bootFollows } = silence;
    const length = to.time.at.earliest - from.time.at.latest;
    if (length < LEAST_GAP_MS || length < TIMES_MEDIAN * (volume.medianGapMs ?? 0)) continue;
    if (!bootFollows && (length < TIMES_USUAL * usualGapMs(volume) || !anotherGoesOn(silence, volumes))) continue;
    const last = recordAt(volume.path, from.line);
    const next = recordAt(to.path, to.line);
    if (!last) continue;
    const node = last.node ?? volume.node;
    const quote = (record: LogRecord, formula: string): Evidence => ({
      ...evidenceOf(record, [], 'silence'),
      derivation: { formula, inputs: [record.ref] },
    });
    found.push({
      ...common(signature, node === undefined ? undefined : index.nodeName(node), signature.component),
      attributes: { seconds: Math.round(length / 1000), bootFollows, log: volume.path, lastLine: from.line },
      onset: from.time,
      seen: from.time,
      lastSeen: to.time,
      text: last.message,
      evidence: [
        quote(last, 'last line before the silence'),
        ...(next ? [quote(next, 'first line after the silence')] : []),
      ],
      stream: volume.path,
      seq: from.line,
    });
  }
  return found;
}

function usualGapMs(volume: TimedVolume): number {
  const lengths = volume.gaps.map(({ from, to }) => to.time.at.earliest - from.time.at.latest).sort((a, b) => b - a);
  return lengths[USUAL_GAPS - 1] ?? 0;
}

function insideOne(volume: TimedVolume): Silence[] {
  return volume.gaps.map((gap) => ({
    volume,
    from: gap.from,
    to: { path: volume.path, ...gap.to },
    bootFollows: gap.bootFollows,
  }));
}

/** A journal is often kept in one file for each boot: the silence then lies between two files of one node. */
function betweenFiles(volumes: readonly TimedVolume[], recordAt: RecordAt): Silence[] {
  const byNode = new Map<string, TimedVolume[]>();
  for (const volume of volumes) {
    const node = volume.node ?? volume.writers.find((writer) => writer.node !== undefined)?.node;
    if (node === undefined || !volume.first || !volume.last || volume.lastLine === undefined) continue;
    const known = byNode.get(node);
    if (known) known.push(volume);
    else byNode.set(node, [volume]);
  }
  const found: Silence[] = [];
  for (const list of byNode.values()) {
    const sorted = [...list].sort(
      (a, b) => (a.first?.at.earliest ?? 0) - (b.first?.at.earliest ?? 0) || byText(a.path, b.path),
    );
    let before = sorted[0];
    for (const after of sorted.slice(1)) {
      const end = before?.last;
      const begin = after.first;
      if (before && end && begin && before.lastLine !== undefined && begin.at.earliest > end.at.latest) {
        const line = after.firstLine ?? 1;
        const first = recordAt(after.path, line);
        found.push({
          volume: before,
          from: { line: before.lastLine, time: end },
          to: { path: after.path, line, time: begin },
          bootFollows: first?.unit === 'kernel' && first.message.startsWith('Linux version'),
        });
      }
      if ((after.last?.at.latest ?? 0) > (before?.last?.at.latest ?? 0)) before = after;
    }
  }
  return found;
}

/** Does another log of the same node have lines within the silence? */
function anotherGoesOn({ volume, from, to }: Silence, volumes: readonly TimedVolume[]): boolean {
  return volumes.some(
    (other) =>
      other.path !== volume.path &&
      other.path !== to.path &&
      other.node !== undefined &&
      other.node === volume.node &&
      other.first !== undefined &&
      other.last !== undefined &&
      other.first.at.latest < from.time.at.latest &&
      other.last.at.earliest > to.time.at.earliest &&
      !other.gaps.some(
        (gap) => gap.from.time.at.latest <= to.time.at.earliest && gap.to.time.at.earliest >= from.time.at.latest,
      ),
  );
}

/** A program that goes on under another pid within one boot was started again. */
export function findRestarts(
  signature: RestartSignature,
  volumes: readonly TimedVolume[],
  recordAt: RecordAt,
  index: EntityIndex,
  roles: RoleFinder,
): Sighting[] {
  const found: Sighting[] = [];
  for (const volume of volumes) {
    const place = (line: number): number => (volume.newestFirst ? -line : line);
    const byName = new Map<string, (typeof volume.writers)[number][]>();
    for (const writer of volume.writers) {
      if (writer.pid === undefined || !signature.writers.some((glob) => matchesGlob(writer.name, glob))) continue;
      const key = `${writer.name} ${writer.node ?? ''} ${writer.boot ?? ''}`;
      const known = byName.get(key);
      if (known) known.push(writer);
      else byName.set(key, [writer]);
    }
    for (const [, writers] of byName) {
      const sorted = [...writers].sort((a, b) => place(a.firstLine) - place(b.firstLine));
      for (let at = 1; at < sorted.length; at++) {
        const before = sorted[at - 1] as (typeof sorted)[number];
        const after = sorted[at] as (typeof sorted)[number];
        // Interleaved pids are several processes of one name, not a restart.
        if (place(after.firstLine) < place(before.lastLine) || after.pid === before.pid) continue;
        const boot = volume.gaps.some(
          (gap) =>
            gap.bootFollows &&
            place(gap.from.line) >= place(before.lastLine) &&
            place(gap.to.line) <= place(after.firstLine),
        );
        if (boot) continue;
        const old = recordAt(volume.path, before.lastLine);
        const fresh = recordAt(volume.path, after.firstLine);
        const record = fresh ?? old;
        if (!record || !after.first) continue;
        const node = after.node ?? volume.node;
        const at_ = before.last
          ? {
              ...after.first,
              at: { earliest: Math.min(before.last.at.earliest, after.first.at.latest), latest: after.first.at.latest },
              basis: 'derived' as const,
            }
          : after.first;
        found.push({
          ...common(signature, node === undefined ? undefined : index.nodeName(node), roles.ofUnit(after.name)),
          attributes: { process: after.name, oldPid: before.pid ?? 0, newPid: after.pid ?? 0 },
          onset: at_,
          seen: after.first,
          lastSeen: after.first,
          text: record.message,
          evidence: [
            ...(old
              ? [
                  {
                    ...evidenceOf(old, [`[${before.pid}]`], 'derived'),
                    derivation: { formula: `last line of pid ${before.pid}`, inputs: [old.ref] },
                  },
                ]
              : []),
            ...(fresh
              ? [
                  {
                    ...evidenceOf(fresh, [`[${after.pid}]`], 'derived'),
                    derivation: { formula: `first line of pid ${after.pid}`, inputs: [fresh.ref] },
                  },
                ]
              : []),
          ],
          stream: volume.path,
          seq: after.firstLine,
        });
      }
    }
  }
  return found;
}
