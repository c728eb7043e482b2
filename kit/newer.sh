#!/bin/sh
# In the kit's build: allows apt to install PACKAGE… from another suite of the archive that the base image uses, and nothing else. Their
# dependencies come from the base's own suite, so that they run with the kit's only C library. If that is impossible, apt says so and
# the build ends.
#
#   newer.sh SUITE PACKAGE…
set -eu
suite=$1
shift
sources=/etc/apt/sources.list.d/debian.sources
! grep -q "^Suites:.*\b$suite\b" "$sources" || exit 0

# The archive and its security updates, by the addresses and the key that the base names.
uri() { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' "$sources" | grep -E "$1" | head -n 1; }
key=$(sed -n 's/^Signed-By: *//p' "$sources" | head -n 1)
entry() { printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$1" "$2" "$key"; }
{
  entry "$(uri '/debian/?$')" "$suite"
  security=$(uri '/debian-security/?$')
  [ -z "$security" ] || entry "$security" "$suite-security"
} >"/etc/apt/sources.list.d/$suite.sources"

{
  printf 'Package: *\nPin: release n=%s*\nPin-Priority: -1\n' "$suite"
  for package in "$@"; do
    printf '\nPackage: %s\nPin: release n=%s*\nPin-Priority: 990\n' "$package" "$suite"
  done
} >"/etc/apt/preferences.d/$suite"
apt-get update -q
