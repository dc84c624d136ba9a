import type { EntityRef, Fact, LogRecord, ReadSource, Span, TimedVolume } from '../model/index.ts';
import type { Condition } from '../rules/condition/ast.ts';
import type { Env } from '../rules/condition/env.ts';
import { envOf } from '../rules/condition/env.ts';
import { evaluate, type Verdict } from '../rules/condition/evaluate.ts';
import type { RuleLiteral } from '../rules/rule-set.ts';
import type { AbsenceSignature, DependencyModel, Roles, Signature } from '../rules/schema.ts';
import { byText } from '../text/order.ts';
import { assumedOffset, type ClockOffset } from '../time/clock-offset.ts';
import { findAbsence } from './absence.ts';
import { askedOf } from './asked.ts';
import { withoutCopies } from './copies.ts';
import { deriveFact } from './derived.ts';
import type { EntityIndex } from './entities.ts';
import { bundleEnv, judgeIn } from './env.ts';
import { mergeSightings } from './episodes.ts';
import { raiseLastResorts } from './last-resorts.ts';
import { learnEntities } from './learn.ts';
import { sightingOf } from './log-sightings.ts';
import type { Match } from './match.ts';
import type { Matcher } from './matcher.ts';
import { findRoles } from './roles.ts';
import { rowSighting, rowsWhere } from './row-sightings.ts';
import { settledPods } from './settled.ts';
import type { Sighting } from './sighting.ts';
import { findRestarts, findSilences, recordsByLine } from './silence.ts';
import { buildState, type ClusterState } from './state.ts';

/** Logs of fewer lines were cut out of something by a person; those that go on for longer are whole and merely quiet. */
const EXCERPT_LINES = 60;
const EXCERPT_MS = 30 * 60_000;
/** Derived facts may rest on derived facts, this deep. */
const ROUNDS = 3;

export interface FactRules {
  readonly signatures: readonly Signature[];
  readonly roles: Roles;
  readonly model: DependencyModel;
  readonly literals: readonly RuleLiteral[];
  /** Signature ids behind an id, tag or glob. */
  byTag(name: string): readonly string[];
  /** A compiled condition by rule id and property. */
  condition(rule: string, property: string): Condition | undefined;
}

export interface FactInput {
  readonly sources: readonly ReadSource[];
  readonly volumes: readonly TimedVolume[];
  readonly collectedAt: Span | undefined;
  readonly matcher: Matcher;
  /** How far two clocks may be apart. */
  readonly offset?: ClockOffset;
}

export interface FactSet {
  /** Sorted by onset, then id. */
  readonly facts: readonly Fact[];
  readonly state: ClusterState;
  readonly index: EntityIndex;
  readonly judge: (rule: string, property: string, vars: Env['vars']) => Verdict;
  /** Would a fact of this name (id or tag) have been seen beside another, at its place and time, and was none? */
  readonly isExcluded: (name: string, beside: Fact) => boolean;
  readonly linked: (a: EntityRef, b: EntityRef, type?: string) => ReturnType<EntityIndex['linked']>;
}

/** Runs every signature over the records and merges what they see into facts. */
export function findFacts(input: FactInput, rules: FactRules): FactSet {
  const roles = findRoles(rules.roles);
  const offset = input.offset ?? assumedOffset;
  const state = buildState(input.sources, roles, input.volumes);
  const matches = withoutCopies(matchRecords(input.sources, input.matcher));
  const index = learnEntities(allRecords(input.sources), matches);
  const recordAt = recordsByLine(input.sources);
  const isSettled = settledPods(state);
  const sightings: Sighting[] = matches.map((match) => sightingOf(match, index, roles, input.collectedAt, isSettled));
  for (const signature of rules.signatures) {
    if (signature.kind === 'row') {
      const condition = rules.condition(signature.id, 'where');
      if (!condition) continue;
      const fitting = rowsWhere(
        state.rows(signature.rows),
        (row) => evaluate(condition, envOf({ vars: { row: row.row } })).value,
      );
      for (const row of fitting) {
        const asked = askedOf(condition, row.row);
        sightings.push(rowSighting(signature, row, input.collectedAt, index, roles, asked));
      }
    } else if (signature.kind === 'silence') sightings.push(...findSilences(signature, input.volumes, recordAt, index));
    else if (signature.kind === 'restart')
      sightings.push(...findRestarts(signature, input.volumes, recordAt, index, roles));
  }
  const byId = new Map(rules.signatures.map((signature) => [signature.id, signature]));
  const settle = (facts: readonly Fact[]) =>
    judgeIn(
      bundleEnv({ facts, state, index, model: rules.model, signatures: byId, resolve: rules.byTag, offset }),
      rules.condition,
    );
  const excerpts = excerptsAmong(input);
  let facts = mergeSightings(sightings, excerpts);
  let judge = settle(facts);
  const derived = new Map<string, Sighting>();
  const answers = mayTellAbsence(input.sources, rules.signatures);
  const notFound = new Map(
    rules.signatures.flatMap((signature) =>
      signature.kind === 'absence' ? [[signature.id, notFoundBy(signature, answers)] as const] : [],
    ),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const before = derived.size;
    for (const signature of rules.signatures) {
      if (derived.has(signature.id)) continue;
      if (signature.kind === 'absence') {
        const mayUseListing = signature.when === undefined || judge(signature.id, 'when', {}).value === true;
        const absence = findAbsence(signature, state, notFound.get(signature.id) ?? [], recordAt, roles, mayUseListing);
        if (absence) derived.set(signature.id, absence);
      }
      if (signature.kind !== 'derived') continue;
      const wanted = new Set(signature.from.flatMap((name) => rules.byTag(name)));
      const from = facts.filter((fact) => wanted.has(fact.signature));
      if (from.length === 0) continue;
      const sighting = deriveFact(signature, judge(signature.id, 'when', {}), from);
      if (sighting) derived.set(signature.id, sighting);
    }
    if (derived.size === before) break;
    facts = mergeSightings([...sightings, ...derived.values()], excerpts);
    judge = settle(facts);
  }
  const lines = input.sources.reduce((sum, { coverage }) => sum + coverage.lines, 0);
  const raised = raiseLastResorts(facts, byId, excerpts, state, lines);
  const env = bundleEnv({
    facts: raised,
    state,
    index,
    model: rules.model,
    signatures: byId,
    resolve: rules.byTag,
    offset,
  });
  const isExcluded = (name: string, beside: Fact): boolean => {
    const asked = env({ e: beside });
    return asked.find([name]).length === 0 && asked.provable([name], asked.vars) === true;
  };
  return { facts: raised, state, index, judge, isExcluded, linked: (a, b, type) => index.linked(a, b, type) };
}

/** kubectl's own answer that an object does not exist. */
const NOT_FOUND = /Error from server \(NotFound\): (?<resource>[a-z]+)\S* "(?<name>[^"]+)" not found/u;

/** Records in which one of the absence signatures can find its answer. */
function mayTellAbsence(sources: readonly ReadSource[], signatures: readonly Signature[]): LogRecord[] {
  const anchors = new Set(
    signatures.flatMap((signature) => (signature.kind === 'absence' ? (signature.alsoProvedBy?.anchors ?? []) : [])),
  );
  const wanted = ['not found', ...[...anchors].filter((anchor) => !anchor.includes('not found'))];
  const found: LogRecord[] = [];
  for (const record of allRecords(sources)) {
    if (wanted.some((text) => record.message.includes(text))) found.push(record);
  }
  return found;
}

function notFoundBy(
  signature: AbsenceSignature,
  records: readonly LogRecord[],
): { readonly record: LogRecord; readonly name: string }[] {
  const own = signature.alsoProvedBy && new RegExp(signature.alsoProvedBy.pattern, 'u');
  // That a service is missing says nothing of the workload of that name.
  const resource = `${signature.subject.kind.toLowerCase()}s`;
  const found: { record: LogRecord; name: string }[] = [];
  for (const record of records) {
    if (
      !record.message.includes('not found') &&
      !signature.alsoProvedBy?.anchors.some((anchor) => record.message.includes(anchor))
    )
      continue;
    const text = record.message.slice(0, 2000);
    const answer = NOT_FOUND.exec(text)?.groups;
    const name = own?.exec(text)?.groups?.['name'] ?? (answer?.['resource'] === resource ? answer['name'] : undefined);
    if (name !== undefined) found.push({ record, name });
  }
  return found;
}

function excerptsAmong({ sources, volumes }: FactInput): ReadonlySet<string> {
  const quiet = new Set(
    volumes
      .filter(({ first, last }) => first && last && last.at.earliest - first.at.latest > EXCERPT_MS)
      .map(({ path }) => path),
  );
  return new Set(
    sources
      .filter(
        ({ volume, records, coverage, path }) =>
          (volume !== undefined || records.some(({ kind }) => kind === 'log')) &&
          coverage.lines < EXCERPT_LINES &&
          !quiet.has(path),
      )
      .map(({ path }) => path),
  );
}

function* allRecords(sources: readonly ReadSource[]): Iterable<LogRecord> {
  for (const source of sources) yield* source.records;
}

/** Log signatures on every record that holds one of their literals. */
export function matchRecords(sources: readonly ReadSource[], matcher: Matcher): Match[] {
  const matches: Match[] = [];
  for (const source of [...sources].sort((a, b) => byText(a.path, b.path))) {
    source.records.forEach((record, at) => {
      for (const match of matcher.matches(record, (upTo) => following(source.records, at, upTo))) matches.push(match);
    });
  }
  return matches;
}

/** Records after one in the same stream, as far as they are neighbours. */
function following(records: readonly LogRecord[], at: number, upTo: number): LogRecord[] {
  const first = records[at] as LogRecord;
  const found: LogRecord[] = [];
  // In a log that was printed newest first what follows stands above.
  const step = (records.at(-1)?.seq ?? 0) < 0 ? -1 : 1;
  for (let away = 1; away < 4 * upTo && found.length < upTo; away++) {
    const next = records[at + step * away];
    if (!next) break;
    const sameCaller = next.fields['caller'] === first.fields['caller'];
    if (next.unit === first.unit && next.node === first.node && sameCaller) found.push(next);
  }
  return found;
}
