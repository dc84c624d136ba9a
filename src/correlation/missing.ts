import type { EntityRef, Fact, Hypothesis, Question, Span } from '../model/index.ts';
import { clockTime, dayOf, momentPhrase } from '../time/display.ts';
import { describeDuration } from '../time/durations.ts';

/** A log that ends this shortly before a moment still covers it. */
const EDGE_MS = 60_000;
const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 15 * 60_000;
const MOST_NODES = 3;
/** Onsets known worse than this say too little to ask for a time. */
const TELLING_MS = 30 * 60_000;

export interface MissingContext {
  /** First and last time of each log of a node; undefined where no log of the bundle names a node. */
  readonly logsOf: (node: EntityRef) => readonly { readonly source: string; readonly lasts: Span }[] | undefined;
  /** Does the bundle show which pods of which node work? */
  readonly hasControls: boolean;
}

/** A question with what its answer could be worth. */
export interface MissingEvidence {
  readonly question: Question;
  /** `control`: whether the rest of the node works; `log`: what the log of the root's or a further node does not cover. */
  readonly kind: 'control' | 'log' | 'further-log';
}

/** What the bundle lacks to tell the best hypothesis from others: healthy controls, and logs that cover the onset. */
export function missingEvidence(
  best: Hypothesis | undefined,
  facts: readonly Fact[],
  context: MissingContext,
): MissingEvidence[] {
  if (!best) return [];
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const root = byId.get(best.root);
  if (!root) return [];
  const found: MissingEvidence[] = [];
  const control = missingControl(root, best, context);
  if (control) found.push({ question: control, kind: 'control' });
  const at = root.onset?.at;
  if (!at || at.latest - at.earliest > TELLING_MS) return found;
  const own = root.entities['node'];
  const nodes = new Set(
    [root, ...best.chain.flatMap((id) => byId.get(id) ?? [])].flatMap((fact) => fact.entities['node'] ?? []),
  );
  for (const node of [...nodes].slice(0, MOST_NODES)) {
    const question = missingLog(node, at, best, context);
    if (question) found.push({ question, kind: node === own ? 'log' : 'further-log' });
  }
  return found;
}

function missingControl(root: Fact, best: Hypothesis, { hasControls }: MissingContext): Question | undefined {
  const node = root.entities['node'];
  if (!node || hasControls) return undefined;
  return {
    need: `which pods work on ${nameOf(node)}, and which on other nodes`,
    why: `pods that work on ${nameOf(node)} would speak against a cause that lies there; that only its pods fail would speak for it`,
    run: 'kubectl get pods -A -o wide',
    separates: [best.root],
  };
}

function missingLog(node: EntityRef, at: Span, best: Hypothesis, { logsOf }: MissingContext): Question | undefined {
  const logs = logsOf(node);
  if (!logs) return undefined;
  const name = nameOf(node);
  const from = at.earliest - BEFORE_MS;
  const ask = (need: string, why: string, since: number, until: number): Question => ({
    need,
    why,
    run: `journalctl --utc -o short-iso --since '${stamp(since)}' --until '${stamp(until)}'`,
    separates: [best.root],
  });
  if (logs.length === 0) {
    const why = `no log of ${name} was read: what happened there before and after ${moment(at)} is told by others only`;
    return ask(`the journal of ${name}`, why, from, at.latest + AFTER_MS);
  }
  if (logs.some(({ lasts }) => lasts.earliest <= at.latest + EDGE_MS && lasts.latest >= at.earliest - EDGE_MS))
    return undefined;
  const before = logs
    .filter(({ lasts }) => lasts.latest < at.earliest)
    .sort((a, b) => b.lasts.latest - a.lasts.latest)[0];
  const after = logs
    .filter(({ lasts }) => lasts.earliest > at.latest)
    .sort((a, b) => a.lasts.earliest - b.lasts.earliest)[0];
  if (before) {
    const { source, lasts } = before;
    const gap = describeDuration(at.earliest - lasts.latest);
    const next = after ? '' : ': its rest, or the journal of the next boot, would show what came then';
    const why = `${source} ends ${momentPhrase(instant(lasts.latest))}, ${gap} before this began${next}`;
    return ask(`the journal of ${name} after its last line`, why, lasts.latest, at.latest + AFTER_MS);
  }
  if (!after) return undefined;
  const { source, lasts } = after;
  const gap = describeDuration(lasts.earliest - at.latest);
  const why = `${source} begins ${momentPhrase(instant(lasts.earliest))}, ${gap} after this began: what led to it came before`;
  return ask(`the journal of ${name} before its first line`, why, from, lasts.earliest);
}

function instant(at: number): Span {
  return { earliest: at, latest: at };
}

function moment({ earliest }: Span): string {
  return `${clockTime(earliest, dayOf(earliest))} UTC`;
}

/** As journalctl reads it: `2025-11-14 02:20:49 UTC`. */
function stamp(at: number): string {
  return `${clockTime(at)} UTC`;
}

function nameOf(entity: EntityRef): string {
  return entity.slice(entity.indexOf('/') + 1);
}
