/** `1 pod`, `2 pods`, `1 entity`, `3 entities`. */
export function counted(count: number, noun: string, plural = pluralOf(noun)): string {
  return `${thousands(count)} ${count === 1 ? noun : plural}`;
}

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/u.test(noun)) return `${noun.slice(0, -1)}ies`;
  if (/(?:s|x|ch|sh)$/u.test(noun)) return `${noun}es`;
  return `${noun}s`;
}

/** `1,234,567` in every locale. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** `a`, `a and b`, `a, b and c`; past `atMost` the rest is counted: `a, b and 7 more`. */
export function listed(items: readonly string[], atMost = Number.POSITIVE_INFINITY): string {
  const shown = items.length > atMost ? [...items.slice(0, atMost), `${items.length - atMost} more`] : items;
  const last = shown.at(-1);
  if (last === undefined) return '';
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** Ends like a sentence; one that already does stays as it is. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…:]["”')]?$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Without the full stop at its end, to be built into a longer sentence. */
export function clause(text: string): string {
  return text.trim().replace(/[.\s]+$/u, '');
}

/** In double quotation marks; those inside become single ones. */
export function quoted(text: string): string {
  return `“${text.replace(/“/gu, '‘').replace(/”/gu, '’')}”`;
}

/** With a capital first letter, as the beginning of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1.2 MB`; decimal units, one digit behind the point under 10. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${text} ${unit === 0 && bytes === 1 ? 'byte' : units[unit]}`;
}

/** `97 %`; never rounds up to a full hundred nor down to nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return 'under 1 %';
  if (share < 1 && share > 0.995) return 'over 99 %';
  return `${Math.round(share * 100)} %`;
}

/** Cut at `max` characters, at a word where there is one near, with `…`. Never splits a surrogate pair. */
export function shorten(text: string, max: number): string {
  const points = [...text];
  if (points.length <= max) return text;
  const cut = points.slice(0, max - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > cut.length * 0.7 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
