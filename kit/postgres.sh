#!/usr/bin/env bash
# Builds caisson/postgres, the PostgreSQL for tests. Quick if it exists.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

there() { docker image inspect caisson/postgres:latest >/dev/null 2>&1; }

if ! there; then
  say "making caisson/postgres from Debian's postgresql"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q -t caisson/postgres:latest - <postgres.Dockerfile >/dev/null
  there || die "caisson/postgres could not be built"
fi
