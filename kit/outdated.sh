#!/usr/bin/env bash
# Lists outdated versions, one per line (name, version, newest version, where it is declared), and exits with 1 if there are any: in
# pom.xml, in the npm packages of the console and of the contract's tools, and in the Debian packages of the kit's build. Considers only
# stable versions. Spring Boot manages the versions of its own dependencies.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# in_maven: each version is a property, its parent's apart.
in_maven() {
  local literal
  literal=$(grep -nE '<version>[0-9]' ../pom.xml | sed '1,2d')
  [ -z "$literal" ] || die "pom.xml has versions that are no properties: $literal"
  ../mvnw -B -N versions:display-parent-updates versions:display-property-updates >"$work/maven" 2>&1 \
    || { tail -n 20 "$work/maven" >&2; die "Maven could not tell"; }
  # "NAME ..... CURRENT -> NEWEST", broken after the dots where it is long.
  sed -n 's/^\[INFO\]  *//p' "$work/maven" | awk '
    / \.+$/ { begun = $1; next }
    / -> /  { name = $2 ~ /^\.+$/ ? $1 : begun; gsub(/[${}]/, "", name); print name, $(NF - 2), "→", $NF, "pom.xml" }'
}

in_npm() {
  local package where name version newest
  {
    ./console.sh list | sed 's,$, kit/console.sh,'
    jq -r '.dependencies, .devDependencies | values | to_entries[] | "\(.key)@\(.value) openapi/package.json"' ../openapi/package.json
  } | while read -r package where; do
    name=${package%@*} version=${package##*@}
    newest=$(npm view "$name" version) || die "npm could not tell of $name"
    [ "$version" = "$newest" ] || echo "$name $version → $newest $where"
  done
}

# in_debian: what apt would put in the place of what the kit was built with.
in_debian() {
  docker image inspect caisson/kit-build:latest >/dev/null 2>&1 || { say "there is no kit yet (kit/build.sh): its packages are left out"; return; }
  docker run --rm caisson/kit-build:latest sh -euc 'apt-get update -q >/dev/null && apt-get -s -q upgrade' >"$work/debian" 2>&1 \
    || { tail -n 20 "$work/debian" >&2; die "apt in the kit's build could not tell"; }
  sed -n 's/^Inst \([^ ]*\) \[\([^]]*\)\] (\([^ ]*\) .*/\1 \2 → \3 kit\/Dockerfile/p' "$work/debian"
}

for kind in maven npm debian; do
  # Not in a pipe or a condition, where bash would forget -e.
  "in_$kind" >"$work/behind.$kind"
done
cat "$work"/behind.* >"$work/behind"
[ -s "$work/behind" ] || { echo "nothing is behind"; exit 0; }
column -t "$work/behind" 2>/dev/null || cat "$work/behind"
exit 1
