import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index.ts';
import { link, signature } from '../rules/folders.ts';

/** why-not and explain on a small bundle with rules of its own: what an engineer asks when a report surprises. */

let folder: string;
const NODE = "entities: { node: '@node' }\ninitiates: likely\n";
const ROW = `id: pods-waiting
title: Pods wait in {{namespace}}
kind: row
rows: Pod
where: row.status == "Pending" and row.restarts == 0 and row.ready == false
layer: apps
severity: high
examples:
  match: [{ namespace: shop, name: cart-0, status: Pending, restarts: 0, ready: false }]
  reject: [{ row: { namespace: shop, name: cart-0, status: Running, restarts: 0, ready: true }, because: it runs }]
`;
const DERIVED = `id: all-slow
title: Everything is slow
kind: derived
when: count(s in find("slow") by s.node) >= 2
from: [slow]
layer: node
severity: high
`;
const ABSENT = `id: dns-gone
title: Cluster DNS is absent
kind: absence
subject: { kind: Deployment, component: cluster-dns }
listings: [Pod]
layer: dns
severity: critical
`;
const INCIDENT = `id: stall
title: Stall
points:
  - { item: slow, title: Writes are slow, score: 2, when: 'some f in find("slow")' }
  - { item: hung, title: Tasks hang, when: 'some f in find("hung")' }
  - { item: stuck, title: Volumes are stuck, when: 'some f in find("stuck")', run: mount }
confirmed: 4
partial: 2
root: [slow]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forensics-why-'));
  const files = {
    'rules/signatures/slow.yaml': signature('slow', NODE, 'blocked for more than'),
    'rules/signatures/hung.yaml': signature('hung', NODE, 'hung for longer than'),
    'rules/signatures/late.yaml': signature('late', NODE, 'waiting since more than'),
    'rules/signatures/stuck.yaml': signature('stuck', NODE, 'stuck in its volume').replace('[kernel]', '[csi-driver]'),
    'rules/signatures/pods-waiting.yaml': ROW,
    'rules/signatures/all-slow.yaml': DERIVED,
    'rules/signatures/dns-gone.yaml': ABSENT,
    'rules/links/slow--hung.yaml': link('slow', 'hung', 'scope: node\nwithin: 10m\nnamed: mentions(e, "loki")\n'),
    'rules/links/slow--late.yaml': link('slow', 'late', 'scope: node\nwithin: 10m\n'),
    'rules/links/late--slow.yaml': link('late', 'slow', 'scope: node\norder: strict\n'),
    'rules/links/hung--stuck.yaml': link('hung', 'stuck', 'scope: node\n'),
    'rules/links/late--hung.yaml': link('late', 'hung', 'scope: any\norder: any\nwhen: c.comm == "etcd"\n'),
    'rules/incidents/stall.yaml': INCIDENT,
    'bundle/journal.log': [
      'Nov 14 02:00:00 node-a kernel: INFO: task loki:12 blocked for more than 122 seconds',
      'Nov 14 02:00:30 node-a kernel: INFO: task loki:12 hung for longer than 122 seconds',
      'Nov 14 02:40:00 node-a kernel: INFO: task loki:12 waiting since more than 122 seconds',
      'Nov 14 02:41:00 node-a kernel: INFO: task loki:12 waiting since more than many seconds',
      '',
    ].join('\n'),
    'bundle/pods.txt': [
      'NAMESPACE     NAME     READY   STATUS    RESTARTS   AGE',
      'kube-system   agent    1/1     Running   0          4d',
      'shop          cart-0   0/1     Pending   3          4d',
      'shop          web-0    1/1     Running   0          4d',
      'kube-system   meter    1/1     Running   0          4d',
      '',
    ].join('\n'),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(command: 'why-not' | 'explain', ...what: readonly string[]): Promise<string> {
  let stdout = '';
  let stderr = '';
  const own = ['--rules', join(folder, 'rules'), '--no-builtin-rules', '--collected-at', '2025-11-14T03:00:00Z'];
  const code = await main([command, join(folder, 'bundle'), ...what, ...own], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: (async function* () {})(),
    env: {},
  });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

describe('why-not', () => {
  it('says by how much a window was missed', async () => {
    expect(await ask('why-not', 'slow--late')).toBe(`slow--late joined nothing.
Causes (slow): 1 fact, slow@node/node-a.
Effects (late): 1 fact, late@node/node-a.
Not joined: 1 pair; the nearest:
  Task loki is blocked (journal.log:1) -> Task loki is blocked (journal.log:3)
    the times exclude it: the effect came 39 min 59 s after the cause was last seen; the window is 10 min.
`);
  });
  it('says by how much the order is wrong', async () => {
    expect(await ask('why-not', 'late--slow')).toBe(`late--slow joined nothing.
Causes (late): 1 fact, late@node/node-a.
Effects (slow): 1 fact, slow@node/node-a.
Not joined: 1 pair; the nearest:
  Task loki is blocked (journal.log:3) -> Task loki is blocked (journal.log:1)
    the times exclude it: the effect began 39 min 59 s before the cause.
`);
  });
  it('says which condition does not hold', async () => {
    expect(await ask('why-not', 'late--hung')).toBe(`late--hung joined nothing.
Causes (late): 1 fact, late@node/node-a.
Effects (hung): 1 fact, hung@node/node-a.
Not joined: 1 pair; the nearest:
  Task loki is blocked (journal.log:3) -> Task loki is blocked (journal.log:2)
    its condition does not hold: c.comm is "loki", needed is == "etcd".
`);
  });
  it('says that what is missing may have gone unseen', async () => {
    expect(await ask('why-not', 'hung--stuck')).toBe(`hung--stuck joined nothing.
Causes (hung): 1 fact, hung@node/node-a.
Effects (stuck): none. Ask why-not stuck.
  Not known to be absent: nothing was read of what writes stuck.
`);
  });
  it('says what a link did join', async () => {
    expect(await ask('why-not', 'slow--hung')).toBe(`slow--hung did join something: 1 edge.
  slow--hung@slow@node/node-a>hung@node/node-a@start (weight 0.975, observed)
`);
  });
  it('says of a line whether it would have been seen', async () => {
    expect(await ask('why-not', 'stuck')).toBe(`stuck found nothing.
No line that was read holds "stuck in its volume".
It is written by csi-driver, of which nothing was read: it may have happened unseen.
`);
  });
  it('says what a signature did find', async () => {
    expect(await ask('why-not', 'late')).toBe(`late did find something: 1 fact.
  late@node/node-a: journal.log:3
`);
  });
  it('shows the nearest objects, and how many parts of the condition they meet', async () => {
    expect(await ask('why-not', 'pods-waiting')).toBe(`pods-waiting found nothing.
4 objects of kind Pod; 0 could not be judged. The nearest:
  pods.txt:3: shop/cart-0
    false, 2 of 3 parts hold: row.restarts is 3, needed is == 0.
  pods.txt:2: kube-system/agent
    false, 1 of 3 parts hold: row.status is "Running", needed is == "Pending".
  pods.txt:4: shop/web-0
    false, 1 of 3 parts hold: row.status is "Running", needed is == "Pending".
`);
  });
  it('counts what a derived finding lacks', async () => {
    expect(await ask('why-not', 'all-slow')).toBe(`all-slow found nothing.
Its condition is false: count(s in find("slow") by s.node) is 1, needed is >= 2 (1 away).
Facts it can rest on: slow 1.
`);
  });
  it('says where an absence was shown', async () => {
    expect(await ask('why-not', 'dns-gone')).toBe(`dns-gone did find something: 1 fact.
  dns-gone: pods.txt:2
`);
  });
  it('counts the points of an incident rule, and what is missing to the next verdict', async () => {
    expect(await ask('why-not', 'stall')).toBe(`stall is partial: 3 to 4 of 4 points.
It needs 4 points to be confirmed, 2 to be partial. 1 point short, which the points that are not judgeable could bring.
  Writes are slow (2 points): confirmed, there is Task loki is blocked.
  Tasks hang: confirmed, there is Task loki is blocked.
  Volumes are stuck: not judgeable, nothing found among facts of stuck, but the sources that would show it are not all in the bundle. Run mount.
`);
  });
});

describe('explain', () => {
  it('prints rule, line, arithmetic and steps of a hypothesis of each incident', async () => {
    expect(await ask('explain', 'hypothesis-1')).toBe(`Hypothesis 1 of incident-1: Cluster DNS is absent
  Cluster DNS is absent.
  root       dns-gone
  rule       dns-gone (may initiate: possible)
  line       pods.txt:2: kube-system   agent    1/1     Running   0          4d
             the listing of Pod in the cluster (4 rows) is complete and shows no cluster-dns (from pods.txt:2)
  confidence low: it explains no other finding, and may itself have a cause
  score      87.143 = 100 x 0.871
    coverage   1 x 0.4  reaches 0 of 0 other findings, weighted by importance and path strength
    origin     0.6 x 0.2  such a fact is possible to begin an incident by itself
    direct     0.9 x 0.1  certainty that it happened
    weighted mean of the known terms: 0.871
  necessary  100 % of the symptoms' weight has no other cause

Hypothesis 1 of incident-2: Task loki is blocked
  Task loki is blocked.
  root       slow@node/node-a
  rule       slow (may initiate: likely)
  line       journal.log:1: Nov 14 02:00:00 node-a kernel: INFO: task loki:12 blocked for more than 122 seconds
  confidence high
  score      95.882 = 100 x 0.959
    coverage   0.987 x 0.4  reaches 1 of 1 other findings, weighted by importance and path strength
    origin     0.9 x 0.2  such a fact is likely to begin an incident by itself
    early      1 x 0.15  began before what it reaches with a mean chance of 1.00
    direct     0.9 x 0.1  certainty that it happened
    weighted mean of the known terms: 0.959
  necessary  100 % of the symptoms' weight has no other cause
  step       Task loki is blocked -> Task loki is blocked
             It waits.
             weight 0.975 (observed, the weakest), order definite, 30 s later; slow--hung@slow@node/node-a>hung@node/node-a@start
  ask        which pods work on node-a, and which on other nodes: kubectl get pods -A -o wide

Hypothesis 1 of incident-3: Task loki is blocked
  Task loki is blocked.
  root       late@node/node-a
  rule       late (may initiate: likely)
  line       journal.log:3: Nov 14 02:40:00 node-a kernel: INFO: task loki:12 waiting since more than 122 seconds
  confidence high
  score      95.714 = 100 x 0.957
    coverage   1 x 0.4  reaches 0 of 0 other findings, weighted by importance and path strength
    origin     0.9 x 0.2  such a fact is likely to begin an incident by itself
    direct     0.9 x 0.1  certainty that it happened
    weighted mean of the known terms: 0.957
  necessary  100 % of the symptoms' weight has no other cause
  ask        which pods work on node-a, and which on other nodes: kubectl get pods -A -o wide
`);
  });
  it('prints both ends, lag and each factor of an edge', async () => {
    expect(await ask('explain', 'slow--hung')).toBe(`Edge slow--hung@slow@node/node-a>hung@node/node-a@start
  cause      Task loki is blocked (slow@node/node-a)
             onset 2025-11-14 02:00:00 UTC (yearless, clock node/node-a; assumed: year from --collected-at; zone assumed UTC)
  line       journal.log:1: Nov 14 02:00:00 node-a kernel: INFO: task loki:12 blocked for more than 122 seconds
  effect     Task loki is blocked (hung@node/node-a)
             onset 2025-11-14 02:00:30 UTC (yearless, clock node/node-a; assumed: year from --collected-at; zone assumed UTC)
  line       journal.log:2: Nov 14 02:00:30 node-a kernel: INFO: task loki:12 hung for longer than 122 seconds
  rule       slow--hung (start graph, causes)
  mechanism  It waits.
  order      definite
  lag        30 s later (29.001 s to 30.999 s between the onsets)
  weight     0.975 (observed)
    base       x 0.95            = 0.95   the link is definite
    join       x 1               = 0.95   both concern node/node-a
    named      + 0.5 of the rest = 0.975  the effect's own text names the cause: the text of Task loki is blocked names "loki"
    time       x 1               = 0.975  the cause began before the effect
`);
  });
  it('prints times, joins, captures and edges of a finding', async () => {
    expect(await ask('explain', 'hung')).toBe(`Fact hung@node/node-a
  Task loki is blocked
  rule       hung (high, layer node, may initiate: likely)
  role       symptom
  certainty  0.9
  seen       1 time
  onset      2025-11-14 02:00:30 UTC (yearless, clock node/node-a; assumed: year from --collected-at; zone assumed UTC)
  last seen  2025-11-14 02:00:30 UTC (yearless, clock node/node-a; assumed: year from --collected-at; zone assumed UTC)
  ended      not known
  joined to  node = node/node-a
  captured   comm = loki
  captured   pid = 12
  captured   seconds = 122
  captured   unit = kernel
  stands for 1 member
  line       journal.log:2: Nov 14 02:00:30 node-a kernel: INFO: task loki:12 hung for longer than 122 seconds
  because of Task loki is blocked (start, 0.975, observed, slow--hung)
`);
  });
});
