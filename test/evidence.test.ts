import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';

const scratch = mkdtempSync(join(tmpdir(), 'forensics-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;

/** `line: quote` of each evidence of a signature's first fact; every quote must stand on the line that it names. */
async function quotesOf(name: string, text: string, signature: string): Promise<string[]> {
  made++;
  const folder = join(scratch, String(made));
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  const { report } = await analyze([folder]);
  const lines = text.split('\n');
  for (const { evidence } of report.facts) {
    for (const { line, endLine, quote } of evidence) {
      expect(lines[line - 1], `line ${line}`).toContain(quote);
      expect(endLine).toBeLessThanOrEqual(lines.length);
    }
  }
  const fact = report.facts.find((one) => one.signature === signature);
  return (fact?.evidence ?? []).map(({ line, quote }) => `${line}: ${quote}`);
}

describe('the quoted line', () => {
  it('is the one that holds the match, where a terminal wrapped the record', async () => {
    const lines = [
      'user: warning: [2025-12-14T20:30:10.551247031Z]: [talos] controller failed {"component": "controller-runtime", "controller": "block.MountController", "error": "stat /va',
      'r/lib: input/output error"}',
    ];
    expect(await quotesOf('dmesg.log', `${lines.join('\n')}\n`, 'filesystem-structure-error')).toEqual([
      '2: r/lib: input/output error"}',
      expect.stringMatching(/^1: user: warning/u),
    ]);
  });

  it('is the deep one of a value that goes over several lines of YAML', async () => {
    const event = [
      'apiVersion: v1',
      'kind: Event',
      'metadata: { name: web.17f, namespace: shop }',
      'involvedObject: { kind: Pod, name: web-5d9c7b6f8c-zzzzz, namespace: shop }',
      'reason: FailedCreatePodSandBox',
      'type: Warning',
      'firstTimestamp: "2025-01-01T00:00:00Z"',
      'lastTimestamp: "2025-01-01T00:00:00Z"',
      "message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup",
      '  network for sandbox "aa0d10": plugin type="calico" failed (add): error getting ClusterInformation:',
      "  connection is unauthorized: Unauthorized'",
    ].join('\n');
    const [first] = await quotesOf('event.yaml', event, 'calico-cni-unauthorized');
    expect(first).toMatch(/^1[01]: .*(?:calico|unauthorized)/u);
  });

  it('is the line of the termination message that tells the end', async () => {
    const pod = [
      'apiVersion: v1',
      'kind: Pod',
      'metadata: { name: web-0, namespace: shop, creationTimestamp: "2025-01-01T00:00:00Z" }',
      'status:',
      '  phase: Running',
      '  containerStatuses:',
      '  - name: web',
      '    ready: false',
      '    restartCount: 7',
      '    state:',
      '      waiting: { reason: CrashLoopBackOff }',
      '    lastState:',
      '      terminated:',
      '        exitCode: 1',
      '        reason: Error',
      '        message: |',
      '          starting up',
      '          write /data/wal: no space left on device',
      '          bye',
    ].join('\n');
    expect(await quotesOf('pod.yaml', pod, 'disk-full-enospc')).toEqual([
      '18: write /data/wal: no space left on device',
    ]);
  });
});

describe('the quoted line of a state', () => {
  it('is the item of the list that was asked for', async () => {
    const volume = [
      'apiVersion: v1',
      'kind: PersistentVolume',
      'metadata: { name: pvc-1, creationTimestamp: "2025-01-01T00:00:00Z" }',
      'spec:',
      '  mountOptions:',
      '  - nfsvers=4.1',
      '  - hard',
      '  nfs: { server: nas.example, path: /x }',
      'status:',
      '  phase: Bound',
    ].join('\n');
    expect(await quotesOf('pv.yaml', volume, 'nfs-hard-volume')).toEqual(['7: - hard', expect.stringMatching(/^8: /u)]);
    const json = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'StorageClass',
        metadata: { name: 'nfs', creationTimestamp: '2025-01-01T00:00:00Z' },
        provisioner: 'nfs.csi.k8s.io',
        mountOptions: ['hard', 'nfsvers=4.1'],
      },
      undefined,
      1,
    );
    const [first] = await quotesOf('sc.json', json, 'nfs-hard-storage-class');
    expect(first).toBe('10: "hard",');
  });

  const described = [
    'Name:             web-5d9c7b6f8c-abcde',
    'Namespace:        shop',
    'Node:             node-1/192.0.2.1',
    'Start Time:       Wed, 01 Jan 2025 00:00:00 +0000',
    'Status:           Running',
    'Containers:',
    '  web:',
    '    Image:          example.com/web:1',
    '    State:          Waiting',
    '      Reason:       CrashLoopBackOff',
    '    Last State:     Terminated',
    '      Reason:       Error',
    '      Exit Code:    137',
    '    Ready:          False',
    '    Restart Count:  12',
    '    Liveness:       http-get http://:80/healthz delay=5s timeout=1s period=10s #success=1 #failure=3',
    'QoS Class:        BestEffort',
    'Events:           <none>',
  ].join('\n');

  it.each([
    ['liveness-kills-slow-start', ['16: Liveness:', '15: Restart Count:  12', '13: Exit Code:    137']],
    ['pods-crash-looping', ['10: Reason:       CrashLoopBackOff', '15: Restart Count:  12']],
    ['pod-killed-137', ['13: Exit Code:    137', '15: Restart Count:  12', '14: Ready:          False']],
  ])('of %s is the one of the field that its rule reads', async (signature, wanted) => {
    const quotes = await quotesOf('describe.txt', described, signature);
    expect(quotes.map((quote, nth) => quote.slice(0, wanted[nth]?.length))).toEqual(wanted);
  });

  it('of a table is the whole row, cut so that what was asked is in it', async () => {
    const path = `/var/lib/kubelet/pods/${'a'.repeat(200)}/mount`;
    const mount = `nas.example:/x on ${path} type nfs4 (rw,relatime,vers=4.1,${'rsize=131072,'.repeat(10)}hard,proto=tcp)`;
    const [first] = await quotesOf('mount.txt', `${mount}\n`, 'nfs-hard-mount');
    expect(first).toContain('hard');
  });
});
