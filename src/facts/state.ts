import type {
  Listing,
  LogRecord,
  PhysicalLine,
  ReadSource,
  Row,
  RowPlaces,
  RowValue,
  Span,
  TimedVolume,
} from '../model/index.ts';
import { byText } from '../text/order.ts';
import { overlap, widen } from '../time/span.ts';
import type { RoleFinder } from './roles.ts';

/** Three values: the bundle says yes, says no, or does not say. */
export type Tri = true | false | 'unknown';

/** A row with the record it stands on, and what other forms of the same object add. */
export interface StateRow {
  readonly record: LogRecord;
  readonly row: Row;
  /** What the record itself says, where other forms completed `row`. */
  readonly own?: Row;
  readonly role: string | undefined;
  /** Where the row's values are written that do not stand on the record's own line. */
  readonly places?: RowPlaces;
}

export interface ClusterState {
  rows(kind: string): readonly StateRow[];
  readonly listings: readonly Listing[];
  /** Is a component of this role working at collection? Judged from pods, workloads and status rows. */
  up(role: string): Tri;
  /** Has every workload of the role been looked for where it would have been? */
  listed(kinds: readonly string[], namespace: string | undefined): Listing | undefined;
  setting(key: string): RowValue | undefined;
  /**
   * Does some source of this name (unit, format, listing; `*` for any log) cover the node or namespace, at these
   * times? A log whose times are not known counts as covering all.
   */
  covered(source: string, scope: string | undefined, times?: readonly Span[]): Tri;
}

const WORKLOADS = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet'];
/** Where the workloads of the system live: a listing of it would have shown a missing one. */
export const SYSTEM_NAMESPACE = 'kube-system';
/** A log that begins this shortly after, or ends so before, still covers a moment. */
const EDGE_MS = 60_000;

export function buildState(
  sources: readonly ReadSource[],
  roles: RoleFinder,
  volumes: readonly TimedVolume[] = [],
): ClusterState {
  const byKind = new Map<string, StateRow[]>();
  const merged = mergeForms(sources);
  for (const { record, row, own, places } of merged) {
    const name = String(row.values['name'] ?? '');
    const namespace = typeof row.values['namespace'] === 'string' ? row.values['namespace'] : undefined;
    const image = first(row.values['images']);
    const role =
      row.kind === 'Pod' || WORKLOADS.includes(row.kind)
        ? (roles.ofWorkload(namespace, name) ?? (image === undefined ? undefined : roles.ofImage(image)))
        : row.kind === 'Component'
          ? roleOfProgram(String(row.values['component'] ?? ''), roles)
          : row.kind === 'Service' || row.kind === 'Endpoints'
            ? roles.ofService(`${namespace}/${name}`)
            : undefined;
    const list = byKind.get(row.kind);
    const state: StateRow = { record, row, role, ...(own && { own }), ...(places && { places }) };
    if (list) list.push(state);
    else byKind.set(row.kind, [state]);
  }
  const listings = sources.flatMap((source) => source.listings);
  const units = unitsOf(sources, volumes, roles);
  const rows = (kind: string): readonly StateRow[] => byKind.get(kind) ?? [];

  const listed = (kinds: readonly string[], namespace: string | undefined): Listing | undefined => {
    const showing = listings.filter(
      (listing) =>
        listing.complete &&
        kinds.includes(listing.kind) &&
        ((listing.namespace === 'all' && (namespace !== SYSTEM_NAMESPACE || showsSystem(listing))) ||
          (namespace !== undefined && listing.namespace === namespace)),
    );
    return showing.find((listing) => listing.namespace === 'all') ?? showing[0];
  };
  // Part of a listing, picked out by a person, looks complete; but no cluster is without its own objects.
  const showsSystem = ({ kind, source }: Listing): boolean => {
    if (kind !== 'Pod' && kind !== 'Service' && !WORKLOADS.includes(kind)) return true;
    const own = rows(kind).filter(({ record }) => record.ref.source === source);
    if (isPicked(own)) return false;
    const system = own.filter(({ row }) => row.values['namespace'] === SYSTEM_NAMESPACE);
    // Several parts of the system run in pods, whatever the distribution: one alone is what somebody pasted.
    if (kind === 'Pod') return new Set(system.map((pod) => firstName(pod, 2))).size > 1;
    return system.length > 0 || (kind === 'Service' && own.some(({ row }) => row.values['name'] === 'kubernetes'));
  };

  const up = (role: string): Tri => {
    const pods = rows('Pod').filter((row) => row.role === role);
    const workloads = WORKLOADS.flatMap((kind) => rows(kind)).filter((row) => row.role === role);
    const status = rows('Component').filter((row) => row.role === role);
    const states = [
      ...pods.map((row) => readyPod(row.row)),
      ...workloads.map((row) =>
        typeof row.row.values['readyCount'] === 'number' ? row.row.values['readyCount'] > 0 : undefined,
      ),
      ...status.map((row) => (typeof row.row.values['ready'] === 'boolean' ? row.row.values['ready'] : undefined)),
    ].filter((ready) => ready !== undefined);
    if (states.some((ready) => ready)) return true;
    if (states.length > 0) return false;
    return listed(['Pod', ...WORKLOADS], SYSTEM_NAMESPACE) ? false : 'unknown';
  };

  return {
    rows,
    listings,
    up,
    listed,
    setting: (key) => {
      const row = [...rows('Sysctl'), ...rows('Setting')].find((one) => one.row.values['key'] === key);
      return row?.row.values['value'];
    },
    covered: (source, scope, times = []) => {
      if (source === 'workloads' || source === 'pods') return listed(['Pod', ...WORKLOADS], scope) ? true : 'unknown';
      if (listings.some((listing) => listing.kind === source)) return listed([source], scope) ? true : 'unknown';
      const logs = (units.get(source) ?? []).filter(({ node }) => !node || scope === undefined || node === scope);
      if (logs.length === 0) return 'unknown';
      return times.every((time) => logs.some(({ lasts }) => !lasts || overlap(lasts, widen(time, EDGE_MS))))
        ? true
        : 'unknown';
    },
  };
}

/** Only pods of one name in one namespace, out of all namespaces: what somebody searched for. */
function isPicked(rows: readonly StateRow[]): boolean {
  const pods = rows.filter(({ row }) => row.kind === 'Pod');
  const first = pods.map((pod) => `${pod.row.values['namespace']}/${firstName(pod)}`);
  return new Set(first).size === 1;
}

function firstName({ row }: StateRow, parts = 1): string {
  return String(row.values['name']).split('-', parts).join('-');
}

/** Status outputs name programs (`cilium`, `containerd`): their role by workload or unit name. */
function roleOfProgram(program: string, roles: RoleFinder): string {
  const name = program.split('/')[0] as string;
  return roles.ofWorkload(undefined, name) ?? roles.ofUnit(name) ?? name;
}

function readyPod(row: Row): boolean | undefined {
  const { ready, status, phase } = row.values;
  if (typeof ready === 'boolean') return ready && status !== 'Completed';
  if (phase === 'Failed' || phase === 'Pending') return false;
  return undefined;
}

function first(value: RowValue | undefined): string | undefined {
  return typeof value === 'string' ? value : Array.isArray(value) ? (value[0] as string | undefined) : undefined;
}

/** A log of one unit: the node it speaks for and the time it lasts, where they are known. */
interface UnitLog {
  readonly node: string | undefined;
  readonly lasts: Span | undefined;
}

/** Logs by the units that wrote them and the roles that these play (k3s is a kubelet); all of them under `*`. */
function unitsOf(
  sources: readonly ReadSource[],
  volumes: readonly TimedVolume[],
  roles: RoleFinder,
): ReadonlyMap<string, UnitLog[]> {
  const timed = new Map(volumes.map((volume) => [volume.path, volume]));
  const units = new Map<string, UnitLog[]>();
  for (const source of sources) {
    const { first, last } = timed.get(source.path) ?? {};
    const lasts = first && last && { earliest: first.at.earliest, latest: last.at.latest };
    const seen = new Set<string>();
    const add = (name: string, node: string | undefined): void => {
      const role = roles.ofUnit(name);
      if (role !== undefined && role !== name) add(role, node);
      const key = `${name} ${node ?? ''}`;
      if (seen.has(key)) return;
      seen.add(key);
      const known = units.get(name);
      if (known) known.push({ node, lasts });
      else units.set(name, [{ node, lasts }]);
    };
    for (const writer of source.volume?.writers ?? []) add(writer.name, writer.node ?? source.context.node);
    for (const record of source.records) if (record.unit) add(record.unit, record.node);
    if (/^(?:dmesg|kmsg|talos-dmesg)/u.test(source.coverage.format)) add('kernel', source.context.node);
    if (source.volume) for (const node of nodesIn(source)) add('*', node);
  }
  return units;
}

function nodesIn(source: ReadSource): ReadonlySet<string | undefined> {
  const nodes = new Set((source.volume?.writers ?? []).map((writer) => writer.node ?? source.context.node));
  return nodes.size > 0 ? nodes : new Set([source.context.node]);
}

/**
 * The same object in several files (table, describe, YAML): each row keeps what it says itself and is completed by
 * what the others know. Only names join, so hostile values cannot move between objects.
 */
function mergeForms(sources: readonly ReadSource[]): Omit<StateRow, 'role'>[] {
  const byObject = new Map<string, LogRecord[]>();
  const all: LogRecord[] = [];
  for (const source of sources) {
    for (const record of source.records) {
      if (!record.row) continue;
      all.push(record);
      const key = objectKey(record.row);
      if (!key) continue;
      const known = byObject.get(key);
      if (known) known.push(record);
      else byObject.set(key, [record]);
    }
  }
  return all
    .sort((a, b) => byText(a.ref.source, b.ref.source) || a.ref.line - b.ref.line)
    .map((record) => {
      const row = record.row as Row;
      const key = objectKey(row);
      const others = (key && byObject.get(key)) || [];
      if (others.length < 2) return { record, row, ...(record.places && { places: record.places }) };
      const values: Record<string, RowValue> = {};
      for (const other of others) Object.assign(values, other.row?.values);
      return {
        record,
        row: { kind: row.kind, values: { ...values, ...row.values } },
        own: row,
        places: placesIn(record, others),
      };
    });
}

/** Where the values of a row are written that other forms of the object complete; what it says itself, it quotes. */
function placesIn(record: LogRecord, others: readonly LogRecord[]): RowPlaces {
  const places: Record<string, readonly PhysicalLine[]> = {};
  for (const { ref, raw, row, places: known } of others) {
    const own = [{ source: ref.source, line: ref.line, text: raw }];
    for (const name of Object.keys(row?.values ?? {})) places[name] = known?.[name] ?? own;
  }
  for (const name of Object.keys(record.row?.values ?? {})) delete places[name];
  return { ...places, ...record.places };
}

function objectKey(row: Row): string | undefined {
  const name = row.values['name'];
  return typeof name === 'string' ? `${row.kind} ${row.values['namespace'] ?? ''} ${name}` : undefined;
}
