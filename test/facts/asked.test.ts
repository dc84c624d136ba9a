import { describe, expect, it } from 'vitest';
import { askedOf } from '../../src/facts/asked.ts';
import { parseCondition } from '../../src/rules/condition/parse.ts';

function asked(text: string, values: Readonly<Record<string, string | number | boolean>>): string[] {
  const parsed = parseCondition(text);
  if (!('expr' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return askedOf({ text, expr: parsed.expr }, { kind: 'Pod', values }).map(({ name, texts, isDenied }) =>
    `${isDenied ? 'not ' : ''}${name} ${texts.join('|')}`.trim(),
  );
}

describe('what a condition asks of a row', () => {
  it.each([
    ['row.restarts >= 5 and row.ready == false', ['restarts', 'ready']],
    ['row.status == "Pending" or (row.restarts >= 5 and row.ready == false)', ['restarts', 'ready']],
    ['row.status == "Running" or row.restarts >= 5', ['status Running']],
    ['"hard" in row.mountOptions', ['mountOptions hard']],
    ['row.ready == false and row.lastReason != "OOMKilled"', ['ready', 'not lastReason OOMKilled']],
    ['row.name == "web" and row.ageMs > 10m and known(row.restarts)', ['restarts']],
    ['not (row.status == "Pending")', ['not status Pending']],
  ])('%s', (text, wanted) => {
    expect(asked(text, { name: 'web', status: 'Running', restarts: 7, ready: false, ageMs: 1e9 })).toEqual(wanted);
  });
});
