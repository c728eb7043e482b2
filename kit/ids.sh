#!/usr/bin/env bash
# Sourced by scripts that configure an engine: the users and groups for containers whose root is nobody on the host.
ids=2147483648 # enough for every user of a directory service that an image may name
user=dockremap # the one of "userns-remap": "default"

# given FILE: whether it gives the user ids; line FILE: the line that would, after all that are given.
given() { grep -q "^$user:" "$1" 2>/dev/null; }
line() { awk -F: -v user="$user" -v ids="$ids" 'BEGIN {end = 524288} $2 + $3 > end {end = $2 + $3} END {printf "%s:%.0f:%s\n", user, end, ids}' "$1" 2>/dev/null || echo "$user:524288:$ids"; }

# give FILE: adds that line, where the user has none.
give() {
  local text
  if ! given "$1"; then
    text=$(line "$1")
    printf '%s\n' "$text" >>"$1"
  fi
}
