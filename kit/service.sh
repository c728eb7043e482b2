#!/usr/bin/env bash
# Unpacks target/caisson.jar into target/service and trains an AOT cache there, with which the service starts in half of the time; the
# Dockerfile does the same for the image. In target/service, `java @java.args -jar caisson.jar` starts the service, and `caisson` is
# the command line, which has a cache of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./apt.sh

jar=$PWD/../target/caisson.jar
cli=$PWD/../target/caisson-cli.jar
made=$(realpath -m "$PWD/../target/service")
java=$(./jdk.sh find)/bin/java

# By content: each build makes the jar anew, and mostly the same.
from="$("$java" -version 2>&1 | tail -n 1) $(cat "$jar" "$cli" caisson service.args rehearsal.args StackMaps.java | sha256sum)"
if [ "$(cat "$made/made-from" 2>/dev/null)" = "$from" ]; then
  say "target/service is up to date"
  exit
fi

say "unpacking the service, and training its AOT cache"
rm -rf "$made"
"$java" -Djarmode=tools -jar "$jar" extract --destination "$made"
cp service.args "$made/java.args"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
# It asks itself what callers ask, beside stand-ins, and ends; with nothing of what this shell has set for a service.
env -i "$java" "@$made/java.args" @rehearsal.args -XX:AOTCacheOutput="$made/caisson.aot" \
  -jar "$made/caisson.jar" --rehearse >"$home/log" 2>&1 \
  || { tail -n 20 "$home/log" >&2; die "the AOT cache could not be trained"; }
echo "-XX:AOTCache=$made/caisson.aot" >>"$made/java.args"

# The command line has a jar of its own, since a JVM looks at each file of a class path before it trusts its cache; it rehearses what
# people do with it, with a stand-in.
cp caisson "$made/caisson"
dirname "$(dirname "$java")" >"$made/java.home"
env -u JAVA_TOOL_OPTIONS "$java" StackMaps.java "$cli" "$made/cli.jar"
printf '%s\n' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED "-cp \"$made/cli.jar\"" >"$made/cli.args"
env -u JAVA_TOOL_OPTIONS "$java" "@$made/cli.args" -XX:AOTCacheOutput="$made/cli.aot" -Xlog:aot=error \
  dev.caisson.cli.Caisson rehearse </dev/null >"$home/log" 2>&1 \
  || { tail -n 20 "$home/log" >&2; die "the AOT cache of the command line could not be trained"; }
echo "-XX:AOTCache=$made/cli.aot" >>"$made/cli.args"
echo "$from" >"$made/made-from"
