#!/bin/sh
# In the kit's build: writes the bill of materials of a directory of the kit (sbom.cdx.json, CycloneDX), and copies the copyright files
# of its Debian packages there (licenses). A program that is neither Debian's nor Caisson's ends the build.
#
#   parts.sh DIRECTORY PACKAGE…
#
# Each PACKAGE is one that no file reveals, because it is linked into a program or has another name here.
set -eu
part=$1
shift
work=$(mktemp -d)

# Ours, by name.
ours=" init launch session libcalls.so nest docker-credential-caisson compose-up tables "

# file: the packages that have a program or library of its name.
owners() {
  grep -HE "^(/usr)?/(s?bin|lib|libexec)/(.*/)?$(printf %s "$1" | sed 's/[.+]/\\&/g')\$" /var/lib/dpkg/info/*.list \
    | sed 's|^[^:]*/\([^:/]*\)\(:[a-z0-9]*\)*\.list:|\1 |' \
    | while read -r package path; do [ ! -f "$path" ] || echo "$package"; done | sort -u
}

for package in "$@"; do
  echo "$package" >>"$work/packages"
done
find "$part" -path "$part/runtime" -prune -o -path "$part/docker/*" -prune -o -type f -print | sort | while read -r file; do
  name=${file##*/}
  case $file in
    */bin-helpers/git) echo git >>"$work/ours"; continue ;;
    */docker-init) found=$(owners tini-static) ;;
    */containerd.toml | */ca-certificates.crt | "$part"/licenses/*) continue ;;
    *)
      case $ours in *" $name "*) echo "$name" >>"$work/ours"; continue ;; esac
      found=$(owners "$name")
      ;;
  esac
  [ -n "$found" ] || { echo "nobody knows where $file is from" >&2; exit 1; }
  for package in $found; do
    echo "$package" >>"$work/packages"
    echo "${file#"$part"/}" >>"$work/files.$package"
  done
done

# items FORMAT FILE: each line in the format, with commas between.
items() { [ ! -f "$2" ] || sort -u "$2" | awk -v format="$1" '{ printf (NR > 1 ? "," : "") format, $0 }'; }

component() {
  dpkg-query -W -f '${Version} ${Architecture} ${source:Package}\n' "$1" | head -n 1 | {
    read -r version architecture source
    mkdir -p "$part/licenses/$1"
    cp -L "/usr/share/doc/$1/copyright" "$part/licenses/$1/copyright"
    sed -n 's/^License: *\([A-Za-z0-9][A-Za-z0-9 .+-]*\)$/\1/p' "$part/licenses/$1/copyright" >"$work/licenses"
    printf '{"type":"application","name":"%s","version":"%s","purl":"pkg:deb/debian/%s@%s?arch=%s&upstream=%s",' \
      "$1" "$version" "$1" "$(echo "$version" | sed 's/+/%2B/g')" "$architecture" "$source"
    printf '"licenses":[%s],"components":[%s]}' \
      "$(items '{"license":{"name":"%s"}}' "$work/licenses")" "$(items '{"type":"file","name":"%s"}' "$work/files.$1")"
  }
}

{
  printf '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application",'
  printf '"name":"caisson-kit","components":[%s]}},"components":[' "$(items '{"type":"file","name":"%s"}' "$work/ours")"
  sort -u "$work/packages" | while read -r package; do
    [ ! -f "$work/comma" ] || printf ','
    : >"$work/comma"
    component "$package"
  done
  printf ']}\n'
} >"$part/sbom.cdx.json"
rm -rf "$work"
