import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../src/text/template.ts';

describe('fillTemplate', () => {
  it.each([
    [{ namespace: 'shop', name: 'web-0' }, 'Container of shop/web-0 was killed'],
    [{ name: 'web-0' }, 'Container of web-0 was killed'],
    [{ namespace: 'shop' }, 'Container of shop was killed'],
    [{}, 'Container was killed'],
  ])('keeps the known half of a name with its namespace: %j', (values: Record<string, string>, text) => {
    expect(fillTemplate('Container of {{namespace}}/{{name}} was killed', (name) => values[name])).toBe(text);
  });
});
