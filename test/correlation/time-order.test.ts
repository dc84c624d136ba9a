import { describe, expect, it } from 'vitest';
import { judgeTime } from '../../src/correlation/time-order.ts';
import type { Fact } from '../../src/model/index.ts';
import type { Link } from '../../src/rules/schema.ts';
import { at, fact } from '../support/facts.ts';

const began = (seconds: number, until = seconds, clock?: string): Fact =>
  fact('f', { onset: at(seconds, until, ...(clock === undefined ? [] : ([clock] as const))) });
const link = (order: Link['order']): Pick<Link, 'order' | 'mode'> => ({ order, mode: 'starts' });

describe('the time of two facts', () => {
  it.each([
    ['loose', began(0), began(60), 1, 'definite', 'the cause began before the effect'],
    ['loose', began(60), began(0), undefined, 'unknown', 'the effect began 1 min before the cause'],
    ['loose', began(0, 100), began(50, 150), 0.92, 'probable', 'the cause began first with a chance of 0.88'],
    ['loose', began(40, 140), began(0, 100), 0.92, 'possible', 'their onsets are intervals that overlap'],
    ['strict', began(40, 140), began(0, 100), undefined, 'unknown', 'the effect more likely began before the cause'],
    ['strict', began(0, 100), began(10, 110), 0.75, 'possible', 'the cause may have begun first (chance 0.59)'],
    ['any', began(60), began(0), 0.85, 'unknown', 'states: their order says little'],
    ['any', began(0), began(60), 1, 'definite', 'the cause began before the effect'],
    ['loose', fact('f'), began(0), 0.85, 'unknown', 'no time is known for one of the two'],
  ] satisfies [Link['order'], Fact, Fact, number | undefined, string, string][])(
    '%s: %#',
    (order, cause, effect, factor, word, why) => {
      const verdict = judgeTime(link(order), undefined, cause, effect);
      expect({ ...verdict, why: verdict.why() }).toMatchObject({ factor, order: word, why });
    },
  );
  it('gives the lag between the onsets, least and greatest', () => {
    expect(judgeTime(link('loose'), undefined, began(0, 10), began(60, 90)).lagMs).toEqual({
      least: 50_000,
      greatest: 90_000,
    });
  });
});

describe('two clocks', () => {
  const [near, far] = [began(101, 101, 'node/n2'), began(103, 103, 'node/n2')];

  it('tell no definite order within their difference', () => {
    expect(judgeTime(link('loose'), undefined, began(100), near)).toMatchObject({ factor: 0.92, order: 'probable' });
    expect(judgeTime(link('loose'), undefined, began(102), near)).toMatchObject({ factor: 0.92, order: 'possible' });
    expect(judgeTime(link('loose'), undefined, began(100), began(101))).toMatchObject({ order: 'definite' });
  });
  it('tell it beyond', () => {
    expect(judgeTime(link('loose'), undefined, began(100), far)).toMatchObject({ factor: 1, order: 'definite' });
    expect(judgeTime(link('loose'), undefined, began(106), far).factor).toBeUndefined();
  });
});

describe('clocks that are known to be apart', () => {
  const ahead = (least: number, greatest: number) => (a: string) =>
    a === 'node/n2' ? { least, greatest } : { least: -greatest, greatest: -least };
  const effect = began(103, 103, 'node/n2');

  it('turn an order round that their times show the wrong way', () => {
    const late = began(106);
    expect(judgeTime(link('loose'), undefined, late, effect).factor).toBeUndefined();
    // The clock of the effect is 4 to 6 s behind: it happened at 107 to 109.
    expect(judgeTime(link('loose'), undefined, late, effect, ahead(-6000, -4000))).toMatchObject({
      order: 'definite',
      lagMs: { least: 1000, greatest: 3000 },
    });
  });
  it('make an order open where they may be further apart than is assumed', () => {
    expect(judgeTime(link('loose'), undefined, began(100), effect, ahead(-2000, 6000))).toMatchObject({
      order: 'possible',
      lagMs: { least: 3000, greatest: 3000 },
    });
  });
});

describe('a window', () => {
  const tenMinutes = 600_000;

  it('runs from the last sign of the cause', () => {
    const lasting = { ...began(0), lastSeen: at(3000) };
    expect(judgeTime(link('loose'), tenMinutes, lasting, began(3500)).factor).toBe(1);
    const late = judgeTime(link('loose'), tenMinutes, began(0), began(3500));
    expect({ ...late, why: late.why() }).toMatchObject({
      factor: undefined,
      why: 'the effect came 58 min 20 s after the cause was last seen; the window is 10 min',
    });
  });
  it('counts from what the effect may have begun at the earliest', () => {
    expect(judgeTime(link('loose'), tenMinutes, began(0), began(500, 5000)).factor).toBe(1);
  });
  it('does not bound states', () => {
    expect(judgeTime(link('any'), tenMinutes, began(0), began(9000)).factor).toBe(1);
  });
});
