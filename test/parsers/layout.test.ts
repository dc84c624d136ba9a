import { describe, expect, it } from 'vitest';
import { commonIndent, undented, wrapWidthOf } from '../../src/parsers/layout.ts';

describe('commonIndent', () => {
  it.each([
    [['  a', '    b', '', '  c'], '  '],
    [['\ta', '\t\tb'], '\t'],
    [['  a', 'b'], ''],
    [[' a', '\tb'], ''],
    [['', '  '], ''],
  ])('%j → %j', (lines, indent) => {
    expect(commonIndent(lines)).toBe(indent);
  });

  it('leaves deeper indentation', () => {
    expect(undented(['  a', '    b', ''], '  ')).toEqual(['a', '  b', '']);
  });
});

describe('wrapWidthOf', () => {
  const isHeader = (line: string) => line.startsWith('E: ');
  const full = `E: ${'x'.repeat(77)}`;

  it('is the length of lines that go on in the next one', () => {
    expect(wrapWidthOf([full, 'rest', full, 'rest', 'E: short'], isHeader)).toBe(80);
  });

  it.each([
    ['one long line', [full, 'rest']],
    ['lines that are whole', [full, 'E: a', full, 'E: b', full, 'rest']],
    ['short lines', ['E: a', 'r', 'E: a', 'r']],
  ])('is unknown for %s', (_, lines) => {
    expect(wrapWidthOf(lines, isHeader)).toBeUndefined();
  });
});
