package dev.caisson.supervisor;

import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The name servers of the sandbox. On a network of its own the engine puts itself there, under an
 * address of the loopback, which inner containers cannot reach and which falls silent with the
 * engine: what the service names is written in its place.
 */
final class NameServers {
  /** The variable with the lines of the file, parted by semicolons. */
  static final String VARIABLE = "CAISSON_RESOLVER";

  private NameServers() {}

  static void write(Map<String, String> env, Path file) {
    String lines = env.getOrDefault(VARIABLE, "");
    if (lines.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file, lines.replace(";", "\n") + "\n");
    } catch (IOException e) {
      Log.warn("name servers stay the engine's", "file", file, "error", e);
    }
  }
}
