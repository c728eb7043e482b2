#!/usr/bin/env bash
# Manages the console's libraries in src/main/resources/static/console/vendor: downloads them from their npm packages and replaces the
# files (update), compares the files with the packages (check), or lists the packages (list). The build does not need this script: the
# files are committed, and so is their bill of materials (META-INF/sbom/console.cdx.json).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

resources=$PWD/../src/main/resources
vendor=$resources/static/console/vendor
bill=$resources/META-INF/sbom/console.cdx.json

# file: its package, and where it is in that. htm's file has Preact in it, and does not say which: of Preact's releases it is
# 10.5.14 that it matches.
libraries() {
  cat <<'TABLE'
preact-htm.js htm@3.1.1 preact/standalone.module.js
xterm.js @xterm/xterm@6.0.0 lib/xterm.mjs
xterm.css @xterm/xterm@6.0.0 css/xterm.css
xterm-fit.js @xterm/addon-fit@0.11.0 lib/addon-fit.mjs
htm.LICENSE htm@3.1.1 LICENSE
preact.LICENSE preact@10.5.14 LICENSE
xterm.LICENSE @xterm/xterm@6.0.0 LICENSE
xterm-fit.LICENSE @xterm/addon-fit@0.11.0 LICENSE
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

# describe DIRECTORY: the packages that were fetched there, with the files that come of each.
describe() {
  local file package name
  while read -r file package _; do
    name=${package//[@\/]/_}
    jq -c --arg file "$file" --arg sum "$(sha256sum <"$1/$file" | cut -d' ' -f1)" \
      '{name, version, license, file: $file, sum: $sum}' "$1/$name/package/package.json"
  done < <(libraries) | jq -s '{
    bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
    metadata: {component: {type: "application", "bom-ref": "caisson-console", name: "caisson-console"}},
    components: group_by(.name) | map(("pkg:npm/" + (.[0].name | sub("^@"; "%40")) + "@" + .[0].version) as $purl | {
      type: "library", "bom-ref": $purl, name: .[0].name, version: .[0].version,
      licenses: [{license: {id: .[0].license}}], purl: $purl,
      components: map({type: "file", name: .file, hashes: [{alg: "SHA-256", content: .sum}]})})}'
}

case ${1:-check} in
  list) libraries | cut -d' ' -f2 | sort -u ;;
  check | update)
    command -v npm >/dev/null || need npm
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    fetch "$work"
    describe "$work" >"$work/bill"
    mkdir -p "${bill%/*}"
    [ "${1:-check}" = check ] || cp "$work/bill" "$bill"
    cmp "$work/bill" "$bill" || die "${bill##*/} says something else than the packages"
    while read -r file _; do
      [ "${1:-check}" = check ] || cp "$work/$file" "$vendor/$file"
      cmp "$work/$file" "$vendor/$file" || die "$file is another one than its package has"
    done < <(libraries)
    say "the console's libraries are those of their packages"
    ;;
  *) die "usage: kit/console.sh [check|update|list]" ;;
esac
