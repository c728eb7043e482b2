#!/bin/sh
# In the kit's build: the loader, the C libraries, and a Java runtime with only java.base.
set -eu
kit=/opt/caisson
mkdir -p "$kit/lib" "$kit/docker" "$kit/bin"

# Nothing in it may be compressed, not even by "zip-0", which packs without making smaller: the JVM's first two threads that unpack
# a class at the same moment set up the unpacking twice, and now and then one of them crashes (ImageDecompressor has no lock).
jlink --add-modules java.base --output "$kit/runtime" --strip-debug --no-header-files --no-man-pages
rm -rf "$kit"/runtime/legal "$kit"/runtime/bin/keytool "$kit"/runtime/lib/security/cacerts \
  "$kit"/runtime/lib/jrt-fs.jar "$kit"/runtime/lib/classlist "$kit"/runtime/lib/jexec

# Debian's libraries for arm64 have 630 MB of them.
find "$kit/runtime" -name '*.debuginfo' -delete

# 75 KB of comments, which every start would read: a millisecond.
sed -i -e '/^ *#/d' -e '/^ *$/d' "$kit/runtime/conf/security/java.security"

# How the supervisor calls the C library; the JDK's headers are beside its jlink.
jdk=$(dirname "$(dirname "$(readlink -f "$(command -v jlink)")")")
gcc -shared -fPIC -Os -s -Wall -Wextra -Werror -I"$jdk/include" -I"$jdk/include/linux" -o "$kit/lib/libcalls.so" /build/calls.c

cp -L "$(patchelf --print-interpreter "$kit/runtime/bin/java")" "$kit/lib/"
# Those that the toolkit and dlopen ask for beside what ldd sees.
for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2; do
  cp -L "$(ldconfig -p | sed -n "s,^[[:space:]]*$name .* => ,,p" | head -n 1)" "$kit/lib/$name"
done

# 5 MB of names nobody asks for; the other libraries come stripped.
strip --strip-unneeded "$kit/runtime/lib/server/libjvm.so"

here=$kit/runtime/lib/server:$kit/runtime/lib:$kit/lib
# shellcheck disable=SC2046
sh /build/relocate.sh "$here" "$kit/lib" \
  $(find "$kit/runtime/bin" -type f) "$kit/runtime/lib/jspawnhelper" $(find "$kit/runtime/lib" -name '*.so')

# Whole seconds, for train.sh's reason; here, so that a new jar's layer does not hold the file again.
touch -d @1767225600 "$kit/runtime/lib/modules"
