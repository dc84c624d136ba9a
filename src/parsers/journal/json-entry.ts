/**
 * Fields of one object of `journalctl -o json`.
 *
 * A value is a string; an array of numbers (the bytes of unprintable data); an array of strings or of such byte
 * arrays (a field that occurs more than once); or null (left out for its length).
 */
import type { EntryFields } from './entry.ts';

/** Undefined when the text is no JSON or no journal entry. */
export function parseJsonEntry(text: string): EntryFields | undefined {
  try {
    return jsonEntry(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function jsonEntry(value: unknown): EntryFields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  const fields = new Map(Object.entries(value).map(([key, item]) => [key, texts(item)] as const));
  const isEntry =
    (fields.has('__REALTIME_TIMESTAMP') && (fields.has('__CURSOR') || fields.has('MESSAGE'))) ||
    (fields.has('MESSAGE') && fields.has('_BOOT_ID'));
  return isEntry ? fields : undefined;
}

function texts(value: unknown): readonly (string | undefined)[] {
  if (!Array.isArray(value)) {
    return [scalar(value)];
  }
  const items: readonly unknown[] = value;
  return isBytes(items) ? [decode(items)] : items.map(scalarOrBytes);
}

function scalarOrBytes(value: unknown): string | undefined {
  return Array.isArray(value) && isBytes(value) ? decode(value) : scalar(value);
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' ? value : value === null || value === undefined ? undefined : JSON.stringify(value);
}

function isBytes(items: readonly unknown[]): boolean {
  return typeof items[0] === 'number';
}

function decode(bytes: readonly unknown[]): string {
  return Buffer.from(bytes.map((byte) => (typeof byte === 'number' ? byte & 255 : 63))).toString('utf8');
}
