import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { folderOf } from '../sources/pack.ts';
import { readFiles } from '../support/read-files.ts';

const rows = async (text: string) =>
  (await readFiles({ 'a.log': text }))
    .records()
    .flatMap(({ row, ref }) => (row?.kind === 'UnsetClock' ? [{ line: ref.line, ...row.values }] : []));

describe('a log that is dated before Kubernetes existed', () => {
  it.each([
    ['in brackets', 'INFO[1970-01-01T00:00:12Z] Starting k3s\n', 1],
    ['in logfmt', 'time="1970-01-01T00:00:12Z" level=info msg="up"\n', 1],
    ['in journal lines', '1970-01-01T00:00:12+0000 n1 systemd[1]: Started k3s.\n', 1],
    [
      'behind right times',
      'time="2025-01-31T00:00:01Z" level=info msg=a\ntime="1970-01-01T00:00:12Z" level=info msg=b\n',
      2,
    ],
  ])('has a row that tells it: %s', async (_, text, line) => {
    expect(await rows(text)).toEqual([{ line, time: '1970-01-01T00:00:12.000Z', year: 1970 }]);
  });

  it.each([
    ['times of its years', 'time="2025-01-31T00:00:01Z" level=info msg=a\n'],
    ['the zero time of a program', 'time="1970-01-01T00:00:00Z" level=info msg=a\n'],
    ['an old time inside of a message', 'time="2025-01-31T00:00:01Z" level=info msg="since 1970-01-01T00:00:12Z"\n'],
  ])('is not seen in %s', async (_, text) => {
    expect(await rows(text)).toEqual([]);
  });

  it('explains certificates that are not valid yet', async () => {
    const text =
      'time="2000-01-01T01:01:08Z" level=error msg="Get https://registry.example/v2/: x509: certificate has expired or is not yet valid"\n';
    const { facts } = await analyze([folderOf({ 'node.log': text, 'date.txt': 'Sat Jul 27 15:19:21 UTC 2019\n' })]);
    expect(facts.facts.map(({ signature }) => signature)).toContain('clock-unset-while-checking-times');
  });
});
