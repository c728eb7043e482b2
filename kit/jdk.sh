#!/usr/bin/env bash
# Finds a JDK 25 (find), or makes sure that there is one (setup): Debian's package, or one that is extracted from trixie.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

least=25
made=${CAISSON_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/caisson}/jdk

# release HOME: the JDK's feature release; 0 where there is no compiler.
release() {
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  local found
  found=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$found" ] || found=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  echo "${found:-0}"
}

# The one that is set, those of the system that say 25, the one made here, the one on the PATH, any newer one.
find_jdk() {
  local candidate onpath=
  ! command -v javac >/dev/null || onpath=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*"$least"* "$made" "$onpath" /usr/lib/jvm/*; do
    [ -n "$candidate" ] && [ "$(release "$candidate")" -ge "$least" ] && { echo "$candidate"; return; }
  done
  return 1
}

# A JDK of trixie brought along with its own loader and libraries: bookworm's libc is too old for it.
take_out_of_trixie() {
  ./base-image.sh
  say "taking JDK $least out of debian:trixie-slim into $made (about a minute)"
  mkdir -p "$made.new"
  # shellcheck disable=SC2016
  if ! docker run --rm -i -e KIT="$made" debian:trixie-slim sh -euc '
      cat >/relocate.sh
      {
        mkdir -p /usr/share/man/man1 "$KIT/lib"
        apt-get update -q
        apt-get install -q -y --no-install-recommends openjdk-25-jdk-headless patchelf
        rm -f /usr/lib/jvm/java-25-openjdk-*/lib/src.zip
        cp -rL /usr/lib/jvm/java-25-openjdk-*/. "$KIT/"
        cp -L "$(patchelf --print-interpreter "$KIT/bin/java")" "$KIT/lib/"
        cp -L "$(ldconfig -p | sed -n "s,^[[:space:]]*libc.so.6 .* => ,,p" | head -n 1)" "$KIT/lib/libc.so.6"
        sh /relocate.sh "$KIT/lib/server:$KIT/lib" "$KIT/lib" \
          $(find "$KIT/bin" -type f) "$KIT/lib/jspawnhelper" $(find "$KIT/lib" -name "*.so")
        "$KIT/bin/javac" -version
      } >&2
      tar -C "$KIT" -c .
    ' <relocate.sh 2>"$made.log" | tar -C "$made.new" -x; then
    tail -n 20 "$made.log" >&2
    rm -rf "$made.new"
    die "taking the JDK out of trixie failed; its last words are above"
  fi
  rm -rf "$made" "$made.log"
  mv "$made.new" "$made"
}

setup() {
  local found
  if found=$(find_jdk); then
    say "JDK $(release "$found"): $found"
    return
  fi
  if command -v apt-cache >/dev/null && apt-cache policy "openjdk-$least-jdk-headless" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
    need "openjdk-$least-jdk-headless"
  else
    take_out_of_trixie
  fi
  found=$(find_jdk) || die "there is still no JDK $least"
  say "JDK $(release "$found"): $found"
}

case ${1:-find} in
  find) find_jdk ;;
  setup) setup ;;
  *) die "usage: kit/jdk.sh [find|setup]" ;;
esac
