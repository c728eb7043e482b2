#!/usr/bin/env bash
# Installs the tools that check the contract and its clients (setup): the linter, the contract tests and the TypeScript of
# openapi/package.json in target/contract, and the image caisson/python with the libraries of the Python client.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

tools() {
  local made=../target/contract from
  command -v npm >/dev/null || need npm
  from=$(cat ../openapi/package.json ../openapi/package-lock.json | sha256sum)
  [ "$(cat "$made/made-from" 2>/dev/null)" != "$from" ] || return 0
  say "installing what checks the contract, from npm"
  mkdir -p "$made"
  cp ../openapi/package.json ../openapi/package-lock.json "$made"
  npm ci --prefix "$made" --ignore-scripts --no-audit --no-fund >"$made/npm.log" 2>&1 \
    || { tail -n 20 "$made/npm.log" >&2; die "npm could not install it"; }
  echo "$from" >"$made/made-from"
}

python() {
  ! docker image inspect caisson/python:latest >/dev/null 2>&1 || return 0
  say "making caisson/python from Debian's packages"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build -q -t caisson/python:latest - <python.Dockerfile >/dev/null
}

case ${1:-setup} in
  setup) tools; python ;;
  *) die "usage: kit/contract.sh [setup]" ;;
esac
