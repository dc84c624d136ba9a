import { describe, expect, it } from 'vitest';
import { REFERENCE_YEAR, resolveClocks } from '../../src/clocks/index.ts';
import type { CollectionHint } from '../../src/model/index.ts';
import { boot, instant, logOf, tableOf, timesOf, wall } from './sources.ts';

const HINT: CollectionHint = { stamp: instant('2025-01-31T03:10:00Z', 1000), basis: 'version.yaml' };

describe('full dates', () => {
  it('are spans as wide as what was printed', () => {
    const { sources, collectedAt } = resolveClocks(
      [logOf('a.log', [{ line: 1, stamp: instant('2025-01-31T02:54:55Z', 1000), node: 'n1' }])],
      [],
    );
    expect(sources[0]?.records[0]?.time).toEqual({
      at: { earliest: Date.UTC(2025, 0, 31, 2, 54, 55), latest: Date.UTC(2025, 0, 31, 2, 54, 55, 999) },
      precisionMs: 1000,
      clock: 'node/n1',
      basis: 'absolute',
      assumptions: [],
    });
    expect(collectedAt?.basis).toBe('newest time in the bundle');
  });
});

describe('years', () => {
  const year = (lines: Parameters<typeof logOf>[1], hints = [HINT], more = {}) =>
    timesOf(resolveClocks([logOf('a.log', lines, more)], hints).sources[0]);

  it('are the latest that keep the last line before the collection and a day', () => {
    expect(year([{ line: 1, stamp: wall('Jan 31 02:54:55') }])[1]).toBe('2025-01-31T02:54:55.000Z 999');
    expect(year([{ line: 1, stamp: wall('Feb 1 03:00:00') }])[1]).toBe('2025-02-01T03:00:00.000Z 999');
    expect(year([{ line: 1, stamp: wall('Feb 3 00:00:00') }])[1]).toBe('2024-02-03T00:00:00.000Z 999');
  });
  it('go down where the month jumps up on the way back', () => {
    const lines = [
      { line: 1, stamp: wall('Nov 30 00:00:00') },
      { line: 50, stamp: wall('Dec 31 23:59:59') },
      { line: 60, stamp: wall('Jan 1 00:00:01') },
      { line: 90, stamp: wall('Jan 31 02:00:00') },
    ];
    expect(year(lines, [HINT], { volume: { monthSteps: [55] } })).toEqual({
      1: '2024-11-30T00:00:00.000Z 999',
      50: '2024-12-31T23:59:59.000Z 999',
      60: '2025-01-01T00:00:01.000Z 999',
      90: '2025-01-31T02:00:00.000Z 999',
    });
  });
  it('do not change at a line that comes one month late', () => {
    const lines = [
      { line: 1, stamp: wall('Jan 30 00:00:00') },
      { line: 2, stamp: wall('Jan 1 00:00:00') },
      { line: 3, stamp: wall('Jan 31 00:00:00') },
    ];
    expect(year(lines, [HINT], { volume: { monthSteps: [] } })[1]).toBe('2025-01-30T00:00:00.000Z 999');
    const back = [
      { line: 1, stamp: wall('Jan 31 23:59:59') },
      { line: 2, stamp: wall('Feb 1 00:00:00') },
      { line: 3, stamp: wall('Jan 30 23:59:58') },
      { line: 4, stamp: wall('Feb 1 00:00:02') },
    ];
    expect(year(back, [HINT], { volume: { monthSteps: [3] } })[1]).toBe('2025-01-31T23:59:59.000Z 999');
  });
  it('must have the 29 February and the weekdays that the lines name', () => {
    expect(
      year([
        { line: 1, stamp: wall('Feb 29 01:00:00') },
        { line: 2, stamp: wall('Dec 1 00:00:00') },
      ])[2],
    ).toBe('2024-12-01T00:00:00.000Z 999');
    expect(
      year([
        { line: 1, stamp: wall('Feb 29 01:00:00') },
        { line: 2, stamp: wall('Mar 1 00:00:00') },
      ])[2],
    ).toBe('2024-03-01T00:00:00.000Z 999');
    const march = instant('2027-03-05T00:00:00Z');
    expect(year([{ line: 1, stamp: wall('Feb 29 01:00:00') }], [{ stamp: march, basis: 'date' }])[1]).toBe(
      '2024-02-29T01:00:00.000Z 999',
    );
    // 31 January was a Wednesday in 2024.
    expect(year([{ line: 1, stamp: wall('Jan 31 01:00:00'), fields: { weekday: 'Wed' } }])[1]).toBe(
      '2024-01-31T01:00:00.000Z 999',
    );
  });
  it('come from full dates inside of the lines before anything else', () => {
    const lines = [
      { line: 1, stamp: wall('Jul 15 23:41:38') },
      { line: 2, stamp: wall('Jul 15 23:41:39'), fields: { 'time.inner': '2022-07-15T23:41:39Z' } },
    ];
    expect(year(lines)).toEqual({ 1: '2022-07-15T23:41:38.000Z 999', 2: '2022-07-15T23:41:39.000Z 999' });
    const headed = [
      { line: 1, fields: { 'year.anchor': '2022-02-10T16:19:19' } },
      { line: 2, stamp: wall('Feb 10 09:00:00') },
    ];
    expect(year(headed)[2]).toBe('2022-02-10T09:00:00.000Z 999');
    expect(year([{ line: 2, stamp: wall('Feb 10 09:00:00'), fields: { 'year.anchor': '2019' } }])[2]).toBe(
      '2019-02-10T09:00:00.000Z 999',
    );
  });
  it('come from a time in the text that the program took from its clock', () => {
    const told = (message: string) => year([{ line: 2, stamp: wall('Nov 14 03:01:15'), message }])[2];
    expect(told('failed. No retries permitted until 2021-11-14 03:01:15.836 +0000 UTC m=+1021')).toBe(
      '2021-11-14T03:01:15.000Z 999',
    );
    expect(told('x509: certificate has expired: current time 2021-11-14T03:01:15Z is after 2021-11-01T00:00:00Z')).toBe(
      '2021-11-14T03:01:15.000Z 999',
    );
    expect(told('Certificate expiration is 2025-11-14 03:00:12 +0000 UTC, rotation deadline is 2025-09-01')).toBe(
      '2024-11-14T03:01:15.000Z 999',
    );
  });
  it('come from the newest full date of the bundle where no collection time is known', () => {
    const { sources } = resolveClocks(
      [
        logOf('a.log', [{ line: 1, stamp: wall('Dec 30 10:00:00') }]),
        logOf('b.log', [{ line: 1, stamp: instant('2023-01-02T00:00:00Z') }]),
      ],
      [],
    );
    expect(timesOf(sources[0])[1]).toBe('2022-12-30T10:00:00.000Z 999');
    expect(sources[0]?.records[0]?.time?.assumptions).toContain('year from the newest time in the bundle');
  });
  it('come from the epoch that an audit line of the kernel writes', () => {
    const kernel = logOf('dmesg', [
      { line: 1, stamp: boot(10), unit: 'kernel', message: 'audit: type=2000 audit(1738288495.000:1): initialized' },
    ]);
    const log = logOf('a.log', [{ line: 1, stamp: wall('Jan 31 02:54:55') }]);
    expect(timesOf(resolveClocks([kernel, log], []).sources[1])[1]).toBe('2025-01-31T02:54:55.000Z 999');
  });
  it('are assumed, together for all files, where the bundle holds none', () => {
    const { sources, diagnostics, collectedAt } = resolveClocks(
      [
        logOf('a.log', [{ line: 1, stamp: wall('Dec 31 23:50:00') }]),
        logOf('b.log', [{ line: 1, stamp: wall('Jan 1 00:10:00') }]),
      ],
      [],
    );
    expect(timesOf(sources[0])[1]).toBe(`${REFERENCE_YEAR - 1}-12-31T23:50:00.000Z 999`);
    expect(timesOf(sources[1])[1]).toBe(`${REFERENCE_YEAR}-01-01T00:10:00.000Z 999`);
    expect(sources[1]?.records[0]?.time).toMatchObject({
      basis: 'yearless',
      assumptions: [`year assumed ${REFERENCE_YEAR}`, 'zone assumed UTC'],
    });
    expect(diagnostics.map((each) => [each.code, each.source])).toEqual([
      ['year-assumed', 'a.log'],
      ['year-assumed', 'b.log'],
    ]);
    expect(collectedAt?.basis).toBe('newest time in the bundle, year assumed');
  });
  it('are not disturbed by lines from before the clock was set', () => {
    const lines = [
      { line: 1, stamp: wall('Mar 10 08:00:00') },
      { line: 100, stamp: wall('Jan 1 00:00:05') },
      { line: 110, stamp: wall('Jan 1 00:00:25') },
      { line: 120, stamp: wall('Mar 12 09:00:00') },
    ];
    const gap = {
      from: { line: 119, stamp: wall('Jan 1 00:00:30') },
      to: { line: 120, stamp: wall('Mar 12 09:00:00') },
    };
    const result = resolveClocks(
      [logOf('a.log', lines, { volume: { monthSteps: [100], gaps: [gap] } })],
      [{ stamp: instant('2025-03-12T10:00:00Z'), basis: 'date' }],
    );
    expect(timesOf(result.sources[0])).toEqual({
      1: '2025-03-10T08:00:00.000Z 999',
      100: '2025-03-12T08:49:35.000Z 600000',
      110: '2025-03-12T08:49:55.000Z 600000',
      120: '2025-03-12T09:00:00.000Z 999',
    });
    expect(result.sources[0]?.records[1]?.time?.basis).toBe('neighbour');
    expect(result.volumes[0]?.gaps).toEqual([]);
    expect(result.diagnostics.map((each) => [each.code, each.line])).toEqual([['clock-not-set', 100]]);
  });
});

describe('zones', () => {
  const july = { line: 2, stamp: wall('Jul 15 23:41:40'), node: 'host1' };

  it('are UTC by assumption when nothing tells', () => {
    const { sources, clocks } = resolveClocks([logOf('a.log', [july])], [HINT]);
    expect(timesOf(sources[0])[2]).toBe('2024-07-15T23:41:40.000Z 999');
    expect(clocks.find((each) => each.clock === 'node/host1')).toMatchObject({
      zone: 'UTC',
      assumptions: expect.arrayContaining(['zone assumed UTC']),
    });
  });
  it('come from payloads that write their offset', () => {
    const lines = [
      { line: 1, stamp: wall('Jul 15 23:41:39'), node: 'host1', fields: { 'time.inner': '2022-07-15T23:41:39+02:00' } },
      july,
    ];
    const { sources, clocks } = resolveClocks([logOf('a.log', lines)], [HINT]);
    expect(timesOf(sources[0])).toEqual({ 1: '2022-07-15T21:41:39.000Z 999', 2: '2022-07-15T21:41:40.000Z 999' });
    expect(sources[0]?.records[1]?.time?.assumptions).toEqual(['year from the full dates inside of its lines']);
    expect(clocks[0]).toMatchObject({
      clock: 'node/host1',
      zone: '+02:00',
      anchors: [
        'year from the full dates inside of its lines',
        'zone +02:00 from 1 line whose payload writes its own offset',
      ],
      assumptions: [],
    });
  });
  it('come from lines of which one of both times has no zone, whichever', () => {
    const outer = [
      {
        line: 1,
        stamp: instant('2022-07-15T21:41:39Z'),
        node: 'host1',
        fields: {
          'time.outer': String(Date.UTC(2022, 6, 15, 23, 41, 39)),
          'time.inner': String(Date.UTC(2022, 6, 15, 21, 41, 39)),
          'time.zoneless': 'outer',
        },
      },
      july,
    ];
    expect(timesOf(resolveClocks([logOf('a.log', outer)], [HINT]).sources[0])[2]).toBe('2022-07-15T21:41:40.000Z 999');
    const inner = [
      {
        line: 1,
        stamp: instant('2022-07-15T21:41:39Z'),
        node: 'host1',
        fields: {
          'time.outer': String(Date.UTC(2022, 6, 15, 21, 41, 39)),
          'time.inner': String(Date.UTC(2022, 6, 15, 23, 41, 39)),
          'time.zoneless': 'inner',
        },
      },
      july,
    ];
    expect(timesOf(resolveClocks([logOf('a.log', inner)], [HINT]).sources[0])[2]).toBe('2022-07-15T21:41:40.000Z 999');
  });
  it('come from timedatectl beside the log, with summer time', () => {
    const lines = [{ line: 1, stamp: wall('Jan 15 12:00:00'), node: 'host1' }, july];
    const zone = logOf('n/timedatectl.txt', [
      { line: 4, message: '                Time zone: Europe/Berlin (CET, +0100)' },
    ]);
    const { sources } = resolveClocks([logOf('n/a.log', lines), zone], [HINT]);
    expect(timesOf(sources[0])).toEqual({ 1: '2024-01-15T11:00:00.000Z 999', 2: '2024-07-15T21:41:40.000Z 999' });
  });
  it('come from the manifest of the collection script, for the host that it ran on', () => {
    const manifest = tableOf('manifest.txt', [{ node: 'n1', row: { kind: 'Clock', values: { offset: '+0100' } } }]);
    const of = (node: string) => logOf(`${node}.log`, [{ line: 1, stamp: wall('Jan 31 02:54:55 2025'), node }]);
    const { sources, clocks } = resolveClocks([manifest, of('n1'), of('n2')], []);
    expect(timesOf(sources[1])[1]).toBe('2025-01-31T01:54:55.000Z 999');
    expect(clocks.map(({ clock, assumptions }) => [clock, assumptions])).toEqual([
      ['node/n1', []],
      ['node/n2', ['zone assumed +01:00, as on other nodes']],
    ]);
  });
  it('come from the flag for what tells none, and never for what does', () => {
    const lines = [
      july,
      { line: 3, stamp: wall('Jul 15 23:41:41 2024', 'EDT') },
      { line: 4, stamp: { ...wall('Jul 15 23:41:42'), utc: true } as const },
    ];
    const { sources } = resolveClocks([logOf('a.log', lines)], [HINT], { timezone: 'Asia/Tokyo' });
    expect(timesOf(sources[0])).toEqual({
      2: '2024-07-15T14:41:40.000Z 999',
      3: '2024-07-16T03:41:41.000Z 999',
      4: '2024-07-15T23:41:42.000Z 999',
    });
  });
  it('come from three messages that another file has with a zone', () => {
    const messages = [
      'INFO: task kworker blocked for more than 120 seconds',
      'nfs: server nas not responding, still trying',
      'Out of memory: Killed process 4711 (java)',
      'something else altogether, on its own here',
    ];
    const local = messages.map((message, i) => ({
      line: i + 1,
      message,
      unit: 'kernel',
      node: 'n1',
      stamp: wall(`Jan 31 0${i + 3}:30:00`),
    }));
    const zoned = messages
      .slice(0, 3)
      .map((message, i) => ({ line: i + 1, message, unit: 'kernel', stamp: instant(`2025-01-30T2${i}:00:00Z`) }));
    const withThree = resolveClocks(
      [logOf('a.log', local), logOf('b.log', zoned)],
      [{ stamp: instant('2025-01-31T09:00:00Z'), basis: 'date' }],
    );
    expect(timesOf(withThree.sources[0])[4]).toBe('2025-01-30T23:00:00.000Z 999');
    const withTwo = resolveClocks(
      [logOf('a.log', local), logOf('b.log', zoned.slice(1))],
      [{ stamp: instant('2025-01-31T09:00:00Z'), basis: 'date' }],
    );
    expect(timesOf(withTwo.sources[0])[4]).toBe('2025-01-31T06:30:00.000Z 999');
  });
  it('come from what systemctl prints', () => {
    const status = tableOf('n/status.txt', [
      {
        message: '     Active: active (running) since Tue 2019-09-24 16:32:08 +06; 13min ago',
        row: { kind: 'Component', values: {} },
      },
    ]);
    const log = logOf('n/kubelet.log', [{ line: 1, stamp: wall('Sep 24 16:44:59'), node: 'pr02' }]);
    const { sources } = resolveClocks([status, log], [{ stamp: instant('2019-09-24T10:45:08Z'), basis: 'date' }]);
    expect(timesOf(sources[1])[1]).toBe('2019-09-24T10:44:59.000Z 999');
  });
  it('are assumed to be that of the other nodes where these agree', () => {
    const proven = logOf('a.log', [
      { line: 1, stamp: wall('Jul 15 23:41:39'), node: 'host1', fields: { 'time.inner': '2022-07-15T23:41:39+02:00' } },
    ]);
    const other = logOf('b.log', [{ line: 1, stamp: wall('Jul 15 23:41:40'), node: 'host2' }]);
    const { sources } = resolveClocks([proven, other], []);
    expect(timesOf(sources[1])[1]).toBe('2022-07-15T21:41:40.000Z 999');
    expect(sources[1]?.records[0]?.time?.assumptions).toContain('zone assumed +02:00, as on other nodes');
  });
  it('do not guess names that several countries use', () => {
    const ambiguous = logOf('a.log', [{ line: 1, stamp: wall('Jan 31 02:00:00 2025', 'IST'), node: 'n1' }]);
    const { sources } = resolveClocks([ambiguous], []);
    expect(sources[0]?.records[0]?.time?.assumptions).toEqual(['zone IST is ambiguous, assumed UTC']);
    const india = logOf('t.txt', [{ line: 1, fields: { 'zone.name': 'Asia/Kolkata' } }], { context: { node: 'n1' } });
    expect(timesOf(resolveClocks([ambiguous, india], []).sources[0])[1]).toBe('2025-01-30T20:30:00.000Z 999');
  });
  it('keep both readings of the hour that autumn repeats', () => {
    const lines = [{ line: 1, stamp: wall('Oct 26 02:30:00 2025') }];
    const { sources } = resolveClocks([logOf('a.log', lines)], [], { timezone: 'Europe/Berlin' });
    expect(timesOf(sources[0])[1]).toBe('2025-10-26T00:30:00.000Z 3600999');
  });
});

describe('collection time and ages', () => {
  const aged = (ageMs: number, unitMs = 1000) => ({ kind: 'age', ageMs, unitMs }) as const;
  const table = (ageMs: number) => tableOf('k/events.txt', [{ kind: 'kube-event', stamp: aged(ageMs) }]);
  const newest = logOf('n/a.log', [{ line: 1, stamp: instant('2025-01-31T03:00:00Z') }]);

  it('is the flag where it is given', () => {
    const { sources, collectedAt } = resolveClocks([table(300_000)], [HINT], { collectedAt: Date.UTC(2025, 0, 31, 4) });
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T03:54:59.000Z 1000');
    expect(sources[0]?.records[0]?.time).toMatchObject({ clock: 'collector', basis: 'age', assumptions: [] });
    expect(collectedAt).toEqual({
      at: { earliest: Date.UTC(2025, 0, 31, 4), latest: Date.UTC(2025, 0, 31, 4) },
      basis: '--collected-at',
    });
  });
  it('is the date of the nearest folder, then of the bundle', () => {
    const hints: CollectionHint[] = [HINT, { stamp: instant('2025-01-31T05:00:00Z'), basis: 'date', under: 'k' }];
    const { sources, collectedAt } = resolveClocks([table(0), tableOf('other.txt', [{ stamp: aged(0) }])], hints);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T04:58:59.000Z 121001');
    expect(timesOf(sources[1])[2]).toBe('2025-01-31T03:08:59.000Z 122000');
    expect(collectedAt?.basis).toBe('version.yaml');
  });
  it('is exact where rows show an age beside an exact time', () => {
    const first = Date.UTC(2025, 0, 31, 2, 0, 0);
    const rows = [
      {
        kind: 'kube-event' as const,
        stamp: { kind: 'instant' as const, epochMs: first, precisionMs: 1 },
        lastStamp: aged(3_600_000, 60_000),
      },
      {
        kind: 'kube-event' as const,
        stamp: { kind: 'instant' as const, epochMs: first + 3_570_000, precisionMs: 1 },
        lastStamp: aged(45_000),
      },
      { kind: 'kube-event' as const, stamp: aged(10_000) },
    ];
    const { sources } = resolveClocks([tableOf('events.txt', rows), newest], [HINT]);
    expect(timesOf(sources[0])[4]).toBe('2025-01-31T03:00:04.000Z 2001');
    expect(sources[0]?.records[0]?.lastTime?.basis).toBe('age');
  });
  it('is found by objects whose exact creation another file tells', () => {
    const row = (name: string, ageMs: number) => ({
      stamp: aged(ageMs, 60_000),
      row: { kind: 'Pod', values: { name, namespace: 'a' } },
    });
    const object = (name: string, created: string) => ({
      kind: 'describe' as const,
      row: { kind: 'Pod', values: { name, namespace: 'a', created } },
    });
    const { sources, collectedAt } = resolveClocks(
      [
        tableOf('k/pods.txt', [row('one', 3_600_000), row('two', 1_800_000), row('anew', 60_000)]),
        tableOf('k/describe.txt', [
          object('one', '2025-01-31T02:00:10Z'),
          object('two', '2025-01-31T02:30:30Z'),
          object('anew', '2024-01-01T00:00:00Z'),
        ]),
      ],
      [],
    );
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T01:59:30.000Z 101000');
    expect(collectedAt?.basis).toBe('rows that show both an age and a time');
  });
  it('is what date and event tables print', () => {
    const date = { ...logOf('k/date.txt', [], { format: 'date' }), collected: [instant('2025-01-31T03:04:05Z', 1000)] };
    const far = tableOf('other/pods.txt', [{ stamp: aged(0) }]);
    const withDate = resolveClocks([table(0), far, date, newest], []);
    expect([timesOf(withDate.sources[0])[2], timesOf(withDate.sources[1])[2]]).toEqual(
      Array(2).fill('2025-01-31T03:03:04.000Z 122000'),
    );
    expect(withDate.collectedAt?.basis).toBe('k/date.txt');
    const events = tableOf('events.txt', [{ kind: 'kube-event', stamp: aged(5000) }]);
    const named = {
      ...events,
      coverage: { ...events.coverage, format: 'kubectl-table' },
      collected: [instant('2025-01-31T03:04:05Z', 1000)],
    };
    expect(timesOf(resolveClocks([named, newest], []).sources[0])[2]).toBe('2025-01-31T03:03:59.000Z 2000');
  });
  it('is the newest time inside where nothing else tells, as an assumption', () => {
    const { sources, clocks } = resolveClocks([table(60_000), newest], []);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T02:58:59.000Z 61000');
    expect(sources[0]?.records[0]?.time?.assumptions).toEqual(['collected at the newest time in the bundle']);
    expect(clocks.find((each) => each.clock === 'collector')?.anchors).toEqual([
      'collection time from the newest time in the bundle',
    ]);
  });
  it('is never a date that lies days before what is inside', () => {
    const wrong: CollectionHint = { stamp: instant('2024-12-01T00:00:00Z'), basis: 'name of the bundle' };
    expect(resolveClocks([newest], [wrong]).collectedAt?.basis).toBe('newest time in the bundle');
  });
  it('is a time of archive members only as the last resort', () => {
    const files: CollectionHint = { stamp: instant('2025-02-01T00:00:00Z'), basis: 'file times' };
    expect(resolveClocks([newest], [files]).collectedAt?.basis).toBe('newest time in the bundle');
    expect(resolveClocks([table(0)], [files]).collectedAt?.basis).toBe('file times');
  });
  it('is the newest line of logs without a year where there is no full date, so that tables and logs stay together', () => {
    const log = logOf('k3s.log', [{ line: 1, stamp: wall('Apr 9 15:43:05') }]);
    const { sources, collectedAt } = resolveClocks([table(60_000), log], []);
    expect(timesOf(sources[0])[2]).toBe(`${REFERENCE_YEAR}-04-09T15:42:04.999Z 61000`);
    expect(collectedAt?.basis).toBe('newest time in the bundle, year assumed');
  });
  it('is unknown otherwise, and said to be', () => {
    const { sources, diagnostics } = resolveClocks([table(0)], []);
    expect(sources[0]?.records[0]?.time).toBeUndefined();
    expect(diagnostics.map((each) => each.code)).toEqual(['collection-time-unknown']);
  });
  it.each([
    ['Jan 30 22:05:00 2025', '2025-01-31T03:06'],
    ['Jan 31 11:05:00 2025', '2025-01-31T03:06'],
    ['Jan 31 03:20:00 2025', '2025-01-31T03:21'],
    ['Feb 3 00:00:00 2025', '2025-02-03T00:01'],
  ])('finds the zone of a date in a name (%s) by the newest time inside', (text, latest) => {
    const named: CollectionHint = { stamp: wall(text), basis: 'name of the bundle' };
    const { collectedAt } = resolveClocks([newest], [named]);
    expect(collectedAt).toMatchObject({ basis: 'name of the bundle' });
    expect(new Date(collectedAt?.at.latest ?? 0).toISOString().slice(0, 16)).toBe(latest);
  });
});

describe('seconds since boot', () => {
  const BOOT = Date.UTC(2025, 0, 31, 2);
  const at = (seconds: number) => new Date(BOOT + seconds * 1000).toISOString();
  const dmesg = (lines: readonly { seconds: number; message: string }[], more = {}) =>
    logOf(
      'dmesg.txt',
      lines.map(({ seconds, message }, i) => ({ line: i + 1, stamp: boot(seconds), message, unit: 'kernel' })),
      { format: 'dmesg-raw', ...more },
    );
  const TEXTS = [
    'nfs: server nas not responding',
    'EXT4-fs error (device sda1)',
    'task java:77 blocked for more than 120 seconds',
  ];

  it('are anchored by audit lines', () => {
    const source = dmesg([
      { seconds: 100, message: `audit: type=1400 audit(${(BOOT + 100_005) / 1000}:42): x` },
      { seconds: 500, message: 'nfs: server nas not responding' },
    ]);
    const { sources, clocks } = resolveClocks([source], []);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T02:08:19.985Z 40');
    expect(clocks[0]?.anchors).toEqual(['time of the boot from 1 audit line with the time of the system clock']);
  });
  it('are anchored by the hardware clock', () => {
    const source = dmesg([
      {
        seconds: 2.5,
        message: `rtc_cmos 00:03: setting system clock to 2025-01-31T02:00:02 UTC (${(BOOT + 2000) / 1000})`,
      },
      { seconds: 100, message: 'x' },
    ]);
    const { sources } = resolveClocks([source], []);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T02:01:39.500Z 1000');
    expect(sources[0]?.records[1]?.time?.basis).toBe('monotonic');
  });
  it('are anchored by texts that the journal of the node has too, and take its clock', () => {
    const kernel = dmesg(TEXTS.map((message, i) => ({ seconds: 100.25 * (i + 1), message })));
    const journal = logOf(
      'journal.txt',
      TEXTS.map((message, i) => ({
        line: i + 1,
        message,
        unit: 'kernel',
        node: 'n1',
        stamp: {
          kind: 'instant' as const,
          epochMs: Math.floor((BOOT + 100_250 * (i + 1)) / 1000) * 1000,
          precisionMs: 1000,
        },
      })),
    );
    const other = logOf('other.txt', [
      { line: 1, message: TEXTS[0] ?? '', unit: 'kernel', node: 'n2', stamp: instant('2025-01-30T00:00:00Z') },
    ]);
    const { sources } = resolveClocks([kernel, journal, other], []);
    const time = sources[0]?.records[0]?.time;
    expect(time).toMatchObject({ clock: 'node/n1', basis: 'monotonic', assumptions: [] });
    expect((time?.at.earliest ?? 0) <= Date.parse(at(100.25)) && (time?.at.latest ?? 0) >= Date.parse(at(100.25))).toBe(
      true,
    );
    expect((time?.at.latest ?? 0) - (time?.at.earliest ?? 0)).toBeLessThanOrEqual(1000);
  });
  it('are weak with fewer than three', () => {
    const kernel = dmesg([
      { seconds: 100, message: TEXTS[0] ?? '' },
      { seconds: 200, message: 'elsewhere' },
    ]);
    const journal = logOf('journal.txt', [
      { line: 1, message: TEXTS[0] ?? '', unit: 'kernel', node: 'n1', stamp: instant(at(100)) },
    ]);
    const { sources } = resolveClocks([kernel, journal], []);
    expect(sources[0]?.records[1]?.time?.assumptions).toEqual([
      'time of the boot rests on 1 kernel line that a journal has too',
    ]);
  });
  it('are anchored by syslog lines that have both times, the late read ones outvoted', () => {
    const both = (line: number, seconds: number, iso: string) => ({
      line,
      unit: 'kernel',
      node: 'n1',
      message: `k ${line}`,
      stamp: instant(iso, 1000),
      fields: { 'boot.seconds': String(seconds) },
    });
    const syslog = logOf('n1/syslog', [
      both(1, 0, at(12)),
      both(2, 0.5, at(12)),
      both(3, 60, at(60)),
      both(4, 100.5, at(100)),
      both(5, 200.25, at(200)),
    ]);
    const kernel = logOf('n1/dmesg', [{ line: 1, stamp: boot(300), node: 'n1', unit: 'kernel', message: 'only here' }]);
    const { sources } = resolveClocks([syslog, kernel], []);
    const time = sources[1]?.records[0]?.time;
    expect((time?.at.earliest ?? 0) <= Date.parse(at(300)) && (time?.at.latest ?? 0) >= Date.parse(at(300))).toBe(true);
    expect((time?.at.latest ?? 0) - (time?.at.earliest ?? 0)).toBeLessThanOrEqual(1500);
  });
  it('have several moments when the machine slept', () => {
    const texts = (word: string) => TEXTS.map((text) => `${word} ${text}`);
    const kernel = dmesg([
      ...texts('a').map((message, i) => ({ seconds: 100 + i * 10, message })),
      ...texts('b').map((message, i) => ({ seconds: 200 + i * 10, message })),
    ]);
    const slept = 7200;
    const journal = logOf('j.txt', [
      ...texts('a').map((message, i) => ({
        line: i + 1,
        message,
        unit: 'kernel',
        node: 'n1',
        stamp: instant(at(100 + i * 10)),
      })),
      ...texts('b').map((message, i) => ({
        line: i + 9,
        message,
        unit: 'kernel',
        node: 'n1',
        stamp: instant(at(200 + slept + i * 10)),
      })),
    ]);
    const { sources } = resolveClocks([kernel, journal], []);
    expect(timesOf(sources[0])[1]).toBe(`${at(100)} 0`);
    expect(timesOf(sources[0])[6]).toBe(`${at(220 + slept)} 0`);
  });
  it('are anchored by the uptime, when the collection is dated', () => {
    const uptime = tableOf('uptime.txt', [{ row: { kind: 'Uptime', values: { uptimeMs: 3_600_000 } } }]);
    const { sources } = resolveClocks(
      [dmesg([{ seconds: 60, message: 'x' }]), uptime],
      [{ stamp: instant('2025-01-31T03:00:30Z', 1000), basis: 'date' }],
    );
    expect(timesOf(sources[0])[1]).toBe('2025-01-31T01:59:30.000Z 181000');
  });
  it('may be of either boot time behind the last witness, where the kernel states another one at the collection', () => {
    const stat = (epochMs: number) =>
      tableOf('stat', [{ fields: { 'boot.at': String(epochMs) }, row: { kind: 'Uptime', values: {} } }]);
    const kernel = dmesg([
      { seconds: 100, message: `audit: type=1400 audit(${((BOOT + 100_000) / 1000).toFixed(3)}:42): x` },
      { seconds: 5000, message: 'late' },
    ]);
    const late = (epochMs: number) =>
      resolveClocks([kernel, stat(epochMs)], []).sources[0]?.records.map(({ time }) => [
        (time?.at.earliest ?? 0) - BOOT,
        (time?.at.latest ?? 0) - BOOT,
      ]);
    // The same but for what the processor's clock drifts.
    expect(late(BOOT + 1000)).toEqual([
      [99_980, 100_020],
      [4_999_980, 5_000_020],
    ]);
    expect(late(BOOT + 7_200_000)).toEqual([
      [99_980, 100_020],
      [4_999_980, 12_201_000],
    ]);
  });
  it('stay without a time when nothing anchors them', () => {
    const { sources, diagnostics } = resolveClocks([dmesg([{ seconds: 1, message: 'x' }])], [HINT]);
    expect(sources[0]?.records[0]?.time).toBeUndefined();
    expect(diagnostics.map((each) => each.code)).toEqual(['boot-time-unknown']);
  });
  it('printed by dmesg -T are good for two seconds, and doubtful after a suspend', () => {
    const lines = [
      { line: 1, stamp: wall('Jan 31 02:00:00 2025'), message: 'PM: suspend entry (deep)' },
      { line: 2, stamp: wall('Jan 31 02:57:18 2025'), message: 'nfs: server nas not responding' },
    ];
    const { sources, diagnostics } = resolveClocks([logOf('d.txt', lines, { format: 'dmesg-ctime' })], []);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T02:57:16.000Z 4000');
    expect(sources[0]?.records[1]?.time?.assumptions).toContain('dmesg -T is wrong for lines before a suspend');
    expect(diagnostics.map((each) => each.code)).toEqual(['dmesg-times-doubtful']);
  });
});

describe('times that dmesg computed', () => {
  it('are good for two seconds in ISO form too, and doubtful after a suspend', () => {
    const lines = [
      { line: 1, stamp: instant('2025-01-31T02:00:00.500Z'), message: 'PM: suspend entry (deep)' },
      { line: 2, stamp: instant('2025-01-31T02:57:18.650Z'), message: 'nfs: server nas not responding' },
    ];
    const { sources, diagnostics } = resolveClocks([logOf('d.txt', lines, { format: 'dmesg-iso' })], []);
    expect(timesOf(sources[0])[2]).toBe('2025-01-31T02:57:16.650Z 4000');
    expect(sources[0]?.records[1]?.time?.assumptions).toEqual(['dmesg -T is wrong for lines before a suspend']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['dmesg-times-doubtful']);
  });
});

describe('boots', () => {
  it('are counted by boundaries, boot ids and kernel starts, each boot once', () => {
    const stamp = instant('2025-01-31T02:00:00Z');
    const lines = [
      { line: 1, stamp },
      { line: 100, message: '-- Boot fedcba9876543210fedcba9876543210 --', fields: { 'boot.marker': 'boot' } },
      { line: 101, stamp, unit: 'kernel', message: 'Linux version 6.1.0' },
      { line: 300, stamp },
      { line: 900, message: '-- Reboot --', fields: { 'boot.marker': 'reboot' } },
      { line: 901, stamp },
    ];
    const gap = { from: { line: 99, stamp }, to: { line: 101, stamp: instant('2025-01-31T08:00:00Z') } };
    const quiet = { from: { line: 300, stamp }, to: { line: 301, stamp } };
    const { sources, volumes } = resolveClocks([logOf('a.log', lines, { volume: { gaps: [gap, quiet] } })], []);
    expect(sources[0]?.records.map((record) => record.boot)).toEqual([0, 1, 1, 1, 2, 2]);
    expect(volumes[0]?.gaps.map((each) => each.bootFollows)).toEqual([true, false]);
  });
  it('are told apart by seconds that fall and by ids that change', () => {
    const kernel = logOf('d', [
      { line: 1, stamp: boot(5000) },
      { line: 100, stamp: boot(4999.9) },
      { line: 200, stamp: boot(1) },
    ]);
    const json = logOf(
      'j',
      [1, 2, 300].map((line) => ({ line, fields: { 'boot.id': line < 9 ? 'a' : 'b' } })),
    );
    const { sources } = resolveClocks([kernel, json], []);
    expect(sources.map((source) => source.records.map((record) => record.boot))).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });
  it('begin at a kernel start after a stretch without lines, however short the excerpt', () => {
    const stamp = instant('2025-01-31T02:00:00Z');
    const late = instant('2025-01-31T08:00:00Z');
    const lines = [
      { line: 1, stamp },
      { line: 4, stamp: late, unit: 'kernel', message: 'Linux version 6.1.0' },
    ];
    const gap = { from: { line: 2, stamp }, to: { line: 3, stamp: late } };
    const bootsOf = (gaps: readonly (typeof gap)[]) =>
      resolveClocks([logOf('a.log', lines, { volume: { gaps } })], []).sources[0]?.records.map(({ boot }) => boot);
    expect(bootsOf([gap])).toEqual([0, 1]);
    expect(bootsOf([])).toEqual([0, 0]);
  });
  it('end one silence each: that which holds their first line, not another one just before', () => {
    const at = (hour: number) => instant(`2025-01-31T0${hour}:00:00Z`);
    const lines = [
      { line: 1, stamp: at(1) },
      { line: 10, message: '-- Reboot --', fields: { 'boot.marker': 'reboot' } },
      { line: 11, stamp: at(8) },
    ];
    const before = { from: { line: 1, stamp: at(1) }, to: { line: 5, stamp: at(6) } };
    const last = { from: { line: 9, stamp: at(6) }, to: { line: 11, stamp: at(8) } };
    const { volumes } = resolveClocks([logOf('a.log', lines, { volume: { gaps: [before, last] } })], []);
    expect(volumes[0]?.gaps.map((each) => each.bootFollows)).toEqual([false, true]);
  });
  it('are not numbered where a file shows none', () => {
    const { sources } = resolveClocks([logOf('a', [{ line: 1, stamp: instant('2025-01-31T02:00:00Z') }])], []);
    expect(sources[0]?.records[0]?.boot).toBeUndefined();
  });
});

describe('clocks', () => {
  it('are named after who wrote the time', () => {
    const stamp = instant('2025-01-31T02:00:00Z');
    const { sources } = resolveClocks(
      [
        logOf('n/j.log', [{ line: 1, stamp, node: 'n1' }]),
        logOf('p/x.log', [{ line: 1, stamp }], { context: { pod: 'kube-system/coredns-x', container: 'coredns' } }),
        logOf('some.log', [{ line: 1, stamp }]),
        tableOf('events.json', [{ kind: 'kube-event', stamp }]),
      ],
      [],
    );
    expect(sources.map((source) => source.records[0]?.time?.clock)).toEqual([
      'node/n1',
      'pod/kube-system/coredns-x',
      'file/some.log',
      'apiserver',
    ]);
  });
  it('time the volume of a log like its records', () => {
    const writer = {
      name: 'kubelet',
      lines: 2,
      firstLine: 1,
      lastLine: 2,
      first: wall('Jan 31 02:00:00'),
      last: wall('Jan 31 02:00:09'),
    };
    const { volumes } = resolveClocks(
      [
        logOf(
          'a.log',
          [
            { line: 1, stamp: wall('Jan 31 02:00:00'), node: 'n1' },
            { line: 2, stamp: wall('Jan 31 02:00:09') },
          ],
          { volume: { writers: [writer], medianGapMs: 9000 } },
        ),
      ],
      [HINT],
    );
    expect(volumes[0]).toMatchObject({
      path: 'a.log',
      medianGapMs: 9000,
      first: { at: { earliest: Date.UTC(2025, 0, 31, 2) }, clock: 'node/n1' },
      last: { at: { earliest: Date.UTC(2025, 0, 31, 2, 0, 9) } },
      writers: [
        {
          name: 'kubelet',
          first: { basis: 'yearless' },
          last: { at: { latest: Date.UTC(2025, 0, 31, 2, 0, 9, 999) } },
        },
      ],
    });
  });
});
