import { describe, expect, it } from 'vitest';
import { collectEntities } from '../../src/facts/entities.ts';
import { findRestarts, findSilences } from '../../src/facts/silence.ts';
import type { LogRecord, TimedVolume } from '../../src/model/index.ts';
import { type RestartSignature, type SilenceSignature, signatureSchema } from '../../src/rules/schema.ts';
import { at } from '../support/facts.ts';
import { record, roles, volume } from '../support/records.ts';

const silence = signatureSchema.parse({
  id: 'log-silence',
  title: 'Silent',
  kind: 'silence',
  stream: '*journal*',
  layer: 'node',
  severity: 'high',
}) as SilenceSignature;
const restart = signatureSchema.parse({
  id: 'restarted',
  title: '{{process}} was started again',
  kind: 'restart',
  writers: ['k3s', 'kubelet'],
  layer: 'node',
  severity: 'medium',
}) as RestartSignature;

const index = collectEntities().build();

function lines(...known: readonly (readonly [source: string, line: number, message: string])[]) {
  const all = new Map<string, LogRecord>(
    known.map(([path, line, message]) => [
      `${path}:${line}`,
      record(message, {
        ref: { source: path, line },
        node: 'n1',
        ...(message.startsWith('Linux') && { unit: 'kernel' }),
      }),
    ]),
  );
  return (path: string, line: number) => all.get(`${path}:${line}`);
}

function gap(from: number, to: number, bootFollows: boolean) {
  return { from: { line: 10, time: at(from) }, to: { line: 11, time: at(to) }, bootFollows };
}

const journal = (known: Partial<TimedVolume>): TimedVolume =>
  volume('journal.log', { node: 'n1', first: at(0), last: at(20_000), medianGapMs: 2000, ...known });
const told = (found: ReturnType<typeof findSilences>) =>
  found.map(({ entities, attributes, onset, lastSeen, evidence }) => ({
    entities,
    attributes,
    onset,
    lastSeen,
    quotes: evidence.map(({ quote }) => quote),
  }));
const recordAt = lines(['journal.log', 10, 'last words'], ['journal.log', 11, 'first words']);

describe('a silence', () => {
  it('is a long gap that a boot ends', () => {
    expect(told(findSilences(silence, [journal({ gaps: [gap(100, 9000, true)] })], recordAt, index))).toEqual([
      {
        entities: { node: 'node/n1' },
        attributes: { seconds: 8900, bootFollows: true, log: 'journal.log', lastLine: 10 },
        onset: at(100),
        lastSeen: at(9000),
        quotes: ['last words', 'first words'],
      },
    ]);
  });
  it('is not a gap of two minutes, nor one that is usual for the log', () => {
    expect(findSilences(silence, [journal({ gaps: [gap(100, 210, true)] })], recordAt, index)).toEqual([]);
    const slow = journal({ gaps: [gap(100, 400, true)], medianGapMs: 60_000 });
    expect(findSilences(silence, [slow], recordAt, index)).toEqual([]);
  });
  it('is not mere quiet, unless another log of the node goes on', () => {
    const quiet = journal({ gaps: [gap(100, 9000, false)] });
    const other = (node: string) => volume('kubelet.log', { node, first: at(0), last: at(12_000) });
    expect(findSilences(silence, [quiet], recordAt, index)).toEqual([]);
    expect(findSilences(silence, [quiet, other('n2')], recordAt, index)).toEqual([]);
    expect(findSilences(silence, [quiet, other('n1')], recordAt, index)).toHaveLength(1);
  });
  it('is not one more pause of a log that often pauses so long, though another log goes on', () => {
    const kubelet = volume('kubelet.log', { node: 'n1', first: at(0), last: at(20_000) });
    const pauses = [0, 1, 2, 3].map((index) => gap(1000 * index, 1000 * index + 400, false));
    const silences = (gaps: TimedVolume['gaps']) =>
      findSilences(silence, [journal({ gaps }), kubelet], recordAt, index);
    expect(silences(pauses)).toEqual([]);
    expect(silences([...pauses, gap(9000, 11_000, false)])).toHaveLength(1);
  });
  it('may lie between the files of two boots', () => {
    const before = volume('journal-1.log', { node: 'n1', first: at(0), last: at(600), lastLine: 90 });
    const after = volume('journal-2.log', { node: 'n1', first: at(9000), last: at(9600), firstLine: 1, lastLine: 40 });
    const found = findSilences(
      silence,
      [after, before],
      lines(['journal-1.log', 90, 'last words'], ['journal-2.log', 1, 'Linux version 6.1']),
      index,
    );
    expect(told(found)).toMatchObject([
      { attributes: { seconds: 8400, bootFollows: true }, quotes: ['last words', 'Linux version 6.1'] },
    ]);
  });
});

describe('a restart', () => {
  const writer = (name: string, pid: number, firstLine: number, lastLine: number) => ({
    name,
    pid,
    node: 'n1',
    lines: lastLine - firstLine + 1,
    firstLine,
    lastLine,
    first: at(firstLine),
    last: at(lastLine),
  });
  const texts = lines(['journal.log', 40, 'old words'], ['journal.log', 60, 'new words']);
  const found = (known: Partial<TimedVolume>) => findRestarts(restart, [journal(known)], texts, index, roles);

  it('is another pid of one program, between its last and its first line', () => {
    const [sighting, ...more] = found({ writers: [writer('k3s', 1231, 60, 90), writer('k3s', 1224, 1, 40)] });
    expect(more).toEqual([]);
    expect(sighting).toMatchObject({
      entities: { node: 'node/n1' },
      attributes: { process: 'k3s', oldPid: 1224, newPid: 1231 },
      component: 'kubelet',
      onset: { at: { earliest: at(40).at.earliest, latest: at(60).at.latest }, basis: 'derived' },
    });
    expect(sighting?.evidence.map(({ quote, derivation }) => [quote, derivation?.formula])).toEqual([
      ['old words', 'last line of pid 1224'],
      ['new words', 'first line of pid 1231'],
    ]);
  });
  it('is not two processes of one name side by side', () => {
    expect(found({ writers: [writer('k3s', 1224, 1, 80), writer('k3s', 1231, 60, 90)] })).toEqual([]);
  });
  it('is not the same program after a boot', () => {
    const boot = { from: { line: 50, time: at(50) }, to: { line: 55, time: at(55) }, bootFollows: true };
    const writers = [writer('k3s', 1224, 1, 40), writer('k3s', 1231, 60, 90)];
    expect(found({ writers, gaps: [boot] })).toEqual([]);
  });
  it('is not a program that the rule does not name', () => {
    expect(found({ writers: [writer('cron', 1, 1, 40), writer('cron', 2, 60, 90)] })).toEqual([]);
  });
});
