import type { EntityRef, Evidence, LogRecord, ReadSource, TimedVolume } from '../model/index.ts';
import type { RestartSignature, SilenceSignature } from '../rules/schema.ts';
import { matchesGlob } from '../text/glob.ts';
import { type EntityIndex, ref } from './entities.ts';
import { evidenceOf } from './log-sightings.ts';
import type { RoleFinder } from './roles.ts';
import type { Sighting } from './sighting.ts';

const LEAST_GAP_MS = 120_000;
const TIMES_MEDIAN = 10;

/** The record of a line, where it was kept: first and last lines of a log always are. */
export type RecordAt = (source: string, line: number) => LogRecord | undefined;

export function recordsByLine(sources: readonly ReadSource[]): RecordAt {
  const byLine = new Map<string, LogRecord>();
  for (const source of sources) {
    for (const record of source.records) {
      const key = `${source.path}:${record.ref.line}`;
      if (!byLine.has(key)) byLine.set(key, record);
    }
  }
  return (source, line) => byLine.get(`${source}:${line}`);
}

function common(
  signature: SilenceSignature | RestartSignature,
  node: string | undefined,
  component: string | undefined,
) {
  const entities: Record<string, EntityRef> = node === undefined ? {} : { node: ref('node', node) };
  return { signature, entities, joinQuality: 1, boot: undefined, count: 1, observed: false, component } as const;
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
  const found: Sighting[] = [];
  for (const volume of volumes) {
    if (volume.writers.length < 2 && !matchesGlob(volume.path, signature.stream)) continue;
    for (const gap of volume.gaps) {
      const length = gap.to.time.at.earliest - gap.from.time.at.latest;
      if (length < LEAST_GAP_MS || length < TIMES_MEDIAN * (volume.medianGapMs ?? 0)) continue;
      const goesOn = volumes.some(
        (other) =>
          other.path !== volume.path &&
          other.node !== undefined &&
          other.node === volume.node &&
          other.first !== undefined &&
          other.last !== undefined &&
          other.first.at.latest < gap.from.time.at.latest &&
          other.last.at.earliest > gap.to.time.at.earliest &&
          !other.gaps.some(
            (own) =>
              own.from.time.at.latest <= gap.to.time.at.earliest && own.to.time.at.earliest >= gap.from.time.at.latest,
          ),
      );
      if (!gap.bootFollows && !goesOn) continue;
      const last = recordAt(volume.path, gap.from.line);
      const next = recordAt(volume.path, gap.to.line);
      if (!last) continue;
      const node = last.node ?? volume.node;
      const evidence: Evidence[] = [
        {
          ...evidenceOf(last, [], 'silence'),
          derivation: { formula: 'last line before the silence', inputs: [last.ref, ...(next ? [next.ref] : [])] },
        },
        ...(next
          ? [
              {
                ...evidenceOf(next, [], 'silence'),
                derivation: { formula: 'first line after the silence', inputs: [next.ref] },
              },
            ]
          : []),
      ];
      found.push({
        ...common(signature, node === undefined ? undefined : index.nodeName(node), signature.component),
        attributes: {
          seconds: Math.round(length / 1000),
          bootFollows: gap.bootFollows,
          log: volume.path,
          lastLine: gap.from.line,
        },
        onset: gap.from.time,
        seen: gap.from.time,
        lastSeen: gap.to.time,
        text: last.message,
        evidence,
        stream: volume.path,
        seq: gap.from.line,
      });
    }
  }
  return found;
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
    const byName = new Map<string, (typeof volume.writers)[number][]>();
    for (const writer of volume.writers) {
      if (writer.pid === undefined || !signature.writers.some((glob) => matchesGlob(writer.name, glob))) continue;
      const key = `${writer.name} ${writer.node ?? ''} ${writer.boot ?? ''}`;
      const known = byName.get(key);
      if (known) known.push(writer);
      else byName.set(key, [writer]);
    }
    for (const [, writers] of byName) {
      const sorted = [...writers].sort((a, b) => a.firstLine - b.firstLine);
      for (let at = 1; at < sorted.length; at++) {
        const before = sorted[at - 1] as (typeof sorted)[number];
        const after = sorted[at] as (typeof sorted)[number];
        // Interleaved pids are several processes of one name, not a restart.
        if (after.firstLine < before.lastLine || after.pid === before.pid) continue;
        const boot = volume.gaps.some(
          (gap) => gap.bootFollows && gap.from.line >= before.lastLine && gap.to.line <= after.firstLine,
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
