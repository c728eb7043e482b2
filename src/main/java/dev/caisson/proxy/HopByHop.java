package dev.caisson.proxy;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The headers that mean one connection and are never passed on (RFC 9110, 7.6.1). */
final class HopByHop {
  private static final Set<String> ALWAYS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final Set<String> names = new HashSet<>(ALWAYS);

  /**
   * Creates the set of one message.
   *
   * @param connection the lines of the Connection header, which name more such headers
   */
  HopByHop(Collection<String> connection) {
    connection.stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .forEach(names::add);
  }

  boolean has(String header) {
    return names.contains(header.toLowerCase(Locale.ROOT));
  }
}
