#!/usr/bin/env bash
# The libraries of the console, as they are in src/main/resources/static/console/vendor: fetched anew from their npm packages
# and put there (update), or only compared with what is there (check). The build needs neither: the files are committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

vendor=$PWD/../src/main/resources/static/console/vendor

# file: its package, and where it is in that.
libraries() {
  cat <<'TABLE'
preact-htm.js htm@3.1.1 preact/standalone.module.js
xterm.js @xterm/xterm@6.0.0 lib/xterm.mjs
xterm.css @xterm/xterm@6.0.0 css/xterm.css
xterm-fit.js @xterm/addon-fit@0.11.0 lib/addon-fit.mjs
htm.LICENSE htm@3.1.1 LICENSE
xterm.LICENSE @xterm/xterm@6.0.0 LICENSE
TABLE
}

fetch() {
  local file package inside name
  while read -r file package inside; do
    name=${package//[@\/]/_}
    if [ ! -d "$1/$name" ]; then
      mkdir "$1/$name"
      (cd "$1/$name" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz)
    fi
    # Maps are not served: whoever asked for one would only read of an error.
    sed '/^\/\/# sourceMappingURL=/d' "$1/$name/package/$inside" >"$1/$file"
  done < <(libraries)
}

case ${1:-check} in
  check | update)
    command -v npm >/dev/null || need npm
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    fetch "$work"
    while read -r file _; do
      [ "${1:-check}" = check ] || cp "$work/$file" "$vendor/$file"
      cmp "$work/$file" "$vendor/$file" || die "$file is another one than its package has"
    done < <(libraries)
    say "the console's libraries are those of their packages"
    ;;
  *) die "usage: kit/console.sh [check|update]" ;;
esac
