#!/usr/bin/env bash
# Shows what an existing engine lacks for sandboxes with Docker in user namespaces (isolation userns), applies it, or undoes it.
#
#   kit/prepare.sh           prints what is missing; exits with 1 if anything is
#   kit/prepare.sh apply     applies it, and restarts the engine if systemd runs it
#   kit/prepare.sh undo      restores the previous state, and restarts the engine
#
# An engine that remaps users keeps images and containers in a separate directory: it does not see the previous ones until `undo`.
# After that, containers that should have the host's users need --userns=host.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh
. ./ids.sh

root=${CAISSON_PREPARE_ROOT:-} # of the files that are changed; a test has its own
config=$root/etc/docker/daemon.json
runtime=/usr/local/lib/caisson/runc-delegate.sh
before=.before-caisson

now() { if [ -s "$config" ]; then cat "$config"; else echo '{}'; fi; }
wanted() { now | jq --arg path "$runtime" '.["userns-remap"] //= "default" | .runtimes.caisson.path //= $path'; }

remaps_default() { [ "$(now | jq -r '.["userns-remap"] // "default"')" = default ]; }

missing() {
  local file found=0
  if ! diff -q <(now | jq -S .) <(wanted | jq -S .) >/dev/null; then
    printf '%s is to be\n%s\n' "$config" "$(wanted)"
    found=1
  fi
  if [ ! -x "$root$runtime" ]; then
    printf '%s is to be kit/runc-delegate.sh\n' "$root$runtime"
    found=1
  fi
  for file in "$root/etc/subuid" "$root/etc/subgid"; do
    if remaps_default && ! given "$file"; then
      printf '%s is to have the line %s\n' "$file" "$(line "$file")"
      found=1
    fi
  done
  return "$found"
}

restart() {
  [ -z "$root" ] || return 0
  if [ -d /run/systemd/system ]; then
    say "restarting the engine"
    systemctl restart docker
  else
    say "restart the engine"
  fi
}

apply() {
  local file text
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || die "run as root to change the engine's configuration"
  if missing; then
    say "nothing is missing"
    return
  fi
  install -d "$root/etc/docker" "$root$(dirname "$runtime")"
  install -m 755 runc-delegate.sh "$root$runtime"
  [ -e "$config$before" ] || now >"$config$before"
  text=$(wanted)
  printf '%s\n' "$text" >"$config"
  for file in "$root/etc/subuid" "$root/etc/subgid"; do
    ! remaps_default || give "$file"
  done
  restart
}

# Only what `apply` added: others may have written to the same files since.
undo() {
  local file text
  [ -e "$config$before" ] || die "nothing was applied here"
  text=$(now | jq --slurpfile before "$config$before" '
    if $before[0]["userns-remap"] then . else del(.["userns-remap"]) end
    | if $before[0].runtimes.caisson then . else del(.runtimes.caisson) end
    | if .runtimes == {} then del(.runtimes) else . end')
  if [ "$text" = "{}" ]; then rm -f "$config"; else printf '%s\n' "$text" >"$config"; fi
  for file in "$root/etc/subuid" "$root/etc/subgid"; do
    [ ! -e "$file" ] || sed -i "/^$user:[0-9]*:$ids\$/d" "$file"
  done
  rm -f "$config$before" "$root$runtime"
  restart
}

command -v jq >/dev/null || need jq
now | jq -e 'type == "object"' >/dev/null || die "$config is no JSON object: it is left as it is"
case ${1:-} in
  '') if missing; then say "nothing is missing"; else exit 1; fi ;;
  apply | undo) "$1" ;;
  *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
