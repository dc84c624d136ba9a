#!/bin/sh
# Gathers what a post-mortem of a Kubernetes node or cluster needs, into one .tar.gz for `forensics analyze`.
#
# Usage: sh collect.sh [-o DIR] [-t SECONDS] [-n NAMESPACE]... [-l LINES] [-H] [-K]
#        (-h explains)
#
# Run it as root on the node where the trouble is, and once where kubectl works. It only reads. Missing programs and
# missing rights are noted and passed over. Secrets and ConfigMaps are not read, but logs, object specs and
# environment variables in them may hold names and tokens: look before you pass the archive on.
#
# Inside the archive: manifest.txt (when, zone, one line per file: path, exit status, begin, end, command),
# host/<name>/ (journal, kernel, mounts, clock, processes), cluster-resources/ (tables, descriptions, objects as JSON,
# logs), cilium/ (agent status).

set -u
umask 077
LC_ALL=C
export LC_ALL
unset KUBECTL_EXTERNAL_DIFF PAGER 2>/dev/null
SYSTEMD_PAGER=
SYSTEMD_COLORS=0
export SYSTEMD_PAGER SYSTEMD_COLORS

out_dir=.
seconds=60
extra_namespaces=
lines=400000
with_host=yes
with_cluster=yes
max_logs=600
max_describes=150

usage() {
  say 'usage: sh collect.sh [-o DIR] [-t SECONDS] [-n NAMESPACE]... [-l LINES] [-H] [-K]'
  say '  -o DIR        where the archive is written (default: the current folder)'
  say '  -t SECONDS    a single command may take so long (default: 60)'
  say '  -n NAMESPACE  take the pod logs of this namespace too; may be repeated'
  say '  -l LINES      newest lines kept of a journal boot; a tenth of it of a container log (default: 400000)'
  say '  -H            leave this host out'
  say '  -K            leave the Kubernetes API out'
  exit "$1"
}

say() { printf '%s\n' "$*" >&2; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
have() { command -v "$1" >/dev/null 2>&1; }
# A name as part of a path: nothing but letters, digits, dot, dash and underscore.
plain() { printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_'; }

while getopts 'o:t:n:l:HKh' option; do
  case $option in
    o) out_dir=$OPTARG ;;
    t) seconds=$OPTARG ;;
    n) extra_namespaces="$extra_namespaces $OPTARG" ;;
    l) lines=$OPTARG ;;
    H) with_host=no ;;
    K) with_cluster=no ;;
    h) usage 0 ;;
    *) usage 2 ;;
  esac
done
case $seconds:$lines in
  *[!0-9:]* | :* | *:) usage 2 ;;
esac

for tool in date uname mktemp mkdir tr sed tar gzip; do
  have "$tool" || {
    say "$tool is needed and missing"
    exit 1
  }
done

host=$(plain "$(uname -n 2>/dev/null || echo unknown)")
started=$(now)
stamp=$(date -u +%Y%m%dT%H%M%SZ)
name=forensics-$host-$stamp
tmp=$(mktemp -d "${TMPDIR:-/tmp}/forensics.XXXXXX" 2>/dev/null) || {
  say "cannot make a temporary folder in ${TMPDIR:-/tmp}"
  exit 1
}
root=$tmp/$name
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM
mkdir -p "$root" || exit 1
manifest=$root/manifest.txt

# limited SECONDS COMMAND...: runs the command without input; 124 when it had to be stopped.
if have timeout && timeout -k 1 5 true >/dev/null 2>&1; then
  limited() {
    limit=$1
    shift
    timeout -k 5 "$limit" "$@" </dev/null
  }
else
  limited() {
    limit=$1
    shift
    "$@" </dev/null &
    child=$!
    (
      exec >/dev/null 2>&1
      left=$limit
      while [ "$left" -gt 0 ] && kill -0 "$child"; do
        sleep 1
        left=$((left - 1))
      done
      kill "$child" && sleep 2 && kill -9 "$child"
    ) &
    watcher=$!
    wait "$child"
    code=$?
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null
    [ "$code" -ge 128 ] && code=124
    return "$code"
  }
fi

# note PATH STATUS BEGIN END COMMAND
note() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" >>"$manifest"; }

as=
count=0
progress() {
  count=$((count + 1))
  printf '[%3d] %s\n' "$count" "$1" >&2
}

# capture KIND PATH COMMAND...; $as is shown for the command when it is set
#   text: output and errors with the command as first line; log: output and errors as they are;
#   data: output alone, errors to PATH.err (kept only when there are any)
capture() {
  kind=$1
  path=$2
  shift 2
  shown=${as:-$*}
  if ! have "$1"; then
    note "-" missing "$(now)" "$(now)" "$shown"
    return 127
  fi
  progress "$shown"
  mkdir -p "$root/$(dirname "$path")" || return 1
  begin=$(now)
  case $kind in
    text)
      printf '$ %s\n' "$shown" >"$root/$path"
      limited "$seconds" "$@" >>"$root/$path" 2>&1
      ;;
    log) limited "$seconds" "$@" >"$root/$path" 2>&1 ;;
    *) limited "$seconds" "$@" >"$root/$path" 2>"$root/$path.err" ;;
  esac
  status=$?
  [ -e "$root/$path.err" ] && [ ! -s "$root/$path.err" ] && rm -f "$root/$path.err"
  if [ "$kind" != text ] && [ ! -s "$root/$path" ]; then
    rm -f "$root/$path"
  fi
  [ "$status" -eq 124 ] && say "      stopped after $seconds s"
  note "$path" "$status" "$begin" "$(now)" "$shown"
  return "$status"
}

# files PATH FILE...: contents of small files, each under its own name.
files() {
  path=$1
  shift
  progress "$path"
  mkdir -p "$root/$(dirname "$path")" || return 1
  begin=$(now)
  for file in "$@"; do
    if [ -r "$file" ] && [ -f "$file" ]; then
      printf '$ cat %s\n' "$file"
      limited 10 cat "$file" 2>&1
    fi
  done >"$root/$path"
  note "$path" 0 "$begin" "$(now)" "cat $*"
}

# facts PATH FILE...: one `key = value` line per readable file below /proc/sys, as sysctl prints them.
facts() {
  path=$1
  shift
  progress "$path"
  mkdir -p "$root/$(dirname "$path")" || return 1
  begin=$(now)
  {
    # A first line like that of any other command.
    # shellcheck disable=SC2016
    printf '$ sysctl -a\n'
    for file in "$@"; do
      if [ -r "$file" ]; then
        key=$(printf '%s' "${file#/proc/sys/}" | tr / .)
        printf '%s = %s\n' "$key" "$(limited 5 cat "$file" 2>/dev/null)"
      fi
    done
  } >"$root/$path"
  note "$path" 0 "$begin" "$(now)" "cat $*"
}

{
  printf 'forensics-collect: 1\n'
  printf 'collected: %s\n' "$started"
  printf 'zone: %s %s\n' "$(date +%z)" "$(date +%Z)"
  printf 'host: %s\n' "$host"
  printf 'user: %s\n' "$(id -u 2>/dev/null)"
  printf '\npath\texit\tbegin\tend\tcommand\n'
} >"$manifest"

# ---------------------------------------------------------------------------------------------------------------- host

collect_host() {
  base=host/$host
  say "host $host"
  capture text "$base/date.txt" date
  capture text "$base/timedatectl.txt" timedatectl
  capture text "$base/uptime.txt" uptime
  capture text "$base/uname.txt" uname -a
  capture log "$base/dmesg.txt" dmesg
  capture text "$base/journalctl-list-boots.txt" journalctl --list-boots --no-pager
  for boot in 0 -1; do
    capture log "$base/journalctl-b$boot.log" \
      journalctl -b "$boot" -o short-iso-precise --no-pager -n "$lines"
  done
  # Without journald the kernel's and the system's log are files.
  if ! have journalctl; then
    for file in /var/log/messages /var/log/syslog /var/log/kern.log; do
      [ -r "$file" ] && capture log "$base/$(basename "$file")" tail -n "$lines" "$file"
    done
  fi

  # /proc/mounts is read from memory; `df` without -l asks every server and hangs with a dead one.
  capture text "$base/mount.txt" cat /proc/mounts
  capture text "$base/nfsstat.txt" nfsstat -m
  capture text "$base/df.txt" df -P -l
  capture text "$base/df-inodes.txt" df -P -l -i
  capture text "$base/lsblk.txt" lsblk -o NAME,TYPE,SIZE,ROTA,FSTYPE,MOUNTPOINT
  capture text "$base/ps.txt" ps -eo pid,ppid,stat,wchan:32,etime,rss,comm || capture text "$base/ps.txt" ps
  capture text "$base/free.txt" free -m
  capture text "$base/systemctl-failed.txt" systemctl list-units --failed --no-pager --no-legend
  for unit in kubelet containerd crio docker k3s k3s-agent rke2-server rke2-agent; do
    if have systemctl && limited 10 systemctl cat "$unit.service" >/dev/null 2>&1; then
      capture text "$base/systemctl-status-$unit.txt" systemctl status "$unit" --no-pager --full -n 20
    fi
  done
  capture text "$base/ip-addr.txt" ip addr
  capture text "$base/ip-route.txt" ip route
  capture text "$base/ip-neigh-count.txt" sh -c 'ip neigh | wc -l'
  capture text "$base/ss-summary.txt" ss -s
  capture text "$base/chronyc.txt" chronyc -n tracking
  capture text "$base/crictl-ps.txt" crictl ps -a
  capture text "$base/crictl-pods.txt" crictl pods
  capture text "$base/etcd-members.txt" etcdctl endpoint status --write-out=table
  facts "$base/sysctl.txt" \
    /proc/sys/kernel/hung_task_timeout_secs /proc/sys/kernel/hung_task_panic /proc/sys/kernel/hung_task_warnings \
    /proc/sys/kernel/softlockup_panic /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops /proc/sys/kernel/pid_max \
    /proc/sys/kernel/threads-max /proc/sys/kernel/random/boot_id /proc/sys/vm/overcommit_memory \
    /proc/sys/vm/panic_on_oom /proc/sys/vm/dirty_ratio /proc/sys/vm/max_map_count /proc/sys/fs/file-nr \
    /proc/sys/fs/file-max /proc/sys/fs/inotify/max_user_watches /proc/sys/fs/inotify/max_user_instances \
    /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max \
    /proc/sys/net/ipv4/neigh/default/gc_thresh1 /proc/sys/net/ipv4/neigh/default/gc_thresh2 \
    /proc/sys/net/ipv4/neigh/default/gc_thresh3 /proc/sys/net/ipv4/ip_forward \
    /proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/net/bridge/bridge-nf-call-iptables
  files "$base/etc.txt" /etc/os-release /etc/resolv.conf /etc/hosts /etc/timezone /etc/fstab
  files "$base/pressure.txt" /proc/loadavg /proc/pressure/cpu /proc/pressure/io /proc/pressure/memory
  files "$base/cni.txt" /etc/cni/net.d/*
  blocked_tasks
  boot_time
}

# Where tasks in uninterruptible sleep wait. The stack needs root; names of kernel functions only, no arguments.
blocked_tasks() {
  path=$base/blocked-tasks.txt
  progress "tasks in state D"
  begin=$(now)
  for dir in /proc/[0-9]*; do
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "$dir/status" 2>/dev/null)
    if [ "$state" = D ]; then
      pid=${dir#/proc/}
      printf '$ cat /proc/%s/status\n' "$pid"
      limited 5 cat "$dir/status" 2>/dev/null | sed -n '/^Name:/p;/^State:/p;/^Pid:/p;/^PPid:/p'
      printf '$ cat /proc/%s/stack\n' "$pid"
      limited 5 cat "$dir/stack" 2>&1
    fi
  done >"$root/$path"
  [ -s "$root/$path" ] || printf 'no task in state D\n' >"$root/$path"
  note "$path" 0 "$begin" "$(now)" "status and stack of tasks in state D"
}

boot_time() {
  path=$base/boot-time.txt
  begin=$(now)
  # shellcheck disable=SC2016
  {
    printf '$ cat /proc/stat\n'
    sed -n '/^btime /p' /proc/stat 2>/dev/null
    printf '$ cat /proc/uptime\n'
    cat /proc/uptime 2>/dev/null
  } >"$root/$path"
  note "$path" 0 "$begin" "$(now)" "btime and uptime"
}

# ------------------------------------------------------------------------------------------------------------- cluster

# Resources whose lists are taken, by the name that `kubectl api-resources -o name` prints.
RESOURCES='nodes namespaces pods services endpoints endpointslices.discovery.k8s.io deployments.apps statefulsets.apps
daemonsets.apps replicasets.apps jobs.batch cronjobs.batch persistentvolumes persistentvolumeclaims
storageclasses.storage.k8s.io volumeattachments.storage.k8s.io csidrivers.storage.k8s.io csinodes.storage.k8s.io
ingresses.networking.k8s.io networkpolicies.networking.k8s.io poddisruptionbudgets.policy
leases.coordination.k8s.io priorityclasses.scheduling.k8s.io resourcequotas
validatingwebhookconfigurations.admissionregistration.k8s.io mutatingwebhookconfigurations.admissionregistration.k8s.io
apiservices.apiregistration.k8s.io customresourcedefinitions.apiextensions.k8s.io
kustomizations.kustomize.toolkit.fluxcd.io helmreleases.helm.toolkit.fluxcd.io
gitrepositories.source.toolkit.fluxcd.io helmrepositories.source.toolkit.fluxcd.io
ocirepositories.source.toolkit.fluxcd.io helmcharts.source.toolkit.fluxcd.io applications.argoproj.io
clusters.cluster.x-k8s.io machines.cluster.x-k8s.io machinedeployments.cluster.x-k8s.io
kubeadmcontrolplanes.controlplane.cluster.x-k8s.io certificates.cert-manager.io certificaterequests.cert-manager.io
issuers.cert-manager.io clusterissuers.cert-manager.io ciliumnetworkpolicies.cilium.io
ciliumclusterwidenetworkpolicies.cilium.io ciliumnodes.cilium.io ciliumendpoints.cilium.io
subnets.kubeovn.io ips.kubeovn.io volumes.longhorn.io nodes.longhorn.io engines.longhorn.io replicas.longhorn.io'
# Without JSON: long, and their tables say it all.
TABLE_ONLY=' customresourcedefinitions.apiextensions.k8s.io replicasets.apps ciliumendpoints.cilium.io ips.kubeovn.io '

find_kubectl() {
  kube=
  for candidate in kubectl oc; do
    have "$candidate" && kube=$candidate && break
  done
  if [ -z "$kube" ]; then
    for candidate in k3s microk8s; do
      have "$candidate" && kube="$candidate kubectl" && break
    done
  fi
  if [ -z "$kube" ] && [ -x /var/lib/rancher/rke2/bin/kubectl ]; then
    kube=/var/lib/rancher/rke2/bin/kubectl
  fi
  [ -n "$kube" ] || return 1
  if [ -z "${KUBECONFIG:-}" ] && [ ! -r "${HOME:-/root}/.kube/config" ]; then
    for file in /etc/kubernetes/admin.conf /etc/rancher/k3s/k3s.yaml /etc/rancher/rke2/rke2.yaml; do
      if [ -r "$file" ]; then
        KUBECONFIG=$file
        export KUBECONFIG
        break
      fi
    done
  fi
  return 0
}

# k KIND PATH ARGUMENTS...: one kubectl call. $kube may be two words; the files say `kubectl` whatever it is.
k() {
  kind_of=$1
  path_of=$2
  shift 2
  as="kubectl $*"
  # shellcheck disable=SC2086
  capture "$kind_of" "$path_of" $kube --request-timeout="${seconds}s" "$@"
  result=$?
  as=
  return "$result"
}

# ask ARGUMENTS...: a kubectl call whose output the script itself needs.
ask() {
  # shellcheck disable=SC2086
  limited "$seconds" $kube --request-timeout="${seconds}s" "$@" 2>/dev/null
}

collect_cluster() {
  base=cluster-resources
  if ! find_kubectl; then
    say 'no kubectl: the Kubernetes API is left out'
    note "-" missing "$(now)" "$(now)" kubectl
    return
  fi
  say "cluster, by $kube"
  capture text "$base/date.txt" date -u
  if ! k text "$base/version.txt" version; then
    say '      the Kubernetes API does not answer: its part is left out'
    return
  fi
  k text "$base/cluster-info.txt" cluster-info
  k text "$base/readyz.txt" get --raw '/readyz?verbose'
  known=$(ask api-resources --verbs=list -o name | tr '\n' ' ')
  for resource in $RESOURCES; do
    case " $known " in
      '  ' | *" $resource "*)
        k text "$base/tables/$resource.txt" get "$resource" -A -o wide
        case $TABLE_ONLY in
          *" $resource "*) ;;
          *) k data "$base/objects/$resource.json" get "$resource" -A -o json ;;
        esac
        ;;
    esac
  done
  k text "$base/tables/events.txt" get events -A -o wide
  k data "$base/events/all.json" get events -A -o json
  k text "$base/tables/top-nodes.txt" top nodes
  k text "$base/tables/top-pods.txt" top pods -A
  k text "$base/describe/nodes.txt" describe nodes
  describe_troubled_pods
  collect_logs
  collect_cilium
}

# Pods that are not all right, at most $max_describes.
describe_troubled_pods() {
  done_so_far=0
  ask get pods -A --no-headers >"$tmp/pods.txt"
  while read -r namespace pod ready phase _; do
    case $phase in
      Completed | Succeeded) continue ;;
      Running) [ "${ready%/*}" = "${ready#*/}" ] && continue ;;
    esac
    [ "$done_so_far" -ge "$max_describes" ] && break
    done_so_far=$((done_so_far + 1))
    k text "$base/describe/pods/$(plain "$namespace")/$(plain "$pod").txt" describe pod -n "$namespace" "$pod"
  done <"$tmp/pods.txt"
}

# Is it a namespace of the cluster's own machinery, or one that was asked for?
is_system() {
  case " $extra_namespaces " in
    *" $1 "*) return 0 ;;
  esac
  case $1 in
    kube-system | kube-public | *-system | cilium* | calico-* | tigera-* | flux-* | cert-manager | ingress-* | \
      kube-ovn | kube-flannel | metallb* | longhorn* | rook-* | cattle-* | openshift-* | istio-* | linkerd* | \
      argocd | kyverno | gatekeeper* | monitoring | traefik | capi-* | capa-* | cap[a-z]-* | *-csi* | csi-* | nfs-*)
      return 0
      ;;
  esac
  return 1
}

collect_logs() {
  taken=0
  tail_lines=$((lines / 10 + 1))
  format='{range .items[*]}{.metadata.namespace}{" "}{.metadata.name}'
  format="$format"'{range .spec.initContainers[*]}{" "}{.name}{end}{range .spec.containers[*]}{" "}{.name}{end}{"\n"}{end}'
  ask get pods -A -o "jsonpath=$format" >"$tmp/containers.txt"
  while read -r namespace pod containers; do
    is_system "$namespace" || continue
    for container in $containers; do
      if [ "$taken" -ge "$max_logs" ]; then
        say "      more than $max_logs container logs: the rest is left out"
        return
      fi
      taken=$((taken + 1))
      target=$base/pods/logs/$(plain "$namespace")/$(plain "$pod")/$(plain "$container")
      k log "$target.log" logs -n "$namespace" "$pod" -c "$container" --timestamps --tail="$tail_lines"
      k log "$target-previous.log" logs -n "$namespace" "$pod" -c "$container" --timestamps --tail="$tail_lines" \
        --previous || drop_absent "$target-previous.log"
    done
  done <"$tmp/containers.txt"
}

# "There was no instance before this one" is no log.
drop_absent() {
  if [ -f "$root/$1" ] && grep -q 'previous terminated container .* not found' "$root/$1"; then
    rm -f "$root/$1"
  fi
}

# Each agent's own view: status, its controllers, its health probes.
collect_cilium() {
  ask get pods -A -l k8s-app=cilium --no-headers -o \
    'jsonpath={range .items[*]}{.metadata.namespace}{" "}{.metadata.name}{" "}{.spec.nodeName}{"\n"}{end}' \
    >"$tmp/cilium.txt"
  while read -r namespace pod node; do
    [ -n "$pod" ] || continue
    to=cilium/$(plain "${node:-$pod}")
    k text "$to/cilium-status.txt" exec -n "$namespace" "$pod" -c cilium-agent -- cilium status --verbose
    k text "$to/cilium-health.txt" exec -n "$namespace" "$pod" -c cilium-agent -- cilium-health status
  done <"$tmp/cilium.txt"
}

# ----------------------------------------------------------------------------------------------------------------- run

[ "$with_host" = yes ] && collect_host
[ "$with_cluster" = yes ] && collect_cluster

printf '\nfinished: %s\n' "$(now)" >>"$manifest"
mkdir -p "$out_dir" || exit 1
archive=$out_dir/$name.tar.gz
if ! (cd "$tmp" && tar -cf - "$name") | gzip -c >"$archive"; then
  say "cannot write $archive"
  exit 1
fi
size=$(wc -c <"$archive" | tr -d ' ')
say "wrote $archive ($size bytes). It may hold names and tokens: look before you pass it on."
printf '%s\n' "$archive"
