#!/usr/bin/env bash
# The tests that kit/lab runs on a host with systemd: the service as its unit runs it, and what happens to it and its sandboxes when the
# engine is stopped or upgraded, or the machine is rebooted. Changes the host on which it runs: use it only in a guest.
#
#   kit/guest.sh engine KIND     sets up the engine: plain, remap (kit/prepare.sh), snapshotter (containerd's image store), legacy (the
#                                older tables of iptables), bare (no rules of its own), rootless (run by an ordinary user, who has the
#                                checkout and the service, too), rootless-no-cpu (a user without the cpu controller), podman (its
#                                Docker API, run by root) or podman-rootless (run by that user)
#   kit/guest.sh install         installs the service and its unit as docs/packages.md says
#   kit/guest.sh unit            creates a sandbox with Docker, and restarts the unit while it runs
#   kit/guest.sh activation      stops the engine: the next request starts it through its socket
#   kit/guest.sh upgrade         reinstalls the engine's packages, as an upgrade does, without and with live-restore
#   kit/guest.sh before-reboot   creates sandboxes, and records what they have done
#   kit/guest.sh after-reboot    verifies it
#   kit/guest.sh remove          removes the unit, the service and its state
#
# Each command prints what passed and what failed, and exits with 1 if anything failed. Requires what `./quickstart setup` builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. kit/apt.sh
. kit/curl.sh

home=/var/lib/caisson
url=http://127.0.0.1:8080
library=/usr/lib/caisson
user=caisson-user
noted=/var/lib/caisson-reboot.json
image=127.0.0.1:5000/library/busybox:latest
failed=0

# holds WHAT COMMAND…
holds() {
  local what=$1
  shift
  if "$@"; then
    printf '  ✓ %s\n' "$what"
  else
    printf '  ✗ %s (%s)\n' "$what" "$(cut -c1-300 <<<"$body")"
    failed=1
  fi
}

body=
# call METHOD PATH [JSON]: the answer is in $body.
call() {
  local arguments=(-sS -m 180 -X "$1")
  [ -z "${3:-}" ] || arguments+=(-H 'Content-Type: application/json' -d "$3")
  body=$(with_key "$(cat $home/admin.key)" "${arguments[@]}" "$url$2" 2>&1) || true
}
field() { jq -r "$1 // empty" <<<"$body" 2>/dev/null || true; }
is() { [ "$(field "$1")" = "$2" ]; }

ready() {
  local end=$((SECONDS + ${1:-120}))
  until [ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$url/actuator/health/readiness")" = 200 ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}

# sandbox: its id in $sandbox; one process is over in it (pid $over) and one runs (pid $running).
sandbox() {
  call POST /v1/sandboxes "{\"image\":\"$image\",\"docker\":{\"enabled\":true}}"
  sandbox=$(field .id)
  holds "a sandbox with Docker is READY, $(field .isolation)" is .state READY
  call GET "/v1/sandboxes/$sandbox/docker?waitFor=READY&timeout=PT120S"
  holds "its daemon is READY" is .state READY
  call POST "/v1/sandboxes/$sandbox/processes" '{"shell":"echo said; exit 3"}'
  over=$(field .pid)
  holds "a process ended with 3" is .exit.code 3
  call POST "/v1/sandboxes/$sandbox/processes" '{"shell":"echo begun; sleep 100000","background":true}'
  running=$(field .pid)
  holds "another one runs" is .state RUNNING
  # A container in it, which is there for as long as its daemon's containerd.
  call POST "/v1/sandboxes/$sandbox/processes" \
    "{\"command\":[\"docker\",\"run\",\"-d\",\"--name\",\"inner\",\"$(kit/registry.sh address)/library/busybox\",\"sleep\",\"100000\"]}"
  holds "a container runs in it" is .exit.code 0
}

lives() {
  call GET "/v1/sandboxes/$sandbox"
  holds "the sandbox is READY" is .state READY
  call GET "/v1/sandboxes/$sandbox/processes/$running"
  holds "its process runs on" is .state RUNNING
  call POST "/v1/sandboxes/$sandbox/processes" '{"command":["docker","inspect","-f","{{.State.Running}}","inner"]}'
  holds "so does the container in it" eval 'is .exit.code 0 && grep -q true <<<"$(field .stdout.text)"'
  call GET "/v1/sandboxes/$sandbox/processes/$over/stdout"
  holds "the output of the other one is there" test "$body" = said
}

ended() {
  call GET "/v1/sandboxes/$sandbox?waitFor=ENDED&timeout=PT120S"
  holds "the sandbox is ENDED, and says why: $(field .reason)" eval 'is .state ENDED && [ -n "$(field .reason)" ]'
  call GET "/v1/sandboxes/$sandbox/processes/$over"
  holds "its process that was over is known by its exit code" is .exit.code 3
  call GET "/v1/sandboxes/$sandbox/processes/$over/stdout"
  holds "and by its output" test "$body" = said
  call GET "/v1/sandboxes/$sandbox/processes/$running"
  holds "the one that ran is over: $(field .exit.cause)" eval '! is .state RUNNING && [ -n "$(field .exit.cause)" ]'
  call GET "/v1/sandboxes/$sandbox/processes/$running/stdout"
  holds "its output is there" test "$body" = begun
}

remove_sandbox() { call DELETE "/v1/sandboxes/$sandbox?grace=PT0S"; }

get() { DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" </dev/null >/tmp/packages.log 2>&1; }

# Sessions from now on have it: those of ssh, too.
told() { printf '%s\n' "$@" >/etc/environment; }

# installed [JSON]: Docker's engine as its packages set it up, but for this configuration.
installed() {
  [ -z "${1:-}" ] || { install -d "$(dirname "$config")"; echo "$1" >"$config"; }
  systemctl enable -q docker.socket docker.service
  systemctl reset-failed docker.socket docker.service
  systemctl restart docker
}

# of_user COMMAND…: as a user without any rights, whose services run while he is away.
of_user() { runuser -u "$user" -- env XDG_RUNTIME_DIR="/run/user/$id" "$@"; }

ordinary_user() {
  get uidmap dbus-user-session slirp4netns "$@"
  systemctl disable -q --now docker.socket docker.service 2>/dev/null
  id -u "$user" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$user"
  id=$(id -u "$user")
  install -d -m 700 -o "$user" -g "$user" "/home/$user/.ssh"
  install -m 600 -o "$user" -g "$user" /root/.ssh/authorized_keys "/home/$user/.ssh/"
  loginctl enable-linger "$user"
  systemctl start "user@$id"
  of_user systemctl --user disable -q --now docker-rootless podman.socket podman 2>/dev/null || true
}

# The unit is what Docker's own set-up tool would write.
rootless() {
  local id contrib=/usr/share/docker.io/contrib
  ordinary_user rootlesskit
  printf '%s\n' '[Service]' "Environment=PATH=$contrib:/usr/sbin:/sbin:/usr/bin:/bin" "ExecStart=$contrib/dockerd-rootless.sh" \
    Type=notify NotifyAccess=all KillMode=mixed Delegate=yes LimitNOFILE=infinity '[Install]' WantedBy=default.target \
    >/etc/systemd/user/docker-rootless.service
  of_user systemctl --user daemon-reload
  of_user systemctl --user enable -q --now docker-rootless
  export DOCKER_HOST=unix:///run/user/$id/docker.sock
  told "DOCKER_HOST=$DOCKER_HOST" "CAISSON_HOME=/home/$user/state"
}

# systemd as it was before 252, which gave users no cpu controller.
rootless_no_cpu() {
  install -d "$delegation"
  printf '[Service]\nDelegate=no\nDelegate=memory pids\n' >"$delegation/lab.conf"
  systemctl daemon-reload
  rootless
}

podman_rootless() {
  local id
  ordinary_user podman netavark aardvark-dns crun passt
  of_user systemctl --user enable -q --now podman.socket
  export DOCKER_HOST=unix:///run/user/$id/podman/podman.sock
  told "DOCKER_HOST=$DOCKER_HOST" "CAISSON_HOME=/home/$user/state"
}

podman() {
  get podman netavark aardvark-dns crun
  systemctl disable -q --now docker.socket docker.service 2>/dev/null
  systemctl enable -q --now podman.socket
  export DOCKER_HOST=unix:///run/podman/podman.sock
  told "DOCKER_HOST=$DOCKER_HOST"
}

# The images of the disk are brought again: an engine of another kind has none of the last one's.
engine() {
  local tool config=/etc/docker/daemon.json delegation=/etc/systemd/system/user@.service.d
  unset DOCKER_HOST
  : >/etc/environment
  systemctl disable -q --now podman.socket podman.service 2>/dev/null || true
  ! id -u "$user" >/dev/null 2>&1 || systemctl stop "user@$(id -u "$user")"
  kit/prepare.sh undo >/dev/null 2>&1 || true
  rm -f "$config" "$delegation/lab.conf"
  systemctl daemon-reload
  for tool in iptables ip6tables; do
    if [ "$1" = legacy ]; then update-alternatives --quiet --set "$tool" "/usr/sbin/$tool-legacy"; else update-alternatives --quiet --auto "$tool"; fi
  done
  case $1 in
    plain | legacy) installed ;;
    remap)
      systemctl enable -q docker.socket docker.service
      kit/prepare.sh apply
      ;;
    snapshotter) installed '{"features": {"containerd-snapshotter": true}}' ;;
    bare) installed '{"iptables": false, "ip6tables": false}' ;;
    rootless | rootless-no-cpu | podman | podman-rootless) "${1//-/_}" ;;
    *) die "no engine is called $1" ;;
  esac
  docker image inspect debian:trixie-slim >/dev/null 2>&1 || [ ! -f /root/images.tar ] || docker load -q -i /root/images.tar >/dev/null
  docker info -f '{{.ServerVersion}} {{.Driver}} cgroup {{.CgroupVersion}} {{.SecurityOptions}}'
}

install_service() {
  say "installing the service"
  local java
  java=$(kit/jdk.sh find)/bin/java
  rm -rf "$library"
  "$java" -Djarmode=tools -jar target/caisson.jar extract --destination "$library" >/dev/null
  cp kit/service.args "$library/java.args"
  "$java" @"$library/java.args" @kit/rehearsal.args -XX:AOTCacheOutput="$library/caisson.aot" -jar "$library/caisson.jar" --rehearse >/dev/null 2>&1
  echo "-XX:AOTCache=$library/caisson.aot" >>"$library/java.args"
  [ -x /usr/bin/java ] || ln -s "$java" /usr/bin/java
  install -d /etc/caisson
  printf '%s\n' "CAISSON_SANDBOX_IMAGES_REGISTRIES=public,127.0.0.1:5000" \
    "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS=http://$(kit/registry.sh address)" \
    "CAISSON_SANDBOX_DOCKER_INSECUREREGISTRIES=$(kit/registry.sh address)" >/etc/caisson/environment
  install -m 644 kit/package/caisson.service /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable -q --now caisson
  holds "the unit is active" systemctl -q is-active caisson
  holds "the service is ready" ready
}

unit() {
  sandbox
  systemctl restart caisson
  holds "the unit was restarted" ready
  lives
  remove_sandbox
}

# Who stops the engine stops what runs in it. Its socket is systemd's, and stays.
activation() {
  holds "the engine has a socket of systemd's" systemctl -q is-active docker.socket
  sandbox
  systemctl stop docker.service 2>/dev/null
  ended
  sandbox
  holds "the engine runs again, and nobody started it" systemctl -q is-active docker.service
  remove_sandbox
}

reinstall() {
  apt-get update -q >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --reinstall --no-install-recommends docker.io containerd runc </dev/null >/tmp/upgrade.log 2>&1
}

# Debian's packages leave a running engine as it is; the new one is there after its next start.
again() {
  local pid
  pid=$(systemctl show -P MainPID docker)
  holds "the packages are installed again" reinstall
  systemctl restart containerd docker
  holds "the engine is another process" eval '[ "$(systemctl show -P MainPID docker)" != "$pid" ]'
}

upgrade() {
  local config=/etc/docker/daemon.json kept=
  sandbox
  again
  ended
  say "the same with live-restore"
  install -d /etc/docker
  if [ -e "$config" ]; then kept=$(cat "$config"); fi
  printf '%s' "${kept:-{\}}" | jq '.["live-restore"] = true' >"$config.new"
  mv "$config.new" "$config"
  systemctl reload docker
  sandbox
  again
  holds "the service is ready" ready
  lives
  remove_sandbox
  if [ -n "$kept" ]; then printf '%s\n' "$kept" >"$config"; else rm "$config"; fi
  systemctl reload docker
}

before_reboot() {
  sandbox
  jq -n --arg sandbox "$sandbox" --arg over "$over" --arg running "$running" '$ARGS.named' >"$noted"
}

after_reboot() {
  holds "the service came back by itself" ready 180
  eval "$(jq -r '@sh "sandbox=\(.sandbox) over=\(.over) running=\(.running)"' "$noted")"
  ended
  sandbox
  remove_sandbox
}

remove() {
  systemctl disable -q --now caisson 2>/dev/null || true
  rm -rf "$library" "$noted" /etc/systemd/system/caisson.service /etc/caisson
  systemctl daemon-reload
  ./quickstart stop --keep-engine
  chattr -R -f -i "$home/run" || true
  rm -rf --one-file-system "$home"
}

case ${1:-} in
  install) install_service ;;
  engine) engine "${2:-}" ;;
  unit | activation | upgrade | remove) "$1" ;;
  before-reboot | after-reboot) "${1/-/_}" ;;
  *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
exit "$failed"
