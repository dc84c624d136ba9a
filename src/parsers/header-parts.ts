import type { Header } from './format.ts';

type Parts = { readonly [K in keyof Header]?: Header[K] | undefined } & { readonly message: string };

/** A header without its undefined parts and without empty maps, so that headers compare by value. */
export function headerOf(parts: Parts): Header {
  const header: Record<string, unknown> = {};
  for (const key in parts) {
    const value = parts[key as keyof Parts];
    if (value !== undefined && !((key === 'fields' || key === 'hints') && isEmpty(value as object))) {
      header[key] = value;
    }
  }
  return header as unknown as Header;
}

function isEmpty(map: object): boolean {
  for (const _ in map) {
    return false;
  }
  return true;
}

/**
 * Adds a pair in written order. A key that comes twice with another value gets a number (`error_2`); names that mean
 * something to JavaScript objects are dropped, because the text of a log chooses them.
 */
export function putField(fields: Record<string, string>, key: string, value: string): void {
  if (key === '__proto__' || key === '') {
    return;
  }
  if (!Object.hasOwn(fields, key)) {
    fields[key] = value;
    return;
  }
  if (fields[key] !== value && !Object.hasOwn(fields, `${key}_2`)) {
    fields[`${key}_2`] = value;
  }
}
