/**
 * Ages as kubectl, describe and most Go tools print them: `47s`, `8m15s`, `3h20m`, `17d`, `2y11d`.
 *
 * The printer truncates, so a printed age stands for an interval whose width follows from the text alone:
 * the true age lies in [ageMs, ageMs + unitMs). `<unknown>` and `<invalid>` are not ages: see {@link isAgeWord}.
 * Format: k8s.io/apimachinery pkg/util/duration, HumanDuration; clients up to about 1.12 print one unit only.
 */

export interface Age {
  readonly ageMs: number;
  readonly unitMs: number;
}

/** `current` prints up to two units, `single-unit` one (old clients), `either` when nothing tells. */
export type AgeForm = 'current' | 'single-unit' | 'either';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, y: YEAR };
/** Up to this age the current printer shows the unit on the right. */
const CURRENT_WIDTHS: readonly (readonly [limitMs: number, unitMs: number])[] = [
  [10 * MINUTE, SECOND],
  [8 * HOUR, MINUTE],
  [8 * DAY, HOUR],
  [8 * YEAR, DAY],
  [Number.POSITIVE_INFINITY, YEAR],
];
/** [unit, first value that the single-unit printer writes in the next unit]. */
const SINGLE_UNIT_LIMITS: Readonly<Record<string, number>> = {
  s: 60,
  m: 60,
  h: 24,
  d: 365,
  y: Number.POSITIVE_INFINITY,
};
/** [unit, first value at which the current printer uses the unit without a smaller one before it in the table]. */
const CURRENT_FIRST: Readonly<Record<string, number>> = { s: 0, m: 2, h: 3, d: 2, y: 2 };

const AGE = /^(?:\d{1,9}[smhdy]){1,5}$/u;

/** Undefined when the text is no age. An ` ago` at the end is accepted. */
export function parseAge(text: string, form: AgeForm = 'current'): Age | undefined {
  const parts = partsOf(text);
  if (parts === undefined) {
    return undefined;
  }
  const ageMs = parts.reduce((sum, part) => sum + part.value * (UNITS[part.unit] ?? 0), 0);
  const smallest = UNITS[parts.at(-1)?.unit ?? 's'] ?? SECOND;
  if (parts.length > 1) {
    return { ageMs, unitMs: Math.min(smallest, currentUnit(ageMs)) };
  }
  const only = provenForm(text) ?? form;
  if (only === 'single-unit') {
    return { ageMs, unitMs: smallest };
  }
  const unitMs = Math.min(smallest, currentUnit(ageMs));
  return { ageMs, unitMs: only === 'either' ? smallest : unitMs };
}

/**
 * The printer that must have written this age, if it tells: two units, `90s`, `61m`, `30h` are the current one,
 * `1m`, `2h`, `1d`, `1y` the old one.
 */
export function provenForm(text: string): 'current' | 'single-unit' | undefined {
  const parts = partsOf(text);
  const only = parts?.[0];
  if (parts === undefined || only === undefined) {
    return undefined;
  }
  if (parts.length > 1 || only.value >= (SINGLE_UNIT_LIMITS[only.unit] ?? Number.POSITIVE_INFINITY)) {
    return 'current';
  }
  return only.value > 0 && only.value < (CURRENT_FIRST[only.unit] ?? 0) ? 'single-unit' : undefined;
}

/** The form of a table, from its age cells: one proof decides; without any proof `either`. */
export function formOfAges(cells: Iterable<string>): AgeForm {
  let form: AgeForm = 'either';
  for (const cell of cells) {
    const proof = provenForm(cell);
    if (proof === 'current') {
      return 'current';
    }
    form = proof ?? form;
  }
  return form;
}

/** An age, or one of the words that stand in its place. */
export function isAgeWord(text: string): boolean {
  return text === '<unknown>' || text === '<invalid>' || partsOf(text) !== undefined;
}

function currentUnit(ageMs: number): number {
  return CURRENT_WIDTHS.find(([limitMs]) => ageMs < limitMs)?.[1] ?? YEAR;
}

function partsOf(text: string): { readonly value: number; readonly unit: string }[] | undefined {
  const bare = text.endsWith(' ago') ? text.slice(0, -4) : text;
  if (bare.length > 40 || !AGE.test(bare)) {
    return undefined;
  }
  const parts = [...bare.matchAll(/(\d+)([smhdy])/gu)].map((match) => ({
    value: Number(match[1]),
    unit: match[2] ?? 's',
  }));
  for (let i = 1; i < parts.length; i += 1) {
    if ((UNITS[parts[i]?.unit ?? 's'] ?? 0) >= (UNITS[parts[i - 1]?.unit ?? 's'] ?? 0)) {
      return undefined;
    }
  }
  return parts;
}
