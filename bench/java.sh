# Sourced by the scripts here, each of which runs one of the programs beside it.

# of_service: what is measured is the service that quickstart keeps, and what runs for it on this host.
of_service() {
  : "${CAISSON_URL:?is not set: eval \"\$(./quickstart env)\"}" "${CAISSON_KEY:?is not set: eval \"\$(./quickstart env)\"}"
  as_root "to read other processes' memory"
}

as_root() { [ "$(id -u)" = 0 ] || { echo "$0: root is needed $1" >&2; exit 1; }; }

# program CLASS ARGUMENT…: Java makes classes of the files beside it as it needs them; more of them are in $classes.
program() {
  local class=$1 java hdr
  shift
  java=$(../kit/jdk.sh find)/bin/java || { echo "$0: JDK 25 is needed: kit/jdk.sh setup" >&2; exit 1; }
  hdr=$(ls ../target/service/lib/HdrHistogram-*.jar) || { echo "$0: the service is not unpacked: kit/service.sh" >&2; exit 1; }
  # Each follower is a connection.
  ulimit -n 65536 2>/dev/null || true
  exec "$java" -XX:+UseSerialGC -Xmx1g --enable-native-access=ALL-UNNAMED -cp "$hdr${classes:+:$classes}" "$class.java" "$@"
}
