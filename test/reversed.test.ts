/** `journalctl -r` shows the same night as `journalctl`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { byText } from '../src/text/order.ts';
import { folderOf } from './sources/pack.ts';
import { bundleOf } from './support/fixtures.ts';

const NODE = join(bundleOf('nfs-dns-cilium-cascade'), 'k8s-cp-01');
const read = (name: string): readonly string[] => readFileSync(join(NODE, name), 'utf8').trimEnd().split('\n');
const LINES = [
  ...read('journal-previous-boot.log'),
  '-- Boot 5f1d3bd09c5e4e6c9e1cbb6dd1b1d3a2 --',
  ...read('journal-current-boot.log'),
];

/** Records in the other order; the lines of one record stay together. */
function newestFirst(lines: readonly string[]): readonly string[] {
  const records: string[][] = [];
  for (const line of lines) {
    if (line.startsWith(' ') && records.length > 0) {
      records.at(-1)?.push(line);
    } else {
      records.push([line]);
    }
  }
  return records.toReversed().flat();
}

/** Between the silence and the first line of the second boot. */
const BOOTED_AT = Date.UTC(2025, 10, 14, 12);

async function night(lines: readonly string[]) {
  const { report, sources, clocks } = await analyze([folderOf({ 'k8s-cp-01/journal.log': `${lines.join('\n')}\n` })], {
    collectedAt: Date.UTC(2025, 10, 14, 19, 48),
  });
  const [volume] = clocks.volumes;
  return {
    facts: report.facts
      .map(({ signature, entities, onset, lastSeen, ended, count }) => ({
        signature,
        entities,
        onset,
        lastSeen,
        ended,
        count,
      }))
      .toSorted((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
    roots: report.incidents.map(({ hypotheses }) => hypotheses.map(({ title, confidence }) => [title, confidence])),
    boots: new Set(
      sources.flatMap(({ records }) =>
        records.flatMap(({ boot, time }) => (time ? [`${boot} ${time.at.earliest < BOOTED_AT}`] : [])),
      ),
    ),
    first: volume?.first?.at,
    last: volume?.last?.at,
    gaps: volume?.gaps
      .filter(({ from, to }) => to.time.at.earliest - from.time.at.latest > 60_000)
      .map(({ from, to, bootFollows }) => [from.time.at, to.time.at, bootFollows]),
  };
}

describe('a journal that was printed newest first', () => {
  it('gives the same facts, boots, silences and roots', async () => {
    const plain = await night(LINES);
    const reversed = await night(newestFirst(LINES));
    expect(plain.gaps?.some(([, , bootFollows]) => bootFollows === true)).toBe(true);
    expect(plain.boots).toEqual(new Set(['0 true', '1 false']));
    expect(plain.facts.map(({ signature }) => signature)).toContain('node-log-silence');
    expect(reversed).toEqual(plain);
  });
});
