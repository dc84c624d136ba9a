import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../src/text/template.ts';

const fill = (template: string, values: Readonly<Record<string, string>> = {}) =>
  fillTemplate(template, (name) => values[name]);

describe('a sentence of a rule', () => {
  it('is filled with what is known', () => {
    expect(fill('Task {{task}} blocked on {{node}}', { task: 'loki', node: 'n1' })).toBe('Task loki blocked on n1');
  });
  it.each([
    ['Task blocked on {{node}} for {{seconds}} s', 'Task blocked'],
    ['Pods of shop end again and again: {{reason}} {{text}}.', 'Pods of shop end again and again.'],
    ['It ended ({{reason}}).', 'It ended.'],
    ['Not ready: {{message}}', 'Not ready'],
    ['Pods end: {{reason}}. They run on w1.', 'Pods end. They run on w1.'],
  ])('leaves no hole where a value is unknown: %s', (template, told) => {
    expect(fill(template)).toBe(told);
  });
  it.each([
    ['{{node}} lost its session', {}, 'A node lost its session'],
    ['{{node}} lost its session', { node: 'n1' }, 'n1 lost its session'],
    ['{{node}} lost {{reason}}', { node: '{{reason}}', reason: 'it' }, '{{reason}} lost it'],
    ['{{code}} was returned', {}, 'was returned'],
    ['{{node}}: lost', {}, ': lost'],
  ])('has a subject where its first name is unknown: %s %j', (template, values: Record<string, string>, told) => {
    expect(fill(template, values)).toBe(told);
  });
  it('has one thing in the singular', () => {
    expect(fill('Crashes ({{n}} restarts)', { n: '1' })).toBe('Crashes (1 restart)');
    expect(fill('Crashes ({{n}} restarts)', { n: '11' })).toBe('Crashes (11 restarts)');
    expect(fill('Waits {{n}} seconds', { n: '0.1' })).toBe('Waits 0.1 seconds');
  });
  it('keeps the signs inside of values', () => {
    expect(fill('Failed: {{reason}}.', { reason: 'read 10.0.0.1:53->10.0.0.2:53: i/o timeout' })).toBe(
      'Failed: read 10.0.0.1:53->10.0.0.2:53: i/o timeout.',
    );
  });
  it.each([
    [{ namespace: 'shop', name: 'web-0' }, 'Container of shop/web-0 was killed'],
    [{ name: 'web-0' }, 'Container of web-0 was killed'],
    [{ namespace: 'shop' }, 'Container of shop was killed'],
    [{}, 'Container was killed'],
  ])('keeps the known half of a name with its namespace: %j', (values: Record<string, string>, text) => {
    expect(fillTemplate('Container of {{namespace}}/{{name}} was killed', (name) => values[name])).toBe(text);
  });
});
