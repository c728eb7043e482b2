#!/bin/sh
# In the kit's build: makes programs and libraries run from /opt/caisson with any libc in the sandbox's image, or with none.
# KIT names another directory (kit/jdk.sh).
#
#   relocate.sh RPATH LIBDIR FILE…
#
# Sets the interpreter of programs to the kit's own loader, sets RPATH in all files, and copies the libraries that they need into LIBDIR,
# unless the kit's own lib, which is always mounted, contains them.
#
# It strips nothing, because Debian has done that. It sets RPATH before the interpreter, in a separate run: in the other order, or with
# both at once, patchelf 0.18 breaks containerd 1.7.24 (Go, not position-independent, 9 MB of dynamic names).
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
