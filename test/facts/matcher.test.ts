import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../src/facts/matcher.ts';
import type { LogRecord } from '../../src/model/index.ts';
import { type Signature, signatureSchema } from '../../src/rules/schema.ts';

function signature(id: string, known: object = {}): Signature {
  return signatureSchema.parse({
    id,
    title: id,
    kind: 'log',
    match: { anchors: ['widget'], pattern: 'widget' },
    layer: 'apps',
    severity: 'low',
    examples: { match: [{ line: 'a widget' }], reject: [{ line: 'a gadget', because: 'another thing' }] },
    ...known,
  });
}

const record = {
  message: 'the widget broke',
  raw: 'the widget broke',
  kind: 'log',
  fields: {},
  ref: { source: 'a.log', line: 1 },
} as unknown as LogRecord;

function idsOf(signatures: readonly Signature[]): string[] {
  const literals = [{ text: 'widget', signatures: signatures.map(({ id }) => id) }];
  const matcher = createMatcher(signatures, literals as never, (text) => (text.includes('widget') ? [0] : []));
  return matcher.matches(record, () => []).map((match) => match.signature.id);
}

describe('a signature of last resort', () => {
  const resort = signature('last-resort', { fallback: true });

  it('counts where no other one matches', () => {
    expect(idsOf([resort])).toEqual(['last-resort']);
  });
  it.each(['symptom', 'context'])('gives way to one that knows the record as %s', (polarity) => {
    expect(idsOf([resort, signature('widget-broke', { polarity })])).toEqual(['widget-broke']);
  });
});
