/**
 * Time zones: abbreviations with one meaning, numeric offsets, and IANA names.
 *
 * `IST`, `CST` and `BST` mean different zones in different countries and are not in the table: without another clue
 * they are unknown. IANA names (from `timedatectl` or `--timezone`) use the rules that Node carries.
 */

export type Zone =
  | { readonly kind: 'fixed'; readonly name: string; readonly offsetMinutes: number }
  | { readonly kind: 'iana'; readonly name: string };

export const UTC: Zone = { kind: 'fixed', name: 'UTC', offsetMinutes: 0 };

const FIXED: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  UCT: 0,
  Z: 0,
  WET: 0,
  WEST: 60,
  CET: 60,
  CEST: 120,
  MET: 60,
  MEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
  EST: -300,
  EDT: -240,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

/** Abbreviations that several countries use, with what they may mean in minutes east of Greenwich. */
const AMBIGUOUS: Readonly<Record<string, readonly number[]>> = {
  IST: [60, 120, 330],
  CST: [-360, -300, 480],
  BST: [60, 360],
};

const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/u;
const IANA = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){0,2}$/u;
const QUARTER_HOUR_MS = 15 * 60_000;

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();
const offsets = new Map<string, number>();

/** An abbreviation, `+0200`, `+02:00`, `-03`, `UTC+2` or an IANA name; undefined when it says nothing certain. */
export function parseZone(text: string): Zone | undefined {
  const name = text.trim();
  const fixed = FIXED[name.toUpperCase()];
  if (fixed !== undefined) {
    return { kind: 'fixed', name: name.toUpperCase(), offsetMinutes: fixed };
  }
  const offset = OFFSET.exec(name);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return minutes > 14 * 60 ? undefined : fixedZone(offset[1] === '-' ? -minutes : minutes);
  }
  return name.length <= 64 && name.includes('/') && IANA.test(name) && formatterOf(name) !== undefined
    ? { kind: 'iana', name }
    : undefined;
}

/** Minutes east of Greenwich that an ambiguous abbreviation may mean; empty when it is not ambiguous. */
export function zoneCandidates(text: string): readonly number[] {
  return AMBIGUOUS[text.trim().toUpperCase()] ?? [];
}

/** `+02:00` for 120. */
export function fixedZone(offsetMinutes: number): Zone {
  return { kind: 'fixed', name: offsetMinutes === 0 ? 'UTC' : formatOffset(offsetMinutes), offsetMinutes };
}

export function formatOffset(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Minutes east of Greenwich at that instant. */
export function offsetAt(zone: Zone, epochMs: number): number {
  if (zone.kind === 'fixed') {
    return zone.offsetMinutes;
  }
  // All changes of offset since 1970 fall on a quarter of an hour.
  const bucket = Math.floor(epochMs / QUARTER_HOUR_MS);
  const key = `${zone.name} ${bucket}`;
  const known = offsets.get(key);
  if (known !== undefined) {
    return known;
  }
  const offset = readOffset(zone.name, bucket * QUARTER_HOUR_MS);
  if (offsets.size > 20_000) {
    offsets.clear();
  }
  offsets.set(key, offset);
  return offset;
}

/**
 * The instants that a wall clock may mean, in order: two in the hour that autumn repeats, one otherwise
 * (in the hour that spring leaves out, the one by the offset before the change).
 *
 * @param wallMs the local date and time read as if it were UTC
 */
export function instantsOf(wallMs: number, zone: Zone): readonly number[] {
  if (zone.kind === 'fixed') {
    return [wallMs - zone.offsetMinutes * 60_000];
  }
  const before = offsetAt(zone, wallMs - 24 * 3_600_000);
  const after = offsetAt(zone, wallMs + 24 * 3_600_000);
  const fits = [...new Set([before, after])]
    .map((offset) => wallMs - offset * 60_000)
    .filter((epochMs) => offsetAt(zone, epochMs) * 60_000 === wallMs - epochMs)
    .sort((a, b) => a - b);
  return fits.length > 0 ? fits : [wallMs - before * 60_000];
}

function readOffset(name: string, epochMs: number): number {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) {
    return 0;
  }
  const text =
    formatterOf(name)
      ?.formatToParts(date)
      .find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = OFFSET.exec(text);
  const minutes = match === null ? 0 : Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match?.[1] === '-' ? -minutes : minutes;
}

function formatterOf(name: string): Intl.DateTimeFormat | undefined {
  if (!formatters.has(name)) {
    let formatter: Intl.DateTimeFormat | undefined;
    try {
      formatter = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    } catch {
      // Not a zone that this Node knows.
    }
    formatters.set(name, formatter);
  }
  return formatters.get(name);
}
