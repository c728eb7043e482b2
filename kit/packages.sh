#!/usr/bin/env bash
# Makes sure there is what packages are tried with (setup): Debian's docker-compose and docker-py, systemd's checker of units, and a
# C compiler with its sanitizers and, for the numbers of the kernel, the headers of the other processor.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

other=arm64
[ "$(dpkg --print-architecture)" = amd64 ] || other=amd64

case ${1:-setup} in
  setup) need docker-compose gcc libc6-dev "libc6-dev-$other-cross" python3-docker systemd ;;
  *) die "usage: kit/packages.sh [setup]" ;;
esac
