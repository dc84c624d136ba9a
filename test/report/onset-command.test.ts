import { describe, expect, it } from 'vitest';
import { atOnset } from '../../src/report/onset-command.ts';

const onset = { earliest: Date.UTC(2025, 10, 14, 2, 50, 49), latest: Date.UTC(2025, 10, 14, 2, 52, 52) };

describe('the command of a question', () => {
  it('names the earliest time of the onset', () => {
    expect(atOnset('journalctl --since <onset> -b -1', onset)).toBe(
      "journalctl --since '2025-11-14 02:50:49 UTC' -b -1",
    );
  });
  it('keeps the placeholder where the onset is not known, or only within hours', () => {
    expect(atOnset('git log --since=<onset>', undefined)).toBe('git log --since=<onset>');
    expect(atOnset('git log --since=<onset>', { ...onset, latest: onset.latest + 7_200_000 })).toContain('<onset>');
  });
});
