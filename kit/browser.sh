#!/usr/bin/env bash
# Installs the browser for tests (setup): Debian's Chromium, and the driver of the same build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

case ${1:-setup} in
  # The fonts: with none a page has no text that could be looked at.
  setup) need chromium chromium-driver fonts-dejavu-core ;;
  *) die "usage: kit/browser.sh [setup]" ;;
esac
