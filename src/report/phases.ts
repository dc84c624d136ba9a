import type { Fact, Span, TimeRef } from '../model/index.ts';
import type { ReportDuration, ReportPhase } from '../model/report.ts';
import { dayOf, spanText } from '../time/display.ts';
import { describeDuration, describeDurationSpan } from '../time/durations.ts';
import { gapBetween } from '../time/span.ts';
import { type IncidentContext, isReached, isTelling, namedHypothesis, worstFact } from './context.ts';
import { isoSpan, rounded } from './numbers.ts';

/** The incident in time: when it began, was first seen, hurt first, was worst, fell silent, came back, ended. */
export interface Course {
  readonly onset?: Span;
  readonly onsetFact?: Fact;
  readonly ended?: Span;
  readonly firstEvidence?: Span;
  readonly lastEvidence?: Span;
  readonly silence?: Silence;
  readonly phases: readonly ReportPhase[];
  readonly durations: readonly ReportDuration[];
}

export interface Silence {
  readonly fact: Fact;
  readonly from: Span;
  /** Absent: nothing came after it. */
  readonly to?: Span;
}

/** Less than this is within what clocks and rounding explain. */
const EARLIER_MS = 5 * 60_000;

const SUFFERING = new Set(['root-cause', 'trigger', 'symptom', 'impact', 'unexplained', 'collateral']);

export function courseOf(context: IncidentContext): Course {
  const suffering = context.facts.filter((fact) => SUFFERING.has(context.role(fact)) && fact.polarity !== 'healthy');
  const { span: onset, fact: onsetFact } = incidentOnset(context, suffering);
  const silence = silenceOf(context);
  const bounds = evidenceBounds(suffering, silence);
  const ended = endOf(context, suffering);
  const impactFact = firstOfRole(context, suffering);
  const worst = worstFact(context);
  const collected = context.input.collectedAt?.span;

  const phases: ReportPhase[] = [];
  const add = (id: ReportPhase['id'], title: string, at: Span | undefined, fact: Fact | undefined, text: string) => {
    phases.push({ id, title, at: at ? isoSpan(at) : null, fact: fact?.id ?? null, text });
  };
  add('onset', 'Onset', onset, onsetFact, onset ? (onsetFact?.title ?? '') : 'The bundle does not show when it began.');
  const isOnset = (fact: Fact, at: Span | undefined) => fact === onsetFact && at?.earliest === onset?.earliest;
  if (bounds && !isOnset(bounds.first.fact, bounds.first.span))
    add('first-evidence', 'First evidence', bounds.first.span, bounds.first.fact, bounds.first.fact.title);
  if (impactFact && !isOnset(impactFact, impactFact.onset?.at))
    add('first-impact', 'First impact', impactFact.onset?.at, impactFact, impactFact.title);
  if (worst && worst !== impactFact) add('worst', 'Worst', worst.onset?.at, worst, worst.title);
  if (silence) {
    add(
      'last-before-silence',
      'Last record before the silence',
      silence.from,
      silence.fact,
      'Nothing is recorded after it.',
    );
    add(
      'resumed',
      'Records resume',
      silence.to,
      silence.fact,
      silence.to ? 'First record after the silence.' : 'No record follows the silence.',
    );
  }
  const isOpen = !silence?.to && suffering.some(isSeenAtCollection);
  if (ended) add('recovered', 'Recovered', ended, undefined, 'The last symptom ended.');
  else {
    const text = isOpen ? 'Open when the bundle was collected.' : 'Recovery is not shown in the bundle.';
    add('collected', 'Collected', collected, undefined, text);
  }
  phases.sort((a, b) => phaseTime(a) - phaseTime(b));
  const last = bounds?.last.span;
  return {
    ...(onset ? { onset } : {}),
    ...(onsetFact ? { onsetFact } : {}),
    ...(ended ? { ended } : {}),
    ...(bounds ? { firstEvidence: bounds.first.span } : {}),
    ...(last ? { lastEvidence: last } : {}),
    ...(silence ? { silence } : {}),
    phases,
    durations: durationsOf(onset, bounds?.first.span, last, silence, ended, isOpen ? collected : undefined, isOpen),
  };
}

/** A state was looked at when the bundle was collected; lines of a log only tell of their moment. */
function isSeenAtCollection(fact: Fact): boolean {
  return fact.lastSeen?.clock === 'collector' || fact.evidence.some(({ kind }) => kind === 'row' || kind === 'absence');
}

/** Phases stand in time; what has no time stands where the story ends, an unknown onset where it begins. */
function phaseTime({ id, at }: ReportPhase): number {
  if (id === 'onset') return at === null ? 0 : Date.parse(at.earliest);
  return at === null || id === 'collected' ? Number.MAX_VALUE : Date.parse(at.earliest);
}

/**
 * The instant at which the first of several facts began: earliest of the earliest, earliest of the latest.
 *
 * Facts that stand on the main chain count; ages of objects do not, where anything better is known.
 */
function incidentOnset(context: IncidentContext, suffering: readonly Fact[]): { span?: Span; fact?: Fact } {
  const best = namedHypothesis(context);
  const onChain = new Set(best ? [best.root, ...best.chain] : []);
  const timed = (facts: readonly Fact[]) => facts.filter((fact) => fact.onset !== undefined);
  const telling = (facts: readonly Fact[]) => timed(facts).filter((fact) => fact.onset && isTelling(fact.onset.at));
  const chain = suffering.filter((fact) => onChain.has(fact.id));
  // What was only looked at afterwards began at any time since its object was made.
  const told = (facts: readonly Fact[]) => telling(facts).filter((fact) => fact.onset?.clock !== 'collector');
  const pools = [told(chain), told(suffering), telling(chain), telling(suffering), timed(chain), timed(suffering)];
  const pool = pools.find((facts) => facts.length > 0) ?? [];
  let span: Span | undefined;
  let fact: Fact | undefined;
  for (const candidate of pool) {
    const at = candidate.onset?.at;
    if (!at) continue;
    if (span === undefined || at.latest < span.latest) fact = candidate;
    span = span
      ? { earliest: Math.min(span.earliest, at.earliest), latest: Math.min(span.latest, at.latest) }
      : { earliest: at.earliest, latest: at.latest };
  }
  const earlier = span && earlierByEffect(timed(suffering), span, new Set(best?.explains));
  if (earlier?.onset) return { span: earlier.onset.at, fact: earlier };
  return { ...(span ? { span } : {}), ...(fact ? { fact } : {}) };
}

/** Logs may begin long after the incident did: an effect that was there before them (restarts take time) tells more. */
function earlierByEffect(facts: readonly Fact[], span: Span, explained: ReadonlySet<string>): Fact | undefined {
  return facts
    .filter(
      (fact) =>
        explained.has(fact.id) && fact.onset?.basis === 'derived' && fact.onset.at.latest < span.earliest - EARLIER_MS,
    )
    .sort((a, b) => (a.onset?.at.latest ?? 0) - (b.onset?.at.latest ?? 0))[0];
}

function silenceOf(context: IncidentContext): Silence | undefined {
  for (const fact of context.facts) {
    const isSilence =
      fact.evidence.some(({ kind }) => kind === 'silence') || context.tags(fact).includes('node-silent');
    if (!isSilence || !fact.onset) continue;
    const ended = fact.ended === 'open' ? undefined : fact.ended?.at;
    const back = ended ?? nextLine(fact) ?? resumption(context, fact);
    return { fact, from: fact.onset.at, ...(back ? { to: back } : {}) };
  }
  return undefined;
}

/** The first line after the silence, where it is among the evidence. */
function nextLine(silent: Fact): Span | undefined {
  const from = silent.onset?.at.latest ?? 0;
  const after = silent.evidence.flatMap(({ kind, time }) =>
    kind === 'silence' && time && time.at.earliest > from ? [time.at] : [],
  );
  return after.sort((a, b) => a.earliest - b.earliest)[0];
}

/** The first boot after the silence. */
function resumption(context: IncidentContext, silent: Fact): Span | undefined {
  const from = silent.onset?.at.earliest ?? 0;
  return context.facts
    .filter((fact) => context.tags(fact).includes('node-reboot') && (fact.onset?.at.latest ?? 0) > from)
    .map((fact) => fact.onset?.at)
    .find((at) => at !== undefined);
}

/** The age of an object is when it was made, not when its state was seen. */
function evidenceBounds(
  facts: readonly Fact[],
  silence: Silence | undefined,
): { first: { span: Span; fact: Fact }; last: { span: Span; fact: Fact } } | undefined {
  const seen = facts.flatMap((fact) =>
    fact.evidence.flatMap(({ kind, time }) =>
      time && isTelling(time.at) && !(time.basis === 'age' && (kind === 'row' || kind === 'derived'))
        ? [{ span: time.at, fact }]
        : [],
    ),
  );
  const lastSeen = facts.flatMap((fact) =>
    fact.lastSeen && isTelling(fact.lastSeen.at) ? [{ span: fact.lastSeen.at, fact }] : [],
  );
  const first = [...seen].sort((a, b) => a.span.earliest - b.span.earliest)[0];
  const last = [...seen, ...lastSeen]
    .filter(({ span }) => silence?.to === undefined || span.latest < silence.to.earliest)
    .sort((a, b) => b.span.earliest - a.span.earliest)[0];
  return first && last ? { first, last } : undefined;
}

/** All symptoms have ended: the last end. Undefined while one is open or its end is not in the bundle. */
function endOf(context: IncidentContext, suffering: readonly Fact[]): Span | undefined {
  const symptoms = suffering.filter(
    (fact) => !['root-cause', 'trigger'].includes(context.role(fact)) && isReached(context, fact),
  );
  const ends: TimeRef[] = [];
  for (const fact of symptoms) {
    if (fact.ended === undefined || fact.ended === 'open') return undefined;
    ends.push(fact.ended);
  }
  if (ends.length === 0) return undefined;
  return {
    earliest: Math.max(...ends.map(({ at }) => at.earliest)),
    latest: Math.max(...ends.map(({ at }) => at.latest)),
  };
}

function firstOfRole(context: IncidentContext, suffering: readonly Fact[]): Fact | undefined {
  const timed = suffering.filter((fact) => fact.onset && isTelling(fact.onset.at));
  const byOnset = (a: Fact, b: Fact) => (a.onset?.at.earliest ?? 0) - (b.onset?.at.earliest ?? 0);
  const impacts = timed.filter((fact) => context.role(fact) === 'impact');
  const severe = timed.filter(
    (fact) =>
      (context.role(fact) === 'symptom' || context.role(fact) === 'collateral') &&
      isReached(context, fact) &&
      (fact.severity === 'critical' || fact.severity === 'high'),
  );
  return (impacts.length > 0 ? impacts : severe).sort(byOnset)[0];
}

function durationsOf(
  onset: Span | undefined,
  first: Span | undefined,
  last: Span | undefined,
  silence: Silence | undefined,
  ended: Span | undefined,
  collected: Span | undefined,
  isOpen: boolean,
): ReportDuration[] {
  const durations: ReportDuration[] = [];
  const add = (name: string, least: number | null, greatest: number | null, text: string) => {
    const seconds = (ms: number | null) => (ms === null ? null : rounded(ms / 1000));
    durations.push({ name, leastSeconds: seconds(least), greatestSeconds: seconds(greatest), text });
  };
  if (onset && first) {
    const gap = gapBetween(onset, first);
    if (gap.greatest >= 1000) {
      const span = describeDurationSpan(gap.least, gap.greatest);
      add('unnoticed', Math.max(0, gap.least), gap.greatest, `${span} from onset to the first line about it`);
    }
  }
  if (onset && ended) {
    const gap = gapBetween(onset, ended);
    const span = describeDurationSpan(gap.least, gap.greatest);
    add('degraded', Math.max(0, gap.least), gap.greatest, `degraded for ${span}`);
    return durations;
  }
  if (onset && last) {
    const least = last.earliest - onset.latest;
    if (least >= 1000) add('degraded', least, null, `degraded at least ${describeDuration(least)}`);
  }
  if (silence) {
    if (silence.to) {
      const gap = gapBetween(silence.from, silence.to);
      const span = describeDurationSpan(gap.least, gap.greatest);
      add(
        'no data',
        Math.max(0, gap.least),
        gap.greatest,
        `no data for ${span} until ${spanText(silence.to, onset ? dayOf(onset.earliest) : undefined)}`,
      );
    } else add('no data', null, null, 'no data after that');
    add('recovery', null, null, 'recovery time not in the bundle');
  } else if (!isOpen) add('recovery', null, null, 'recovery is not shown in the bundle');
  else {
    const until = collected ? ` (${spanText(collected, onset ? dayOf(onset.earliest) : undefined)})` : '';
    add('recovery', null, null, `not recovered when the bundle was collected${until}`);
  }
  return durations;
}
