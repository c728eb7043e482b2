package dev.caisson.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many processes the kernel has killed in this sandbox for want of memory, by the counter of
 * its memory cgroup: what tells such a KILL from any other.
 */
final class OomCounter {
  private static final String FIELD = "oom_kill ";

  private final Path cgroups;
  private final Path self;
  private long attributed;

  OomCounter() {
    this(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
  }

  OomCounter(Path cgroups, Path self) {
    this.cgroups = cgroups;
    this.self = self;
  }

  /** The counter now; 0 where there is none to read. */
  long read() {
    try {
      return count(cgroups.resolve("memory/memory.oom_control"));
    } catch (IOException v2) {
      try {
        return count(own().resolve("memory.events.local"));
      } catch (IOException none) {
        return 0;
      }
    }
  }

  /**
   * Whether a kill since the counter stood at {@code before} is not yet explained; it is then
   * taken, so that one kill explains one death.
   */
  synchronized boolean claim(long before) {
    long base = Math.max(before, attributed);
    if (read() <= base) {
      return false;
    }
    attributed = base + 1;
    return true;
  }

  /** The cgroup is looked up each time: the daemon's preparation moves the supervisor. */
  private Path own() throws IOException {
    for (String line : Files.readAllLines(self, StandardCharsets.UTF_8)) {
      if (line.startsWith("0::/")) {
        return cgroups.resolve(line.substring("0::/".length()));
      }
    }
    throw new IOException("no unified cgroup");
  }

  private static long count(Path file) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.startsWith(FIELD)) {
        try {
          return Long.parseLong(line.substring(FIELD.length()).trim());
        } catch (NumberFormatException e) {
          throw new IOException(e);
        }
      }
    }
    throw new IOException("no counter in " + file);
  }
}
