#!/bin/sh
# In the kit's build: makes programs and libraries run from /opt/caisson, whatever libc the sandbox's image has, or none.
# KIT names another place (kit/jdk.sh).
#
#   relocate.sh RPATH LIBDIR FILE…
#
# Points programs at the kit's own loader, sets RPATH on all, and copies the libraries they name into LIBDIR, unless the
# kit's own lib, which is always mounted, has them already.
#
# Nothing is stripped: Debian has done it. The path comes before the interpreter, in a run of its own: the other way round,
# or both at once, patchelf 0.18 breaks containerd 1.7.24 (Go, not position-independent, 9 MB of dynamic names).
set -eu
kit=${KIT:-/opt/caisson}
# Named after the processor, as the programs of this system have it.
loader=$(basename "$(patchelf --print-interpreter /bin/sh)")
rpath=$1 libdir=$2
shift 2
mkdir -p "$libdir"

libraries() { ldd "$1" 2>/dev/null | sed -n 's,.* => \(/[^ ]*\) .*,\1,p'; }

# All are copied before the first is changed: a changed program names the kit's copies.
for file in "$@"; do
  for library in $(libraries "$file"); do
    name=${library##*/}
    case $library in "$kit"/*) continue ;; esac
    [ ! -e "$kit/lib/$name" ] && [ ! -e "$libdir/$name" ] || continue
    cp -L "$library" "$libdir/$name"
    patchelf --set-rpath "$rpath" --force-rpath "$libdir/$name"
  done
done

for file in "$@"; do
  # Static programs need nothing.
  [ -n "$(patchelf --print-needed "$file" 2>/dev/null)" ] || continue
  patchelf --set-rpath "$rpath" --force-rpath "$file"
  if patchelf --print-interpreter "$file" >/dev/null 2>&1; then
    patchelf --set-interpreter "$kit/lib/$loader" "$file"
  fi
done
