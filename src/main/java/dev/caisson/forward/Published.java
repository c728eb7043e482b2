package dev.caisson.forward;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A TCP port that a container publishes on its sandbox.
 *
 * @param host where the port can be reached in there; null for the loopback
 */
record Published(int port, @Nullable String host) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST = 65_535;

  /**
   * Reads the published ports in the daemon's list of containers, by their number.
   *
   * @throws JacksonException if the list is not JSON
   */
  static Map<Integer, Published> in(byte[] list) {
    Map<Integer, Published> all = new TreeMap<>();
    for (JsonNode container : JSON.readTree(list)) {
      for (JsonNode each : container.path("Ports")) {
        int port = each.path("PublicPort").asInt(0);
        if (each.path("Type").asString("").equals("tcp") && port > 0 && port <= MOST) {
          all.putIfAbsent(port, new Published(port, host(each.path("IP").asString(""))));
        }
      }
    }
    return all;
  }

  /**
   * Returns the address to dial; null for the loopback, which has the ports published everywhere,
   * too.
   */
  private static @Nullable String host(String ip) {
    return switch (ip) {
      case "", "0.0.0.0", "::", "127.0.0.1" -> null;
      default -> ip;
    };
  }
}
