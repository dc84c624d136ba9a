import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collect, homeFolder, programs, type Run, SCRIPT, TOOLS } from './support/collect.ts';

/** Answers as kubectl would; `top nodes` hangs, `get endpoints` is forbidden, one pod is in trouble. */
const KUBECTL = `#!/bin/sh
[ "$1" = --request-timeout=2s ] || { echo "no timeout: $*" >&2; exit 9; }
shift
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
  version) echo 'Server Version: v1.30.1' ;;
  'api-resources '*) printf 'nodes\\npods\\nendpoints\\nevents\\ndaemonsets.apps\\nsecrets\\n' ;;
  'get pods -A --no-headers')
    echo 'kube-system   coredns-a   1/1   Running            0   2d'
    echo 'kube-system   agent-b     0/1   CrashLoopBackOff   7   2d'
    echo 'shop          web-c       0/1   Pending            0   5m'
    echo 'shop          job-d       0/1   Completed          0   5m' ;;
  'get pods -A -l k8s-app=cilium '*) echo 'kube-system cilium-x worker-1' ;;
  'get pods -A -o jsonpath='*)
    echo 'kube-system coredns-a coredns'
    echo 'kube-system agent-b init agent'
    echo 'shop web-c web' ;;
  'get pods -A -o wide') printf 'NAMESPACE NAME READY STATUS\\nkube-system coredns-a 1/1 Running\\n' ;;
  'get endpoints'*) echo 'Error from server (Forbidden): endpoints is forbidden' >&2; exit 1 ;;
  'get '*' -o json') echo '{"apiVersion":"v1","kind":"List","items":[]}' ;;
  'top nodes') exec sleep 30 ;;
  *--previous*)
    case "$*" in
      *'-c agent'*) echo '2025-01-31T02:54:55.1Z panic: lost' ;;
      *) echo 'Error from server (BadRequest): previous terminated container "x" in pod "y" not found' >&2; exit 1 ;;
    esac ;;
  'logs '*) echo '2025-01-31T02:54:55.1Z started' ;;
  'exec '*) printf 'KVStore:  Ok  Disabled\\nargs: %s\\n' "$*" ;;
  *) echo "output of $*" ;;
esac
`;

function manifestRows(run: Run): readonly (readonly string[])[] {
  const lines = run.read('manifest.txt').split('\n');
  const rows = lines.slice(lines.indexOf('path\texit\tbegin\tend\tcommand') + 1);
  return rows.filter((line) => line.includes('\t')).map((line) => line.split('\t'));
}

describe.runIf(process.platform === 'linux')('the collection script', () => {
  it('gathers a cluster through kubectl, with a limit on each call', () => {
    const path = programs('cluster', [...TOOLS, 'timeout'], { kubectl: KUBECTL });
    const run = collect('cluster', path, '-H', '-t', '2');
    expect(run.status).toBe(0);
    expect(run.files.filter((file) => file !== 'manifest.txt')).toEqual([
      'cilium/worker-1/cilium-health.txt',
      'cilium/worker-1/cilium-status.txt',
      'cluster-resources/cluster-info.txt',
      'cluster-resources/date.txt',
      'cluster-resources/describe/nodes.txt',
      'cluster-resources/describe/pods/kube-system/agent-b.txt',
      'cluster-resources/describe/pods/shop/web-c.txt',
      'cluster-resources/events/all.json',
      'cluster-resources/objects/daemonsets.apps.json',
      'cluster-resources/objects/endpoints.json.err',
      'cluster-resources/objects/nodes.json',
      'cluster-resources/objects/pods.json',
      'cluster-resources/pods/logs/kube-system/agent-b/agent-previous.log',
      'cluster-resources/pods/logs/kube-system/agent-b/agent.log',
      'cluster-resources/pods/logs/kube-system/agent-b/init.log',
      'cluster-resources/pods/logs/kube-system/coredns-a/coredns.log',
      'cluster-resources/readyz.txt',
      'cluster-resources/tables/daemonsets.apps.txt',
      'cluster-resources/tables/endpoints.txt',
      'cluster-resources/tables/events.txt',
      'cluster-resources/tables/nodes.txt',
      'cluster-resources/tables/pods.txt',
      'cluster-resources/tables/top-nodes.txt',
      'cluster-resources/tables/top-pods.txt',
      'cluster-resources/version.txt',
    ]);
    expect(run.read('cluster-resources/tables/pods.txt')).toMatch(/^\$ kubectl get pods -A -o wide\nNAMESPACE/u);
    expect(run.read('cluster-resources/tables/endpoints.txt')).toContain('Forbidden');
    expect(JSON.parse(run.read('cluster-resources/objects/pods.json'))).toMatchObject({ kind: 'List' });
    expect(run.read('cilium/worker-1/cilium-status.txt')).toContain(
      'args: exec -n kube-system cilium-x -c cilium-agent -- cilium status --verbose\n',
    );
    expect(run.stderr).toContain('stopped after 2 s');
    expect(manifestRows(run).find((row) => row[0]?.endsWith('top-nodes.txt'))?.[1]).toBe('124');
  });

  it('only reads', () => {
    const path = programs('readonly', [...TOOLS, 'timeout'], { kubectl: KUBECTL });
    const run = collect('readonly', path, '-H', '-t', '2', '-n', 'shop');
    const verbs = new Set(run.calls.map((call) => call.split(' ')[0]));
    expect([...verbs].toSorted()).toEqual([
      'api-resources',
      'cluster-info',
      'describe',
      'exec',
      'get',
      'logs',
      'top',
      'version',
    ]);
    expect(run.calls.filter((call) => /secret|configmap/iu.test(call))).toEqual([]);
    expect(run.files).toContain('cluster-resources/pods/logs/shop/web-c/web.log');
  });

  it('says when and where it was taken', () => {
    const path = programs('manifest', TOOLS, {});
    const run = collect('manifest', path, '-K');
    expect(run.read('manifest.txt')).toMatch(
      /^forensics-collect: 1\ncollected: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\nzone: \+0000 UTC\nhost: \S+\n/u,
    );
    expect(run.read('manifest.txt')).toMatch(/\nfinished: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/u);
    expect(manifestRows(run).every((row) => row.length === 5)).toBe(true);
  });

  it('gets by without kubectl, journalctl, timeout and most other programs', () => {
    const path = programs('bare', TOOLS, {});
    const run = collect('bare', path, '-t', '2');
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('no kubectl');
    expect(
      manifestRows(run)
        .filter((row) => row[1] === 'missing')
        .map((row) => row[4]),
    ).toEqual(expect.arrayContaining(['dmesg', 'kubectl', 'df -P -l']));
    const mounts = run.files.find((file) => file.endsWith('/mount.txt')) ?? '';
    expect(run.read(mounts)).toMatch(/^\$ cat \/proc\/mounts\n\S+ \S+ \S+/u);
    expect(run.read(run.files.find((file) => file.endsWith('/sysctl.txt')) ?? '')).toMatch(/^kernel\.pid_max = \d+$/mu);
  });

  it('stops a command that hangs without the help of timeout', () => {
    const path = programs('watchdog', TOOLS, {
      kubectl: '#!/bin/sh\ncase "$*" in *version*) exec sleep 30 ;; esac\n',
    });
    const run = collect('watchdog', path, '-H', '-t', '1');
    expect(run.status).toBe(0);
    expect(manifestRows(run).find((row) => row[0]?.endsWith('version.txt'))?.[1]).toBe('124');
    expect(run.stderr).toContain('does not answer');
  });

  it('takes the journal of this boot and of the one before', () => {
    const path = programs('journal', [...TOOLS, 'timeout'], {
      journalctl: '#!/bin/sh\necho "2025-01-31T02:54:55.123456+0000 n1 args: $*"\n',
      dmesg: '#!/bin/sh\necho "dmesg: read kernel buffer failed: Operation not permitted" >&2; exit 1\n',
    });
    const run = collect('journal', path, '-K', '-l', '50');
    const base = run.files.find((file) => file.endsWith('journalctl-b0.log'))?.replace('journalctl-b0.log', '') ?? '';
    expect(run.read(`${base}journalctl-b0.log`)).toContain('args: -b 0 -o short-iso-precise --no-pager -n 50');
    expect(run.read(`${base}journalctl-b-1.log`)).toContain('args: -b -1 ');
    expect(run.read(`${base}dmesg.txt`)).toContain('not permitted');
    expect(manifestRows(run).find((row) => row[4] === 'dmesg')?.[1]).toBe('1');
  });

  it('refuses options it does not know and leaves nothing behind', () => {
    const path = programs('usage', TOOLS, {});
    const before = readdirSync(homeFolder()).filter((file) => file.startsWith('forensics.'));
    expect(collect('usage', path, '-x').status).toBe(2);
    expect(collect('usage', path, '-t', '1s').status).toBe(2);
    expect(readdirSync(homeFolder()).filter((file) => file.startsWith('forensics.'))).toEqual(before);
    expect(before).toEqual([]);
  });

  it('is clean by shellcheck where that is installed', (context) => {
    const run = spawnSync('shellcheck', ['-s', 'sh', SCRIPT], { encoding: 'utf8' });
    if (run.error !== undefined) {
      context.skip();
    }
    expect(run.stdout).toBe('');
    expect(run.status).toBe(0);
  });
});
