#!/usr/bin/env bash
# Lets the real kubectl print a made-up cluster in all its forms, and compares what is found in each. The cluster is a
# small server on the loopback address. Needs: kubectl (Debian: kubernetes-client); without it the step says so.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v kubectl >/dev/null; then
  echo 'kubectl.sh: kubectl is missing (apt-get install kubernetes-client): skipped' >&2
  exit 0
fi

out=$(mktemp -d)
node test/real/stub-cluster.mjs "$out" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$out"' EXIT
for _ in $(seq 50); do
  [ -s "$out/port" ] && break
  sleep 0.1
done
export HOME="$out" KUBECONFIG="$out/none"
ask() { kubectl --server="http://127.0.0.1:$(cat "$out/port")" --request-timeout=20s "$@"; }

mkdir -p "$out/pods" "$out/events"
ask get pods -A -o wide >"$out/pods/wide.txt"
ask get pods -A >"$out/pods/table.txt"
ask get pods -A -o yaml >"$out/pods/pods.yaml"
ask get pods -A -o json >"$out/pods/pods.json"
ask describe pods -n kube-system >"$out/pods/describe.txt"
ask get events -A -o wide >"$out/events/wide.txt"
ask get events -A >"$out/events/table.txt"
ask get events -A -o yaml >"$out/events/events.yaml"
ask get events -A -o json >"$out/events/events.json"
ask describe pods -n kube-system >"$out/events/describe.txt"
ask get nodes -o wide >"$out/nodes.txt"
ask describe nodes >"$out/describe-nodes.txt"
# Not in kubectl before 1.26.
ask events -A >"$out/events/events.txt" 2>/dev/null || rm -f "$out/events/events.txt"
date -u +%Y-%m-%dT%H:%M:%SZ >"$out/finished"

REAL_KUBECTL="$out" npx vitest run test/real/kubectl.test.ts
