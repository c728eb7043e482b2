#!/bin/sh
# In the kit's build: trains the supervisor's AOT cache at its final path, and fails if the JVM would not use it.
set -eu
cd /opt/caisson
java=/opt/caisson/runtime/bin/java

# Whole seconds: a copy into a volume keeps no more, and the cache compares the times of what it was made from.
touch -d @1767225600 supervisor.jar

# The same flags, but the cache is written; making it takes more heap than the supervisor ever gets.
flags() { grep -v -e '^#' -e '^-XX:AOTCache=' -e '^-Xmx' supervisor.args; }
flags | grep -v -x dev.caisson.supervisor.Main >/tmp/flags
$java -XX:AOTMode=record -XX:AOTConfiguration=/tmp/training @/tmp/flags dev.caisson.supervisor.Main --self-test
$java -XX:AOTMode=create -XX:AOTConfiguration=/tmp/training -XX:AOTCache=/opt/caisson/supervisor.aot -Xmx256m @/tmp/flags
rm -f /tmp/training /tmp/flags

$java -XX:AOTMode=on -Xlog:aot,cds:file=/tmp/aot.log @supervisor.args --self-test \
  || { cat /tmp/aot.log; echo "the AOT cache is not used" >&2; exit 1; }
