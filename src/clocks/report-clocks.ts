/** What the report says about each clock. */
import type { LogRecord, ReadSource } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { ASSUMED_OFFSET_MS } from '../time/clock-offset.ts';
import { type FileClock, timeOf } from './file-clock.ts';
import { hostOf } from './hosts.ts';
import type { ClockDifference, ClockReport } from './result.ts';
import type { KnownOffset } from './skew.ts';
import { withArticle } from './words.ts';

interface Draft {
  bases: Set<string>;
  zone: string | undefined;
  anchors: Set<string>;
  assumptions: Set<string>;
}

const BASIS_WORDS = {
  absolute: 'full dates in the text',
  yearless: 'dates without a year',
  zoneless: 'dates without a zone',
  monotonic: 'seconds since boot',
  age: 'ages at collection',
  derived: 'derived',
  neighbour: 'lines around',
  none: 'none',
} as const;

/** @param timed the sources of the clocks, in their order, with the times of their records */
export function reportClocks(
  clocks: readonly FileClock[],
  timed: readonly ReadSource[],
  known: readonly KnownOffset[],
): readonly ClockReport[] {
  const drafts = new Map<string, Draft>();
  for (const [index, clock] of clocks.entries()) {
    describeFile(clock, timed[index]?.records ?? [], drafts);
  }
  return [...drafts]
    .sort(([a], [b]) => byText(a, b))
    .map(([clock, draft]) => ({ clock, draft, offsets: differencesOf(clock, known) }))
    .map(({ clock, draft, offsets }) => ({
      clock,
      basis: [...draft.bases].sort(byText).join(', '),
      ...(draft.zone === undefined ? {} : { zone: draft.zone }),
      uncertaintyMs: Math.max(ASSUMED_OFFSET_MS, ...offsets.flatMap(({ bounds }) => farthest(bounds))),
      anchors: [...draft.anchors].sort(byText),
      assumptions: [...draft.assumptions].sort(byText),
      ...(offsets.length === 0 ? {} : { offsets }),
    }));
}

/** Seen from this clock, whichever of the two was compared with the other. */
function differencesOf(clock: string, known: readonly KnownOffset[]): readonly ClockDifference[] {
  return known
    .flatMap(({ clock: one, against: other, bounds, pairs, verdict }): readonly ClockDifference[] => {
      if (verdict === 'agree') {
        return [];
      }
      if (one === clock) {
        return [{ against: other, bounds, pairs, verdict }];
      }
      const turned = { least: -bounds.greatest, greatest: -bounds.least };
      return other === clock ? [{ against: one, bounds: turned, pairs, verdict }] : [];
    })
    .sort((a, b) => byText(a.against, b.against));
}

function farthest({ least, greatest }: ClockDifference['bounds']): readonly number[] {
  return [Math.abs(least), Math.abs(greatest)].filter((ms) => Number.isFinite(ms));
}

function describeFile(clock: FileClock, records: readonly LogRecord[], drafts: Map<string, Draft>): void {
  const { source } = clock;
  const note = (time: ReturnType<typeof timeOf>, host: string, isLocal: boolean) => {
    if (time === undefined) {
      return;
    }
    const draft = drafts.get(time.clock) ?? {
      bases: new Set(),
      zone: undefined,
      anchors: new Set(),
      assumptions: new Set(),
    };
    drafts.set(time.clock, draft);
    draft.bases.add(BASIS_WORDS[time.basis]);
    for (const assumption of time.assumptions) {
      // A year that something in the bundle tells was found out, not assumed.
      (assumption.startsWith('year from') ? draft.anchors : draft.assumptions).add(assumption);
    }
    if (isLocal) {
      const choice = clock.zones.zoneOf(host);
      draft.zone ??= choice.zone.name;
      if (!choice.assumed) {
        draft.anchors.add(choice.why);
      }
    }
    if (time.basis === 'age' && clock.collected !== undefined) {
      draft.anchors.add(`collection time from ${withArticle(clock.collected.basis)}`);
    }
    if (time.basis === 'monotonic') {
      for (const { moments } of clock.anchored.values()) {
        for (const moment of moments) {
          draft.anchors.add(`time of the boot from ${moment.why}`);
        }
      }
    }
  };
  const { volume } = source;
  const isLocal = (stamp: { readonly kind: string; readonly zone?: string; readonly utc?: boolean } | undefined) =>
    stamp?.kind === 'wall' && stamp.zone === undefined && stamp.utc !== true;
  const host = hostOf(source);
  note(timeOf(clock, volume?.firstStamp, { line: volume?.firstLine ?? 0 }), host, isLocal(volume?.firstStamp));
  for (const record of records) {
    // The moment of the collection is no time that a clock of the incident wrote.
    if (record.fields['collected'] === undefined) {
      note(record.time, hostOf(source, record), isLocal(record.stamp));
    }
  }
}
