/** Parsed YAML or JSON with the place of each value in the text. */

export interface DataNode {
  /** Offset of the value in the text. */
  readonly start: number;
  /** Offset after a scalar that goes over several lines. */
  readonly end?: number;
  /** A block of lines that stand as they were said (`|` of YAML). */
  readonly isLiteral?: boolean;
  readonly scalar?: string | number | boolean | null;
  readonly entries?: ReadonlyMap<string, DataNode>;
  readonly items?: readonly DataNode[];
}

/** Deeper than any API object; more is hostile. */
export const DEEPEST = 64;
/** Longer strings (certificates, binary data) are cut: nothing reads them. */
export const LONGEST_SCALAR = 65_536;
/** Keys whose values nobody reads and that may be most of an object. */
export const SKIPPED_KEYS: ReadonlySet<string> = new Set(['managedFields', 'ManagedFields']);

/**
 * Value at a path such as `status.conditions`. Keys match without regard to case where they do not match exactly:
 * old clients wrote `InvolvedObject` for `involvedObject`.
 */
export function at(node: DataNode | undefined, path: string): DataNode | undefined {
  let current = node;
  for (const key of path.split('.')) {
    current = child(current, key);
    if (current === undefined) {
      return undefined;
    }
  }
  return current;
}

export function child(node: DataNode | undefined, key: string): DataNode | undefined {
  const entries = node?.entries;
  if (entries === undefined) {
    return undefined;
  }
  const exact = entries.get(key);
  if (exact !== undefined) {
    return exact;
  }
  const capital = entries.get(key.charAt(0).toUpperCase() + key.slice(1));
  if (capital !== undefined || entries.size > 60) {
    return capital;
  }
  const wanted = key.toLowerCase();
  for (const [name, value] of entries) {
    if (name.length === key.length && name.toLowerCase() === wanted) {
      return value;
    }
  }
  return undefined;
}

/** Text of a scalar; undefined for null, empty text, maps and lists. */
export function text(node: DataNode | undefined, path: string): string | undefined {
  const scalar = at(node, path)?.scalar;
  if (scalar === undefined || scalar === null || scalar === '') {
    return undefined;
  }
  return String(scalar);
}

/** Index of the last line of a value; undefined where it has one line. */
export function lastLine(node: DataNode | undefined, lineOf: (offset: number) => number): number | undefined {
  return node?.end === undefined ? undefined : lineOf(Math.max(node.start, node.end - 1));
}

export function number(node: DataNode | undefined, path: string): number | undefined {
  const scalar = at(node, path)?.scalar;
  if (typeof scalar === 'number') {
    return Number.isFinite(scalar) ? scalar : undefined;
  }
  return typeof scalar === 'string' && /^-?\d{1,15}$/u.test(scalar) ? Number(scalar) : undefined;
}

export function flag(node: DataNode | undefined, path: string): boolean | undefined {
  const scalar = at(node, path)?.scalar;
  return typeof scalar === 'boolean' ? scalar : scalar === 'true' ? true : scalar === 'false' ? false : undefined;
}

export function list(node: DataNode | undefined, path: string): readonly DataNode[] {
  return at(node, path)?.items ?? [];
}

/** Texts of a list of scalars. */
export function texts(node: DataNode | undefined, path: string): readonly string[] | undefined {
  const items = at(node, path)?.items;
  return items?.flatMap(({ scalar }) => (scalar === undefined || scalar === null ? [] : [String(scalar)]));
}

/** `key=value` of a map of scalars: labels, selectors. */
export function pairs(node: DataNode | undefined, path: string): readonly string[] | undefined {
  const entries = at(node, path)?.entries;
  return entries === undefined || entries.size === 0
    ? undefined
    : [...entries].slice(0, 100).map(([key, value]) => `${key}=${String(value.scalar ?? '')}`);
}
