import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/parsers/format.ts';
import { matchText } from '../../src/parsers/match-text.ts';
import { payloadFormats } from '../../src/parsers/payload-formats.ts';
import { peel } from '../../src/parsers/peel.ts';

const JOURNAL: Header = {
  stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_616_000, precisionMs: 1000 },
  node: 'node-1',
  unit: 'kubelet',
  pid: 1501,
  message: '',
};

function inJournal(message: string): Header {
  return peel({ ...JOURNAL, message });
}

function inContainer(epochMs: number, message: string, precisionMs = 1): Header {
  return peel({ stamp: { kind: 'instant', epochMs, precisionMs }, message });
}

describe('peel', () => {
  it('keeps what is no header', () => {
    const header: Header = { ...JOURNAL, message: 'Started kubelet: The Kubernetes Node Agent.' };
    expect(peel(header)).toBe(header);
  });

  it('takes level and fields of klog, keeps unit and pid of the journal, and adds the fraction of the second', () => {
    const header = inJournal(
      'E0131 02:56:56.123456    1600 pod_workers.go:1301] "Error syncing pod, skipping" err="x" pod="default/a"',
    );
    expect(header).toMatchObject({
      stamp: { kind: 'wall', month: 1, day: 31, msOfDay: 10_616_123, precisionMs: 1 },
      node: 'node-1',
      unit: 'kubelet',
      pid: 1501,
      level: 'err',
      message: 'Error syncing pod, skipping',
      fields: { err: 'x', pod: 'default/a' },
      hints: { source: 'pod_workers.go:1301' },
    });
    expect(header.stamp).not.toHaveProperty('year');
  });

  it('takes the fraction from a payload in another zone', () => {
    const header = inJournal('E0131 01:56:56.500000    1600 a.go:1] lost');
    expect(header.stamp).toMatchObject({ kind: 'wall', msOfDay: 10_616_500, precisionMs: 1 });
  });

  it('keeps the fraction of a header without a year beside a full date of whole seconds', () => {
    const stamp = { kind: 'wall', month: 1, day: 31, msOfDay: 10_616_250, precisionMs: 1 } as const;
    const peeled = (time: string) => peel({ ...JOURNAL, stamp, message: `time="${time}" level=info msg="up"` }).stamp;
    const epochMs = Date.UTC(2025, 0, 31, 2, 56, 56);
    expect(peeled('2025-01-31T02:56:56Z')).toMatchObject({ epochMs: epochMs + 250, precisionMs: 1 });
    expect(peeled('2025-01-31T02:56:55Z')).toMatchObject({ epochMs: epochMs - 1000, precisionMs: 1000 });
  });

  it('keeps the journal time when the payload speaks of another moment', () => {
    const header = inJournal('E0131 02:40:11.500000    1600 a.go:1] lost');
    expect(header.stamp).toEqual(JOURNAL.stamp);
  });

  it('draws no conclusion about zones from two times without zone', () => {
    const header = inJournal('E0131 02:56:56.500000    1600 a.go:1] lost');
    expect(header.hints).toEqual({ source: 'a.go:1' });
  });

  it('tells the zone of a program from the runtime time in front of its line', () => {
    const at = Date.UTC(2025, 0, 31, 1, 56, 56, 510);
    const header = inContainer(at, 'E0131 02:56:56.500000    1600 a.go:1] lost');
    expect(header).toMatchObject({
      stamp: { epochMs: at },
      hints: {
        'time.zoneless': 'inner',
        'time.outer': String(at),
        'time.inner': String(Date.UTC(2025, 0, 31, 2, 56, 56, 500)),
      },
    });
  });

  it('lets a complete time replace one without year and zone, and keeps both for the zone of the host', () => {
    const header = inJournal('time="2025-01-31T02:56:56.552+02:00" level=error msg="failed" error="x"');
    const innerMs = Date.UTC(2025, 0, 31, 0, 56, 56, 552);
    expect(header).toMatchObject({
      stamp: { kind: 'instant', epochMs: innerMs, precisionMs: 1 },
      hints: {
        'time.zoneless': 'outer',
        'time.outer': String(Date.UTC(2025, 0, 31, 2, 56, 56)),
        'time.inner': String(innerMs),
      },
    });
  });

  it('finds the year of the journal line on the other side of New Year', () => {
    const header = peel({
      stamp: { kind: 'wall', month: 12, day: 31, msOfDay: 86_399_000, precisionMs: 1000 },
      message: 'time="2025-01-01T01:59:59Z" level=info msg="x"',
    });
    expect(header.hints).toMatchObject({ 'time.outer': String(Date.UTC(2024, 11, 31, 23, 59, 59)) });
  });

  it('takes the year of a payload that has no zone', () => {
    const header = inJournal('2025-01-31 02:56:56.250000 I | etcdserver: published');
    expect(header.stamp).toEqual({ kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_616_250, precisionMs: 1 });
  });

  it('keeps the outermost complete time', () => {
    const at = Date.UTC(2025, 9, 10, 10, 31, 36, 514);
    const header = inContainer(at, 'time=2025-10-10T10:31:36.514640592Z level=info msg="NetworkPolicy added" v=""');
    expect(header).toEqual({
      stamp: { kind: 'instant', epochMs: at, precisionMs: 1 },
      level: 'info',
      message: 'NetworkPolicy added',
      fields: { v: '' },
    });
  });

  it('gives a whole second of a container log the fraction of its payload', () => {
    const at = Date.UTC(2025, 0, 31, 2, 54, 55);
    const header = inContainer(at, '{"level":"warn","ts":"2025-01-31T02:54:55.192Z","msg":"slow"}', 1000);
    expect(header.stamp).toEqual({ kind: 'instant', epochMs: at + 192, precisionMs: 1 });
  });

  it('keeps the runtime time of a line that was delivered late, with both as hints', () => {
    const at = Date.UTC(2025, 0, 31, 2, 54, 55);
    const header = inContainer(at, '{"level":"warn","ts":"2025-01-31T02:51:00Z","msg":"slow"}');
    expect(header.stamp).toMatchObject({ epochMs: at });
    expect(header.hints).toEqual({
      'time.outer': String(at),
      'time.inner': String(Date.UTC(2025, 0, 31, 2, 51, 0)),
    });
  });

  it('peels a node prefix, a CRI header and klog', () => {
    const header = peel({
      node: '172.20.1.2',
      message:
        '2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 server_others.go:138] "Detected node IP" address="172.20.0.3"',
    });
    expect(header).toMatchObject({
      node: '172.20.1.2',
      stamp: { kind: 'instant', epochMs: Date.UTC(2021, 10, 30, 19, 13, 20, 567), precisionMs: 1 },
      stream: 'stderr',
      level: 'info',
      message: 'Detected node IP',
      fields: { address: '172.20.0.3' },
    });
  });

  it('reads the line of a program out of the line of a log collector', () => {
    const header = peel({
      message:
        '{"log":"E0131 02:56:56.1 1 a.go:1] \\"lost\\"\\n","time":"2025-01-31T02:56:56.1Z","kubernetes":{"pod_name":"p","namespace_name":"n"}}',
    });
    expect(header).toMatchObject({ pod: 'n/p', level: 'err', message: 'lost' });
  });

  it('reads a klog line out of a CSV cell', () => {
    const header = peel({ message: '1706669695123,"E0131 02:54:55.123456       1 a.go:1] ""lost lease"""' });
    expect(header).toMatchObject({ stamp: { kind: 'instant' }, level: 'err', message: 'lost lease' });
  });

  it.each([
    ['ERROR leader election lost', 'err', 'leader election lost'],
    ['error retrieving resource lock', 'err', 'error retrieving resource lock'],
    ['0 [ERROR] [MY-010119] [Server] Aborting', 'err', '[MY-010119] [Server] Aborting'],
    ['   INFO    setup   validate update {"name": "a"}', 'info', 'validate update'],
    ['WARNING: something is off', 'warning', 'WARNING: something is off'],
  ])('takes the level in front of container output: %s', (message, level, said) => {
    expect(inContainer(0, message)).toMatchObject({ level, message: said });
  });

  it('does not take a kernel text for a level', () => {
    const message = 'INFO: task kubelet:1834 blocked for more than 122 seconds.';
    expect(peel({ ...JOURNAL, unit: 'kernel', message })).toMatchObject({ message });
  });

  it('never throws, and returns a message, whatever the payload', () => {
    const samples = payloadFormats.flatMap((format) => format.samples.map(({ text }) => text));
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.string({ maxLength: 40 }), (sample, cut, noise) => {
        const at = cut % (sample.length + 1);
        const header = inJournal(sample.slice(0, at) + noise + sample.slice(at));
        expect(typeof matchText(header)).toBe('string');
        expect(header.node).toBe('node-1');
        expect(header.unit).toBe('kubelet');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the text that rules see', () => {
  it('is message and fields in written order, unquoted', () => {
    expect(matchText(inJournal('E0131 02:56:56.0 1 a.go:1] "Error syncing pod" err="a \\"b\\" c" pod="n/p" n=3'))).toBe(
      'Error syncing pod err=a "b" c pod=n/p n=3',
    );
  });

  it('has plain quotes however deep they were escaped', () => {
    const text = matchText(
      inJournal(
        'E0409 15:43:05.846964    2841 pod_workers.go:191] Error syncing pod x: "CreatePodSandbox for pod \\"a\\" failed: failed to resolve reference \\"docker.io/rancher/pause:3.1\\": lookup registry-1.docker.io: Try again"',
      ),
    );
    expect(text).toContain('failed to resolve reference "docker.io/rancher/pause:3.1": lookup');
  });

  it('leaves stack traces of a field out', () => {
    expect(matchText({ message: 'm', fields: { error: 'e', stacktrace: 'main.main\n\tmain.go:1' } })).toBe('m error=e');
  });

  it('is the fields alone where nothing was said', () => {
    expect(matchText({ message: '', fields: { err: 'x' } })).toBe('err=x');
  });
});
