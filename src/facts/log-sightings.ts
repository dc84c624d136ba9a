import type { Evidence, LogRecord, Span, TimeRef } from '../model/index.ts';
import type { LogSignature, Signature } from '../rules/schema.ts';
import { fillTemplate } from '../text/template.ts';
import type { EntityIndex } from './entities.ts';
import { evidenceAt, evidenceOf, evidenceOfMatch } from './evidence.ts';
import type { Match } from './match.ts';
import { crashLoopMs, derivedOnset, instantIn, sumOfDurations } from './onset.ts';
import { resolveEntities } from './resolve.ts';
import type { RoleFinder } from './roles.ts';
import { collectorTime, stateOnset } from './row-sightings.ts';
import type { Sighting } from './sighting.ts';

/** Frames of a block that are quoted with its first line. */
const QUOTED_FOLLOWERS = 2;

/**
 * A match becomes a sighting: entities joined, onset derived, lines quoted.
 *
 * @param isSettled - is the pod (`namespace/name`) ready at collection, without a restart?
 */
export function sightingOf(
  match: Match,
  index: EntityIndex,
  roles: RoleFinder,
  collectedAt?: Span,
  isSettled: (pod: string) => boolean = () => false,
): Sighting {
  const { signature, captures } = match;
  const { record, seen } = saidAt(match.record, collectedAt);
  const resolved = resolveEntities(signature, record, captures, index, roles);
  const [first, ...further] = evidenceOfMatch(record, match.matched, match.anchor, Object.values(captures));
  const { onset, evidence } = onsetOf(signature, record, captures, first);
  return {
    signature,
    ...resolved,
    onset,
    seen,
    lastSeen: record.lastTime ?? seen,
    ...agesOf(record),
    boot: record.boot,
    count: Math.max(record.count ?? 1, attemptsOf(signature, captures)),
    text: record.message,
    evidence: [evidence, ...further, ...followersOf(match, record)],
    observed: true,
    ...(record.kind === 'kube-event' && record.pod !== undefined && isSettled(record.pod) && { settled: true }),
    stream: record.stream,
    seq: record.seq,
  };
}

/** Frames and other lines of the block that a match begins, in its own record or in the ones after it. */
function followersOf(match: Match, record: LogRecord): Evidence[] {
  const inside = match.inside.flatMap((text) => {
    const line = record.below?.find((below) => below.text.includes(text));
    return line ? [evidenceAt(record, line, [text], 'log')] : [];
  });
  const after = match.followers.map((next) => evidenceOf(next, [next.message]));
  return [...inside, ...after].slice(0, QUOTED_FOLLOWERS);
}

const MOST_ATTEMPTS = 1_000_000;

/** How often it happened by the line's own number. */
function attemptsOf({ match }: LogSignature, captures: Readonly<Record<string, string>>): number {
  const attempts = match.repeats === undefined ? 1 : Number(captures[match.repeats] ?? 1);
  return Number.isInteger(attempts) && attempts > 0 ? Math.min(attempts, MOST_ATTEMPTS) : 1;
}

/** The text of a state row was true at collection; the row's own time is the creation of its object. */
function saidAt(
  record: LogRecord,
  collectedAt: Span | undefined,
): { readonly record: LogRecord; readonly seen: TimeRef | undefined } {
  if (!record.row) return { record, seen: record.time };
  const { time, lastTime, ...plain } = record;
  const onset = stateOnset(time, record.row.values, collectedAt);
  return {
    record: { ...plain, ...(onset && { time: onset }) },
    seen: collectedAt ? collectorTime(collectedAt) : undefined,
  };
}

function agesOf({ time, stamp, lastStamp }: LogRecord): Pick<Sighting, 'ages'> {
  if (time || stamp?.kind !== 'age') return {};
  return { ages: { first: stamp.ageMs, last: lastStamp?.kind === 'age' ? lastStamp.ageMs : stamp.ageMs } };
}

/** Onset by the signature's `onset` field: some messages report late what began long before. */
function onsetOf(
  signature: Signature | LogSignature,
  record: LogRecord,
  captures: Readonly<Record<string, string>>,
  evidence: Evidence,
): { readonly onset: TimeRef | undefined; readonly evidence: Evidence } {
  const seen = record.time;
  const rule = signature.onset;
  if (!rule || !seen) return { onset: seen, evidence };
  const value = (name: string) => captures[name];
  if (rule.back) {
    const [least, greatest] = rule.back.map((text) => sumOfDurations(fillTemplate(text, value)));
    if (least === undefined || greatest === undefined) return { onset: seen, evidence };
    const because = rule.because ?? 'the message reports what began earlier';
    return {
      onset: derivedOnset(seen, least, Math.max(least, greatest), because),
      evidence: {
        ...evidence,
        derivation: {
          formula: `${rule.back.map((text) => fillTemplate(text, value)).join(' to ')} before the line: ${because}`,
          inputs: [record.ref],
        },
      },
    };
  }
  if (rule.at) {
    const written = captures[rule.at];
    const offset = Number(record.fields['zone.offsetMs'] ?? 0);
    const instant = written === undefined ? undefined : instantIn(written, Number.isFinite(offset) ? offset : 0);
    if (instant === undefined || instant > seen.at.latest + 1000) return { onset: seen, evidence };
    return {
      onset: {
        ...seen,
        at: { earliest: instant, latest: instant },
        basis: 'derived',
        assumptions: [...seen.assumptions, 'time inside the message'],
      },
      evidence: { ...evidence, derivation: { formula: `the message itself names ${written}`, inputs: [record.ref] } },
    };
  }
  if (rule.crashLoop) {
    const restarts = Number(captures['restarts'] ?? 0);
    return {
      onset: derivedOnset(seen, crashLoopMs(restarts), crashLoopMs(restarts), 'back-off of the restarts'),
      evidence,
    };
  }
  return { onset: seen, evidence };
}
