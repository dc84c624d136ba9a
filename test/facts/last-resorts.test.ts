import { describe, expect, it } from 'vitest';
import { raiseLastResorts } from '../../src/facts/last-resorts.ts';
import type { Fact } from '../../src/model/index.ts';
import type { Signature } from '../../src/rules/schema.ts';
import { fact } from '../support/facts.ts';

const signatures = new Map([['last-resort', { fallback: true } as Signature]]);
const resort = fact('last-resort', { severity: 'low', polarity: 'context' });

function severityOf(
  known: {
    readonly others?: readonly Fact[];
    readonly excerpts?: readonly string[];
    readonly rows?: readonly string[];
    readonly lines?: number;
  } = {},
): string | undefined {
  const state = { rows: (kind: string) => (known.rows?.includes(kind) ? [{}] : []) };
  const excerpts = new Set(known.excerpts ?? ['last-resort.log']);
  const facts = raiseLastResorts(
    [...(known.others ?? []), resort],
    signatures,
    excerpts,
    state as never,
    known.lines ?? 2,
  );
  return facts.at(-1)?.severity;
}

describe('an error that no rule knows', () => {
  it('is grave where a few pasted lines tell nothing else', () => {
    expect(severityOf()).toBe('medium');
  });
  it.each([
    ['a rule knows another failure', { others: [fact('disk-full', { severity: 'high' })] }],
    ['it stands in a long log', { excerpts: [] }],
    ['a listing shows how pods do', { rows: ['Pod'] }],
    ['a listing shows how nodes do', { rows: ['Node'] }],
    ['most of the lines tell of nothing', { lines: 4 }],
  ])('stays a remark where %s', (_, known) => {
    expect(severityOf(known)).toBe('low');
  });
  it('is not outweighed by other remarks', () => {
    expect(severityOf({ others: [fact('retry', { severity: 'low' }), fact('boot', { polarity: 'context' })] })).toBe(
      'medium',
    );
  });
});
