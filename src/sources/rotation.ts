/**
 * Rotated series: `kubelet.log`, `kubelet.log.1`, `kubelet.log.2.gz`, `messages-20250131`, `0.log.20250131-025455.gz`.
 *
 * The parts stay separate sources; this tells which belong together, and their order, oldest first.
 */
import { byText } from '../text/order.ts';

export interface RotatedSeries {
  /** Path of the live file, whether it is in the bundle or not. */
  readonly base: string;
  /** Oldest first; the live file is last. */
  readonly paths: readonly string[];
}

interface Part {
  readonly path: string;
  readonly base: string;
  /** Sorts from oldest to newest. */
  readonly order: number;
}

const PACKED = /\.(?:gz|zst|xz|bz2)$/u;
const DATED =
  /^(.+?)[-.](\d{4})-?(\d{2})-?(\d{2})(?:[-T_.]?(\d{2})[-:]?(\d{2})[-:]?(\d{2}))?(?:\.\d{1,6})?(\.log|\.txt)?$/u;
const NUMBERED = /^(.+)\.(\d{1,3})(\.log|\.txt)?$/u;

/** Series of at least two parts, sorted by base path. */
export function rotatedSeries(paths: readonly string[]): readonly RotatedSeries[] {
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
  return [...groups]
    .filter(([, parts]) => parts.length > 1)
    .map(([base, parts]) => ({
      base,
      paths: parts.sort((a, b) => a.order - b.order || byText(a.path, b.path)).map((part) => part.path),
    }))
    .sort((a, b) => byText(a.base, b.base));
}

function partOf(path: string): Part {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = unpackedName(path.slice(slash + 1));
  const dated = DATED.exec(name);
  if (dated !== null) {
    const [, base = '', year, month, day, hour = '00', minute = '00', second = '00', suffix = ''] = dated;
    return { path, base: `${folder}${base}${suffix}`, order: Number(`${year}${month}${day}${hour}${minute}${second}`) };
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, base = '', number, suffix = ''] = numbered;
    return { path, base: `${folder}${base}${suffix}`, order: -Number(number) };
  }
  // The live file. A container's `0.log`, `1.log` … are restarts, not rotations: each is its own base.
  return { path, base: `${folder}${name}`, order: Number.MAX_SAFE_INTEGER };
}

function unpackedName(name: string): string {
  return name.replace(PACKED, '');
}
