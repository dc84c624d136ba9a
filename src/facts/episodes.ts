import type { EntityRef, Evidence, Fact, FactMember, Span, TimeRef } from '../model/index.ts';
import type { Signature } from '../rules/schema.ts';
import { byText, firstOf } from '../text/order.ts';
import { shortCause } from '../text/short-cause.ts';
import { fillTemplate, placeholders } from '../text/template.ts';
import { closingsOf } from './closings.ts';
import { nameOf } from './entities.ts';
import { sumOfDurations } from './onset.ts';
import type { Sighting } from './sighting.ts';

/** Without a `gap` of its own, an episode ends after this much quiet. */
/** What a threshold was meant to rule out is possible after all. */
const EXCERPT_CERTAINTY = 0.8;
const NO_EXCERPTS: ReadonlySet<string> = new Set();
const DEFAULT_GAP_MS = 30 * 60_000;
const TRANSIENT_MS = 3 * 60_000;
/** What is critical harms sooner. */
const CRITICAL_TRANSIENT_MS = 60_000;
/** A pod that is ready by now may have waited so long for its image, its volume or its node. */
const SETTLED_MS = 10 * 60_000;
const MOST_EVIDENCE = 8;
const MOST_MEMBERS = 1000;
/** Episodes of one signature in one group; what comes after is folded into the last one. */
const MOST_EPISODES = 20;

interface Episode {
  readonly sightings: readonly Sighting[];
  /** The sighting that closed it. */
  readonly closed: Sighting | undefined;
}

/**
 * Merges sightings into facts: repeats of one key into an episode, episodes of one group into one fact.
 *
 * @param sightings - of every signature, in any order
 * @param excerpts - sources so short that what is said once in them may well have been said often
 * @returns facts sorted by onset, signature and id
 */
export function mergeSightings(sightings: readonly Sighting[], excerpts: ReadonlySet<string> = NO_EXCERPTS): Fact[] {
  const bySignature = new Map<string, Sighting[]>();
  for (const sighting of [...sightings].sort(inOrder)) {
    const known = bySignature.get(sighting.signature.id);
    if (known) known.push(sighting);
    else bySignature.set(sighting.signature.id, [sighting]);
  }
  const facts: Fact[] = [];
  for (const [, own] of [...bySignature].sort((a, b) => byText(a[0], b[0]))) {
    const signature = (own[0] as Sighting).signature;
    const closing = signature.episode.closedBy.flatMap((id) => bySignature.get(id) ?? []).sort(inOrder);
    facts.push(...group(signature, own.length === 0 ? [] : episodes(signature, own, closing), excerpts));
  }
  return facts.sort((a, b) =>
    firstOf(
      (a.onset?.at.earliest ?? Number.POSITIVE_INFINITY) - (b.onset?.at.earliest ?? Number.POSITIVE_INFINITY) || 0,
      byText(a.id, b.id),
    ),
  );
}

function inOrder(a: Sighting, b: Sighting): number {
  const timed = a.seen && b.seen ? a.seen.at.earliest - b.seen.at.earliest : 0;
  return timed || byText(a.stream, b.stream) || a.seq - b.seq || byText(a.text, b.text);
}

function keyOf(signature: Signature, sighting: Sighting, roles: readonly string[]): string {
  return [
    signature.id,
    ...roles.map(
      (role) =>
        sighting.entities[role] ??
        String(sighting.attributes[role] ?? (role === 'component' ? sighting.component : undefined) ?? ''),
    ),
  ].join(' ');
}

function keyRoles(signature: Signature): readonly string[] {
  return signature.key ?? Object.keys(signature.entities);
}

function groupRoles(signature: Signature): readonly string[] {
  return signature.group ?? ('node' in signature.entities ? ['node'] : []);
}

function episodes(signature: Signature, own: readonly Sighting[], closing: readonly Sighting[]): Episode[] {
  const roles = keyRoles(signature);
  const gap =
    signature.episode.gap === undefined ? DEFAULT_GAP_MS : (sumOfDurations(signature.episode.gap) ?? DEFAULT_GAP_MS);
  const byKey = new Map<string, Sighting[]>();
  for (const sighting of own) {
    const key = keyOf(signature, sighting, roles);
    const known = byKey.get(key);
    if (known) known.push(sighting);
    else byKey.set(key, [sighting]);
  }
  const result: Episode[] = [];
  for (const [, list] of [...byKey].sort((a, b) => byText(a[0], b[0]))) {
    const closings = closingsOf(closing, list[0] as Sighting, roles);
    let current: Sighting[] = [];
    const shut = (closed: Sighting | undefined) => {
      if (current.length > 0) result.push({ sightings: current, closed });
      current = [];
    };
    for (const sighting of list) {
      const before = current.at(-1);
      if (before) {
        const closed = closings.first(before, sighting);
        const rebooted = before.boot !== undefined && sighting.boot !== undefined && before.boot !== sighting.boot;
        const quiet = (sighting.seen?.at.earliest ?? 0) - ((before.lastSeen ?? before.seen)?.at.latest ?? 0);
        if (closed) shut(closed);
        else if (rebooted || (sighting.seen && before.seen && quiet > gap)) shut(undefined);
      }
      current.push(sighting);
    }
    const last = current.at(-1);
    shut(last && closings.first(last, undefined));
  }
  return result;
}

function group(signature: Signature, list: readonly Episode[], excerpts: ReadonlySet<string>): Fact[] {
  const roles = groupRoles(signature);
  const gap =
    signature.episode.gap === undefined ? DEFAULT_GAP_MS : (sumOfDurations(signature.episode.gap) ?? DEFAULT_GAP_MS);
  const byGroup = new Map<string, Episode[]>();
  for (const episode of list) {
    const key = keyOf(signature, episode.sightings[0] as Sighting, roles);
    const known = byGroup.get(key);
    if (known) known.push(episode);
    else byGroup.set(key, [episode]);
  }
  const facts: Fact[] = [];
  for (const [key, own] of [...byGroup].sort((a, b) => byText(a[0], b[0]))) {
    const sorted = [...own].sort((a, b) => inOrder(a.sightings[0] as Sighting, b.sightings[0] as Sighting));
    const clusters: Episode[][] = [];
    let end: number | undefined;
    for (const episode of sorted) {
      const start = episode.sightings[0]?.onset?.at.earliest;
      const last = episode.sightings.at(-1);
      const current = clusters.at(-1);
      const bootBefore = current?.at(-1)?.sightings[0]?.boot;
      const boot = episode.sightings[0]?.boot;
      const rebooted = bootBefore !== undefined && boot !== undefined && bootBefore !== boot;
      const apart = rebooted || (start !== undefined && end !== undefined && start - end > gap);
      if (!current || (apart && clusters.length < MOST_EPISODES)) clusters.push([episode]);
      else current.push(episode);
      const latest = (last?.lastSeen ?? last?.seen)?.at.latest;
      if (latest !== undefined) end = Math.max(end ?? latest, latest);
    }
    clusters.forEach((cluster, index) => {
      const fact = toFact(signature, cluster, clusters.length === 1 ? key : `${key} #${index + 1}`, excerpts);
      if (fact) facts.push(fact);
    });
  }
  return facts;
}

function toFact(
  signature: Signature,
  cluster: readonly Episode[],
  key: string,
  excerpts: ReadonlySet<string>,
): Fact | undefined {
  const all = cluster.flatMap((episode) => episode.sightings).sort(inOrder);
  const first = all[0];
  if (!first) return undefined;
  const count = cluster.reduce((sum, episode) => sum + countOf(signature, episode), 0);
  const below = signature.atLeast !== undefined && !dense(all, signature.atLeast.count, signature.atLeast.within);
  // A few pasted lines cannot show how often it was said: less sure and less grave, but not nothing.
  // What they show to be over again was a remark, however, and what no rule knows has to repeat everywhere.
  const isOver = cluster.every(({ closed }) => closed !== undefined);
  const isFallback = signature.kind === 'log' && signature.fallback;
  const inExcerpt =
    below &&
    !isOver &&
    !isFallback &&
    all.some((sighting) => sighting.evidence.some(({ ref }) => excerpts.has(ref.source)));
  const onset = earliest(all.map((sighting) => sighting.onset));
  const lastSeen = latest(all.map((sighting) => sighting.lastSeen ?? sighting.seen));
  const open = cluster.some((episode) => episode.closed === undefined);
  const ended = open ? undefined : latest(cluster.map(({ closed }) => closed?.seen ?? closed?.lastSeen));
  const values = (name: string) => proseValue(first, name, count);
  const members = cluster.slice(0, MOST_MEMBERS).map((episode): FactMember => {
    const head = episode.sightings[0] as Sighting;
    const at = earliest(episode.sightings.map((sighting) => sighting.onset));
    return {
      entities: head.entities,
      attributes: head.attributes,
      count: countOf(signature, episode),
      ...(at && { onset: at }),
    };
  });
  const title = fillTemplate(signature.title, values);
  const others = cluster.length === 1 ? 0 : titlesOf(signature, cluster, count).size - 1;
  return {
    id: key.replaceAll(' ', '@'),
    signature: signature.id,
    title: others > 0 ? `${title} (and ${others} more like it)` : title,
    summary: fillTemplate(signature.summary ?? signature.title, values),
    observed: first.observed,
    entities: first.entities,
    attributes: first.attributes,
    text: first.text.slice(0, 2000),
    ...(onset && { onset }),
    ...(lastSeen && { lastSeen }),
    ...(ended && { ended }),
    count,
    countIs: all.some((sighting) => sighting.count > 1) || all.length > MOST_MEMBERS ? 'at-least' : 'exact',
    polarity: below && !inExcerpt ? 'context' : signature.polarity,
    nature: signature.nature,
    severity: cluster.every((episode) => isTransient(episode, signature.severity === 'critical' && !inExcerpt))
      ? 'low'
      : inExcerpt && signature.severity !== 'low'
        ? 'medium'
        : signature.severity,
    layer: signature.layer,
    ...(first.component !== undefined && { component: first.component }),
    initiates: signature.initiates,
    certainty: round(
      (inExcerpt ? EXCERPT_CERTAINTY : 1) *
        signature.certainty *
        Math.min(...all.map((sighting) => sighting.joinQuality)),
    ),
    evidence: chooseEvidence(all),
    members,
  };
}

/** Lines that number their attempts tell of the same ones: the greatest number stands for all. */
function countOf(signature: Signature, { sightings }: Episode): number {
  const isNumbered = 'match' in signature && signature.match.repeats !== undefined;
  return isNumbered
    ? Math.max(sightings.length, ...sightings.slice(-MOST_MEMBERS).map((sighting) => sighting.count))
    : sightings.reduce((sum, sighting) => sum + sighting.count, 0);
}

function titlesOf(signature: Signature, cluster: readonly Episode[], count: number): ReadonlySet<string> {
  // Most episodes of a large cluster differ in what the title does not name.
  const names = placeholders(signature.title);
  const byValues = new Map<string, string>();
  for (const { sightings } of cluster) {
    const first = sightings[0] as Sighting;
    const key = names.map((name) => placeholderValue(first, name, count) ?? '').join('\0');
    if (!byValues.has(key)) {
      byValues.set(
        key,
        fillTemplate(signature.title, (name) => proseValue(first, name, count)),
      );
    }
  }
  return new Set(byValues.values());
}

/** As it stands in a heading: of a long wrapped error, the innermost cause. */
function proseValue(sighting: Pick<Sighting, 'attributes' | 'entities'>, name: string, count: number) {
  const value = placeholderValue(sighting, name, count);
  return value === undefined ? undefined : shortCause(value);
}

/** A placeholder's value: attribute, entity role, then the count. */
function placeholderValue(
  sighting: Pick<Sighting, 'attributes' | 'entities'>,
  name: string,
  count: number,
): string | undefined {
  const value = sighting.attributes[name];
  if (value !== undefined) return String(value);
  const entity: EntityRef | undefined = sighting.entities[name];
  if (entity) return nameOf(entity);
  return name === 'count' ? String(count) : undefined;
}

/** What was over within minutes, as its own recovery shows, is a remark and not an outage. */
function isTransient({ sightings, closed }: Episode, isCritical: boolean): boolean {
  const first = sightings[0];
  if (!first) return false;
  if (sightings.every(({ settled }) => settled) && lastedMs(sightings) <= SETTLED_MS) return true;
  if (!closed) return false;
  const most = isCritical ? CRITICAL_TRANSIENT_MS : TRANSIENT_MS;
  if (first.ages && closed.ages) return first.ages.first - closed.ages.last <= most;
  const end = closed.seen ?? closed.lastSeen;
  // A log without times tells the order alone; what is critical is not taken lightly then.
  if (!first.onset && !end) return !isCritical && first.stream === closed.stream;
  // From middle to middle: what makes both uncertain, such as the time of collection, counts once and cancels out.
  return !!first.onset && !!end && middle(end.at) - middle(first.onset.at) <= most;
}

/** From the first to the last occurrence; without times or ages it lasted no one knows how long. */
function lastedMs(sightings: readonly Sighting[]): number {
  const ages = sightings.flatMap((sighting) => sighting.ages ?? []);
  if (ages.length === sightings.length) {
    return Math.max(...ages.map(({ first }) => first)) - Math.min(...ages.map(({ last }) => last));
  }
  const spans = sightings.flatMap(({ seen, lastSeen }) => (seen ? [seen.at, (lastSeen ?? seen).at] : []));
  if (spans.length < sightings.length) return Number.POSITIVE_INFINITY;
  return Math.max(...spans.map(middle)) - Math.min(...spans.map(middle));
}

function middle({ earliest, latest }: Span): number {
  return (earliest + latest) / 2;
}

function dense(all: readonly Sighting[], count: number, within: string): boolean {
  const windowMs = sumOfDurations(within) ?? 0;
  let total = 0;
  let from = 0;
  for (const sighting of all) {
    total += sighting.count;
    const at = sighting.seen?.at.latest;
    while (at !== undefined && from < all.length) {
      const head = all[from] as Sighting;
      const start = head.seen?.at.earliest;
      if (start === undefined || at - start <= windowMs || head === sighting) break;
      total -= head.count;
      from++;
    }
    if (total >= count) return true;
  }
  return false;
}

function earliest(times: readonly (TimeRef | undefined)[]): TimeRef | undefined {
  return times.reduce((best, time) => (time && (!best || before(time, best)) ? time : best), undefined);
}

function before(a: TimeRef, b: TimeRef): boolean {
  // A tight time beats a wide interval that merely begins earlier: the wide one says less.
  return a.at.latest < b.at.latest || (a.at.latest === b.at.latest && a.at.earliest > b.at.earliest);
}

function latest(times: readonly (TimeRef | undefined)[]): TimeRef | undefined {
  return times.reduce((best, time) => (time && (!best || time.at.latest > best.at.latest) ? time : best), undefined);
}

function chooseEvidence(all: readonly Sighting[]): Evidence[] {
  const heads = all.flatMap((sighting) => sighting.evidence.slice(0, 1));
  const firstRest = all[0]?.evidence.slice(1, 3) ?? [];
  /** The further lines of the first sighting stand behind its head, whichever comes first in the file. */
  const rank = new Map(firstRest.map((evidence, nth) => [evidence, nth + 1]));
  const headLine = (evidence: Evidence) => (rank.has(evidence) ? heads[0] : evidence)?.ref.line ?? 0;
  const chosen = new Map<string, Evidence>();
  const add = (evidence: Evidence | undefined) => {
    if (!evidence || chosen.size >= MOST_EVIDENCE) return;
    const key = `${evidence.ref.source}:${evidence.ref.line}:${evidence.kind}`;
    if (!chosen.has(key)) chosen.set(key, evidence);
  };
  add(heads[0]);
  for (const evidence of firstRest) add(evidence);
  add(heads.at(-1));
  // Different texts before different lines of the same text.
  const texts = new Set([...chosen.values()].map((evidence) => evidence.quote.replace(/\d+/gu, '#')));
  for (const evidence of heads) {
    if (chosen.size >= MOST_EVIDENCE) break;
    const shape = evidence.quote.replace(/\d+/gu, '#');
    if (texts.has(shape)) continue;
    texts.add(shape);
    add(evidence);
  }
  const step = Math.max(1, Math.floor(heads.length / MOST_EVIDENCE));
  for (let index = 0; index < heads.length; index += step) add(heads[index]);
  return [...chosen.values()].sort((a, b) =>
    firstOf(
      (a.time?.at.earliest ?? 0) - (b.time?.at.earliest ?? 0),
      byText(a.ref.source, b.ref.source),
      headLine(a) - headLine(b),
      (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
      a.ref.line - b.ref.line,
    ),
  );
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
