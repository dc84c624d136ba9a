import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/parsers/format.ts';
import { klogJson } from '../../../src/parsers/payload/json-log.ts';
import { klog } from '../../../src/parsers/payload/klog.ts';

function read(line: string): Header {
  return klog.parse(line) ?? { message: 'no klog line' };
}

describe('klog bodies', () => {
  it.each([
    ['"a" k="v" n=3 b=true', { k: 'v', n: '3', b: 'true' }],
    ['"a" event={ID:x Data:{A:1 B:[x y]}} pod="n/p"', { event: '{ID:x Data:{A:1 B:[x y]}}', pod: 'n/p' }],
    [
      '"a" err=<nil> list=[a b c] m=map[a:b c:d] end="x"',
      { err: '<nil>', list: '[a b c]', m: 'map[a:b c:d]', end: 'x' },
    ],
    ['"a" req="Get \\"https://x:1/\\": EOF" podUID=', { req: 'Get "https://x:1/": EOF', podUID: '' }],
    ['"a" err="cut in the mid', { err: 'cut in the mid' }],
    ['"a" duration=1.5s size=12', { duration: '1.5s', size: '12' }],
  ])('%s', (body, fields) => {
    expect(read(`I0131 02:54:55.123456    1501 a.go:10] ${body}`)).toMatchObject({ message: 'a', fields });
  });

  it('leaves a text that merely begins with a quote as it is', () => {
    expect(read('I0131 02:54:55.123456 1 a.go:10] "a" is not known: b=c').message).toBe('"a" is not known: b=c');
  });

  it('reads the block of a `=<` value when its lines are joined', () => {
    const header = read(
      'I0131 02:54:55.123456    1501 kubelet.go:10] "Generated config" config=<\n\tapiVersion: v1\n\tkind: X\n >  node="a"',
    );
    expect(header.fields).toEqual({ config: 'apiVersion: v1\nkind: X', node: 'a' });
  });

  it('takes the lines of a block and of a trace as its own, and no others', () => {
    const block = 'I0131 02:54:55.123456    1501 kubelet.go:10] "Generated config" config=<';
    const first = read(block);
    expect(['\tkind: X', ' >  node="a"', 'kind: X'].map((line) => klog.continues?.(line, first, block))).toEqual([
      'kind: X',
      'node=a',
      undefined,
    ]);
    const trace = 'I0823 14:32:33.954766    6017 trace.go:81] Trace[16]: "SQL Commit" (total time: 5.0s):';
    const lines = ['Trace[16]: [5.008937729s] [5.008223267s] END', 'Trace[17]: [1s] [1s] END'];
    expect(lines.map((line) => klog.continues?.(line, read(trace), trace))).toEqual([lines[0], undefined]);
  });
});

describe('klog headers', () => {
  it.each([
    'I0131 24:54:55.123456 1 a.go:10] x',
    'I1331 02:54:55.123456 1 a.go:10] x',
    'I0231 02:54:55.123456 1 a.go:10] x',
    'X0131 02:54:55.123456 1 a.go:10] x',
    'I0131 02:54:55.123456 a.go:10] x',
    'Index 0131',
  ])('refuses %s', (line) => {
    expect(klog.parse(line)).toBeUndefined();
    expect(timeAt(line)).toBe(-1);
  });

  it('knows 29 February', () => {
    expect(read('I0229 02:54:55.123456 1 a.go:10] x').stamp).toMatchObject({ month: 2, day: 29 });
  });

  it('takes a line that lost all before its source', () => {
    expect(read('leaderelection.go:330] error retrieving resource lock')).toEqual({
      message: 'error retrieving resource lock',
      hints: { source: 'leaderelection.go:330' },
    });
  });

  it('tells year and zone by the start of a trace', () => {
    const header = read(
      'I0101 00:00:01.500000    6017 trace.go:81] Trace[16]: "SQL" (started: 2019-12-31 23:59:58.5 +0800 CST m=+4038.6) (total time: 3s):',
    );
    expect(header.hints).toMatchObject({
      'year.anchor': '2020',
      'time.outer': String(Date.UTC(2020, 0, 1, 0, 0, 1, 500)),
      'time.inner': String(Date.UTC(2019, 11, 31, 16, 0, 1, 500)),
    });
  });

  it('tells the year by the newer form of a trace', () => {
    const header = read(
      'I0410 21:18:24.661781    8158 trace.go:205] Trace[394984102]: "List etcd3" key:/x,limit:0 (10-Apr-2022 21:18:13.013) (total time: 11648ms):',
    );
    expect(header.hints).toMatchObject({ 'year.anchor': '2022' });
  });
});

function timeAt(line: string): number {
  const bytes = new TextEncoder().encode(`before\n${line}\nafter`);
  const start = 7;
  return klog.timeAt?.(bytes, start, bytes.length - 6) ?? Number.NaN;
}

describe('the fast path', () => {
  it.each([
    ...klog.samples.map(({ text }) => text.split('\n', 1)[0] ?? ''),
    'W0101 00:00:00.000001       1 reflector.go:138] x',
    'W1231 23:59:59.999999 1234567 reflector.go:138]',
    'I0131 02:54:55 1 a.go:1] whole seconds',
    'I0131 02:54:55.5 1 a.go:1] tenths',
    'leaderelection.go:330] no time',
    'plain text',
    '',
  ])('agrees with the parser on: %s', (line) => {
    const stamp = klog.parse(line)?.stamp;
    const value = timeAt(line);
    if (stamp?.kind !== 'wall') {
      expect(value).toBe(-1);
      return;
    }
    expect(klog.stampOf?.(value)).toMatchObject({ month: stamp.month, day: stamp.day, msOfDay: stamp.msOfDay });
  });
});

describe('klog as JSON', () => {
  it('reads seconds and milliseconds, and err as the only sign of an error', () => {
    expect(klogJson.parse('{"ts":1580306777.04728,"msg":"a","err":"x"}')).toMatchObject({
      stamp: { epochMs: 1_580_306_777_047 },
      level: 'err',
    });
    expect(klogJson.parse('{"ts":1580306777047.28,"msg":"a","v":4}')).toMatchObject({
      stamp: { epochMs: 1_580_306_777_047 },
      level: 'info',
    });
  });
});
