#!/usr/bin/env bash
# Builds caisson/grpc, an image with Python's gRPC that tests run at both ends of a tunnel. Quick if it exists.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

there() { docker image inspect caisson/grpc:latest >/dev/null 2>&1; }

if ! there; then
  say "making caisson/grpc from Debian's python3-grpcio"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q -t caisson/grpc:latest - <grpc.Dockerfile >/dev/null
  there || die "caisson/grpc could not be built"
fi
