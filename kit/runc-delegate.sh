#!/bin/sh
# OCI runtime `caisson`: runc, but after a create it gives the container's own cgroup to the root of the container's user namespace.
#
# Docker in a sandbox creates cgroups below the sandbox's. With user namespaces, the sandbox's root is nobody on the host and is not
# allowed to. Only the directory and the files that delegation needs change their owner, never a file with a limit: the host keeps
# control of the sandbox's limits.
create= bundle= previous=
for argument in "$@"; do
  [ "$argument" = create ] && create=1
  [ "$previous" = --bundle ] && bundle=$argument
  case $argument in --bundle=*) bundle=${argument#--bundle=} ;; esac
  previous=$argument
done
# Every other call is runc's own, without a shell that waits for it.
[ -n "$create" ] && [ -n "$bundle" ] || exec runc "$@"

runc "$@" || exit $?

path=$(sed -n 's/.*"cgroupsPath":"\([^"]*\)".*/\1/p' "$bundle/config.json")
owner=$(sed -n 's/.*"uidMappings":\[{"containerID":0,"hostID":\([0-9]*\).*/\1/p' "$bundle/config.json")
# No mapping: the container has the host's users (capabilities mode), there is nobody to give anything to.
[ -n "$path" ] && [ -n "$owner" ] || exit 0
# The systemd driver writes slice:prefix:name.
case $path in *:*:*) slice=${path%%:*} rest=${path#*:}; path=/$slice/${rest%%:*}-${rest#*:}.scope ;; esac

# v1 has one tree per controller, v2 one tree in all. One chown for all of them: each is a process.
set --
for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ -d "$root$path" ] || continue
  set -- "$@" "$root$path"
  for file in cgroup.procs tasks cgroup.clone_children cgroup.threads cgroup.subtree_control memory.oom.group; do
    [ ! -e "$root$path/$file" ] || set -- "$@" "$root$path/$file"
  done
done
[ $# = 0 ] || chown "$owner:$owner" "$@"
exit 0
