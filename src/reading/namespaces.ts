import type { LogRecord, ReadSource } from '../model/index.ts';

/** Namespaces that every cluster has. */
const EVERYWHERE = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
const UNKNOWN = 'unknown';
/** Words of a file's name that say no more than which kind was listed. */
const PLAIN_WORDS =
  /^(?:\d+|kubectl|oc|k|get|list|n|o|ns|namespace|wide|txt|out|log|pods?|po|services?|svc|endpoints?|ep|events?|ev|daemonsets?|ds|deployments?|deploy|statefulsets?|sts|replicasets?|rs|workloads?|resources)$/u;

/**
 * Gives listings the namespace that they do not print: `kubectl get pods -n shop` has no such column, and the command is
 * seldom kept with its output. The name of the file tells it where it holds a namespace of the cluster
 * (`get-pods-kube-system.txt`), otherwise a row does that another file shows with its namespace. Without either, or where
 * rows disagree, it stays unknown. Such a listing proves no absence, unless its name says that nothing was picked out.
 */
export function withNamespaces(sources: readonly ReadSource[]): ReadSource[] {
  const untold = sources.filter(({ listings }) => listings.some(({ namespace }) => namespace === UNKNOWN));
  if (untold.length === 0) return [...sources];
  const { namespaces, places } = namespacesTold(sources);
  const found = new Map(
    untold.flatMap((source) => {
      const inPath = namespaceInPath(source.path, namespaces);
      const namespace = inPath ?? namespaceOfRows(source, places);
      const isWhole = inPath !== undefined && saysNoMore(source.path, inPath);
      return namespace === undefined ? [] : [[source, named(source, namespace, isWhole)] as const];
    }),
  );
  return sources.map((source) => found.get(source) ?? source);
}

interface Told {
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by `kind/name`. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
}

function namespacesTold(sources: readonly ReadSource[]): Told {
  const namespaces = new Set(EVERYWHERE);
  const places = new Map<string, Set<string>>();
  for (const { records } of sources) {
    for (const record of records) {
      const { row } = record;
      const namespace = row?.values['namespace'] ?? record.namespace;
      if (typeof namespace !== 'string' || namespace === UNKNOWN) continue;
      namespaces.add(namespace);
      if (row) {
        const key = keyOf(row.kind, row.values['name']);
        places.set(key, (places.get(key) ?? new Set()).add(namespace));
      }
    }
  }
  return { namespaces, places };
}

function keyOf(kind: string, name: unknown): string {
  return `${kind}/${String(name)}`;
}

/** The longest namespace that stands in the file's name between signs, or is one of its folders. */
function namespaceInPath(path: string, namespaces: ReadonlySet<string>): string | undefined {
  const folders = path.split(/[/!]/u);
  const file = folders.pop() ?? '';
  const fits = [...namespaces].filter((namespace) => folders.includes(namespace) || standsIn(file, namespace));
  return fits.sort((a, b) => b.length - a.length)[0];
}

function standsIn(file: string, namespace: string): boolean {
  for (let at = file.indexOf(namespace); at >= 0; at = file.indexOf(namespace, at + 1)) {
    if (!isWordAt(file, at - 1) && !isWordAt(file, at + namespace.length)) return true;
  }
  return false;
}

function saysNoMore(path: string, namespace: string): boolean {
  const file = path.split(/[/!]/u).pop() ?? '';
  const words = file
    .toLowerCase()
    .replace(namespace, ' ')
    .split(/[^a-z0-9]+/u);
  return words.every((word) => word === '' || PLAIN_WORDS.test(word));
}

function isWordAt(text: string, at: number): boolean {
  return /[a-z0-9]/iu.test(text.charAt(at));
}

function namespaceOfRows(source: ReadSource, places: Told['places']): string | undefined {
  const told = new Set<string>();
  for (const { row } of source.records) {
    if (!row || row.values['namespace'] !== undefined) continue;
    for (const namespace of places.get(keyOf(row.kind, row.values['name'])) ?? []) told.add(namespace);
  }
  const [only] = told;
  return told.size === 1 ? only : undefined;
}

function named(source: ReadSource, namespace: string, isWhole: boolean): ReadSource {
  const kinds = new Set(source.listings.flatMap((one) => (one.namespace === UNKNOWN ? [one.kind] : [])));
  return {
    ...source,
    listings: source.listings.map((one) =>
      one.namespace === UNKNOWN ? { ...one, namespace, complete: one.complete && isWhole } : one,
    ),
    records: source.records.map((record) => (isUntold(record, kinds) ? namedRecord(record, namespace) : record)),
  };
}

function isUntold({ kind, row, namespace }: LogRecord, kinds: ReadonlySet<string>): boolean {
  if (row) return kinds.has(row.kind) && row.values['namespace'] === undefined;
  return kind === 'kube-event' && namespace === undefined && kinds.has('Event');
}

function namedRecord(record: LogRecord, namespace: string): LogRecord {
  const { row, pod } = record;
  return {
    ...record,
    namespace,
    ...(pod?.startsWith(`${UNKNOWN}/`) && { pod: `${namespace}${pod.slice(UNKNOWN.length)}` }),
    ...(row && { row: { ...row, values: { ...row.values, namespace } } }),
  };
}
