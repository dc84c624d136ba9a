import { describe, expect, it } from 'vitest';
import { bareCommand, promptCommand } from '../../src/parsers/documents/command.ts';
import { readFiles } from '../support/read-files.ts';

describe('a first line without a prompt', () => {
  it.each([
    'kubectl get pods -A -o wide',
    'k3s kubectl get nodes',
    'sudo crictl ps -a',
    'systemctl status kubelet',
    'systemctl --failed',
    'journalctl -u kubelet --since today',
    'ip route',
    'ps aux',
    'free -m',
    'df -h /var',
    'mount | grep nfs',
    'cat /etc/resolv.conf',
    'ping gateway-1',
    'grep failed /var/log/messages',
    'time kubectl get nodes',
    'ls /sys/fs/cgroup/devices/system.slice/run-r* -d | wc',
    'date',
  ])('is a command: %s', (line) => {
    expect(bareCommand(line)).toBe(line);
  });

  it.each([
    'containerd successfully booted in 0.1s',
    'cilium status looks fine',
    'cilium agent is not running',
    'docker daemon died',
    'kubelet stopped posting node status.',
    'last message repeated 3 times',
    'time jumped backwards',
    'host unreachable',
    'free memory is low',
    'mount failed',
    'date is wrong',
    'watch closed',
    'kubectl get fails with EOF',
    'helm upgrade failed',
    'ip address lost',
    'find out why',
    'top of the list',
  ])('is a sentence: %s', (line) => {
    expect(bareCommand(line)).toBeUndefined();
  });
});

describe('a prompt', () => {
  it.each([
    ['$ kubectl get pods', 'kubectl get pods'],
    ['# kubectl get pods', 'kubectl get pods'],
    ['> kubectl get pods', 'kubectl get pods'],
    ['+ kubectl get pods', 'kubectl get pods'],
    ['root@node-1:~# dmesg -T', 'dmesg -T'],
    ['[root@node-1 ~]# free -m', 'free -m'],
    ['PS C:\\Users\\me> kubectl get nodes', 'kubectl get nodes'],
    ['➜  ~ kubectl get nodes', 'kubectl get nodes'],
  ])('shows a command: %s', (line, command) => {
    expect(promptCommand(line)).toBe(command);
  });

  it.each([
    '# mount the volume first',
    '# containerd settings',
    '> the node is down',
    '+ time is up',
    '-> date',
    '75% free',
  ])('is not seen in: %s', (line) => {
    expect(promptCommand(line)).toBeUndefined();
  });
});

it('a log that begins with the name of a program has no sections', async () => {
  const { source } = await readFiles({
    'runtime.log': 'containerd successfully booted in 0.1s\ntime="2025-01-31T03:02:41Z" level=info msg="started"\n',
  });
  expect(source().coverage).toMatchObject({ format: 'logfmt', notes: [] });
});
