/**
 * The zone of each host: offsets in payloads, `timedatectl` and headers, the flag, the same message in two files; else
 * UTC, as a recorded assumption. The zone of the machine that runs the analysis plays no part.
 */
import type { LogRecord, ReadSource } from '../model/index.ts';
import { fixedZone, formatOffset, parseZone, UTC, type Zone, zoneCandidates } from '../time/zones.ts';
import { hostOf } from './hosts.ts';
import { instantField, nearestYear, type WallStamp, wallMs } from './wall.ts';

export interface ZoneChoice {
  readonly zone: Zone;
  /** Words for the report: `zone +02:00 from 12 payloads that write their offset`. */
  readonly why: string;
  readonly assumed: boolean;
}

const QUARTER_MS = 15 * 60_000;
const MAX_OFFSET_MS = 14 * 3_600_000;
/** Delivery delays a line, and rounding to a quarter of an hour hides it, up to here. */
const MAX_DELAY_MS = 5 * 60_000;
const MIN_TWINS = 3;
const MIN_TWIN_TEXT = 24;
/** `systemctl status` prints the zone of the machine. */
const SINCE = / since \S{1,12} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ([A-Za-z]{1,5}|[+-]\d{2,4});/u;
const TIME_ZONE_LINE = /^\s{0,40}Time ?zone: {1,4}([A-Za-z0-9_+/-]{1,40})(?: \(([A-Za-z0-9+-]{1,10}), ([+-]\d{4})\))?/u;

export interface HostZones {
  zoneOf(host: string): ZoneChoice;
  /** Zones found for hosts that had none before. */
  learn(found: ReadonlyMap<string, ZoneChoice>): void;
}

/** @param flag the user's `--timezone` */
export function hostZones(sources: readonly ReadSource[], flag: string | undefined): HostZones {
  const given = flag === undefined ? undefined : parseZone(flag);
  const found = new Map<string, ZoneChoice>([...zonesFromText(sources), ...zonesFromPayloads(sources)]);
  const fallback: ZoneChoice =
    given === undefined
      ? { zone: UTC, why: 'zone assumed UTC', assumed: true }
      : { zone: given, why: `zone ${given.name} from --timezone`, assumed: false };
  return {
    zoneOf: (host) => found.get(host) ?? (given === undefined ? neighbourZone(host, found) : undefined) ?? fallback,
    learn: (more) => {
      for (const [host, choice] of more) {
        if (given === undefined && !found.has(host)) {
          found.set(host, choice);
        }
      }
    },
  };
}

/** Nodes of one cluster mostly share a zone: that of the others, where these agree, is a better guess than UTC. */
function neighbourZone(host: string, found: ReadonlyMap<string, ZoneChoice>): ZoneChoice | undefined {
  if (!host.startsWith('node/')) {
    return undefined;
  }
  const others = [...found].filter(([other]) => other.startsWith('node/')).map(([, choice]) => choice.zone);
  const [first] = others;
  return first !== undefined && others.every((zone) => zone.name === first.name)
    ? { zone: first, why: `zone assumed ${first.name}, as on other nodes`, assumed: true }
    : undefined;
}

/** The zone that a stamp itself names, undefined when it names none or an ambiguous one. */
export function zoneOfStamp(stamp: WallStamp, host: ZoneChoice): Zone | undefined {
  if (stamp.utc === true) {
    return UTC;
  }
  if (stamp.zone === undefined) {
    return undefined;
  }
  const candidates = zoneCandidates(stamp.zone);
  // The host's zone decides between the countries that share a name.
  if (
    candidates.length > 0 &&
    !host.assumed &&
    host.zone.kind === 'fixed' &&
    candidates.includes(host.zone.offsetMinutes)
  ) {
    return host.zone;
  }
  return parseZone(stamp.zone);
}

/** Lines whose local header holds a payload with an explicit offset. */
function zonesFromPayloads(sources: readonly ReadSource[]): ReadonlyMap<string, ZoneChoice> {
  const offsets = new Map<string, number[]>();
  for (const source of sources) {
    for (const record of source.records) {
      const offset = payloadOffset(record);
      if (offset !== undefined) {
        push(offsets, hostOf(source, record), offset);
      }
    }
  }
  const zones = new Map<string, ZoneChoice>();
  for (const [host, list] of offsets) {
    const rounded = roundOffset(median(list));
    if (rounded !== undefined) {
      const lines =
        list.length === 1 ? '1 line whose payload writes its' : `${list.length} lines whose payloads write their`;
      zones.set(host, {
        zone: fixedZone(rounded),
        why: `zone ${formatOffset(rounded)} from ${lines} own offset`,
        assumed: false,
      });
    }
  }
  return zones;
}

/** How far the writer's local time is ahead of UTC, by a line that holds both. */
function payloadOffset(record: LogRecord): number | undefined {
  const inner = instantField(record.fields['time.inner']);
  const zoneless = record.fields['time.zoneless'];
  if (zoneless !== undefined) {
    const outer = instantField(record.fields['time.outer']);
    const offset = inner === undefined || outer === undefined ? undefined : outer - inner;
    return offset === undefined || Math.abs(offset) > MAX_OFFSET_MS + MAX_DELAY_MS
      ? undefined
      : zoneless === 'outer'
        ? offset
        : -offset;
  }
  const { stamp } = record;
  if (inner === undefined || stamp?.kind !== 'wall' || stamp.utc === true) {
    return undefined;
  }
  const offset = wallMs(stamp, stamp.year ?? nearestYear(stamp, inner)) - inner;
  return Math.abs(offset) <= MAX_OFFSET_MS + MAX_DELAY_MS ? offset : undefined;
}

/** `timedatectl` and journal headers, for the node they are of, or for the files beside them. */
function zonesFromText(sources: readonly ReadSource[]): ReadonlyMap<string, ZoneChoice> {
  const zones = new Map<string, ZoneChoice>();
  for (const source of sources) {
    const { name, node } = namedZone(source) ?? {};
    const zone = name === undefined ? undefined : parseZone(name);
    if (zone === undefined) {
      continue;
    }
    const choice = { zone, why: `zone ${zone.name} from ${source.path}`, assumed: false };
    for (const host of node === undefined ? hostsBeside(source, sources) : [`node/${node}`]) {
      if (!zones.has(host)) {
        zones.set(host, choice);
      }
    }
  }
  return zones;
}

interface NamedZone {
  readonly name: string;
  /** The machine that says so, where it says which it is. */
  readonly node?: string;
}

function namedZone(source: ReadSource): NamedZone | undefined {
  for (const record of source.records) {
    if (record.fields['zone.name'] !== undefined) {
      return { name: record.fields['zone.name'] };
    }
    const since = record.row?.kind === 'Component' ? SINCE.exec(record.message.slice(0, 300))?.[1] : undefined;
    if (since !== undefined) {
      return { name: since };
    }
    if (record.row?.kind === 'Clock') {
      const { zone, offset } = record.row.values;
      const name = typeof zone === 'string' && parseZone(zone) !== undefined ? zone : String(offset ?? '');
      return { name, ...(record.node === undefined ? {} : { node: record.node }) };
    }
    if (record.message.length < 200 || source.records.length < 40) {
      const line =
        TIME_ZONE_LINE.exec(record.message.slice(0, 200)) ??
        /\n\s{0,40}Time ?zone: {1,4}([A-Za-z0-9_+/-]{1,40})/u.exec(record.message.slice(0, 2000));
      if (line !== null) {
        const [, iana = '', , offset] = line;
        return { name: parseZone(iana) === undefined ? (offset ?? iana) : iana };
      }
    }
  }
  return undefined;
}

/** The host of the file; for a file of no host those of its folder, and of the whole bundle when there is one node only. */
function hostsBeside(source: ReadSource, sources: readonly ReadSource[]): readonly string[] {
  const own = hostOf(source);
  if (!own.startsWith('file/')) {
    return [own];
  }
  const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1);
  const beside = sources.filter((other) => other.path.startsWith(folder)).map((other) => hostOf(other));
  const nodes = new Set(beside.filter((host) => host.startsWith('node/')));
  return nodes.size > 1 ? [own] : [...new Set(beside.filter((host) => !host.startsWith('pod/')))];
}

/** A record whose time is settled but for the zone of its host. */
export interface LocalRecord {
  readonly host: string;
  readonly text: string;
  /** The local time read as UTC. */
  readonly wallMs: number;
}

/**
 * The same message in a file with a zone and in one without: their distance, rounded to a quarter of an hour, is the
 * zone, where three different messages agree.
 */
export function zonesFromTwins(
  zoned: readonly { readonly text: string; readonly epochMs: number }[],
  local: readonly LocalRecord[],
): ReadonlyMap<string, ZoneChoice> {
  const byText = unique(zoned, (record) => record.text);
  const votes = new Map<string, Map<number, number>>();
  for (const record of unique(local, (each) => `${each.host}\n${each.text}`).values()) {
    const twin = byText.get(record.text);
    const offset = twin === undefined ? undefined : roundOffset(record.wallMs - twin.epochMs);
    if (offset !== undefined) {
      const counts = votes.get(record.host) ?? new Map<number, number>();
      counts.set(offset, (counts.get(offset) ?? 0) + 1);
      votes.set(record.host, counts);
    }
  }
  const zones = new Map<string, ZoneChoice>();
  for (const [host, counts] of votes) {
    const [best, second] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (best !== undefined && best[1] >= MIN_TWINS && (second === undefined || second[1] * 3 <= best[1])) {
      zones.set(host, {
        zone: fixedZone(best[0]),
        why: `zone ${formatOffset(best[0])} from ${best[1]} messages that another file has with a zone`,
        assumed: false,
      });
    }
  }
  return zones;
}

export function isTwinText(text: string): boolean {
  return text.length >= MIN_TWIN_TEXT;
}

function unique<T>(records: readonly T[], keyOf: (record: T) => string): ReadonlyMap<string, T> {
  const seen = new Map<string, T | undefined>();
  for (const record of records) {
    const key = keyOf(record);
    seen.set(key, seen.has(key) ? undefined : record);
  }
  return new Map([...seen].flatMap(([key, record]) => (record === undefined ? [] : [[key, record] as const])));
}

/** Minutes, or undefined when the difference is no offset of a zone. */
function roundOffset(differenceMs: number): number | undefined {
  const rounded = Math.round(differenceMs / QUARTER_MS) * QUARTER_MS;
  return Math.abs(differenceMs - rounded) <= MAX_DELAY_MS && Math.abs(rounded) <= MAX_OFFSET_MS
    ? rounded / 60_000
    : undefined;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
