import type { Gap, Stamp } from '../model/index.ts';
import { isReversed } from '../time/reversed.ts';

const LONGEST_GAPS = 16;
/** Silences below this are never told. */
const TOLD_MS = 60_000;
/** journald prints when the message was made, not when it came in: stamps step back a little all the time. */
const OUT_OF_ORDER_MS = 600_000;
const DAY_MS = 86_400_000;
/** Four buckets for each doubling of the distance, up to 24 days. */
const BUCKETS = 4 * 30 + 1;

interface TimelineResult {
  readonly firstStamp?: Stamp;
  readonly lastStamp?: Stamp;
  readonly firstLine?: number;
  readonly lastLine?: number;
  readonly gaps: readonly Gap[];
  readonly medianGapMs?: number;
  readonly monthSteps: readonly number[];
  readonly newestFirst?: true;
  /** Pairs of line and byte at which it begins: first and last line, and those around gaps of a minute or more. */
  readonly offsets: readonly (readonly [line: number, offset: number])[];
}

/** First and last time, silences and steps back of one log, fed line by line. Values are on the format's own scale. */
export interface Timeline {
  /** @param offset - byte of the log at which the line begins */
  add(value: number, line: number, offset: number): void;
  result(): TimelineResult;
}

interface Silence {
  readonly length: number;
  readonly from: number;
  readonly fromLine: number;
  readonly fromOffset: number;
  readonly to: number;
  readonly toLine: number;
  readonly toOffset: number;
}

function bucketOf(distance: number): number {
  if (distance < 4) {
    return Math.max(0, Math.floor(distance));
  }
  if (distance >= 2 ** 31) {
    return BUCKETS - 1;
  }
  const power = 31 - Math.clz32(distance);
  return power * 4 + ((distance >>> (power - 2)) & 3) - 4;
}

/** Least distance of a bucket. */
function distanceOf(bucket: number): number {
  if (bucket < 4) {
    return bucket;
  }
  const power = Math.floor((bucket + 4) / 4);
  return 2 ** power * (1 + ((bucket + 4) % 4) / 4);
}

/** Of so many lines the direction of the log is told. */
const DIRECTION_LINES = 64;

/**
 * A log that was printed newest line first is followed backwards: `from` of a silence is always the earlier line.
 *
 * @param stampOf - undefined for values that stand for no stamp
 */
export function timeline(stampOf: (value: number) => Stamp | undefined): Timeline {
  let waiting: [value: number, line: number, offset: number][] | undefined = [];
  let followed = forwards(stampOf);
  let isBackwards = false;

  function decide(): void {
    const first = waiting ?? [];
    waiting = undefined;
    isBackwards = isReversed(first.map(([value]) => value));
    followed = isBackwards ? backwards(stampOf) : followed;
    for (const [value, line, offset] of first) {
      followed.add(value, line, offset);
    }
  }

  return {
    add(value, line, offset) {
      if (waiting === undefined) {
        followed.add(value, line, offset);
        return;
      }
      waiting.push([value, line, offset]);
      if (waiting.length === DIRECTION_LINES) {
        decide();
      }
    },
    result() {
      if (waiting !== undefined) {
        decide();
      }
      return isBackwards ? { ...followed.result(), newestFirst: true } : followed.result();
    },
  };
}

/** Far above any value of any scale: what is later counts as less. */
const MIRROR = 2 ** 52;

/** Time runs down the file as in any other log when each value is taken from a far one. */
function backwards(stampOf: (value: number) => Stamp | undefined): Timeline {
  const inner = forwards((mirrored) => stampOf(MIRROR - mirrored));
  return {
    add: (value, line, offset) => inner.add(MIRROR - value, line, offset),
    result() {
      const { gaps, ...rest } = inner.result();
      return { ...rest, monthSteps: [], gaps: gaps.map(({ from, to }) => ({ from: to, to: from })) };
    },
  };
}

function forwards(stampOf: (value: number) => Stamp | undefined): Timeline {
  let first = -1;
  let firstLine = 0;
  let last = -1;
  let lastLine = 0;
  /** Latest value since the last step back: small steps back make no silence. */
  let latest = -1;
  let latestLine = 0;
  let latestOffset = 0;
  let firstOffset = 0;
  let lastOffset = 0;
  let threshold = 0;
  let gaps: Silence[] = [];
  const monthSteps: number[] = [];
  const counts = new Float64Array(BUCKETS);
  let distances = 0;

  function addGap(value: number, line: number, offset: number): void {
    gaps.push({
      length: value - latest,
      from: latest,
      fromLine: latestLine,
      fromOffset: latestOffset,
      to: value,
      toLine: line,
      toOffset: offset,
    });
    if (gaps.length >= 2 * LONGEST_GAPS) {
      gaps = longest();
      threshold = gaps.at(-1)?.length ?? 0;
    }
  }

  function longest(): Silence[] {
    return gaps.toSorted((a, b) => b.length - a.length || a.fromLine - b.fromLine).slice(0, LONGEST_GAPS);
  }

  function addStepBack(value: number, line: number): void {
    const before = stampOf(latest);
    const after = stampOf(value);
    if (before?.kind === 'wall' && after?.kind === 'wall' && after.year === undefined && after.month < before.month) {
      monthSteps.push(line);
    }
  }

  function add(value: number, line: number, offset: number): void {
    if (last < 0) {
      first = value;
      firstLine = line;
      firstOffset = offset;
      latest = value;
      latestLine = line;
      latestOffset = offset;
    } else if (value >= latest) {
      const distance = value - latest;
      if (distance > 0) {
        const bucket = bucketOf(distance);
        counts[bucket] = (counts[bucket] as number) + 1;
        if (distance > threshold) {
          addGap(value, line, offset);
        }
      } else {
        counts[0] = (counts[0] as number) + 1;
      }
      distances++;
      latest = value;
      latestLine = line;
      latestOffset = offset;
    } else if (latest - value > OUT_OF_ORDER_MS) {
      if (latest - value > DAY_MS) {
        addStepBack(value, line);
      }
      latest = value;
      latestLine = line;
      latestOffset = offset;
    }
    last = value;
    lastLine = line;
    lastOffset = offset;
  }

  function median(): number | undefined {
    let rest = distances / 2;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      rest -= counts[bucket] as number;
      if (rest < 0) {
        return distanceOf(bucket);
      }
    }
    return undefined;
  }

  function gapOf(silence: Silence): Gap | undefined {
    const from = stampOf(silence.from);
    const to = stampOf(silence.to);
    return from === undefined || to === undefined
      ? undefined
      : { from: { line: silence.fromLine, stamp: from }, to: { line: silence.toLine, stamp: to } };
  }

  function result(): TimelineResult {
    const firstStamp = last < 0 ? undefined : stampOf(first);
    const lastStamp = last < 0 ? undefined : stampOf(last);
    const medianGapMs = median();
    const silences = longest();
    return {
      ...(firstStamp === undefined ? {} : { firstStamp, firstLine }),
      ...(lastStamp === undefined ? {} : { lastStamp, lastLine }),
      gaps: silences.flatMap((silence) => gapOf(silence) ?? []),
      ...(medianGapMs === undefined ? {} : { medianGapMs }),
      monthSteps,
      offsets: [
        ...(last < 0
          ? []
          : ([
              [firstLine, firstOffset],
              [lastLine, lastOffset],
            ] as const)),
        ...silences
          .filter(({ length }) => length >= TOLD_MS)
          .flatMap(({ fromLine, fromOffset, toLine, toOffset }) => [
            [fromLine, fromOffset] as const,
            [toLine, toOffset] as const,
          ]),
      ],
    };
  }

  return { add, result };
}
