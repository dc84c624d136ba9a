/** Finds, for every kernel log that counts seconds since boot, when its boots began. */
import type { LogRecord, ReadSource } from '../model/index.ts';
import { hull } from '../time/span.ts';
import { type Anchored, type FileClock, timeOf } from './file-clock.ts';
import { hostOf, mainNode } from './hosts.ts';
import {
  type Anchor,
  anchorsOfBothTimes,
  anchorsOfSameText,
  type BootMoment,
  bootMoments,
  byText,
  type KernelTexts,
  ownAnchors,
  type TimedKernelLine,
} from './monotonic.ts';
import { instantField } from './wall.ts';

const MINUTE_MS = 60_000;

interface StatedBoot {
  readonly source: ReadSource;
  readonly anchor: Anchor;
}

/** By path of the file: its boots. */
export function anchorBoots(clocks: readonly FileClock[]): ReadonlyMap<string, ReadonlyMap<number, Anchored>> {
  const lines = clocks.flatMap(kernelLinesOf);
  const witnesses = { lines, texts: byText(lines), stated: clocks.flatMap(statedBoots) };
  const result = new Map<string, ReadonlyMap<number, Anchored>>();
  for (const clock of clocks) {
    const boots = new Map<number, LogRecord[]>();
    for (const record of clock.source.records) {
      if (record.stamp?.kind === 'boot') {
        const boot = clock.boots.bootAt(record.ref.line) ?? 0;
        push(boots, boot, record);
      }
    }
    const last = Math.max(...boots.keys());
    const anchored = new Map<number, Anchored>();
    for (const [boot, records] of boots) {
      const found = anchorBoot(clock.source, records, witnesses, boot === last);
      if (found !== undefined) {
        anchored.set(boot, found);
      }
    }
    result.set(clock.source.path, anchored);
  }
  return result;
}

interface Witnesses {
  readonly lines: readonly TimedKernelLine[];
  readonly texts: KernelTexts;
  readonly stated: readonly StatedBoot[];
}

function anchorBoot(
  source: ReadSource,
  records: readonly LogRecord[],
  { lines, texts, stated }: Witnesses,
  isLastBoot: boolean,
): Anchored | undefined {
  const own = ownAnchors(records);
  const bootTimes = isLastBoot ? statedFor(source, stated) : [];
  const audits = own.filter((anchor) => anchor.kind === 'audit');
  if (audits.length > 0) {
    return { moments: untilCollection(bootMoments(audits), audits, bootTimes), clock: undefined };
  }
  const node = mainNode(source);
  const isOfNode = (line: TimedKernelLine) => line.record.node === node || mainNode(line.source) === node;
  const twins = bestTwin(anchorsOfSameText(records, texts, (line) => node === undefined || isOfNode(line)));
  if (twins?.moments.some((moment) => !moment.weak) === true) {
    return { moments: untilCollection(twins.moments, twins.anchors, bootTimes), clock: twins.clock };
  }
  const ofNode = isLastBoot ? lines.filter(node === undefined ? (line) => line.source === source : isOfNode) : [];
  const candidates = [
    { moments: latestBoot(anchorsOfBothTimes(ofNode)), clock: undefined },
    { moments: bootMoments(bootTimes), clock: undefined },
    { moments: bootMoments(own), clock: undefined },
    twins,
  ];
  return candidates.find((candidate) => candidate !== undefined && candidate.moments.length > 0);
}

/** Further apart than this the clock of the processor drifted, the machine slept, or its clock was set. */
const MOVED_MS = 3000;

/**
 * The last lines of the running boot, where the boot time as the kernel states it at the collection is another one: the
 * clock moved at an unknown line behind the last witness, so that either may hold there.
 */
function untilCollection(
  moments: readonly BootMoment[],
  witnesses: readonly Anchor[],
  stated: readonly Anchor[],
): readonly BootMoment[] {
  const last = moments.at(-1);
  const exact = stated.find(({ kind }) => kind === 'boot-time');
  if (last === undefined || exact === undefined) {
    return moments;
  }
  const both = hull(last.boot, exact.boot);
  if (both.latest - both.earliest <= MOVED_MS) {
    return moments;
  }
  const behind = Math.max(...witnesses.map(({ seconds }) => seconds));
  const why = `${last.why}, and from another boot time at the collection`;
  return [...moments, { fromSeconds: behind + NEXT_SECONDS, boot: both, why, weak: true }];
}

/** The resolution of kernel seconds. */
const NEXT_SECONDS = 0.000_001;

interface Twin extends Anchored {
  readonly anchors: readonly Anchor[];
}

/** The journal with the most texts in common; none when two of different hosts are level. */
function bestTwin(byJournal: ReadonlyMap<ReadSource, readonly Anchor[]>): Twin | undefined {
  const rated = [...byJournal].map(([source, anchors]) => {
    const moments = bootMoments(anchors);
    const weight = moments.every((moment) => moment.weak) ? 0 : new Set(anchors.map((anchor) => anchor.key)).size;
    return { moments, anchors, clock: hostOf(source), weight };
  });
  rated.sort((a, b) => b.weight - a.weight);
  const [best, second] = rated;
  return best === undefined || (second !== undefined && second.weight === best.weight && second.clock !== best.clock)
    ? undefined
    : best;
}

/** A kernel buffer is of the boot that ran when it was read: the latest of the moments. */
function latestBoot(anchors: readonly Anchor[]): readonly BootMoment[] {
  if (anchors.length === 0) {
    return [];
  }
  const newest = anchors.reduce((best, anchor) => (anchor.boot.earliest > best.boot.earliest ? anchor : best));
  const bootGapMs = 120_000;
  return bootMoments(anchors.filter((anchor) => newest.boot.earliest - anchor.boot.earliest < bootGapMs));
}

/** `btime` of /proc/stat and the like; `uptime`, which shows whole minutes, before the collection. */
function statedBoots({ source, collected, collectedIsAssumed }: FileClock): readonly StatedBoot[] {
  return source.records.flatMap((record): readonly StatedBoot[] => {
    const upMs = record.row?.kind === 'Uptime' ? record.row.values['uptimeMs'] : undefined;
    if (typeof upMs === 'number' && collected !== undefined && !collectedIsAssumed) {
      const boot = { earliest: collected.at.earliest - upMs - MINUTE_MS, latest: collected.at.latest - upMs };
      return [{ source, anchor: { kind: 'uptime', seconds: 0, boot, key: record.id } }];
    }
    const at = instantField(record.fields['boot.at']);
    return at === undefined
      ? []
      : [
          {
            source,
            anchor: { kind: 'boot-time', seconds: 0, boot: { earliest: at, latest: at + 1000 }, key: record.id },
          },
        ];
  });
}

/** Of the same node, or of the same folder where the kernel log names no node. */
function statedFor(source: ReadSource, stated: readonly StatedBoot[]): readonly Anchor[] {
  const node = mainNode(source);
  const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1);
  return stated.flatMap((each) => {
    const other = mainNode(each.source);
    const isSame = node !== undefined && other !== undefined ? node === other : each.source.path.startsWith(folder);
    return isSame ? [each.anchor] : [];
  });
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}

function kernelLinesOf(clock: FileClock): readonly TimedKernelLine[] {
  return clock.source.records.flatMap((record) => {
    if (record.kind !== 'log' || record.stamp === undefined || record.stamp.kind === 'boot') {
      return [];
    }
    if (record.unit !== 'kernel' && record.fields['boot.seconds'] === undefined) {
      return [];
    }
    const time = timeOf(clock, record.stamp, { line: record.ref.line, record });
    return time === undefined || time.basis === 'neighbour' ? [] : [{ source: clock.source, record, at: time.at }];
  });
}
