import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/parsers/format.ts';
import { readJsonLog } from '../../../src/parsers/payload/json-log.ts';

function read(line: string): Header | undefined {
  return readJsonLog(line)?.header;
}

describe('JSON log lines', () => {
  it.each([
    ['{"Level":"Error","Timestamp":"2025-01-31T03:05:10Z","Message":"x"}', 'err'],
    ['{"lvl":"warn","t":"2025-01-31T03:05:10Z","msg":"x"}', 'warning'],
    ['{"severity":"CRITICAL","message":"x"}', 'crit'],
    ['{"level":-1,"ts":1706669695.5,"msg":"x"}', 'debug'],
    ['{"level":"0","ts":1706669695.5,"msg":"x"}', 'info'],
    ['{"log":{"level":"error"},"@timestamp":"2025-01-31T03:05:10Z","message":"x"}', 'err'],
    ['{"time":{"seconds":1738292710},"level":"PANIC","message":"x"}', 'crit'],
  ])('reads the level of %s', (line, level) => {
    expect(read(line)).toMatchObject({ level, message: 'x' });
  });

  it.each([
    ['2025-01-31T03:05:10.123Z', 1_738_292_710_123],
    ['2025-01-31T03:05:10.123+0100', 1_738_289_110_123],
    ['2025-01-31 03:05:10,5Z', 1_738_292_710_500],
    [1_738_292_710, 1_738_292_710_000],
    [1_738_292_710.5, 1_738_292_710_500],
    [1_738_292_710_123, 1_738_292_710_123],
    [1_738_292_710_123_456, 1_738_292_710_123],
    [1_738_292_710_123_456_000, 1_738_292_710_123],
  ])('reads the time %s', (ts, epochMs) => {
    expect(read(JSON.stringify({ level: 'info', ts, msg: 'x' }))?.stamp).toMatchObject({ kind: 'instant', epochMs });
  });

  it.each([
    '{"apiVersion":"v1","kind":"Event","message":"x","level":"info"}',
    '{"__REALTIME_TIMESTAMP":"1","_BOOT_ID":"x","MESSAGE":"x","level":"info"}',
    '{"log":"x\\n","stream":"stderr","time":"2016-10-20T18:39:20Z"}',
    '{"message":"Get https://r/v2/: x509"}',
    '{"a":1}',
    '{"level":"info"}',
    '[1,2]',
    '{',
    '{"',
  ])('leaves to others: %s', (line) => {
    expect(read(line)).toBeUndefined();
  });

  it('reads what is left of a damaged line', () => {
    expect(read('{"level":"warn",...,"msg":"slow","took":"3.3s","request":"key:\\"/a\\" lim')).toEqual({
      level: 'warning',
      message: 'slow',
      fields: { took: '3.3s', request: 'key:"/a" lim' },
    });
    expect(read('{"level":"warn","ts":"2025-01-31T03:05:10Z","msg":"slow","n":[1,2,{"a":')).toMatchObject({
      fields: { n: '[1,2,{"a":' },
    });
    expect(read('{"level":"warn", … "msg":"slow","n":3} and more')).toMatchObject({ message: 'slow and more' });
  });

  it('keeps a hostile key out of the way of objects', () => {
    const header = read('{"level":"info","msg":"x","__proto__":{"polluted":"yes"},"constructor":"c"}');
    expect(header?.fields).toEqual({ constructor: 'c' });
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('keeps both values of a key that comes twice in a damaged line', () => {
    expect(read('{"level":"info","msg":"x","error":"a",...,"error":"b"}')?.fields).toEqual({
      error: 'a',
      error_2: 'b',
    });
  });
});
