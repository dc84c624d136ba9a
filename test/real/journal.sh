#!/usr/bin/env bash
# Renders a made-up journal, a kernel log and one incident through the real journalctl and dmesg in all their modes, and
# compares what is read with what was put in, and the analyses with each other. Needs: systemd, systemd-journal-remote,
# util-linux.
set -euo pipefail
cd "$(dirname "$0")/../.."

remote=/lib/systemd/systemd-journal-remote
for tool in journalctl dmesg "$remote"; do
  command -v "$tool" >/dev/null || { echo "journal.sh: $tool is missing (apt-get install systemd-journal-remote)" >&2; exit 3; }
done

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
node test/real/make-journal.mjs "$out"
"$remote" --output="$out/made.journal" "$out/journal.export" 2>/dev/null

journal() { TZ=UTC LC_ALL=C.UTF-8 journalctl --file "$out/made.journal" --no-pager "$@"; }
mkdir "$out/journal" "$out/dmesg"
for mode in short short-precise short-iso short-iso-precise short-full with-unit short-unix short-monotonic short-delta \
  verbose export json json-pretty json-sse json-seq; do
  journal -o "$mode" >"$out/journal/$mode"
done
journal -r >"$out/journal/reversed"
journal --no-hostname >"$out/journal/no-hostname"
journal --list-boots >"$out/list-boots"
journal -t nothing-has-this-name >"$out/no-entries"

kernel() { TZ=UTC LC_ALL=C.UTF-8 dmesg -F "$out/kmsg" "$@"; }
kernel >"$out/dmesg/raw"
kernel -x >"$out/dmesg/decoded"
kernel -r >"$out/dmesg/syslog"
kernel -T >"$out/dmesg/ctime"
kernel -T -d >"$out/dmesg/ctime-delta"
kernel -d >"$out/dmesg/show-delta"
kernel -t -d >"$out/dmesg/delta"
kernel -e >"$out/dmesg/reltime"
kernel --time-format iso >"$out/dmesg/iso"
kernel -J >"$out/dmesg/json"
kernel -J -x >"$out/dmesg/json-decoded"

# One incident in all modes.
node test/real/make-incident.mjs "$out"
"$remote" --output="$out/incident.journal" "$out/incident.export" 2>/dev/null
mkdir "$out/incident" "$out/incident-kernel"
incident() { TZ=UTC LC_ALL=C.UTF-8 journalctl --file "$out/incident.journal" --no-pager "$@"; }
for mode in short short-precise short-iso short-iso-precise short-full with-unit short-unix short-monotonic verbose \
  export json json-pretty cat; do
  incident -o "$mode" >"$out/incident/$mode"
done
incident -r >"$out/incident/reversed"
incident_kernel() { TZ=UTC LC_ALL=C.UTF-8 dmesg -F "$out/incident.kmsg" "$@"; }
incident_kernel >"$out/incident-kernel/raw"
incident_kernel -x >"$out/incident-kernel/decoded"
incident_kernel -T >"$out/incident-kernel/ctime"
incident_kernel --time-format iso >"$out/incident-kernel/iso"
incident_kernel -t -d >"$out/incident-kernel/delta"
incident_kernel -e >"$out/incident-kernel/reltime"

REAL_LOGS="$out" npx vitest run test/real/journal.test.ts test/real/incident.test.ts
