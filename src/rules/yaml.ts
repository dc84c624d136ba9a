import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseAllDocuments, Scalar } from 'yaml';
import type { RuleFile } from './files.ts';

/** One YAML document of a rule file, able to say where its parts stand. */
export interface RuleDocument {
  readonly file: string;
  readonly value: unknown;
  /** Messages of the YAML parser. */
  readonly errors: readonly { readonly line: number; readonly column: number; readonly message: string }[];
  readonly line: number;
  /** Place of a property, or of the nearest one that exists; of its key where `key` is given. */
  placeOf(path: readonly PropertyKey[], key?: string): { readonly line: number; readonly column: number };
  /** Place of a character of a text value. */
  placeIn(path: readonly PropertyKey[], offset: number): { readonly line: number; readonly column: number };
}

export function readDocuments({ path: file, text }: RuleFile, shownAs: string): RuleDocument[] {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false });
  const list: Document.Parsed[] = Array.isArray(documents) ? [...documents] : [];
  const filled = list.filter((document) => document.contents !== null || document.errors.length > 0);
  return filled.map((document) => readDocument(document, text, counter, shownAs === '' ? file : shownAs));
}

function readDocument(document: Document.Parsed, text: string, counter: LineCounter, file: string): RuleDocument {
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nodeAt = (path: readonly PropertyKey[]): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const found = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(found)) return found;
    }
    return undefined;
  };
  const start = (document.contents as Node | null)?.range?.[0] ?? document.range?.[0] ?? 0;
  return {
    file,
    value: document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    errors: document.errors.map((error) => ({ ...at(error.pos[0]), message: error.message })),
    line: at(start).line,
    placeOf: (path, key) => {
      const node = nodeAt(path);
      if (key !== undefined && isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
        const range = isScalar(pair?.key) ? pair.key.range : undefined;
        if (range) return at(range[0]);
      }
      return at(node?.range?.[0] ?? start);
    },
    placeIn: (path, offset) => {
      const node = nodeAt(path);
      if (!isScalar(node) || !node.range) return at(node?.range?.[0] ?? start);
      return at(offsetIn(node as Scalar, text, offset));
    },
  };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

/** Offset in the file of a character of a scalar's value: walks over the escapes of its style. */
function offsetIn(node: Scalar, text: string, offset: number): number {
  const [start, end] = node.range ?? [0, 0];
  const value = String(node.value);
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  let at = isBlock ? text.indexOf('\n', start) + 1 : start + (node.type === Scalar.PLAIN ? 0 : 1);
  // Blank space may be folded, so only visible characters are followed.
  for (let index = 0; index < offset && at < end; index++) {
    const character = value[index];
    if (character === undefined || /\s/u.test(character)) continue;
    at = skipBlank(text, at, end);
    if (node.type === Scalar.QUOTE_DOUBLE && text[at] === '\\') at += 2;
    else at += node.type === Scalar.QUOTE_SINGLE && text[at] === "'" ? 2 : 1;
  }
  return Math.min(skipBlank(text, at, end), end);
}

function skipBlank(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /\s/u.test(text[at] as string)) at++;
  return at;
}
