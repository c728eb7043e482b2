#!/usr/bin/env bash
# Sourced by the other scripts: prints messages, installs missing Debian packages, and finds the mirror that this host uses.

# say MESSAGE: what is being done, on stderr, so that stdout stays usable for answers.
say() { printf 'caisson: %s\n' "$*" >&2; }

# die MESSAGE: why it cannot go on.
die() { say "$*"; exit 1; }

# need PACKAGE…: installs those that are not installed; silent when there is nothing to do.
need() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "these packages are needed and there is no apt-get to install them: ${missing[*]}"
  [ "$(id -u)" = 0 ] || die "these packages are needed, run as root: apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  # The lists are fetched only when the first try fails: an update costs seconds, and most hosts have fresh lists.
  if ! apt_install "${missing[@]}" >"$log" 2>&1; then
    { apt-get update -q && apt_install "${missing[@]}"; } >"$log" 2>&1 \
      || { tail -n 20 "$log" >&2; rm -f "$log"; die "could not install: ${missing[*]}"; }
  fi
  rm -f "$log"
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" </dev/null
}

# sources: the addresses this host's apt reads packages from, one a line; without lists apt names none, so the files are read too.
sources() {
  {
    apt-get indextargets --format '$(SITE)' 2>/dev/null || true
    sed -n 's/^URIs:[[:space:]]*//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | tr ' ' '\n' || true
    sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]\+\).*/\2/p' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
  } | sed 's,/*$,,' | awk 'NF && !seen[$0]++'
}

# mirror: the Debian archive this host uses; CAISSON_DEBIAN_MIRROR says otherwise.
mirror() {
  local found=${CAISSON_DEBIAN_MIRROR:-}
  [ -n "$found" ] || found=$(sources | grep -E '/debian$' | head -n 1) || true
  [ -n "$found" ] || die "apt on this host names no Debian archive; set CAISSON_DEBIAN_MIRROR to one"
  printf '%s\n' "$found"
}

# security_mirror: the archive of security updates this host uses; nothing where it uses none.
security_mirror() { sources | grep -E '/debian-security$' | head -n 1 || true; }
