#!/usr/bin/env bash
# Makes sure that a Docker engine answers (start), ends the engine that it has started (stop), or reports the engine's state (status).
#
# An engine that answers is never changed. An engine that this script starts gets user namespaces and the runtime `caisson`, unless
# /etc/docker/daemon.json already configures it. An engine that others use is not ended: a state directory with a claim (claims.sh)
# takes it over, and ends it later.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh
. ./ids.sh

home=${CAISSON_HOME:-/var/lib/caisson}
mark=$home/engine.pid # pid and start time of the engine we started
log=$home/engine.log
library=/usr/local/lib/caisson
config=/etc/docker/daemon.json
deadline=${CAISSON_ENGINE_TIMEOUT:-60}

answers() { command -v docker >/dev/null && timeout 5 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# started_at PID: when it started, in ticks; a pid alone may meanwhile be somebody else's.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# ours: the pid of the engine we started, if it still is that process.
ours() {
  local pid ticks
  [ -f "$mark" ] && read -r pid ticks <"$mark" || return 1
  [ -n "${pid:-}" ] && [ "$(started_at "$pid")" = "${ticks:-none}" ] && printf '%s\n' "$pid"
}

# Bigger packets than the host's way out carries are lost in silence and large transfers hang: the bridge takes its mtu.
mtu() {
  local device
  device=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
  cat "/sys/class/net/${device:-none}/mtu" 2>/dev/null || echo 1500
}

configure() {
  [ "$(id -u)" = 0 ] || die "no Docker engine answers; run as root to start one"
  install -d -m 755 /etc/docker "$library"
  install -m 755 runc-delegate.sh "$library/runc-delegate.sh"
  if [ -e "$config" ]; then
    say "$config is there: left as it is"
    return
  fi
  # Before the engine first starts: it would give itself 65536.
  give /etc/subuid
  give /etc/subgid
  say "writing $config: user namespaces, runtime caisson, overlay2, mtu $(mtu)"
  cat >"$config" <<JSON
{
  "userns-remap": "default",
  "runtimes": {"caisson": {"path": "$library/runc-delegate.sh"}},
  "storage-driver": "overlay2",
  "live-restore": true,
  "mtu": $(mtu),
  "log-level": "warn",
  "log-driver": "json-file",
  "log-opts": {"max-size": "10m", "max-file": "3"}
}
JSON
}

# forget_stale FILE NAME: removes a pid file whose process is gone or is another program; dockerd would trust it.
forget_stale() {
  local pid
  [ -f "$1" ] || return 0
  pid=$(tr -dc 0-9 <"$1")
  [ "$(cat "/proc/${pid:-none}/comm" 2>/dev/null)" = "$2" ] || rm -f "$1"
}

launch() {
  if [ -d /run/systemd/system ]; then
    say "starting the engine with systemd"
    systemctl start docker
    echo "systemd 0" >"$mark"
    return
  fi
  forget_stale /var/run/docker.pid dockerd
  forget_stale /var/run/docker/containerd/containerd.pid containerd
  say "starting the engine; its log is $log"
  # A session of its own and no inherited descriptors: it outlives the terminal, and a caller's pipe sees its end.
  (
    for descriptor in /proc/self/fd/*; do
      descriptor=${descriptor##*/}
      [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-" 2>/dev/null || true
    done
    exec setsid dockerd </dev/null >>"$log" 2>&1
  ) &
  local pid=$!
  echo "$pid $(started_at "$pid")" >"$mark"
  disown "$pid"
}

wait_until_it_answers() {
  local end=$((SECONDS + deadline)) pid
  until answers; do
    if [ ! -d /run/systemd/system ] && ! pid=$(ours); then
      tail -n 20 "$log" >&2
      rm -f "$mark"
      die "the engine ended; its last words are above"
    fi
    [ "$SECONDS" -lt "$end" ] || { tail -n 20 "$log" >&2; die "the engine did not answer within ${deadline} s"; }
    sleep 0.1
  done
}

# Podman answers like Docker, and cannot make sandboxes: docs/hosts.md.
podman() { docker version --format '{{range .Server.Components}}{{.Name}};{{end}}' | grep -q Podman; }

# unlimited: those of cpu, memory and pids that the engine cannot limit, for want of their cgroup controllers.
unlimited() {
  docker info -f '{{if not .CPUCfsQuota}} cpu{{end}}{{if not .MemoryLimit}} memory{{end}}{{if not .PidsLimit}} pids{{end}}' | sed 's/^ //; s/ /, /g'
}

start() {
  local lacks
  if answers; then
    ! podman || die "what answers is Podman, whose Docker API cannot make sandboxes: DOCKER_HOST is to name a Docker engine"
    # Before anything is made for it, some of which such an engine cannot run either.
    lacks=$(unlimited)
    [ -z "$lacks" ] || die "the engine cannot limit $lacks of a container, and no sandbox is made without its limits: enable the cgroup controllers" \
      "of that name in the kernel's options (cgroup_enable=memory, no cgroup_disable), and for an engine of an ordinary user by delegation" \
      "to him (systemd: Delegate=cpu memory pids of user@.service), and restart the engine"
    say "a Docker engine answers ($(docker version --format '{{.Server.Version}}')): not touched"
    return
  fi
  [ -z "${DOCKER_HOST:-}" ] || die "DOCKER_HOST is $DOCKER_HOST, and nothing answers there"
  install -d -m 755 "$home"
  # Before the package: where systemd runs, installing it starts it.
  configure
  command -v dockerd >/dev/null && command -v docker >/dev/null || need docker.io
  need iptables ca-certificates
  answers || launch
  wait_until_it_answers
  say "the engine answers: $(docker version --format '{{.Server.Version}}'), $(docker info --format '{{.Driver}} {{.SecurityOptions}}')"
}

stop() {
  local pid
  if [ "$(cut -d' ' -f1 "$mark" 2>/dev/null)" = systemd ]; then
    others || { systemctl stop docker docker.socket; rm -f "$mark"; }
    return
  fi
  if ! pid=$(ours); then
    rm -f "$mark"
    say "no engine of ours runs: nothing to stop"
    return
  fi
  others && return
  say "stopping the engine (pid $pid)"
  kill "$pid"
  local end=$((SECONDS + 30))
  while [ "$(started_at "$pid")" = "$(cut -d' ' -f2 "$mark")" ]; do
    [ "$SECONDS" -lt "$end" ] || die "the engine (pid $pid) did not end within 30 s"
    sleep 0.1
  done
  rm -f "$mark" "$log"
}

# others: whether it is somebody else's, too; then it is theirs to end, if that is known of them.
others() {
  local running heir
  if heir=$(./claims.sh others 2>/dev/null | head -n 1) && [ -n "$heir" ]; then
    say "the engine is kept: it is used by $heir, whose ./quickstart stop ends it"
    [ ! -f "$mark" ] || mv -f "$mark" "$heir/engine.pid"
    [ ! -f "$log" ] || mv -f "$log" "$heir/engine.log"
    return
  fi
  running=$(docker ps -q 2>/dev/null | wc -l)
  [ "$running" -gt 0 ] || return 1
  say "the engine is kept: $running containers that are not ours run on it"
}

status() {
  answers || { say "no Docker engine answers"; return 1; }
  docker info --format 'engine {{.ServerVersion}} {{.Driver}} cgroup v{{.CgroupVersion}} {{.SecurityOptions}}'
  ours >/dev/null && say "started here, pid $(ours)" || true
}

case ${1:-start} in
  start | stop | status) "${1:-start}" ;;
  *) die "usage: kit/engine.sh [start|stop|status]" ;;
esac
