import { describe, expect, it } from 'vitest';
import { type MissingContext, missingEvidence } from '../../src/correlation/missing.ts';
import type { Hypothesis } from '../../src/model/index.ts';
import { at, fact } from '../support/facts.ts';

const root = fact('root', { entities: { node: 'node/n1' }, onset: at(36_600) });
const effect = fact('effect', { entities: { node: 'node/n2' }, onset: at(36_660) });
const best: Hypothesis = {
  root: 'root',
  rank: 1,
  score: 60,
  confidence: 'medium',
  terms: [],
  chain: ['root', 'effect'],
  explains: ['effect'],
  doesNotExplain: [],
  contradictedBy: [],
  weakestEdge: '',
  counterfactual: 1,
  capped: [],
};

/** Logs by node as [first, last] seconds of the day. */
function context(logs: Readonly<Record<string, readonly [number, number][]>>, hasControls = true): MissingContext {
  return {
    hasControls,
    logsOf: (node) =>
      (logs[node.slice('node/'.length)] ?? []).map(([from, to], index) => ({
        source: `${node}-${index}.log`,
        lasts: { earliest: at(from).at.earliest, latest: at(to).at.latest },
      })),
  };
}
const asked = (known: MissingContext) => missingEvidence(best, [root, effect], known).map(({ question }) => question);

describe('what a bundle lacks', () => {
  it('is nothing where the logs of the nodes cover the onset and pods are shown', () => {
    expect(asked(context({ n1: [[30_000, 40_000]], n2: [[36_000, 36_605]] }))).toEqual([]);
  });
  it('is what comes after a log that ends before the onset', () => {
    const [question, ...more] = asked(context({ n1: [[30_000, 36_120]], n2: [[30_000, 40_000]] }));
    expect(more).toEqual([]);
    expect(question).toEqual({
      need: 'the journal of n1 after its last line',
      why: 'node/n1-0.log ends at 10:02:00 UTC on 31 January 2025, 8 min before this began: its rest, or the journal of the next boot, would show what came then',
      run: "journalctl --utc -o short-iso --since '2025-01-31 10:02:00 UTC' --until '2025-01-31 10:25:00 UTC'",
      separates: ['root'],
    });
  });
  it('is what came before a log that begins after the onset', () => {
    const [question] = asked(context({ n1: [[37_200, 40_000]], n2: [[30_000, 40_000]] }));
    expect(question?.need).toBe('the journal of n1 before its first line');
    expect(question?.why).toContain('begins at 10:20:00 UTC on 31 January 2025, 10 min after this began');
    expect(question?.run).toContain("--since '2025-01-31 09:40:00 UTC' --until '2025-01-31 10:20:00 UTC'");
  });
  it('is the hour between two logs, or the journal of a node of which none was read', () => {
    const [between, none] = asked(
      context({
        n1: [
          [30_000, 36_000],
          [38_000, 40_000],
        ],
      }),
    );
    expect(between?.need).toBe('the journal of n1 after its last line');
    expect(between?.why).not.toContain('next boot');
    expect(none?.need).toBe('the journal of n2');
  });
  it('is a healthy control where no pod is shown with its node', () => {
    const covered = context({ n1: [[30_000, 40_000]], n2: [[30_000, 40_000]] }, false);
    expect(missingEvidence(best, [root, effect], covered)).toMatchObject([
      { kind: 'control', question: { run: 'kubectl get pods -A -o wide', separates: ['root'] } },
    ]);
  });
  it('is not asked by a time that is known badly, or without logs that name nodes', () => {
    const vague = { ...root, onset: at(30_000, 36_600) };
    expect(missingEvidence(best, [vague, effect], context({}))).toEqual([]);
    expect(missingEvidence(best, [root, effect], { hasControls: true, logsOf: () => undefined })).toEqual([]);
    expect(missingEvidence(undefined, [root], context({}))).toEqual([]);
  });
});
