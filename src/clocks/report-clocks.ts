/** What the report says about each clock. */
import type { LogRecord, ReadSource } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { type FileClock, timeOf } from './file-clock.ts';
import { hostOf } from './hosts.ts';
import { type ClockReport, DEFAULT_SKEW_MS } from './result.ts';

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
export function reportClocks(clocks: readonly FileClock[], timed: readonly ReadSource[]): readonly ClockReport[] {
  const drafts = new Map<string, Draft>();
  for (const [index, clock] of clocks.entries()) {
    describeFile(clock, timed[index]?.records ?? [], drafts);
  }
  return [...drafts]
    .sort(([a], [b]) => byText(a, b))
    .map(([clock, draft]) => ({
      clock,
      basis: [...draft.bases].sort(byText).join(', '),
      ...(draft.zone === undefined ? {} : { zone: draft.zone }),
      uncertaintyMs: DEFAULT_SKEW_MS,
      anchors: [...draft.anchors].sort(byText),
      assumptions: [...draft.assumptions].sort(byText),
    }));
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
      draft.assumptions.add(assumption);
    }
    if (isLocal) {
      const choice = clock.zones.zoneOf(host);
      draft.zone ??= choice.zone.name;
      if (!choice.assumed) {
        draft.anchors.add(choice.why);
      }
    }
    if (time.basis === 'age' && clock.collected !== undefined) {
      draft.anchors.add(
        `collection time from the ${clock.collected.basis}`.replace('the --', '--').replace('the rows', 'rows'),
      );
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
    note(record.time, hostOf(source, record), isLocal(record.stamp));
  }
}
