/** First words of commands that rules tell people to run. */
const COMMANDS = new Set(
  'awk bpftool bridge cat ceph chronyc cilium cloud-init conntrack containerd crictl crio ctr curl cut date df dig dmesg dmidecode docker du echo etcdctl ethtool exportfs find flux free getent grep hcloud head helm hostname hostnamectl iostat ip ipmitool iptables iptables-save iscsiadm journalctl k3s kubeadm kubectl kubelet lsblk lscpu lsmod lsof ls mdadm microk8s modinfo modprobe mount mpstat multipath multipathd nc netstat nfsstat nft nmcli nslookup numactl openssl ovn-nbctl ovn-sbctl ovs-vsctl pidstat ping ps pvs ras-mc-ctl rbd resolvectl rke2 route rpcinfo sar sed sensors showmount smartctl ss ssh stat sudo sysctl systemctl systemd-analyze talosctl tail tar tcpdump timedatectl timeout top tracepath traceroute ulimit umount uname update-alternatives uptime vgs vmstat watch wc xfs_repair zpool for while if'.split(
    ' ',
  ),
);

/** Is it something to type, rather than a sentence? */
export function isCommand(text: string): boolean {
  const [first = ''] = text.trim().split(/[\s;|]/u, 1);
  return COMMANDS.has(first.split('/').at(-1) ?? '') && !/[a-z)]\.$/u.test(text.trim());
}
