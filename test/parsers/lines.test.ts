import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../src/parsers/format.ts';
import { readLines } from '../../src/parsers/lines.ts';
import { clock, letter, pieces } from './tiny-formats.ts';

const all = [clock, pieces, letter];

function read(text: string, format: LineFormat | 'mixed' | 'text' = clock, context = {}) {
  return readLines(text.split('\n'), 1, format, { path: 'a.log', context, all });
}

function messages(text: string, format: LineFormat | 'mixed' | 'text' = clock) {
  return read(text, format).records.map(({ ref, message }) => [ref.line, message]);
}

describe('readLines', () => {
  it('fills a record from header, context and place', () => {
    const { records } = readLines(['00:00:01 web[12]: up'], 7, clock, {
      path: 'n1/a.log',
      context: { node: 'n1', unit: 'ignored' },
      all,
    });
    expect(records).toEqual([
      {
        id: 'n1/a.log:7',
        ref: { source: 'n1/a.log', line: 7 },
        kind: 'log',
        stream: 'n1/a.log',
        seq: 7,
        stamp: { kind: 'boot', seconds: 1, precisionMs: 1000 },
        node: 'n1',
        unit: 'web',
        process: { name: 'web', pid: 12 },
        message: 'up',
        fields: {},
        raw: '00:00:01 web[12]: up',
      },
    ]);
  });

  it('makes a record of every line that nothing recognises, without level and time', () => {
    const { records, recognised, unknown } = read('00:00:01 web[1]: a\nwhat is this');
    expect(records[1]).toEqual({
      id: 'a.log:2',
      ref: { source: 'a.log', line: 2 },
      kind: 'log',
      stream: 'a.log',
      seq: 2,
      message: 'what is this',
      fields: {},
      raw: 'what is this',
    });
    expect([recognised, unknown]).toEqual([1, 1]);
  });

  it.each([
    ['indented lines', '00:00:01 web[1]: a\n  b\n\tc', [[1, 'a\n  b\n\tc']]],
    ['lines that the format knows', '00:00:01 web[1]: a\n+b', [[1, 'a\nb']]],
    ['blank lines inside, not at the end', '00:00:01 web[1]: a\n\n  b\n\n', [[1, 'a\n\n  b']]],
    [
      'a Go panic',
      'panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1\n00:00:01 web[1]: a',
      [
        [1, 'panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1'],
        [6, 'a'],
      ],
    ],
    [
      'a struct that a terminal broke within a word',
      '00:00:01 web[1]: msg="run &Sandbox{Name:db-0,A\nttempt:845,}"\n00:00:02 web[1]: a',
      [
        [1, 'msg="run &Sandbox{Name:db-0,Attempt:845,}"'],
        [3, 'a'],
      ],
    ],
    ['a quote that closes soon', '00:00:01 web[1]: say "one\ntwo\nthree" end', [[1, 'say "one two three" end']]],
  ])('joins %s', (_, text, expected) => {
    expect(messages(text)).toEqual(expected);
  });

  it('does not join behind a quote that never closes', () => {
    expect(messages('00:00:01 web[1]: say "one\ntwo\nthree')).toEqual([
      [1, 'say "one'],
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  it('joins a broken pair list to its record', () => {
    expect(messages('level=error msg="a b" \nkey=1 \nerror="x\ny"', 'mixed')).toEqual([
      [1, 'level=error msg="a b" key=1 error="x y"'],
    ]);
  });

  it('gives what follows a full record a record for each line', () => {
    const lines = ['00:00:01 web[1]: a', ...Array.from({ length: 103 }, (_, at) => ` ${at}`)];
    const { records, continuation } = read(lines.join('\n'));
    expect(records.map(({ ref }) => ref)).toEqual([
      { source: 'a.log', line: 1, endLine: 101 },
      { source: 'a.log', line: 102 },
      { source: 'a.log', line: 103 },
      { source: 'a.log', line: 104 },
    ]);
    expect(continuation).toBe(103);
  });

  it('puts lines together that a terminal wrapped', () => {
    const wrapped = '00:00:01 web[1]: one two thr\nee\n00:00:02 web[1]: quoted "a  \n b"\n00:00:03 web[1]: end';
    const { records } = readLines(wrapped.split('\n'), 1, clock, { path: 'a', context: {}, all, wrapWidth: 28 });
    expect(records.map(({ message }) => message)).toEqual(['one two three', 'quoted "a b"', 'end']);
  });

  it('tries the other formats on each line', () => {
    expect(read('00:00:01 web[1]: a\nE: b').records.map(({ level }) => level)).toEqual([undefined, 'err']);
  });

  it('puts pieces of each stream together and gives them the time of the first', () => {
    const { records, recognised } = read(
      ['1 stdout P ab', '2 stderr F x', '3 stdout P cd', '4 stdout F ef', '5 stdout F y'].join('\n'),
      pieces,
    );
    expect(records.map(({ ref, stamp, message }) => [ref, stamp?.kind === 'boot' && stamp.seconds, message])).toEqual([
      [{ source: 'a.log', line: 1, endLine: 4 }, 1, 'abcdef'],
      [{ source: 'a.log', line: 2 }, 2, 'x'],
      [{ source: 'a.log', line: 5 }, 5, 'y'],
    ]);
    expect(recognised).toBe(5);
  });

  it('keeps a piece that is never completed', () => {
    expect(messages('1 stdout P ab', pieces)).toEqual([[1, 'ab']]);
  });

  it('skips banners but counts them as understood', () => {
    const { records, recognised } = read('== banner\n00:00:01 web[1]: a');
    expect([records.length, recognised]).toEqual([1, 2]);
  });

  it('strips colours, carriage returns and overwritten text for parsing, and keeps them in `raw`', () => {
    const [record] = read('10%\r\u001b[1m00:00:01 web[1]: a^[[0m\r').records;
    expect([record?.message, record?.raw]).toEqual(['a', '10%\r\u001b[1m00:00:01 web[1]: a^[[0m\r']);
  });

  it('tells a hole of NUL bytes from the line behind it', () => {
    const { records, recognised, unknown } = read('\0\0\0\0\0\n\0\0\x0000:00:01 web[1]: a'.replace('\x00', '\0'));
    expect(records.map(({ id, message }) => [id, message])).toEqual([
      ['a.log:1', '5 NUL bytes'],
      ['a.log:2', '3 NUL bytes'],
      ['a.log:2#2', 'a'],
    ]);
    expect([recognised, unknown]).toEqual([1, 1]);
  });

  it('takes every physical line of a text for a record, and knows log lines in it', () => {
    expect(messages('some "text\n  goes on\n\nE: b', 'text')).toEqual([
      [1, 'some "text'],
      [2, '  goes on'],
      [4, 'b'],
    ]);
  });

  it('cuts what it keeps of a long line', () => {
    const [record] = read(`00:00:01 web[1]: ${'x'.repeat(100_000)}`).records;
    expect([record?.raw.length, record?.message.length]).toEqual([4096, 65_536]);
  });
});
