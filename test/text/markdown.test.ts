import fc from 'fast-check';
import { Marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { codeBlock, codeCell, codeSpan, escapeMarkdown } from '../../src/text/markdown.ts';

const marked = new Marked({ gfm: true });
const textOf = (markdown: string) =>
  marked
    .parse(markdown, { async: false })
    .replace(/<[^>]*>/gu, '')
    .replace(/&lt;/gu, '<')
    .replace(/&gt;/gu, '>')
    .replace(/&quot;/gu, '"')
    .replace(/&#39;/gu, "'")
    .replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&amp;/gu, '&')
    .trim();

describe('escapeMarkdown', () => {
  it.each([
    'a | b `c` [d](e) *f* **g** ~~h~~ <b>i</b> & j',
    '# no heading',
    '1. no list',
    '- no list',
    '_no emphasis_ but snake_case_stays',
    'http://evil.example/ and www.evil.example',
    '[E12]: /nowhere',
    'a \\ b',
    '&lt;',
  ])('shows as it stood: %s', (text) => {
    const html = marked.parse(`x ${escapeMarkdown(text)}`, { async: false });
    expect(html).not.toMatch(/<(?!\/?p>)/u);
    expect(textOf(escapeMarkdown(text))).toBe(text);
  });
  it('puts everything on one line and drops what a terminal obeys', () => {
    expect(escapeMarkdown('a\nb\u001b[2Jc\u202ed')).toBe('a b\ufffd\\[2Jc\ufffdd');
  });
  it('never yields markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab `*_[]()<>#|~&!-+=.:/\\1\n'), maxLength: 40 }), (text) => {
        expect(marked.parse(`x ${escapeMarkdown(text)}`, { async: false })).not.toMatch(/<(?!\/?p>)/u);
      }),
    );
  });
});

describe('code', () => {
  it.each([
    ['plain', '`plain`'],
    ['a `b` c', '`` a `b` c ``'],
    ['``', '``` `` ```'],
    ['', '(empty line)'],
  ])('span of %j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });
  it('in a table keeps its pipes', () => {
    const html = marked.parse(`| a |\n| --- |\n| ${codeCell('x | y')} |`, { async: false });
    expect(html).toContain('<code>x | y</code>');
  });
  it('in a block cannot end the block', () => {
    const html = marked.parse(codeBlock('a\n```\n<b>', 'sh'), { async: false });
    expect(html).toContain('a\n```\n&lt;b&gt;');
  });
});
