#!/usr/bin/env bash
# Removes what a service has added to the host's network to separate sandboxes from the host, and its empty cgroups.
# Use it only when none of the service's sandboxes is running.
#
#   kit/wall.sh INSTANCE     the content of CAISSON_HOME/instance
set -euo pipefail
brief=$(tr -dc 'A-Za-z0-9' <<<"${1:?usage: kit/wall.sh INSTANCE}" | cut -c1-6)
chain=CAISSON-$brief

# A service makes them with the tables that its kit finds; a host has one kind, or both.
for tool in iptables ip6tables iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
  command -v "$tool" >/dev/null || continue
  "$tool" -w 10 -t mangle -n -L "$chain" >/dev/null 2>&1 || continue
  while "$tool" -w 10 -t mangle -D PREROUTING -i "cs$brief-+" -j "$chain" 2>/dev/null; do :; done
  "$tool" -w 10 -t mangle -F "$chain"
  "$tool" -w 10 -t mangle -X "$chain"
done

# Empty ones; one with a sandbox in it stays.
for tree in /sys/fs/cgroup/*/"caisson-$brief"; do
  [ -d "$tree" ] || continue
  find "$tree" -mindepth 1 -maxdepth 1 -type d -exec rmdir {} + 2>/dev/null || true
  rmdir "$tree" 2>/dev/null || true
done
