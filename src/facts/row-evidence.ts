import type { Evidence, PhysicalLine, RowValue } from '../model/index.ts';
import type { RowSignature } from '../rules/schema.ts';
import { placeholders } from '../text/template.ts';
import type { Asked } from './asked.ts';
import { evidenceAt } from './evidence.ts';
import type { StateRow } from './state.ts';

/** Lines that are quoted for one object: what a condition asks seldom stands on more. */
const MOST_LINES = 3;
/** They only say which object it is. */
const OWN_NAMES: ReadonlySet<string> = new Set(['name', 'namespace', 'node']);

/**
 * Quotes the lines on which an object says what a condition asked, and what the rule's title tells of it.
 *
 * @param asked - attributes in the order of the condition; without any the object's own line speaks
 */
export function rowEvidence(
  signature: Pick<RowSignature, 'title'>,
  { record, row, places = {} }: StateRow,
  asked: readonly Asked[],
): readonly Evidence[] {
  const own: PhysicalLine = { source: record.ref.source, line: record.ref.line, text: record.raw || record.message };
  const lines = new Map<string, { readonly line: PhysicalLine; readonly wanted: string[] }>();
  const value = (name: string) => row.values[name];
  const told = toldBy(signature, asked).filter(({ name }) => value(name) !== undefined);
  const worth = ({ name, isDenied }: Asked) => (isDenied ? 3 : tellsLittle(value(name)));
  for (const one of told.sort((a, b) => worth(a) - worth(b))) {
    const worthy = value(one.name) as RowValue;
    const nth = Array.isArray(worthy) ? worthy.findIndex((item) => one.texts.includes(item)) : 0;
    const known = places[one.name] ?? [own];
    const line = (known[nth] ?? known[0]) as PhysicalLine;
    const key = `${line.source}\n${line.line}`;
    const found = lines.get(key);
    const wanted = written(one.name, Array.isArray(worthy) && nth >= 0 ? (worthy[nth] as string) : worthy);
    if (found) found.wanted.push(wanted);
    else if (lines.size < MOST_LINES) lines.set(key, { line, wanted: [wanted] });
  }
  if (lines.size === 0) lines.set('', { line: own, wanted: [written('status', row.values['status'] ?? '')] });
  return [...lines.values()].map(({ line, wanted }) => evidenceAt(record, line, lastFirst(line.text, wanted), 'row'));
}

/** What the title tells counts as asked: it is what the reader looks for in the quote. */
function toldBy({ title }: Pick<RowSignature, 'title'>, asked: readonly Asked[]): Asked[] {
  const named = new Set(placeholders(title).filter((name) => !OWN_NAMES.has(name)));
  const known = new Set(asked.map(({ name }) => name));
  return [
    ...asked.map((one) => (named.has(one.name) ? { ...one, isDenied: false } : one)),
    ...[...named].filter((name) => !known.has(name)).map((name) => ({ name, texts: [], isDenied: false })),
  ];
}

/** A reason says more than a number, a number more than yes or no. */
function tellsLittle(value: RowValue | undefined): number {
  return typeof value === 'boolean' ? 2 : typeof value === 'number' ? 1 : 0;
}

/** As it may stand in the line: what is yes or no goes by its name. */
function written(name: string, value: RowValue): string {
  if (typeof value === 'boolean') return name;
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** A quote keeps what stands before the wanted text, so the one that stands last is wanted most. */
function lastFirst(line: string, wanted: readonly string[]): readonly string[] {
  return [...wanted].sort((a, b) => line.lastIndexOf(b) - line.lastIndexOf(a));
}
