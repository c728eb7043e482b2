package dev.caisson.it.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Limits as the host's own cgroup files have them, those of all ancestors included. */
public final class HostCgroups {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private HostCgroups() {}

  /**
   * The smallest limit that holds for a process, by its pid on the host.
   *
   * @param first the file's name on version 1
   * @param second the file's name on version 2
   */
  public static long smallest(String pid, String controller, String first, String second) {
    try {
      boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
      String own =
          Files.readAllLines(Path.of("/proc", pid, "cgroup")).stream()
              .map(line -> line.split(":", 3))
              .filter(parts ->
                  unified
                      ? parts[1].isEmpty()
                      : List.of(parts[1].split(",", -1)).contains(controller))
              .map(parts -> parts[2])
              .findFirst()
              .orElseThrow();
      Path tree = unified ? ROOT : ROOT.resolve(controller);
      long smallest = Long.MAX_VALUE;
      for (Path at = tree.resolve(own.substring(1));
          at != null && !at.equals(tree);
          at = at.getParent()) {
        smallest = Math.min(smallest, limit(at.resolve(unified ? second : first)));
      }
      return smallest;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long limit(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Long.MAX_VALUE;
    }
    String text = Files.readString(file).strip().split(" ", 2)[0];
    return text.equals("max") || text.startsWith("-") ? Long.MAX_VALUE : Long.parseLong(text);
  }
}
