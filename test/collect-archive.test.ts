/** A full archive of the collection script, made with stand-ins for the programs of a node, and analysed. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { inspect } from '../src/inspect.ts';
import { collect, programs, type Run, TOOLS } from './support/collect.ts';

const AT = '2025-11-14T03:10:20Z';

const JOURNAL = `2025-11-14T03:54:40.120000+0100 worker-7 kubelet[1102]: I1114 03:54:40.119000    1102 kubelet.go:2407] "SyncLoop ADD" source="api" pods=["logging/loki-0"]
2025-11-14T03:10:00.000000+0100 worker-7 kernel: eth0: link becomes ready at 10 Gbps
2025-11-14T03:57:18.000000+0100 worker-7 kernel: nfs: server nas.example.net not responding, still trying
2025-11-14T04:01:40.000000+0100 worker-7 kernel: INFO: task loki:25860 blocked for more than 122 seconds.
2025-11-14T04:01:40.000100+0100 worker-7 kernel:       Not tainted 6.1.0-18-amd64 #1 SMP
`;
/** Booted at 02:00:00 UTC. */
const DMESG = `[    0.000000] Linux version 6.1.0-18-amd64
[  600.000000] eth0: link becomes ready at 10 Gbps
[ 3438.000000] nfs: server nas.example.net not responding, still trying
[ 3700.000000] INFO: task loki:25860 blocked for more than 122 seconds.
`;
const PODS = `NAMESPACE     NAME        READY   STATUS             RESTARTS        AGE     IP           NODE
kube-system   coredns-a   1/1     Running            0               2d3h    10.0.0.2     worker-7
kube-system   agent-b     0/1     CrashLoopBackOff   7 (2m3s ago)    12m     10.0.0.9     worker-7
`;
const POD_JSON = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'agent-b', namespace: 'kube-system', uid: '9d1c', creationTimestamp: '2025-11-14T02:57:55Z' },
  spec: { nodeName: 'worker-7', containers: [{ name: 'agent', image: 'registry.example.net/agent:1' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'agent', ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
  },
};
const EVENTS = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'loki-0.1877c0ffee', namespace: 'logging' },
      involvedObject: { kind: 'Pod', namespace: 'logging', name: 'loki-0' },
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "pvc-1" : rpc error: code = DeadlineExceeded',
      firstTimestamp: '2025-11-14T03:02:11Z',
      lastTimestamp: '2025-11-14T03:09:00Z',
      count: 6,
      type: 'Warning',
      source: { component: 'kubelet', host: 'worker-7' },
    },
  ],
};

const STUBS: Readonly<Record<string, string>> = {
  uname: '#!/bin/sh\necho worker-7\n',
  date: `#!/bin/sh
case "$*" in
  '-u +%Y-%m-%dT%H:%M:%SZ') echo ${AT} ;;
  '-u +%Y%m%dT%H%M%SZ') echo 20251114T031020Z ;;
  +%z) echo +0100 ;;
  +%Z) echo CET ;;
  -u) echo 'Fri Nov 14 03:10:20 UTC 2025' ;;
  *) echo 'Fri Nov 14 04:10:20 CET 2025' ;;
esac
`,
  journalctl: `#!/bin/sh
case "$*" in *'-b 0 '*) cat <<'END'
${JOURNAL}END
;; esac
`,
  dmesg: `#!/bin/sh\ncat <<'END'\n${DMESG}END\n`,
  kubectl: `#!/bin/sh
shift
case "$*" in
  version) echo 'Server Version: v1.30.1' ;;
  'api-resources '*) echo pods ;;
  'get pods -A --no-headers') echo 'kube-system agent-b 0/1 CrashLoopBackOff 7 12m' ;;
  'get pods -A -o jsonpath='*) echo 'kube-system agent-b agent' ;;
  'get pods -A -l '*) : ;;
  'get pods -A -o wide') cat <<'END'
${PODS}END
  ;;
  'get pods -A -o json') echo '${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [POD_JSON] })}' ;;
  'get events -A -o json') echo '${JSON.stringify(EVENTS)}' ;;
  'logs '*--previous*) echo '2025-11-14T03:08:17.100000000Z panic: runtime error: invalid memory address or nil pointer dereference' ;;
  'logs '*) echo '2025-11-14T03:10:01.100000000Z level=info msg=starting' ;;
  *) echo "error: stub" >&2; exit 1 ;;
esac
`,
};

let run: Run | undefined;

/** Made once, by the first test that asks. */
function archive(): string {
  const tools = TOOLS.filter((tool) => !(tool in STUBS));
  run ??= collect('archive', programs('archive', [...tools, 'timeout'], STUBS), '-t', '5');
  return run.archive ?? 'none';
}

describe.runIf(process.platform === 'linux')('an archive of the collection script', () => {
  it('is recognised, and its manifest says when it was taken', async () => {
    const { layout, collectedAt, nodes } = await inspect([archive()]);
    expect({ layout, collectedAt, nodes }).toEqual({
      layout: 'forensics-collect',
      collectedAt: { earliest: '2025-11-14T03:10:20.000Z', latest: '2025-11-14T03:10:21.000Z', basis: 'manifest.txt' },
      nodes: ['worker-7'],
    });
  });

  it('gives every file its host, namespace, pod and container', async () => {
    const { sources } = await analyze([archive()]);
    const contextOf = (end: string) => sources.find(({ path }) => path.endsWith(end))?.context;
    expect(contextOf('/worker-7/journalctl-b0.log')).toMatchObject({ node: 'worker-7' });
    expect(contextOf('/worker-7/dmesg.txt')).toMatchObject({ node: 'worker-7', unit: 'kernel' });
    expect(contextOf('agent-b/agent-previous.log')).toMatchObject({
      namespace: 'kube-system',
      pod: 'kube-system/agent-b',
      container: 'agent',
      previous: true,
    });
    expect(contextOf('objects/pods.json')).toEqual({ command: 'kubectl get pods -A -o json' });
    expect(contextOf('events/all.json')).toEqual({ command: 'kubectl get events -A -o json' });
  });

  it('puts ages, local times, kernel seconds and container logs on one axis', async () => {
    const { sources } = await analyze([archive()]);
    const record = (end: string, text: string) =>
      sources.find(({ path }) => path.endsWith(end))?.records.find(({ raw }) => raw.includes(text));
    const spanOf = (end: string, text: string) => {
      const at = record(end, text)?.time?.at;
      return at === undefined
        ? undefined
        : [at.earliest, at.latest].map((ms) => new Date(ms).toISOString().slice(11, 23));
    };
    expect(spanOf('journalctl-b0.log', 'not responding')).toEqual(['02:57:18.000', '02:57:18.000']);
    // Kernel seconds are anchored by the texts that the journal has too.
    expect(spanOf('dmesg.txt', 'not responding')?.[0]).toBe('02:57:18.000');
    // 12m at 03:10:20, to the second: the command ran from 03:10:20 to 03:10:21.
    expect(spanOf('tables/pods.txt', 'agent-b')).toEqual(['02:57:20.000', '02:58:21.000']);
    expect(spanOf('agent-previous.log', 'panic')?.[0]).toBe('03:08:17.100');
  });

  it('is analysed into facts with the right node, pod and times', async () => {
    const { report } = await analyze([archive()]);
    const told = (signature: string) => report.facts.find((fact) => fact.signature === signature);
    expect(told('nfs-server-not-responding')?.entities['node']).toBe('node/worker-7');
    expect(told('kernel-hung-task')).toMatchObject({
      entities: { node: 'node/worker-7' },
      lastSeen: { earliest: '2025-11-14T03:01:40.000Z' },
    });
    const crash = report.facts.find(({ entities }) => Object.values(entities).includes('pod/kube-system/agent-b'));
    expect(crash?.severity).toBeDefined();
    expect(report.incidents[0]?.hypotheses[0]?.title).toContain('nas.example.net');
    expect(report.bundle.collectedAt).toEqual({
      earliest: '2025-11-14T03:10:20.000Z',
      latest: '2025-11-14T03:10:21.000Z',
      basis: 'manifest.txt',
    });
  });
});
