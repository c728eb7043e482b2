#!/usr/bin/env bash
# Generates the seccomp profiles of sandboxes. With Docker: the system calls that container engines allow by default, plus keyctl and
# pivot_root, which runc needs in the sandbox. Without Docker: of those, the ones that Docker's newest default allows to containers with
# the default capabilities, on any engine. Run it by hand to renew the list; the result is committed.
#
# The list of calls is data in Debian's golang-github-containers-common; this script decides which of them a sandbox gets. A sandbox's
# capabilities are always the same, so conditions on capabilities are resolved here and do not appear in the profile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

profile=../src/main/resources/dev/caisson/engine/seccomp.json

# That list allows these to everybody; Docker only with capabilities that a sandbox does not have.
withheld='["socket","get_mempolicy","mbind","set_mempolicy","reboot","query_module"]'
needed='["keyctl","pivot_root"]'
# As Docker does: any socket but AF_VSOCK (40), which no namespace holds back from the host of a virtual machine.
socket='[{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":40,"op":"SCMP_CMP_NE"}]}]'
# Docker's defaults and the two of a sandbox with Docker.
capabilities='["CAP_AUDIT_WRITE","CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_MKNOD",
  "CAP_NET_ADMIN","CAP_NET_BIND_SERVICE","CAP_NET_RAW","CAP_SETFCAP","CAP_SETGID","CAP_SETPCAP","CAP_SETUID",
  "CAP_SYS_ADMIN","CAP_SYS_CHROOT"]'

# shellcheck disable=SC2016
filter='
def granted: ((.includes.caps // []) - $capabilities == []) and ((.excludes.caps // []) - $capabilities == (.excludes.caps // []));
def always: ((.includes // {}) | del(.caps) == {}) and ((.args // []) == []);
[.syscalls[] | select(.action == "SCMP_ACT_ALLOW" and granted)] as $allowed
| {
    defaultAction: .defaultAction,
    archMap: .archMap,
    syscalls: (
      [{names: (([$allowed[] | select(always) | .names[]] + $needed) - $withheld | unique), action: "SCMP_ACT_ALLOW"}]
      + $socket
      + [$allowed[] | select(always | not)
         | {names: .names, action: .action}
           + (if (.args // []) == [] then {} else {args: .args} end)
           + (if .includes.arches then {includes: {arches: .includes.arches}} else {} end)]
    )
  }'

mkdir -p "$(dirname "$profile")"
log=$(mktemp)
docker run --rm debian:trixie-slim sh -euc '
  { apt-get update -q; apt-get install -q -y --no-install-recommends jq; cd /tmp; apt-get download -q golang-github-containers-common; } >&2
  dpkg-deb --fsys-tarfile golang-github-containers-common_*.deb | tar -xO ./usr/share/containers/seccomp.json \
    | jq --argjson capabilities "$1" --argjson withheld "$2" --argjson needed "$3" --argjson socket "$4" "$5"
' sh "$capabilities" "$withheld" "$needed" "$socket" "$filter" 2>"$log" >"$profile.new" \
  || { tail "$log" >&2; rm -f "$log" "$profile.new"; die "making the profile failed"; }
rm -f "$log"
mv "$profile.new" "$profile"

# A rootless sandbox makes a user namespace, whose root has every capability there. What these ask for are capabilities over
# the host, which it has not, or nothing at all: root's keys are the host's.
need jq
nest=${profile%.json}-nest.json
jq '.syscalls |= map(.names -= ["add_key", "bpf", "fanotify_init", "keyctl", "lookup_dcookie", "perf_event_open", "quotactl", "quotactl_fd", "request_key", "syslog"])' \
  "$profile" >"$nest"

# A plain sandbox may make no namespace, mount nothing and enter nothing. clone3 hides its flags behind a pointer, so it "is not
# there" (ENOSYS): C libraries then take clone, of which the flags of namespaces are denied.
plain=${profile%.json}-plain.json
jq '
  ["add_key", "bpf", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "keyctl", "kcmp", "lookup_dcookie", "mount",
   "mount_setattr", "move_mount", "open_tree", "open_tree_attr", "perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise",
   "quotactl", "quotactl_fd", "request_key", "setdomainname", "sethostname", "setns", "set_mempolicy_home_node", "syslog", "umount",
   "umount2", "unshare", "clone", "clone3"] as $denied
  | .syscalls |= map(.names -= $denied)
  | .syscalls += [
      {names: ["clone"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ"}],
       excludes: {arches: ["s390", "s390x"]}},
      {names: ["clone"], action: "SCMP_ACT_ALLOW", args: [{index: 1, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ"}],
       includes: {arches: ["s390", "s390x"]}},
      {names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38}
    ]' "$profile" >"$plain"
say "$profile: $(grep -c '^ *"[a-z_0-9]*",\?$' "$profile") names"
