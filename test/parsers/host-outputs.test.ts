import { describe, expect, it } from 'vitest';
import { documentFormats } from '../../src/parsers/document-formats.ts';
import type { DocumentResult } from '../../src/parsers/format.ts';

function read(id: string, text: string, path = 'x.txt', context = {}): DocumentResult {
  const format = documentFormats.find((one) => one.id === id);
  if (format === undefined) throw new Error(`no format ${id}`);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rated = documentFormats.map((one) => [one.sniff({ path, context, head: text, lines }), one.id] as const);
  expect(rated.toSorted((a, b) => b[0] - a[0])[0]?.[1]).toBe(id);
  return format.parse({ path, context, text, firstLine: 1 });
}
const values = (result: DocumentResult) => result.records.flatMap(({ row }) => (row === undefined ? [] : [row.values]));

describe('systemctl status', () => {
  const text = `systemctl status kubelet
● kubelet.service - kubelet: The Kubernetes Node Agent
Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; vendor preset: disabled)
Drop-In: /usr/lib/systemd/system/kubelet.service.d
└─10-kubeadm.conf
Active: active (running) since Вт 2019-09-24 16:32:08 +06; 13min ago
Docs: https://kubernetes.io/docs/
Main PID: 17233 (kubelet)

сен 24 16:44:59 pr02 kubelet[17233]: W0924 16:44:59.231530   17233 cni.go:237] Unable to update cni config
`;

  it('gives the state, leaves the journal to the parsers of logs and dates the collection', () => {
    const result = read('systemctl-status', text);
    expect(values(result)).toEqual([
      {
        component: 'kubelet',
        state: 'active',
        ready: true,
        subState: 'running',
        health: 'active (running)',
        pid: 17233,
        lastTransition: '2019-09-24T10:32:08.000Z',
      },
    ]);
    expect(result.records[0]?.raw).toMatch(/^Active: active/u);
    expect(result.logs).toEqual([{ firstLine: 10, lastLine: 10 }]);
    expect(result.collected).toEqual([
      { kind: 'instant', epochMs: Date.parse('2019-09-24T10:45:08Z'), precisionMs: 61_000 },
    ]);
  });

  it('tells a failed unit from a running one, unit by unit', () => {
    const two = `× a.service - A
     Loaded: loaded (/lib/systemd/system/a.service; enabled)
     Active: failed (Result: exit-code) since Fri 2025-01-31 02:54:55 UTC; 5min ago
   Main PID: 7 (code=exited, status=203/EXEC)

○ b.service - B
     Loaded: loaded (/lib/systemd/system/b.service; disabled)
     Active: inactive (dead)
`;
    expect(values(read('systemctl-status', two))).toMatchObject([
      { component: 'a', state: 'failed', result: 'exit-code', ready: false, exitCode: 203 },
      { component: 'b', state: 'inactive', subState: 'dead', ready: false },
    ]);
  });
});

describe('mounts', () => {
  it.each([
    [
      'mount',
      'nas.example.org:/export on /var/lib/kubelet/pods/x/volumes/a b type nfs (rw,relatime,vers=3,soft,addr=10.0.0.9)\n',
      { server: 'nas.example.org', path: '/export', hard: false, mountPoint: '/var/lib/kubelet/pods/x/volumes/a b' },
    ],
    [
      '/proc/mounts',
      'nas:/export /mnt/a\\040b nfs4 rw,vers=4.2,hard 0 0\n',
      { server: 'nas', mountPoint: '/mnt/a b', hard: true },
    ],
    [
      'findmnt',
      'TARGET      SOURCE       FSTYPE OPTIONS\n/           /dev/sda1    ext4   ro,relatime\n├─/mnt      nas:/export  nfs4   rw,relatime,hard\n',
      { device: '/dev/sda1', readOnly: true, fsType: 'ext4' },
    ],
    [
      'nfsstat -m',
      '/mnt from nas:/export\n Flags:\trw,relatime,vers=3,soft,timeo=600\n',
      { fsType: 'nfs', hard: false, mountPoint: '/mnt' },
    ],
  ])('%s', (_form, text, expected) => {
    expect(values(read('mounts', text))[0]).toMatchObject(expected);
  });
});

describe('space', () => {
  it('reads df with types, long device names and inodes', () => {
    const result = read(
      'df',
      'Filesystem            Type  Inodes  IUsed   IFree IUse% Mounted on\n/dev/mapper/very-long-volume-group-name\n                             1000    990      10   99% /data\n/dev/sda1             ext4  65536  65536       0  100% /\n',
    );
    expect(values(result)).toMatchObject([
      { device: '/dev/mapper/very-long-volume-group-name', usedPercent: 99, inodes: true, mountPoint: '/data' },
      { usedPercent: 100, inodes: true, fsType: 'ext4', mountPoint: '/' },
    ]);
    expect(result.records[0]?.ref).toEqual({ source: 'x.txt', line: 2, endLine: 3 });
  });

  it('reads rows without a header, also several hosts in one file', () => {
    expect(
      values(
        read(
          'df',
          'srv-2:  /dev/sda1  78% /   |  /dev/sdb1  45% /mnt/data\nsrv-3:  /dev/sda1  76% /   |  /dev/sdb1  57% /mnt/data\n',
        ),
      ).map((row) => [row['node'], row['mountPoint'], row['usedPercent']]),
    ).toEqual([
      ['srv-2', '/', 78],
      ['srv-2', '/mnt/data', 45],
      ['srv-3', '/', 76],
      ['srv-3', '/mnt/data', 57],
    ]);
  });

  it('reads memory in the unit of the command', () => {
    const table =
      '               total        used        free      shared  buff/cache   available\nMem:            6941        3430        1747           1        1764        3310\nSwap:              0           0           0\n';
    const mib = 2 ** 20;
    for (const text of [`me@n1:~$ free -m\n${table}`])
      expect(values(read('free', text))).toMatchObject([
        { totalBytes: 6941 * mib, availableBytes: 3310 * mib, swapTotalBytes: 0, availablePercent: 48 },
      ]);
    expect(values(read('free', table, 'sos_commands/memory/free_-m'))).toMatchObject([{ totalBytes: 6941 * mib }]);
    expect(values(read('free', table))).toMatchObject([{ totalBytes: 6941 * 1024 }]);
  });
});

describe('processes', () => {
  it('shows those in uninterruptible sleep and where they wait', () => {
    expect(
      values(
        read(
          'ps',
          '$ ps -eo pid,stat,wchan:32,cmd\n    PID STAT WCHAN                            CMD\n   4242 D    rpc_wait_bit_killable            df -h\n   4243 Ss   -                                /sbin/init splash\n',
        ),
      ),
    ).toEqual([
      { pid: 4242, state: 'D', wchan: 'rpc_wait_bit_killable', command: 'df -h' },
      { pid: 4243, state: 'S', command: '/sbin/init splash' },
    ]);
  });

  it('reads files of /proc with the number in their path', () => {
    expect(
      values(read('proc-process', 'futex_wait_queue+0x68/0x90\n__futex_wait+0x151/0x1c0\n', 'proc-4242-stack.txt')),
    ).toEqual([{ pid: 4242, wchan: 'futex_wait_queue', frames: ['futex_wait_queue', '__futex_wait'] }]);
    expect(
      values(
        read(
          'proc-process',
          'State:\tS (sleeping)\nThreads:\t28\nvoluntary_ctxt_switches:\t469\n',
          'proc-PID-status.txt',
        ),
      ),
    ).toEqual([{ state: 'S', threads: 28 }]);
    expect(values(read('proc-process', 'rpc_wait_bit_killable\n', 'proc/77/wchan'))).toEqual([
      { pid: 77, wchan: 'rpc_wait_bit_killable' },
    ]);
  });
});

describe('clocks', () => {
  it.each([
    [
      'Sat Jul 27 15:19:21 UTC 2019',
      { kind: 'instant', epochMs: Date.UTC(2019, 6, 27, 15, 19, 21), precisionMs: 1000 },
    ],
    [
      'Fri Jan 31 04:04:05 CET 2025',
      { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 14_645_000, precisionMs: 1000, zone: 'CET' },
    ],
    [
      'Fri Jan 31 04:04:05 AM UTC 2025',
      { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 4, 4, 5), precisionMs: 1000 },
    ],
    ['2025-01-31T04:04:05+01:00', { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 3, 4, 5), precisionMs: 1000 }],
    [
      'Fr 31. Jan 04:04:05 CET 2025',
      { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 14_645_000, precisionMs: 1000, zone: 'CET' },
    ],
  ])('dates the collection by %s', (line, stamp) => {
    const result = read('date', `${line}\n`, 'date.txt');
    expect(result.collected).toEqual([stamp]);
    expect(result.records[0]?.stamp).toEqual(stamp);
  });

  it('knows an unsynchronised clock', () => {
    const result = read(
      'timedatectl',
      '      Local time: Fri 2025-01-31 04:01:12 CET\n  Universal time: Fri 2025-01-31 03:01:12 UTC\n       Time zone: Europe/Berlin (CET, +0100)\nNTP synchronized: no\n NTP enabled: yes\n',
    );
    expect(values(result)).toEqual([
      { time: '2025-01-31T03:01:12.000Z', zone: 'Europe/Berlin', offset: '+0100', synchronized: false, ntp: true },
    ]);
    expect(result.collected).toMatchObject([{ epochMs: Date.UTC(2025, 0, 31, 3, 1, 12) }]);
  });

  it('reads load and up time', () => {
    expect(values(read('uptime', ' 14:05:01 up 5 min,  1 user,  load average: 0.10, 0.20, 0.30\n'))).toEqual([
      { uptimeMs: 300_000, load1: 0.1, load5: 0.2, load15: 0.3 },
    ]);
  });
});

describe('kernel settings', () => {
  it.each([
    ['fs.inotify.max_user_watches = 8192\nnet.ipv4.ip_forward = 1\n', 'sysctl.txt'],
    ['/proc/sys/fs/inotify/max_user_watches:8192\n/proc/sys/net/ipv4/ip_forward:1\n', 'x'],
    ['# cat /proc/sys/fs/inotify/max_user_watches /proc/sys/net/ipv4/ip_forward\n8192\n1\n', 'checks.txt'],
  ])('%j', (text, path) => {
    expect(values(read('sysctl', text, path))).toEqual([
      { key: 'fs.inotify.max_user_watches', value: 8192 },
      { key: 'net.ipv4.ip_forward', value: 1 },
    ]);
  });

  it('takes the key from the path of a captured file', () => {
    expect(values(read('sysctl', '8192\n', 'host/proc/sys/fs/inotify/max_user_watches'))).toEqual([
      { key: 'fs.inotify.max_user_watches', value: 8192 },
    ]);
  });
});

describe('networks', () => {
  it('reads the zone of a firewall with its prompt', () => {
    expect(
      values(
        read(
          'firewall-cmd',
          'root@n1:work # firewall-cmd --list-all --zone=kubernetes\nkubernetes (active)\n  target: default\n  icmp-block-inversion: no\n  interfaces:\n  sources: 172.18.1.1/16 10.244.1.1/16\n  services:\n',
        ),
      ),
    ).toEqual([
      {
        zone: 'kubernetes',
        active: true,
        target: 'default',
        interfaces: [],
        sources: ['172.18.1.1/16', '10.244.1.1/16'],
        services: [],
      },
    ]);
  });

  it('reads counters of interfaces', () => {
    expect(
      values(
        read(
          'ip-addr',
          '2: eth0: <NO-CARRIER,BROADCAST,UP> mtu 1450 qdisc mq state DOWN mode DEFAULT group default qlen 1000\n    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff\n    RX:  bytes packets errors dropped  missed   mcast\n    1000 10 7 3 0 0\n    TX:  bytes packets errors dropped carrier collsns\n    1000 10 1 2 0 0\n',
        ),
      ),
    ).toMatchObject([
      { interface: 'eth0', state: 'DOWN', mtu: 1450, rxErrors: 7, rxDropped: 3, txErrors: 1, txDropped: 2 },
    ]);
  });

  it('counts rules and quotes those that refuse traffic', () => {
    const result = read(
      'iptables-save',
      '# Generated by iptables-nft-save v1.8.9\n# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n*filter\n:INPUT ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n-A INPUT -j KUBE-SERVICES\n-A INPUT -p tcp --dport 10250 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n',
    );
    expect(values(result)).toEqual([
      { backend: 'nft', legacyPresent: true, inputPolicy: 'ACCEPT', rules: 2, kubeRules: 1 },
    ]);
    expect(result.records.map(({ message }) => message)).toContain(
      '-A INPUT -p tcp --dport 10250 -j REJECT --reject-with icmp-port-unreachable',
    );
  });

  it.each([
    [
      "$ nslookup github.com\nServer:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n** server can't find github.com: NXDOMAIN\n",
      { query: 'github.com', server: '10.96.0.10', status: 'NXDOMAIN' },
    ],
    [
      '; <<>> DiG 9.18.1 <<>> @10.96.0.10 github.com\n;; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n;; QUESTION SECTION:\n;github.com.\t\tIN\tA\n;; SERVER: 10.96.0.10#53(10.96.0.10)\n',
      { query: 'github.com', server: '10.96.0.10', status: 'SERVFAIL' },
    ],
    [
      'Server:  10.96.0.10\nAddress: 10.96.0.10#53\n\nName:\tgithub.com\nAddress: 140.82.121.4\n',
      { query: 'github.com', status: 'NOERROR', addresses: ['140.82.121.4'] },
    ],
    [
      '$ kubectl run -it --rm t --image=busybox --restart=Never -- nslookup github.com\n;; connection timed out; no servers could be reached\n',
      { query: 'github.com', status: 'TIMEOUT' },
    ],
  ])('reads lookups: %j', (text, expected) => {
    expect(values(read('dns-lookup', text))[0]).toMatchObject(expected);
  });

  it('reads lost packets', () => {
    expect(
      values(
        read(
          'ping',
          'PING gw (10.0.0.1) 56(84) bytes of data.\nFrom 10.0.0.2 icmp_seq=1 Destination Host Unreachable\n\n--- gw ping statistics ---\n4 packets transmitted, 1 received, +3 errors, 75% packet loss, time 3071ms\n',
        ),
      ),
    ).toMatchObject([{ target: 'gw', lossPercent: 75 }]);
  });
});

describe('components', () => {
  it('knows that an agent is dead', () => {
    const result = read(
      'cilium-status',
      'Get "http:///var/run/cilium/cilium.sock/v1/healthz": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?\n> Error while running \'cilium status --verbose\':  exit status 1\n',
    );
    expect(values(result)).toMatchObject([{ component: 'cilium', state: 'not running', ready: false }]);
    expect([result.recognised, result.continuation]).toEqual([1, 2]);
  });

  it('reads the picture that cilium-cli draws', () => {
    const result = read(
      'cilium-status',
      `    /¯¯\\
 /¯¯\\__/¯¯\\    Cilium:             1 errors, 2 warnings
 \\__/¯¯\\__/    Operator:           OK
 /¯¯\\__/¯¯\\    Envoy DaemonSet:    disabled (using embedded mode)
 \\__/¯¯\\__/    Hubble Relay:       disabled
    \\__/       ClusterMesh:        disabled

DaemonSet              cilium             Desired: 3, Ready: 1/3, Available: 1/3, Unavailable: 2/3
Deployment             cilium-operator    Desired: 1, Ready: 1/1, Available: 1/1
Errors:                cilium             cilium-abcde    unable to retrieve cilium status
`,
    );
    expect(result.records.flatMap(({ row }) => (row?.kind === 'DaemonSet' ? [row.values] : []))).toEqual([
      { name: 'cilium', namespace: 'kube-system', desired: 3, readyCount: 1, available: 1, unavailable: 2 },
    ]);
    expect(
      result.records.flatMap(({ row }) =>
        row?.kind === 'Component' ? [[row.values['component'], row.values['ready']]] : [],
      )[0],
    ).toEqual(['cilium', false]);
    expect(
      result.records.at(-1)?.message === 'unable to retrieve cilium status' ||
        result.records.some(
          ({ message, pod }) => message === 'unable to retrieve cilium status' && pod === 'kube-system/cilium-abcde',
        ),
    ).toBe(true);
  });

  it('reads plain answers of etcdctl', () => {
    expect(
      values(
        read(
          'etcdctl-endpoint',
          '127.0.0.1:2379, 8e9e05c52164694d, 3.5.1, 20 kB, true, false, 2, 8, 8, \n10.0.0.2:2379, 8e9e05c52164694e, 3.5.1, 8.6 GB, false, false, 2, 8, 8, memberID:1 alarm:NOSPACE\n',
        ),
      ),
    ).toMatchObject([
      { component: 'etcd', endpoint: '127.0.0.1:2379', isLeader: true, dbSizeBytes: 20_000, ready: true },
      { isLeader: false, ready: false, message: 'memberID:1 alarm:NOSPACE' },
    ]);
  });

  it('reads services of Talos in both forms', () => {
    expect(
      values(
        read(
          'talos-services',
          'NODE         SERVICE      STATE     HEALTH   LAST CHANGE   LAST EVENT\n172.20.0.2   apid         Running   OK       19m27s ago    Health check successful\n172.20.0.2   etcd         Waiting   ?        2m3s ago      Waiting for  service "cri" to be "up"\n',
        ),
      ),
    ).toMatchObject([
      { component: 'apid', ready: true, node: '172.20.0.2' },
      { component: 'etcd', ready: false, message: 'Waiting for  service "cri" to be "up"' },
    ]);
  });

  it('reads containers of a runtime with ages in words', () => {
    const result = read(
      'crictl',
      'CONTAINER      IMAGE          CREATED              STATE     NAME      ATTEMPT   POD ID         POD\n1f73f2d81bf98  d6c3e26e4a1ba  About an hour ago    Exited    coredns   12        9d371fb41ba49  coredns-69cbb76ff8-q2zgf\n',
    );
    expect(result.records[0]).toMatchObject({
      stamp: { kind: 'age', ageMs: 3_600_000, unitMs: 3_600_000 },
      row: { kind: 'Container', values: { container: 'coredns', state: 'Exited', attempt: 12 } },
    });
  });
});
