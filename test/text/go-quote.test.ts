import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainQuotes, readQuoted, unquoteGo } from '../../src/text/go-quote.ts';

describe('Go quotes', () => {
  it.each([
    [String.raw`a \"b\" c`, 'a "b" c'],
    [String.raw`tab\tline\nend`, 'tab\tline\nend'],
    [String.raw`caf\u00e9 \xc3\xa9 \U0001F600`, 'café é 😀'],
    [String.raw`back\\slash`, 'back\\slash'],
    [String.raw`unknown \q stays, cut \x4`, 'unknown \\q stays, cut \\x4'],
    ['ends in a backslash \\', 'ends in a backslash \\'],
    [String.raw`invalid \xff byte`, 'invalid \ufffd byte'],
  ])('%s', (body, value) => {
    expect(unquoteGo(body)).toBe(value);
  });

  it('undoes one level only', () => {
    expect(unquoteGo(String.raw`failed \"a \\\"b\\\"\"`)).toBe(String.raw`failed "a \"b\""`);
  });

  it('stops at the closing quote', () => {
    expect(readQuoted('x="a \\" b" y', 2)).toEqual({ value: 'a " b', end: 10, closed: true });
    expect(readQuoted('"cut', 0)).toEqual({ value: 'cut', end: 4, closed: false });
  });

  it('reads back what JSON writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readQuoted(JSON.stringify(text), 0)).toMatchObject({ value: text, closed: true });
      }),
    );
  });

  it('makes quotes plain at every depth, in linear time', () => {
    expect(plainQuotes(String.raw`a \"b \\\"c\\\" \\d\"`)).toBe(String.raw`a "b "c" \\d"`);
    const started = performance.now();
    plainQuotes(`${'\\'.repeat(200_000)}x\\"`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
