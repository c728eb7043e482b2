#!/usr/bin/env bash
# Builds the version from which upgrades are tested (UpgradeIT), from this repository's history: target/older/caisson.jar, and the two
# images of its kit, with -older after the names of this version's images. Does nothing if everything exists.
#
#   kit/older.sh           builds it and prints the commit, or "this tree" if the history is not available
#   kit/older.sh commit    prints the commit
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

# Moved forward at each release, to that release: from there on its sandboxes are the oldest that have to live on.
older=1c7265d79006f6fc903ab4fd1d5c686bc84759df

[ "${1:-}" != commit ] || { printf '%s\n' "$older"; exit; }

root=$(realpath ..)
made=$root/target/older
kit=${CAISSON_ENGINE_KITIMAGE:-caisson/kit}
kit_docker=${CAISSON_ENGINE_KITDOCKERIMAGE:-caisson/kit-docker}

# history: a git directory that has the commit; a shallow clone's own stays as it is.
history() {
  local origin
  if git -C "$root" cat-file -e "$older^{commit}" 2>/dev/null; then
    git -C "$root" rev-parse --absolute-git-dir
    return
  fi
  origin=$(git -C "$root" remote get-url origin 2>/dev/null) || return 1
  say "fetching $older, which this clone does not have"
  git init -q --bare "$made/git"
  (cd "$root" && timeout 300 git --git-dir="$made/git" fetch -q --depth=1 "$origin" "$older") || return 1
  printf '%s\n' "$made/git"
}

# images VERSION: whether the engine has the kit of what was built.
images() {
  [ "$(docker image inspect -f '{{.Id}}' "$kit-older:latest" "$kit_docker-older:latest" 2>/dev/null | tr '\n' ' ')" = "$1" ]
}

ids() { docker image inspect -f '{{.Id}}' "$kit-older:latest" "$kit_docker-older:latest" | tr '\n' ' '; }

# built VERSION: remembers what is there.
built() {
  { printf '%s\n' "$1"; ids; } >"$made/made-from.new"
  mv "$made/made-from.new" "$made/made-from"
}

is_there() {
  [ -f "$made/caisson.jar" ] && [ "$(sed -n 1p "$made/made-from" 2>/dev/null)" = "$1" ] && images "$(sed -n 2p "$made/made-from")"
}

if is_there "$older"; then
  say "target/older is up to date"
  printf '%s\n' "$older"
  exit
fi

rm -rf "$made"
mkdir -p "$made"
if git=$(history); then
  say "building the older version, $older (minutes the first time)"
  started=$SECONDS
  mkdir "$made/source"
  git --git-dir="$git" archive "$older" | tar -xC "$made/source"
  # What is tested of it is what it does: not its style, and not with its own tests.
  (cd "$made/source" && ./mvnw -q -B package -Dmaven.test.skip=true -Dspotless.check.skip=true >"$made/log" 2>&1) \
    || { tail -n 30 "$made/log" >&2; die "the older version could not be built"; }
  CAISSON_ENGINE_KITIMAGE=$kit-older CAISSON_ENGINE_KITDOCKERIMAGE=$kit_docker-older "$made/source/kit/build.sh"
  mv "$made/source/target/caisson.jar" "$made/"
  mv "$made/source/kit/service.args" "$made/java.args"
  rm -rf "$made/source" "$made/git"
  say "built in $((SECONDS - started)) s"
  version=$older
else
  # A source archive has no history. What an upgrade relies on is seen all the same, but not what has changed since.
  say "WARNING: $older is not in this history, nor to be fetched: upgrades are tested from this tree to itself"
  cp "$root/target/caisson.jar" "$made/"
  cp service.args "$made/java.args"
  docker tag "$kit:latest" "$kit-older:latest"
  docker tag "$kit_docker:latest" "$kit_docker-older:latest"
  version="this tree"
fi
built "$version"
printf '%s\n' "$version"
