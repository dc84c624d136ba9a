import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { formats } from '../../src/parsers/index.ts';
import { recognise, sniffOf } from '../../src/parsers/sniff.ts';
import { folderOf } from '../sources/pack.ts';

function parse(text: string, path = 'a.txt') {
  const { format } = recognise(sniffOf(path, {}, text), formats);
  if (typeof format === 'string' || format.kind !== 'document') {
    return { id: typeof format === 'string' ? format : format.id, records: [] };
  }
  return { id: format.id, records: format.parse({ path, context: {}, text, firstLine: 1 }).records };
}

const rowsOf = (text: string, path?: string) =>
  parse(text, path).records.flatMap(({ row }) => (row === undefined ? [] : [row]));

describe('tables made by hand', () => {
  it('read lower-case headers, decimals, namespaces before names and a reason behind the last column', () => {
    const text =
      'restarts  podAge   lastRestart   pod\n      47   18.1h      18m ago    apps/web-84bf655c4c-p5n6q  Completed\n';
    expect(rowsOf(text)).toEqual([
      {
        kind: 'Pod',
        values: {
          name: 'web-84bf655c4c-p5n6q',
          namespace: 'apps',
          restarts: 47,
          ageMs: 65_160_000,
          lastRestartMs: 1_080_000,
          lastReason: 'Completed',
        },
      },
    ]);
  });

  it('read bars, empty cells and nodes', () => {
    expect(rowsOf('| Node | Status |\n|---|---|\n| n1 | NotReady |\n| n2 | Ready |\n')).toMatchObject([
      { kind: 'Node', values: { name: 'n1', ready: false } },
      { kind: 'Node', values: { name: 'n2', ready: true } },
    ]);
    expect(
      rowsOf(
        'Pod       Namespace   Exit Code   Status\nweb-1     shop        137         Running\nweb-2     shop                    Pending\n',
      ),
    ).toMatchObject([
      { values: { name: 'web-1', namespace: 'shop', lastExitCode: 137, status: 'Running' } },
      { values: { name: 'web-2', namespace: 'shop', status: 'Pending' } },
    ]);
  });

  it.each([
    ['prose', 'The pod was restarted.  We looked at its status.\nNothing helped, so the node was drained.\n'],
    ['a log', 'I0131 02:54:55.123456    1501 kubelet.go:10] status  reason  pod\n'],
    ['a header without rows', 'pod   restarts   reason\n'],
  ])('are not seen in %s', (_, text) => {
    expect(parse(text).id).not.toBe('table');
  });
});

describe('states of containers', () => {
  it('are read from several keys on one line', () => {
    expect(
      rowsOf(
        'reason: Completed   exit: 0   signal: None\nstarted:  2025-01-31T02:00:00Z\nfinished: 2025-01-31T02:01:59Z\n',
      ),
    ).toEqual([
      {
        kind: 'Container',
        values: {
          state: 'terminated',
          reason: 'Completed',
          exitCode: 0,
          started: '2025-01-31T02:00:00.000Z',
          finished: '2025-01-31T02:01:59.000Z',
          ranMs: 119_000,
        },
      },
    ]);
  });

  it('say OOMKilled where docker does', () => {
    expect(rowsOf('"OOMKilled": true,\n"ExitCode": 137,\n"Error": "",\n')).toMatchObject([
      { values: { reason: 'OOMKilled', exitCode: 137 } },
    ]);
  });
});

describe('pieces of manifests', () => {
  it('give probes with the time that they leave a container', () => {
    const probe =
      'livenessProbe:\n  httpGet: { path: /health, port: http }\n  initialDelaySeconds: 30\n  periodSeconds: 30\n  failureThreshold: 3\n';
    expect(rowsOf(probe, 'probe.txt')).toEqual([
      {
        kind: 'Probe',
        values: {
          livenessPeriodMs: 30_000,
          livenessDelayMs: 30_000,
          livenessFailures: 3,
          livenessKillsFromMs: 90_000,
          livenessKillsUntilMs: 151_000,
        },
      },
    ]);
  });

  it('give every image of a filtered list', () => {
    expect(rowsOf('          image: a.example/x:1\n          image: a.example/y:2\n', 'images.txt')).toEqual([
      { kind: 'Image', values: { image: 'a.example/x:1' } },
      { kind: 'Image', values: { image: 'a.example/y:2' } },
    ]);
  });

  it('are not seen in YAML of other programs', () => {
    expect(parse('services:\n  web:\n    image: x\n    ports: ["80"]\n', 'compose.yaml').id).toBe('text');
  });
});

describe('bare values', () => {
  it('keep the command that was counted', () => {
    expect(rowsOf('$ ls -d /run/x* | wc -l\n5920\n')).toEqual([
      { kind: 'Count', values: { command: 'ls -d /run/x*', value: 5920 } },
    ]);
  });

  it('are messages only where all lines are', () => {
    expect(parse('dial tcp 10.96.0.1:443: connect: connection refused\n').id).toBe('messages');
    expect(parse('The API server refused us: connection refused\nand then we had lunch\n').id).toBe('text');
  });
});

describe('a liveness probe that ends a slow start', () => {
  const files = (finished: string, exit: string) => ({
    'probe.yaml': 'livenessProbe:\n  initialDelaySeconds: 30\n  periodSeconds: 30\n  failureThreshold: 3\n',
    'last.txt': `reason: Completed   exit: ${exit}\nstarted:  2025-01-31T02:00:00Z\nfinished: ${finished}\n`,
    'pods.txt':
      'restarts  podAge   lastRestart   pod\n      47   18.1h      18m ago    apps/web-84bf655c4c-p5n6q  Completed\n',
  });
  const found = async (finished: string, exit = '0') => {
    const { facts } = await analyze([folderOf(files(finished, exit))]);
    return facts.facts
      .filter(({ signature }) => signature === 'liveness-lifetime')
      .map(({ entities }) => entities['pod']);
  };

  it('is told from the length of the run', async () => {
    expect(await found('2025-01-31T02:01:59Z')).toEqual(['pod/apps/web-84bf655c4c-p5n6q']);
  });

  it.each([
    ['the run was far longer', '2025-01-31T04:00:00Z', '0'],
    ['the run ended before the probe allowed it', '2025-01-31T02:00:20Z', '0'],
    ['the program gave up by itself', '2025-01-31T02:01:59Z', '1'],
  ])('is not claimed when %s', async (_, finished, exit) => {
    expect(await found(finished, exit)).toEqual([]);
  });
});

describe('event tables of the oldest clients', () => {
  it('have no type, and structures as sources', () => {
    const text =
      'FIRSTSEEN   LASTSEEN   COUNT     NAME      KIND      SUBOBJECT              REASON       SOURCE             MESSAGE\n12m         3m         7         web-1     Pod       spec.containers{web}   BackOff      {kubelet node-1}   Back-off restarting failed docker container\n12m         3m         2         web-1     Pod                              FailedSync   {kubelet node-1}   Error syncing pod, skipping\n';
    expect(parse(text, 'events.txt').records).toMatchObject([
      {
        kind: 'kube-event',
        message: 'BackOff: Back-off restarting failed docker container',
        node: 'node-1',
        unit: 'kubelet',
        count: 7,
      },
      {
        kind: 'kube-event',
        message: 'FailedSync: Error syncing pod, skipping',
        node: 'node-1',
        unit: 'kubelet',
        count: 2,
      },
    ]);
    expect(parse(text, 'events.txt').records.map(({ level }) => level)).toEqual([undefined, undefined]);
  });
});
