#!/usr/bin/env bash
# Installs what the tests of the packages need (setup): Debian's docker-compose and docker-py, systemd's checker of units, a C compiler with
# its sanitizers, and the headers of the other processor, for the kernel's numbers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

other=arm64
[ "$(dpkg --print-architecture)" = amd64 ] || other=amd64

case ${1:-setup} in
  setup) need docker-compose gcc libc6-dev "libc6-dev-$other-cross" python3-docker systemd ;;
  *) die "usage: kit/packages.sh [setup]" ;;
esac
