import { describe, expect, it } from 'vitest';
import { openCauses, undecidedCause } from '../../src/correlation/undecided.ts';
import type { PatternVerdict } from '../../src/model/index.ts';
import { incidentSchema, linkSchema, signatureSchema } from '../../src/rules/schema.ts';
import { fact } from '../support/facts.ts';

const layerGone = signatureSchema.parse({
  id: 'layer-gone',
  title: 'The layer is missing',
  kind: 'derived',
  when: 'true',
  from: ['dns-gone'],
  layer: 'cni',
  severity: 'critical',
  initiates: 'likely',
});
const rules = {
  signatures: [layerGone],
  links: [
    linkSchema.parse({
      id: 'layer-gone--dns-gone',
      cause: 'layer-gone',
      effect: 'dns-gone',
      confidence: 'strong',
      mechanism: 'It does.',
    }),
  ],
  byTag: (name: string) => [name],
};
const rule = incidentSchema.parse({
  id: 'collapse',
  title: 'Collapse',
  points: [
    { item: 'cni', title: 'The network plugin is missing', when: 'some f in find("cni-gone")' },
    { item: 'dns', title: 'DNS fails', when: 'some f in find("dns-fails")' },
  ],
  confirmed: 2,
  partial: 1,
  root: ['cni-gone', 'mixed-rules'],
});
const verdict = (cni: 'unknown' | 'not-found', dns: 'unknown' | 'confirmed'): PatternVerdict => ({
  id: 'collapse',
  title: 'Collapse',
  verdict: 'partial',
  min: 1,
  max: 2,
  total: 2,
  repair: [],
  items: [
    { item: 'cni', title: 'The network plugin is missing', state: cni, score: 1, why: '', facts: [] },
    { item: 'dns', title: 'DNS fails', state: dns, score: 1, why: '', facts: [] },
  ],
});
const judge = (value: true | false | 'unknown') => () => ({ value, why: '', facts: [] });

describe('a root is open', () => {
  const dns = fact('dns-gone');

  it('while a derived cause above it cannot be judged', () => {
    const open = openCauses([dns], rules, judge('unknown'));
    expect(open).toEqual([{ title: 'The layer is missing', effects: new Set(['dns-gone']) }]);
    expect(undecidedCause(dns, open, [], rules.byTag)).toBe(
      'it may come from something above it that cannot be judged: the layer is missing',
    );
    expect(undecidedCause(fact('other'), open, [], rules.byTag)).toBeUndefined();
  });
  it('not when that cause is excluded or found', () => {
    expect(openCauses([dns], rules, judge(false))).toEqual([]);
    expect(openCauses([dns, fact('layer-gone')], rules, judge('unknown'))).toEqual([]);
  });
  it('while another root of a matching pattern cannot be judged', () => {
    const root = fact('mixed-rules');
    const open = (cni: 'unknown' | 'not-found', dnsState: 'unknown' | 'confirmed') =>
      undecidedCause(root, [], [{ rule, verdict: verdict(cni, dnsState) }], rules.byTag);
    expect(open('unknown', 'confirmed')).toBe(
      'another beginning of "Collapse" cannot be judged: the network plugin is missing',
    );
    expect(open('not-found', 'unknown')).toBeUndefined();
  });
  it('not because the pattern has open points about itself', () => {
    const own = fact('cni-gone');
    expect(undecidedCause(own, [], [{ rule, verdict: verdict('unknown', 'confirmed') }], rules.byTag)).toBeUndefined();
  });
});
