#!/usr/bin/env bash
# Makes sure there is what packages are tried with (setup): Debian's docker-compose, systemd's checker of units, and a C compiler
# with its sanitizers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

case ${1:-setup} in
  setup) need docker-compose gcc libc6-dev systemd ;;
  *) die "usage: kit/packages.sh [setup]" ;;
esac
