#!/usr/bin/env bash
# A real registry with small images in it, for where Docker Hub cannot be reached (start), its end (stop), where it is
# (address), whether it answers (answers).
#
# It is published on the host's loopback and on the bridge's gateway: sandboxes reach the second, never the first. As a
# mirror (`--registry-mirror http://ADDRESS`) it makes plain `docker pull busybox` work in a sandbox.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

port=${CAISSON_REGISTRY_PORT:-5000}
name=caisson-registry
label=dev.caisson.registry

gateway() { docker network inspect bridge -f '{{(index .IPAM.Config 0).Gateway}}'; }
# An engine that has just started may not name its gateway; it is the bridge's first address.
address() {
  local found
  found=$(gateway)
  [ -n "$found" ] || found=$(docker network inspect bridge -f '{{(index .IPAM.Config 0).Subnet}}' | sed 's,[0-9]*/.*,1,')
  printf '%s:%s\n' "$found" "$port"
}

build() { DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q "$@" 2>&1 >/dev/null | grep -v -i -e deprecated -e 'buildkit' -e 'environment-variable' -e '^ *$' >&2 || true; }
there() { docker image inspect "$1" >/dev/null 2>&1; }

image() {
  if there caisson/registry:latest; then return; fi
  if docker image inspect registry:2 >/dev/null 2>&1 \
    || { timeout "${CAISSON_REGISTRY_TIMEOUT:-8}" docker search --limit 1 registry >/dev/null 2>&1 && timeout 180 docker pull -q registry:2 >/dev/null 2>&1; }; then
    docker tag registry:2 caisson/registry:latest
    return
  fi
  say "making caisson/registry from Debian's docker-registry"
  build -t caisson/registry:latest - <registry.Dockerfile
  there caisson/registry:latest || die "caisson/registry could not be built"
}

# get PATH: whether it is answered with 200; needs no curl.
# A published port accepts before there is a registry behind it, and then resets: the request is written to nobody, which
# must end neither this script (SIGPIPE) nor be read as an answer. So it has a shell of its own.
get() (
  trap '' PIPE
  line=
  { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || exit 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nAccept: application/vnd.docker.distribution.manifest.v2+json\r\n\r\n' "$1" >&3 2>/dev/null || exit 1
  { read -r -t 2 line <&3; } 2>/dev/null || true
  [[ $line == *' 200 '* ]]
)
answers() { get /v2/; }
has() { get "/v2/$1/manifests/latest"; }

start() {
  image
  if [ "$(docker inspect -f '{{.State.Running}}' "$name" 2>/dev/null)" != true ] || ! answers; then
    docker rm -fv "$name" >/dev/null 2>&1 || true
    docker run -d --name "$name" --label "$label" --restart unless-stopped --memory 256m \
      -p "127.0.0.1:$port:5000" -p "$(address):5000" caisson/registry:latest >/dev/null \
      || { docker rm -fv "$name" >/dev/null 2>&1; die "the registry did not start; is port $port taken? CAISSON_REGISTRY_PORT names another"; }
  fi
  local end=$((SECONDS + 20)) target
  until answers; do
    [ "$SECONDS" -lt "$end" ] || { docker logs --tail 20 "$name" >&2; die "the registry did not answer within 20 s"; }
    sleep 0.1
  done
  for target in busybox hello; do
    has "library/$target" && continue
    build --target "$target" -t "127.0.0.1:$port/library/$target:latest" - <static.Dockerfile
    docker push -q "127.0.0.1:$port/library/$target:latest" >/dev/null
  done
  say "the registry answers at $(address) with library/busybox and library/hello"
}

# private: one more, on CAISSON_REGISTRY_PORT, that asks who it is; the lines of its htpasswd file are read from stdin. For tests.
private() {
  local own=$name-private-$port lines
  image
  lines=$(mktemp)
  cat >"$lines"
  chmod 644 "$lines"
  docker rm -fv "$own" >/dev/null 2>&1 || true
  docker create --name "$own" --label "$label" --memory 256m -p "127.0.0.1:$port:5000" -p "$(address):5000" \
    -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=caisson -e REGISTRY_AUTH_HTPASSWD_PATH=/etc/caisson-htpasswd \
    caisson/registry:latest >/dev/null
  docker cp -q "$lines" "$own:/etc/caisson-htpasswd" 2>/dev/null || docker cp "$lines" "$own:/etc/caisson-htpasswd" >/dev/null
  rm -f "$lines"
  docker start "$own" >/dev/null
  printf '%s\n' "$own"
}

stop() {
  local found
  found=$(docker ps -aq --filter "label=$label" 2>/dev/null) || true
  [ -z "$found" ] || docker rm -fv $found >/dev/null
}

case ${1:-start} in
  start | stop | address | answers | private) "${1:-start}" ;;
  *) die "usage: kit/registry.sh [start|stop|address|answers|private]" ;;
esac
