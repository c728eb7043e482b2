#!/usr/bin/env bash
# Tests Caisson for arm64 on an x86-64 machine, with qemu's user mode: the programs are arm64, the kernel and the engine are this machine's.
#
#   kit/arm64.sh kit            builds the images caisson-arm64/kit and caisson-arm64/kit-docker, as kit/build.sh does (half an hour)
#   kit/arm64.sh test [TEST…]   runs the tests of the supervisor, or the given ones, with the JDK and the programs of arm64
#   kit/arm64.sh remove         removes everything: images, qemu, and its registration with the kernel
#
#   CAISSON_CACHE   where qemu is kept (~/.cache/caisson)     CAISSON_SUPERVISOR_JAR   the jar for the kit (target/caisson-supervisor.jar)
#
# docs/packages.md says what was tested with it, and what it cannot test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

made=${CAISSON_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/caisson}/arm64
formats=/proc/sys/fs/binfmt_misc
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
base=caisson-arm64/base # what it is made in is called after it (kit/build.sh)

# registered: whether the kernel starts programs of arm64, also where qemu's own file is out of sight (F).
registered() {
  local format
  for format in $(grep -ls '^magic 7f454c46020101000000000000000000020*b7' "$formats"/* 2>/dev/null); do
    ! grep -q '^flags: .*F' "$format" || return 0
  done
  return 1
}

# Debian's newest that runs here: the qemu of an older release does not know enough of the kernel's calls.
emulate() {
  mkdir -p "$made"
  [ -e "$formats/register" ] || { mount -t binfmt_misc binfmt_misc "$formats"; touch "$made/mounted"; }
  ! registered || return 0
  [ "$(id -u)" = 0 ] || die "run as root: the kernel is told of qemu"
  ./base-image.sh
  say "taking qemu out of Debian's package"
  docker run --rm debian:trixie-slim sh -euc '
    { apt-get update -q; cd /tmp; apt-get download -q qemu-user; } >&2
    dpkg-deb --fsys-tarfile qemu-user_*.deb | tar -xO ./usr/bin/qemu-aarch64' 2>"$made/log" >"$made/qemu-aarch64" \
    || { tail "$made/log" >&2; die "there is no qemu"; }
  chmod 755 "$made/qemu-aarch64"
  # F: opened now, for containers too; P: programs keep the name they were called by.
  printf '%s' ":caisson-aarch64:M::$magic:$mask:$made/qemu-aarch64:PF" >"$formats/register"
}

kit() {
  emulate
  ./base-image.sh arm64 "$base-plain"
  # qemu maps the last of the real-time signals to none, and with one of these (62) the Java runtime ends a wait for a socket.
  docker image inspect "$base" >/dev/null 2>&1 || printf 'FROM %s\nENV QEMU_RTSIG_MAP="32 36 26,62 62 1"\n' "$base-plain" \
    | DOCKER_BUILDKIT=0 docker build -q -t "$base" - >/dev/null
  CAISSON_KIT_BASE=$base CAISSON_KIT_TARGET=$made CAISSON_ENGINE_KITIMAGE=caisson-arm64/kit \
    CAISSON_ENGINE_KITDOCKERIMAGE=caisson-arm64/kit-docker ./build.sh
}

# Maven's plugin for tests starts a "java" and talks to it through its pipes: this one is in a container.
try() {
  local root repository tests
  docker image inspect "$base-kit" >/dev/null 2>&1 || kit
  emulate
  root=$(cd .. && pwd)
  repository=${HOME:-/root}/.m2/repository
  mkdir -p "$made/java/bin"
  echo 'JAVA_VERSION="25"' >"$made/java/release"
  # Root without a user namespace, as tests have it that run on the machine itself. A Java runtime takes most of a minute to
  # start: tests that are given one would fail by that alone.
  cat >"$made/java/bin/java" <<JAVA
#!/bin/sh
exec docker run --rm -i --init --network none --userns=host --security-opt seccomp=unconfined \\
  --cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add SYS_PTRACE -v '$root:$root' -v '$repository:$repository:ro' -w '$root' '$base-kit' \\
  java -Djunit.jupiter.execution.timeout.mode=disabled -Dcaisson.patience=200 "\$@"
JAVA
  chmod 755 "$made/java/bin/java"
  tests=$(IFS=,; echo "${*:-dev/caisson/supervisor/**/*Test*}")
  ../mvnw -B test -Djvm="$made/java/bin/java" -Dtest="$tests" -Dsurefire.rerunFailingTestsCount=0
}

remove() {
  local image
  for image in $(docker images --format '{{.Repository}}:{{.Tag}}' | grep '^caisson-arm64/' || true); do
    docker rmi "$image" >/dev/null
  done
  [ ! -e "$formats/caisson-aarch64" ] || echo -1 >"$formats/caisson-aarch64"
  [ ! -e "$made/mounted" ] || umount "$formats" || true
  rm -rf "$made"
}

[ "$(uname -m)" = x86_64 ] || die "this machine is no x86-64; on arm64 there is nothing to emulate"
case ${1:-} in
  kit | remove) "$1" ;;
  test) shift; try "$@" ;;
  *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
