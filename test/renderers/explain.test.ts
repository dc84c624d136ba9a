import { describe, expect, it } from 'vitest';
import { explain } from '../../src/renderers/explain.ts';
import { sampleReport } from '../support/sample-report.ts';

const [fact] = sampleReport.facts;
const [incident] = sampleReport.incidents;
if (!fact || !incident) throw new Error('the sample has an incident with facts');

describe('what can be explained', () => {
  it('is a fact by the reference of its evidence, as the post-mortem prints it', () => {
    const ref = fact.evidence[0]?.ref ?? '';
    expect(explain(sampleReport, ref).text).toContain(`Fact ${fact.id}`);
  });
  it('is an incident, by its hypotheses', () => {
    const { isFound, text } = explain(sampleReport, 'incident-1');
    expect([isFound, text.startsWith('Hypothesis 1 of incident-1')]).toEqual([true, true]);
  });
  it('is named in full where only a part was given', () => {
    const { isFound, text } = explain(sampleReport, fact.id.slice(0, 5));
    expect(isFound).toBe(false);
    expect(text).toContain('it could be ');
    expect(text).toContain(fact.id);
  });
  it('is not guessed where nothing is alike', () => {
    expect(explain(sampleReport, 'E99999')).toEqual({
      isFound: false,
      text: 'the report holds no fact, hypothesis or edge E99999',
    });
  });
});
