#!/usr/bin/env bash
# Makes sure that the engine has the image debian:trixie-slim: pulls it if a registry answers, otherwise builds it with debootstrap.
#
#   base-image.sh [ARCHITECTURE IMAGE]     always builds it for another architecture; the kernel must run its programs (kit/arm64.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

architecture=${1:-}
image=${2:-debian:trixie-slim}
suite=trixie

# A search is the cheapest question the engine itself puts to its registry. It says within seconds whether one can be
# reached, where a pull over a network that swallows packets takes minutes to find out.
registry_answers() { timeout "${CAISSON_REGISTRY_TIMEOUT:-8}" docker search --limit 1 debian >/dev/null 2>&1; }
pulled() { timeout "${CAISSON_PULL_TIMEOUT:-180}" docker pull -q "$image" >/dev/null 2>&1; }

# What the slim images leave out as well: nothing a program needs to run.
slim() {
  local root=$1
  cat >"$root/etc/dpkg/dpkg.cfg.d/docker-slim" <<'CFG'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/groff/*
path-exclude /usr/share/info/*
path-exclude /usr/share/linda/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
CFG
  find "$root/usr/share/doc" -type f ! -name copyright -delete
  find "$root/usr/share/doc" -depth -type d -empty -delete
  rm -rf "$root"/usr/share/{groff,info,linda,lintian,locale,man}/* "$root"/var/lib/apt/lists/* \
    "$root"/var/cache/{apt,debconf,ldconfig}/* "$root"/var/log/* "$root"/tmp/* "$root"/etc/apt/sources.list
  mkdir -p "$root/var/lib/apt/lists/partial" "$root/var/cache/apt/archives/partial" "$root/var/log/apt"
  : >"$root/etc/machine-id"
  rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
}

# The image's apt reads what the host's reads, and no service starts in a build.
sources_of_the_image() {
  local root=$1 archive=$2 security
  security=$(security_mirror)
  cat >"$root/etc/apt/sources.list.d/debian.sources" <<SRC
Types: deb
URIs: $archive
Suites: $suite $suite-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SRC
  [ -z "$security" ] || cat >>"$root/etc/apt/sources.list.d/debian.sources" <<SRC

Types: deb
URIs: $security
Suites: $suite-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SRC
  # Caches are dead weight in a layer; and a host that trusts a frozen mirror's dates says so in its own configuration.
  {
    echo 'APT::Keep-Downloaded-Packages "false";'
    echo 'Acquire::Languages "none";'
    echo 'Acquire::GzipIndexes "true";'
    apt-config dump | grep -E '^Acquire::Check-(Valid-Until|Date) ' || true
  } >"$root/etc/apt/apt.conf.d/docker-clean"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
}

made() {
  need debootstrap debian-archive-keyring
  local root archive
  archive=$(mirror)
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/caisson-base.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf --one-file-system '$root'" EXIT
  chmod 755 "$root"
  say "making $image from the host's Debian archive with debootstrap (about a minute)"
  if ! debootstrap ${architecture:+--arch="$architecture"} --variant=minbase \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg "$suite" "$root" "$archive" >"$root.log" 2>&1; then
    tail -n 20 "$root.log" "$root/debootstrap/debootstrap.log" >&2 || true
    rm -f "$root.log"
    die "debootstrap failed; its last words are above"
  fi
  rm -f "$root.log"
  slim "$root"
  sources_of_the_image "$root" "$archive"
  # The device files are the container's own; under user namespaces an engine could not even unpack them.
  tar -C "$root" --numeric-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . \
    | docker import ${architecture:+--platform "linux/$architecture"} -c 'CMD ["bash"]' \
      -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' -c 'LABEL dev.caisson.made-by=debootstrap' - "$image" >/dev/null
}

if docker image inspect "$image" >/dev/null 2>&1; then
  say "$image is there"
elif [ -z "$architecture" ] && registry_answers && pulled; then
  say "$image was pulled"
else
  made
  say "$image was made: $(docker image inspect -f '{{.Size}}' "$image" | awk '{printf "%.0f MB", $1 / 1e6}')"
fi

[ -z "$architecture" ] || exit 0

# The image without libc: its context is nothing, so only the Dockerfile is sent.
if ! docker image inspect caisson/static:latest >/dev/null 2>&1; then
  say "making caisson/static:latest"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q --target static -t caisson/static:latest - <static.Dockerfile >/dev/null
fi
