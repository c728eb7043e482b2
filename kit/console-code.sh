#!/usr/bin/env bash
# Looks after the console's JavaScript, style sheets and page, and after its tests in src/test/console:
#
#   kit/console-code.sh format   formats them with Prettier
#   kit/console-code.sh check    fails if one is not formatted, or TypeScript finds an error in their JSDoc types
#   kit/console-code.sh test     runs the unit tests; with names of files, those alone
#
# The tools are those of openapi/package.json, in target/contract. The types of what the service sends are made from
# the contract. src/package.json and src/tsconfig.json have the settings, where editors find them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. kit/apt.sh

bin=target/contract/node_modules/.bin
static=src/main/resources/static

# sources: what is formatted, one a line; what is vendored is as its packages have it.
sources() {
  find "$static" src/test/console -name vendor -path "$static/*" -prune -o \
    -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.ts' \) -print | sort
  printf '%s\n' src/package.json src/tsconfig.json
}

# contract_types: target/console/contract.d.ts, made anew when the contract or the tools have changed.
contract_types() {
  local made=target/console from
  from=$(cat openapi/caisson.yaml openapi/package-lock.json | sha256sum)
  [ "$(cat "$made/made-from" 2>/dev/null)" != "$from" ] || return 0
  mkdir -p "$made"
  "$bin/openapi-typescript" openapi/caisson.yaml --output "$made/contract.d.ts" >"$made/log" 2>&1 \
    || { cat "$made/log" >&2; die "the contract could not be turned into types"; }
  echo "$from" >"$made/made-from"
}

prettier() { sources | xargs "$bin/prettier" --log-level warn "$@"; }

check() {
  local failed=0
  prettier --check || { say "run kit/console-code.sh format"; failed=1; }
  contract_types
  "$bin/tsc" --project src --pretty false || failed=1
  return "$failed"
}

# unit [FILE…]: the tests in these files, or all.
unit() {
  [ $# -gt 0 ] || set -- src/test/console/*.test.js
  node --test --test-reporter=spec "$@"
}

[ -x "$bin/prettier" ] || kit/contract.sh setup
case ${1:-} in
  format) prettier --write ;;
  check) check ;;
  test) shift; unit "$@" ;;
  *) die "usage: kit/console-code.sh format|check|test [FILE…]" ;;
esac
