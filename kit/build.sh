#!/usr/bin/env bash
# Builds the two images of the kit, caisson/kit and caisson/kit-docker, from the supervisor's jar. Takes seconds if nothing has changed.
# target/kit.images lists the exact versions for a service, so that it keeps them when somebody else builds others under the same names.
#
#   CAISSON_ENGINE_KITIMAGE, CAISSON_ENGINE_KITDOCKERIMAGE
#                             other names for the images, for checkouts that share an engine; the service reads them, too
#   CAISSON_KIT_BASE          the image to build from (debian:trixie-slim); the kit is for its processor
#   CAISSON_KIT_TARGET        the directory for kit.images and the bills of materials (target)
#   CAISSON_KIT_DOCKERSUITE   the Debian suite that Docker comes from (forky). With several ("forky trixie"), each one after the first
#                             makes another image, caisson/kit-docker-SUITE, for sandboxes that ask for its version of Docker
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

jar=${CAISSON_SUPERVISOR_JAR:-../target/caisson-supervisor.jar}
[ -f "$jar" ] || die "there is no $jar: build it with ./mvnw -q package -DskipTests"

toolkit_inputs=(Dockerfile newer.sh relocate.sh runtime.sh parts.sh calls.c init.c launch.c session.sh toolkit.sh containerd.toml credential.c git.c compose-up.c tables.c nest/*)
kit_inputs=(Dockerfile relocate.sh runtime.sh parts.sh calls.c init.c launch.c session.sh train.sh supervisor.args)

read -ra suites <<<"${CAISSON_KIT_DOCKERSUITE:-forky}"
[ "$(printf '%s\n' "${suites[@]}" | sort -u | wc -l)" = "${#suites[@]}" ] || die "CAISSON_KIT_DOCKERSUITE names a suite twice: ${suites[*]}"

# A version is what went in: the base, our files, the jar. Same version, same content; a volume is made for each.
# The base by its layers: its id is another one in the image store of containerd.
from=${CAISSON_KIT_BASE:-debian:trixie-slim}
base=$(docker image inspect -f '{{json .RootFS.Layers}}' "$from" 2>/dev/null) || die "there is no image $from: run kit/base-image.sh"
version_of() { { echo "$base"; cat "$@"; } | sha256sum | cut -c1-12; }
kit_version=$(version_of "${kit_inputs[@]}" "$jar")

# use SUITE: what is built from here on has its Docker.
use() {
  suite=$1
  toolkit_version=$(version_of "${toolkit_inputs[@]}" <(echo "$suite"))
  # Of another base it is no business of kit/outdated.sh.
  made_in=caisson/kit-build:latest
  [ "$from" = debian:trixie-slim ] || made_in=$from-kit
  [ "$suite" = forky ] || made_in=$made_in-$suite
}

has() { [ "$(docker image inspect -f '{{index .Config.Labels "dev.caisson.kit.version"}}' "$1" 2>/dev/null)" = "$2" ]; }

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp Dockerfile ./*.sh calls.c init.c launch.c credential.c git.c compose-up.c tables.c containerd.toml supervisor.args "$context/"
cp -r nest "$context/"
cp "$jar" "$context/supervisor.jar"
echo "$kit_version" >"$context/version"

# stage TARGET ARGUMENTS…: the classic builder is in every engine; BuildKit is a plugin that may be missing.
stage() {
  local target=$1
  shift
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --force-rm --build-arg BASE="$from" --build-arg DOCKER_SUITE="$suite" --target "$target" "$@" "$context" >"$context/log" 2>&1 \
    || { tail -n 40 "$context/log" >&2; die "building the kit failed in stage $target"; }
}

# docker_version: of the suite's daemon in its own words, without what Debian has added to them.
docker_version() {
  local version
  stage toolkit --iidfile "$context/toolkit"
  version=$(docker run --rm "$(cat "$context/toolkit")" /opt/caisson/docker/bin/dockerd --version | sed -n 's/^Docker version \([0-9][0-9A-Za-z.-]*\).*/\1/p')
  [ -n "$version" ] || die "the daemon of $suite does not say its version"
  printf '%s' "$version"
}

build() {
  local target=$1 image=$2 version=$3 docker='' started=$SECONDS
  if has "$image:latest" "$version" && docker image inspect "$image:$version" >/dev/null 2>&1; then
    say "$image:$version is there"
    return
  fi
  if has "$image:$version" "$version"; then
    docker tag "$image:$version" "$image:latest"
    say "$image:$version is there"
    return
  fi
  say "building $image:$version (minutes the first time, then seconds)"
  # Named, so that the costly part outlives a `docker image prune`.
  stage runtime -t "$made_in"
  [ "$target" != kit-docker ] || docker=$(docker_version)
  stage "$target" --build-arg VERSION="$version" --build-arg DOCKER_VERSION="$docker" -t "$image:$version" -t "$image:latest"
  say "$image:$version built in $((SECONDS - started)) s, $(docker image inspect -f '{{.Size}}' "$image" | awk '{printf "%.0f MB", $1 / 1e6}')"
  tidy "$image"
}

# Each jar makes a version: the newest few stay, and those that a service keeps: of them the engine lets none go (KitUser).
tidy() {
  docker images "$1" --format '{{.Tag}}' | grep -v '^latest$' | tail -n +5 | while read -r old; do
    docker rmi "$1:$old" >/dev/null 2>&1 || true
  done
  # Not what another working copy builds at this moment.
  docker image prune -f --filter until=1h --filter label=dev.caisson.kit=training >/dev/null 2>&1 || true
}

# A name without its tag, which a service may have been told: each version gets its own here.
name() {
  local last=${1##*/}
  printf '%s' "${1%"$last"}${last%%:*}"
}

# What they are made of, as files for the service to tell.
bill() {
  local container
  container=$(docker create "$1")
  docker cp "$container:$2/sbom.cdx.json" - | tar -xO >"$bills/$3.new" || true
  docker rm "$container" >/dev/null
  [ -s "$bills/$3.new" ] || die "$1 does not say what it is made of"
  mv "$bills/$3.new" "$bills/$3"
}

told=${CAISSON_KIT_TARGET:-../target}
bills=$told/sbom
mkdir -p "$bills"
kit=$(name "${CAISSON_ENGINE_KITIMAGE:-caisson/kit}")
kit_docker=$(name "${CAISSON_ENGINE_KITDOCKERIMAGE:-caisson/kit-docker}")

use "${suites[0]}"
build kit "$kit" "$kit_version"
build kit-docker "$kit_docker" "$toolkit_version"
images=("CAISSON_ENGINE_KITIMAGE=$kit:$kit_version" "CAISSON_ENGINE_KITDOCKERIMAGE=$kit_docker:$toolkit_version")
bill "$kit:$kit_version" /opt/caisson kit.cdx.json
bill "$kit_docker:$toolkit_version" /opt/caisson/docker kit-docker.cdx.json

more=()
for each in "${suites[@]:1}"; do
  use "$each"
  build kit-docker "$kit_docker-$suite" "$toolkit_version"
  bill "$kit_docker-$suite:$toolkit_version" /opt/caisson/docker "kit-docker-$suite.cdx.json"
  more+=("$kit_docker-$suite:$toolkit_version")
done
# One line, as a setting that is a list.
[ "${#more[@]}" = 0 ] || images+=("CAISSON_ENGINE_KITDOCKERIMAGES=$(IFS=,; printf '%s' "${more[*]}")")
printf '%s\n' "${images[@]}" >"$told/kit.images"
