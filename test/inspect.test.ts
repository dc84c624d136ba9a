import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { main } from '../src/cli/index.ts';
import { type Inspection, inspect } from '../src/inspect.ts';
import { inspectionText } from '../src/inspection-text.ts';
import { tarOf } from './sources/pack.ts';

const fixture = fileURLToPath(new URL('../fixtures/nfs-dns-cilium-cascade/bundle', import.meta.url));

function bundleOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-inspect-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function* stdinOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield new TextEncoder().encode(text);
}

async function run(argv: readonly string[], stdin = '') {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: stdinOf(stdin),
    env: {},
  });
  return { code, stdout, stderr };
}

function missing({ missing: found }: Inspection): string[] {
  return found.map(({ what }) => what);
}

const journal = (node: string, ...rest: readonly string[]): string =>
  rest.map((line) => `${line.slice(0, 15)} ${node}${line.slice(17)}\n`).join('');

describe('inspect', () => {
  it('shows the night of a node: logs, silence between boots, clock, what is missing', async () => {
    const inspection = await inspect([fixture]);
    expect(inspection).toMatchObject({ nodes: ['k8s-cp-01'], understood: 1, first: '2025-11-14T02:32:55.000Z' });
    expect(inspection.gaps).toEqual([
      {
        node: 'k8s-cp-01',
        from: expect.stringMatching(/^2025-11-14T03:02:52/u),
        to: expect.stringMatching(/^2025-11-14T19:33:55/u),
        seconds: expect.any(Number),
        before: 'k8s-cp-01/journal-previous-boot.log',
        after: 'k8s-cp-01/journal-current-boot.log',
        bootFollows: false,
      },
    ]);
    const text = inspectionText(inspection);
    expect(text).toMatch(
      /journal-previous-boot\.log +journal-short +k8s-cp-01 +1,781 +100 % +2025-11-14 02:32:55 +03:02:52 +-\n/u,
    );
    expect(text).toContain('  k8s-cp-01: 16 h 31 min, 2025-11-14 03:02:52 to 19:33:55 (');
    expect(text).toContain('    anchor: collection time from k8s-cp-01/timedatectl.txt');
    expect(text).toContain('    anchor: year from the full dates inside of its lines');
    expect(missing(inspection)).toEqual([
      'workloads',
      'services and endpoints',
      'logs of containers before their restart',
    ]);
    expect(text).toMatch(/ {4}kubectl logs -n cert-manager cert-manager-cainjector-\S+ --all-containers --previous/u);
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(180);
  });

  it('gives the state of objects no span and no host', async () => {
    const { files } = await inspect([fixture]);
    expect(files.find(({ path }) => path === 'kubectl/get-nodes.txt')).toMatchObject({
      node: null,
      first: null,
      last: null,
    });
  });

  it('says the same of the folder and of its archive', async () => {
    const files = {
      'a/journal.log': journal('n1', 'Nov 14 02:57:10 X kernel: a', 'Nov 14 02:57:11 X kubelet[7]: b'),
      'nodes.txt': 'NAME   STATUS   ROLES    AGE   VERSION\nn1     Ready    <none>   9d    v1.31.0\n',
    };
    const folder = bundleOf(files);
    const archive = join(bundleOf({}), 'b.tar.gz');
    writeFileSync(archive, gzipSync(await tarOf(files)));
    const named = async (path: string) => ({ ...(await inspect([path])), name: '' });
    expect(await named(archive)).toEqual(await named(folder));
  });

  it('asks for the logs of the nodes that have none', async () => {
    const folder = bundleOf({
      'n1/journal.log': journal('n1', 'Nov 14 02:57:10 X kernel: a', 'Nov 14 02:57:11 X kubelet[7]: b'),
      'nodes.txt':
        'NAME                STATUS     ROLES    AGE   VERSION\nn1.example.org      Ready      <none>   9d    v1.31.0\n' +
        'n2.example.org      NotReady   <none>   9d    v1.31.0\nn3.example.org      Ready      <none>   9d    v1.31.0\n',
    });
    const found = missing(await inspect([folder]));
    expect(found).toContain('kernel messages of n2.example.org and n3.example.org');
    expect(found).toContain('kubelet log of n2.example.org and n3.example.org');
    expect(found).not.toContain('listing of nodes');
  });

  it('asks for zone and time of collection only while they are assumed', async () => {
    const folder = bundleOf({ 'n1/journal.log': journal('n1', 'Nov 14 02:57:10 X kernel: a') });
    const inspection = await inspect([folder]);
    expect(missing(inspection)).toEqual(expect.arrayContaining(['time zone of n1', 'time of collection']));
    expect(inspectionText(inspection)).toContain('timedatectl   (or say --timezone ZONE)');
    const told = missing(
      await inspect([folder], { timezone: 'Europe/Berlin', collectedAt: Date.UTC(2025, 10, 14, 12) }),
    );
    expect(told).not.toContain('time zone of n1');
    expect(told).not.toContain('time of collection');
  });

  it('shows a gap inside of a file where it is longer than the rhythm of the log', async () => {
    const folder = bundleOf({
      'n1/journal.log': journal(
        'n1',
        'Nov 14 02:57:10 X kernel: a',
        'Nov 14 02:57:40 X kernel: b',
        'Nov 14 05:00:00 X kernel: c',
      ),
    });
    const inspection = await inspect([folder]);
    expect(inspection.gaps).toMatchObject([{ seconds: 7339, before: 'n1/journal.log', after: 'n1/journal.log' }]);
    expect(inspectionText(inspection)).toMatch(/05:00:00 +2 h 2 min from 02:57:40\n/u);
  });

  it('passes nothing of a hostile name on to terminal or shell', async () => {
    const folder = bundleOf({
      'pods.json': JSON.stringify({
        kind: 'PodList',
        items: [
          {
            kind: 'Pod',
            metadata: { name: "a';reboot\u001b[2J", namespace: 'x' },
            status: { containerStatuses: [{ name: 'c', restartCount: 3, ready: false, state: { running: {} } }] },
          },
        ],
      }),
    });
    const text = inspectionText(await inspect([folder]));
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain("-n x a';reboot");
  });
});

describe('what inspect says of clocks and silence', () => {
  it('tells what is assumed of any two clocks once, and repeats no remark that Missing answers', async () => {
    const two = bundleOf({
      'a.log': journal('n1', 'Jan 31 02:00:00 n1 a[1]: x'),
      'b.log': journal('n2', 'Jan 31 02:00:01 n2 a[1]: x'),
    });
    const text = inspectionText(await inspect([two]));
    expect(text.split('any two may be 2 s apart')).toHaveLength(2);
    expect(text).not.toContain('off by');
    expect(text).toContain('time of collection: Which year do the lines mean?');
    expect(text).not.toContain('No year in the bundle');
  });

  it('calls a year that the bundle tells no assumption', async () => {
    const inspection = await inspect([fixture]);
    expect(inspection.clocks.flatMap(({ assumptions }) => assumptions)).toEqual([]);
  });

  it('takes the hours in which the kernel has nothing to say for no silence', async () => {
    const line = (seconds: number) => `[${String(seconds).padStart(5)}.000000] eth0: link becomes ready\n`;
    const kernel = `[    0.000000] audit: type=2000 audit(1738288495.000:1): state=initialized\n${line(10)}${line(20_000)}`;
    expect((await inspect([bundleOf({ 'worker-7/dmesg.txt': kernel })])).gaps).toEqual([]);
    const journalled =
      'Jan 31 01:55:00 worker-7 a[1]: x\nJan 31 01:55:01 worker-7 a[1]: x\nJan 31 08:00:00 worker-7 a[1]: x\n';
    const { gaps } = await inspect([bundleOf({ 'worker-7/dmesg.txt': kernel, 'worker-7/journal.log': journalled })]);
    expect(gaps.map(({ node, to }) => [node, to.slice(11, 19)])).toEqual([
      ['worker-7', '07:28:14'],
      ['worker-7', '08:00:00'],
    ]);
  });

  it('does not count the moment of the collection among logs and Events', async () => {
    const { first, last, clocks, collectedAt } = await inspect([
      bundleOf({ 'date.txt': 'Fri Jan 31 03:00:00 UTC 2025\n', 'n7/journal.log': 'Jan 31 01:55:00 n7 a[1]: x\n' }),
    ]);
    expect([first, last]).toEqual(['2025-01-31T01:55:00.000Z', '2025-01-31T01:55:00.999Z']);
    expect(clocks.map(({ clock }) => clock)).toEqual(['node/n7']);
    expect(collectedAt?.basis).toBe('date.txt');
  });
});

describe('inspect of odd inputs', () => {
  it.each([
    ['text of no known format', { 'a.txt': 'hello\nthis is\nnothing known\n' }, 'no line has a known format'],
    ['an empty file', { 'a.log': '' }, 'there is nothing to read'],
  ])('%s: says what is there and ends with 3', async (_, files, why) => {
    const { code, stdout, stderr } = await run(['inspect', bundleOf(files)]);
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`^forensics: [^\n]+: ${why}\n$`, 'u'));
    expect(stdout).toMatch(/^a\.(?:txt|log) +(?:no known format|empty) /mu);
    expect(stdout).toContain('kubectl get nodes -o wide');
  });

  it.each([
    ['an empty folder', {}, 'holds no file that can be read'],
    ['a binary', { 'a.bin': Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 37) % 256)) }, 'binary data'],
    [
      'a binary journal',
      { 'system.journal': Buffer.concat([Buffer.from('LPKSHHRH'), Buffer.alloc(1000)]) },
      'journalctl --file',
    ],
  ])('%s: one message, no table, 3', async (_, files, why) => {
    const { code, stdout, stderr } = await run(['inspect', bundleOf(files)]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(why);
  });

  it('a single file and standard input have the same lines', async () => {
    const text = journal('n1', 'Nov 14 02:57:10 X kernel: a', 'Nov 14 02:57:11 X kubelet[7]: b');
    const file = join(bundleOf({ 'journal.log': text }), 'journal.log');
    const fromFile = JSON.parse((await run(['inspect', file, '-f', 'json'])).stdout);
    const piped = await run(['inspect', '-', '-f', 'json'], text);
    expect(piped.code).toBe(0);
    const fromStdin = JSON.parse(piped.stdout);
    expect(fromFile.files).toMatchObject([{ path: 'journal.log', format: 'journal-short', node: 'n1', lines: 2 }]);
    expect(fromStdin.files).toMatchObject([{ path: 'stdin', format: 'journal-short', node: 'n1', lines: 2 }]);
  });

  it('empty standard input ends with 3', async () => {
    expect(await run(['inspect', '-'])).toMatchObject({
      code: 3,
      stderr: 'forensics: stdin: there is nothing to read\n',
    });
  });

  it('many files: the first sixty, all with --verbose', async () => {
    const folder = bundleOf(
      Object.fromEntries(
        Array.from({ length: 70 }, (_, n) => [`${n}.log`, journal('n1', `Nov 14 02:57:10 X kernel: line ${n}`)]),
      ),
    );
    expect((await run(['inspect', folder])).stdout).toContain('… and 10 files more (--verbose or --format json)\n');
    expect((await run(['inspect', folder, '--verbose'])).stdout).not.toContain('files more');
  });
});
