#!/usr/bin/env bash
# Runs a registry with small images, for hosts that cannot reach Docker Hub, and a pull-through cache, from which all sandboxes get
# what one of them has pulled.
#
#   kit/registry.sh start            starts the registry
#   kit/registry.sh cache UPSTREAM   starts the cache for a registry's URL
#   kit/registry.sh address          prints the registry's address; cache-address prints the cache's
#   kit/registry.sh answers          succeeds if the registry answers
#   kit/registry.sh stop             removes both, unless the service of another state directory uses them, too
#
# Both are published on the host's loopback and on the bridge's gateway: sandboxes can reach only the second. With either as a mirror
# (`--registry-mirror http://ADDRESS`), plain `docker pull busybox` works in a sandbox. A rootless engine publishes on loopback alone,
# and a container in its network forwards from the gateway (`door`).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

port=${CAISSON_REGISTRY_PORT:-5000}
name=${CAISSON_REGISTRY_NAME:-caisson-registry}
cache_port=${CAISSON_CACHE_PORT:-5001}
cache=${CAISSON_CACHE_NAME:-caisson-cache}
label=dev.caisson.registry=$name
image=caisson/registry:$(cksum <registry.Dockerfile | cut -d' ' -f1)

gateway() { docker network inspect bridge -f '{{(index .IPAM.Config 0).Gateway}}'; }
# An engine that has just started may not name its gateway; it is the bridge's first address.
bridge() {
  local found
  found=$(gateway)
  [ -n "$found" ] || found=$(docker network inspect bridge -f '{{(index .IPAM.Config 0).Subnet}}' | sed 's,[0-9]*/.*,1,')
  printf '%s' "$found"
}
address() { printf '%s:%s\n' "$(bridge)" "$port"; }
cache_address() { printf '%s:%s\n' "$(bridge)" "$cache_port"; }

build() { DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q "$@" 2>&1 >/dev/null | grep -v -i -e deprecated -e 'buildkit' -e 'environment-variable' -e '^ *$' >&2 || true; }
there() { docker image inspect "$1" >/dev/null 2>&1; }

image() {
  if there "$image"; then return; fi
  if there registry:3 \
    || { timeout "${CAISSON_REGISTRY_TIMEOUT:-8}" docker search --limit 1 registry >/dev/null 2>&1 && timeout 180 docker pull -q registry:3 >/dev/null 2>&1; }; then
    docker tag registry:3 "$image"
    return
  fi
  say "making $image from Debian's docker-registry"
  build -t "$image" - <registry.Dockerfile
  there "$image" || die "$image could not be built"
}

# get PORT PATH: whether it is answered with 200; needs no curl.
# A published port accepts before there is a registry behind it, and then resets: the request is written to nobody, which
# must end neither this script (SIGPIPE) nor be read as an answer. So it has a shell of its own.
get() (
  trap '' PIPE
  line=
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || exit 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nAccept: application/vnd.docker.distribution.manifest.v2+json\r\n\r\n' "$2" >&3 2>/dev/null || exit 1
  { read -r -t 2 line <&3; } 2>/dev/null || true
  [[ $line == *' 200 '* ]]
)
answers() { get "$port" /v2/; }
has() { get "$port" "/v2/$1/manifests/latest"; }

rootless() { docker info -f '{{json .SecurityOptions}}' | grep -q name=rootless; }

# published PORT: where a registry is published, in $published. The bridge of a rootless engine is in a network of the engine's own, so
# the host has no such address; and before Docker 28 such an engine takes one port on two addresses for the same.
published() {
  published=(-p "127.0.0.1:$1:5000")
  rootless || published+=(-p "$(bridge):$1:5000")
}

# door NAME PORT: where sandboxes of a rootless engine find what it publishes on loopback: a container in the engine's network that
# listens on the gateway. Each -l is one more connection that may wait to be taken.
door() {
  rootless || return 0
  local door=$1-door port=$2 address end=0 busybox=/bin/busybox static=caisson/static:latest
  address=$(bridge)
  opens() { docker exec "$door" "$busybox" nc -w 2 "$address" "$port" </dev/null >/dev/null 2>&1; }
  if opens; then return; fi
  docker rm -f "$door" >/dev/null 2>&1 || true
  there "$static" || build --target static -t "$static" - <static.Dockerfile
  if docker run -d --name "$door" --label "$label" --restart unless-stopped --memory 64m --network host --userns host \
    "$static" "$busybox" nc -llllllllllllllll -p "$port" "$address" -e "$busybox" nc 127.0.0.1 "$port" >/dev/null; then
    end=$((SECONDS + 20))
  fi
  until opens; do
    if [ "$SECONDS" -ge "$end" ]; then
      docker logs --tail 3 "$door" >&2 || true
      docker rm -f "$door" >/dev/null 2>&1 || true
      say "sandboxes cannot reach $1: a rootless engine publishes on loopback alone, and $door could not be started"
      return
    fi
    sleep 0.1
  done
  say "the engine is rootless: $1 is published on loopback, and in the engine's network $door forwards to it from $address:$port"
}

# serve NAME PORT [OPTION…]: runs a registry, unless it runs and answers.
serve() {
  local name=$1 port=$2 end published
  shift 2
  if [ "$(docker inspect -f '{{.State.Running}}' "$name" 2>/dev/null)" != true ] || ! get "$port" /v2/; then
    docker rm -fv "$name" >/dev/null 2>&1 || true
    published "$port"
    docker run -d --name "$name" --label "$label" --restart unless-stopped --memory 256m "${published[@]}" "$@" "$image" >/dev/null \
      || { docker rm -fv "$name" >/dev/null 2>&1; die "$name did not start; is port $port taken? CAISSON_REGISTRY_PORT and CAISSON_CACHE_PORT name others"; }
  fi
  end=$((SECONDS + 60))
  until get "$port" /v2/; do
    [ "$SECONDS" -lt "$end" ] || { docker logs --tail 20 "$name" >&2; die "$name did not answer within 60 s"; }
    sleep 0.1
  done
  door "$name" "$port"
}

start() {
  local target
  ./claims.sh make
  image
  serve "$name" "$port"
  for target in busybox hello; do
    has "library/$target" && continue
    build --target "$target" -t "127.0.0.1:$port/library/$target:latest" - <static.Dockerfile
    docker push -q "127.0.0.1:$port/library/$target:latest" >/dev/null
  done
  say "the registry answers at $(address) with library/busybox and library/hello"
}

# private: one more, on CAISSON_REGISTRY_PORT, that asks who it is; the lines of its htpasswd file are read from stdin. For tests.
private() {
  local own=$name-private-$port lines published
  image
  published "$port"
  lines=$(mktemp)
  cat >"$lines"
  chmod 644 "$lines"
  docker rm -fv "$own" >/dev/null 2>&1 || true
  docker create --name "$own" --label "$label" --memory 256m "${published[@]}" \
    -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=caisson -e REGISTRY_AUTH_HTPASSWD_PATH=/etc/caisson-htpasswd \
    "$image" >/dev/null
  docker cp -q "$lines" "$own:/etc/caisson-htpasswd" 2>/dev/null || docker cp "$lines" "$own:/etc/caisson-htpasswd" >/dev/null
  rm -f "$lines"
  docker start "$own" >/dev/null
  door "$own" "$port"
  printf '%s\n' "$own"
}

# A cache of another upstream would answer with the wrong images: it is made anew, unless others pull through it.
cache() {
  local upstream=${1:?usage: kit/registry.sh cache UPSTREAM} has users
  ./claims.sh make
  image
  has=$(docker inspect -f '{{index .Config.Labels "dev.caisson.upstream"}}' "$cache" 2>/dev/null) || has=
  if [ -n "$has" ] && [ "$has" != "$upstream" ] && users=$(./claims.sh others); then
    say "the cache is kept with what $has has, as it is used by ${users//$'\n'/, };" \
      "CAISSON_CACHE_NAME and CAISSON_CACHE_PORT name one for $upstream"
    upstream=$has
  elif [ "$has" != "$upstream" ]; then
    docker rm -fv "$cache" >/dev/null 2>&1 || true
  fi
  serve "$cache" "$cache_port" --label "dev.caisson.upstream=$upstream" -e "REGISTRY_PROXY_REMOTEURL=$upstream"
  say "the cache answers at $(cache_address) with what $upstream has"
}

stop() {
  local found
  ./claims.sh drop
  if found=$(./claims.sh others); then
    say "the registry is kept: it is used by ${found//$'\n'/, }"
    return
  fi
  # By their names, too: those of earlier versions have a label without a value.
  found=$(docker ps -aq --filter "label=$label" 2>/dev/null) || true
  docker rm -fv "$name" "$cache" $found >/dev/null 2>&1 || true
}

case ${1:-start} in
  start | stop | address | answers | private) "${1:-start}" ;;
  cache) cache "${2:-}" ;;
  cache-address) cache_address ;;
  *) die "usage: kit/registry.sh [start|stop|address|answers|private|cache UPSTREAM|cache-address]" ;;
esac
