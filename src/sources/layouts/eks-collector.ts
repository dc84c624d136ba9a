/**
 * AWS EKS node log collector.
 *
 *     eks_i-0123456789abcdef0_2024-01-31_1020-UTC_0.7.6/
 *       system/instance-id.txt  kernel/dmesg.current (raw), dmesg.human.current (-T), dmesg.boot
 *       kubelet/kubelet.log  containerd/containerd-log.txt  docker/docker.log
 *       var_log/messages, var_log/NS_POD_UID/…  ipamd/…  networking/…  storage/mounts.txt (mount, then df)
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName } from './dates.ts';
import { anyMarker, type DatedFile, type Layout, type LayoutRoot } from './layout.ts';

const CONTEXTS: Readonly<Record<string, SourceContext>> = {
  'kubelet/kubelet.log': { unit: 'kubelet', formats: ['journal-short'] },
  'containerd/containerd-log.txt': { unit: 'containerd', formats: ['journal-short'] },
  'docker/docker.log': { unit: 'docker', formats: ['journal-short'] },
  'kernel/dmesg.boot': { unit: 'kernel', formats: ['dmesg-raw'] },
  'kernel/dmesg.current': { unit: 'kernel', formats: ['dmesg-raw'] },
  'kernel/dmesg.human.current': { unit: 'kernel', formats: ['dmesg-ctime'], command: 'dmesg --ctime' },
  'var_log/messages': { formats: ['syslog-3164'] },
  'storage/mounts.txt': { command: 'mount' },
  'system/ps.txt': { command: 'ps fauxwww' },
};

export const eksCollector: Layout = {
  id: 'eks-collector',
  needs: 2,
  marker: (path) =>
    anyMarker(path, ['ipamd', 'var_log'], ['kubelet/kubelet.log', 'kernel/dmesg.current', 'system/instance-id.txt']),
  context: (path) => CONTEXTS[path] ?? {},
  collected,
};

function collected(root: LayoutRoot): readonly DatedFile[] {
  const stamp = dateInName(root.name);
  return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder' }];
}
