import { describe, expect, it } from 'vitest';
import { formats } from '../../src/parsers/index.ts';
import { recognise, sniffOf } from '../../src/parsers/sniff.ts';
import { clock, letter, table } from './tiny-formats.ts';

const tiny = [clock, letter, table];

function idOf(text: string, among = tiny, context = {}) {
  const { format } = recognise(sniffOf('a.log', context, text), among);
  return typeof format === 'string' ? format : format.id;
}

describe('recognise', () => {
  it.each([
    ['a single line', 'E: a', 'letter'],
    ['a line in three', 'E: a\nhello\nworld', 'letter'],
    ['continuations do not count against it', '00:00:01 web[1]: a\n b\n c\n+d\n== e', 'clock'],
    ['the one with more lines', 'E: a\nE: b\n00:00:01 web[1]: a', 'letter'],
    ['the earlier of equals', 'E: a\n00:00:01 web[1]: a', 'clock'],
    ['a document', 'TABLE\nE: a\nE: b\nx', 'table'],
    ['no document when the log is as sure', 'TABLE\nE: a', 'table'],
    ['nothing', 'hello\nworld\nthis\nis', 'text'],
    ['an empty file', '', 'text'],
  ])('%s', (_, text, id) => {
    expect(idOf(text)).toBe(id);
  });

  it('calls a file mixed when no format has enough lines, but together they have', () => {
    const lines = ['E: a', 'I: b', '00:00:01 web[1]: a', '00:00:02 web[1]: a', 'p', 'q', 'r', 's'];
    expect(idOf(lines.join('\n'))).toBe('mixed');
  });

  it('finds a format that only the middle of the file has', () => {
    const sniff = sniffOf('a.log', {}, 'hello\n', `ut\n${'E: a\n'.repeat(50)}E`);
    expect(recognise(sniff, tiny).format).toBe(letter);
  });

  it('lets a hint decide between equals, not more', () => {
    expect(idOf('E: a\n00:00:01 web[1]: a', tiny, { formats: ['letter'] })).toBe('letter');
    expect(idOf('E: a\n00:00:01 web[1]: a\n00:00:01 web[1]: a', tiny, { formats: ['letter'] })).toBe('clock');
  });

  it('asks the format whether the file suits it', () => {
    expect(
      idOf('E: a', [
        { ...letter, suits: () => false },
        { ...letter, id: 'other' },
      ]),
    ).toBe('other');
  });
});

/**
 * Formats that print the same line. rsyslog and journalctl agree on ISO times; a log with times of its own looks like
 * one that `kubectl logs --timestamps` wrote, and is read to the same record; distances that must be summed, and
 * messages as lists of bytes, are read as documents.
 */
const INDISTINCT: Readonly<Record<string, readonly string[]>> = {
  'syslog-iso': ['journal-iso', 'journal-iso-precise'],
  coredns: ['k8s-ts'],
  'plain-iso': ['k8s-ts'],
  'json-glued': ['compose'],
  'journal-json': ['journal-json-pretty'],
  'dmesg-delta': ['dmesg-reltime'],
};

/** Markers of journalctl are the same in all its outputs. */
function isMarker(text: string): boolean {
  return text.startsWith('-- ');
}

const samples = formats.flatMap((format) =>
  format.samples.map((sample) => ({
    id: format.id,
    text: sample.text,
    path: 'path' in sample ? sample.path : 'a.log',
  })),
);

describe.skipIf(samples.length === 0)('every format wins on its own samples', () => {
  it.each(samples)('$id: $text', ({ id, text, path }) => {
    const { format } = recognise(sniffOf(path, {}, text), formats);
    const found = typeof format === 'string' ? format : format.id;
    if (isMarker(text)) {
      expect(found).toMatch(/^journal-/u);
    } else {
      expect([id, ...(INDISTINCT[id] ?? [])]).toContain(found);
    }
  });
});

it.each([
  [
    'Python',
    'Traceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\n    main()\nValueError: no\n',
  ],
  [
    'Node.js',
    "TypeError: Cannot read properties of undefined (reading 'x')\n    at Object.<anonymous> (/app/index.js:1:1)\n",
  ],
  ['Go', 'panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d\n'],
])('reads a crash of %s without any header as a log, so that its lines are one record', (_, text) => {
  expect(recognise(sniffOf('a.log', {}, text), formats).format).toBe('mixed');
});
