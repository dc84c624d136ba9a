import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { OrderedPair } from '../../src/clocks/must-orders.ts';
import { skewOf } from '../../src/clocks/skew.ts';
import { inspect } from '../../src/inspect.ts';
import { inspectionText } from '../../src/inspection-text.ts';
import { renderers } from '../../src/renderers/index.ts';
import { folderOf } from '../sources/pack.ts';
import { templates } from '../support/templates.ts';

const same = (clock: string): string => clock;
const pairs = (ahead: string, behind: string, ...bounds: readonly number[]): readonly OrderedPair[] =>
  bounds.map((leastMs) => ({ ahead, behind, leastMs }));

describe('the difference of two clocks', () => {
  it('is bounded from both sides by orders both ways', () => {
    const skew = skewOf([...pairs('a', 'b', 4000, 4100, 4050, 900), ...pairs('b', 'a', -6000, -5900, -5950)], same);
    expect(skew.known).toEqual([
      { clock: 'a', against: 'b', bounds: { least: 4000, greatest: 6000 }, pairs: 7, verdict: 'decided' },
    ]);
    expect(skew.offset('a', 'b')).toEqual({ least: 4000, greatest: 6000 });
    expect(skew.offset('b', 'a')).toEqual({ least: -6000, greatest: -4000 });
    expect(skew.diagnostics).toEqual([]);
  });

  it('is as assumed where too few pairs tell', () => {
    const skew = skewOf([...pairs('a', 'b', 4000, 4100), ...pairs('b', 'a', -6000, -5900)], same);
    expect(skew.known).toEqual([]);
    expect(skew.offset('a', 'b')).toEqual({ least: -2000, greatest: 2000 });
  });

  it('is as assumed where the clocks agree', () => {
    const skew = skewOf([...pairs('a', 'b', -900, -200, -300), ...pairs('b', 'a', -40, -100, -80)], same);
    expect(skew.known).toEqual([]);
    expect(skew.offset('a', 'b')).toEqual({ least: -2000, greatest: 2000 });
  });

  it('widens comparisons without moving them where only one side is bounded', () => {
    const skew = skewOf(pairs('a', 'b', 4000, 4100, 4050), same);
    expect(skew.known.map(({ verdict, bounds }) => [verdict, bounds])).toEqual([
      ['wide', { least: 4000, greatest: Number.POSITIVE_INFINITY }],
    ]);
    expect(skew.offset('a', 'b')).toEqual({ least: -2000, greatest: 6000 });
  });

  it('does not follow one pair of two different occurrences', () => {
    const skew = skewOf([...pairs('a', 'b', 600_000, 100, 50, 20), ...pairs('b', 'a', -300, -200, -100)], same);
    expect(skew.known).toEqual([]);
  });

  it('is said to have changed where bounds contradict each other', () => {
    const skew = skewOf([...pairs('a', 'b', 5000, 5100, 5200), ...pairs('b', 'a', -100, -200, -50)], same);
    expect(skew.known.map(({ verdict }) => verdict)).toEqual(['contradicted']);
    expect(skew.offset('a', 'b')).toEqual({ least: -2000, greatest: 7000 });
    expect(skew.diagnostics.map(({ code }) => code)).toEqual(['clock-offset-contradicted']);
  });

  it('follows from chains over a third clock', () => {
    const skew = skewOf(
      [
        ...pairs('a', 'b', 4000, 4000, 4000),
        ...pairs('b', 'a', -5000, -5000, -5000),
        ...pairs('b', 'c', 1000, 1000, 1000),
        ...pairs('c', 'b', -1500, -1500, -1500),
      ],
      same,
    );
    expect(skew.offset('a', 'c')).toEqual({ least: 5000, greatest: 6500 });
  });

  it('is none between a container and its node', () => {
    const skew = skewOf([], (clock) => (clock === 'pod/ns/p' ? 'node/n1' : clock));
    expect(skew.offset('pod/ns/p', 'node/n1')).toEqual({ least: 0, greatest: 0 });
  });
});

const T = Date.parse('2025-11-14T03:00:00Z');
const iso = (ms: number): string => new Date(T + ms).toISOString().replace(/\.\d+Z$/u, 'Z');

/** Events of pods that are scheduled and started on a node whose clock shows `aheadMs` more than the API server's. */
function eventsOf(pods: number, aheadMs: number): string {
  const items = Array.from({ length: pods }, (_, at) => {
    const from = at * 60_000;
    const name = `web-5d7f8b9c6d-x2k9${'bcdfghjklm'[at]}`;
    const event = (reason: string, message: string, shown: number, stored: number, source: object) => ({
      kind: 'Event',
      metadata: { name: `${name}.${reason.toLowerCase()}`, namespace: 'shop', creationTimestamp: iso(stored) },
      involvedObject: { kind: 'Pod', namespace: 'shop', name, uid: `uid-${at}` },
      reason,
      message,
      type: 'Normal',
      count: 1,
      firstTimestamp: iso(shown),
      lastTimestamp: iso(shown),
      source,
    });
    return [
      event('Scheduled', `Successfully assigned shop/${name} to worker-2`, from, from, {
        component: 'default-scheduler',
      }),
      event('Pulling', 'Pulling image "registry.example.net/web:1"', from + aheadMs, from, {
        component: 'kubelet',
        host: 'worker-2',
      }),
    ];
  });
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: items.flat() });
}

describe('the clocks of a bundle', () => {
  it('are found to be apart by Events whose times contradict their order, and the report says so', async () => {
    const folder = folderOf({ 'events.json': eventsOf(6, 5000) });
    const { report, clocks } = await analyze([folder]);
    expect(clocks.offset('node/worker-2', 'apiserver')).toEqual({ least: 4001, greatest: 5999 });
    const node = report.clocks.find(({ clock }) => clock === 'node/worker-2');
    expect(node).toMatchObject({
      uncertaintySeconds: 5.999,
      offsets: [{ against: 'apiserver', leastSeconds: 4.001, greatestSeconds: 5.999, pairs: 12, verdict: 'decided' }],
    });
    const said = 'node/worker-2 runs 4 s to 6 s ahead of apiserver (12 pairs of records that must be in order)';
    expect(node?.offsets?.[0]?.text).toBe(said);
    expect(renderers.get('md')?.render(report, { templates })).toContain(`- Clock ${said}.`);
    expect(inspectionText(await inspect([folder]))).toContain(said);
  });

  it('are left as assumed by a pod or two, and where nothing is out of order', async () => {
    for (const events of [eventsOf(2, 5000), eventsOf(6, 0)]) {
      const { report, clocks } = await analyze([folderOf({ 'events.json': events })]);
      expect(clocks.offset('node/worker-2', 'apiserver')).toEqual({ least: -2000, greatest: 2000 });
      expect(report.clocks.flatMap(({ offsets = [] }) => offsets)).toEqual([]);
    }
  });

  it('are told apart by what logs of two nodes say of the same election', async () => {
    const [a, b] = ['8e9e05c52164694d', '91bc3c398fb3c146'];
    const line = (ms: number, msg: string) =>
      `{"level":"info","ts":"${new Date(T + ms).toISOString()}","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"${msg}"}\n`;
    const terms = [5, 6, 7, 8];
    const leader = terms.map((term) =>
      [
        line(term * 10_000, `${a} became candidate at term ${term}`),
        line(term * 10_000 + 4, `${a} received MsgVoteResp from ${b} at term ${term}`),
        line(term * 10_000 + 5, `${a} became leader at term ${term}`),
      ].join(''),
    );
    // Its clock is 3 s behind.
    const voter = terms.map((term) =>
      [
        line(
          term * 10_000 - 2998,
          `${b} [logterm: 4, index: 9, vote: 0] cast MsgVote for ${a} [logterm: 4, index: 9] at term ${term}`,
        ),
        line(term * 10_000 - 2994, `raft.node: ${b} elected leader ${a} at term ${term}`),
      ].join(''),
    );
    const { clocks } = await analyze([
      folderOf({ 'nodes/cp-1/etcd.log': leader.join(''), 'nodes/cp-2/etcd.log': voter.join('') }),
    ]);
    expect(clocks.clocks.flatMap(({ clock, offsets = [] }) => [[clock, offsets[0]?.bounds]])).toEqual([
      ['node/cp-1', { least: 2999, greatest: 3002 }],
      ['node/cp-2', { least: -3002, greatest: -2999 }],
    ]);
  });
});
