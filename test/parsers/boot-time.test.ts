import { describe, expect, it } from 'vitest';
import { procStat, procUptime } from '../../src/parsers/host/boot-time.ts';

const read = (format: typeof procStat, text: string) =>
  format.parse({ path: 'boot-time.txt', context: {}, text, firstLine: 1 }).records;

describe('the time of the boot as the kernel states it', () => {
  it('is the btime of /proc/stat', () => {
    const records = read(procStat, 'cpu  1 2 3 4\nbtime 1738288495\n');
    expect(records.map(({ fields, row }) => [fields['boot.at'], row?.values['bootedAt']])).toEqual([
      ['1738288495000', '2025-01-31T01:54:55.000Z'],
    ]);
  });
  it('is what /proc/uptime counts from', () => {
    expect(read(procUptime, '11058.38 8432.02\n').map(({ row }) => row?.values['uptimeMs'])).toEqual([11_058_380]);
  });
  it('is in no other two numbers', () => {
    const sniff = { path: 'load.txt', context: {}, head: '11058.38 8432.02\n', lines: ['11058.38 8432.02'] };
    expect(procUptime.sniff(sniff)).toBe(0);
    expect(procStat.sniff({ ...sniff, lines: ['btime 1738288495', 'something else'] })).toBe(0);
  });
});
