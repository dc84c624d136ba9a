/**
 * Rotated series: `kubelet.log`, `kubelet.log.1`, `kubelet.log.2.gz`, `messages-20250131`, `0.log.20250131-025455.gz`.
 *
 * The parts stay separate sources; this tells which belong together, their order, oldest first, and the day that a name
 * tells: the clocks give no line of a part a year that is later than the next part, or than that day.
 */
import type { Rotation } from '../model/index.ts';
import { byText } from '../text/order.ts';

interface Part {
  readonly path: string;
  readonly base: string;
  /** Sorts from oldest to newest. */
  readonly order: number;
  readonly endedBefore?: number;
}

const DAY_MS = 86_400_000;
const PACKED = /\.(?:gz|zst|xz|bz2)$/u;
const DATED =
  /^(.+?)[-.](\d{4})-?(\d{2})-?(\d{2})(?:[-T_.]?(\d{2})[-:]?(\d{2})[-:]?(\d{2}))?(?:\.\d{1,6})?(\.log|\.txt)?$/u;
const NUMBERED = /^(.+)\.(\d{1,3})(\.log|\.txt)?$/u;

/** The place of each path in its series; paths that are no part of one are left out. */
export function rotations(paths: readonly string[]): ReadonlyMap<string, Rotation> {
  const groups = new Map<string, Part[]>();
  for (const path of [...paths].sort(byText)) {
    const part = partOf(path);
    const group = groups.get(part.base);
    if (group === undefined) {
      groups.set(part.base, [part]);
    } else {
      group.push(part);
    }
  }
  const found = new Map<string, Rotation>();
  for (const [series, parts] of groups) {
    const isSeries = parts.length > 1 || parts.some(({ endedBefore }) => endedBefore !== undefined);
    const ordered = isSeries ? parts.sort((a, b) => a.order - b.order || byText(a.path, b.path)) : [];
    for (const [index, { path, endedBefore }] of ordered.entries()) {
      found.set(path, { series, index, ...(endedBefore === undefined ? {} : { endedBefore }) });
    }
  }
  return found;
}

function partOf(path: string): Part {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = unpackedName(path.slice(slash + 1));
  const dated = DATED.exec(name);
  if (dated !== null) {
    const [, base = '', year, month, day, hour = '00', minute = '00', second = '00', suffix = ''] = dated;
    const ended = Date.UTC(Number(year), Number(month) - 1, Number(day));
    return {
      path,
      base: `${folder}${base}${suffix}`,
      order: Number(`${year}${month}${day}${hour}${minute}${second}`),
      ...(isDay(Number(year), Number(month), Number(day)) ? { endedBefore: ended + DAY_MS } : {}),
    };
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, base = '', number, suffix = ''] = numbered;
    return { path, base: `${folder}${base}${suffix}`, order: -Number(number) };
  }
  // The live file. A container's `0.log`, `1.log` … are restarts, not rotations: each is its own base.
  return { path, base: `${folder}${name}`, order: Number.MAX_SAFE_INTEGER };
}

/** Numbers of eight digits are also versions and counts. */
function isDay(year: number, month: number, day: number): boolean {
  return year >= 2000 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function unpackedName(name: string): string {
  return name.replace(PACKED, '');
}
